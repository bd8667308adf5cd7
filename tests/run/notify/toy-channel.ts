import { setTimeout as sleep } from 'node:timers/promises';
import { NotifySettings } from '../../../src/config/notify-settings.ts';
import type { Notice } from '../../../src/model/notification.ts';
import { type Channel, type Delivered, DeliveryError, type Dispatch } from '../../../src/notify/contract.ts';
import type { Composition } from '../../../src/run/composition.ts';
import type { NotifierOptions } from '../../../src/run/notify/notifier.ts';
import { notifier } from '../../../src/run/notify/notifier.ts';
import type { NotifierEvent } from '../../../src/run/notify/notifier-contract.ts';
import { openLog } from '../../../src/run/opened-log.ts';
import { runCollection } from '../../../src/run/run-collection.ts';

/** Takes what it is given, unless it was told to fail. */
export class ToyChannel implements Channel {
  readonly name: string;
  readonly kind = 'webhook' as const;
  readonly threads: Channel['threads'];
  readonly taken: Dispatch[] = [];
  readonly attempts: Dispatch[] = [];
  /** What becomes of an attempt; undefined: it is taken. */
  answer: (dispatch: Dispatch, signal: AbortSignal) => Promise<void> | void = () => {};
  /** What `look` says of a reference. */
  readonly kept = new Map<string, 'open' | 'closed' | 'gone'>();

  constructor(name: string, threads: Channel['threads'] = 'none') {
    this.name = name;
    this.threads = threads;
  }
  async deliver(dispatch: Dispatch, signal: AbortSignal): Promise<Delivered> {
    this.attempts.push(dispatch);
    await this.answer(dispatch, signal);
    this.taken.push(dispatch);
    if (this.threads === 'none') return { reference: null };
    const reference = dispatch.thread?.reference ?? `${this.name}-${this.kept.size + 1}`;
    this.kept.set(reference, dispatch.thread?.open === true ? 'open' : 'closed');
    return { reference };
  }
  async look(reference: string): Promise<'open' | 'closed' | 'gone'> {
    return this.kept.get(reference) ?? 'gone';
  }
  notices(): Notice[] {
    return this.taken.flatMap(({ message }) => message.notices);
  }
  /** `check-failing back, ...` of everything that was taken. */
  said(): string[] {
    return this.notices().map(({ kind, subject }) => `${kind} ${subject.display}`);
  }
}

export const failing =
  (retryable = true) =>
  (): void => {
    throw new DeliveryError('it answered 500', { retryable });
  };

/** Settings of channels by name, in which nothing waits. */
export function toySettings(
  names: readonly string[],
  more: Record<string, unknown> = {},
  fallback: Record<string, string> = {},
): NotifySettings {
  return NotifySettings.parse({
    channels: names.map((name) => ({
      name,
      kind: 'webhook',
      url: 'http://127.0.0.1:9/',
      secret: { env: 'SECRET' },
      ...(fallback[name] === undefined ? {} : { fallback: fallback[name] }),
    })),
    batch: 'PT0M',
    ...more,
  });
}

export const quick: NotifierOptions = { pollMs: 10, againMs: 50, policy: { firstWaitMs: 20, longestWaitMs: 40, random: () => 0 } };

/** Notifies while `work` goes on, and until `isDone`. */
export async function notifyWhile(
  app: Composition,
  work: () => Promise<void>,
  options: NotifierOptions = quick,
): Promise<readonly NotifierEvent[]> {
  const log = await openLog(app);
  const abort = new AbortController();
  const events: NotifierEvent[] = [];
  try {
    const telling = notifier(app, log, options);
    if (telling === undefined) throw new Error('nothing is configured');
    telling.listen((event) => void events.push(event));
    const ended = telling.run(abort.signal);
    await Promise.race([ended, work()]);
    abort.abort();
    await ended;
  } finally {
    abort.abort();
    await log.close();
  }
  return events;
}

export async function collect(app: Composition): Promise<void> {
  await runCollection(app, {
    trigger: { name: 'test', authentication: 'none' },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
}

/** Waits until something holds, and a little longer: what comes twice comes then. */
export async function until(holds: () => boolean, what: string, withinMs = 120_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it never came to ${what}`);
    await sleep(10);
  }
}
export async function quiet(): Promise<void> {
  await sleep(120);
}
