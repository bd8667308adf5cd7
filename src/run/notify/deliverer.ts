import { ProoflineError } from '../../model/errors.ts';
import type { Condition, Message, Thread } from '../../model/notification.ts';
import { severities } from '../../model/outcome.ts';
import type { StatementOf } from '../../model/statement.ts';
import { type Channel, type Delivered, DeliveryError } from '../../notify/contract.ts';
import type { StatementDraft, Store } from '../../store/contract.ts';
import type { DispatchRecord, NewDispatch, Outbox, OutboxWriter } from '../../store/outbox.ts';
import type { Composition } from '../composition.ts';
import { type DeliveryPolicy, waitAfter } from './delivery-policy.ts';
import { type AttemptOutcome, describeAttempt } from './describe-attempt.ts';
import type { NotifierEvent } from './notifier-contract.ts';

export interface DeliverParts {
  readonly app: Pick<Composition, 'now' | 'monotonic'>;
  readonly store: Pick<Store, 'append' | 'entry'>;
  readonly outbox: Outbox;
  readonly channels: ReadonlyMap<string, Channel>;
  /** Channel that takes over what another one finally did not take; undefined: none does. `after`: those that had it. */
  readonly fallbackOf: (channel: string, after: readonly string[]) => Channel | undefined;
  /** The message as another channel tells it, by the threads it keeps. */
  readonly splitFor: (message: Message, channel: Channel) => readonly Pick<NewDispatch, 'message' | 'thread'>[];
  readonly policy: DeliveryPolicy;
  readonly onEvent: (event: NotifierEvent) => void;
}

/** Channels work beside each other; each one sends one message at a time, those of one thread in order. */
export interface Deliverer {
  /** Begins whatever is due and not under way. @throws what ended an attempt before and is no failure of its channel */
  kick(): void;
  /**
   * Begins nothing more, gives what is under way so long, then cuts it short: it is attempted again, as uncertain.
   * @throws what ended an attempt and is no failure of its channel
   */
  stop(withinMs: number): Promise<void>;
}

/** At most so many conditions are listed of a thread; then they are counted. */
const listed = 25;
/** Attempts beyond the limit after which a message that its process never survives is given up. */
const crashesForgiven = 3;

/**
 * Attempts what the outbox has in line, retries with backoff, and records every attempt in the log. That an attempt begins is on disk
 * before it does; how it ended is in the outbox before it is in the log, and stays to be recorded until it is.
 */
export function deliverer(parts: DeliverParts): Deliverer {
  const { app, outbox, channels } = parts;
  const running = new Map<string, Promise<void>>();
  const abort = new AbortController();
  let stopping = false;
  let failure: { readonly error: unknown } | undefined;

  const work = async (channel: string): Promise<void> => {
    while (!stopping && failure === undefined) {
      const due = outbox.nextDue(channel, app.now());
      if (due === undefined) return;
      await attempt(parts, channels.get(channel), due, abort.signal);
    }
  };
  const kick = (): void => {
    if (failure !== undefined) throw failure.error;
    if (stopping) return;
    const now = app.now();
    for (const { channel, next } of outbox.lines()) {
      if (next > now || running.has(channel)) continue;
      const done = work(channel)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(channel));
      running.set(channel, done);
    }
  };
  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running.values());
    if (failure === undefined) return;
    const { error } = failure;
    failure = undefined;
    throw error;
  };
  return {
    kick,
    async stop(withinMs) {
      stopping = true;
      const timer = setTimeout(() => abort.abort(), withinMs);
      try {
        await idle();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function attempt(parts: DeliverParts, channel: Channel | undefined, due: DispatchRecord, signal: AbortSignal): Promise<void> {
  const { app, outbox, policy } = parts;
  const fallback = parts.fallbackOf(due.message.channel, [...due.after, due.message.channel]);
  const number = due.attempts + 1;
  if (channel === undefined || number > mostAttempts(parts, due, fallback) + crashesForgiven) {
    const reason =
      channel === undefined ? 'the configuration has no channel of this name any more' : 'the process ended during every attempt';
    outbox.transaction((writer) => writer.beginAttempt(due.message.id));
    await settle(parts, channel, due, { kind: 'failed', reason, retryable: false, askedMs: null, uncertain: false }, fallback, 0, 0);
    return;
  }
  const sealed = sealedAt(parts, due.message);
  const sinceSealed = sealed === null ? null : Math.max(0, Date.parse(app.now()) - sealed);
  const began = app.monotonic();
  outbox.transaction((writer) => writer.beginAttempt(due.message.id));
  const { outcome, bug } = await attemptOnce(channel, due, threadOf(outbox, due), policy.timeLimitMs, signal);
  await settle(parts, channel, due, outcome, fallback, app.monotonic() - began, sinceSealed);
  if (bug !== undefined) throw bug.error;
}

type Outcome =
  | { readonly kind: 'delivered'; readonly delivered: Delivered }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly retryable: boolean;
      readonly askedMs: number | null;
      readonly uncertain: boolean;
    };

/** What a channel throws that is no DeliveryError is a bug: the message is given up, so that it stops no second process, and the bug goes on. */
async function attemptOnce(
  channel: Channel,
  due: DispatchRecord,
  thread: Thread | null,
  timeLimitMs: number,
  signal: AbortSignal,
): Promise<{ readonly outcome: Outcome; readonly bug?: { readonly error: unknown } }> {
  const limit = AbortSignal.timeout(timeLimitMs);
  const either = AbortSignal.any([signal, limit]);
  try {
    const dispatch = { message: due.message, thread, attempt: due.attempts + 1, uncertain: due.uncertain };
    return { outcome: { kind: 'delivered', delivered: await orAborted(channel.deliver(dispatch, either), either) } };
  } catch (error) {
    if (error instanceof DeliveryError) {
      const { message: reason, retryable, retryAfterMs: askedMs, uncertain } = error;
      return { outcome: { kind: 'failed', reason, retryable, askedMs, uncertain } };
    }
    if (either.aborted) {
      const reason = signal.aborted ? 'cut short by the end of the process' : `no answer within ${timeLimitMs / 1000} s`;
      return { outcome: { kind: 'failed', reason, retryable: true, askedMs: null, uncertain: true } };
    }
    const name = error instanceof Error ? error.name : typeof error;
    const reason = `a fault in the channel's own code (${name})`;
    return { outcome: { kind: 'failed', reason, retryable: false, askedMs: null, uncertain: true }, bug: { error } };
  }
}

/** A channel that does not listen to its signal is not waited for either. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  work.catch(() => {});
  aborted.promise.catch(() => {});
  try {
    if (signal.aborted) abort();
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function settle(
  parts: DeliverParts,
  channel: Channel | undefined,
  due: DispatchRecord,
  outcome: Outcome,
  fallback: Channel | undefined,
  durationMs: number,
  sinceSealedMs: number | null,
): Promise<void> {
  const { app, outbox, policy } = parts;
  const { message } = due;
  const at = app.now();
  const attempts = due.attempts + 1;
  const isLast = outcome.kind === 'failed' && (!outcome.retryable || attempts >= mostAttempts(parts, due, fallback));
  const took: AttemptOutcome = {
    attempt: attempts,
    outcome: outcome.kind === 'delivered' ? 'delivered' : isLast ? 'given-up' : 'failed',
    reason: outcome.kind === 'delivered' ? null : outcome.reason,
    fallback: isLast ? (fallback?.name ?? null) : null,
  };
  const draft = describeAttempt(message, channel?.kind ?? 'unknown', took);
  const key = unrecordedKey(message.id, attempts);
  outbox.transaction((writer) => {
    writer.setValue(key, JSON.stringify(draft));
    if (outcome.kind === 'delivered') {
      writer.endAttempt(message.id, { state: 'delivered', at });
      keepReference(writer, outbox, due, outcome.delivered);
    } else if (isLast) {
      writer.endAttempt(message.id, { state: 'given-up', at, reason: outcome.reason, handedOver: fallback !== undefined });
      if (fallback !== undefined) handOver(writer, parts, due, fallback, at);
    } else {
      const next = new Date(Date.parse(at) + waitAfter(policy, attempts, outcome.askedMs)).toISOString();
      writer.endAttempt(message.id, { state: 'waiting', next, reason: outcome.reason, uncertain: outcome.uncertain });
    }
    const health = outbox.channel(message.channel);
    if (outcome.kind === 'delivered' && typeof health?.givenUpSince === 'string') {
      writer.reviveGivenUp(message.channel, { since: health.givenUpSince, attempts: policy.attempts, at });
    }
    writer.putChannel(
      outcome.kind === 'delivered'
        ? { channel: message.channel, failingSince: null, givenUpSince: null, reason: null, lastDelivered: at }
        : {
            channel: message.channel,
            failingSince: health?.failingSince ?? at,
            givenUpSince: health?.givenUpSince ?? (isLast ? at : null),
            reason: outcome.reason,
            lastDelivered: health?.lastDelivered ?? null,
          },
    );
  });
  parts.onEvent({
    kind: 'attempt',
    channel: message.channel,
    channelKind: channel?.kind ?? null,
    message: message.id,
    durationMs,
    sinceSealedMs,
    ...took,
  });
  await recordOne(parts, key, draft);
}

/** The log may be busy or its disk full: then it stays to be recorded, and whoever notifies next does. */
async function recordOne(parts: DeliverParts, key: string, draft: StatementDraft<'delivery'>): Promise<void> {
  try {
    await parts.store.append<'delivery'>(draft);
    parts.outbox.transaction((writer) => writer.setValue(key, null));
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    parts.onEvent({ kind: 'warning', message: `an attempt to deliver is not in the log yet: ${error.message}` });
  }
}

/** Kept until the log has it. */
const unrecorded = 'unrecorded/';
function unrecordedKey(message: string, attempt: number): string {
  return `${unrecorded}${message}/${attempt}`;
}
/** A delivery statement that was read from the log need not be recorded again. */
export function markRecorded(outbox: Outbox, writer: OutboxWriter, { message, attempt: number }: StatementOf<'delivery'>): void {
  const key = unrecordedKey(message, number);
  if (outbox.value(key) !== undefined) writer.setValue(key, null);
}

/**
 * Takes up what another process left: attempts it had begun are in line again as uncertain, and attempts that are not in the log are
 * recorded. Call after the log was followed to its head, so that what was recorded is known. @returns how many were uncertain
 */
export async function takeUpAttempts(parts: Pick<DeliverParts, 'app' | 'store' | 'outbox' | 'channels'>): Promise<number> {
  const { app, outbox, store, channels } = parts;
  const cut = outbox.openDispatches().filter(({ state }) => state === 'in-flight');
  if (cut.length > 0) {
    outbox.transaction((writer) => {
      for (const { message, attempts } of cut) {
        const reason = 'the process ended during the attempt; whether it came through is not known';
        const draft = describeAttempt(message, channels.get(message.channel)?.kind ?? 'unknown', {
          attempt: Math.max(1, attempts),
          outcome: 'failed',
          reason,
          fallback: null,
        });
        writer.setValue(unrecordedKey(message.id, attempts), JSON.stringify(draft));
      }
      writer.recoverAttempts(app.now());
    });
  }
  for (const { key, value } of outbox.values(unrecorded)) {
    await store.append<'delivery'>(JSON.parse(value) as StatementDraft<'delivery'>);
    outbox.transaction((writer) => writer.setValue(key, null));
  }
  return cut.length;
}

/** A channel through which nothing comes is not waited for at length while another one stands by. */
function mostAttempts({ policy, outbox }: DeliverParts, { message }: DispatchRecord, fallback: Channel | undefined): number {
  if (fallback === undefined) return policy.attempts;
  const isDead = (outbox.channel(message.channel)?.givenUpSince ?? null) !== null;
  return isDead ? 1 : policy.attemptsWithFallback;
}

function handOver(writer: OutboxWriter, parts: DeliverParts, due: DispatchRecord, fallback: Channel, at: string): void {
  const after = [...due.after, due.message.channel];
  for (const { message, thread } of parts.splitFor(due.message, fallback)) {
    writer.addDispatch({ message, thread, next: at, made: at, after });
    joinThreads(writer, message, thread);
  }
}

/** The conditions of which a message tells in a thread are in it until they end. */
export function joinThreads(writer: OutboxWriter, message: Message, thread: string | null): void {
  if (thread === null) return;
  for (const { condition, since } of message.notices) writer.joinThread(message.channel, thread, condition, since);
}

function threadOf(outbox: Outbox, { message, thread: key }: DispatchRecord): Thread | null {
  if (key === null) return null;
  const conditions = outbox.conditionsIn(message.channel, key).filter(({ waiver }) => waiver === null);
  return {
    key,
    reference: outbox.thread(message.channel, key)?.reference ?? null,
    open: conditions.length > 0,
    conditions: conditions.sort(worstAndOldestFirst).slice(0, listed),
    count: conditions.length,
  };
}
function worstAndOldestFirst(left: Condition, right: Condition): number {
  const worse = severities.indexOf(left.notice.severity) - severities.indexOf(right.notice.severity);
  if (worse !== 0) return worse;
  return left.since === right.since ? (left.key < right.key ? -1 : 1) : left.since < right.since ? -1 : 1;
}

function keepReference(writer: OutboxWriter, outbox: Outbox, due: DispatchRecord, { reference }: Delivered): void {
  if (due.thread === null) return;
  const { channel } = due.message;
  const known = outbox.thread(channel, due.thread);
  const open = outbox.conditionsIn(channel, due.thread).some(({ waiver }) => waiver === null);
  writer.putThread({ channel, key: due.thread, reference: reference ?? known?.reference ?? null, open });
}

/** When the latest of what it speaks of was sealed, in milliseconds; null for what the log does not show. */
function sealedAt({ store }: DeliverParts, message: Message): number | null {
  const latest = message.notices.reduce<number>(
    (greatest, { evidence, cause }) => (cause === 'time' ? greatest : Math.max(greatest, evidence.index)),
    -1,
  );
  const entry = latest < 0 ? undefined : store.entry(latest);
  if (entry === undefined) return null;
  const { at } = JSON.parse(new TextDecoder().decode(entry.bytes)) as { readonly at?: string };
  return at === undefined ? null : Date.parse(at);
}
