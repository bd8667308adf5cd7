import type { Condition, ConditionKind, Message, Notice, Thread } from '../model/notification.ts';
import type { Severity } from '../model/outcome.ts';

/** How far the log was followed: index of the next entry, and the statement id of the one before it (null: there is none). */
export interface Cursor {
  readonly next: number;
  readonly last: string | null;
}

/**
 * What became of a notice on one route. `undecided`: nobody has looked yet (route is null). `held`: it is told at `until`. `dispatched`: a
 * message has it. `dropped`: nobody is told, and why.
 */
export interface Placement {
  readonly notice: Notice;
  readonly route: string | null;
  readonly state: 'undecided' | 'held' | 'dispatched' | 'dropped';
  /** ISO-8601 UTC; of `held` alone. */
  readonly until: string | null;
  readonly why: string | null;
  /** Id of the message; of `dispatched` alone. */
  readonly message: string | null;
  /** When it was written into the outbox; the batch begins with it. */
  readonly found: string;
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
  readonly reason: string | null;
  readonly lastDelivered: string | null;
}

export interface ConditionFilter {
  readonly kinds?: readonly ConditionKind[];
  /** Id of the source. */
  readonly source?: string;
  readonly check?: { readonly id: string; readonly parametersDigest: string };
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
  condition(key: string): Condition | undefined;
  conditions(filter?: ConditionFilter): Condition[];
  countConditions(): { readonly kind: ConditionKind; readonly severity: Severity; readonly count: number; readonly waived: number }[];
  /** Ends of earlier runs of a condition, newest last; also of one that is not open now. */
  formerEnds(key: string): readonly string[];
  /** Notices that are undecided, and those held. In the order in which they were found. */
  placements(states: readonly Placement['state'][]): Placement[];
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
  conditionsIn(channel: string, key: string): Condition[];
  /** Threads in which a condition was told. */
  threadsOf(condition: string): { readonly channel: string; readonly key: string }[];
  channel(name: string): ChannelHealth | undefined;
  channels(): ChannelHealth[];
  value(key: string): string | undefined;
  values(prefix: string): { readonly key: string; readonly value: string }[];
  close(): void;
}

export interface OutboxWriter {
  setCursor(cursor: Cursor): void;
  putCondition(condition: Condition): void;
  /** Forgets the condition and remembers when it ended, for damping. */
  endCondition(key: string, at: string): void;
  /** @returns false when it is there already: found again, it is told no second time. */
  addNotice(notice: Notice, found: string): boolean;
  /** A notice that nobody is told of, with the reason. */
  dropNotice(notice: Notice, found: string, why: string): void;
  /** In place of whatever was said of the notice on this route; the first placement takes the place of `undecided`. */
  place(notice: string, route: string, to: Pick<Placement, 'state' | 'until' | 'why' | 'message'>): void;
  /** No route takes it. */
  dropUndecided(notice: string, why: string): void;
  /** @returns false when a message of this id is there already. */
  addDispatch(dispatch: NewDispatch): boolean;
  /** Writes `in-flight` and counts the attempt. */
  beginAttempt(message: string): void;
  /** What an attempt came to. `waiting`: it is tried again at `next`. */
  endAttempt(
    message: string,
    to:
      | { readonly state: 'delivered'; readonly at: string }
      | { readonly state: 'given-up'; readonly at: string; readonly reason: string }
      | { readonly state: 'waiting'; readonly next: string; readonly reason: string; readonly uncertain: boolean },
  ): void;
  /** Attempts that were under way when a process died are in line again, as uncertain. @returns how many */
  recoverAttempts(now: string): number;
  putThread(thread: Omit<ThreadRecord, 'looked'> & { readonly looked?: string | null }): void;
  joinThread(channel: string, key: string, condition: string): void;
  leaveThread(channel: string, key: string, condition: string): void;
  putChannel(health: ChannelHealth): void;
  setValue(key: string, value: string | null): void;
  /** Forgets what ended before: notices, dispatches, ends of conditions, closed threads. */
  prune(before: string): void;
}
