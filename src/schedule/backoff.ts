/** A wait is lengthened or shortened by up to so much of itself, so that what failed together does not come again together. */
const jitter = 0.25;
const atMostMs = 3_600_000;

/**
 * How long to wait after an attempt that failed.
 * @param firstMs after the first attempt; doubled with each, up to an hour.
 * @param attempt the one that failed, from 1.
 * @param random in [0, 1).
 */
export function backoffMs(firstMs: number, attempt: number, random: number): number {
  const whole = Math.min(firstMs * 2 ** (attempt - 1), atMostMs);
  return Math.round(whole * (1 - jitter + 2 * jitter * random));
}
