import type { GapReason } from '../model/completeness.ts';
import type { Notice, Owner, Tracked } from '../model/notification.ts';
import type { Severity } from '../model/outcome.ts';
import type { Result } from '../model/result.ts';

/** One evaluation of one source, as the log has it. */
export interface SourceReading {
  /** Id of the account or organisation, and the name of its source in the configuration. */
  readonly source: { readonly id: string; readonly name: string };
  /** Time of the statement. */
  readonly at: string;
  readonly evidence: Notice['evidence'];
  /** The log has no earlier evaluation of this account or organisation. */
  readonly first: boolean;
  /** Schedule whose turn it ended; null: nobody's. */
  readonly schedule: string | null;
  /** What was collected of it since its former evaluation; null: complete, otherwise the first reason why not. */
  readonly collected: readonly { readonly collector: string; readonly reason: GapReason | null }[];
  readonly checks: readonly CheckReading[];
  /** Operations that the source denied a collector when it was last read, in the collections that were judged. */
  denied(collector: string): readonly string[];
  /** Of what is worked out of other sources: ids of those of which something was not seen for this reason when they were last read. */
  behind(reason: GapReason): readonly string[];
  /** Whether a subject is in the population that was judged. Asked only about subjects that failed before and are in no list now. */
  has(subject: string): boolean;
}

/** One check with its parameters, and every result of it that is not a pass. */
export interface CheckReading {
  readonly check: NonNullable<Notice['check']>;
  readonly severity: Severity;
  readonly controls: Notice['controls'];
  readonly criteria: Notice['criteria'];
  readonly objectives: Notice['objectives'];
  /** The collector that yields what it judges. */
  readonly collector: { readonly id: string; readonly title: string };
  /** Other logic than in the former evaluation, or not in it with these parameters. False for the first evaluation of a source. */
  readonly changed: boolean;
  /** Subjects of its type that it does not apply to. */
  readonly excluded: readonly string[];
  readonly notPass: readonly Result[];
}

/** What the room that knows configuration and decisions is asked. All of it is of one time. */
export interface TransitionContext {
  /** Conditions whose notice names this source (by its configured name), open ones and those that lately ended. */
  readonly known: readonly Tracked[];
  readonly damping: Damping;
  /** The waiver that lies over the result: one that is about no control, or one per control of the check; null: it is not waived. */
  waiverOf(result: WaivableResult): WaiverOver | null;
  /** `check` and `subject` are null for what concerns a source or the log itself. */
  ownerOf(about: { readonly check: string | null; readonly controls: readonly string[]; readonly subject: string | null }): Owner;
  /** By when it is to be put right, as a control's tolerance or the SLA of its severity has it; null: nothing says so. */
  dueOf(about: { readonly severity: Severity; readonly controls: readonly string[] }, since: string): string | null;
}
export interface WaivableResult {
  readonly check: string;
  /** `aws:111122223333`. */
  readonly source: string;
  readonly subject: string;
  readonly controls: readonly string[];
}
export interface WaiverOver {
  readonly id: string;
  /** When it ends, if nobody ends it before. */
  readonly until: string;
}
/** What begins `times` times within `withinMs` is told as flapping. */
export interface Damping {
  readonly withinMs: number;
  readonly times: number;
}

/** What follows, to be written at once: conditions by key (begun, changed, or ended with `ended` set), and what somebody is told. */
export interface Transitions {
  readonly conditions: readonly Tracked[];
  readonly notices: readonly Notice[];
  /** What ended under a waiver: said only in the threads and tickets in which it was told, so that none of them stays open for ever. */
  readonly endedSilently: readonly Notice[];
  /** What goes on under another key: the threads and tickets of the one are those of the other. */
  readonly continued: readonly { readonly from: string; readonly to: string; readonly since: string }[];
}
