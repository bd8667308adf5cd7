import type { ConditionKind, Message, Notice, Thread, Tracked } from '../model/notification.ts';
import type { Severity } from '../model/outcome.ts';

/** How far the log was followed: index of the next entry, and the statement id of the one before it (null: there is none). */
export interface Cursor {
  readonly next: number;
  readonly last: string | null;
}

/** What became of a notice on one route: it waits for its batch, its digest or the end of quiet hours, was put into messages, or nobody is told. */
export interface Placement {
  readonly notice: Notice;
  /** Null: of a notice that no route takes. */
  readonly route: string | null;
  readonly channels: readonly string[];
  /** When it was found, by the clock: batches and digests count from here. */
  readonly foundAt: string;
  readonly state: 'waiting' | 'told' | 'untold';
  /** Ids of the messages that have it; of `told` alone. */
  readonly messages: readonly string[];
  /** Why nobody is told; of `untold` alone. */
  readonly reason: string | null;
}

/** `in-flight` is written before an attempt: whoever finds it after a crash does not know whether it came through. */
export type DispatchState = 'waiting' | 'in-flight' | 'delivered' | 'given-up';

export interface DispatchRecord {
  readonly message: Message;
  /** Key of the thread it belongs to at a channel that keeps threads. */
  readonly thread: string | null;
  readonly state: DispatchState;
  /** Attempts that were begun. */
  readonly attempts: number;
  /** An attempt was begun and nobody knows how it ended. */
  readonly uncertain: boolean;
  /** Not before. */
  readonly next: string;
  readonly made: string;
  /** When it was delivered or given up. */
  readonly ended: string | null;
  /** Why the latest attempt failed, or why it was given up; without addresses and secrets. */
  readonly reason: string | null;
  /** Channels that had it before and gave it up, first one first. */
  readonly after: readonly string[];
}
export type NewDispatch = Pick<DispatchRecord, 'message' | 'thread' | 'next' | 'made' | 'after'>;

export interface ThreadRecord extends Pick<Thread, 'key' | 'reference' | 'open'> {
  readonly channel: string;
  /** When it was last looked at for whether it stands as we left it; null: never. */
  readonly looked: string | null;
}

export interface ChannelHealth {
  readonly channel: string;
  /** Since when nothing came through; null: the latest attempt did. */
  readonly failingSince: string | null;
  /** Since when messages to it are given up, with nothing that came through since; null: none is. */
  readonly givenUpSince: string | null;
  readonly reason: string | null;
  readonly lastDelivered: string | null;
}

/**
 * What is untrue now, who is to be told and who was: `outbox.db`. Follows from the log and from what came through; nothing in it is
 * evidence, and the log holds every attempt. Durable: a transaction is on disk when it returns, or has not happened. One process writes,
 * by claim; any may read.
 */
export interface Outbox {
  readonly file: string;
  /** What was found wrong with the file and put right; to be shown. */
  readonly warnings: readonly string[];
  /** A file was there and could not be used: it was set aside. */
  readonly setAside: boolean;
  /** From now on this holder writes; whoever held it before is refused at its next transaction. */
  claim(holder: string): void;
  /** @throws ProoflineError `store-busy` when another has claimed it since; `disk-full`, `store-*` */
  transaction<T>(work: (writer: OutboxWriter) => T): T;

  /** undefined: it was just begun, and no log was followed. */
  cursor(): Cursor | undefined;
  /** What is untrue now, and what lately ended. In no order. */
  tracked(): Tracked[];
  condition(key: string): Tracked | undefined;
  /** Of what is untrue now. */
  countConditions(): { readonly kind: ConditionKind; readonly severity: Severity; readonly count: number; readonly waived: number }[];
  /** In the order in which they were found. */
  placements(state: Placement['state']): Placement[];
  countPlacements(state: Placement['state']): number;
  dispatch(message: string): DispatchRecord | undefined;
  /** Those not ended, in the order in which they were made. */
  openDispatches(): DispatchRecord[];
  /** The first of a channel that may be attempted now: none that is earlier of the same thread is still open. */
  nextDue(channel: string, now: string): DispatchRecord | undefined;
  /** Channels with open dispatches, and when the first of each may be attempted. */
  lines(): { readonly channel: string; readonly next: string }[];
  /** How many are open, and when the oldest was made. */
  waiting(): { readonly dispatches: number; readonly oldest: string | null };
  thread(channel: string, key: string): ThreadRecord | undefined;
  threads(): ThreadRecord[];
  /** Conditions that are still open in a thread, in no order. */
  conditionsIn(channel: string, key: string): Tracked[];
  /** Threads in which a condition was told that has been untrue since then. */
  threadsOf(condition: string, since: string): { readonly channel: string; readonly key: string }[];
  channel(name: string): ChannelHealth | undefined;
  channels(): ChannelHealth[];
  value(key: string): string | undefined;
  values(prefix: string): { readonly key: string; readonly value: string }[];
  close(): void;
}

export interface OutboxWriter {
  setCursor(cursor: Cursor): void;
  /** By its key; one with `ended` is no longer untrue, and is remembered. */
  putCondition(condition: Tracked): void;
  forgetCondition(key: string): void;
  /** @returns false when it is there already: found again, it is told no second time. */
  addNotice(notice: Notice): boolean;
  /** Of a notice that is there. In place of whatever was said of it on this route; '' stands for no route. */
  place(notice: string, placement: Omit<Placement, 'notice' | 'foundAt'>, foundAt: string): void;
  /** @returns false when a message of this id is there already. */
  addDispatch(dispatch: NewDispatch): boolean;
  /** Writes `in-flight` and counts the attempt. */
  beginAttempt(message: string): void;
  /** What an attempt came to. `waiting`: it is tried again at `next`. */
  endAttempt(
    message: string,
    to:
      | { readonly state: 'delivered'; readonly at: string }
      | { readonly state: 'given-up'; readonly at: string; readonly reason: string; readonly handedOver: boolean }
      | { readonly state: 'waiting'; readonly next: string; readonly reason: string; readonly uncertain: boolean },
  ): void;
  /**
   * What was given up since then after as many attempts, and that no other channel took over, is in line again: the channel takes messages.
   * What was attempted twice as often stays given up. @returns how many
   */
  reviveGivenUp(channel: string, given: { readonly since: string; readonly attempts: number; readonly at: string }): number;
  /** Attempts that were under way when a process died are in line again, as uncertain. @returns how many */
  recoverAttempts(now: string): number;
  putThread(thread: Omit<ThreadRecord, 'looked'> & { readonly looked?: string | null }): void;
  /** `since`: of the condition; the same one later is another episode, and in no thread before it is told. */
  joinThread(channel: string, key: string, condition: string, since: string): void;
  putChannel(health: ChannelHealth): void;
  setValue(key: string, value: string | null): void;
  /** Forgets everything: what is here is of another log. */
  reset(): void;
  /** Forgets what ended before: notices, dispatches, closed threads, conditions. */
  prune(before: string): void;
}
