import { graphTypes } from '../../../src/access/graph/access-graph.ts';
import { actItems, actTypes } from '../../../src/access/separation/act-items.ts';
import { type DerivedInput, defineCollector } from '../../../src/authoring.ts';
import type { EntityClient } from '../client.ts';
import { draftDerived } from '../draft-derived.ts';
import { EntityAct, EntityActRule } from './resource.ts';

/**
 * Who did what one person must not do in one thing: wrote and approved, prepared and released, granted himself. Accounts of one person are one, and
 * of one whose person nobody can say nothing is said.
 */
export default defineCollector<EntityClient>({
  id: 'entity/acts',
  title: 'Acts in which duties that are to be kept apart meet',
  kind: 'state',
  scope: 'organisation',
  after: ['entity/people', 'entity/accounts'],
  member: ({ separation }) => separation !== null && separation !== undefined,
  yields: [EntityAct, EntityActRule],
  permissions: ['log:read'],
  items: {
    acts: { keep: ['*'], split: (output) => actItems(output as unknown as DerivedInput) },
  },
  collect: (client) => client.derive('acts', [...graphTypes, ...actTypes, 'entity.account', 'entity.person'], { decisive: actTypes }),
  normalise: (view) =>
    draftDerived(view, 'acts', {
      act: {
        type: EntityAct,
        id: (native) => view.id('act', native.slice(0, native.indexOf('/')), native.slice(native.indexOf('/') + 1)),
        display: ({ rule, on }) => `${rule}: ${on}`,
      },
      rule: { type: EntityActRule, id: (rule) => view.id('act-rule', rule), display: ({ rule }) => String(rule) },
    }),
});
