import { type DescribedReview, describeReviews } from '../../../access/reviews/describe-reviews.ts';
import { rosterTypes } from '../../../access/reviews/read-roster.ts';
import type { RecordedDecision } from '../../../model/decision.ts';
import type { LogReader } from '../../../model/log-reader.ts';
import { ReviewSettings } from '../../../model/review-settings.ts';
import { Statement } from '../../../model/statement.ts';
import { deriveInput } from '../../entity/derive-input.ts';
import { NotReadable } from '../../entity/log-as-of.ts';
import { FollowedLog } from '../../recompute/followed-log.ts';
import type { Registries } from '../../registries.ts';

export interface ReviewsRead {
  readonly asOf: string;
  readonly settings: ReviewSettings | null;
  readonly decisions: readonly RecordedDecision[];
  readonly described: readonly DescribedReview[];
  /** Why they could not be described; null: they were. */
  readonly unreadable: string | null;
}

/**
 * Every review as it stood when the entity was last read: decisions up to the log's end, rosters as they were last seen. Of the log only the
 * entity's own collections are followed.
 * @param entity `entity:northwind-payroll`
 */
export function readReviews(reader: LogReader, registries: Registries, entity: string): ReviewsRead {
  const followed = new FollowedLog(reader, registries);
  let asOf = '';
  for (const { index, bytes } of reader.entries()) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isPlan = text.includes('"kind":"plan"');
    if (!isPlan && !text.includes('"collector":"entity/')) continue;
    const statement = Statement.safeParse(JSON.parse(text.toString('utf8'))).data;
    if (statement?.kind === 'plan') followed.plan(index);
    if (statement?.kind !== 'collection' || statement.source !== entity) continue;
    followed.collection(statement, index);
    asOf = statement.finishedAt;
  }
  try {
    const types = [...rosterTypes, 'entity.review-line'];
    const { input } = deriveInput(followed.asOf(reader.size()), registries, { entity, at: asOf, types });
    const settings = ReviewSettings.safeParse(input.settings['reviews']).data ?? null;
    return { asOf, settings, decisions: input.decisions, described: settings === null ? [] : describeReviews(input), unreadable: null };
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return { asOf, settings: null, decisions: [], described: [], unreadable: error.message };
  }
}
