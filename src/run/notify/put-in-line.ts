import type { Message } from '../../model/notification.ts';
import type { Channel } from '../../notify/contract.ts';
import { type PlanDispatchesInput, planDispatches } from '../../notify/plan-dispatches.ts';
import type { Outbox, OutboxWriter } from '../../store/outbox.ts';
import { joinThreads } from './deliverer.ts';
import { messageFor, splitThreads, type ThreadedMessage } from './split-threads.ts';

export interface LineParts extends Omit<PlanDispatchesInput, 'waiting' | 'now'> {
  readonly outbox: Outbox;
  readonly now: () => string;
  readonly channels: ReadonlyMap<string, Channel>;
}

/** Puts in line what is to be said now. @returns when to look again if nothing new is found; null: nothing waits. */
export function putInLine(parts: LineParts): string | null {
  const { outbox, channels } = parts;
  const rows = outbox.placements('waiting');
  if (rows.length === 0) return null;
  const now = parts.now();
  const waiting = rows.map(({ notice, route, channels: names, foundAt }) => ({ notice, route: route ?? '', channels: names, foundAt }));
  const { messages, settled, next } = planDispatches({ ...parts, waiting, now });
  if (settled.length === 0) return next;
  const found = new Map(rows.map(({ notice, route, foundAt, channels: names }) => [`${notice.id} ${route}`, { foundAt, channels: names }]));
  outbox.transaction((writer) => {
    for (const message of messages) putMessageInLine(writer, outbox, message, channels, now);
    for (const { notice, route, messages: ids, reason } of settled) {
      const row = found.get(`${notice} ${route}`);
      if (row === undefined) continue;
      const state = ids.length > 0 ? 'told' : 'untold';
      writer.place(notice, { route, channels: row.channels, state, messages: ids, reason }, row.foundAt);
    }
  });
  return next;
}

function putMessageInLine(
  writer: OutboxWriter,
  outbox: Outbox,
  message: Message,
  channels: ReadonlyMap<string, Channel>,
  now: string,
): void {
  const channel = channels.get(message.channel);
  // A channel that left the configuration is given up at its first attempt, and recorded as that.
  const parts = channel === undefined ? [{ message, thread: null }] : splitFor(outbox, message, channel);
  for (const part of parts) {
    writer.addDispatch({ ...part, next: now, made: now, after: [] });
    joinThreads(writer, part.message, part.thread);
  }
}

/** A message as a channel tells it. */
export function splitFor(outbox: Outbox, message: Message, channel: Channel): readonly ThreadedMessage[] {
  return splitThreads(messageFor(message, channel.name), channel, ({ condition, since }) =>
    outbox.threadsOf(condition, since).flatMap(({ channel: name, key }) => (name === channel.name ? [key] : [])),
  );
}
