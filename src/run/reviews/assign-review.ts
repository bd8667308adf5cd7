import { fits, parseLineId } from '../../access/reviews/line-id.ts';
import { barFrom, findReviewer } from '../../access/reviews/who-reviews.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { refuseProblems } from '../decisions/period-bounds.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { frozenLines } from './frozen-lines.ts';
import { definitionNamed, type ReviewsInForce, reviewNamed, reviewsInForce, sealReviewSettings } from './open-reviews.ts';
import { by } from './start-review.ts';

interface AssignRequest extends DecidedBy {
  readonly review: string;
  /** In place of the route: this reviewer, for the lines of these systems (default all) or these very lines. */
  readonly to?: string | undefined;
  readonly systems?: readonly string[] | undefined;
  readonly lines?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}
interface AssignedReview {
  /** Null: there was nothing left to assign. */
  readonly decision: RecordedDecision | null;
  /** Lines by reviewer, as they were assigned now. */
  readonly assigned: ReadonlyMap<string, number>;
  /** Lines that went to somebody else since the one who would be asked is the one they concern. */
  readonly rerouted: number;
  /** Lines that nobody may be asked about, and why. */
  readonly unassigned: readonly { readonly line: string; readonly because: readonly string[] }[];
}

/**
 * Assigns the lines of a review: those that nobody has yet along their route, or to whom the request names. Nobody is ever asked about himself:
 * where the request names him, his own lines are recorded as an attempt that does not count, and the rest is refused.
 * @throws ProoflineError `not-found`, `usage`
 */
export async function assignReview(app: Composition, store: Store, request: AssignRequest): Promise<AssignedReview> {
  await sealReviewSettings(app, store, request);
  const opened = await reviewsInForce(app, store);
  const { settings, who, at } = opened;
  const review = reviewNamed(opened, request.review);
  if (review.closed !== null) refuseProblems([`the review ${request.review} is closed`]);
  const definition = definitionNamed(settings, review.record.definition);
  const lines = frozenLines(store, await app.registries(), review.record, app.configuration.store.data);
  if (request.to !== undefined) return await assignTo(app, store, request, request.to, opened, lines);
  const byReviewer = new Map<string, string[]>();
  const unassigned: AssignedReview['unassigned'][number][] = [];
  let rerouted = 0;
  for (const { id, account, person } of lines) {
    if (review.assigned.has(id)) continue;
    const { subjects } = parseLineId(id) ?? { subjects: [] };
    const found = findReviewer(who, definition, { account, subjects, person: person?.id ?? null }, at);
    if (found.rerouted) rerouted += 1;
    if (found.reviewer === null) unassigned.push({ line: id, because: found.because });
    else {
      const own = byReviewer.get(found.reviewer) ?? [];
      byReviewer.set(found.reviewer, own);
      own.push(id);
    }
  }
  const assignments = [...byReviewer].sort(([one], [other]) => (one < other ? -1 : 1)).map(([reviewer, own]) => ({ reviewer, lines: own }));
  const decision =
    assignments.length === 0
      ? null
      : await recordDecision(app, store, {
          payload: { type: 'assign-review', review: review.record.id, assignments },
          reason: request.reason ?? 'assigned along the route of the file of reviews',
          ...by(request),
        });
  return { decision, assigned: new Map(assignments.map(({ reviewer, lines: own }) => [reviewer, own.length])), rerouted, unassigned };
}

async function assignTo(
  app: Composition,
  store: Store,
  request: AssignRequest,
  to: string,
  { who, at }: ReviewsInForce,
  lines: ReturnType<typeof frozenLines>,
): Promise<AssignedReview> {
  const known = new Set(lines.map(({ id }) => id));
  refuseProblems((request.lines ?? []).filter((line) => !known.has(line)).map((line) => `there is no line "${line}" in ${request.review}`));
  const chosen = lines.filter(
    ({ id, system }) =>
      (request.lines === undefined || request.lines.includes(id)) &&
      (request.systems === undefined || request.systems.some((pattern) => fits(system, pattern))),
  );
  if (chosen.length === 0) refuseProblems(['no line of the review is of these systems']);
  const barred = chosen.flatMap(({ id, account }) => {
    const found = barFrom(who, to, { account, subjects: parseLineId(id)?.subjects ?? [] }, at);
    return found === null ? [] : [{ id, ...found }];
  });
  const himself = barred.filter(({ bar }) => bar === 'self-review').map(({ id }) => id);
  if (himself.length > 0)
    await recordDecision(app, store, {
      payload: { type: 'assign-review', review: request.review, assignments: [{ reviewer: to, lines: himself }] },
      reason: `an attempt, blocked: ${himself.length} lines concern "${to}" himself`,
      ...by(request),
    });
  if (barred.length > 0) {
    throw new ProoflineError('usage', `"${to}" may not be asked about ${barred.length} of these lines; ${blockedText(himself.length)}`, {
      problems: barred.slice(0, 50).map(({ id, says }) => ({ path: id, message: says })),
    });
  }
  const decision = await recordDecision(app, store, {
    payload: { type: 'assign-review', review: request.review, assignments: [{ reviewer: to, lines: chosen.map(({ id }) => id) }] },
    reason: request.reason ?? `assigned to ${to}`,
    ...by(request),
  });
  return { decision, assigned: new Map([[to, chosen.length]]), rerouted: 0, unassigned: [] };
}

/** What is said of attempts on one's own access. */
export function blockedText(count: number): string {
  return count === 0 ? 'nothing was recorded' : `the attempt on ${count === 1 ? 'one' : count} of his own is recorded and does not count`;
}
