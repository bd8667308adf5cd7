import type { DescribedReview } from '../../access/reviews/describe-reviews.ts';
import { remindsToday, undecidedBy } from '../../access/reviews/describe-reviews.ts';
import { parseLineId } from '../../access/reviews/line-id.ts';
import { toLines } from '../../access/reviews/to-lines.ts';
import { findReviewer, reviews } from '../../access/reviews/who-reviews.ts';
import type { OpenedReviews } from './open-reviews.ts';

/** Who would be asked, were the roster frozen now. */
interface PreviewedReview {
  readonly lines: number;
  readonly reviewers: ReadonlyMap<string, number>;
  readonly unassigned: readonly { readonly line: string; readonly because: readonly string[] }[];
}

/** What a review that is not begun would come to, over the rosters as they were last collected. */
export function previewReview({ settings, roster, who, at }: OpenedReviews, { definition }: DescribedReview): PreviewedReview {
  const lines = toLines(roster, (system) => reviews(definition, settings, system));
  const reviewers = new Map<string, number>();
  const unassigned: PreviewedReview['unassigned'][number][] = [];
  for (const { id, account, person } of lines) {
    const { subjects } = parseLineId(id) ?? { subjects: [] };
    const { reviewer, because } = findReviewer(who, definition, { account, subjects, person: person?.id ?? null }, at);
    if (reviewer === null) unassigned.push({ line: id, because });
    else reviewers.set(reviewer, (reviewers.get(reviewer) ?? 0) + 1);
  }
  return { lines: lines.length, reviewers: new Map([...reviewers].sort()), unassigned };
}

/** Somebody who has lines to decide. */
interface Reminder {
  readonly review: string;
  readonly title: string;
  readonly due: string;
  readonly overdue: boolean;
  readonly reviewer: string;
  readonly name: string;
  readonly email: string | null;
  readonly lines: number;
}

/** Whom to remind: on the days the file of reviews names, and on every day once a review is overdue; `all`: whatever the day. */
export function remindersOf({ described, who, at, settings }: OpenedReviews, all: boolean): readonly Reminder[] {
  return described.flatMap((review) => {
    if (review.judged === null || review.judged.closed !== null) return [];
    if (!all && !remindsToday(review, at, settings.zone)) return [];
    return [...undecidedBy(review.judged)].map(([reviewer, lines]) => ({
      review: review.id,
      title: review.definition.title,
      due: review.occasion.due,
      overdue: at >= review.occasion.due,
      reviewer,
      name: who.registered.get(reviewer)?.name ?? reviewer,
      email: who.registered.get(reviewer)?.email ?? null,
      lines,
    }));
  });
}
