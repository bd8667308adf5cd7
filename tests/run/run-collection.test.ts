import { expect, test } from 'vitest';
import { ProoflineError, SourceError } from '../../src/model/errors.ts';
import type { Statement } from '../../src/model/statement.ts';
import { describeStatus } from '../../src/run/describe-status.ts';
import { type RunCollectionOptions, runCollection } from '../../src/run/run-collection.ts';
import { verifyStore } from '../../src/run/verify-data.ts';
import { doorIsLocked, goodAnswers, Toys } from './toy-source.ts';

const trigger = { name: 'test', authentication: 'none' as const };
const options = (more: Partial<RunCollectionOptions> = {}): RunCollectionOptions => ({
  trigger,
  onProgress: () => {},
  signal: new AbortController().signal,
  ...more,
});
async function statementsOf(toys: Toys): Promise<Statement[]> {
  const store = await toys.composition().openStore({ readOnly: true });
  try {
    return [...store.entries()].map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as Statement);
  } finally {
    await store.close();
  }
}
const kinds = (statements: readonly Statement[]) => statements.map(({ kind }) => kind);

test('a first run seals the plan, every collection, then the evaluation, and the log verifies', async () => {
  const toys = new Toys();
  const run = await runCollection(toys.composition(), options());
  expect(run.complete).toBe(true);
  expect(run.members[0]?.results).toMatchObject({ pass: 3, fail: 1, 'no-evidence': 0 });
  expect(run.failures).toEqual({ critical: 0, high: 1, medium: 0, low: 0 });
  expect(kinds(await statementsOf(toys))).toEqual([
    'genesis',
    'plan',
    'collection',
    'collection',
    'collection',
    'collection',
    'evaluation',
  ]);
  const verification = await verifyStore(toys.composition(), {});
  expect(verification.claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
});

test('what recompute needs beside the items is sealed: settings with the plan, the context with the evaluation', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  const store = await toys.composition().openStore({ readOnly: true });
  try {
    const content = (commitment: string | undefined): unknown => {
      const blob = store.blob(commitment ?? '');
      return blob?.kind === 'open' ? JSON.parse(new TextDecoder().decode(blob.bytes)) : undefined;
    };
    expect(content(store.latest('plan')?.statement.detail)).toMatchObject({
      sources: [{ name: 'toys', members: ['toy:1'], settings: { 'toy:1': { tenant: '1', display: 'box 1', settings: {} } } }],
    });
    const evaluation = store.latest('evaluation')?.statement;
    expect(content(evaluation?.context)).toEqual({ staleAfterMs: 72 * 3_600_000, missing: [] });
    expect(Date.parse(evaluation?.judgedAt ?? '')).toBeLessThanOrEqual(Date.parse(evaluation?.at ?? ''));
  } finally {
    await store.close();
  }
});

test('an unchanged second run seals no plan again, no delta, and judges nobody again', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  const before = (await statementsOf(toys)).length;
  const run = await runCollection(toys.composition(), options());
  const added = (await statementsOf(toys)).slice(before);
  expect(kinds(added)).toEqual(['collection', 'collection', 'collection', 'collection', 'evaluation']);
  expect(run.members[0]).toMatchObject({ changed: 0, judged: 0 });
});

test('a changed subject alone is judged again', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  toys.answers['toy:Doors'] = () => ({
    Doors: [
      { Name: 'front', Locked: true },
      { Name: 'back', Locked: true },
    ],
  });
  const run = await runCollection(toys.composition(), options());
  expect(run.members[0]).toMatchObject({ changed: 1, judged: 1, results: { pass: 4, fail: 0 } });
});

test('a source that cannot be entered is recorded as a gap, and what was known stays', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  toys.closed = new SourceError('access-denied', 'toy:Members', { sourceCode: 'ExpiredToken' });
  const run = await runCollection(toys.composition(), options());
  expect(run.complete).toBe(false);
  expect(run.unreachable).toEqual([
    { source: 'toys', kind: 'toy', reason: 'access-denied', message: 'access-denied (ExpiredToken) at toy:Members' },
  ]);
  expect((await statementsOf(toys)).at(-1)).toMatchObject({ kind: 'gap', subject: 'source toy "toys"' });
});

test('the status says that a source could not be read when last tried, until it was read again', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  toys.closed = new SourceError('source-unavailable', 'toy:Members');
  await runCollection(toys.composition(), options());
  const warning = expect.stringContaining('could not be read when last tried');
  expect((await describeStatus(toys.composition())).warnings).toContainEqual(warning);
  toys.closed = undefined;
  await runCollection(toys.composition(), options());
  expect((await describeStatus(toys.composition())).warnings).not.toContainEqual(warning);
});

test('a secret that is missing keeps its source out and says which it is', async () => {
  const toys = new Toys();
  toys.closed = new ProoflineError('configuration', 'the environment has no TOY_TOKEN');
  const run = await runCollection(toys.composition(), options());
  expect(run).toMatchObject({ complete: false, unreachable: [{ reason: 'access-denied', message: 'the environment has no TOY_TOKEN' }] });
});

test('a bug in finding the members is no gap', async () => {
  const toys = new Toys();
  toys.closed = new TypeError('bug');
  await expect(runCollection(toys.composition(), options())).rejects.toThrow(TypeError);
});

test.each(['toy:Doors', 'toy:Lamps', 'toy:Regions'])(
  'with %s denied the run is incomplete and nothing passes unseen',
  async (operation) => {
    const toys = new Toys();
    const { [operation]: _, ...rest } = goodAnswers;
    toys.answers = rest;
    const run = await runCollection(toys.composition(), options());
    expect(run.complete).toBe(false);
    const results = run.members[0]?.results;
    expect(results?.['no-evidence']).toBeGreaterThan(0);
    expect(results?.empty).toBe(0);
    expect(results?.pass).toBe(operation === 'toy:Doors' ? 2 : 1);
  },
);

test('regions known from before are tried when the source does not list them any more', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  delete toys.answers['toy:Regions'];
  const run = await runCollection(toys.composition(), options());
  expect(run.members[0]?.collections).toBe(4);
  expect(run.members[0]?.incomplete.map(({ collector }) => collector)).toEqual(['toy/regions']);
});

test('a region that was switched off says nothing any more; a new one that was not reached is no evidence', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  toys.answers['toy:Regions'] = () => ({ Regions: [{ Name: 'north' }, { Name: 'west' }] });
  const run = await runCollection(toys.composition(), options({ collectors: ['toy/regions', 'toy/doors'] }));
  expect(run.members[0]?.results).toMatchObject({ pass: 2, fail: 1, 'no-evidence': 1 });
});

test('an aborted run keeps what it saw and says that it was interrupted', async () => {
  const toys = new Toys();
  const controller = new AbortController();
  const run = await runCollection(
    toys.composition(),
    options({ signal: controller.signal, onProgress: ({ kind }) => kind === 'collected' && controller.abort() }),
  );
  expect(run).toMatchObject({ complete: false, interrupted: true });
  const verification = await verifyStore(toys.composition(), {});
  expect(verification.ok).toBe(true);
});

test('evidence that has grown old says nothing about now', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  toys.time += 73 * 3_600_000;
  const run = await runCollection(toys.composition(), options({ collectors: ['toy/regions'] }));
  expect(run.members[0]?.results).toMatchObject({ pass: 0, fail: 0 });
  expect(run.members[0]?.results['no-evidence']).toBeGreaterThan(0);
});

test('what a scope rule puts out is listed with the rule and no longer fails', async () => {
  const toys = new Toys();
  toys.scope = {
    environments: [],
    absent: [],
    rules: [{ id: 'old-doors', decision: 'out', archived: true, because: 'walled up', by: 'owner', from: '2026-01-01' }],
  };
  toys.answers['toy:Doors'] = () => ({ Doors: [{ Name: 'back', Locked: false, Archived: true }] });
  const run = await runCollection(toys.composition(), options());
  expect(run.members[0]?.results).toMatchObject({ fail: 0, 'not-applicable': 1 });
});

test('a changed configuration is recorded, with a new plan', async () => {
  const toys = new Toys();
  await runCollection(toys.composition(), options());
  const before = (await statementsOf(toys)).length;
  toys.settings = { collect: { concurrency: 3, staleAfterHours: 72 } };
  await runCollection(toys.composition(), options());
  expect(kinds((await statementsOf(toys)).slice(before)).slice(0, 2)).toEqual(['config-change', 'plan']);
});

test('an unknown collector is a usage error and nothing is written', async () => {
  const toys = new Toys();
  await expect(runCollection(toys.composition(), options({ collectors: ['toy/dors'] }))).rejects.toMatchObject({ code: 'usage' });
  await expect(toys.composition().openStore({ readOnly: true })).rejects.toMatchObject({ code: expect.stringMatching(/^store-/) });
});

test('the toy check can fail', () => {
  expect(
    doorIsLocked.test({ id: 'x', display: 'x', locked: false, archived: false }, { asOf: '2026-01-01T00:00:00.000Z', parameters: {} }),
  ).toMatchObject({
    outcome: 'fail',
  });
});
