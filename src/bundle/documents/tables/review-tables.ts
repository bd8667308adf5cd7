import type { BundleReview, ReviewsPack } from '../../../model/entity-pack.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { type Local, timeColumns } from './time-columns.ts';

/** When a state was reached, and by whom; null: it was not. */
export const stepOf = ({ steps }: Pick<BundleReview, 'steps'>, state: string): BundleReview['steps'][number] | null =>
  steps.find((step) => step.state === state) ?? null;

const metrics: readonly (readonly [header: string, metric: string])[] = [
  ['lines', 'lines'],
  ['assigned', 'assigned'],
  ['decided', 'decided'],
  ['decided_on_time', 'decidedOnTime'],
  ['kept', 'keep'],
  ['to_be_modified', 'modify'],
  ['revoked', 'revoke'],
  ['excepted', 'exception'],
  ['shown_to_be_gone', 'shown'],
  ['still_there_in_time', 'open'],
  ['still_there_past_its_time', 'overdue'],
  ['could_not_be_told', 'unknown'],
  ['exceptions_past_their_end', 'exceptionsPast'],
  ['self_reviews_blocked', 'selfReviewsBlocked'],
  ['entries_not_counted', 'notCounted'],
  ['decisions_not_authenticated', 'notAuthenticated'],
  ['median_seconds_a_line', 'medianSeconds'],
];

/** Registers of access reviews, by the name of their file. */
export function reviewTables({ reviews }: ReviewsPack, local: Local): Readonly<Record<string, AnyTable>> {
  type Followed = BundleReview['followed'][number] & { readonly review: string };
  type Void = BundleReview['notCounted'][number] & { readonly review: string };
  return {
    'access-reviews': asTable<BundleReview>({
      name: 'Access reviews',
      columns: [
        column('review', 36, (one) => one.review),
        column('title', 50, (one) => one.title),
        column('controls', 20, (one) => list(one.controls)),
        column('about_from', 14, (one) => one.from),
        column('about_until', 14, (one) => one.to),
        ...timeColumns<BundleReview>('due', local, (one) => one.due),
        column('held', 12, (one) => (one.frozen === null ? 'never begun' : one.state)),
        ...timeColumns<BundleReview>('roster_frozen', local, (one) => stepOf(one, 'frozen')?.at ?? null),
        ...timeColumns<BundleReview>('all_assigned', local, (one) => stepOf(one, 'assigned')?.at ?? null),
        ...timeColumns<BundleReview>('all_decided', local, (one) => stepOf(one, 'decided')?.at ?? null),
        ...timeColumns<BundleReview>('closed', local, (one) => stepOf(one, 'closed')?.at ?? null),
        column('roster_digest', 74, (one) => one.frozen?.digest ?? null),
        column('roster_log', 10, (one) => one.frozen?.entry ?? null),
        column('systems', 40, (one) => list(one.systems.map(({ system, complete }) => (complete ? system : `${system} (not seen whole)`)))),
        column('systems_not_reviewed', 40, (one) => list(one.notReviewed)),
        column('doubts_about_the_roster', 50, (one) => list(one.doubts)),
        ...metrics.map(([header, metric]) => column<BundleReview>(header, 12, (one) => one.metrics[metric] ?? null)),
        column('folder', 50, (one) => one.files[0]?.replace(/\/[^/]*$/, '') ?? null),
        column('pack_missing', 50, (one) => one.packMissing),
      ],
      rows: reviews,
    }),
    'access-review-remediation': asTable<Followed>({
      name: 'Remediation',
      columns: [
        column('review', 36, (one) => one.review),
        column('line', 60, (one) => one.line),
        column('account', 50, (one) => one.account),
        column('entitlement', 24, (one) => one.entitlement),
        column('decision', 12, (one) => one.decision),
        ...timeColumns<Followed>('decided', local, (one) => one.decidedAt),
        column('decided_by', 34, (one) => one.by),
        ...timeColumns<Followed>('due', local, (one) => one.due),
        column('state', 14, (one) => one.state),
        ...timeColumns<Followed>('shown_to_be_gone', local, (one) => one.goneBy),
        ...timeColumns<Followed>('used_after_the_decision', local, (one) => one.usedSince),
      ],
      rows: reviews.flatMap(({ review, followed }) => followed.map((line) => ({ review, ...line }))),
    }),
    'access-review-not-counted': asTable<Void>({
      name: 'What does not count',
      columns: [
        column('review', 36, (one) => one.review),
        column('log', 10, (one) => one.entry),
        ...timeColumns<Void>('at', local, (one) => one.at),
        column('by', 34, (one) => one.by),
        column('what', 14, (one) => one.what),
        column('rule', 18, (one) => one.rule),
        column('line', 60, (one) => one.line),
        column('because', 60, (one) => one.says),
      ],
      rows: reviews.flatMap(({ review, notCounted }) => notCounted.map((one) => ({ review, ...one }))),
    }),
  };
}
