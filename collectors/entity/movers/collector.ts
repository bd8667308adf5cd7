import { moverItems } from '../../../src/access/people/mover-items.ts';
import { type DerivedInput, defineCollector } from '../../../src/authoring.ts';
import type { EntityClient } from '../client.ts';
import { draftDerived } from '../draft-derived.ts';
import { EntityMover } from './resource.ts';

/** What people held who changed role, and what became of it since. It reads what it made itself the time before. */
export default defineCollector<EntityClient>({
  id: 'entity/movers',
  title: 'People who changed role and what they held before',
  kind: 'state',
  scope: 'organisation',
  after: ['entity/people', 'entity/accounts', 'entity/entitlements'],
  member: ({ people }) => people !== null && people !== undefined,
  yields: [EntityMover],
  permissions: ['log:read'],
  items: { movers: { keep: ['*'], split: (output) => moverItems(output as unknown as DerivedInput) } },
  // Whom the roster does not show to have moved is seen by the check of the roster itself.
  collect: (client) =>
    client.derive(
      'movers',
      ['entity.person', 'entity.move', 'entity.account', 'entity.entitlement', 'entity.mover', 'ticket.access-request'],
      { decisive: ['entity.move'] },
    ),
  normalise: (view) =>
    draftDerived(view, 'movers', {
      mover: {
        type: EntityMover,
        id: (mover) => view.id('mover', mover),
        display: ({ name, movedAt }) => `${name}, ${String(movedAt).slice(0, 10)}`,
      },
    }),
});
