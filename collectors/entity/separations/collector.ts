import { graphTypes } from '../../../src/access/graph/access-graph.ts';
import { separationItems } from '../../../src/access/separation/separation-items.ts';
import { type DerivedInput, defineCollector } from '../../../src/authoring.ts';
import type { EntityClient } from '../client.ts';
import { draftDerived } from '../draft-derived.ts';
import { EntitySeparation, EntitySeparationRule } from './resource.ts';

/**
 * Who can do what one person must not be able to do. Whom there is has to be seen whole, or somebody would be missing; what they can do and was not
 * seen is told of each rule and each person whom it leaves open.
 */
export default defineCollector<EntityClient>({
  id: 'entity/separations',
  title: 'Duties that are to be kept apart and who holds them',
  kind: 'roster',
  scope: 'organisation',
  after: ['entity/people', 'entity/accounts'],
  member: ({ separation }) => separation !== null && separation !== undefined,
  yields: [EntitySeparation, EntitySeparationRule],
  permissions: ['log:read'],
  items: {
    separations: { keep: ['*'], split: (output) => separationItems(output as unknown as DerivedInput) },
  },
  collect: (client) =>
    client.derive('separations', [...graphTypes, 'entity.account', 'entity.person'], { decisive: ['entity.account', 'entity.person'] }),
  normalise: (view) =>
    draftDerived(view, 'separations', {
      separation: {
        type: EntitySeparation,
        id: (native) => view.id('separation', ...ruleAndRest(native)),
        display: ({ rule, name }) => `${rule}: ${name}`,
      },
      rule: { type: EntitySeparationRule, id: (rule) => view.id('separation-rule', rule), display: ({ rule }) => String(rule) },
    }),
});

function ruleAndRest(native: string): [string, string] {
  const slash = native.indexOf('/');
  return [native.slice(0, slash), native.slice(slash + 1)];
}
