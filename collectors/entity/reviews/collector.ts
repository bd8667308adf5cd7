import { rosterTypes } from '../../../src/access/reviews/read-roster.ts';
import { reviewItems } from '../../../src/access/reviews/to-items.ts';
import { type DerivedInput, defineCollector, unread, z } from '../../../src/authoring.ts';
import { GapReason } from '../../../src/model/completeness.ts';
import type { EntityClient } from '../client.ts';
import { EntityReview, EntityReviewLine } from './resource.ts';

const operation = 'reviews';
const { present: _present, ...line } = EntityReviewLine.shape;
const body = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('review'), ...EntityReview.shape }),
  z.strictObject({
    kind: z.literal('line'),
    ...line,
    presence: z.enum(['present', 'absent', 'unknown']),
    unknownBecause: GapReason.nullable(),
    state: z.string(),
  }),
]);

/**
 * Every access review that was due within the last 400 days, the one that runs, and the lines that have to be followed up, worked out of the
 * decisions in the log and the rosters of now. What the rosters do not show whole leaves a line unknown, and no review unread.
 */
export default defineCollector<EntityClient>({
  id: 'entity/reviews',
  title: 'Access reviews and what became of their decisions',
  kind: 'state',
  scope: 'organisation',
  member: ({ reviews }) => reviews !== null && reviews !== undefined,
  after: ['entity/people', 'entity/accounts', 'entity/entitlements', 'entity/separations'],
  yields: [EntityReview, EntityReviewLine],
  permissions: ['log:read'],
  items: { [operation]: { keep: ['*'], split: (output) => reviewItems(output as unknown as DerivedInput) } },
  async *collect(client) {
    yield* client.derive(operation, [...rosterTypes, EntityReviewLine.type], { decisive: [] });
  },
  normalise: (view) =>
    view.each(operation, body, (found) => {
      if (found.kind === 'review') {
        const { kind: _, ...fields } = found;
        return EntityReview.draft({ id: view.id('review', found.review), display: found.review }, fields);
      }
      const { kind: _, presence, unknownBecause, state: _state, ...fields } = found;
      return EntityReviewLine.draft(
        {
          id: view.id('review-line', found.review, found.line),
          display: `${found.decision} of ${found.entitlement} from ${found.account}`,
        },
        { ...fields, present: presence === 'unknown' ? unread(unknownBecause ?? 'not-collected') : presence === 'present' },
      );
    }),
});
