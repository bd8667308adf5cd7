import type { DaemonHealth } from '../run/daemon/health.ts';

/** However often the loop should come round, so long is waited before it counts as stuck: a large log is sealed and judged in one go. */
const patienceMs = 120_000;

export interface Liveness {
  readonly alive: boolean;
  readonly version: string;
  /** Null while it is still beginning. */
  readonly startedAt: string | null;
  /** Since the loop last came round. */
  readonly loopSeconds: number | null;
}

/**
 * Whether the process does anything at all: that it answers shows that its event loop turns, and the age of the last round that its own
 * loop does. What is around it (Redis, sources, the disk) does not count: starting again would not help there.
 * @param health undefined: the process is still beginning
 */
export function describeLiveness(version: string, health: DaemonHealth | undefined): Liveness {
  if (health === undefined) return { alive: true, version, startedAt: null, loopSeconds: null };
  const { startedAt, loop } = health;
  return {
    alive: loop.sinceMs <= Math.max(patienceMs, 10 * loop.everyMs),
    version,
    startedAt,
    loopSeconds: Math.round(loop.sinceMs / 1000),
  };
}
