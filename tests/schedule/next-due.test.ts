import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TurnRecord } from '../../src/model/turn-record.ts';
import { cronProblem, dueAfter, isZone } from '../../src/schedule/cron.ts';
import { type DueSchedule, graceOf, nextDue } from '../../src/schedule/next-due.ts';
import { jitterOf, turnJob } from '../../src/schedule/turn-job.ts';
import { scheduleOf } from '../contracts/queue.contract.ts';

const hour = 3_600_000;
const iso = (time: number) => new Date(time).toISOString();
const fourHourly = scheduleOf('alpha/critical', '0 */4 * * *');
const doneAt = (due: string, schedule = fourHourly.id): TurnRecord => ({
  schedule,
  done: { due, at: due, index: 1 },
  failed: null,
  missed: null,
});
const missedTo = (to: string, late: boolean) => ({ from: to, to, count: 1, reason: 'not-running', late, at: to, index: 2 }) as const;
const first = (due: readonly DueSchedule[]): DueSchedule => {
  const [one] = due;
  if (one === undefined) throw new Error('nothing came back');
  return one;
};
const at = (now: string, record?: TurnRecord, schedule = fourHourly, since?: string) =>
  first(nextDue([schedule], record === undefined ? [] : [record], now, since === undefined ? undefined : new Map([[schedule.id, since]])));

describe('what is due', () => {
  it('is nothing before its time, and the turn at its time', () => {
    const record = doneAt('2026-03-01T04:00:00.000Z');
    expect(at('2026-03-01T07:59:59.999Z', record)).toMatchObject({
      turn: null,
      missed: null,
      next: { due: '2026-03-01T08:00:00.000Z', begins: '2026-03-01T08:00:00.000Z' },
    });
    expect(at('2026-03-01T08:00:00.000Z', record)).toMatchObject({
      turn: { schedule: 'alpha/critical', due: '2026-03-01T08:00:00.000Z' },
      missed: null,
      next: { due: '2026-03-01T12:00:00.000Z' },
    });
  });
  it('begins after its jitter, which every process works out alike', () => {
    const schedule = scheduleOf('alpha/critical', '0 */4 * * *', { jitterMs: 600_000 });
    const due = '2026-03-01T08:00:00.000Z';
    const begins = Date.parse(due) + jitterOf(schedule, due);
    expect(begins).toBeGreaterThan(Date.parse(due));
    expect(begins).toBeLessThan(Date.parse(due) + 600_000);
    const record = doneAt('2026-03-01T04:00:00.000Z');
    expect(at(iso(begins - 1), record, schedule)).toMatchObject({ turn: null, missed: null, next: { due, begins: iso(begins) } });
    expect(at(iso(begins), record, schedule)).toMatchObject({ turn: { due }, missed: null });
    expect(new Set(['08', '12', '16', '20'].map((h) => jitterOf(schedule, `2026-03-01T${h}:00:00.000Z`))).size).toBe(4);
  });
  it('is the latest of what was missed, once, and the miss is counted', () => {
    const found = at('2026-03-02T10:30:00.000Z', doneAt('2026-03-01T04:00:00.000Z'));
    expect(found.turn?.due).toBe('2026-03-02T08:00:00.000Z');
    expect(found.missed).toEqual({ from: '2026-03-01T08:00:00.000Z', to: '2026-03-02T08:00:00.000Z', count: 7, late: true });
  });
  it('is no miss within the grace, and those before it are', () => {
    const record = doneAt('2026-03-01T00:00:00.000Z');
    expect(at('2026-03-01T08:05:00.000Z', record)).toMatchObject({
      turn: { due: '2026-03-01T08:00:00.000Z' },
      missed: { from: '2026-03-01T04:00:00.000Z', to: '2026-03-01T04:00:00.000Z', count: 1, late: false },
    });
    expect(at('2026-03-01T08:05:00.001Z', record).missed).toMatchObject({ count: 2, late: true });
  });
  it('stays due while a recorded miss was not taken, and is counted once', () => {
    const record = { ...doneAt('2026-03-01T00:00:00.000Z'), missed: missedTo('2026-03-01T08:00:00.000Z', true) };
    expect(at('2026-03-01T11:00:00.000Z', record)).toMatchObject({ turn: { due: '2026-03-01T08:00:00.000Z' }, missed: null });
    const gone = { ...record, missed: missedTo('2026-03-01T08:00:00.000Z', false) };
    expect(at('2026-03-01T11:00:00.000Z', gone)).toMatchObject({ turn: null, missed: null });
    const taken = { ...record, done: { due: '2026-03-01T08:00:00.000Z', at: '2026-03-01T11:00:00.000Z', index: 3 } };
    expect(at('2026-03-01T11:00:01.000Z', taken)).toMatchObject({ turn: null, missed: null });
  });
  it('is nothing for a turn that finally failed', () => {
    const failed = { due: '2026-03-01T08:00:00.000Z', at: '2026-03-01T08:30:00.000Z', index: 3, attempts: 4, reason: 'away' };
    expect(at('2026-03-01T09:00:00.000Z', { ...doneAt('2026-03-01T04:00:00.000Z'), failed })).toMatchObject({ turn: null, missed: null });
  });
  it('is at once what was never collected, named alike by every process', () => {
    expect(at('2026-03-01T09:13:00.000Z')).toMatchObject({ first: true, turn: { due: '2026-03-01T08:00:00.000Z' }, missed: null });
    expect(at('2026-03-01T09:14:00.000Z').turn).toEqual(at('2026-03-01T09:13:00.000Z').turn);
    expect(at('2026-03-01T09:13:00.000Z', undefined, scheduleOf('a/y', '0 0 1 1 *')).turn?.due).toBe('2026-01-01T00:00:00.000Z');
    expect(at('2026-03-01T09:13:00.000Z', undefined, scheduleOf('a/leap', '0 0 29 2 *')).turn?.due).toBe('2026-03-01T00:00:00.000Z');
  });
  it('is not what another expression would have had before this one stood', () => {
    const record = doneAt('2026-03-01T02:00:00.000Z');
    expect(at('2026-03-01T17:00:00.000Z', record).missed?.count).toBe(4);
    expect(at('2026-03-01T17:00:00.000Z', record, fourHourly, '2026-03-01T15:00:00.000Z')).toMatchObject({
      turn: { due: '2026-03-01T16:00:00.000Z' },
      missed: { count: 1, late: true },
    });
    expect(at('2026-03-01T15:30:00.000Z', record, fourHourly, '2026-03-01T15:00:00.000Z')).toMatchObject({ turn: null, missed: null });
  });
});

describe('a clock that was put back', () => {
  it('makes nothing due and counts nothing twice', () => {
    const record = doneAt('2026-03-01T08:00:00.000Z');
    expect(at('2026-03-01T07:10:00.000Z', record)).toMatchObject({
      turn: null,
      missed: null,
      clockBehind: true,
      next: { due: '2026-03-01T12:00:00.000Z' },
    });
  });
  it('does not wait for years where the log is far ahead', () => {
    const record = doneAt('2099-03-01T08:00:00.000Z');
    expect(at('2026-03-01T07:10:00.000Z', record)).toMatchObject({ turn: null, missed: null, next: { due: '2026-03-01T08:00:00.000Z' } });
    expect(at('2026-03-01T08:01:00.000Z', record)).toMatchObject({
      turn: { due: '2026-03-01T08:00:00.000Z' },
      missed: null,
      clockBehind: true,
    });
    expect(at('2026-03-01T08:31:00.000Z', record)).toMatchObject({ turn: null, missed: null });
  });
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Sydney',
  'Asia/Kolkata',
  'Africa/Casablanca',
];
const crons = ['30 2 * * *', '0 */4 * * *', '10 * * * *', '15,45 1-3 * * *', '0 3 * * 1', '59 23 1 * *', '30 0 2 * * *'];
const between = (from: string, to: string) => fc.integer({ min: Date.parse(from), max: Date.parse(to) });

describe('calendars', () => {
  it('make up for a skipped hour once, and count a repeated one once for what names the hour', () => {
    const of = (cron: string, from: string, count: number) => {
      const found: string[] = [];
      for (const due of dueAfter({ cron, zone: 'Europe/Berlin' }, Date.parse(from))) {
        found.push(iso(due).slice(5, 16));
        if (found.length === count) break;
      }
      return found;
    };
    expect(of('30 2 * * *', '2026-03-28T12:00:00.000Z', 2)).toEqual(['03-29T01:30', '03-30T00:30']);
    expect(of('30 2 * * *', '2026-10-24T12:00:00.000Z', 2)).toEqual(['10-25T00:30', '10-26T01:30']);
    expect(of('30 * * * *', '2026-10-25T00:00:00.000Z', 3)).toEqual(['10-25T00:30', '10-25T01:30', '10-25T02:30']);
  });
  it('go on where a zone is put back by half an hour', () => {
    const found: string[] = [];
    for (const due of dueAfter({ cron: '0 */4 * * *', zone: 'Australia/Lord_Howe' }, Date.parse('2026-04-04T04:00:00.000Z'))) {
      found.push(iso(due).slice(5, 16));
      if (found.length === 5) break;
    }
    expect(found).toEqual(['04-04T05:00', '04-04T09:00', '04-04T13:00', '04-04T17:30', '04-04T21:30']);
  });
  it('give the same times wherever one begins to look', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...crons),
        fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2026-06-15'),
        fc.array(fc.integer({ min: -30 * 60, max: 30 * 60 }), { minLength: 2, maxLength: 2 }),
        (zone, cron, day, minutes) => {
          const [early = 0, late = 0] = minutes.map((minute) => Date.parse(`${day}T00:00:00.000Z`) + minute * 60_000).sort((a, b) => a - b);
          const upTo = late + 60 * hour;
          const from = (start: number) => {
            const found: number[] = [];
            for (const due of dueAfter({ cron, zone }, start)) {
              if (due > upTo) return found;
              found.push(due);
            }
            return found;
          };
          expect(from(late)).toEqual(from(early).filter((due) => due > late));
        },
      ),
      { numRuns: 60 },
    );
  });
  it('lose no turn and count none twice, whenever somebody looks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...crons),
        between('2026-03-27T00:00:00.000Z', '2026-03-30T00:00:00.000Z'),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 30 * 60 }), fc.boolean()), { minLength: 1, maxLength: 12 }),
        (zone, cron, start, looks) => {
          const schedule = scheduleOf('alpha/any', cron, { zone, jitterMs: 120_000 });
          let record = doneAt(iso(start), schedule.id);
          let now = start;
          let accounted = 0;
          const taken: string[] = [];
          for (const [minutes, isRunning] of looks) {
            now += minutes * 60_000;
            const { turn, missed } = first(nextDue([schedule], [record], iso(now)));
            if (!isRunning) continue;
            if (missed !== null) {
              accounted += missed.late ? missed.count - 1 : missed.count;
              record = { ...record, missed: { ...missed, reason: 'not-running', at: iso(now), index: 2 } };
            }
            if (turn !== null) {
              accounted += 1;
              taken.push(turn.due);
              record = { ...record, done: { due: turn.due, at: iso(now), index: 3 } };
            }
            expect(first(nextDue([schedule], [record], iso(now)))).toMatchObject({ turn: null, missed: null });
          }
          const last = Math.max(...[record.done?.due, record.missed?.to].map((due) => Date.parse(due ?? iso(start))));
          let expected = 0;
          for (const due of dueAfter(schedule, start)) {
            if (due > last) break;
            expected += 1;
          }
          expect(accounted).toBe(expected);
          expect([...taken].sort()).toEqual([...new Set(taken)]);
          // What nobody speaks of yet is not over its grace, or nobody ran since.
          const open = first(nextDue([schedule], [record], iso(last + graceOf(schedule))));
          expect(open.missed).toBeNull();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('expressions and zones', () => {
  it('are refused when not everybody reads them alike', () => {
    expect(cronProblem('0 */4 * * *')).toBeUndefined();
    expect(cronProblem('0 30 2 * * mon-fri')).toBeUndefined();
    expect(cronProblem('0 0 1 mar thu')).toBeUndefined();
    expect(cronProblem('0 0 * * 1#2')).toBeUndefined();
    expect(cronProblem('* * *')).toMatch(/five fields .* found 3/);
    expect(cronProblem('@daily')).toMatch(/found 1/);
    expect(cronProblem('')).toMatch(/found 0/);
    expect(cronProblem('61 * * * *')).toMatch(/61/);
    expect(cronProblem('H * * * *')).toMatch(/^H is no time/);
    expect(cronProblem('0 0 30 2 *')).toMatch(/cannot be read/);
    expect(cronProblem('every day at noon please')).toMatch(/cannot be read/);
    expect(['UTC', 'Europe/Berlin', 'Etc/GMT-1'].every(isZone)).toBe(true);
    expect(['Europe/Berln', '+01:00', 'Mars/Base', ''].some(isZone)).toBe(false);
  });
});

describe('the job of a turn', () => {
  it('is the same whoever puts it in line', () => {
    expect(turnJob(fourHourly, '2026-03-01T04:00:00.000Z')).toEqual({
      id: 'alpha/critical@2026-03-01T04:00:00.000Z',
      kind: 'collect',
      turn: { schedule: 'alpha/critical', due: '2026-03-01T04:00:00.000Z' },
      source: 'alpha',
      collectors: ['toy/doors'],
      trigger: { name: 'alpha/critical', authentication: 'schedule' },
      priority: 'scheduled',
    });
  });
});
