import { peopleItems } from '../../../src/access/people/people-items.ts';
import { rosterTypes } from '../../../src/access/people/roster-rows.ts';
import { type DerivedInput, defineCollector } from '../../../src/authoring.ts';
import type { EntityClient } from '../client.ts';
import { draftDerived } from '../draft-derived.ts';
import { EntityMove, EntityPerson, EntityRoster } from './resource.ts';

/**
 * Everybody the rosters have. It reads what it made itself the time before: who vanished since, what changed, and what was known of people
 * whom no roster has any more.
 */
export default defineCollector<EntityClient>({
  id: 'entity/people',
  title: 'People: rosters, joiners, movers and leavers',
  kind: 'roster',
  scope: 'organisation',
  member: ({ people }) => people !== null && people !== undefined,
  yields: [EntityPerson, EntityMove, EntityRoster],
  permissions: ['log:read'],
  items: {
    people: { keep: ['*'], volatile: ['seen', 'rosters'], split: (output) => peopleItems(output as unknown as DerivedInput) },
  },
  collect: (client) => client.derive('people', [...rosterTypes, 'entity.person', 'entity.move'], { decisive: ['hr.person'] }),
  normalise: (view) =>
    draftDerived(view, 'people', {
      person: { type: EntityPerson, id: (person) => view.id('person', person), display: ({ name, person }) => String(name || person) },
      move: {
        type: EntityMove,
        id: (move) => view.id('move', move),
        display: ({ name, kind, day, at }) => `${name}, ${kind} ${day ?? String(at).slice(0, 10)}`,
      },
      roster: { type: EntityRoster, id: () => view.id('roster'), display: 'rosters of people' },
    }),
});
