import { expect, test } from 'vitest';
import shippedChecks from '../../../checks/index.generated.ts';
import type { EntityClient } from '../../../collectors/entity/client.ts';
import shippedCollectors from '../../../collectors/index.generated.ts';
import type { Collector } from '../../../src/authoring.ts';
import { loadFrameworks } from '../../../src/config/frameworks.ts';
import { libraryDirectory } from '../../../src/config/library-directory.ts';
import { loadEntitySettings } from '../../../src/config/load-entity-settings.ts';
import { PeopleSettings } from '../../../src/config/people-settings.ts';
import { recomputeDerived } from '../../../src/run/recompute/recompute-derived.ts';
import { sourceKindOf } from '../../../src/run/registries.ts';
import { EntityToys, toyEntity } from './entity-kit.ts';

const ofEntity = <U extends { readonly id: string }>(units: readonly U[]) => units.filter((unit) => sourceKindOf(unit) === 'entity');
const person = (id: string, name: string, more: object = {}) => ({
  id: `tabular:hr.people/person/${id}`,
  display: name,
  personId: id,
  name,
  emails: [`${name.toLowerCase()}@toys.example`],
  kind: 'employee',
  status: 'active',
  title: 'Toy maker',
  department: 'Toys',
  manager: null,
  startsOn: '2024-01-01',
  endsOn: null,
  ...more,
});
const member = (id: string, login: string) => ({ id: `github:9919/member/${id}`, display: login, login, role: 'member' });

test('every shipped dataset of the entity is made in one run, and again from the log', async () => {
  const library = libraryDirectory();
  const sources = { aws: [], github: [] };
  const settings = loadEntitySettings(
    { sources, people: PeopleSettings.parse({ rosters: ['hr.people'] }), separation: [] },
    { library, frameworks: loadFrameworks(library, undefined), controls: [], scope: { environments: [] }, on: '2026-01-15' },
  );
  const toys = new EntityToys({
    seeds: {
      'tabular:hr.people': { 'hr.person': [person('E-1', 'Ada'), person('E-2', 'Bob')] },
      'github:9919': { 'github.member': [member('U1', 'ada'), member('U2', 'bob')] },
    },
    collectors: ofEntity(shippedCollectors) as readonly Collector<never>[] as readonly Collector<EntityClient>[],
    checks: ofEntity(shippedChecks),
    settings,
  });
  await toys.run();
  toys.time += 24 * 3_600_000;
  toys.seeds['tabular:hr.people'] = { 'hr.person': [person('E-1', 'Ada'), person('E-2', 'Bob', { status: 'left', endsOn: '2026-01-15' })] };
  await toys.run();
  const app = toys.composition();
  const store = await app.openStore({ readOnly: true });
  try {
    const sealed = store.latestCollections(toyEntity).map(({ statement }) => statement);
    const expected = ofEntity(shippedCollectors).filter((collector) => collector.member?.(settings as never) ?? true);
    expect(sealed.map(({ collector }) => collector).sort()).toEqual(expected.map(({ id }) => id).sort());
    // A code that begins so is an exception in what works it out.
    expect(
      sealed.flatMap(({ collector, gaps }) => gaps.flatMap(({ code }) => (code === undefined ? [] : [`${collector} ${code}`]))),
    ).toEqual([]);
    const again = await recomputeDerived(store, await app.registries());
    expect(again).toMatchObject({ collections: 2 * expected.length, recomputed: 2 * expected.length, skipped: [] });
    expect(again.differences).toEqual([]);
  } finally {
    await store.close();
  }
});
