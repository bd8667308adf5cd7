import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Index, openIndexInMemory } from '../../src/index/open-index.ts';
import { project } from '../../src/index/project.ts';
import { HistoryRows } from '../../src/index/read-history.ts';
import type { Result } from '../../src/model/result.ts';
import type { EmbeddedStore } from '../../src/store/embedded.ts';
import { freshStore, type Place, place, source } from '../store/fixtures.ts';
import { checkResults, evaluation, result, subjectId, type } from './fixture.ts';

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

const begin = Date.parse('2026-01-30T00:00:00.000Z');
const hour = 3_600_000;
const time = (hours: number) => begin + hours * hour;
/** One evaluation of so many subjects, read at that hour. */
async function evaluate(hours: number, subjects: readonly number[], results: readonly Result[], logic?: string): Promise<void> {
  await store.appendEvaluation(
    evaluation(subjects, [checkResults('house/a', results, logic === undefined ? {} : { logic })], {
      asOf: new Date(time(hours)).toISOString(),
    }),
  );
  project(store, index);
}
const rows = () => new HistoryRows(index, { from: begin, to: time(24 * 400) });
const marks = () =>
  [...rows().marks()].map(({ subject, outcome, before, first, last, after }) => ({
    subject,
    outcome,
    before,
    first: first.at,
    last: last?.at ?? null,
    after,
  }));
const passes = (...subjects: number[]) => subjects.map((n) => result(n, 'pass'));
const written = () => Number(index.database.prepare('SELECT total_changes() AS n').get()?.['n']);

describe('readings', () => {
  it('are kept month by month, each with its time; one that has not moved on is none', async () => {
    for (const hours of [0, 1, 1, 0.5, 50, 51]) await evaluate(hours, [1], passes(1));
    const months = rows().months(source, type);
    expect(months.map(({ month, firstN, count, maxGap }) => ({ month, firstN, count, maxGap }))).toEqual([
      { month: '2026-01', firstN: 1, count: 2, maxGap: hour },
      { month: '2026-02', firstN: 3, count: 2, maxGap: hour },
    ]);
    expect(months.map(({ firstAt, lastAt }) => [firstAt, lastAt])).toEqual([
      [time(0), time(1)],
      [time(50), time(51)],
    ]);
    expect(months[0]?.times()).toHaveLength(16);
  });

  it('cost the same on a quiet day, however long the history is', async () => {
    const costs: number[] = [];
    for (let day = 1; day <= 90; day += 1) {
      const before = written();
      await evaluate(day * 24, [1, 2, 3], [...passes(1, 2), result(3, 'fail')]);
      if (day === 5 || day === 30 || day === 90) costs.push(written() - before);
    }
    expect(new Set(costs).size).toBe(1);
    expect(costs[0]).toBeLessThan(12);
  }, 60_000);
});

describe('marks', () => {
  it('hold a failure from the reading before to the one after', async () => {
    await evaluate(0, [1, 2], passes(1, 2));
    await evaluate(6, [1, 2], [result(1, 'pass'), result(2, 'fail')]);
    await evaluate(12, [1, 2], [result(1, 'pass'), result(2, 'fail')]);
    await evaluate(18, [1, 2], passes(1, 2));
    expect(marks()).toEqual([{ subject: subjectId(2), outcome: 'fail', before: time(0), first: time(6), last: time(12), after: time(18) }]);
  });

  it('take a failure at once, and anything better only from the next reading, when the same evidence is judged again', async () => {
    const other = `sha256:${'cd'.repeat(32)}`;
    await evaluate(0, [1, 2], [result(1, 'fail'), result(2, 'pass')]);
    await evaluate(0, [1, 2], [result(1, 'pass'), result(2, 'fail')], other);
    expect(marks()).toMatchObject([
      { subject: subjectId(1), outcome: 'fail', last: null },
      { subject: subjectId(2), outcome: 'fail', last: null },
    ]);
    await evaluate(6, [1, 2], [result(1, 'pass'), result(2, 'fail')], other);
    expect(marks()).toMatchObject([
      { subject: subjectId(1), last: time(0), after: time(6) },
      { subject: subjectId(2), last: null },
    ]);
    expect([...rows().logic()].map(({ logic, from, to }) => [logic, from, to])).toEqual([
      [`sha256:${'ab'.repeat(32)}`, time(0), time(6)],
      [other, time(6), null],
    ]);
  });

  it('end with the check', async () => {
    await evaluate(0, [1], [result(1, 'fail')]);
    await store.appendEvaluation(evaluation([1], [], { asOf: new Date(time(6)).toISOString() }));
    project(store, index);
    expect(marks()).toMatchObject([{ last: time(0), after: time(6) }]);
  });
});

describe('lives', () => {
  const lives = () =>
    rows()
      .lives(source, type)
      .map(({ subject, bornBefore, bornAt, lastAt, diedAt }) => ({ subject, bornBefore, bornAt, lastAt, diedAt }));

  it('begin and end between two readings', async () => {
    await evaluate(0, [1], passes(1));
    await evaluate(6, [1, 2], passes(1, 2));
    await evaluate(12, [2], passes(2));
    expect(lives()).toEqual([
      { subject: subjectId(1), bornBefore: null, bornAt: time(0), lastAt: time(6), diedAt: time(12) },
      { subject: subjectId(2), bornBefore: time(0), bornAt: time(6), lastAt: null, diedAt: null },
    ]);
  });

  it('do not end because not all were seen: who is missing then is unseen, and gone only when all are seen again', async () => {
    await evaluate(0, [1, 2], passes(1, 2));
    await evaluate(6, [1], [result(1, 'pass'), result('*', 'no-evidence')]);
    expect(lives().map(({ diedAt }) => diedAt)).toEqual([null, null]);
    expect(rows().unseen(source, type)).toMatchObject([{ subject: subjectId(2), before: time(0), first: time(6), after: null }]);
    await evaluate(12, [1], passes(1));
    expect(lives()[1]).toMatchObject({ lastAt: time(0), diedAt: time(12) });
    expect(rows().unseen(source, type)).toMatchObject([{ after: time(12) }]);
  });

  it('go on when who was unseen is there again', async () => {
    await evaluate(0, [1, 2], passes(1, 2));
    await evaluate(6, [1], [result(1, 'pass'), result('*', 'no-evidence')]);
    await evaluate(12, [1, 2], passes(1, 2));
    expect(lives()[1]).toMatchObject({ bornAt: time(0), diedAt: null });
    expect(rows().unseen(source, type)).toMatchObject([{ before: time(0), first: time(6), after: time(12) }]);
  });
});
