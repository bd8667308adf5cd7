import { lineState } from '../../access/reviews/describe-reviews.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { openReviews, reviewNamed, sealReviewSettings } from './open-reviews.ts';
import { by } from './start-review.ts';

interface CloseRequest extends DecidedBy {
  readonly review: string;
  readonly reason: string;
}

/**
 * Closes a review: every line is decided, and a later roster shows that what was taken away is gone.
 * @throws ProoflineError `usage` with everything that is open, `not-found`
 */
export async function closeReview(app: Composition, store: Store, request: CloseRequest): Promise<RecordedDecision> {
  await sealReviewSettings(app, store, request);
  const opened = await openReviews(app, store);
  const review = reviewNamed(opened, request.review);
  const { followed = [] } = opened.described.find(({ id }) => id === request.review) ?? {};
  const left = review.record.count - review.decided.size;
  const open = followed.flatMap((line) => {
    const state = lineState(line, opened.at);
    if (line.decision === 'exception' || state === 'shown' || state === 'replaced') return [];
    const why =
      state === 'unknown' ? `nobody knows whether it is gone: ${line.unknownBecause ?? ''}` : `it is still there (by ${line.due})`;
    return [{ path: line.line, message: `${line.decision} at ${line.decidedAt}: ${why}` }];
  });
  const problems = [
    ...(review.closed === null ? [] : [{ message: `it was closed at ${review.closed.at}, by entry ${review.closed.entry}` }]),
    ...(left === 0 ? [] : [{ message: `${left} of ${review.record.count} lines are undecided` }]),
    ...open,
  ];
  if (problems.length > 0) throw new ProoflineError('usage', `the review ${request.review} cannot be closed`, { problems });
  return await recordDecision(app, store, {
    payload: { type: 'close-review', review: request.review },
    reason: request.reason,
    ...by(request),
  });
}
