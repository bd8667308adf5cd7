import type { Normalised } from '../../collect/normalise-items.ts';
import type { Collector } from '../../model/collector.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import type { OpenedBlob } from '../../model/log-reader.ts';
import type { PlanDetail } from '../../model/plan.ts';
import type { ReadResource } from '../../model/resource.ts';
import type { Sealed } from '../../store/contract.ts';
import type { SourceMember } from '../source-access.ts';

export type ToldMember = Pick<SourceMember, 'id' | 'tenant' | 'settings'>;

/**
 * What a log says up to one of its entries, as far as what is worked out of it has to know. There are two: a store to which collections are
 * being sealed, and a log that somebody follows from its beginning to make the same again.
 */
export interface LogAsOf {
  /** How many entries were read. */
  readonly through: number;
  /** The plan in force. */
  readonly plan: PlanDetail;
  /** Every decision that counts, in the order of the log; the same list while there is no other decision. */
  readonly decisions: readonly RecordedDecision[];
  /** The latest collection of every collector and scope of an account or organisation. */
  latest(member: string): readonly Sealed<'collection'>[];
  /** The latest evaluation of an account or organisation. */
  evaluation(member: string): Sealed<'evaluation'> | undefined;
  blob(commitment: string): OpenedBlob | undefined;
  /** What a collection comes to; the same object while it comes to the same. @throws NotReadable */
  read(collector: Collector<never>, collection: Sealed<'collection'>, member: ToldMember): Normalised;
  /** The collections of a record of events whose windows end after `since`, oldest first. @throws NotReadable */
  windows(collector: Collector<never>, member: string, since: string): readonly EventWindowRead[];
}

/** What one window of a source's record of events came to. */
export interface EventWindowRead {
  /** Log index of its collection. */
  readonly index: number;
  readonly scope: string;
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  readonly resources: readonly ReadResource[];
  readonly incomplete: Normalised['incomplete'];
}

/** What would have to be read is not there: erased, kept back, or before the part of the log that is at hand. */
export class NotReadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotReadable';
  }
}
