import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRuler } from '../../src/config/engagements.ts';
import { explainSilence, type UntakenTurn } from '../../src/history/explain-silence.ts';
import { openIndexInMemory } from '../../src/index/open-index.ts';
import { project } from '../../src/index/project.ts';
import { Control } from '../../src/model/control.ts';
import { Engagement, type Period } from '../../src/model/engagement.ts';
import { type PeriodHistory, whySilent } from '../../src/model/history.ts';
import type { PlanDetail } from '../../src/model/plan.ts';
import { type MissReason, missReasons } from '../../src/model/statement.ts';
import { readPeriodOf } from '../../src/run/read-period.ts';
import { digestOf } from '../../src/seal/digest.ts';
import type { EmbeddedStore } from '../../src/store/embedded.ts';
import { checkResults, evaluation, failedTurn, miss, result, schedule, type } from '../index/fixture.ts';
import { freshStore, logic, type Place, place, source } from '../store/fixtures.ts';

const hour = 3_600_000;
const turn = (more: Partial<UntakenTurn>): UntakenTurn => ({
  schedule,
  kind: 'missed',
  from: 4 * hour,
  to: 8 * hour,
  count: 2,
  because: 'no daemon was running',
  index: 7,
  sources: new Set([source]),
  types: null,
  ...more,
});

describe('a silence', () => {
  const silence = { from: 2 * hour, to: 10 * hour };
  const explained = (...turns: UntakenTurn[]) => explainSilence(silence, turns, { source, type });
  test('is explained by the turns that were due within it or on its end, and by no others', () => {
    expect(explained(turn({}), turn({ kind: 'failed', count: 1, from: 10 * hour, to: 10 * hour, because: 'no role', index: 9 }))).toEqual({
      missed: 2,
      failed: 1,
      because: [`${schedule}: no daemon was running`, `${schedule}: no role`],
      entries: [7, 9],
    });
    // The turn it begins with was taken: that is the last reading.
    expect(explained(turn({ from: 1 * hour, to: 2 * hour }), turn({ from: 11 * hour, to: 12 * hour }))).toBeUndefined();
  });
  test('is not explained by what would have looked at something else', () => {
    expect(explained(turn({ sources: new Set(['aws:9']) }), turn({ types: new Set(['house.door']) }))).toBeUndefined();
    expect(explained(turn({ types: new Set([type, 'house.door']) }))).toBeDefined();
    expect(explainSilence(silence, [turn({ types: new Set(['house.door']) })], { source })).toBeDefined();
  });
  test('is said in a sentence', () => {
    expect(whySilent({ reason: 'stale' })).toBe('stale');
    const because = [1, 2, 3, 4, 5].map((n) => `s/${n}: no role`);
    expect(whySilent({ reason: 'not-collected', turns: { missed: 2, failed: 0, because: because.slice(0, 1), entries: [7] } })).toBe(
      'not-collected (turns of schedules: 2 missed; s/1: no role)',
    );
    expect(whySilent({ reason: 'not-collected', turns: { missed: 1, failed: 4, because, entries: [7] } })).toBe(
      'not-collected (turns of schedules: 1 missed, 4 finally failed; s/1: no role; s/2: no role; s/3: no role; and 2 more reasons)',
    );
  });
});

const begin = Date.parse('2026-01-15T00:00:00.000Z');
const at = (hours: number) => new Date(begin + hours * hour).toISOString();
const period: Period = {
  v: 1,
  id: 'p',
  engagement: Engagement.parse({ id: 'toy', report: 'soc2', type: 2, trustServices: ['security'] }),
  start: '2026-01-15',
  end: '2026-01-21',
  zone: 'UTC',
  from: at(0),
  to: at(7 * 24),
  cutOff: null,
  ruler: defaultRuler,
  plan: 1,
};
const control = Control.parse({
  id: 'C-1',
  status: 'adopted',
  statement: 'Keys are young.',
  frequency: 'continuous',
  satisfies: {},
  covers: [type],
  checks: ['house/a'],
});
const plan: PlanDetail = {
  v: 1,
  version: '0',
  configuration: {},
  sources: [{ kind: 'aws', name: 'home', members: [source] }],
  collectors: [
    { id: 'aws/keys', title: '', kind: 'state', scope: 'account', yields: [type], permissions: [], logic, grade: 'source-direct' },
    { id: 'aws/doors', title: '', kind: 'state', scope: 'account', yields: ['house.door'], permissions: [], logic, grade: 'source-direct' },
  ],
  checks: [
    {
      id: 'house/a',
      claim: 'Young.',
      severity: 'critical',
      subject: type,
      parameters: {},
      parametersDigest: digestOf({}),
      logic,
      remediation: { console: '', cli: '', terraform: '' },
      controls: ['C-1'],
    },
  ],
  controls: [control],
  criteria: [],
  objectives: [],
  absentTypes: [],
  scopeRules: [],
  schedules: [schedule, 'home/doors'].map((id) => ({
    id,
    kind: 'collect',
    source: 'home',
    collectors: [id === schedule ? 'aws/keys' : 'aws/doors'],
    cron: '0 */4 * * *',
    zone: 'UTC',
    jitterMs: 0,
    from: 'default',
  })),
};

/** What the log says beside its readings, and the history it gives with that and without. */
type Recorded =
  | {
      readonly kind: 'missed';
      readonly from: number;
      readonly length: number;
      readonly reason: MissReason;
      readonly late: boolean;
      readonly of: string;
    }
  | { readonly kind: 'failed'; readonly due: number };

describe('what was missed and what failed', () => {
  let places: Place[] = [];
  beforeAll(() => {
    places = [];
  });
  afterAll(() => {
    for (const one of places) one.remove();
  });

  async function logOf(readings: readonly number[], recorded: readonly Recorded[]): Promise<PeriodHistory> {
    const here = place();
    places.push(here);
    const { store } = await freshStore(here);
    const index = openIndexInMemory();
    try {
      await store.append<'plan'>({
        kind: 'plan',
        configuration: logic,
        collectors: [],
        checks: { count: 1, digest: logic },
        controls: { count: 1, digest: logic },
        detail: await store.putBlob('plan', plan),
      });
      for (const hours of [...readings].sort((left, right) => left - right))
        await store.appendEvaluation(
          evaluation([1, 2], [checkResults('house/a', [result(1, 'pass'), result(2, hours % 3 === 0 ? 'fail' : 'pass')])], {
            asOf: at(hours),
          }),
        );
      for (const one of recorded) await record(store, one);
      project(store, index);
      const now = at(7 * 24);
      return readPeriodOf(store, index, period, { decisions: [], changes: { events: [], records: [] } }, { now });
    } finally {
      await index.close();
      await store.close();
    }
  }
  async function record(store: EmbeddedStore, one: Recorded): Promise<void> {
    if (one.kind === 'failed') await store.append<'gap'>(failedTurn(at(one.due)));
    else {
      const { from, length, reason, late, of } = one;
      await store.append<'schedule-miss'>(
        miss({ schedule: of, from: at(from), to: at(from + 4 * length), count: length + 1, reason, late }),
      );
    }
  }
  /** Everything but the explanation. */
  const known = ({ logSize: _, ...history }: PeriodHistory): unknown =>
    JSON.parse(JSON.stringify(history, (key, value: unknown) => (key === 'turns' ? undefined : value)));

  test('explains the outage and the gap it fell into, by the check it would have fed', async () => {
    const history = await logOf(
      [0, 4, 8, 12, 100, 104, 164],
      [
        { kind: 'missed', from: 16, length: 9, reason: 'not-running', late: true, of: schedule },
        { kind: 'missed', from: 20, length: 2, reason: 'overlap', late: false, of: 'home/doors' },
        { kind: 'failed', due: 56 },
      ],
    );
    const [outage, ...others] = history.outages;
    expect(outage).toMatchObject({ source, from: at(12), to: at(100), turns: { missed: 13, failed: 1 } });
    expect(outage?.turns?.because).toEqual([
      `${schedule}: no daemon was running`,
      'home/doors: the turn before it was still going on',
      `${schedule}: no role`,
    ]);
    expect(others).toEqual([]);
    const gaps = history.controls[0]?.series[0]?.gaps ?? [];
    // The doors are of no concern to a check over keys.
    expect(gaps.find(({ from }) => from < at(60))?.turns).toEqual({
      missed: 10,
      failed: 1,
      because: [`${schedule}: no daemon was running`, `${schedule}: no role`],
      entries: [expect.any(Number), expect.any(Number)],
    });
    expect(gaps).toHaveLength(1);
  });

  test('never lengthens or shortens what is known', async () => {
    const recorded = fc.oneof(
      fc.record({
        kind: fc.constant('missed' as const),
        from: fc.integer({ min: -8, max: 160 }),
        length: fc.nat(10),
        reason: fc.constantFrom(...missReasons),
        late: fc.boolean(),
        of: fc.constantFrom(schedule, 'home/doors', 'home/gone', 'elsewhere/critical'),
      }),
      fc.record({ kind: fc.constant('failed' as const), due: fc.integer({ min: -8, max: 170 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 167 }), { minLength: 1, maxLength: 8 }),
        fc.array(recorded, { minLength: 1, maxLength: 6 }),
        async (readings, statements) => {
          const without = await logOf(readings, []);
          const withThem = await logOf(readings, statements);
          expect(known(withThem)).toEqual(known(without));
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);
});
