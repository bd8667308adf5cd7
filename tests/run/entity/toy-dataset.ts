import type { EntityClient } from '../../../collectors/entity/client.ts';
import { type DerivedInput, defineCheck, defineCollector, defineResource, exampleAsOf, fail, pass, z } from '../../../src/authoring.ts';
import type { ReadResource } from '../../../src/model/resource.ts';

/** A dataset of the entity as small as one can be: persons by a roster, and per person how many logins his name has. */
export const ToyPerson = defineResource({
  type: 'entity.toy-person',
  title: 'Person',
  shape: { name: z.string(), logins: z.array(z.string()), days: z.int() },
});
export const ToySum = defineResource({
  type: 'entity.toy-sum',
  title: 'All persons',
  aggregate: true,
  shape: { persons: z.int(), changes: z.array(z.string()), decisions: z.int() },
});

const text = (resource: ReadResource, field: string): string => String(resource.fields[field]);
export const toyPersons = defineCollector<EntityClient>({
  id: 'entity/toy-persons',
  title: 'Persons',
  kind: 'roster',
  scope: 'organisation',
  yields: [ToyPerson],
  permissions: ['log:read'],
  items: {
    persons: {
      keep: ['*'],
      split: (output) => {
        const { seen, at } = output as unknown as DerivedInput;
        const of = (type: string) => seen.filter((one) => one.type === type).flatMap(({ resources }) => resources);
        const byName = Map.groupBy(of('okta.user'), (user) => text(user, 'name'));
        return of('hr.person').map((person) => ({
          subject: person.id,
          body: {
            name: text(person, 'name'),
            since: text(person, 'startsOn'),
            logins: (byName.get(text(person, 'name')) ?? []).map(({ id }) => id),
            days: Math.floor((Date.parse(at) - Date.parse(text(person, 'startsOn'))) / 86_400_000),
          },
        }));
      },
    },
  },
  collect: (client) => client.derive('persons', ['hr.person', 'okta.user']),
  normalise: (view) =>
    view.each(
      'persons',
      z.object({ name: z.string(), logins: z.array(z.string()), days: z.int() }),
      ({ name, logins, days }, { subject }) =>
        ToyPerson.draft({ id: view.id('person', subject ?? ''), display: name }, { name, logins, days }),
    ),
});

/** Reads what the first dataset made in the same run, and changes of the last days. */
export const toySums = defineCollector<EntityClient>({
  id: 'entity/toy-a-sum',
  title: 'All persons',
  kind: 'state',
  scope: 'organisation',
  after: ['entity/toy-persons'],
  yields: [ToySum],
  permissions: ['log:read'],
  items: {
    sum: {
      keep: ['*'],
      split: (output) => {
        const { seen, events, decisions } = output as unknown as DerivedInput;
        const persons = seen.flatMap(({ type, resources }) => (type === 'entity.toy-person' ? resources : []));
        const changes = events.flatMap(({ resources }) => resources.map(({ id }) => id));
        return [{ subject: 'all', body: { persons: persons.length, changes, decisions: decisions.length } }];
      },
    },
  },
  collect: (client) => client.derive('sum', ['entity.toy-person', 'github.change']),
  normalise: (view) =>
    view.each('sum', z.object({ persons: z.int(), changes: z.array(z.string()), decisions: z.int() }), (sum) =>
      ToySum.draft({ id: view.id('sum'), display: 'all' }, sum),
    ),
});

const base = {
  severity: 'high' as const,
  rationale: 'because',
  remediation: { console: 'mend', cli: 'mend', terraform: 'mend' },
  references: [],
  parameters: z.object({}),
};
export const personHasLogin = defineCheck({
  ...base,
  id: 'entity/toy-person-has-login',
  claim: 'The person has one login',
  subject: ToyPerson,
  test: ({ logins }) => (logins.length === 1 ? pass('one') : fail(`${logins.length} logins`)),
  examples: {
    pass: { one: { id: 'entity:toys/person/1', display: 'Ada', name: 'Ada', logins: ['okta:acme/user/1'], days: 1 } },
    fail: { none: { id: 'entity:toys/person/1', display: 'Ada', name: 'Ada', logins: [], days: 1 } },
  },
});
export const someoneIsThere = defineCheck({
  ...base,
  id: 'entity/toy-someone-is-there',
  claim: 'There are persons',
  subject: ToySum,
  test: ({ persons }) => (persons > 0 ? pass('some') : fail('nobody')),
  examples: {
    pass: { some: { id: 'entity:toys/sum', display: 'all', persons: 1, changes: [], decisions: 0 } },
    fail: { none: { id: 'entity:toys/sum', display: 'all', persons: 0, changes: [], decisions: 0 } },
  },
});

/** A day before the toy clock begins. */
export const dayBefore = new Date(Date.parse(exampleAsOf) - 86_400_000).toISOString().slice(0, 10);
export const toyParts = { collectors: [toyPersons, toySums], checks: [personHasLogin, someoneIsThere] };
export const toySeeds = () => ({
  'tabular:hr.people': {
    'hr.person': [
      { id: 'tabular:hr.people/row/E-1', name: 'Ada', startsOn: dayBefore },
      { id: 'tabular:hr.people/row/E-2', name: 'Bob', startsOn: dayBefore },
    ],
  },
  'okta:acme': { 'okta.user': [{ id: 'okta:acme/user/u1', name: 'Ada' }] },
  'github:9919': { 'github.change': [{ id: 'github:9919/change/1', at: `${dayBefore}T20:00:00.000Z` }] },
});
