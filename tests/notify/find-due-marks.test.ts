import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DueMarksContext, findDueMarks } from '../../src/notify/find-due-marks.ts';
import type { WaiverOver } from '../../src/notify/source-reading.ts';
import { at, check, damping, fail, hourMs, Remembered, reading } from './fixture.ts';

const door = 'toy:1/door/1';
const marksAt = (hours: number, changes: Partial<DueMarksContext> = {}): DueMarksContext => ({
  now: at(hours),
  damping,
  warnBeforeMs: { waiver: 48 * hourMs, sla: 4 * hourMs },
  waiverOf: () => null,
  dueOf: () => null,
  ...changes,
});
function mark(log: Remembered, context: DueMarksContext): { kinds: string[]; next: string | null; forgotten: readonly string[] } {
  const marks = findDueMarks(log.known, context);
  for (const key of marks.forgotten) log.conditions.delete(key);
  return { kinds: log.take(marks), next: marks.next, forgotten: marks.forgotten };
}

describe('a due time', () => {
  it('is told when it nears and when it has passed, once each', () => {
    const log = new Remembered({ dueOf: () => at(24) });
    log.read(reading(0, [check([fail(door)])]));
    expect(mark(log, marksAt(1))).toMatchObject({ kinds: [], next: at(20) });
    expect(mark(log, marksAt(20))).toMatchObject({ kinds: ['sla-near'], next: at(24) });
    expect(mark(log, marksAt(21)).kinds).toEqual([]);
    expect(mark(log, marksAt(24))).toMatchObject({ kinds: ['sla-passed'], next: null });
    expect(mark(log, marksAt(48)).kinds).toEqual([]);
    expect(new Set(log.told.map(({ id }) => id)).size).toBe(3);
  });

  it('that is soon is near only after half of the time, and one that passed unseen is told as passed alone', () => {
    const log = new Remembered({ dueOf: () => at(4) });
    log.read(reading(0, [check([fail(door)])]));
    expect(mark(log, marksAt(0))).toMatchObject({ kinds: [], next: at(2) });
    expect(mark(log, marksAt(9)).kinds).toEqual(['sla-passed']);
  });
});

describe('a waiver', () => {
  const until = (hours: number) => ({ waiverOf: (): WaiverOver => ({ id: 'W-1', until: at(hours) }) });

  it('silences, is told of once before it ends, and what it lay over is told when it has ended, with a due time of its own', () => {
    const log = new Remembered();
    log.read(reading(0, [check([fail(door)])]));
    expect(mark(log, marksAt(1, until(100)))).toMatchObject({ kinds: [], next: at(52) });
    expect(log.open[0]?.waiver).toBe('W-1');
    expect(mark(log, marksAt(60, until(100)))).toMatchObject({ kinds: ['waiver-expiring'], next: at(100) });
    expect(mark(log, marksAt(70, until(100))).kinds).toEqual([]);
    expect(mark(log, marksAt(100, { dueOf: (_, since) => new Date(Date.parse(since) + 24 * hourMs).toISOString() })).kinds).toEqual([
      'waiver-expired',
    ]);
    expect(log.last()).toMatchObject({ cause: 'waiver-ended', due: at(124) });
    expect(mark(log, marksAt(101)).kinds).toEqual([]);
    expect(mark(log, marksAt(124)).kinds).toEqual(['sla-passed']);
  });

  it('that takes the place of another is warned of anew', () => {
    const log = new Remembered();
    log.read(reading(0, [check([fail(door)])]));
    mark(log, marksAt(60, until(100)));
    mark(log, marksAt(61, { waiverOf: () => ({ id: 'W-2', until: at(200) }) }));
    expect(mark(log, marksAt(160, { waiverOf: () => ({ id: 'W-2', until: at(200) }) })).kinds).toEqual(['waiver-expiring']);
    expect(new Set(log.told.map(({ id }) => id)).size).toBe(3);
  });
});

describe('what comes and goes', () => {
  const flap = (log: Remembered, from: number, to: number): string[][] =>
    Array.from({ length: to - from }, (_, n) => log.read(reading(from + n, [check((from + n) % 2 === 0 ? [fail(door)] : [])])));

  it('is told as flapping the third time, then not until it stands still', () => {
    const log = new Remembered();
    expect(flap(log, 0, 12)).toEqual([
      ['check-failing'],
      ['check-recovered'],
      ['check-failing'],
      ['check-recovered'],
      ['check-flapping'],
      ...Array.from({ length: 7 }, () => []),
    ]);
    expect(log.told.at(-1)?.message).toContain('3 times within 6 h');
    expect(mark(log, marksAt(12))).toMatchObject({ kinds: [], next: at(17) });
    expect(mark(log, marksAt(17)).kinds).toEqual(['check-recovered']);
    expect(log.last()).toMatchObject({ cause: 'time' });
    expect(mark(log, marksAt(18))).toMatchObject({ kinds: [], next: null });
    expect(log.conditions.size).toBe(0);
  });

  it('and stays untrue is told as it holds, since the run in which it was said to flap', () => {
    const log = new Remembered();
    flap(log, 0, 9);
    expect(mark(log, marksAt(14)).kinds).toEqual(['check-failing']);
    expect(log.last()).toMatchObject({ since: at(4), cause: 'time' });
    expect(log.read(reading(15, [check([])]))).toEqual(['check-recovered']);
  });

  it('never sends more than the bound in a window, and its last word is how it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.boolean()), { minLength: 1, maxLength: 60 }), (steps) => {
        const log = new Remembered();
        let hours = 0;
        let failing = false;
        for (const [wait, now] of steps) {
          hours += wait;
          failing = now;
          mark(log, marksAt(hours));
          log.read(reading(hours, [check(now ? [fail(door)] : [])]));
        }
        mark(log, marksAt(hours + 7));
        for (const { at: from } of log.told) {
          const within = log.told.filter(({ at: time }) => time >= from && Date.parse(time) < Date.parse(from) + damping.withinMs);
          expect(within.length).toBeLessThanOrEqual(2 * damping.times);
        }
        const last = log.told.at(-1)?.kind;
        if (last !== undefined) expect(last === 'check-recovered').toBe(!failing);
        expect(log.open).toHaveLength(failing ? 1 : 0);
        expect(new Set(log.told.map(({ id }) => id)).size).toBe(log.told.length);
      }),
      { numRuns: 100 },
    );
  });
});
