import type { Message } from '../../model/notification.ts';
import { type Channel, DeliveryError } from '../../notify/contract.ts';
import type { Outbox, ThreadRecord } from '../../store/outbox.ts';
import type { NotifierEvent } from './notifier-contract.ts';
import { derivedId } from './split-threads.ts';

export interface TendParts {
  readonly outbox: Outbox;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly now: () => string;
  readonly entity: string;
  readonly demonstration: boolean;
  readonly onEvent: (event: NotifierEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Looks at what channels keep: a ticket that somebody closed by hand, or that is gone, while what it is about is still untrue, is told
 * again and thereby opened. What cannot be looked at is looked at the next time. @returns how many are told again
 */
export async function tendThreads(parts: TendParts): Promise<number> {
  const { outbox, channels } = parts;
  const waiting = new Set(outbox.openDispatches().map(({ message, thread }) => `${message.channel} ${thread}`));
  let again = 0;
  for (const thread of outbox.threads()) {
    const channel = channels.get(thread.channel);
    if (parts.signal.aborted || channel?.look === undefined || thread.reference === null || !thread.open) continue;
    // Whatever is in line puts it right by itself.
    if (waiting.has(`${thread.channel} ${thread.key}`)) continue;
    const seen = await look(parts, channel, thread, thread.reference);
    if (seen === undefined) continue;
    if (tellAgain(parts, thread, seen)) again += 1;
  }
  return again;
}

async function look(
  { onEvent, signal }: TendParts,
  channel: Channel,
  { key }: ThreadRecord,
  reference: string,
): Promise<'open' | 'closed' | 'gone' | undefined> {
  try {
    return await channel.look?.(reference, AbortSignal.any([signal, AbortSignal.timeout(lookLimitMs)]));
  } catch (error) {
    if (!(error instanceof DeliveryError) && !(error instanceof DOMException)) throw error;
    onEvent({ kind: 'warning', message: `${channel.name}: whether ${key} stands as it was left cannot be seen: ${error.message}` });
    return undefined;
  }
}
const lookLimitMs = 30_000;

function tellAgain({ outbox, now, entity, demonstration }: TendParts, thread: ThreadRecord, seen: 'open' | 'closed' | 'gone'): boolean {
  const at = now();
  const { channel, key } = thread;
  const conditions = seen === 'open' ? [] : outbox.conditionsIn(channel, key).filter(({ waiver }) => waiver === null);
  const [first] = conditions;
  return outbox.transaction((writer) => {
    writer.putThread({ ...thread, reference: seen === 'gone' ? null : thread.reference, looked: at });
    if (first === undefined) return false;
    const message: Message = {
      id: derivedId(key, { channel, again: at }),
      kind: 'notices',
      channel,
      route: null,
      at,
      entity,
      demonstration,
      because: null,
      notices: conditions.map(({ notice }) => notice),
    };
    return writer.addDispatch({ message, thread: key, next: at, made: at, after: [] });
  });
}
