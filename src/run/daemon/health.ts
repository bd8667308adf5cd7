import type { JobQueue, QueueCounts } from '../../schedule/contract.ts';

/** How a process that runs continuously stands at this moment: from what it holds in memory, so that asking costs nothing. */
export interface DaemonHealth {
  readonly role: 'serve' | 'worker';
  readonly version: string;
  /** ISO-8601 UTC. */
  readonly startedAt: string;
  /** It was told to stop and takes no more turns. */
  readonly stopping: boolean;
  /** Milliseconds, by a clock that never jumps, since the loop last came round, and how often it should. */
  readonly loop: { readonly sinceMs: number; readonly everyMs: number };
  readonly log: {
    readonly open: boolean;
    /** The last time that the process said in its data directory that it lives, it could (no: the disk is full, the directory read-only). */
    readonly writable: boolean;
    /** Entries when last looked. */
    readonly entries: number;
  };
  readonly queue: {
    readonly kind: JobQueue['kind'];
    readonly reachable: boolean;
    /** When last asked; null: it has not answered yet, or does not answer now. */
    readonly counts: QueueCounts | null;
  };
  /** Schedules of what critical checks look at, with a turn that was neither done nor given up within its limit. */
  readonly late: readonly LateSchedule[];
}

export interface LateSchedule {
  readonly schedule: string;
  /** Due time (ISO-8601 UTC) of the oldest turn that is still to be taken. */
  readonly due: string;
  readonly lateMs: number;
  readonly limitMs: number;
}
