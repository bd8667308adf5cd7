import { type DescribedReview, lineState } from '../../../access/reviews/describe-reviews.ts';
import { segment } from '../../../bundle/documents/paths.ts';
import type { BundleReview, ReviewsPack } from '../../../model/entity-pack.ts';
import { packFiles, ratesOf } from '../../reviews/review-pack.ts';
import type { ReviewsRead } from './read-reviews.ts';

/** Days, both included, and the same as times. */
interface Days {
  readonly start: string;
  readonly end: string;
  readonly from: string;
  readonly to: string;
}
export const reviewFolder = (review: string): string => `access-reviews/${segment(review)}`;

/**
 * A review is a period's when its occasion lies in it at least in part, when it was due or anything was done of it in it, and when it was due before
 * and nobody has begun it to this day: of the period that is a failure too.
 */
export function isOfPeriod({ occasion, steps, judged }: Pick<DescribedReview, 'occasion' | 'steps' | 'judged'>, period: Days): boolean {
  const { from, to, due } = occasion;
  if (from > period.end) return false;
  const isWithin = (at: string): boolean => at >= period.from && at < period.to;
  return to > period.start || isWithin(due) || steps.some(({ at }) => isWithin(at)) || (judged === null && due < period.to);
}

/** The reviews of a period, begun or not. `unpackable`: of which reviews the frozen lines cannot be made again, and why. */
export function reviewsPack(
  read: ReviewsRead,
  period: Days,
  { unpackable, masked }: { readonly unpackable: ReadonlyMap<string, string>; readonly masked: boolean },
): ReviewsPack {
  const described = new Set(read.described.map(({ id }) => id));
  return {
    asOf: read.asOf,
    unreadable: read.unreadable,
    undescribed: read.decisions.flatMap(({ payload, at, actor, index }) =>
      payload.type === 'start-review' && !described.has(payload.review.id) && at >= period.from && at < period.to
        ? [{ review: payload.review.id, at, by: actor.name, entry: index }]
        : [],
    ),
    reviews: read.described
      .filter((review) => isOfPeriod(review, period))
      .map((review) => bundleReview(review, read.asOf, unpackable.get(review.id) ?? null, masked)),
  };
}

function bundleReview(review: DescribedReview, at: string, packMissing: string | null, masked: boolean): BundleReview {
  const { id, definition, occasion, judged } = review;
  return {
    review: id,
    title: definition.title,
    controls: definition.controls,
    from: occasion.from,
    to: occasion.to,
    due: occasion.due,
    lateAfter: occasion.lateAfter,
    state: review.state,
    steps: review.steps.map(({ state, at: reached, entry, by }) => ({ state, at: reached, entry, by })),
    frozen: judged === null ? null : { lines: judged.record.count, digest: judged.record.digest, entry: judged.started.entry },
    systems: (judged?.record.systems ?? []).map(({ system, accounts, lines, complete, since }) => ({
      system,
      accounts,
      lines,
      complete,
      since:
        since === null
          ? 'the first review of it'
          : `${since.added} added, ${since.removed} removed, ${since.unchanged} unchanged since ${since.review}`,
    })),
    notReviewed: review.notReviewed,
    doubts: review.doubts,
    metrics: { ...review.metrics, ...ratesOf(review) },
    followed: review.followed.map((line) => ({
      line: line.line,
      account: line.account,
      entitlement: line.entitlement,
      decision: line.decision,
      decidedAt: line.decidedAt,
      by: line.by,
      due: line.due,
      state: lineState(line, at),
      goneBy: line.goneBy,
      usedSince: line.usedSince,
    })),
    notCounted: review.voids.map(({ entry, at: when, by, what, rule, line, says }) => ({ entry, at: when, by, what, rule, line, says })),
    files: judged === null || packMissing !== null ? [] : packFiles(masked).map((name) => `${reviewFolder(id)}/${name}`),
    packMissing,
  };
}
