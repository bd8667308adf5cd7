import type { DaemonHealth } from '../run/daemon/health.ts';

/** Why a process is not ready: a closed list, and names from the configuration beside it. Never the text of an error. */
export type UnreadyReason =
  | { readonly code: 'starting' | 'stopping' | 'log-not-open' | 'log-not-writable' | 'queue-unreachable' }
  | {
      readonly code: 'schedule-late';
      readonly schedule: string;
      readonly due: string;
      readonly lateSeconds: number;
      readonly limitSeconds: number;
    };

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly UnreadyReason[];
  /** Null while it is still beginning. */
  readonly queue: DaemonHealth['queue'] | null;
  /** Entries of the log when last looked. */
  readonly entries: number | null;
}

/**
 * Whether evidence is being collected as it should be. Not ready: it is starting or stopping; the log is not open, or cannot be written (a full disk); the queue does not
 * answer; a schedule of what critical checks look at has a turn that was neither done nor given up within its limit. A source that answers
 * badly leaves the daemon ready: that is recorded, told to people and counted.
 * @param health undefined: the process is still beginning
 */
export function describeReadiness(health: DaemonHealth | undefined): Readiness {
  if (health === undefined) return { ready: false, reasons: [{ code: 'starting' }], queue: null, entries: null };
  const { stopping, log, queue, late } = health;
  const reasons: UnreadyReason[] = [
    ...(stopping ? [{ code: 'stopping' as const }] : []),
    ...(log.open ? [] : [{ code: 'log-not-open' as const }]),
    ...(log.open && !log.writable ? [{ code: 'log-not-writable' as const }] : []),
    ...(queue.reachable ? [] : [{ code: 'queue-unreachable' as const }]),
    ...late.map(({ schedule, due, lateMs, limitMs }) => ({
      code: 'schedule-late' as const,
      schedule,
      due,
      lateSeconds: Math.round(lateMs / 1000),
      limitSeconds: Math.round(limitMs / 1000),
    })),
  ];
  const { kind, reachable, counts } = queue;
  return { ready: reasons.length === 0, reasons, queue: { kind, reachable, counts }, entries: log.entries };
}
