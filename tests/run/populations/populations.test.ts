import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProoflineError } from '../../../src/model/errors.ts';
import { openLog } from '../../../src/run/opened-log.ts';
import { collectedItems } from '../../../src/run/populations/collected-items.ts';
import { type FreezeRequest, freezePopulation, neededPopulations } from '../../../src/run/populations/freeze-population.ts';
import { PopulationRow } from '../../../src/run/populations/population-row.ts';
import { readPopulations } from '../../../src/run/populations/read-populations.ts';
import { recordObservation } from '../../../src/run/populations/record-observation.ts';
import { recordSample, rehearseSample, Selection, selectionOfSample, sizesFor } from '../../../src/run/populations/record-sample.ts';
import { verifySelection } from '../../../src/run/populations/verify-selection.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { acme } from '../../collectors/github/described.ts';
import { createServer } from '../../collectors/github/world.ts';
import { GithubToys, quiet } from './github-toys.ts';

const changes = (more: Partial<FreezeRequest> = {}): FreezeRequest => ({
  period: 'soc2-january',
  population: 'production-changes',
  actor: { name: 'root' },
  ...quiet,
  ...more,
});
const after = Date.parse('2026-02-03T09:00:00.000Z');
const during = Date.parse('2026-01-20T09:00:00.000Z');

/** A log with an open period, at a time of the test's. */
async function started(time: number, toys = new GithubToys()) {
  toys.time = time;
  const app = toys.composition();
  const log = await openLog(app);
  await toys.period(app, log.store);
  return { toys, app, log };
}
const refused = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProoflineError)) throw error ?? new Error('it was not refused');
  return [error.message, ...error.problems.map(({ message }) => message)].join('; ');
};

describe('a population', () => {
  test('after the end is the whole window, judged, reconciled and final', async () => {
    const { app, log } = await started(after);
    const { record, rows } = await freezePopulation(app, log, changes());
    expect(record).toMatchObject({
      id: 'soc2-january.production-changes',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-02-01T00:00:00.000Z',
      final: true,
      complete: true,
      count: 4,
      scopes: ['github:9919'],
      reconciliation: [{ count: 2, difference: 0, explanation: null }],
    });
    expect(rows.map(({ display, at }) => [display, at])).toEqual([
      ['acme/payroll main c0', '2026-01-10T10:00:00Z'],
      ['acme/payroll main c1', '2026-01-14T10:00:00Z'],
      ['acme/payroll main c2', '2026-01-14T11:00:00Z'],
      ['acme/payroll main d1', '2026-01-14T12:00:00Z'],
    ]);
    const [frozen] = readPopulations(log.store, await app.registries());
    expect(frozen?.rows).toEqual(rows);
    expect(frozen?.judged.map(({ check, counts }) => [check, counts.pass, counts.fail])).toEqual([
      ['github/change-approved-by-another', 1, 3],
      ['github/change-came-through-pull-request', 2, 2],
    ]);
    expect(frozen?.judged[0]?.notPass.get('github:9919/change/R_MQ/c2')?.message).toMatch(/approved by its own authors alone: cyd/);
    await log.close();
  });

  test('is made again by whoever has the log and nothing else', async () => {
    const { app, log } = await started(after);
    await runCollection(app, { trigger: { name: 'test', authentication: 'none' }, ...quiet, log });
    const { rows, record } = await freezePopulation(app, log, changes());
    await runCollection(app, { trigger: { name: 'test', authentication: 'none' }, ...quiet, log });
    const { store } = log;
    // A reader that, unlike the store, has to follow the log.
    const reader = {
      origin: store.origin,
      vkeys: () => store.vkeys(),
      size: () => store.size(),
      entries: (from?: number, to?: number) => store.entries(from, to),
      checkpoints: () => store.checkpoints(),
      blob: (commitment: string) => store.blob(commitment),
    };
    expect(readPopulations(reader, await app.registries())[0]?.rows).toEqual(rows);
    const [index = -1] = record.collections;
    expect(collectedItems(reader, [index]).get(index)?.items).toEqual(collectedItems(store, [index]).get(index)?.items);
    const withheld = {
      ...reader,
      blob: (commitment: string) =>
        store.blob(commitment)?.kind === 'open' && commitment !== record.digest ? { kind: 'withheld' as const } : undefined,
    };
    expect(collectedItems(withheld, [index]).get(index)?.items).toBeNull();
    await log.close();
  });

  test('before the end is not final, and a later one is linked to it', async () => {
    const { toys, app, log } = await started(during);
    const early = await freezePopulation(app, log, changes());
    expect(early.record).toMatchObject({ final: false, to: expect.stringMatching(/^2026-01-20T09:00/) as unknown });
    expect(early.record.supersedes).toBeUndefined();
    toys.time = after;
    const { record } = await freezePopulation(app, log, changes());
    expect(record).toMatchObject({ id: 'soc2-january.production-changes.2', supersedes: 'soc2-january.production-changes', final: true });
    expect(readPopulations(log.store, await app.registries()).map(({ supersededBy }) => supersededBy)).toEqual([
      'soc2-january.production-changes.2',
      null,
    ]);
    await log.close();
  });

  test('that is empty is recorded as that', async () => {
    const toys = new GithubToys();
    toys.server = createServer(acme({ repositories: [{ name: 'quiet', id: 1 }] }));
    const { app, log } = await started(after, toys);
    const { record } = await freezePopulation(app, log, changes());
    expect(record).toMatchObject({
      count: 0,
      final: true,
      complete: true,
      digest: 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    });
    expect(readPopulations(log.store, await app.registries())[0]?.judged.map(({ counts }) => counts.empty)).toEqual([1, 1]);
    await log.close();
  });

  test('that a second source counts otherwise is not complete until somebody says why', async () => {
    const toys = new GithubToys();
    const [pull] = toys.server.world.repositories[0]?.pulls ?? [];
    toys.server.world.repositories[1]!.pulls = [{ ...pull!, number: 9 }];
    const { app, log } = await started(after, toys);
    expect((await freezePopulation(app, log, changes())).record).toMatchObject({
      complete: false,
      reconciliation: [{ count: 3, difference: 1, explanation: null }],
    });
    const explained = await freezePopulation(app, log, changes({ explanation: 'merged into a branch that was deleted' }));
    expect(explained.record).toMatchObject({
      complete: true,
      reconciliation: [{ difference: 1, explanation: 'merged into a branch that was deleted' }],
    });
    await log.close();
  });

  test('that was not all seen is not complete', async () => {
    const toys = new GithubToys();
    toys.server.fault = ({ graphql }, answer) =>
      graphql?.query.includes('object(oid') ? { status: 403, body: { message: 'Forbidden' } } : answer();
    const { app, log } = await started(after, toys);
    expect((await freezePopulation(app, log, changes())).record).toMatchObject({ complete: false, count: 0 });
    await log.close();
  });

  test('of a roster is who was there at the edge of the period', async () => {
    const { toys, app, log } = await started(Date.parse('2026-01-02T09:00:00.000Z'));
    const roster = (edge: string) => freezePopulation(app, log, changes({ population: `github-members-${edge}` }));
    const collect = () => runCollection(app, { trigger: { name: 'test', authentication: 'none' }, ...quiet, log });
    expect(await refused(roster('start'))).toMatch(/no complete collection lies within the period/);
    await collect();
    toys.server.world.members = toys.server.world.members.slice(1);
    toys.time = during;
    await collect();
    toys.server.world.members = [];
    toys.time = after;
    await collect();
    expect((await roster('start')).record).toMatchObject({ count: 4, final: true });
    expect((await roster('end')).record).toMatchObject({ count: 3, final: true });
    await log.close();
  });

  test('is refused where it cannot be one', async () => {
    const { app, log } = await started(Date.parse('2025-12-01T00:00:00.000Z'));
    expect(await refused(freezePopulation(app, log, changes()))).toMatch(/has not begun/);
    expect(await refused(freezePopulation(app, log, changes({ period: 'other' })))).toMatch(/there is no period "other"/);
    expect(await refused(freezePopulation(app, log, changes({ population: 'other' })))).toMatch(/there are production-changes, /);
    expect((await neededPopulations(app)).map(({ id, controls }) => [id, controls])).toEqual([['production-changes', ['CM-02']]]);
    await log.close();
  });
});

describe('a sample', () => {
  const id = 'soc2-january.production-changes';
  async function frozen() {
    const { toys, app, log } = await started(after);
    const auditor = await toys.person(app, log.store, 'audrey', ['auditor']);
    const manager = await toys.person(app, log.store, 'max', ['management']);
    const { rows } = await freezePopulation(app, log, changes());
    return { toys, app, log, auditor, manager, rows };
  }

  test('is drawn by the auditor after the population was frozen, and anyone derives it again', async () => {
    const { app, log, auditor, rows } = await frozen();
    const { decision, selection } = await recordSample(app, log.store, { population: id, seed: '4711 dice', size: 2, signer: auditor });
    expect(decision.actor).toMatchObject({ person: 'audrey', authentication: 'personal-key' });
    expect(selection).toMatchObject({ sample: `S-${decision.index}`, selfTest: false, size: 2 });
    const file = Selection.parse(JSON.parse(JSON.stringify(selection)));
    expect(verifySelection(file, { rows, store: log.store }).map(({ result }) => result)).toEqual(['PASS', 'PASS', 'PASS']);
    expect(await selectionOfSample(app, log.store, selection.sample ?? '')).toEqual(selection);
    const larger = await recordSample(app, log.store, { population: id, seed: '4711 dice', size: 3, signer: auditor });
    expect(larger.selection.selection.slice(0, 2)).toEqual(selection.selection);
    await log.close();
  });

  test('that somebody bent is found out', async () => {
    const { app, log, auditor, rows } = await frozen();
    const { selection } = await recordSample(app, log.store, { population: id, seed: 'seed', size: 2, signer: auditor });
    const results = (file: Selection, given = rows) => verifySelection(file, { rows: given, store: log.store }).map(({ result }) => result);
    expect(results({ ...selection, seed: 'a kinder seed' })[0]).toBe('FAIL');
    expect(results({ ...selection, selection: selection.selection.toReversed() })[0]).toBe('FAIL');
    expect(results({ ...selection, rows: selection.rows.slice(1) })[0]).toBe('FAIL');
    const kinder = await rehearseSample(app, log.store, { population: id, seed: 'a kinder seed', size: 2 });
    expect(results({ ...kinder, selfTest: false, sample: selection.sample })).toEqual(['PASS', 'PASS', 'FAIL']);
    expect(results(selection, rows.slice(1))[1]).toBe('FAIL');
    expect(results(kinder)).toEqual(['PASS', 'PASS', 'WARN']);
    await log.close();
  });

  test('is drawn by nobody else', async () => {
    const { app, log, manager } = await frozen();
    expect(await refused(recordSample(app, log.store, { population: id, seed: 's', actor: { name: 'audrey' } }))).toMatch(
      /drawn by the auditor/,
    );
    expect(await refused(recordSample(app, log.store, { population: id, seed: 's', size: 1, signer: manager }))).toMatch(
      /"max" is not registered as auditor/,
    );
    expect((await rehearseSample(app, log.store, { population: id, seed: 's', size: 1 })).selfTest).toBe(true);
    await log.close();
  });

  test('is drawn from what is final alone, and by a size of the table', async () => {
    const { toys, app, log } = await started(during);
    const auditor = await toys.person(app, log.store, 'audrey', ['auditor']);
    await freezePopulation(app, log, changes());
    expect(await refused(recordSample(app, log.store, { population: id, seed: 's', signer: auditor }))).toMatch(/it is not final/);
    expect(await refused(recordSample(app, log.store, { population: 'other', seed: 's', signer: auditor }))).toMatch(
      /there is no population "other"/,
    );
    toys.time = after;
    await freezePopulation(app, log, changes());
    const populations = readPopulations(log.store, await app.registries());
    expect(await sizesFor(app, log.store, populations[1]!)).toEqual([
      { control: 'CM-02', frequency: 'many a day', occurrences: 4, size: 4, row: 'many per day: 40' },
    ]);
    const { selection } = await recordSample(app, log.store, { population: `${id}.2`, seed: 's', strata: 'month', signer: auditor });
    expect(selection).toMatchObject({ size: 4, strata: 'month' });
    expect(await refused(recordSample(app, log.store, { population: id, seed: 's', signer: auditor }))).toMatch(
      /a later version took its place/,
    );
    await log.close();
  });
});

describe('a walkthrough', () => {
  test('has the nonce, what was collected, the picture and whether counts agree', async () => {
    const { toys, app, log } = await started(during);
    const auditor = await toys.person(app, log.store, 'audrey', ['auditor']);
    const picture = join(toys.directory, 'members page.png');
    writeFileSync(picture, 'not really a picture');
    const observed = await recordObservation(app, log, {
      nonce: 'blue heron 42',
      collectors: ['github/members'],
      attachments: [picture],
      counts: [{ collector: 'github/members', onScreen: 5 }],
      signer: auditor,
      ...quiet,
    });
    expect(observed.decision).toMatchObject({
      actor: { person: 'audrey' },
      reason: 'walkthrough: differs from the screen in github/members (4 collected, 5 on screen)',
      payload: {
        type: 'observe',
        nonce: 'blue heron 42',
        counts: [{ collector: 'github/members', scope: 'github:9919', seen: 4, onScreen: 5 }],
      },
    });
    expect(observed.attachments).toMatchObject([{ name: 'members_page.png', bytes: 20 }]);
    expect(
      await refused(
        recordObservation(app, log, { nonce: ' ', collectors: [], attachments: [], counts: [], actor: { name: 'x' }, ...quiet }),
      ),
    ).toMatch(/the nonce is empty/);
    await log.close();
  });
});

test('rows are what their shape says', async () => {
  const { app, log } = await started(after);
  const { rows } = await freezePopulation(app, log, changes());
  for (const row of rows) expect(PopulationRow.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
  await log.close();
});
