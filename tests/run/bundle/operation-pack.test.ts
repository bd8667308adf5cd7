import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OperationPack } from '../../../src/model/bundle-content.ts';
import type { PlanDetail } from '../../../src/model/plan.ts';
import { operationPack, schedulesOfDataset } from '../../../src/run/bundle/operation-pack.ts';
import { surveyLog } from '../../../src/run/bundle/survey-log.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { delivery, evaluation, failedTurn, life, miss, schedule, turnAt } from '../../index/fixture.ts';
import { clockFrom, freshStore, logic, type Place, place, source } from '../../store/fixtures.ts';

let at: Place;
let store: EmbeddedStore;
let clock: ReturnType<typeof clockFrom>;
beforeEach(async () => {
  at = place();
  clock = clockFrom('2026-01-14T20:00:00.000Z');
  ({ store } = await freshStore(at, clock));
});
afterEach(async () => {
  await store.close();
  at.remove();
});

/** Two days. */
const period = { from: '2026-01-15T00:00:00.000Z', to: '2026-01-17T00:00:00.000Z', through: '2026-01-17T00:00:00.000Z' };
const due = (hour: number) => new Date(Date.parse(period.from) + hour * 3_600_000).toISOString();
const planned = (cron: string): NonNullable<PlanDetail['schedules']>[number] => ({
  id: schedule,
  kind: 'collect',
  source: 'home',
  collectors: ['aws/keys'],
  cron,
  zone: 'UTC',
  jitterMs: 0,
  from: 'default',
});
async function plan(schedules: PlanDetail['schedules']): Promise<{ index: number; at: string }> {
  const detail: PlanDetail = {
    v: 1,
    version: '0.2.0',
    configuration: {},
    sources: [{ kind: 'aws', name: 'home', members: [source] }],
    collectors: [],
    checks: [],
    controls: [],
    criteria: [],
    objectives: [],
    absentTypes: [],
    scopeRules: [],
    ...(schedules === undefined ? {} : { schedules }),
  };
  const { index, statement } = await store.append<'plan'>({
    kind: 'plan',
    configuration: logic,
    collectors: [],
    checks: { count: 0, digest: logic },
    controls: { count: 0, digest: logic },
    detail: await store.putBlob('plan', detail),
  });
  return { index, at: statement.at };
}
const packed = (bounds = period): OperationPack & { all: unknown[] } => {
  const pack = operationPack(
    store,
    surveyLog(store, bounds, (instant) => instant.slice(0, 7)),
    bounds,
  );
  return { ...pack, all: [...pack.deliveries] };
};

test('what was planned is worked out from the plans, and every turn is taken, missed, failed or not accounted for', async () => {
  const first = await plan([planned('0 */4 * * *')]);
  await store.append<'lifecycle'>(life('r1', 'started'));
  clock.set(due(0));
  // Every four hours: 0 is taken, 4 and 8 are missed and 8 is taken late, 12 fails, of 16 and 20 nothing is said.
  await store.appendEvaluation(evaluation([1], [], { turn: turnAt(due(0)) }));
  await store.appendEvaluation(evaluation([1], [], { source: 'aws:2', turn: turnAt(due(0)) }));
  clock.set(due(9));
  await store.append<'schedule-miss'>(miss({ from: due(4), to: due(8), count: 2, late: true }));
  clock.set(due(9.5));
  await store.appendEvaluation(evaluation([1], [], { turn: turnAt(due(8)) }));
  clock.set(due(12.5));
  await store.append<'gap'>(failedTurn(due(12)));
  clock.set(due(24));
  // The second day every six hours; the plan comes a second after midnight, which was due by the first.
  const second = await plan([planned('0 */6 * * *')]);
  for (const hour of [24, 30, 36, 42]) {
    clock.set(due(hour));
    await store.appendEvaluation(evaluation([1], [], { turn: turnAt(due(hour)) }));
  }
  clock.set(due(43));
  // Of what comes after the period nothing is counted.
  await store.append<'schedule-miss'>(miss({ from: due(48), to: due(60), count: 3 }));

  const pack = packed();
  expect(pack.turns).toEqual([
    { schedule, planned: 10, taken: 6, late: 1, missed: 1, failed: 1, unaccounted: 2, longestWaitMs: 5_401_000 },
  ]);
  expect(pack.schedules.map(({ cron, from, plan: index }) => [cron, from, index])).toEqual([
    ['0 */4 * * *', period.from, first.index],
    ['0 */6 * * *', second.at, second.index],
  ]);
  expect(pack.misses).toMatchObject([{ count: 2, because: 'no daemon was running', late: true, taken: true }]);
  expect(pack.failedTurns).toMatchObject([{ schedule, due: due(12), attempts: 3 }]);
  // What has not come yet is not planned: of the second day only its beginning.
  expect(packed({ ...period, through: due(31) }).turns[0]).toMatchObject({ planned: 8 });
});

test('a turn that was missed, tried late and finally failed is one that failed, and is counted once', async () => {
  await plan([planned('0 */12 * * *')]);
  clock.set(due(13));
  await store.append<'schedule-miss'>(miss({ from: due(0), to: due(12), count: 2, late: true }));
  await store.append<'gap'>(failedTurn(due(12)));
  const { turns, misses } = packed({ ...period, through: due(13) });
  expect(turns).toMatchObject([{ planned: 2, taken: 0, late: 0, missed: 1, failed: 1, unaccounted: 0 }]);
  expect(misses).toMatchObject([{ late: true, taken: false, failed: true }]);
});

test('a schedule that nothing served has no planned turns, and says since when it was served', async () => {
  await plan([planned('0 */4 * * *')]);
  expect(packed()).toMatchObject({ servedFrom: null, turns: [{ schedule, planned: null, taken: 0, unaccounted: null }] });
  clock.set(due(24));
  await store.append<'lifecycle'>(life('r1', 'started'));
  const { statement } = await store.append<'lifecycle'>(life('r1', 'reloaded'));
  expect(packed().servedFrom).toBe(statement.at.replace(/02\.000Z$/, '01.000Z'));
  expect(packed().turns).toMatchObject([{ planned: 5, taken: 0, unaccounted: 5 }]);
});

test('a miss that reaches beyond the period counts for what was due in it', async () => {
  await plan([planned('0 */4 * * *')]);
  await store.append<'schedule-miss'>(miss({ from: due(-8), to: due(8), count: 5 }));
  expect(packed().turns).toMatchObject([{ missed: 3 }]);
});

test('processes: which ran with what, and how each ended', async () => {
  const other = `sha256:${'cd'.repeat(32)}`;
  await store.append<'lifecycle'>(life('before', 'started'));
  await store.append<'lifecycle'>(life('before', 'stopped'));
  await store.append<'lifecycle'>(life('r1', 'started'));
  clock.set(due(1));
  await store.append<'lifecycle'>(life('r1', 'reloaded', { configuration: other }));
  await store.append<'lifecycle'>(life('w1', 'started', { role: 'worker' }));
  clock.set(due(5));
  await store.append<'lifecycle'>(life('r2', 'started'));
  await store.append<'lifecycle'>(life('w1', 'ended-unseen', { role: 'worker' }));
  await store.append<'lifecycle'>(life('r2', 'stopped'));
  await store.append<'lifecycle'>(life('r3', 'started'));
  const { processes, processEvents } = packed();
  expect(processes.map(({ run, ended, reloads, configuration }) => [run, ended, reloads, configuration])).toEqual([
    ['r1', 'unseen', 1, other],
    ['w1', 'unseen', 0, logic],
    ['r2', 'stopped', 0, logic],
    ['r3', 'not-recorded', 0, logic],
  ]);
  expect(processEvents.map(({ event, run }) => `${run} ${event}`)).toEqual([
    ...['r1 reloaded', 'w1 started', 'r2 started', 'w1 ended-unseen', 'r2 stopped', 'r3 started'],
  ]);
});

test('deliveries of the period are counted per channel, and listed attempt by attempt', async () => {
  await store.append<'delivery'>(delivery({ message: 'before' }));
  clock.set(due(1));
  await store.append<'delivery'>(delivery({ outcome: 'failed', reason: 'HTTP 503' }));
  await store.append<'delivery'>(delivery({ attempt: 2 }));
  await store.append<'delivery'>(delivery({ message: 'M-2', notices: { 'check-failing': 1, 'check-recovered': 4 } }));
  const pack = packed();
  expect(pack.channels).toMatchObject([
    { channel: 'oncall', messages: 2, delivered: 2, failed: 1, givenUp: 0, notices: { 'check-failing': 3, 'check-recovered': 4 } },
  ]);
  expect(pack.all).toMatchObject([{ attempt: 1, outcome: 'failed', reason: 'HTTP 503' }, { attempt: 2 }, { message: 'M-2' }]);
});

test('a dataset knows the schedules that would collect it', async () => {
  await plan([planned('0 */4 * * *')]);
  await plan(undefined);
  const { plans } = surveyLog(store, period, (instant) => instant.slice(0, 7));
  expect(schedulesOfDataset(plans, { collector: 'aws/keys', source })).toEqual([schedule]);
  expect(schedulesOfDataset(plans, { collector: 'aws/doors', source })).toEqual([]);
  expect(schedulesOfDataset(plans, { collector: 'aws/keys', source: 'aws:2' })).toEqual([]);
});
