import { expect, test } from 'vitest';
import { writeEvidence } from '../../../src/bundle/write-evidence.ts';
import type { Collector } from '../../../src/model/collector.ts';
import { withBundleFiles } from '../../../src/run/bundle/open-bundle.ts';
import { type RecomputedDerived, recomputeDerived } from '../../../src/run/recompute/recompute-derived.ts';
import type { Registries } from '../../../src/run/registries.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { logIn } from '../../../src/run/verify-data.ts';
import { EntityToys } from '../entity/entity-kit.ts';
import { toyParts, toyPersons, toySeeds } from '../entity/toy-dataset.ts';

const dayMs = 86_400_000;
const again = async (toys: EntityToys, registries?: Registries): Promise<RecomputedDerived> => {
  const app = toys.composition();
  const store = await app.openStore({ readOnly: true });
  try {
    return await recomputeDerived(store, registries ?? (await app.registries()));
  } finally {
    await store.close();
  }
};

/** Four days: somebody joins, a source refuses, nothing changes, an event comes. */
async function lived(toys = new EntityToys({ ...toyParts, seeds: toySeeds(), events: ['github.change'] })): Promise<EntityToys> {
  await toys.run();
  toys.time += dayMs;
  const hr = toys.seeds['tabular:hr.people'];
  const persons = hr?.['hr.person'] as readonly { readonly id: string }[];
  toys.seeds['tabular:hr.people'] = { 'hr.person': [...persons, { id: 'tabular:hr.people/row/E-3', name: 'Cem', startsOn: '2026-01-01' }] };
  await toys.run();
  toys.time += dayMs;
  toys.seeds['okta:acme'] = { 'okta.user': 'access-denied' };
  toys.seeds['github:9919'] = { 'github.change': [{ id: 'github:9919/change/2', at: new Date(toys.time - 3_600_000).toISOString() }] };
  await toys.run();
  toys.time += 5 * dayMs;
  await toys.run({ sources: ['entity'] });
  return toys;
}

test('what was worked out of the log comes out again: from the store, and from an export alone', async () => {
  const toys = await lived();
  const found = await again(toys);
  expect(found).toMatchObject({ collections: 8, recomputed: 8, differences: [], skipped: [] });
  expect(found.items).toBeGreaterThan(12);
  const app = toys.composition();
  const store = await app.openStore();
  const directory = `${toys.directory}/export`;
  await store.checkpoint();
  writeEvidence(store, directory, { generatedAt: '2026-04-01T00:00:00.000Z' });
  await store.close();
  const registries = await app.registries();
  expect(await withBundleFiles(directory, {}, (files) => recomputeDerived(logIn(files, directory), registries))).toEqual(found);
});

test('an item that the log does not give is found: by collector and subject, once for as long as it lasts', async () => {
  const toys = new EntityToys({ ...toyParts, seeds: toySeeds(), events: ['github.change'] });
  const honest = toys.composition();
  const registries = await honest.registries();
  const rule = toyPersons.items['persons']!;
  const lying: Collector<never> = {
    ...(toyPersons as Collector<never>),
    items: {
      persons: {
        ...rule,
        split: (output, reply) =>
          rule.split!(output, reply).map(({ subject, body }) => ({
            subject,
            body: body['name'] === 'Bob' ? { ...body, logins: ['okta:acme/user/u1'] } : body,
          })),
      },
    },
  };
  const liar = { ...registries, collectors: registries.collectors.map((one) => (one.id === toyPersons.id ? lying : one)) };
  const run = async (by: Registries) =>
    await runCollection(
      { ...honest, registries: async () => by },
      { trigger: { name: 'test', authentication: 'none' }, onProgress: () => {}, signal: new AbortController().signal },
    );
  await run(liar);
  await run(liar);
  await run(registries);
  const { differences } = await again(toys);
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatchObject({
    collector: 'entity/toy-persons',
    subject: 'tabular:hr.people/row/E-2',
    collections: 2,
    otherLogic: false,
  });
  expect(differences[0]?.sealed).toContain('"logins":["okta:acme/user/u1"]');
  expect(differences[0]?.recomputed).toContain('"logins":[]');
});

test('logic of another digest is named at what it may be the reason of; what cannot be made again is said', async () => {
  const toys = await lived();
  const registries = await toys.composition().registries();
  const rule = toyPersons.items['persons']!;
  const other: Collector<never> = { ...(toyPersons as Collector<never>), items: { persons: { ...rule, split: () => [] } } };
  const later: Registries = {
    ...registries,
    collectors: registries.collectors.map((one) => (one.id === toyPersons.id ? other : one)),
    logicOf: (unit, id) => (id === toyPersons.id ? `sha256:${'1'.repeat(64)}` : registries.logicOf(unit, id)),
  };
  const { differences } = await again(toys, later);
  expect(differences.map(({ subject, recomputed }) => [subject, recomputed])).toContainEqual(['tabular:hr.people/row/E-1', null]);
  expect(differences.filter(({ collector }) => collector === 'entity/toy-persons').every(({ otherLogic }) => otherLogic)).toBe(true);

  const without = { ...registries, collectors: registries.collectors.filter(({ id }) => id !== toyPersons.id) };
  expect((await again(toys, without)).skipped).toContainEqual({
    reason: 'the collector entity/toy-persons is not installed here',
    collections: 4,
    first: expect.any(Number),
  });
  const { entity: _, ...unable } = registries;
  expect(await again(toys, unable)).toMatchObject({ collections: 8, recomputed: 0, differences: [] });
});
