import type { GapReason } from './completeness.ts';
import type { Control } from './control.ts';
import type { Waiver } from './decision.ts';
import type { EvidenceClass, Period } from './engagement.ts';
import type { EvidenceGrade } from './grade.ts';
import type { Outcome, Severity } from './outcome.ts';

/**
 * What a period looked like. Times are ISO-8601 UTC with milliseconds, stretches half-open `[from, to)`, durations milliseconds.
 * Everything here can be recomputed from the log of the bundle alone.
 */

/** One check with one set of parameters over one source. */
export interface SeriesKey {
  readonly source: string;
  readonly check: string;
  readonly parametersDigest: string;
}

/**
 * Why a state is known over a stretch. The classes never share a number.
 * - `corroborated`: between two equal readings, and a complete change record shows that nothing happened to it;
 * - `inferred`: between two equal readings, not apart by more than the threshold;
 * - `event`: from a change event that a source recorded at that instant;
 * - `transition`: between two different readings, no event known: counted as failing (the conservative bound);
 * - `reconstructed`: before the first reading, from change events collected later; never shown as collected then;
 * - `none`: nobody looked, or what was seen could not be read (`no-evidence`), or the subject did not exist.
 */
export const bases = ['corroborated', 'inferred', 'event', 'transition', 'reconstructed', 'none'] as const;
export type Basis = (typeof bases)[number];

/** A stretch over which a subject held one outcome, on one basis. Intervals of a subject cover its life within the period without overlap. */
export interface Interval {
  readonly from: string;
  readonly to: string;
  /** `waived` lies over a `fail`, which stays visible as `underneath`. */
  readonly outcome: Outcome;
  readonly underneath?: 'fail';
  readonly basis: Basis;
  /** With `no-evidence`. */
  readonly reason?: GapReason;
  /** Id of the waiver in force. */
  readonly waiver?: string;
  /** Log indexes of the evaluations that bound it; null where nothing does. */
  readonly evidence: { readonly first: number | null; readonly last: number | null };
}

/** One stretch in which a check failed for a subject. Remediation ends it and never erases it. */
export interface Episode {
  /** `E-` and 10 hex digits of the digest of series, subject and first failing reading or event: stable over re-computation. */
  readonly id: string;
  readonly series: SeriesKey;
  readonly subject: string;
  readonly display: string;
  readonly severity: Severity;
  /** First and last failing reading; null when only events saw it. */
  readonly observed: { readonly from: string; readonly to: string } | null;
  /** From the last reading before that was not a failure to the first one after it. */
  readonly conservative: { readonly from: string; readonly to: string };
  /** Where a change event gives the instant. */
  readonly exact: { readonly from: string | null; readonly to: string | null };
  /** It failed when the period began / had not ended when the period did. */
  readonly carriedIn: boolean;
  readonly openAtEnd: boolean;
  /** How often it was seen failing, and how many times it came back within the flapping bound. */
  readonly readings: number;
  readonly flaps: number;
  /** Milliseconds of it in which nothing was seen; they lengthen the failure. */
  readonly unseenMs: number;
  /** What the check said, distinct, first one first. */
  readonly messages: readonly string[];
  readonly detectedAt: string;
  readonly evidence: { readonly first: number | null; readonly last: number | null; readonly events: readonly ChangeReference[] };
  /** Waivers that lay over some of it. */
  readonly waivers: readonly string[];
  /** By whom, when the events name someone. */
  readonly actors: readonly string[];
}

/** Where a change event can be found: log index of the collection and the source's own event id. */
export interface ChangeReference {
  readonly collection: number;
  readonly eventId: string;
  readonly at: string;
  readonly name: string;
  readonly actor: string | null;
}

/** Something that changed at a source, as its own record says; made of the items of a collector of kind `events`. */
export interface ChangeEvent extends ChangeReference {
  readonly source: string;
  readonly region: string | null;
  /**
   * Names, ARNs and ids the event speaks of, and the account's or organisation's own: a subject is meant when its display or the last
   * segment of its id is among them. `*`: it reaches further than it says (a policy and all who have it), so any subject may be meant.
   */
  readonly about: readonly string[];
  /** The source refused it: nothing changed. */
  readonly refused: boolean;
  /** The window it was collected in began before the entity collected at all. */
  readonly reconstructed: boolean;
}
/**
 * Over which stretches a change record is whole, for the event names it carries. Where the names it carries change, there are two. Of a
 * region-scoped collector there is one per region, and one with null for the stretches that all of the source's regions have.
 */
export interface ChangeRecord {
  readonly source: string;
  /** `aws/cloudtrail-events`. */
  readonly collector: string;
  /** null: every region. A subject whose id has a region needs that region's; any other needs this one. */
  readonly region: string | null;
  /** The event names it has all of, sorted. */
  readonly carries: readonly string[];
  readonly windows: readonly { readonly from: string; readonly to: string; readonly collection: number }[];
}

/** One event of a population control: a change, a leaver, a run. */
export interface Occurrence {
  readonly series: SeriesKey;
  readonly subject: string;
  readonly display: string;
  /** When it happened at the source. */
  readonly at: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly index: number;
}

export interface DeviationLifeCycle {
  readonly disposition: 'candidate' | 'confirmed' | 'false-positive';
  readonly cause: string | null;
  readonly owner: string | null;
  readonly response: string | null;
  readonly compensatingControl: string | null;
  readonly remediation: { readonly what: string; readonly evidence: readonly number[] } | null;
  readonly retest: { readonly result: 'no-failures-observed' | 'failures-observed'; readonly evidence: readonly number[] } | null;
  /** Log indexes of the decisions it comes from, in order, each with who made it (and "identity not authenticated" where that holds). */
  readonly decisions: readonly { readonly index: number; readonly at: string; readonly actor: string; readonly authenticated: boolean }[];
}
/** An episode or occurrence that breaks the control's own statement and tolerance. The auditor has the last word. */
export interface Deviation {
  /** `D-<control>-` and 8 hex digits; stable. */
  readonly id: string;
  readonly control: string;
  /** Number of the control version it fell in. */
  readonly version: number;
  readonly kind: 'episode' | 'occurrence' | 'missed' | 'gap';
  /** Id of the episode, or subject of the occurrence. */
  readonly of: string;
  readonly check: string | null;
  readonly subject: string;
  readonly display: string;
  readonly severity: Severity;
  /** Conservative bounds, exact where known. */
  readonly from: string;
  readonly to: string;
  readonly openAtEnd: boolean;
  readonly durationMs: number;
  /** What the control allows; null: nothing. */
  readonly allowedMs: number | null;
  /** Due by the SLA fixed at opening. */
  readonly due: string;
  readonly late: boolean;
  /** Plain sentence: which part of the statement or tolerance it breaks. */
  readonly because: string;
  /** Markers of a systematic cause (audit domain, 3.4), as hints. */
  readonly markers: readonly ('recurs' | 'concentrated' | 'rate-above-5-percent' | 'persists' | 'design')[];
  readonly waiver: string | null;
  readonly lifeCycle: DeviationLifeCycle;
}

/** What is known of a population over the period, apart by basis; milliseconds summed over subjects. */
export interface Metrics {
  /** Sum of the subjects' lives within the period. */
  readonly lifeMs: number;
  readonly byBasis: Readonly<Record<Basis, number>>;
  readonly byOutcome: Readonly<Record<Outcome, number>>;
  /** Known time / life, per basis class; inferred and corroborated are never added up for print. */
  readonly coverage: { readonly corroborated: number; readonly inferred: number; readonly other: number; readonly none: number };
  readonly longestGapMs: number;
  /** Gaps longer than the class's threshold. */
  readonly gaps: number;
  readonly materialGaps: number;
  readonly edges: { readonly start: boolean; readonly end: boolean };
  /** Pass time / time in which there was something to judge, and / what of it was seen; worst subject beside the weighted figure. */
  readonly passing: {
    readonly ofPeriod: number;
    readonly ofKnown: number | null;
    readonly worst: { readonly subject: string; readonly display: string; readonly ofPeriod: number } | null;
  };
  readonly subjects: number;
  readonly timeToDetectMs: { readonly mean: number; readonly max: number } | null;
  readonly timeToRemediateMs: { readonly mean: number; readonly max: number } | null;
}

export interface SubjectTimeline {
  readonly subject: string;
  readonly display: string;
  readonly type: string;
  /** Within the period; null: it was there before / is still there. */
  readonly bornAt: string | null;
  readonly diedAt: string | null;
  readonly intervals: readonly Interval[];
}
/** One check over one source in the period. Subjects that passed throughout on one basis are counted in `quiet` and not listed one by one. */
export interface SeriesHistory {
  readonly key: SeriesKey;
  readonly claim: string;
  readonly severity: Severity;
  readonly subjectType: string;
  readonly evidenceClass: EvidenceClass;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Logic in force, oldest first. */
  readonly logic: readonly { readonly digest: string; readonly from: string; readonly to: string }[];
  readonly readings: number;
  readonly firstReading: string | null;
  readonly lastReading: string | null;
  /** The population as one line: what the worst subject held at each time. */
  readonly worst: readonly Interval[];
  readonly timelines: readonly SubjectTimeline[];
  readonly quiet: { readonly subjects: number };
  readonly metrics: Metrics;
  readonly gaps: readonly {
    readonly from: string;
    readonly to: string;
    readonly reason: GapReason;
    readonly material: boolean;
    readonly turns?: UntakenTurns;
  }[];
  readonly occurrences: { readonly total: number; readonly pass: number; readonly fail: number; readonly other: number } | null;
}

export const periodStates = ['failures-observed', 'no-evidence', 'no-failures-observed', 'did-not-operate'] as const;
export type PeriodState = (typeof periodStates)[number];

/** A control as worded and wired over one stretch of the period. */
export interface ControlStretch {
  readonly number: number;
  readonly from: string;
  readonly to: string;
  /** Log index of the plan it stands in. */
  readonly plan: number;
  readonly control: Control;
  readonly checks: readonly {
    readonly id: string;
    readonly parametersDigest: string;
    readonly logic: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
  /** What is different from the stretch before, in sentences; empty for the first. */
  readonly changes: readonly string[];
}
export interface ControlHistory {
  readonly control: Control;
  readonly state: PeriodState;
  /** Why, worst first. */
  readonly reasons: readonly string[];
  readonly versions: readonly ControlStretch[];
  readonly series: readonly SeriesHistory[];
  readonly episodes: readonly Episode[];
  readonly deviations: readonly Deviation[];
  readonly occurrences: readonly Occurrence[];
  readonly waivers: readonly Waiver[];
  /** Resource types it covers that nobody collects, and why that is said. */
  readonly uncollected: readonly { readonly type: string; readonly state: 'not-collected' | 'absent' | 'declared-absent' }[];
  readonly worst: readonly Interval[];
  readonly metrics: Metrics;
  readonly grade: EvidenceGrade | 'none';
}
/** A criterion or control objective: what its controls come to, worst first, and how it is covered. */
export interface TopicHistory {
  readonly id: string;
  readonly area: string;
  readonly text: string;
  readonly state: PeriodState;
  readonly controls: readonly {
    readonly id: string;
    readonly as: 'primary' | 'supporting';
    readonly because: string | null;
    readonly state: PeriodState;
  }[];
  /** No adopted control has a primary link. */
  readonly uncovered: boolean;
  readonly worst: readonly Interval[];
}

export interface PeriodHistory {
  readonly period: Period;
  /** The log as of this size was read; times after `through` were not yet known. */
  readonly logSize: number;
  readonly through: string;
  readonly controls: readonly ControlHistory[];
  readonly topics: readonly TopicHistory[];
  readonly episodes: readonly Episode[];
  readonly deviations: readonly Deviation[];
  readonly waivers: readonly (Waiver & {
    readonly decision: number;
    readonly approved: boolean;
    readonly authenticated: boolean;
    readonly requestedBy: string;
    readonly approvedBy: string | null;
  })[];
  readonly changeRecords: readonly ChangeRecord[];
  /** Sources of which nothing at all was read for longer than what is critical may go unseen (`thresholds.critical.gapAfter`), and why, as far as is known. */
  readonly outages: readonly {
    readonly source: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    readonly turns?: UntakenTurns;
  }[];
}

/**
 * Turns of schedules that would have ended a silence, had they been taken. They explain it: it is as long as what was read says, with them or
 * without. Absent where the log names none.
 */
export interface UntakenTurns {
  readonly missed: number;
  readonly failed: number;
  /** Schedule and why, distinct, in the order of the log. */
  readonly because: readonly string[];
  /** Log indexes of what says so: the first 20. */
  readonly entries: readonly number[];
}

/** Why nothing was seen, in words: the reason, and which turns were not taken. */
export function whySilent({ reason, turns }: { readonly reason: string; readonly turns?: UntakenTurns | undefined }): string {
  if (turns === undefined) return reason;
  const { missed, failed, because } = turns;
  const counts = [...(missed === 0 ? [] : [`${missed} missed`]), ...(failed === 0 ? [] : [`${failed} finally failed`])].join(', ');
  const shown = because.slice(0, 3).join('; ');
  return `${reason} (turns of schedules: ${counts}; ${shown}${because.length > 3 ? `; and ${because.length - 3} more reasons` : ''})`;
}
