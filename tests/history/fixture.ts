import { type ReadingMonth, ReadingTimes } from '../../src/history/reading-times.ts';
import type { Span, Stretch } from '../../src/history/spans.ts';
import { type Life, type Mark, type SubjectEvent, type Timeline, type TimelineInput, toIntervals } from '../../src/history/to-intervals.ts';
import type { Outcome } from '../../src/model/outcome.ts';

export const hour = 3_600_000;
export const day = 24 * hour;
/** A time of the toy period, which begins with March 2026. */
export const start = Date.parse('2026-03-01T00:00:00.000Z');
export const at = (hours: number): number => start + hours * hour;
export const month: Stretch = { from: start, to: start + 31 * day };

/** What one evaluation said of one subject. */
export interface Said {
  readonly at: number;
  readonly outcome: Exclude<Outcome, 'waived'>;
  /** What the check said with it; default the outcome. */
  readonly message?: string;
}

/** Readings as the index packs them: month by month. */
export function readingMonths(times: readonly number[]): ReadingMonth[] {
  const sorted = [...times].sort((a, b) => a - b);
  const points = sorted.map((time, n) => ({ at: time, n: n + 1, idx: 100 + n }));
  return [...Map.groupBy(points, (point) => new Date(point.at).toISOString().slice(0, 7))].map(([name, of]) => {
    const begin = Date.parse(`${name}-01T00:00:00.000Z`);
    const bytes = new Uint8Array(of.length * 8);
    const view = new DataView(bytes.buffer);
    for (const [n, point] of of.entries()) {
      view.setUint32(n * 8, point.at - begin, true);
      view.setUint32(n * 8 + 4, point.idx, true);
    }
    return {
      month: name,
      firstN: of[0]?.n ?? 0,
      count: of.length,
      firstAt: of[0]?.at ?? 0,
      lastAt: of.at(-1)?.at ?? 0,
      maxGap: Math.max(0, ...of.slice(1).map((point, n) => point.at - (of[n]?.at ?? 0))),
      times: () => bytes,
    };
  });
}
export function readingsAt(times: readonly number[], period: Stretch = month): ReadingTimes {
  return new ReadingTimes(readingMonths(times), period);
}

/** The marks an index makes of what was said, reading by reading; a pass leaves none. */
export function marksOf(said: readonly Said[]): Mark[] {
  const marks: Mark[] = [];
  const point = (n: number) => ({ at: said[n]?.at ?? 0, n: n + 1, idx: 100 + n });
  for (const [n, { at: time, outcome, message }] of said.entries()) {
    const open = marks.at(-1);
    const before = said[n - 1];
    if (open !== undefined && open.last === null && open.outcome !== outcome) {
      marks[marks.length - 1] = { ...open, last: point(n - 1), after: time };
    }
    if (outcome === 'pass' || before?.outcome === outcome) continue;
    marks.push({
      outcome,
      reason: outcome === 'no-evidence' ? 'access-denied' : null,
      messages: [message ?? outcome],
      before: before?.at ?? null,
      first: point(n),
      last: null,
      after: null,
      detectedAt: time + 60_000,
    });
  }
  return marks;
}

export const alive: Life = { bornBefore: null, bornAt: 0, lastAt: null, diedAt: null };
export const event = (time: number, effect: SubjectEvent['effect'], name = effect): SubjectEvent => ({
  at: time,
  effect,
  reference: { collection: 7, eventId: `e-${time}`, at: new Date(time).toISOString(), name, actor: 'dana' },
});

/** The timeline of a subject of which so much was said; a day and its fraction of silence are no gap, three days and more are. */
export function timelineOf(said: readonly Said[], more: Partial<TimelineInput> = {}): Timeline {
  const period = more.period ?? month;
  return toIntervals({
    period,
    expected: [period],
    readings: readingsAt(
      said.map((one) => one.at),
      period,
    ),
    run: [{ from: 0, to: Number.POSITIVE_INFINITY }],
    marks: marksOf(said),
    life: null,
    recorded: [],
    events: [],
    gapAfter: 72 * hour,
    ...more,
  });
}

/** Hours since the beginning, outcome and basis: what one reads off a timeline. */
export const shown = (spans: readonly Span[]): [number, number, string, string][] =>
  spans.map(({ from, to, outcome, basis }) => [(from - start) / hour, (to - start) / hour, outcome, basis]);

/** Everything said, every `step` hours from one hour to another; default passing. */
export function said(from: number, to: number, step: number, outcome: Said['outcome'] = 'pass'): Said[] {
  const all: Said[] = [];
  for (let hours = from; hours <= to; hours += step) all.push({ at: at(hours), outcome });
  return all;
}
