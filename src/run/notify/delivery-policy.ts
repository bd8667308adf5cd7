/** How often and how long a message is tried. */
export interface DeliveryPolicy {
  /** Attempts where another channel takes over what this one does not. */
  readonly attemptsWithFallback: number;
  /** Attempts where nobody else would tell it. */
  readonly attempts: number;
  /** Wait before the second attempt, in milliseconds; doubled each time. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** What a channel asks to wait is honoured up to this. */
  readonly longestAskedMs: number;
  /** A channel that has not answered by then is not waited for; longer than what channels allow themselves. */
  readonly timeLimitMs: number;
  /** At least 0 and less than 1; spreads the attempts of many processes and messages. */
  readonly random: () => number;
}

export const defaultDeliveryPolicy: DeliveryPolicy = {
  attemptsWithFallback: 5,
  attempts: 10,
  firstWaitMs: 5_000,
  longestWaitMs: 15 * 60_000,
  longestAskedMs: 60 * 60_000,
  timeLimitMs: 75_000,
  random: Math.random,
};

/** Milliseconds before the next attempt: half of it sure and half of it by chance, and never less than the channel asked for. */
export function waitAfter(policy: DeliveryPolicy, attempts: number, askedMs: number | null): number {
  const full = Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** (attempts - 1));
  const wait = full / 2 + (full / 2) * policy.random();
  return Math.ceil(Math.max(wait, Math.min(askedMs ?? 0, policy.longestAskedMs)));
}
