import type { z } from 'zod';
import type { GapReason } from './completeness.ts';

/** A field that could not be read. A check that looks at one gives `no-evidence`, whatever it would have said. */
export class Unread {
  readonly reason: GapReason;
  constructor(reason: GapReason) {
    this.reason = reason;
  }
}
/** Something that was read, or why it was not. */
export type Reading<T> = T | Unread;

export type Shape = Record<string, z.ZodType>;

/** What every resource has beside its own fields. */
export interface ResourceBase {
  /** Immutable: source, scope and the source's own id (`aws:111122223333/iam-user/AIDA...`). */
  readonly id: string;
  /** What a person calls it; may change. */
  readonly display: string;
}
/** What a resource is made with: tags say whose it is, and no check sees them. */
export interface DraftBase extends ResourceBase {
  readonly tags?: Readonly<Record<string, string>>;
}
export type ResourceFields<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]> };
export type Resource<S extends Shape = Shape> = ResourceBase & ResourceFields<S>;

/** What `normalise` returns: a resource in which any field may be `Unread`. Validated field by field afterwards. */
export interface ResourceDraft {
  readonly type: string;
  readonly id: string;
  readonly display: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A typed noun: what a check may take as its subject. One per `resource.ts`, or a few that one reply yields. */
export interface ResourceType<S extends Shape = Shape> {
  /** `aws.s3.bucket`: source, service, noun. */
  readonly type: string;
  readonly title: string;
  readonly shape: S;
  /**
   * True for a parent that always exists (account, region, organisation) and sums over a population.
   * From an incomplete population nothing may be summed, so it is not judged then.
   */
  readonly aggregate: boolean;
  /**
   * Every change event that can alter what checks see of it (`cloudtrail.amazonaws.com:StopLogging`, `github:protected_branch.update`). With
   * a complete record of these, a state between two equal readings is corroborated; without the list it never is.
   */
  readonly changedBy?: readonly string[];
  /** Builds a draft; throws nothing, checks nothing. */
  draft(base: DraftBase, fields: { [K in keyof S]: Reading<z.input<S[K]>> }): ResourceDraft;
}

/** A resource after validation: good fields, and for each field that is not there the reason. */
export interface ReadResource {
  readonly type: string;
  readonly id: string;
  readonly display: string;
  /** As its source has them, where its collector reads any: whose it is, and nothing that is judged. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly unread: Readonly<Record<string, GapReason>>;
}
