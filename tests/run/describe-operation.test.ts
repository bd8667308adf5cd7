import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Index, openIndexInMemory } from '../../src/index/open-index.ts';
import { project } from '../../src/index/project.ts';
import { writeHeartbeat } from '../../src/run/daemon/process-life.ts';
import { describeOperation } from '../../src/run/describe-operation.ts';
import type { EmbeddedStore } from '../../src/store/embedded.ts';
import { delivery, evaluation, failedTurn, life, miss, schedule, turnAt } from '../index/fixture.ts';
import { freshStore, type Place, place } from '../store/fixtures.ts';

let at: Place;
let store: EmbeddedStore;
let index: Index;

beforeEach(async () => {
  at = place();
  ({ store } = await freshStore(at));
  index = openIndexInMemory();
});
afterEach(async () => {
  await index.close();
  await store.close();
  at.remove();
});
/** The clock of the store begins at noon and moves a second per look. */
const describedAt = async (now: string) => {
  project(store, index);
  return await describeOperation(index, store.state.values, now);
};

test('where nothing is scheduled nothing is said', async () => {
  expect(await describedAt('2026-01-15T12:10:00.000Z')).toEqual({
    turns: { done: 0, failed: 0, missed: 0, late: 0 },
    lastMissed: null,
    lastFailed: null,
    daemon: null,
    channels: [],
  });
});

test('turns of all schedules are summed, and the last miss and failure are those recorded last', async () => {
  await store.appendEvaluation(evaluation([1], [], { turn: turnAt('2026-01-15T08:00:00.000Z') }));
  await store.append<'schedule-miss'>(miss({ schedule: 'anchors', source: null, count: 3 }));
  await store.append<'schedule-miss'>(miss());
  await store.append<'gap'>(failedTurn('2026-01-15T12:00:00.000Z'));
  await store.append<'delivery'>(delivery());
  expect(await describedAt('2026-01-15T12:10:00.000Z')).toMatchObject({
    turns: { done: 1, failed: 1, missed: 5, late: 0 },
    lastMissed: { schedule, count: 2 },
    lastFailed: { schedule, due: '2026-01-15T12:00:00.000Z' },
    channels: [{ channel: 'oncall' }],
  });
});

test('a daemon runs while it is heard of, and has ended unseen when it is not', async () => {
  const started = life('r1', 'started');
  const { statement } = await store.append<'lifecycle'>(started);
  const said = async (now: string) => (await describedAt(now)).daemon;
  expect(await said('2026-01-15T12:01:00.000Z')).toMatchObject({ state: 'running', heardAt: statement.at });
  expect(await said('2026-01-15T12:10:00.000Z')).toMatchObject({ state: 'ended-unseen', heardAt: statement.at });
  writeHeartbeat(store.state.values, started.process, '2026-01-15T12:09:30.000Z');
  expect(await said('2026-01-15T12:10:00.000Z')).toMatchObject({ state: 'running', heardAt: '2026-01-15T12:09:30.000Z' });
  // Of another run it says nothing.
  writeHeartbeat(store.state.values, { ...started.process, run: 'r0' }, '2026-01-15T12:09:30.000Z');
  expect(await said('2026-01-15T12:10:00.000Z')).toMatchObject({ state: 'ended-unseen' });
  const stopped = await store.append<'lifecycle'>(life('r1', 'stopped'));
  expect(await said('2026-01-15T12:10:00.000Z')).toMatchObject({ state: 'stopped', heardAt: stopped.statement.at });
});

test('a daemon that another one found gone ended unseen, at once', async () => {
  const { statement } = await store.append<'lifecycle'>(life('r1', 'started'));
  await store.append<'lifecycle'>(life('r1', 'ended-unseen'));
  expect((await describedAt('2026-01-15T12:00:10.000Z')).daemon).toMatchObject({ state: 'ended-unseen', heardAt: statement.at });
});
