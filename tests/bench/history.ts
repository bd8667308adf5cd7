/**
 * Twelve months of 1,000 accounts and 200 checks, written straight into the tables of the index: 60 of 100 series never flip, 30 do so 1 to 6
 * times, 10 do so 20 to 59 times (1.2 million stretches), read every hour (8.8 million collections, of which the index keeps months).
 * How long coverage, deviations and roll-up of the whole period take, in how much memory, and beside a plain scan of the same rows; and what
 * one more quiet day costs when the history has 30, 90 and 365 days. Run: node tests/bench/history.ts
 * Exit code 1 when it takes more than 5 s or 1 GB, or when a quiet day costs more in a longer history.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRuler } from '../../src/config/engagements.ts';
import { type Index, openIndex } from '../../src/index/open-index.ts';
import { project } from '../../src/index/project.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import { Engagement, type Period } from '../../src/model/engagement.ts';
import type { LogReader } from '../../src/model/log-reader.ts';
import type { PlanDetail } from '../../src/model/plan.ts';
import { sceneOf } from '../../src/run/read-period.ts';
import { summarisePeriod } from '../../src/run/summarise-period.ts';
import { digestOf } from '../../src/seal/digest.ts';
import { createStore } from '../../src/store/embedded.ts';

const [accounts, checks, types, controls] = [1000, 200, 4, 20];
const hour = 3_600_000;
const begin = Date.parse('2025-01-01T00:00:00.000Z');
const end = Date.parse('2026-01-01T00:00:00.000Z');
const hours = (end - begin) / hour;
const logic = `sha256:${'0'.repeat(64)}`;
const parametersDigest = digestOf({});
const sourceOf = (n: number) => `aws:${String(n).padStart(12, '0')}`;
const typeOf = (n: number) => `aws.bench.type-${n}`;
const root = mkdtempSync(join(tmpdir(), 'bench-history-'));
let missed = false;
function hold(name: string, value: number, limit: number, unit: string): void {
  const over = value > limit;
  missed ||= over;
  console.log(`${over ? 'MISS' : 'ok  '} ${name}: ${value.toFixed(2)} ${unit} (at most ${limit})`);
}

/** Always the same numbers, from 0 to below 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const plan: PlanDetail = {
  v: 1,
  version: '0.0.0',
  configuration: {},
  sources: [{ kind: 'aws', name: 'all', members: Array.from({ length: accounts }, (_, n) => sourceOf(n)) }],
  collectors: Array.from({ length: types }, (_, n) => ({
    id: `aws/bench-${n}`,
    title: 'bench',
    kind: 'state',
    scope: 'account',
    yields: [typeOf(n)],
    permissions: [],
    logic,
    grade: 'source-direct',
  })),
  checks: Array.from({ length: checks }, (_, n) => ({
    id: `aws/bench-check-${n}`,
    claim: 'it is as it should be',
    severity: 'high',
    subject: typeOf(n % types),
    parameters: {},
    parametersDigest,
    logic,
    remediation: { console: '', cli: '', terraform: '' },
    controls: [`BE-${n % controls}`],
  })),
  controls: Array.from({ length: controls }, (_, n) => ({
    id: `BE-${n}`,
    status: 'adopted',
    statement: 'It is as it should be.',
    frequency: 'continuous',
    tolerance: { detectAndFix: 'PT24H' },
    satisfies: { soc2: [`CC${(n % 9) + 1}.1`], soc1: [] },
    automation: 'full',
    covers: [typeOf(n % types)],
    checks: [],
    evidence: [],
  })),
  criteria: Array.from({ length: 9 }, (_, n) => ({ id: `CC${n + 1}.1`, area: 'bench', text: 'bench' })),
  objectives: [],
  absentTypes: [],
  scopeRules: [],
};
const planBytes = new TextEncoder().encode(JSON.stringify(plan));
const reader: LogReader = {
  origin: 'proofline/bench',
  vkeys: () => [],
  size: () => 1,
  entries: () => [],
  checkpoints: () => [],
  blob: () => ({ kind: 'open', salt: new Uint8Array(32), bytes: planBytes }),
};
const period: Period = {
  v: 1,
  id: 'bench-2025',
  engagement: Engagement.parse({ id: 'bench', report: 'soc2', type: 2 }),
  start: '2025-01-01',
  end: '2025-12-31',
  zone: 'UTC',
  from: new Date(begin).toISOString(),
  to: new Date(end).toISOString(),
  cutOff: null,
  ruler: defaultRuler,
  plan: 0,
};

/** Returns how many stretches were written, passing ones counted. */
function generate({ database }: Index): number {
  const random = numbers(20250101);
  const put = {
    plan: database.prepare('INSERT INTO plan_version (idx, at, detail) VALUES (0, ?, ?)'),
    month: database.prepare(
      'INSERT INTO reading_month (source, type, month, first_n, count, first_at, last_at, max_gap, times) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    series: database.prepare(
      'INSERT INTO series (id, source, check_id, parameters_digest, parameters, subject_type, results, logic) VALUES (?, ?, ?, ?, ?, ?, NULL, ?)',
    ),
    logic: database.prepare('INSERT INTO series_logic (id, series, logic, from_at, from_idx, to_at) VALUES (?, ?, ?, ?, 1, NULL)'),
    life: database.prepare(
      'INSERT INTO life (source, type, subject, display, c_id, born_before, born_at, last_at, died_at) VALUES (?, ?, ?, ?, ?, NULL, ?, NULL, NULL)',
    ),
    mark: database.prepare(
      `INSERT INTO mark (series, subject, display, outcome, reason, excluded, blanket, messages, before_at, first_at, first_n, first_idx, detected_at,
         last_at, last_n, last_idx, after_at, after_idx) VALUES (?, ?, ?, 'fail', NULL, 0, 0, '["it is open to everyone"]', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  };
  const months = Array.from({ length: 12 }, (_, n) => {
    const [from, to] = [Date.UTC(2025, n, 1), Date.UTC(2025, n + 1, 1)];
    const count = (to - from) / hour;
    const times = new Uint8Array(count * 8);
    const view = new DataView(times.buffer);
    for (let at = 0; at < count; at += 1) view.setUint32(at * 8, at * hour, true);
    return { name: new Date(from).toISOString().slice(0, 7), from, last: to - hour, count, firstN: (from - begin) / hour + 1, times };
  });
  const at = (n: number) => begin + n * hour;
  let series = 0;
  let stretches = 0;
  database.exec('BEGIN');
  put.plan.run(new Date(begin - 24 * hour).toISOString(), 'plan');
  for (let account = 0; account < accounts; account += 1) {
    const source = sourceOf(account);
    for (let type = 0; type < types; type += 1) {
      for (const { name, from, last, count, firstN, times } of months)
        put.month.run(source, typeOf(type), name, firstN, count, from, last, hour, times);
      put.life.run(source, typeOf(type), `${source}/thing/${type}`, `thing ${type}`, `${account}-${type}`, begin);
    }
    for (let check = 0; check < checks; check += 1) {
      series += 1;
      put.series.run(series, source, `aws/bench-check-${check}`, parametersDigest, '{}', typeOf(check % types), series);
      put.logic.run(series, series, logic, begin);
      const kind = random();
      const flips = kind < 0.6 ? 0 : kind < 0.9 ? 1 + Math.floor(random() * 6) : 20 + Math.floor(random() * 40);
      stretches += flips + 1;
      const turns = [...new Set(Array.from({ length: flips }, () => 1 + Math.floor(random() * (hours - 2))))].sort((a, b) => a - b);
      for (let n = 0; n < turns.length; n += 2) {
        const first = turns[n] as number;
        const after = turns[n + 1];
        const subject = `${source}/thing/${check % types}`;
        const ends = after === undefined ? [null, null, null, null, null] : [at(after - 1), after, after, at(after), after];
        put.mark.run(series, subject, `thing ${check % types}`, at(first - 1), at(first), first + 1, first, at(first) + 60_000, ...ends);
      }
    }
  }
  database.exec('COMMIT');
  return stretches;
}

function wholeYear(): void {
  const index = openIndex(join(root, 'year'));
  const started = performance.now();
  const stretches = generate(index);
  console.log(
    `     ${stretches.toLocaleString('en')} stretches of ${(accounts * checks).toLocaleString('en')} series written in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  const scan = () => {
    const before = performance.now();
    let rows = 0;
    for (const sql of [
      'SELECT * FROM mark',
      'SELECT * FROM series',
      'SELECT source, type, month, first_n, count, first_at, last_at, max_gap FROM reading_month',
    ]) {
      const statement = index.database.prepare(sql);
      statement.setReturnArrays(true);
      for (const _ of statement.iterate()) rows += 1;
    }
    return { rows, seconds: (performance.now() - before) / 1000 };
  };
  scan();
  const plainScan = scan();
  const before = performance.now();
  const cpu = process.cpuUsage();
  const scene = sceneOf(reader, index, period, { decisions: [], changes: { events: [], records: [] } }, { now: period.to });
  const summary = summarisePeriod(index, scene);
  const seconds = (performance.now() - before) / 1000;
  const used = process.cpuUsage(cpu);
  console.log(`     processor: ${((used.user + used.system) / 1e6).toFixed(2)} s`);
  const [episodes, deviations] = [
    summary.controls.reduce((sum, one) => sum + one.episodes, 0),
    summary.controls.reduce((sum, one) => sum + one.deviations, 0),
  ];
  console.log(
    `     ${summary.series.toLocaleString('en')} series, ${episodes.toLocaleString('en')} episodes, ${deviations.toLocaleString('en')} deviations, ${summary.topics.length} topics`,
  );
  console.log(
    `     plain scan of ${plainScan.rows.toLocaleString('en')} rows: ${plainScan.seconds.toFixed(2)} s; ratio ${(seconds / plainScan.seconds).toFixed(1)}`,
  );
  hold('coverage, deviations and roll-up of the year', seconds, 5, 's');
  hold('memory', process.resourceUsage().maxRSS / 1024 / 1024, 1, 'GB');
  void index.close();
}

/** Rows written for one more quiet evaluation, when so many days of them are there. */
async function quietDay(): Promise<void> {
  const owner = { tenant: 'bench', demonstration: true };
  let at = begin;
  let ids = 0;
  const store = await createStore({
    dataDir: join(root, 'quiet'),
    keys: createKeys(join(root, 'keys'), owner),
    ...owner,
    origin: 'proofline/bench',
    now: () => new Date(at).toISOString(),
    newId: () => `01J${String(++ids).padStart(23, '0')}`,
    durable: false,
  });
  const index = openIndex(join(root, 'quiet'));
  const results = (check: number) =>
    Array.from({ length: 50 }, (_, n) => ({
      subject: `s/${n}`,
      display: `s ${n}`,
      outcome: n % 10 === check % 10 ? ('fail' as const) : ('pass' as const),
      message: 'said',
    }));
  const evaluate = async () => {
    at += 24 * hour;
    await store.appendEvaluation({
      source: sourceOf(1),
      asOf: new Date(at).toISOString(),
      plan: null,
      reads: [],
      population: Array.from({ length: 50 }, (_, n) => ({ type: typeOf(0), id: `s/${n}`, display: `s ${n}` })),
      checks: Array.from({ length: 20 }, (_, check) => ({
        check: `aws/bench-check-${check}`,
        parameters: {},
        logic,
        subjectType: typeOf(0),
        excluded: [],
        results: results(check),
      })),
      malformed: 0,
    });
  };
  const written: number[] = [];
  for (let day = 1; day <= 365; day += 1) {
    await evaluate();
    const changes = () => Number(index.database.prepare('SELECT total_changes() AS n').get()?.['n']);
    const before = changes();
    project(store, index);
    if (day === 30 || day === 90 || day === 365) {
      written.push(changes() - before);
      console.log(`     quiet day ${day}: ${written.at(-1)} rows written`);
    }
  }
  hold('one more quiet day in a year against one in a month', Math.max(...written) / Math.min(...written), 1, 'times the rows');
  await index.close();
  await store.close();
}

try {
  wholeYear();
  await quietDay();
} finally {
  rmSync(root, { recursive: true, force: true });
}
if (missed) process.exitCode = 1;
