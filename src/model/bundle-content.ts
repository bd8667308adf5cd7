import type { GapReason } from './completeness.ts';
import type { DecisionType, Person, PopulationRecord, RecordedDecision, RefusedDecision } from './decision.ts';
import type { EntityPack } from './entity-pack.ts';
import type { EvidenceGrade } from './grade.ts';
import type { PeriodHistory } from './history.ts';
import type { Severity } from './outcome.ts';
import type { Actor } from './statement.ts';

/**
 * Everything the documents of a bundle are rendered from: plain data, the same for the same log, period and time of generation.
 * `run/bundle` fills it, `bundle/documents` renders it. Times are ISO-8601 UTC with milliseconds, stretches half-open, log indexes
 * are those of the bundle's log. Names of people arrive masked where the engagement's redaction asks for it: documents mask nothing.
 * What may be long is an `Iterable`: it is walked once or twice, always in the same order, and never held.
 */

/** A file or folder of the bundle: relative to its root, with `/`, without a leading one. */
export type BundlePath = string;

/** One file of the bundle as rendered, handed over one by one (`for await`: spreadsheets are made asynchronously). Large ones come in pieces. */
export interface RenderedDocument {
  readonly path: BundlePath;
  readonly bytes: Uint8Array | Iterable<Uint8Array>;
}

export interface BundleContent {
  readonly cover: BundleCover;
  readonly history: PeriodHistory;
  /** One per control of `history.controls`, by its id. */
  readonly papers: readonly ControlPaper[];
  /** Every check that any control used in the period, with what its author says of it. */
  readonly checks: readonly CheckDescription[];
  /** Completeness and accuracy: one row per collector and scope over the whole period. */
  readonly datasets: readonly DatasetRecord[];
  readonly populations: readonly BundlePopulation[];
  readonly samples: readonly BundleSample[];
  readonly persons: readonly BundlePerson[];
  readonly decisions: readonly RecordedDecision[];
  /** Decisions that stand in the log and do not count. */
  readonly refusedDecisions: readonly RefusedDecision[];
  readonly scope: readonly ScopeDecision[];
  readonly notCollected: readonly NotCollected[];
  /** Sorted by collector, scope, id and time; walked once. */
  readonly items: Iterable<EvidenceItem>;
  readonly tool: ToolPack;
  readonly management: ManagementPack;
  /** The entity as a whole; null: no plan of the period has it. */
  readonly entity: EntityPack | null;
  /** The auditor's request list, as answered. Empty when there is none. */
  readonly requests: readonly AnsweredRequest[];
  /** What else lies in the bundle and is worth a line on its front page: OSCAL, log, verifier, populations. */
  readonly otherFiles: readonly { readonly path: BundlePath; readonly title: string }[];
}

/** What stands on the first page beside period and engagement, which are in `history.period`. */
export interface BundleCover {
  readonly entity: string;
  /** Name of the bundle's folder. */
  readonly bundle: string;
  readonly generatedAt: string;
  /** Version of Proofline that wrote it. */
  readonly version: string;
  readonly demonstration: boolean;
  readonly log: {
    readonly origin: string;
    readonly tenant: string;
    readonly size: number;
    /** Base64 root at `size`. */
    readonly root: string;
    /** Key that signs checkpoints, in the form of a signed note's verifier key. */
    readonly vkey: string;
    /** When its first entry was written. */
    readonly beganAt: string;
  };
  readonly anchors: readonly BundleAnchor[];
  /** Set when nobody outside saw the log: the sentence that says so. */
  readonly unwitnessed: string | null;
  /** Longest stretch of the period that no receipt of a third party bounds; null when there is no anchor at all. */
  readonly longestWithoutAnchor: { readonly from: string; readonly to: string } | null;
  readonly amendments: readonly RulerAmendment[];
  /** What else the period was opened with and was planned otherwise before its end: tolerances, parameters, scope rules; in order. */
  readonly rulesChanged: readonly { readonly at: string; readonly what: readonly string[] }[];
  /** The bundle this one supplements, with the digest of its manifest. */
  readonly supplements: { readonly bundle: string; readonly generatedAt: string; readonly manifest: string } | null;
  /** When the period was closed and the day of the report, as decided; null while it is open. */
  readonly closing: { readonly decision: number; readonly cutOff: string; readonly reportDate: string | null } | null;
  /** What was withheld, in sentences; empty when nothing was. */
  readonly redactions: readonly string[];
  /** What this bundle cannot show, in sentences. */
  readonly limits: readonly string[];
  /** How to check it: what a command shows, and the command as it is typed in the bundle's folder. */
  readonly verify: readonly { readonly shows: string; readonly command: string }[];
}
export interface BundleAnchor {
  /** Name of the anchor as configured. */
  readonly name: string;
  readonly method: 'rfc3161' | 'file';
  /** The third party's own time; null for a method that gives none. */
  readonly at: string | null;
  readonly recordedAt: string;
  readonly index: number;
  /** Size of the log that was stamped. */
  readonly size: number;
}
export interface RulerAmendment {
  readonly decision: number;
  readonly at: string;
  readonly reason: string;
  readonly loosens: readonly string[];
  readonly tightens: readonly string[];
  readonly requestedBy: Actor;
  readonly approvedBy: Actor | null;
  /** A loosening has no effect before another person approved it. */
  readonly inForce: boolean;
}

/** What a control's workpaper needs beside its history. */
export interface ControlPaper {
  readonly control: string;
  /** Ids of `datasets`, `populations` and `samples`. */
  readonly datasets: readonly string[];
  readonly populations: readonly string[];
  readonly samples: readonly string[];
  /** What an auditor can run himself with rights to read, and what it should show. */
  readonly commands: readonly { readonly shows: string; readonly command: string }[];
  /** The auditor's request ids it answers. */
  readonly requests: readonly string[];
}

export interface CheckDescription {
  readonly id: string;
  readonly claim: string;
  readonly severity: Severity;
  readonly subjectType: string;
  readonly rationale: string;
  readonly remediation: { readonly console: string; readonly cli: string; readonly terraform: string };
  readonly references: readonly string[];
  /** Names of its own examples: what it was seen to pass and to fail. */
  readonly examples: { readonly pass: readonly string[]; readonly fail: readonly string[] };
}

/** What an auditor asks of information produced by the entity, answered for one collector over one scope (audit domain, 4.2). */
export interface DatasetRecord {
  /** `aws/iam-users@aws:111122223333`. */
  readonly id: string;
  readonly collector: string;
  readonly title: string;
  readonly kind: 'state' | 'roster' | 'events';
  readonly source: string;
  readonly scope: string;
  /** Which system, as the engagement names it, and which tenant the source itself said it is. */
  readonly system: string;
  readonly tenant: string;
  /** Log index of the collection that holds the source's own word on who we are; null: not collected. */
  readonly identityProof: number | null;
  readonly yields: readonly string[];
  readonly hosts: readonly { readonly host: string; readonly official: boolean }[];
  /** Distinct requests of the latest collection, as sent, with a command that asks the same; null where there is none. */
  readonly requests: readonly {
    readonly operation: string;
    readonly input: Readonly<Record<string, unknown>>;
    readonly pages: number;
    readonly command: string | null;
  }[];
  readonly principal: string | null;
  readonly permissions: readonly string[];
  /** Who caused collections, how often. */
  readonly triggers: readonly { readonly actor: Actor; readonly collections: number }[];
  readonly first: { readonly index: number; readonly startedAt: string };
  readonly last: {
    readonly index: number;
    readonly session: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    /** The source's own time of what it answered; null: it gives none. */
    readonly sourceAsOf: string | null;
    readonly items: number;
  };
  /** Of kind `events`: what stretch of the source's own record was asked for. */
  readonly window: { readonly from: string; readonly to: string; readonly backfilled: boolean } | null;
  readonly collections: { readonly total: number; readonly complete: number; readonly incomplete: number };
  /** Server time minus ours over the period, milliseconds. */
  readonly clock: { readonly offsetMs: { readonly min: number; readonly max: number } | null; readonly suspect: number };
  readonly counts: {
    readonly requests: number;
    readonly failedRequests: number;
    readonly pages: number;
    /** Least and most items one collection saw. */
    readonly items: { readonly min: number; readonly max: number };
    /** Distinct versions of items over the period. */
    readonly versions: number;
  };
  readonly requestIds: { readonly sample: readonly string[]; readonly recorded: number };
  readonly attempted: readonly string[];
  readonly succeeded: readonly string[];
  /** Distinct gaps, with how many collections had them. */
  readonly denied: readonly {
    readonly what: string;
    readonly reason: GapReason;
    readonly code: string | null;
    readonly collections: number;
    readonly lastAt: string;
  }[];
  /** Latest comparison with a second count, and how many collections differed. */
  readonly reconciliation: readonly {
    readonly with: string;
    readonly field: string;
    readonly expected: number | null;
    readonly seen: number;
    readonly differed: number;
  }[];
  readonly redactions: readonly { readonly field: string; readonly count: number }[];
  readonly logic: readonly { readonly digest: string; readonly from: string; readonly to: string }[];
  readonly grade: EvidenceGrade;
  /** Schedules that would collect it, by the plans of the period; their turns are in `tool.operation`. */
  readonly schedules: readonly string[];
}

/** One version of one item, for a reader who is no engineer; the JSON beside it is what was sealed. */
export interface EvidenceItem {
  readonly collector: string;
  readonly scope: string;
  /** `operation|region|subject`. */
  readonly id: string;
  /** What it is about, in plain words. */
  readonly title: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** First and last collection that saw this version; `to` null: it was still so at the last one. */
  readonly from: { readonly at: string; readonly index: number };
  readonly to: { readonly at: string; readonly index: number } | null;
  /** Base64, as in the manifest of the collection. */
  readonly commitment: string;
  /** Where its JSON lies; null: withheld by the redaction profile or erased, and only its commitment is here. */
  readonly json: BundlePath | null;
  readonly withheld: readonly string[];
}

export interface BundlePopulation {
  readonly record: PopulationRecord;
  readonly decision: number;
  readonly frozenAt: string;
  readonly frozenBy: Actor;
  /** Plain words: what its rows are and which query they answer. */
  readonly definition: string;
  readonly controls: readonly string[];
  /** Of `record.count` rows, how many the checks held and what they said. */
  readonly outcome: { readonly pass: number; readonly fail: number; readonly other: number } | null;
  readonly files: readonly { readonly path: BundlePath; readonly title: string }[];
}
export interface BundleSample {
  /** `S-` and the log index of the draw. */
  readonly id: string;
  readonly population: string;
  readonly digest: string;
  readonly seed: string;
  readonly size: number;
  readonly decision: number;
  readonly drawnAt: string;
  readonly drawnBy: Actor;
  readonly selection: readonly { readonly id: string; readonly rank: string; readonly display: string }[];
  readonly file: BundlePath | null;
}
export interface BundlePerson {
  readonly person: Person;
  readonly decision: number;
  readonly registeredAt: string;
  readonly fingerprints: readonly string[];
  readonly revoked: readonly { readonly key: string | null; readonly at: string; readonly decision: number }[];
}

/** A rule that keeps something out of scope (or back in), and what it keeps out. */
export interface ScopeDecision {
  readonly decision: number | null;
  readonly rule: string;
  readonly effect: 'in' | 'out';
  readonly reason: string;
  readonly from: string;
  readonly by: Actor | null;
  readonly subjects: readonly { readonly id: string; readonly display: string; readonly type: string }[];
}
export interface NotCollected {
  /** Resource type, collector or source. */
  readonly what: string;
  readonly source: string | null;
  readonly state: 'not-collected' | 'absent' | 'declared-absent' | 'withheld' | 'outside-scope' | 'manual';
  readonly reason: string;
  readonly controls: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
}

/** How Proofline itself was run. Times are ISO-8601 UTC, indexes those of the log; of what people were told there are counts and times alone. */
export interface OperationPack {
  /** Schedules as the plans of the period have them, one row per stretch; empty: no plan has any. */
  readonly schedules: readonly {
    readonly id: string;
    readonly kind: 'collect' | 'anchor';
    readonly source: string | null;
    readonly collectors: readonly string[];
    readonly cron: string;
    readonly zone: string;
    readonly jitterMs: number;
    /** By the entity, or by default. */
    readonly declared: 'default' | 'configuration';
    /** Not before its plan was recorded. */
    readonly from: string;
    readonly to: string;
    readonly plan: number;
  }[];
  /** Since when the log shows that anything served schedules; null: nothing ever did, and everything was begun by hand or from outside. */
  readonly servedFrom: string | null;
  /** What became of the turns due in the period. */
  readonly turns: readonly {
    readonly schedule: string;
    /** How many were due while it was promised and served; null: no plan says. */
    readonly planned: number | null;
    /** `late`: how many of the taken were recorded as missed first. */
    readonly taken: number;
    readonly late: number;
    /** Never taken. */
    readonly missed: number;
    readonly failed: number;
    /** Planned, and the log says nothing of it; below zero: more was taken than the plans say. */
    readonly unaccounted: number | null;
    /** From when one was due to when it was judged or anchored, at most; null: none was taken. */
    readonly longestWaitMs: number | null;
  }[];
  readonly misses: readonly {
    readonly index: number;
    readonly at: string;
    readonly schedule: string;
    readonly source: string | null;
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly because: string;
    /** The last of them was to be taken late, and was. */
    readonly late: boolean;
    readonly taken: boolean;
    /** It was to be taken late, and finally failed: it is among the failed ones. */
    readonly failed: boolean;
  }[];
  readonly failedTurns: readonly {
    readonly schedule: string;
    readonly due: string;
    readonly index: number;
    readonly at: string;
    readonly attempts: number;
    readonly reason: string;
  }[];
  readonly processes: readonly (OperatingProcess & {
    readonly index: number;
    readonly startedAt: string | null;
    readonly heardAt: string;
    readonly endedAt: string | null;
    /** `not-recorded`: it goes on, or ended unseen. */
    readonly ended: 'stopped' | 'unseen' | 'not-recorded';
    readonly detail: string;
    readonly reloads: number;
  })[];
  readonly processEvents: readonly (OperatingProcess & {
    readonly index: number;
    readonly at: string;
    readonly event: string;
    readonly detail: string;
  })[];
  readonly channels: readonly {
    readonly channel: string;
    readonly kind: string;
    readonly messages: number;
    readonly delivered: number;
    readonly failed: number;
    readonly givenUp: number;
    readonly notices: Readonly<Record<string, number>>;
    readonly first: string;
    readonly last: string;
  }[];
  readonly deliveries: Iterable<{
    readonly index: number;
    readonly at: string;
    readonly message: string;
    readonly channel: string;
    readonly channelKind: string;
    readonly route: string | null;
    readonly notices: Readonly<Record<string, number>>;
    readonly about: { readonly first: number; readonly last: number } | null;
    readonly attempt: number;
    readonly outcome: 'delivered' | 'failed' | 'given-up';
    readonly reason: string | null;
    readonly fallback: string | null;
  }>;
}
interface OperatingProcess {
  readonly run: string;
  readonly role: 'serve' | 'worker';
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly node: string;
  readonly configuration: string;
  /** Who the operating system says runs it; never authenticated. */
  readonly by: string;
}

/** General controls over Proofline itself. */
export interface ToolPack {
  readonly operation: OperationPack;
  readonly versions: readonly { readonly version: string; readonly from: string; readonly to: string; readonly plan: number }[];
  readonly logic: readonly {
    readonly kind: 'collector' | 'check';
    readonly id: string;
    readonly digest: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** Who can change configuration, keys or code, as far as the log or the machine tells, and how that is known. */
  readonly administrators: readonly { readonly name: string; readonly can: string; readonly known: string }[];
  readonly configurationChanges: readonly {
    readonly index: number;
    readonly at: string;
    readonly actor: Actor;
    readonly from: string | null;
    readonly to: string;
  }[];
  readonly keys: readonly {
    readonly index: number;
    readonly at: string;
    readonly purpose: 'sign' | 'wrap' | 'commit';
    readonly retired: string;
    readonly introduced: string;
  }[];
  /** Collections and evaluations per calendar month in the period's zone (`2026-03`). */
  readonly runs: readonly {
    readonly month: string;
    readonly collections: number;
    readonly complete: number;
    readonly incomplete: number;
    readonly evaluations: number;
  }[];
  readonly lifecycle: readonly { readonly index: number; readonly at: string; readonly event: string; readonly detail: string }[];
  /** Collections that were not complete. */
  readonly failures: Iterable<{
    readonly index: number;
    readonly at: string;
    readonly collector: string;
    readonly scope: string;
    readonly reasons: readonly GapReason[];
    readonly gaps: number;
  }>;
  readonly erasures: readonly {
    readonly index: number;
    readonly at: string;
    readonly commitments: number;
    readonly authority: string;
    readonly reason: string;
    readonly actor: Actor;
  }[];
}

/** Drafts for management; every page says by whom it is to be completed. */
export interface ManagementPack {
  /** DC3: the components seen in the period. */
  readonly inventory: Iterable<{
    readonly type: string;
    readonly id: string;
    readonly display: string;
    readonly source: string;
    readonly region: string | null;
    readonly firstSeen: string;
    /** null: still there at the end. */
    readonly lastSeen: string | null;
  }>;
  /** Per type how many there were at the start, at the end and in between. */
  readonly inventorySummary: readonly { readonly type: string; readonly atStart: number; readonly atEnd: number; readonly ever: number }[];
  /** DC4. */
  readonly incidents: readonly {
    readonly id: string;
    readonly title: string;
    readonly source: string;
    readonly openedAt: string;
    readonly closedAt: string | null;
    readonly detail: string;
  }[];
  /** Where incidents would have been recorded, and the query that found none. */
  readonly zeroRowPulls: readonly {
    readonly what: string;
    readonly collector: string;
    readonly scope: string;
    readonly query: string;
    readonly from: string;
    readonly to: string;
    readonly at: string;
    readonly index: number;
  }[];
  /** DC9: changes of controls, in order. */
  readonly controlChanges: readonly {
    readonly control: string;
    readonly at: string;
    readonly change: string;
    readonly decision: number | null;
    readonly kind: DecisionType | null;
    readonly by: Actor | null;
  }[];
  /** Since the period's end, for the bridge letter: what changed, in sentences; null: nothing was looked at after the end. */
  readonly sinceEnd: { readonly through: string; readonly changes: readonly string[] } | null;
}

export interface AnsweredRequest {
  /** The auditor's own id. */
  readonly id: string;
  readonly description: string;
  readonly control: string | null;
  readonly evidence: string | null;
  readonly folder: BundlePath;
  readonly files: readonly BundlePath[];
  readonly state: 'submitted' | 'nothing-collected' | 'unknown-reference';
  readonly note: string;
}
