import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fail } from '../../../src/authoring.ts';
import { openDirectory } from '../../../src/bundle/directory-files.ts';
import type { Check } from '../../../src/model/check.ts';
import type { Control } from '../../../src/model/control.ts';
import type { PeriodHistory } from '../../../src/model/history.ts';
import { withBundleFiles } from '../../../src/run/bundle/open-bundle.ts';
import { type BundleOptions, writeBundle } from '../../../src/run/bundle/write-bundle.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { closePeriod } from '../../../src/run/decisions/close-period.ts';
import { openPeriod } from '../../../src/run/decisions/open-period.ts';
import { recomputeFiles } from '../../../src/run/recompute/recompute-bundle.ts';
import { runCollection } from '../../../src/run/run-collection.ts';
import { verifyFiles } from '../../../src/run/verify-data.ts';
import { PythonVerifier } from '../../verify/python-verifier.ts';
import { has } from '../../verify/time-authority.ts';
import { alice, by, decidingToys } from '../decisions/people.ts';
import type { Toys } from '../toy-source.ts';

const python = has('python3', '--version') && has('openssl', 'version') ? new PythonVerifier() : undefined;
afterAll(() => python?.stop());
const actor = { name: 'ada', authentication: 'none' as const };
const secret = 'AKIAIOSFODNN7PLANTED';
const doorControl: Control = {
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

/** Ten days of January: a door open for two of them; collected before, in and after the period. */
async function lived(): Promise<{ toys: Toys; app: Composition }> {
  const { toys, app, store } = await decidingToys();
  toys.controls = [doorControl];
  toys.time = Date.parse('2026-01-01T08:00:00.000Z');
  const period = { engagement: 'soc2', id: 'january', start: '2026-01-02', end: '2026-01-10', zone: 'Europe/Berlin', reason: 'as agreed' };
  await openPeriod(app, store, { ...period, ...by(alice) });
  await store.close();
  const doors = (back: boolean) => ({
    Doors: [
      { Name: 'front', Locked: true, Note: secret },
      { Name: 'back', Locked: back },
    ],
  });
  for (let day = 1; day <= 12; day++) {
    toys.time = Date.parse(`2026-01-${String(day).padStart(2, '0')}T09:00:00.000Z`);
    toys.answers['toy:Doors'] = () => doors(day < 5 || day > 6);
    await runCollection(app, { trigger: actor, onProgress: () => {}, signal: new AbortController().signal });
  }
  toys.time = Date.parse('2026-01-13T09:00:00.000Z');
  const again = await app.openStore();
  await closePeriod(app, again, {
    period: 'january',
    cutOff: '2026-01-12',
    reportDate: '2026-01-31',
    reason: 'over',
    ...by(alice),
  });
  await again.close();
  return { toys, app };
}

let toys: Toys;
let app: Composition;
let made: Awaited<ReturnType<typeof writeBundle>>;
const options = (name: string, more: Partial<BundleOptions> = {}): BundleOptions => ({
  period: 'january',
  out: join(toys.directory, name),
  plain: true,
  generatedAt: '2026-01-14T00:00:00.000Z',
  actor,
  ...more,
});
beforeAll(async () => {
  ({ toys, app } = await lived());
  made = await writeBundle(app, options('first'));
}, 120_000);
const failed = (claims: readonly { claim: string; result: string }[]) =>
  claims.filter(({ result }) => result === 'FAIL').map(({ claim }) => claim);

describe('the bundle of a period', () => {
  test('has its documents, verifies by both verifiers, and comes out again', async () => {
    const files = openDirectory(made.out);
    const paths = files.list();
    for (const path of [
      'README.pdf',
      'index.html',
      'index.xlsx',
      'index.csv',
      'history.json',
      'requests.csv',
      'controls/AC-01/workpaper.pdf',
      'controls/AC-01/workpaper.html',
      'decisions/allowed_signers',
      'oscal/assessment-results.json',
      'evidence/entries.jsonl',
      'evidence-items/toy/doors/toy-1/items.jsonl',
      'manifest.json',
      'manifest.note',
    ]) {
      expect(paths).toContain(path);
    }
    const { claims } = await verifyFiles(files, { vkey: made.vkey });
    expect(failed(claims)).toEqual([]);
    if (python !== undefined) expect(failed(await python.ask({ directory: made.out, vkey: made.vkey }))).toEqual([]);
    const recomputed = await recomputeFiles(files, made.out, await app.registries());
    expect(recomputed).toMatchObject({
      evaluations: 12,
      recomputed: 12,
      differences: [],
      skipped: [],
      history: { period: 'january', differences: [] },
      same: true,
    });
    files.close();
  });
  test('tells the episode with its dates', () => {
    const history = JSON.parse(readFileSync(join(made.out, 'history.json'), 'utf8'));
    expect(history.controls).toHaveLength(1);
    expect(history.episodes).toHaveLength(1);
    expect(history.episodes[0].observed).toEqual({
      from: expect.stringContaining('2026-01-05T09'),
      to: expect.stringContaining('2026-01-06T09'),
    });
    expect(readFileSync(join(made.out, 'controls/AC-01/workpaper.html'), 'utf8')).toContain('back');
  });
  test('lists every request that is kept', () => {
    const rows = readFileSync(join(made.out, 'requests.csv'), 'utf8')
      .split('\r\n')
      .filter((row) => row !== '');
    expect(rows[0]).toBe('time,session,principal,operation,region,request_id,host,status,collector,scope,entry,kept');
    // Nine days of the period, four collections of one request each.
    expect(rows).toHaveLength(1 + 9 * 4);
    expect(rows[1]).toContain('toys.example');
  });
  // The client comes with ssh-keygen, which has no flag that ends well.
  test.skipIf(!has('ssh', '-V'))('has decisions that OpenSSH checks', () => {
    const folder = join(made.out, 'decisions');
    const signatures = readdirSync(folder).filter((name) => name.endsWith('.sig'));
    expect(signatures.length).toBeGreaterThan(1);
    for (const signature of signatures) {
      const text = readFileSync(join(folder, signature.replace('.sig', '.json')));
      const person = JSON.parse(text.toString()).person as string;
      const arguments_ = [
        '-Y',
        'verify',
        '-f',
        join(folder, 'allowed_signers'),
        '-I',
        person,
        '-n',
        'proofline-decision',
        '-s',
        join(folder, signature),
      ];
      expect(execFileSync('ssh-keygen', arguments_, { input: text }).toString()).toContain('Good');
    }
  });
  test('made again at the same size and time it is the same, and is recorded once', async () => {
    const again = await writeBundle(app, options('again', { logSize: made.size }));
    expect(again.manifest).toBe(made.manifest);
    expect(again.recorded).toBe(made.recorded);
  });
  test('a later one of the same period supplements it', async () => {
    const later = await writeBundle(app, options('later', { generatedAt: '2026-01-15T00:00:00.000Z' }));
    expect(later.supplements).toBe(made.manifest);
    const files = openDirectory(later.out);
    expect(failed((await verifyFiles(files, { vkey: made.vkey })).claims)).toEqual([]);
    files.close();
    expect(readFileSync(join(later.out, 'index.html'), 'utf8')).toContain(made.manifest.slice(7, 20));
  });
  test('is found out when a document says something else than the log', async () => {
    const files = openDirectory(made.out);
    const lying = {
      list: () => files.list(),
      size: (path: string) => files.size(path),
      read(path: string, offset: number, length: number) {
        if (path !== 'history.json') return files.read(path, offset, length);
        const text = Buffer.from(files.read(path, 0, files.size(path)))
          .toString('utf8')
          .replaceAll('"failures-observed"', '"no-failures-observed"');
        return Buffer.from(text).subarray(offset, offset + length);
      },
    };
    const { history } = await recomputeFiles(lying, made.out, await app.registries());
    expect(history?.differences).toContainEqual({
      control: 'AC-01',
      check: null,
      subject: null,
      what: 'state',
      sealed: 'no-failures-observed',
      recomputed: 'failures-observed',
    });
    const registries = await app.registries();
    const strict = {
      ...registries,
      checks: registries.checks.map((check) => ({ ...check, test: () => fail('never') }) as unknown as Check),
    };
    const { differences } = await recomputeFiles(files, made.out, strict);
    expect(differences.some(({ check, subject }) => check === 'toy/door-is-locked' && subject === 'toy:1/door/front')).toBe(true);
    files.close();
  });
});

describe('where it goes', () => {
  test('never over something that is there', async () => {
    await expect(writeBundle(app, options('first'))).rejects.toMatchObject({ code: 'usage' });
    writeFileSync(join(toys.directory, 'there.zip'), 'x');
    await expect(writeBundle(app, options('there.zip'))).rejects.toMatchObject({ code: 'usage' });
  });
  test('outside the demonstration it is encrypted, or somebody says that it is not', async () => {
    await expect(writeBundle(app, options('bare.zip', { plain: false }))).rejects.toThrow('names no recipients');
    expect(existsSync(join(toys.directory, 'bare.zip'))).toBe(false);
  });
  test('a period that nobody opened, and a size nobody signed, are named', async () => {
    await expect(writeBundle(app, options('x', { period: 'may' }))).rejects.toThrow('there is no period "may": there are january');
    await expect(writeBundle(app, options('x', { logSize: 99_999 }))).rejects.toThrow('no signed checkpoint of size 99999');
  });
  test('one that is interrupted leaves nothing', async () => {
    const before = readdirSync(toys.directory).sort();
    const broken: Composition = {
      ...app,
      openStore: async (how) =>
        Object.assign(await app.openStore(how), {
          signNote: () => {
            throw new Error('interrupted');
          },
        }),
    };
    await expect(writeBundle(broken, options('half'))).rejects.toThrow('interrupted');
    expect(readdirSync(toys.directory).sort()).toEqual(before);
  });
});

describe('what the engagement asks for', () => {
  test('recipients get it encrypted; withheld items leave as commitments; names are masked', async () => {
    const identity = await generateX25519Identity();
    const other = await decidingToys();
    other.toys.controls = [doorControl];
    const [engagement] = other.toys.engagements;
    other.toys.engagements = [
      { ...engagement!, recipients: [await identityToRecipient(identity)], redaction: { withholdItemsOf: ['toy/doors'], maskNames: true } },
    ];
    other.toys.time = Date.parse('2026-01-01T08:00:00.000Z');
    await openPeriod(other.app, other.store, {
      engagement: 'soc2',
      id: 'january',
      start: '2026-01-02',
      end: '2026-01-10',
      zone: 'UTC',
      reason: 'as agreed',
      ...by(alice),
    });
    await other.store.close();
    for (const day of ['02', '05', '10']) {
      other.toys.time = Date.parse(`2026-01-${day}T09:00:00.000Z`);
      await runCollection(other.app, { trigger: actor, onProgress: () => {}, signal: new AbortController().signal });
    }
    const out = join(other.toys.directory, 'handed.zip');
    const written = await writeBundle(other.app, { ...options('x'), out, plain: false });
    expect(written.out).toBe(`${out}.age`);
    expect(existsSync(out)).toBe(false);
    const key = join(other.toys.directory, 'identity');
    writeFileSync(key, `${identity}\n`);
    await withBundleFiles(written.out, { identity: key }, async (files) => {
      const { claims } = await verifyFiles(files, { vkey: written.vkey });
      expect(failed(claims)).toEqual([]);
      expect(claims.find(({ claim }) => claim === 'withheld')?.result).toBe('WARN');
      const text = (path: string) => Buffer.from(files.read(path, 0, files.size(path))).toString('utf8');
      expect(files.list().filter((path) => path.startsWith('evidence-items/toy/doors') && path.endsWith('.jsonl'))).toEqual([]);
      expect(text('index.html')).not.toContain(alice.person.name);
      expect(text('registers/decisions.csv')).toMatch(/person-[0-9a-f]{8}/);
      const { skipped } = await recomputeFiles(files, 'handed', await other.app.registries());
      expect(skipped).toEqual([{ reason: 'items of it are erased or withheld', evaluations: 3, first: expect.any(Number) }]);
    });
  });
});

describe('a Type 1 report', () => {
  const bundleOf = async (day: string) => {
    const store = await app.openStore();
    await openPeriod(app, store, { engagement: 'soc2-type1', asOf: day, zone: 'Europe/Berlin', reason: 'as agreed', ...by(alice) });
    await store.close();
    const written = await writeBundle(app, options(day, { period: `soc2-type1-${day}`, generatedAt: '2026-01-16T00:00:00.000Z' }));
    const files = openDirectory(written.out);
    expect(failed((await verifyFiles(files, { vkey: written.vkey })).claims)).toEqual([]);
    expect(await recomputeFiles(files, written.out, await app.registries())).toMatchObject({ same: true });
    files.close();
    const [control] = (JSON.parse(readFileSync(join(written.out, 'history.json'), 'utf8')) as PeriodHistory).controls;
    return { control: control!, page: readFileSync(join(written.out, 'index.html'), 'utf8') };
  };
  test('speaks of its day and of what was read on it', async () => {
    const { control, page } = await bundleOf('2026-01-06');
    expect(page).toContain('as of 6 January 2026');
    const [series] = control.series;
    expect(series).toMatchObject({ readings: 1, firstReading: expect.stringContaining('2026-01-06T09') });
    for (const { intervals } of series!.timelines) {
      expect(intervals.at(0)?.from).toBe('2026-01-05T23:00:00.000Z');
      expect(intervals.at(-1)?.to).toBe('2026-01-06T23:00:00.000Z');
    }
    expect(control.state).toBe('failures-observed');
    const good = await bundleOf('2026-01-08');
    expect(good.control).toMatchObject({ episodes: [], deviations: [], metrics: { edges: { start: true, end: true } } });
    expect(good.control.metrics.byOutcome).toMatchObject({ pass: 2 * 24 * 3_600_000, fail: 0, 'no-evidence': 0 });
  });
  test('knows nothing of a day on which nobody looked, whatever was seen the day before', async () => {
    const { control } = await bundleOf('2026-01-13');
    expect(control.state).toBe('no-evidence');
    expect(control.metrics.byOutcome.pass).toBe(0);
  });
});

test('a secret that a source answered with is nowhere in it', () => {
  const folder = made.out;
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    expect(readFileSync(join(entry.parentPath, entry.name)).includes(secret), entry.name).toBe(false);
  }
});
