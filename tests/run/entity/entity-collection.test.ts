import { expect, test } from 'vitest';
import { EntityToys, toyEntity, toyResults } from './entity-kit.ts';
import { toyParts, toySeeds } from './toy-dataset.ts';

const toys = () => new EntityToys({ ...toyParts, seeds: toySeeds(), events: ['github.change'] });

test('what the sources held is worked out, sealed and judged in the run that read them, and a later dataset reads the earlier', async () => {
  const house = toys();
  const run = await house.run();
  expect(run.complete).toBe(true);
  expect(run.members.map(({ source }) => source)).toEqual(['tabular:hr.people', 'okta:acme', 'github:9919', toyEntity]);
  expect(await toyResults(house)).toMatchObject({
    [`entity/toy-person-has-login ${toyEntity}/person/tabular:hr.people/row/E-1`]: 'pass: The person has one login',
    [`entity/toy-person-has-login ${toyEntity}/person/tabular:hr.people/row/E-2`]: 'fail: 0 logins',
    [`entity/toy-someone-is-there ${toyEntity}/sum`]: 'pass: There are persons',
  });
});
