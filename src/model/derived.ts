import type { GapReason } from './completeness.ts';
import type { RecordedDecision } from './decision.ts';
import type { JsonObject } from './json.ts';
import type { Outcome } from './outcome.ts';
import type { ReadResource } from './resource.ts';

/**
 * What the entity as a whole comes to (people, separations of duties, reviews, records) is worked out of what was sealed of many sources.
 * The log is the source it is read from: a collector of `collectors/entity` asks for types, is answered with a DerivedInput, and its
 * `split`, a pure function of that and nothing else, makes the items that are sealed. So anybody who has the log makes them again.
 */
export interface DerivedInput {
  /** Id of the member: `entity:northwind-payroll`. */
  readonly entity: string;
  /** ISO-8601 UTC: when it was read. The clock of everything that is worked out; time passes between two readings of the same log. */
  readonly at: string;
  /** How many entries of the log were read. */
  readonly through: number;
  /** What the configuration says of people, duties, reviews, records and documents: EntitySettings, as sealed in the plan. */
  readonly settings: JsonObject;
  /** Per asked type, member and scope the latest collection that looked for it. */
  readonly seen: readonly SeenType[];
  /** Asked types that should have been looked for and never were (`not-collected`), by member. */
  readonly missing: readonly { readonly type: string; readonly member: string; readonly reason: GapReason }[];
  /** Asked types that nothing that is configured reads: neither none nor unknown, but not connected. */
  readonly notConnected: readonly string[];
  /** Of change records among the asked types: what windows of the last days brought, oldest first, each event once. */
  readonly events: readonly SeenType[];
  /** The decisions that count, in the order of the log. */
  readonly decisions: readonly RecordedDecision[];
  /** Of the checks that mitigations name: what each said last, by source and subject. Absent: nobody has looked, and none of them passes. */
  readonly results?: readonly LatestResult[];
}

/** What a check last said of one subject. */
export interface LatestResult {
  readonly check: string;
  /** `aws:111122223333`. */
  readonly source: string;
  readonly subject: string;
  readonly outcome: Outcome;
  /** ISO-8601 UTC: what was judged was so at that time. */
  readonly asOf: string;
  /** Log index of the evaluation. */
  readonly index: number;
  /** ISO-8601 UTC: from when on it has to be judged again; null: it holds while nothing changes. */
  readonly until: string | null;
}

/** Where the log says it is: no host of a network. */
export const logHost = 'log';

/** What one collection saw of one type. */
export interface SeenType {
  readonly type: string;
  /** `github:9919`, and the scope within it where there is one. */
  readonly member: string;
  readonly scope: string;
  readonly collector: string;
  /** Log index of the collection. */
  readonly index: number;
  /** ISO-8601 UTC. */
  readonly asOf: string;
  readonly resources: readonly ReadResource[];
  /** Why there may be more of them; null: all of them were seen, and lately enough. */
  readonly incomplete: GapReason | null;
}
