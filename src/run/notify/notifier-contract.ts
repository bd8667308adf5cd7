import type { ConditionKind, NoticeKind } from '../../model/notification.ts';
import type { Severity } from '../../model/outcome.ts';
import type { ChannelKind } from '../../notify/contract.ts';

/** What a notifier does, for metrics and for the daemon's own log. Carries names, counts and times; never what was said. */
export type NotifierEvent =
  /** The log was read up to (not including) entry `to`, and so many changes of state were found in it. */
  | {
      readonly kind: 'followed';
      readonly from: number;
      readonly to: number;
      readonly notices: Readonly<Partial<Record<NoticeKind, number>>>;
    }
  /** One attempt to deliver one message, recorded in the log. `given-up`: the last one failed too, `fallback` takes it. */
  | {
      readonly kind: 'attempt';
      readonly channel: string;
      /** Null: the configuration has no such channel any more. */
      readonly channelKind: ChannelKind | null;
      readonly message: string;
      readonly attempt: number;
      readonly outcome: 'delivered' | 'failed' | 'given-up';
      /** Without addresses and secrets; null when delivered. */
      readonly reason: string | null;
      readonly fallback: string | null;
      readonly durationMs: number;
      /** From the sealing of what it speaks of to the beginning of this attempt; null for a test and for what only time brought about. */
      readonly sinceSealedMs: number | null;
    }
  /** What is untrue now, whenever that changed. */
  | { readonly kind: 'conditions'; readonly open: readonly OpenConditions[] }
  /** Messages in line, whenever that changed. */
  | { readonly kind: 'waiting'; readonly dispatches: number; readonly oldest: string | null }
  /** Another process tells; this one looks again from time to time. */
  | { readonly kind: 'standing-by'; readonly heldBy: string }
  | { readonly kind: 'telling' }
  /** To be shown: an outbox that was begun anew, a channel that cannot be opened, a pass that failed and will be made again. */
  | { readonly kind: 'warning'; readonly message: string };

export interface OpenConditions {
  readonly kind: ConditionKind;
  readonly severity: Severity;
  readonly count: number;
  /** Of these, so many lie under a waiver, and nobody is told. */
  readonly waived: number;
}

/** Follows the log and tells people what changed. Any number of processes may have one: by lease one of them tells, the others stand by. */
export interface Notifier {
  /**
   * Until `signal` is aborted. A pass that fails (a disk that is full, a log that another process holds) is told as a `warning` and made
   * again; what would be a bug ends it.
   */
  run(signal: AbortSignal): Promise<void>;
  /** Something was appended: look now and not at the next poll of the log's size (every 250 ms). */
  wake(): void;
  listen(listener: (event: NotifierEvent) => void): void;
  /** As last seen by this process; null while it stands by. */
  openConditions(): readonly OpenConditions[] | null;
  /** After `run` has ended: gives the lease and the outbox back. An attempt under way is not cut short by less than its own time limit. */
  close(): Promise<void>;
}
