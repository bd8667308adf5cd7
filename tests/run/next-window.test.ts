import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextWindow } from '../../src/run/next-window.ts';

const now = '2026-03-10T12:00:00.000Z';
const complete = { kind: 'complete' } as const;
const incomplete = { kind: 'incomplete', reasons: ['rate-limited'] } as const;
const former = (from: string, to: string, completeness: typeof complete | typeof incomplete = complete, backfill = false) => ({
  window: { from, to, backfill },
  completeness: completeness.kind === 'complete' ? completeness : { kind: completeness.kind, reasons: [...completeness.reasons] },
});

describe('the next window', () => {
  it('reaches a day back at first, before anything was collected', () => {
    expect(nextWindow({ former: undefined, remembersDays: 90, now })).toEqual({
      window: { from: '2026-03-09T12:00:00.000Z', to: now, backfill: true },
      lost: null,
    });
  });

  it('begins a quarter of an hour before the last complete one ended', () => {
    const last = former('2026-03-10T10:00:00.000Z', '2026-03-10T11:00:00.000Z');
    expect(nextWindow({ former: last, remembersDays: 90, now })).toEqual({
      window: { from: '2026-03-10T10:45:00.000Z', to: now, backfill: false },
      lost: null,
    });
  });

  it('reads again what was not read to its end', () => {
    const last = former('2026-03-10T10:00:00.000Z', '2026-03-10T11:00:00.000Z', incomplete);
    expect(nextWindow({ former: last, remembersDays: 90, now }).window).toEqual({
      from: '2026-03-10T10:00:00.000Z',
      to: now,
      backfill: false,
    });
    const backfill = former('2026-01-10T10:00:00.000Z', '2026-03-10T11:00:00.000Z', incomplete, true);
    expect(nextWindow({ former: backfill, remembersDays: 90, now }).window.backfill).toBe(true);
  });

  it('begins where memory does, and tells what is lost', () => {
    const last = former('2025-11-01T00:00:00.000Z', '2025-11-02T00:00:00.000Z');
    expect(nextWindow({ former: last, remembersDays: 30, now })).toEqual({
      window: { from: '2026-02-08T12:05:00.000Z', to: now, backfill: false },
      lost: { from: '2025-11-01T23:45:00.000Z', to: '2026-02-08T12:05:00.000Z' },
    });
  });

  it('reads back from a date that is asked for, as far as the source remembers', () => {
    const asked = nextWindow({ former: undefined, remembersDays: 90, now, backfillFrom: '2026-01-01T00:00:00.000Z' });
    expect(asked).toEqual({ window: { from: '2026-01-01T00:00:00.000Z', to: now, backfill: true }, lost: null });
    const tooFar = nextWindow({ former: undefined, remembersDays: 30, now, backfillFrom: '2026-01-01T00:00:00.000Z' });
    expect(tooFar).toEqual({
      window: { from: '2026-02-08T12:05:00.000Z', to: now, backfill: true },
      lost: { from: '2026-01-01T00:00:00.000Z', to: '2026-02-08T12:05:00.000Z' },
    });
  });

  it('never leaves a stretch out without telling', () => {
    const hours = (count: number) => new Date(Date.parse(now) + count * 3_600_000).toISOString();
    fc.assert(
      fc.property(
        fc.array(fc.record({ after: fc.integer({ min: 1, max: 4000 }), whole: fc.boolean() }), { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 1, max: 120 }),
        (runs, remembersDays) => {
          let clock = 0;
          let last: ReturnType<typeof former> | undefined;
          let covered: string | undefined;
          for (const { after, whole } of runs) {
            clock += after;
            const { window, lost } = nextWindow({ former: last, remembersDays, now: hours(clock) });
            // What lies between the last complete window and this one is either in this one or told as lost.
            if (covered !== undefined) expect((lost ?? window).from <= covered).toBe(true);
            if (lost !== null) expect(lost.to).toBe(window.from);
            expect(window.from < window.to).toBe(true);
            if (whole) covered = window.to;
            // A loss that was told need not be told again.
            else if (lost !== null) covered = window.from;
            last = former(window.from, window.to, whole ? complete : incomplete, window.backfill);
          }
        },
      ),
    );
  });
});
