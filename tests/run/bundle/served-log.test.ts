import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Anchor } from '../../../src/anchor/contract.ts';
import { fileAnchor } from '../../../src/anchor/file.ts';
import { openDirectory } from '../../../src/bundle/directory-files.ts';
import type { Control } from '../../../src/model/control.ts';
import { ProoflineError, SourceError } from '../../../src/model/errors.ts';
import { writeBundle } from '../../../src/run/bundle/write-bundle.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { listSchedules } from '../../../src/run/daemon/list-schedules.ts';
import { closePeriod } from '../../../src/run/decisions/close-period.ts';
import { openPeriod } from '../../../src/run/decisions/open-period.ts';
import { describeStatus } from '../../../src/run/describe-status.ts';
import { recomputeFiles } from '../../../src/run/recompute/recompute-bundle.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { upgradeLog } from '../../../src/run/upgrade/upgrade-log.ts';
import { verifyFiles } from '../../../src/run/verify-data.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { PythonVerifier } from '../../verify/python-verifier.ts';
import { has } from '../../verify/time-authority.ts';
import { startToyDaemon, type ToyDaemon } from '../daemon/toy-daemon.ts';
import { alice, by, decidingToys, engagement } from '../decisions/people.ts';
import { failing, ToyChannel, toySettings } from '../notify/toy-channel.ts';
import { doorIsLocked, type Toys } from '../toy-source.ts';
import { laterRelease } from '../upgrade/later-release.ts';

const hour = 3_600_000;
const control: Control = {
  id: 'AC-01',
  status: 'adopted',
  statement: 'Doors are locked.',
  owner: 'facility',
  frequency: 'continuous',
  tolerance: { detectAndFix: 'PT24H' },
  satisfies: { soc2: ['CC6.4'], soc1: [] },
  automation: 'full',
  covers: ['toy.door'],
  checks: ['toy/door-is-locked'],
  evidence: [],
};
const schedules = (cron: string) => ({
  zone: 'UTC',
  jitter: 'PT0M',
  defaults: false,
  entries: [{ name: 'regular', cron }],
  anchors: { cron: '0 12 * * *' },
});

/** Three weeks of a daemon to which everything happens that happens to one, by a clock that is put. */
class Served {
  toys!: Toys;
  current: (ToyDaemon & { stores: EmbeddedStore[] }) | undefined;
  anchorDown = false;
  release: (app: Composition) => Promise<Composition> = async (app) => app;
  readonly #ledger = fileAnchor({
    name: 'ledger',
    path: join(mkdtempSync(join(tmpdir(), 'proofline-ledger-')), 'heads'),
    dataDir: '/nowhere',
  });
  readonly anchor: Anchor = {
    ...this.#ledger,
    obtain: async (checkpoint, history) => {
      if (this.anchorDown) throw new ProoflineError('anchor-failed', 'the ledger does not answer');
      return await this.#ledger.obtain(checkpoint, history);
    },
  };
  async app(): Promise<Composition> {
    return await this.release({ ...this.toys.composition(), anchors: async () => [this.anchor] });
  }
  async start(): Promise<void> {
    const stores: EmbeddedStore[] = [];
    const app = await this.app();
    const composed = (from: Composition): Composition => ({
      ...from,
      openStore: async (options) => {
        const store = await from.openStore(options);
        stores.push(store);
        return store;
      },
    });
    const begun = await startToyDaemon(this.toys, { app: composed(app), reload: async () => composed(await this.app()) });
    this.current = { ...begun, stores };
    await begun.idle();
  }
  async until(time: string, step = 6 * hour): Promise<void> {
    const end = Date.parse(time);
    while (this.toys.time < end) {
      this.toys.time = Math.min(end, this.toys.time - (this.toys.time % step) + step);
      await this.current?.daemon.look();
      await this.current?.idle();
      await new Promise((done) => setTimeout(done, 20));
    }
  }
  async stop(why: string): Promise<void> {
    await this.current?.daemon.stop(why);
    this.current = undefined;
  }
  kill(): void {
    for (const store of this.current?.stores ?? []) {
      void store.close();
      // What is left of it finds its log gone, and can give nothing back.
      store.close = async () => {};
    }
    void this.current?.queue().close({ withinMs: 0 });
    this.current = undefined;
  }
}

const served = new Served();
let made: Awaited<ReturnType<typeof writeBundle>>;
const python = has('python3', '--version') && has('openssl', 'version') ? new PythonVerifier() : undefined;
beforeAll(async () => {
  const { toys, app, store } = await decidingToys();
  served.toys = toys;
  toys.engagements = [{ ...engagement, redaction: { ...engagement.redaction, maskNames: true } }];
  toys.controls = [control];
  toys.settings = { schedules: schedules('0 */6 * * *'), notify: toySettings(['oncall', 'mail'], { escalate: [] }, { oncall: 'mail' }) };
  const oncall = new ToyChannel('oncall');
  const mail = new ToyChannel('mail');
  toys.channels = [oncall, mail];
  let back = true;
  toys.answers['toy:Doors'] = () => ({
    Doors: [
      { Name: 'front', Locked: true },
      { Name: 'back', Locked: back },
    ],
  });
  toys.time = Date.parse('2026-01-04T08:00:00.000Z');
  await openPeriod(app, store, {
    ...{ engagement: 'soc2', id: 'january', start: '2026-01-05', end: '2026-01-25', zone: 'Europe/Berlin', reason: 'as agreed' },
    ...by(alice),
  });
  await store.close();
  await served.start();
  await served.until('2026-01-06T09:00:00.000Z');
  oncall.answer = failing(false);
  back = false;
  await served.until('2026-01-07T09:00:00.000Z');
  oncall.answer = () => {};
  back = true;
  await served.until('2026-01-08T09:00:00.000Z');
  await served.stop('SIGTERM');
  toys.time = Date.parse('2026-01-13T09:00:00.000Z');
  await served.start();
  await served.until('2026-01-14T08:00:00.000Z');
  toys.closed = new SourceError('rate-limited', 'toy:Members');
  await served.until('2026-01-14T14:00:00.000Z');
  toys.closed = undefined;
  await served.until('2026-01-15T09:00:00.000Z');
  served.kill();
  toys.time = Date.parse('2026-01-15T20:00:00.000Z');
  await served.start();
  await served.until('2026-01-16T09:00:00.000Z');
  toys.settings = { ...toys.settings, schedules: schedules('0 */4 * * *') };
  await served.current?.daemon.reload('SIGHUP');
  await served.until('2026-01-17T09:00:00.000Z', 4 * hour);
  served.anchorDown = true;
  await served.until('2026-01-18T15:00:00.000Z', 4 * hour);
  served.anchorDown = false;
  await served.until('2026-01-19T09:00:00.000Z', 4 * hour);
  await runCollection(await served.app(), {
    trigger: { name: 'eve', authentication: 'none' },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  await served.stop('SIGTERM');
  served.release = async (of) =>
    await laterRelease(of, { [doorIsLocked.id]: { ...doorIsLocked, rationale: 'because it is a door' } }, '0.1.0');
  await upgradeLog(await served.app(), { name: 'ada', authentication: 'none' });
  toys.time = Date.parse('2026-01-19T11:30:00.000Z');
  await served.start();
  await served.until('2026-01-26T09:00:00.000Z', 4 * hour);
  const again = await (await served.app()).openStore();
  await closePeriod(app, again, { period: 'january', reason: 'over', ...by(alice) });
  await again.close();
  made = await writeBundle(await served.app(), {
    period: 'january',
    out: process.env['OUT'] ?? join(toys.directory, 'bundle'),
    plain: true,
    actor: { name: 'ada', authentication: 'none' },
  });
}, 120_000);

afterAll(async () => {
  python?.stop();
  await served.stop('done');
});
const read = (path: string): string => readFileSync(join(made.out, path), 'utf8');
const rowsOf = (path: string) => parse(read(path), { bom: true, columns: true }) as Record<string, string>[];
const told = (claims: readonly { readonly claim: string; readonly result: string }[]) =>
  claims.map(({ claim, result }) => `${claim} ${result}`);

test('every turn that was planned has one end, and what the log, its index and the bundle count is the same', async () => {
  expect(rowsOf('tool/turns.csv')).toMatchObject([
    { schedule: 'anchors', planned: '21', taken: '15', of_them_late: '2', missed: '4', failed: '2', unaccounted: '0' },
    { schedule: 'toys/regular', planned: '103', taken: '82', of_them_late: '2', missed: '20', failed: '1', unaccounted: '0' },
  ]);
  expect(rowsOf('tool/schedules.csv').map(({ schedule, cron }) => `${schedule} ${cron}`)).toEqual([
    ...['anchors 0 12 * * *', 'toys/regular 0 */6 * * *', 'toys/regular 0 */4 * * *'],
  ]);
  expect(rowsOf('tool/schedule-misses.csv').map(({ schedule, turns, because }) => `${schedule} ${turns} ${because}`)).toEqual([
    ...['toys/regular 20', 'anchors 5', 'toys/regular 2', 'anchors 1'].map((which) => `${which} no daemon was running`),
  ]);
  expect(rowsOf('tool/processes.csv').map(({ version, ended, reloads }) => `${version} ${ended} ${reloads}`)).toEqual([
    ...['0.0.0 stopped 0', '0.0.0 unseen 0', '0.0.0 stopped 1', '0.1.0 not-recorded 0'],
  ]);
  expect(rowsOf('tool/channels.csv')).toMatchObject([
    { channel: 'mail', given_up: '0' },
    { channel: 'oncall', given_up: expect.stringMatching(/^[1-9]/) },
  ]);
  expect(rowsOf('registers/outages.csv')).toMatchObject([{ turns_missed: '20', turns_because: 'toys/regular: no daemon was running' }]);
  const workpaper = read('controls/AC-01/workpaper.html');
  expect(workpaper).toContain('20 missed; toys/regular: no daemon was running');
  expect(workpaper).toContain('82 turns taken (2 late), 20 missed, 1 finally failed');
  expect(read('tool/operation.html')).toContain('Changed or interrupted within the period: toys/regular.');
  expect(read('tool/operation.html')).not.toMatch(/compliant|certified|\beffective\b|\bproves?\b/i);

  const app = await served.app();
  const { turns } = (await describeStatus(app)).operation;
  const listed = await listSchedules(app);
  expect(listed.map(({ record }) => record.failed?.due)).toEqual(['2026-01-14T12:00:00.000Z', '2026-01-18T12:00:00.000Z']);
  expect(listed.map(({ record }) => record.missed?.count)).toEqual([2, 1]);
  // What was done before the period and after it is the rest.
  expect(turns).toEqual({ done: 82 + 15 + 8, failed: 3, missed: 20 + 4 + 4, late: 4 });
});

test('names of people stand nowhere in what is rendered, also of who collected, upgraded or changed something', () => {
  for (const path of ['tool/operation.html', 'tool/index.html', 'tool/lifecycle.csv', 'registers/datasets.csv', 'tool/processes.csv']) {
    expect(read(path), path).not.toMatch(/\b(?:ada|eve|alice)\b/);
  }
  expect(read('tool/lifecycle.csv')).toMatch(/upgraded from 0\.0\.0 to 0\.1\.0 by person-[0-9a-f]{8}: /);
  expect(read('registers/datasets.csv')).toMatch(/toys\/regular: 82; person-[0-9a-f]{8} /);
});

test('both verifiers and recompute take it, and name what is changed afterwards', async () => {
  const files = openDirectory(made.out);
  const { claims } = await verifyFiles(files, { vkey: made.vkey });
  expect(told(claims).filter((one) => one.endsWith('FAIL'))).toEqual([]);
  expect(claims.find(({ claim }) => claim === 'schedule')?.detail).toContain(
    '105 turns were taken, 28 missed (4 of them taken late) and 3 finally failed; 4 runs of a process, 2 without a stop',
  );
  const recomputed = await recomputeFiles(files, made.out, await (await served.app()).registries());
  expect(recomputed).toMatchObject({ differences: [], history: { differences: [] } });
  files.close();
  if (python !== undefined) expect(told(await python.ask({ directory: made.out, vkey: made.vkey }))).toEqual(told(claims));

  const changed = join(served.toys.directory, 'changed');
  cpSync(made.out, changed, { recursive: true });
  const entries = [
    ['"count":20', '"count":10'],
    ['"outcome":"given-up"', '"outcome":"delivered"'],
    ['"event":"ended-unseen"', '"event":"stopped"'],
  ] as const;
  for (const [path, changes, named] of [
    ['evidence/entries.jsonl', entries, 'log-root'],
    ['tool/turns.csv', [['103,82,2,20', '103,102,2,0']], 'bundle-files'],
  ] as const) {
    const plain = read(path);
    for (const [from] of changes) expect(plain).toContain(from);
    writeFileSync(
      join(changed, path),
      changes.reduce((text, [from, to]) => text.replace(from, to), plain),
    );
    const found = openDirectory(changed);
    const after = (await verifyFiles(found, { vkey: made.vkey })).claims.filter(({ result }) => result === 'FAIL');
    found.close();
    expect(
      after.map(({ claim }) => claim),
      path,
    ).toContain(named);
    expect(after.find(({ claim }) => claim === 'bundle-files')?.detail, path).toContain(path);
    if (python !== undefined)
      expect(told(await python.ask({ directory: changed, vkey: made.vkey })).filter((one) => one.endsWith('FAIL'))).toEqual(told(after));
    writeFileSync(join(changed, path), plain);
  }
}, 60_000);
