import { afterEach, beforeEach, expect, test } from 'vitest';
import { evaluation } from '../index/fixture.ts';
import { freshStore, type Place, place } from './fixtures.ts';

let at: Place;
beforeEach(() => {
  at = place();
});
afterEach(() => at.remove());

const early = { schedule: 'production/critical', due: '2026-01-15T08:00:00.000Z' };
const late = { schedule: 'production/critical', due: '2026-01-15T12:00:00.000Z' };

test('a turn is found by what was sealed for it, whatever was sealed since, and one schedule is not another', async () => {
  const { store } = await freshStore(at);
  const first = await store.appendEvaluation(evaluation([1], [], { turn: late }));
  const second = await store.appendEvaluation(evaluation([1], [], { source: 'aws:444455556666', turn: late }));
  await store.appendEvaluation(evaluation([1, 2], [], { turn: early }));
  await store.appendEvaluation(evaluation([1, 2], []));
  await store.appendEvaluation(evaluation([1, 2], [], { turn: { schedule: 'production/critical-2', due: '2026-01-15T16:00:00.000Z' } }));

  expect(store.turn(late).map(({ index }) => index)).toEqual([first.index, second.index]);
  expect(store.turn({ ...late, due: '2026-01-15T16:00:00.000Z' })).toEqual([]);
  // The turn that was due last, though another was sealed after it.
  expect(store.lastTurns(['production/critical', 'production/never'])).toEqual([
    {
      schedule: 'production/critical',
      done: { due: late.due, at: second.statement.at, index: second.index },
      failed: null,
      missed: null,
    },
    { schedule: 'production/never', done: null, failed: null, missed: null },
  ]);
  await store.close();
});

test('a turn that finally failed and the last miss are found likewise, and a rebuild finds nothing else', async () => {
  const { store } = await freshStore(at);
  const gap = { kind: 'gap', subject: 'turn of production/critical', from: early.due, to: null } as const;
  const failed = await store.append<'gap'>({
    ...gap,
    reason: 'no role',
    of: { kind: 'turn', name: 'production/critical' },
    turn: early,
    attempts: 3,
  });
  await store.append<'gap'>({ ...gap, reason: 'another thing that was not there' });
  const miss = await store.append<'schedule-miss'>({
    kind: 'schedule-miss',
    schedule: 'production/critical',
    source: 'production',
    from: '2026-01-15T00:00:00.000Z',
    to: '2026-01-15T04:00:00.000Z',
    count: 2,
    reason: 'not-running',
    late: true,
  });
  const expected = {
    schedule: 'production/critical',
    done: null,
    failed: { due: early.due, at: failed.statement.at, index: failed.index, attempts: 3, reason: 'no role' },
    missed: {
      from: '2026-01-15T00:00:00.000Z',
      to: '2026-01-15T04:00:00.000Z',
      count: 2,
      reason: 'not-running',
      late: true,
      at: miss.statement.at,
      index: miss.index,
    },
  };
  expect(store.lastTurns(['production/critical'])).toEqual([expected]);
  expect(store.turn(early).map(({ index }) => index)).toEqual([failed.index]);
  expect(await store.rebuildDerived()).toEqual([]);
  expect(store.lastTurns(['production/critical'])).toEqual([expected]);
  await store.close();
});
