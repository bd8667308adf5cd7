import type { Message, Notice } from '../../model/notification.ts';
import type { Channel } from '../../notify/contract.ts';
import { digestOf } from '../../seal/digest.ts';

export interface ThreadedMessage {
  readonly message: Message;
  readonly thread: string | null;
}

/**
 * A message as a channel with threads says it: what belongs to a thread that is there goes into it. Of the rest, what began together is one
 * thread (`episode`), or there is one per check and owner (`check-owner`).
 * @param threadsOf keys of the threads at this channel in which what a notice is about was told
 */
export function splitThreads(
  message: Message,
  channel: Pick<Channel, 'name' | 'threads'>,
  threadsOf: (notice: Notice) => readonly string[],
): readonly ThreadedMessage[] {
  if (channel.threads === 'none' || message.notices.length === 0) return [{ message, thread: null }];
  const groups = Map.groupBy(message.notices, (notice) =>
    isNews(notice) ? news : channel.threads === 'check-owner' ? checkAndOwner(notice) : (threadsOf(notice).at(-1) ?? null),
  );
  return [...groups].map(([known, notices]) => {
    const thread = known === news ? null : (known ?? message.id);
    return {
      thread,
      message: groups.size === 1 ? message : { ...message, id: derivedId(message.id, { thread: thread ?? 'news' }), notices },
    };
  });
}

/** What nobody can put right is no task: a ticket of it would stay open for ever. */
function isNews({ kind }: Notice): boolean {
  return kind === 'record-lost';
}
const news = Symbol('news');

/** What has no check is a ticket of its own for each thing it is about. */
function checkAndOwner({ check, owner, condition }: Notice): string {
  return check === null ? condition : JSON.stringify([check.id, owner.name]);
}

/** The same message told by another channel: another message, and always the same one. */
export function messageFor(message: Message, channel: string): Message {
  return channel === message.channel ? message : { ...message, channel, id: derivedId(message.id, { channel }) };
}

export function derivedId(id: string, by: Readonly<Record<string, string>>): string {
  return `M-${digestOf({ id, ...by }).slice('sha256:'.length, 'sha256:'.length + 20)}`;
}
