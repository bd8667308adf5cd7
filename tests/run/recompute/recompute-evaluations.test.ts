import { expect, test } from 'vitest';
import { pass } from '../../../src/authoring.ts';
import { writeEvidence } from '../../../src/bundle/write-evidence.ts';
import type { Check } from '../../../src/model/check.ts';
import { withBundleFiles } from '../../../src/run/bundle/open-bundle.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { type RecomputedEvaluations, recomputeEvaluations } from '../../../src/run/recompute/recompute-evaluations.ts';
import type { Registries } from '../../../src/run/registries.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { logIn } from '../../../src/run/verify-data.ts';
import { doorIsLocked, Toys } from '../toy-source.ts';

const collect = async (app: Composition) =>
  await runCollection(app, {
    trigger: { name: 'test', authentication: 'none' },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
const recomputed = async (app: Composition, registries?: Registries): Promise<RecomputedEvaluations> => {
  const store = await app.openStore({ readOnly: true });
  try {
    return recomputeEvaluations(store, registries ?? (await app.registries()));
  } finally {
    await store.close();
  }
};
const backDoor = (locked: boolean) => ({
  Doors: [
    { Name: 'front', Locked: true },
    { Name: 'back', Locked: locked },
  ],
});
/** Three runs: a door open, closed, and another one that was not read. */
async function lived(toys: Toys, app = toys.composition()): Promise<Composition> {
  await collect(app);
  toys.answers['toy:Doors'] = () => backDoor(true);
  await collect(app);
  delete toys.answers['toy:Lamps'];
  toys.time += 100 * 3_600_000;
  await collect(app);
  return app;
}

test('what was sealed honestly comes out again, from the store and from an export alone', async () => {
  const toys = new Toys();
  toys.scope = {
    environments: [{ name: 'yard', sources: ['toy:1'] }],
    rules: [{ id: 'no-lamps', decision: 'out', types: ['toy.lamp'], environments: ['yard'], because: 'b', by: 'ada', from: '2020-01-01' }],
    absent: [],
  } as typeof toys.scope;
  const app = await lived(toys);
  const found = await recomputed(app);
  expect(found).toMatchObject({ evaluations: 3, recomputed: 3, differences: [], logic: [], skipped: [], messages: { count: 0 } });
  expect(found.results).toBe(6);
  const store = await app.openStore();
  const directory = `${toys.directory}/export`;
  await store.checkpoint();
  writeEvidence(store, directory, { generatedAt: '2026-03-17T00:00:00.000Z' });
  await store.close();
  const registries = await app.registries();
  expect(await withBundleFiles(directory, {}, (files) => recomputeEvaluations(logIn(files, directory), registries))).toEqual(found);
});

test('a pass that the items do not give is found: by check, subject and time', async () => {
  const toys = new Toys();
  const honest = toys.composition();
  const registries = await honest.registries();
  const lying = { ...doorIsLocked, test: () => pass('locked') } as unknown as Check;
  const liar = { ...registries, checks: registries.checks.map((check) => (check.id === doorIsLocked.id ? lying : check)) };
  await collect({ ...honest, registries: async () => liar });
  await collect({ ...honest, registries: async () => liar });
  toys.answers['toy:Doors'] = () => backDoor(true);
  await collect({ ...honest, registries: async () => liar });
  const { differences } = await recomputed(honest);
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatchObject({
    source: 'toy:1',
    check: 'toy/door-is-locked',
    subject: 'toy:1/door/back',
    display: 'back',
    sealed: { outcome: 'pass' },
    recomputed: { outcome: 'fail' },
    evaluations: 2,
    otherLogic: false,
  });
  expect(differences[0]!.from < differences[0]!.to).toBe(true);
});

test('logic of another digest is named, and so are the differences it may be the reason of', async () => {
  const toys = new Toys();
  const app = await lived(toys);
  const registries = await app.registries();
  const stricter = { ...doorIsLocked, test: () => ({ outcome: 'fail', message: 'never good enough' }) } as unknown as Check;
  const other: Registries = {
    ...registries,
    checks: registries.checks.map((check) => (check.id === doorIsLocked.id ? stricter : check)),
    logicOf: (unit, id) => (id === doorIsLocked.id ? `sha256:${'1'.repeat(64)}` : registries.logicOf(unit, id)),
  };
  const found = await recomputed(app, other);
  expect(found.logic).toEqual([
    { kind: 'check', id: 'toy/door-is-locked', sealed: `sha256:${'0'.repeat(64)}`, installed: `sha256:${'1'.repeat(64)}`, evaluations: 3 },
  ]);
  expect(found.differences.length).toBeGreaterThan(0);
  expect(found.differences.every(({ otherLogic, check }) => otherLogic && check === 'toy/door-is-locked')).toBe(true);
  const none: Registries = { ...registries, checks: registries.checks.filter(({ id }) => id !== doorIsLocked.id) };
  expect(await recomputed(app, none)).toMatchObject({ differences: [], logic: [{ kind: 'check', installed: null }] });
  const noCollector: Registries = { ...registries, collectors: registries.collectors.filter(({ id }) => id !== 'toy/doors') };
  expect(await recomputed(app, noCollector)).toMatchObject({
    recomputed: 0,
    skipped: [{ reason: 'the collector toy/doors is not installed here', evaluations: 3 }],
  });
});

test('the same verdict in other words is no difference, and is counted', async () => {
  const toys = new Toys();
  const app = await lived(toys);
  const registries = await app.registries();
  const wordy = {
    ...doorIsLocked,
    test: (door: { locked: boolean }) => (door.locked ? pass('shut') : { outcome: 'fail', message: 'wide open' }),
  } as unknown as Check;
  const found = await recomputed(app, {
    ...registries,
    checks: registries.checks.map((check) => (check.id === doorIsLocked.id ? wordy : check)),
  });
  expect(found.differences).toEqual([]);
  expect(found.messages).toEqual({
    count: 1,
    examples: [{ check: 'toy/door-is-locked', subject: 'toy:1/door/back', sealed: 'open', recomputed: 'wide open' }],
  });
});

test('what was erased cannot be made again, and that is said', async () => {
  const toys = new Toys();
  const app = await lived(toys);
  const store = await app.openStore();
  const [first] = store.latestCollections('toy:1').filter(({ statement }) => statement.collector === 'toy/doors');
  const delta = store.blob(
    first!.statement.items.delta ??
      [...store.entries()].map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes))).find((one) => one.collector === 'toy/doors')
        .items.delta,
  );
  const [[, content]] = JSON.parse(new TextDecoder().decode(delta?.kind === 'open' ? delta.bytes : undefined)).added as [[string, string]];
  await store.erase([content], { authority: 'court', reason: 'ordered', actor: { name: 'ada', authentication: 'none' } });
  await store.close();
  const found = await recomputed(app);
  expect(found.skipped).toEqual([
    { reason: 'items of it are erased or withheld', evaluations: expect.any(Number), first: expect.any(Number) },
  ]);
  expect(found.differences).toEqual([]);
});
