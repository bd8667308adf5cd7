import { type JudgedReview, refusalOf } from '../../access/reviews/judge-reviews.ts';
import type { LineDecision, RecordedDecision } from '../../model/decision.ts';
import { type Problem, ProoflineError } from '../../model/errors.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { blockedText } from './assign-review.ts';
import { frozenLines } from './frozen-lines.ts';
import { type ReviewsInForce, reviewNamed, reviewsInForce, sealReviewSettings } from './open-reviews.ts';
import { by } from './start-review.ts';

export interface DecideRequest extends DecidedBy {
  readonly review: string;
  /** Id of the reviewer; who signs has to be the same. */
  readonly reviewer: string;
  readonly lines: readonly LineDecision[];
  /** SHA-256 (hex) of the file they came in. */
  readonly file?: string | null | undefined;
  readonly secondsPerLine?: number | null | undefined;
  readonly reason?: string | undefined;
  /** Where each line stands in the file it came in, for what is said of it. */
  readonly placeOf?: ((line: string) => Omit<Problem, 'message'>) | undefined;
}

/**
 * Records a reviewer's decisions line by line: all of them, or none. An attempt on his own access is recorded as such, counts for nothing, and
 * has everything else refused.
 * @param known what was read of the log just now, after the settings were sealed
 * @throws ProoflineError `usage` with every line that would not count and why, `not-found`
 */
export async function decideReview(
  app: Composition,
  store: Store,
  request: DecideRequest,
  known?: ReviewsInForce,
): Promise<RecordedDecision> {
  if (known === undefined) await sealReviewSettings(app, store, request);
  const opened = known ?? (await reviewsInForce(app, store));
  const review = reviewNamed(opened, request.review);
  const frozen = new Set(frozenLines(store, await app.registries(), review.record, app.configuration.store.data).map(({ id }) => id));
  const refused = refusalsOf(opened, review, request, frozen);
  const himself = refused.filter(({ rule }) => rule === 'self-review').map(({ said }) => said);
  const record = async (lines: readonly LineDecision[], reason: string) =>
    await recordDecision(app, store, {
      payload: {
        type: 'decide-review',
        review: review.record.id,
        lines: [...lines],
        file: request.file ?? null,
        secondsPerLine: request.secondsPerLine ?? null,
      },
      reason,
      ...by(request),
    });
  if (himself.length > 0) await record(himself, `an attempt, blocked: ${himself.length} lines concern "${request.reviewer}" himself`);
  if (refused.length > 0) {
    throw new ProoflineError(
      'usage',
      `${refused.length} of ${request.lines.length} decisions would not count; ${blockedText(himself.length)}`,
      {
        problems: refused
          .slice(0, mostProblems)
          .map(({ said, says }) => ({ path: said.line, ...request.placeOf?.(said.line), message: says })),
      },
    );
  }
  return await record(request.lines, request.reason ?? `decided by ${request.reviewer}`);
}
export const mostProblems = 200;

function refusalsOf(
  { who, at }: ReviewsInForce,
  review: JudgedReview,
  { reviewer, lines, signer }: DecideRequest,
  frozen: ReadonlySet<string>,
) {
  if (signer !== undefined && signer.person !== reviewer)
    throw new ProoflineError('usage', `"${signer.person}" cannot decide for "${reviewer}": nothing was recorded`);
  if (review.closed !== null) throw new ProoflineError('usage', `the review ${review.record.id} is closed: nothing was recorded`);
  if (lines.length === 0) throw new ProoflineError('usage', 'no line is decided: nothing was recorded');
  const seen = new Set<string>();
  return lines.flatMap((said) => {
    const twice = seen.has(said.line) ? ({ rule: 'twice', says: 'the line is decided twice' } as const) : null;
    seen.add(said.line);
    const refusal = twice ?? refusalOf(review, who, reviewer, said, at, frozen);
    return refusal === null ? [] : [{ said, ...refusal }];
  });
}
