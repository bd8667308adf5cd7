import type { BundlePath } from './bundle-content.ts';
import type { EvidenceGrade } from './grade.ts';
import type { Severity } from './outcome.ts';

/**
 * What a bundle says of the entity as a whole: people and their accounts, duties that are kept apart, reviews of access, examinations of records
 * and documents that were handed in. Read from what was sealed of it; a part that nothing was collected of is null. Times are ISO-8601 UTC, days
 * `2025-07-31`.
 */
export interface EntityPack {
  readonly people: PeoplePack | null;
  readonly separation: SeparationPack | null;
  readonly reviews: ReviewsPack | null;
  readonly records: RecordsPack | null;
  readonly documents: DocumentsPack | null;
  /** Collectors of it whose items the redaction profile keeps back, and of which nothing is said here therefore. */
  readonly withheld: readonly string[];
  /** Versions of items that are erased, by collector; empty: none is. */
  readonly erased: readonly { readonly collector: string; readonly versions: number }[];
}

/** Between readings: from the first that showed it to the first that did not; `to` null: the last one of the period still did. With their log indexes. */
export interface Shown {
  readonly from: string;
  readonly fromLog: number;
  readonly to: string | null;
  readonly toLog: number | null;
}
interface EntityRow {
  readonly shown: Shown;
  /** What of it could not be read, each with the reason: `live: access-denied`. */
  readonly unknown: readonly string[];
}

export interface PeoplePack {
  /** Sorted by name. */
  readonly people: readonly BundleRosterPerson[];
  /** Unresolved ones first; one row for each stretch in which it was the same person's and could be used or not. */
  readonly accounts: readonly BundleAccount[];
  readonly moves: readonly BundleMove[];
  readonly leavers: readonly BundleLeaver[];
  readonly movers: readonly BundleMover[];
  /** Contradictions of rosters and of settings about accounts, as the last reading has them. */
  readonly problems: readonly string[];
  /** By the last reading: what each list of a system had and came to. */
  readonly systems: readonly {
    readonly system: string;
    readonly type: string;
    readonly read: number;
    readonly accounts: number;
    readonly joined: number;
  }[];
  /** Active persons without an account at the identity provider; null: none is connected, or it is not known. */
  readonly withoutIdentity: readonly string[] | null;
}
export interface BundleRosterPerson extends EntityRow {
  readonly person: string;
  readonly number: string;
  readonly name: string;
  readonly emails: readonly string[];
  readonly kind: string;
  readonly status: string | null;
  readonly title: string | null;
  readonly department: string | null;
  readonly manager: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly roster: string;
  readonly vanished: { readonly from: string | null; readonly to: string } | null;
  readonly problems: readonly string[];
}
export interface BundleAccount extends EntityRow {
  readonly account: string;
  readonly system: string;
  readonly type: string;
  readonly login: string;
  /** null: it could not be told. */
  readonly kind: 'person' | 'service-account' | 'unresolved' | null;
  readonly nature: string;
  readonly owner: string | null;
  readonly ownerName: string | null;
  readonly ownerStatus: string | null;
  readonly linkedBy: string | null;
  readonly reason: string;
  readonly candidates: readonly string[];
  readonly sharedWith: readonly string[];
  readonly live: boolean | null;
  readonly lastUsed: string | null;
  readonly tellsUse: boolean;
  readonly service: {
    readonly id: string;
    readonly purpose: string;
    readonly expires: string | null;
    readonly reviewed: string | null;
  } | null;
  /** It is how the period left it: no later stretch of the same account follows. */
  readonly latest: boolean;
}
export interface BundleMove {
  readonly kind: 'joiner' | 'mover' | 'leaver';
  readonly person: string;
  readonly name: string;
  readonly day: string | null;
  readonly at: string;
  readonly between: { readonly from: string | null; readonly to: string };
  /** `department: Platform -> Finance`. */
  readonly changed: readonly string[];
  readonly takenBack: boolean;
}
/** One account of somebody who left. */
export interface BundleLeaver extends EntityRow {
  readonly person: string;
  readonly name: string;
  readonly lastDay: string | null;
  readonly leftAt: string;
  readonly takenBack: boolean;
  /** null: he had none. */
  readonly account: string | null;
  readonly system: string | null;
  readonly login: string | null;
  readonly state: 'live' | 'shut' | 'unknown' | null;
  readonly lastLive: string | null;
  readonly shutBy: string | null;
  readonly lastUsed: string | null;
  readonly used: string | null;
}
/** One thing that somebody held who changed role. */
export interface BundleMover extends EntityRow {
  readonly person: string;
  readonly name: string;
  readonly changed: readonly string[];
  readonly movedAt: string;
  readonly system: string;
  readonly login: string;
  readonly permission: string;
  readonly on: string | null;
  readonly state: 'kept' | 'gone' | 'confirmed';
  readonly because: string | null;
  readonly by: string | null;
}

export interface SeparationPack {
  readonly rules: readonly BundleRule[];
  /** Sorted by rule, holder and time: one row for each stretch in which conflict and mitigation stood the same. */
  readonly conflicts: readonly BundleConflict[];
  /** Of the period, in order of time. */
  readonly acts: readonly BundleAct[];
  readonly actRules: readonly BundleActRule[];
  readonly mitigations: readonly BundleMitigation[];
}
export interface BundleRule extends EntityRow {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly strength: string;
  readonly duties: readonly string[];
  /** By the last reading; null: it could not be told. */
  readonly examined: number | null;
  readonly conflicts: number | null;
  readonly unmitigated: number | null;
  readonly undecided: number | null;
  /** Holders in whom a conflict stood at any time of the period. */
  readonly ever: number;
  readonly unresolved: readonly string[];
  readonly notConnected: readonly string[];
  readonly notSeenWhole: readonly string[];
}
export interface BundleConflict extends EntityRow {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly strength: string;
  readonly holder: string;
  readonly holderKind: string;
  readonly name: string;
  /** null: it cannot be told. */
  readonly conflict: true | null;
  readonly holds: readonly {
    readonly duty: string;
    readonly title: string;
    readonly count: number;
    readonly paths: readonly {
      readonly account: string;
      readonly system: string;
      readonly permission: string;
      readonly on: string | null;
      /** Hop by hop, each a sentence. */
      readonly hops: readonly string[];
    }[];
  }[];
  readonly mitigation: {
    readonly id: string | null;
    readonly standing: string;
    readonly reason: string;
    readonly control: string | null;
    readonly owner: string | null;
    readonly approvedBy: string | null;
    readonly expires: string | null;
  } | null;
  readonly notEvaluated: readonly string[];
  readonly unseen: readonly string[];
}
export interface BundleAct extends EntityRow {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly kind: string;
  readonly object: string;
  readonly on: string;
  readonly at: string;
  /** `ana (hr:E-104)`, or `ana (nobody knows whose)`. */
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly says: string;
  readonly conflict: boolean | null;
}
/** `examined`, `conflicts` and `undecided` are counted over the acts of the period. */
export interface BundleActRule {
  readonly rule: string;
  readonly title: string;
  readonly kinds: readonly string[];
  readonly examined: number;
  readonly conflicts: number;
  readonly undecided: number;
  readonly notConnected: readonly string[];
  readonly notSeenWhole: readonly string[];
}
export interface BundleMitigation {
  readonly id: string;
  readonly rule: string;
  /** null: everybody in whom the rule finds a conflict. */
  readonly persons: readonly string[] | null;
  readonly control: string;
  readonly check: string;
  readonly owner: string;
  readonly reason: string;
  readonly from: string;
  readonly expires: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
  readonly refused: boolean;
  readonly endedAt: string | null;
  readonly decision: number;
  /** As readings of the conflicts found it, holder by holder. */
  readonly standings: readonly { readonly holder: string; readonly standing: string; readonly reason: string; readonly shown: Shown }[];
}

export interface ReviewsPack {
  /** ISO-8601 UTC: what they came to by then. */
  readonly asOf: string;
  readonly reviews: readonly BundleReview[];
  /** Begun within the period, and no longer in the settings: nothing but that can be said of them. */
  readonly undescribed: readonly { readonly review: string; readonly at: string; readonly by: string; readonly entry: number }[];
  /** Why none of them could be described; null: they were. */
  readonly unreadable: string | null;
}
export interface BundleReview {
  readonly review: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly due: string;
  readonly lateAfter: string;
  /** `planned`: nobody has begun it. */
  readonly state: string;
  readonly steps: readonly { readonly state: string; readonly at: string; readonly entry: number; readonly by: string }[];
  readonly frozen: { readonly lines: number; readonly digest: string; readonly entry: number } | null;
  readonly systems: readonly {
    readonly system: string;
    readonly accounts: number;
    readonly lines: number;
    readonly complete: boolean;
    readonly since: string;
  }[];
  readonly notReviewed: readonly string[];
  readonly doubts: readonly string[];
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly followed: readonly {
    readonly line: string;
    readonly account: string;
    readonly entitlement: string;
    readonly decision: string;
    readonly decidedAt: string;
    readonly by: string;
    readonly due: string;
    readonly state: string;
    readonly goneBy: string | null;
    readonly usedSince: string | null;
  }[];
  readonly notCounted: readonly {
    readonly entry: number;
    readonly at: string;
    readonly by: string;
    readonly what: string;
    readonly rule: string;
    readonly line: string | null;
    readonly says: string;
  }[];
  /** Its evidence pack; empty: nobody has begun it, or its lines cannot be made again (`packMissing` says why). */
  readonly files: readonly BundlePath[];
  readonly packMissing: string | null;
}

export interface RecordsPack {
  readonly examinations: readonly BundleExamination[];
  /** Records that failed at any time of the period, or of which it could not be told. */
  readonly failing: readonly BundleFailingRecord[];
}
/** What an examination came to, one row for each stretch in which it came to the same. */
export interface BundleExamination extends EntityRow {
  readonly examination: string;
  readonly title: string;
  readonly control: string | null;
  readonly severity: Severity;
  /** null: not every record was seen and could be read; `unknown` or `blocked` says why. */
  readonly population: {
    readonly examined: number;
    readonly failing: number;
    readonly explained: number;
    readonly waiting: number;
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  readonly tables: readonly { readonly table: string; readonly records: number; readonly keys: string | null }[];
  readonly blocked: string | null;
  readonly latest: boolean;
}
export interface BundleFailingRecord extends EntityRow {
  readonly examination: string;
  readonly title: string;
  readonly control: string | null;
  readonly severity: Severity;
  readonly record: string;
  readonly table: string;
  readonly key: string;
  readonly at: string | null;
  readonly why: string;
  /** false: it cannot be told. */
  readonly fails: boolean;
  readonly explanation: {
    readonly by: string;
    readonly approvedBy: string;
    readonly reason: string;
    readonly expires: string | null;
  } | null;
}

export interface DocumentsPack {
  readonly requests: readonly BundleDocumentRequest[];
  readonly documents: readonly BundleDocument[];
  readonly organisations: readonly BundleOrganisation[];
  readonly userControls: readonly BundleUserControl[];
}
export interface BundleDocumentRequest extends EntityRow {
  readonly request: string;
  readonly title: string;
  readonly type: string;
  readonly controls: readonly string[];
  readonly askedOf: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly due: string | null;
  readonly standing: string;
  readonly document: string | null;
  readonly approvedBy: string | null;
  readonly approvedOn: string | null;
  readonly grade: EvidenceGrade;
  readonly unmet: readonly string[];
}
export interface BundleDocument {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly effective: string;
  readonly covers: { readonly from: string; readonly to: string } | null;
  readonly providedBy: string;
  readonly obtained: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly addedAt: string;
  readonly addedBy: string;
  readonly approvedAt: string | null;
  readonly approvedBy: string | null;
  readonly refused: boolean;
  readonly supersedes: string | null;
  readonly supersededBy: string | null;
  readonly grade: EvidenceGrade;
  readonly upload: number;
  /** As it was handed in; null: erased or kept back. */
  readonly original: { readonly name: string; readonly bytes: number; readonly sha256: string } | null;
  /** The file itself; null: it is not here, and `absent` says why. */
  readonly file: BundlePath | null;
  readonly absent: string | null;
}
export interface BundleOrganisation extends EntityRow {
  readonly name: string;
  readonly services: string;
  readonly method: string;
  readonly csocs: readonly { readonly id: string; readonly text: string }[];
  readonly report: string | null;
  readonly reportThrough: string | null;
  readonly bridgeThrough: string | null;
  readonly reviewedOn: string | null;
  readonly reviewDue: string;
  readonly exceptions: string | null;
}
export interface BundleUserControl extends EntityRow {
  readonly id: string;
  readonly text: string;
  readonly reviewedOn: string | null;
  readonly reviewDue: string;
}
