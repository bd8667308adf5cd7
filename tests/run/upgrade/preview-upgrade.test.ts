import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fail, pass, z } from '../../../src/authoring.ts';
import type { Control } from '../../../src/model/control.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { preparePlan } from '../../../src/run/prepare-plan.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { previewUpgrade, type UpgradePreview } from '../../../src/run/upgrade/preview-upgrade.ts';
import { doorIsLocked, doors, Toys } from '../toy-source.ts';
import { laterRelease, neverGood } from './later-release.ts';

const trigger = { name: 'test', authentication: 'none' } as const;
const collect = async (app: Composition) =>
  await runCollection(app, { trigger, onProgress: () => {}, signal: new AbortController().signal });
const preview = async (app: Composition): Promise<UpgradePreview> => {
  const store = await app.openStore({ readOnly: true });
  try {
    return await previewUpgrade(app, store, await preparePlan(app));
  } finally {
    await store.close();
  }
};

const control = (id: string, checks: Control['checks'], more: Partial<Control> = {}): Control => ({
  id,
  status: 'adopted',
  statement: 's',
  frequency: 'continuous',
  satisfies: { soc2: [], soc1: [] },
  automation: 'full',
  covers: [],
  checks,
  evidence: [],
  ...more,
});

/** Every file below a directory with the digest of its bytes; what SQLite puts beside a file to read it must be empty. */
const bytesOf = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => !file.endsWith('-shm') && !(file.endsWith('-wal') && readFileSync(file).length === 0))
      .sort()
      .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );

test('the same release changes nothing, and says so', async () => {
  const app = new Toys().composition();
  await collect(app);
  expect(await preview(app)).toMatchObject({
    from: '0.0.0',
    to: '0.0.0',
    plan: { changes: false, checks: { added: [], removed: [], changed: [] } },
    sources: [{ source: 'toy:1', changed: 0, verdicts: 4, notes: [] }],
    changes: [],
    same: { verdicts: 4, otherWords: 0, otherUntil: 0 },
    controls: [],
    onlyOtherLogic: [],
  });
});

test('every verdict that would change is listed with why, what its control would come to, and nothing is written', async () => {
  const toys = new Toys();
  toys.answers['toy:Doors'] = () => ({ Doors: [{ Name: 'front', Locked: true }] });
  toys.controls = [control('T-1', ['toy/door-is-locked']), control('T-2', ['toy/lamp-is-lit'])];
  const app = toys.composition();
  await collect(app);
  // Time goes by, and the doors of today are not looked at: the evidence speaks of its own time.
  toys.time += 1000 * 3_600_000;
  const before = bytesOf(toys.directory);
  const found = await preview(await laterRelease(app, { [doorIsLocked.id]: neverGood }));
  expect(bytesOf(toys.directory)).toEqual(before);
  expect(found.changes).toEqual([
    {
      source: 'toy:1',
      check: 'toy/door-is-locked',
      parametersDigest: expect.stringMatching(/^sha256:/),
      severity: 'high',
      controls: ['T-1'],
      subject: 'toy:1/door/front',
      display: 'front',
      from: { outcome: 'pass', reason: null, message: null },
      to: { outcome: 'fail', reason: null, message: 'never good enough' },
      causes: ['check-logic'],
    },
  ]);
  expect(found.counts.high).toEqual({ beginsToFail: 1, failsNoMore: 0, losesEvidence: 0, otherwise: 0 });
  expect(found.controls).toEqual([
    {
      control: 'T-1',
      status: 'adopted',
      from: 'no-failures-observed',
      to: 'failures-observed',
      reasons: ['toy/door-is-locked: 1 subject fails'],
    },
  ]);
  expect(found.controlsTheSame).toBe(1);
  expect(found.plan).toMatchObject({ changes: true, checks: { changed: ['toy/door-is-locked'] }, collectors: { changed: [] } });
});

test('logic that is other and says the same is named, and is no change', async () => {
  const app = new Toys().composition();
  await collect(app);
  const wordy = { ...doorIsLocked, test: (door: { locked: boolean }) => (door.locked ? pass('shut') : fail('wide open')) };
  const found = await preview(await laterRelease(app, { [doorIsLocked.id]: wordy, [doors.id]: doors }));
  expect(found.changes).toEqual([]);
  expect(found.same).toEqual({ verdicts: 4, otherWords: 1, otherUntil: 0 });
  expect(found.onlyOtherLogic.map(({ kind, id, sources }) => [kind, id, sources])).toEqual([
    ['check', 'toy/door-is-locked', 1],
    ['collector', 'toy/doors', 1],
  ]);
});

test('a check that is new, and one that is gone, say so of every subject', async () => {
  const app = new Toys().composition();
  await collect(app);
  const second = { ...neverGood, id: 'toy/door-is-good' };
  const { changes } = await preview(await laterRelease(app, { [doorIsLocked.id]: null, [second.id]: second }));
  expect(changes.map(({ check, display, from, to, causes }) => [check, display, from?.outcome, to?.outcome, causes])).toEqual([
    ['toy/door-is-good', 'back', undefined, 'fail', ['check-new']],
    ['toy/door-is-good', 'front', undefined, 'fail', ['check-new']],
    ['toy/door-is-locked', 'back', 'fail', undefined, ['check-gone']],
    ['toy/door-is-locked', 'front', 'pass', undefined, ['check-gone']],
  ]);
});

test('a rule of scope that comes or goes is why', async () => {
  const toys = new Toys();
  const app = toys.composition();
  await collect(app);
  const rule = { id: 'no-doors', decision: 'out', types: ['toy.door'], because: 'b', by: 'ada', from: '2020-01-01' };
  toys.scope = { environments: [], rules: [rule], absent: [] } as unknown as typeof toys.scope;
  const { changes, plan } = await preview(toys.composition());
  expect(changes.map(({ display, from, to, causes }) => [display, from?.outcome, to?.outcome, causes])).toEqual([
    ['back', 'fail', 'not-applicable', ['scope']],
    ['front', 'pass', 'not-applicable', ['scope']],
  ]);
  expect(plan.scope).toBe(true);
});

test.each([
  [
    'throws',
    {
      ...doors,
      normalise: () => {
        throw new TypeError('no such field');
      },
    },
    'malformed-reply',
    /cannot normalise it: no such field/,
  ],
  ['is gone', null, 'not-collected', /is not installed/],
])('evidence that a collector which %s cannot read is no evidence, and never silence', async (_, collector, reason, note) => {
  const app = new Toys().composition();
  await collect(app);
  const { changes, sources, counts } = await preview(await laterRelease(app, { [doors.id]: collector }));
  expect(changes.find(({ subject }) => subject === 'toy:1/door/front')).toMatchObject({
    from: { outcome: 'pass' },
    to: null,
    causes: ['collector-logic'],
  });
  expect(changes.find(({ to }) => to !== null)).toMatchObject({ from: null, to: { outcome: 'no-evidence', reason } });
  expect(counts.high.losesEvidence).toBe(1);
  expect(sources[0]?.notes).toEqual([expect.stringMatching(note)]);
});

test('the first run of another version records it before its plan, once', async () => {
  const toys = new Toys();
  await collect(toys.composition());
  const next = await laterRelease(toys.composition(), { [doorIsLocked.id]: neverGood });
  await collect(next);
  await collect(next);
  const store = await next.openStore({ readOnly: true });
  const statements = [...store.entries()].map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>);
  await store.close();
  const at = statements.findIndex(({ kind }) => kind === 'lifecycle');
  expect(statements.filter(({ kind }) => kind === 'lifecycle')).toHaveLength(1);
  expect(statements[at]).toMatchObject({
    event: 'upgraded',
    detail: 'upgraded from 0.0.0 to 0.1.0 by test: 1 of 4 verdicts of the newest evidence change',
    upgrade: {
      from: '0.0.0',
      to: '0.1.0',
      verdicts: { changed: 1, beginsToFail: 1, failsNoMore: 0, losesEvidence: 0, same: 3 },
      notJudged: [],
    },
  });
  expect(statements[at + 1]).toMatchObject({ kind: 'plan' });
  expect(await preview(next)).toMatchObject({ from: '0.1.0', changes: [] });
});

/** What counts as good is the control's to say. */
const asGiven = {
  ...doorIsLocked,
  parameters: z.object({ strict: z.boolean().default(true) }),
  test: (door: { locked: boolean }, { parameters }: { parameters: { strict: boolean } }) =>
    door.locked || !parameters.strict ? pass('as it may be') : fail('open'),
};

test('other parameters of a control are why, not a check that is gone and one that is new', async () => {
  const toys = new Toys();
  toys.controls = [control('T-1', [{ check: 'toy/door-is-locked', parameters: { strict: true } }])];
  await collect(await laterRelease(toys.composition(), { [doorIsLocked.id]: asGiven }));
  toys.controls = [control('T-1', [{ check: 'toy/door-is-locked', parameters: { strict: false } }])];
  const { changes, plan, counts } = await preview(await laterRelease(toys.composition(), { [doorIsLocked.id]: asGiven }));
  expect(changes.map(({ display, from, to, causes, controls }) => [display, from?.outcome, to?.outcome, causes, controls])).toEqual([
    ['back', 'fail', 'pass', ['parameters'], ['T-1']],
  ]);
  expect(counts.high.failsNoMore).toBe(1);
  expect(plan).toMatchObject({
    checks: { added: ['toy/door-is-locked {"strict":false}'], removed: ['toy/door-is-locked {"strict":true}'] },
  });
});

test('a limit of staleness that is another is why, and evidence is held against its own time', async () => {
  const toys = new Toys();
  const app = toys.composition();
  await collect(app);
  toys.time += 60 * 3_600_000;
  delete toys.answers['toy:Lamps'];
  await collect(app);
  toys.settings = { collect: { concurrency: 2, staleAfterHours: 72 } } as typeof toys.settings;
  expect((await preview(toys.composition())).changes).toEqual([]);
  // Doors were read the second time, and their as-of time is that of the evaluation.
  toys.settings = { collect: { concurrency: 2, staleAfterHours: 0 } } as typeof toys.settings;
  const { changes } = await preview(toys.composition());
  expect(changes.length).toBeGreaterThan(0);
  expect(new Set(changes.flatMap(({ causes }) => causes))).toEqual(new Set(['stale-after']));
});

test('judged otherwise by what has no digest comes of the program itself', async () => {
  const toys = new Toys();
  const app = toys.composition();
  await collect(app);
  const registries = await app.registries();
  const other = { ...registries, checks: registries.checks.map((check) => (check.id === doorIsLocked.id ? neverGood : check)) };
  const { changes } = await preview({ ...app, registries: async () => other as typeof registries });
  expect(changes.map(({ display, causes }) => [display, causes])).toEqual([['front', ['program']]]);
});
