import { graphTypes } from '../../../src/access/graph/access-graph.ts';
import { entitlementItems } from '../../../src/access/graph/entitlement-items.ts';
import { type DerivedInput, defineCollector } from '../../../src/authoring.ts';
import type { EntityClient } from '../client.ts';
import { draftDerived } from '../draft-derived.ts';
import { EntityEntitlement, EntityEntitlements } from './resource.ts';

/** What every account of every source is given, one grant at a time, and by which way. */
export default defineCollector<EntityClient>({
  id: 'entity/entitlements',
  title: 'What accounts of all systems are given',
  kind: 'roster',
  scope: 'organisation',
  after: ['entity/people', 'entity/accounts'],
  member: ({ people }) => people !== null && people !== undefined,
  yields: [EntityEntitlement, EntityEntitlements],
  permissions: ['log:read'],
  items: {
    entitlements: { keep: ['*'], split: (output) => entitlementItems(output as unknown as DerivedInput) },
  },
  collect: (client) => client.derive('entitlements', ['entity.account', ...graphTypes]),
  normalise: (view) =>
    draftDerived(view, 'entitlements', {
      entitlement: {
        type: EntityEntitlement,
        id: (entitlement) => view.id('entitlement', entitlement),
        display: ({ path, permission, on }) => `${nameOf(path)}: ${permission}${on === null ? '' : ` on ${on}`}`,
      },
      entitlements: { type: EntityEntitlements, id: () => view.id('entitlements'), display: 'what all accounts are given' },
    }),
});

function nameOf(path: unknown): string {
  const [first] = Array.isArray(path) ? (path as { readonly name?: unknown }[]) : [];
  return typeof first?.name === 'string' ? first.name : '';
}
