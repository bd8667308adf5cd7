import { describe, expect, it } from 'vitest';
import { findDueMarks } from '../../src/notify/find-due-marks.ts';
import { type Awaited, findReminders } from '../../src/notify/find-reminders.ts';
import { at, damping, Remembered, source } from './fixture.ts';

const restore: Awaited = {
  subject: { id: 'entity:toys/document-request/restore-test/2026-01-01', display: 'Restore test, 2026-01-01 to 2026-01-31' },
  controls: [{ id: 'OP-09', statement: 'Restores are tried.' }],
  criteria: ['A1.3'],
  objectives: [],
  done: null,
  due: at(240),
  remindAt: [at(24), at(192)],
  message: 'due on 2026-03-10 from platform: none is there',
  owner: { name: 'platform', by: 'registered' },
  saidByCheck: false,
};
const review: Awaited = {
  ...restore,
  subject: { id: 'entity:toys/review/quarterly/2026-q1', display: 'Quarterly review' },
  saidByCheck: true,
};

function read(log: Remembered, hours: number, awaited: readonly Awaited[]): string[] {
  const reading = { source, at: at(hours), evidence: { index: 100 + hours, id: `S${hours}` }, first: false };
  return log.take(findReminders(awaited, reading, { known: log.known, damping }));
}
function pass(log: Remembered, hours: number): string[] {
  const context = { now: at(hours), warnBeforeMs: { waiver: 0, sla: 4 * 3_600_000 }, damping, waiverOf: () => null, dueOf: () => null };
  return log.take(findDueMarks(log.known, context));
}

describe('what people owe by a day', () => {
  it('is told once at each of its times, when it is late without another reading, and when it is done', () => {
    const log = new Remembered();
    expect(read(log, 1, [restore])).toEqual([]);
    expect(read(log, 25, [restore])).toEqual(['due-soon']);
    expect(log.told.at(-1)).toMatchObject({
      due: at(240),
      owner: { name: 'platform' },
      message: restore.message,
      evidence: { index: 125 },
    });
    expect(read(log, 26, [restore])).toEqual([]);
    expect(pass(log, 100)).toEqual([]);
    expect(read(log, 193, [restore])).toEqual(['due-soon']);
    expect(pass(log, 239)).toEqual([]);
    expect(pass(log, 240)).toEqual(['due-passed']);
    expect(read(log, 241, [restore])).toEqual([]);
    expect(read(log, 250, [{ ...restore, done: 'handed in and approved on 2026-03-11' }])).toEqual(['due-met']);
    expect(log.told.at(-1)?.message).toBe(`handed in and approved on 2026-03-11; before: ${restore.message}`);
    expect(new Set(log.told.map(({ id }) => id)).size).toBe(log.told.length);
    expect(read(log, 251, [{ ...restore, done: 'handed in' }])).toEqual([]);
  });

  it('is told as late where it was late before anybody looked', () => {
    const log = new Remembered();
    expect(read(log, 300, [restore])).toEqual(['due-passed']);
    expect(pass(log, 301)).toEqual([]);
  });

  it('is left to the check that says it when it is late', () => {
    const log = new Remembered();
    expect(read(log, 30, [review])).toEqual(['due-soon']);
    expect(pass(log, 260)).toEqual([]);
    expect(read(new Remembered(), 300, [review])).toEqual([]);
    expect(read(log, 300, [{ ...review, done: 'every line was decided' }])).toEqual(['due-met']);
  });

  it('that nobody asks for any more is withdrawn', () => {
    const log = new Remembered();
    read(log, 30, [restore]);
    expect(read(log, 31, [])).toEqual(['withdrawn']);
  });
});
