import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Index, openIndex } from '../../src/index/open-index.ts';
import { project } from '../../src/index/project.ts';
import { readChannels, readRuns } from '../../src/index/read-operation.ts';
import { readTurns } from '../../src/index/read-turns.ts';
import type { EmbeddedStore } from '../../src/store/embedded.ts';
import { freshStore, logic, type Place, place } from '../store/fixtures.ts';
import { delivery, evaluation, failedTurn, life, miss, schedule, turnAt } from './fixture.ts';

let at: Place;
let store: EmbeddedStore;
let index: Index;

beforeEach(async () => {
  at = place();
  ({ store } = await freshStore(at));
  index = openIndex(at.dataDir);
});
afterEach(async () => {
  await index.close();
  await store.close();
  at.remove();
});

test('the turns of every schedule: the last of each end, and how many', async () => {
  await store.appendEvaluation(evaluation([1], [], { turn: turnAt('2026-01-15T08:00:00.000Z') }));
  // Of two accounts of one source: one turn.
  const done = await store.appendEvaluation(evaluation([1], [], { source: 'aws:2', turn: turnAt('2026-01-15T08:00:00.000Z') }));
  await store.appendEvaluation(evaluation([1], [], { turn: turnAt('2026-01-15T04:00:00.000Z') }));
  const failed = await store.append<'gap'>(failedTurn('2026-01-15T12:00:00.000Z'));
  // It failed and somebody took it all the same; of another a part was judged, and then it failed.
  await store.append<'gap'>(failedTurn('2026-01-14T08:00:00.000Z'));
  await store.appendEvaluation(evaluation([1], [], { turn: turnAt('2026-01-14T08:00:00.000Z') }));
  await store.appendEvaluation(evaluation([1], [], { turn: turnAt('2026-01-14T12:00:00.000Z') }));
  await store.append<'gap'>(failedTurn('2026-01-14T12:00:00.000Z'));
  await store.append<'schedule-miss'>(miss());
  const missed = await store.append<'schedule-miss'>(
    miss({ from: '2026-01-14T20:00:00.000Z', to: '2026-01-14T20:00:00.000Z', count: 1, late: true }),
  );
  await store.append<'schedule-miss'>(miss({ schedule: 'anchors', source: null, count: 5 }));
  await store.appendEvaluation(evaluation([1], []));
  project(store, index);

  const turns = await readTurns(index);
  expect(turns).toEqual([
    {
      schedule: 'anchors',
      done: null,
      failed: null,
      missed: expect.objectContaining({ count: 5, late: false }),
      counts: { done: 0, failed: 0, missed: 5, late: 0 },
    },
    {
      schedule,
      done: { due: '2026-01-15T08:00:00.000Z', at: done.statement.at, index: done.index },
      failed: { due: '2026-01-15T12:00:00.000Z', at: failed.statement.at, index: failed.index, attempts: 3, reason: 'no role' },
      missed: {
        from: '2026-01-14T20:00:00.000Z',
        to: '2026-01-14T20:00:00.000Z',
        count: 1,
        reason: 'not-running',
        late: true,
        at: missed.statement.at,
        index: missed.index,
      },
      counts: { done: 3, failed: 2, missed: 3, late: 0 },
    },
  ]);
  // What a writer's store says of the same schedules is the same.
  expect(store.lastTurns(turns.map((turn) => turn.schedule))).toEqual(turns.map(({ counts: _, ...record }) => record));
});

test('the lives of processes: who started what, whether it stopped, and what it runs with now', async () => {
  const other = `sha256:${'cd'.repeat(32)}`;
  const start = await store.append<'lifecycle'>(life('r1', 'started'));
  await store.append<'lifecycle'>(life('r1', 'reloaded', { configuration: other }));
  const stop = await store.append<'lifecycle'>(life('r1', 'stopped', { configuration: other }));
  const next = await store.append<'lifecycle'>(life('r2', 'started'));
  await store.append<'lifecycle'>(life('w1', 'started', { role: 'worker' }));
  await store.append<'lifecycle'>(life('w1', 'ended-unseen', { role: 'worker' }));
  await store.append<'lifecycle'>({ kind: 'lifecycle', event: 'hold', detail: 'is of no process' });
  project(store, index);

  expect(await readRuns(index, 'serve', 5)).toMatchObject([
    { run: 'r2', startedAt: next.statement.at, stopped: null, reloads: 0, configuration: logic },
    {
      run: 'r1',
      startedAt: start.statement.at,
      stopped: { at: stop.statement.at, detail: 'stopped as asked', unseen: false },
      reloads: 1,
      configuration: other,
      last: { index: stop.index },
    },
  ]);
  expect(await readRuns(index, 'serve', 1)).toHaveLength(1);
  expect(await readRuns(index, 'worker', 5)).toMatchObject([{ run: 'w1', stopped: { unseen: true }, last: { index: next.index + 1 } }]);
});

test('deliveries are counted per channel, with since when it fails', async () => {
  const first = await store.append<'delivery'>(delivery());
  const failing = await store.append<'delivery'>(delivery({ message: 'M-2', outcome: 'failed', reason: '503' }));
  await store.append<'delivery'>(delivery({ message: 'M-2', attempt: 2, outcome: 'given-up', reason: '503' }));
  await store.append<'delivery'>(delivery({ channel: 'mail', channelKind: 'email', outcome: 'failed', reason: 'ECONNREFUSED' }));
  const back = await store.append<'delivery'>(delivery({ channel: 'mail', channelKind: 'email', attempt: 2 }));
  project(store, index);
  expect(await readChannels(index)).toEqual([
    {
      channel: 'mail',
      kind: 'email',
      attempts: { delivered: 1, failed: 1, 'given-up': 0 },
      last: { at: back.statement.at, outcome: 'delivered', reason: null },
      deliveredAt: back.statement.at,
      failingSince: null,
    },
    {
      channel: 'oncall',
      kind: 'slack',
      attempts: { delivered: 1, failed: 1, 'given-up': 1 },
      last: { at: expect.any(String), outcome: 'given-up', reason: '503' },
      deliveredAt: first.statement.at,
      failingSince: failing.statement.at,
    },
  ]);
});
