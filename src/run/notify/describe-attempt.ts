import type { Message } from '../../model/notification.ts';
import type { StatementDraft } from '../../store/contract.ts';

export interface AttemptOutcome {
  readonly attempt: number;
  readonly outcome: 'delivered' | 'failed' | 'given-up';
  /** Without addresses and secrets. */
  readonly reason: string | null;
  readonly fallback: string | null;
}

const longestReason = 500;

/** What the log is told of an attempt: who was to be told of how many things of which kind, and what came of it. Nothing of what was said. */
export function describeAttempt(
  message: Message,
  channelKind: string,
  { attempt, outcome, reason, fallback }: AttemptOutcome,
): StatementDraft<'delivery'> {
  const kinds: Record<string, number> = {};
  for (const { kind } of message.notices) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const indexes = message.notices.map(({ evidence }) => evidence.index);
  const [first, last] = indexes.reduce<readonly [number, number]>(
    ([least, greatest], index) => [Math.min(least, index), Math.max(greatest, index)],
    [Number.POSITIVE_INFINITY, -1],
  );
  return {
    kind: 'delivery',
    message: message.id,
    channel: message.channel,
    channelKind,
    route: message.route,
    notices: kinds,
    about: indexes.length === 0 ? null : { first, last },
    attempt,
    outcome,
    reason: reason === null ? null : reason.slice(0, longestReason),
    fallback,
  };
}
