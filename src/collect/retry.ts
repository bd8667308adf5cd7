import type { SourceError } from '../model/errors.ts';

export interface Retry {
  /** Attempts at one request, the first included. */
  readonly attempts: number;
  readonly firstWaitMs: number;
  /** No back-off is longer than this. */
  readonly longestWaitMs: number;
  /** When the source itself names a longer wait than this, asking again is given up. */
  readonly patienceMs: number;
  /** After this, one attempt counts as not answered. */
  readonly timeoutMs: number;
  /** 0 to 1. */
  readonly random: () => number;
}
export const defaultRetry: Retry = {
  attempts: 6,
  firstWaitMs: 500,
  longestWaitMs: 20_000,
  patienceMs: 120_000,
  timeoutMs: 60_000,
  random: Math.random,
};

/** Refusals, malformed replies and plain absences stay what they are however often one asks. */
export function isWorthAnotherTry(error: SourceError): boolean {
  if (error.reason === 'rate-limited') return true;
  return error.reason === 'source-unavailable' && error.status !== 404 && error.status !== 410;
}

/**
 * Milliseconds to wait before the next attempt: what the source asks for (`retry-after`, or the reset of an exhausted budget), else
 * exponential with full jitter. Undefined when the source asks for more than our patience.
 */
export function waitBeforeRetry(error: SourceError, tries: number, retry: Retry, now: string): number | undefined {
  const asked = askedFor(error.headers, now);
  if (asked !== undefined) return asked <= retry.patienceMs ? asked : undefined;
  const ceiling = Math.min(retry.longestWaitMs, retry.firstWaitMs * 2 ** (tries - 1));
  return Math.round(ceiling / 2 + (retry.random() * ceiling) / 2);
}

function askedFor(headers: Readonly<Record<string, string>>, now: string): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined && /^\d+$/.test(after.trim())) return Number(after) * 1000;
  // Both times are the server's, where it tells its own: a clock of ours that is off must not turn into an hour's wait.
  const here = Date.parse(headers['date'] ?? now);
  if (after !== undefined && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - here);
  const reset = headers['x-ratelimit-reset'];
  if (headers['x-ratelimit-remaining'] === '0' && reset !== undefined && /^\d+$/.test(reset))
    return Math.max(0, Number(reset) * 1000 - here);
  return undefined;
}
