import type { Standing } from './figures/show-standing.ts';

export interface KeepStandingOptions {
  /** May take a while: it brings the index up to the log. */
  readonly read: () => Promise<Standing>;
  /** Entries of the log when last looked. */
  readonly entries: () => number;
  readonly metrics: { standing(standing: Standing): void; standingFailed(): void };
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
  readonly onError: (error: unknown) => void;
}

/** What stands is worked out at most so often, */
const atMostEveryMs = 60_000;
/** and so often also when nothing was added: evidence grows stale and verdicts end by time alone. */
const atLeastEveryMs = 10 * 60_000;

/**
 * Keeps what stands up with the log, beside the scrapes, so that none of them waits for it. `look` costs nothing when there is nothing to do;
 * of what fails it says so and tries again after the same time.
 */
export function keepStanding(options: KeepStandingOptions): { look(): void; settled(): Promise<void> } {
  let last: { readonly entries: number; readonly at: number } | undefined;
  let reading: Promise<void> | undefined;
  const read = async () => {
    try {
      options.metrics.standing(await options.read());
    } catch (error) {
      options.metrics.standingFailed();
      options.onError(error);
    } finally {
      reading = undefined;
    }
  };
  return {
    look() {
      if (reading !== undefined) return;
      const entries = options.entries();
      const age = last === undefined ? Number.POSITIVE_INFINITY : options.monotonic() - last.at;
      if (age < atMostEveryMs || (age < atLeastEveryMs && last?.entries === entries)) return;
      last = { entries, at: options.monotonic() };
      reading = read();
    },
    async settled() {
      await reading;
    },
  };
}
