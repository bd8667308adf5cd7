import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyWaivers } from '../../src/history/apply-waivers.ts';
import { CoverageMeter } from '../../src/history/measure-coverage.ts';
import type { Span } from '../../src/history/spans.ts';
import { mergeFlapping } from '../../src/history/to-episodes.ts';
import type { Timeline, TimelineInput } from '../../src/history/to-intervals.ts';
import { worstLine } from '../../src/history/worst-line.ts';
import { at, day, event, hour, month, type Said, shown, timelineOf } from './fixture.ts';

const limit = 72 * hour;
const outcomes: readonly Said['outcome'][] = ['pass', 'pass', 'pass', 'fail', 'fail', 'no-evidence', 'not-applicable'];
const anyTimes = fc
  .uniqueArray(fc.integer({ min: -40, max: 31 * 24 + 40 }), { minLength: 0, maxLength: 60 })
  .map((hours) => hours.sort((a, b) => a - b).map(at));
const anySaid = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -40, max: 31 * 24 + 40 }), fc.constantFrom(...outcomes)), {
    maxLength: 60,
    selector: ([hours]) => hours,
  })
  .map((all): Said[] => all.toSorted(([a], [b]) => a - b).map(([hours, outcome]) => ({ at: at(hours), outcome })));
const anyEvents = fc
  .array(fc.record({ hours: fc.integer({ min: -10, max: 31 * 24 + 10 }), effect: fc.constantFrom('break', 'mend', 'touch' as const) }), {
    maxLength: 6,
  })
  .map((events) => events.map(({ hours, effect }) => event(at(hours) + 1, effect as 'break')).sort((a, b) => a.at - b.at));
const anyRecord = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 30 * 24 }), fc.integer({ min: 1, max: 300 })), { maxLength: 3 })
  .map((windows) => {
    const joined: { from: number; to: number }[] = [];
    for (const [from, length] of windows.sort((a, b) => a[0] - b[0])) {
      const last = joined.at(-1);
      if (last !== undefined && at(from) <= last.to) last.to = Math.max(last.to, at(from + length));
      else joined.push({ from: at(from), to: at(from + length) });
    }
    return joined;
  });
/** Days on which it is born and gone; 0: it was always there, it stays. */
const anyLife = fc.record({ born: fc.integer({ min: 0, max: 15 }), died: fc.oneof(fc.constant(0), fc.integer({ min: 16, max: 30 })) });

interface World {
  readonly said: readonly Said[];
  readonly more: Partial<TimelineInput>;
}
/** A subject with any readings, events, record and life; it is born and gone at readings. */
const anyWorld = fc.tuple(anySaid, anyEvents, anyRecord, anyLife).map(([said, events, recorded, life]): World => {
  const inside = said.filter((one) => one.at >= month.from && one.at < month.to);
  const born = life.born === 0 ? undefined : inside.find((one) => one.at >= month.from + life.born * day);
  const gone = life.died === 0 ? undefined : inside.find((one) => one.at >= month.from + life.died * day);
  if (born === undefined) return { said, more: { events, recorded } };
  const before = said[said.indexOf(born) - 1]?.at ?? null;
  const last = gone === undefined ? undefined : said[said.indexOf(gone) - 1];
  const dead = gone !== undefined && last !== undefined && last.at >= born.at;
  return {
    said,
    more: { events, recorded, life: { bornBefore: before, bornAt: born.at, lastAt: dead ? last.at : null, diedAt: dead ? gone.at : null } },
  };
});
const made = ({ said, more }: World): Timeline => timelineOf(said, more);
const length = (spans: readonly Span[], is: (span: Span) => boolean): number =>
  spans.filter(is).reduce((sum, { from, to }) => sum + to - from, 0);
const runs = { numRuns: 400 };

describe('every timeline', () => {
  it('covers the life within the period without a hole and without overlap', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { spans } = made(world);
        for (const [n, span] of spans.entries()) {
          expect(span.from).toBeLessThan(span.to);
          const next = spans[n + 1];
          if (next !== undefined) expect(next.from).toBe(span.to);
        }
        const { life } = world.more;
        if (life == null) {
          expect(spans[0]?.from).toBe(month.from);
          expect(spans.at(-1)?.to).toBe(month.to);
        } else if (spans.length > 0) {
          expect(spans[0]?.from).toBeLessThanOrEqual(life.bornAt);
          expect(spans[0]?.from).toBeGreaterThanOrEqual(Math.max(month.from, life.bornBefore ?? month.from));
          expect(spans.at(-1)?.to).toBeLessThanOrEqual(life.diedAt ?? month.to);
          expect(spans.at(-1)?.to).toBeGreaterThanOrEqual(life.lastAt ?? month.to);
        }
      }),
      runs,
    );
  });

  it('passes only where readings, or a whole record, let it: what was looked at and not seen never does', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { spans } = made(world);
        const passing = spans.filter(({ outcome }) => outcome === 'pass');
        expect(passing.every(({ basis }) => basis !== 'none')).toBe(true);
        for (const [n, { at: time, outcome }] of world.said.entries()) {
          if (outcome !== 'no-evidence' || time < month.from || time >= month.to) continue;
          const next = world.said[n + 1]?.at ?? month.to;
          const covered = passing.filter(
            ({ from, to, basis }) => from < Math.min(next, month.to) && to > time && basis !== 'event' && basis !== 'reconstructed',
          );
          expect(covered).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('corroborates nothing that the record does not cover', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const recorded = world.more.recorded ?? [];
        const { spans } = made(world);
        for (const { from, to, basis } of spans) {
          if (basis !== 'corroborated') continue;
          expect(recorded.some((window) => window.from <= from && window.to >= to)).toBe(true);
        }
        expect(
          made({ said: world.said, more: { ...world.more, recorded: [] } }).spans.some(
            ({ basis }) => basis === 'corroborated' || basis === 'reconstructed',
          ),
        ).toBe(false);
      }),
      runs,
    );
  });

  it('fails at every failing reading, and every failure holds what was observed within what is conservative', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { spans, failures } = made(world);
        for (const { observed, conservative, exactFrom, exactTo, from, to } of failures) {
          if (observed !== null) {
            expect(conservative.from).toBeLessThanOrEqual(observed.from);
            expect(conservative.to).toBeGreaterThanOrEqual(observed.to);
          }
          for (const exact of [exactFrom, exactTo]) {
            if (exact !== null) expect(exact >= conservative.from && exact <= conservative.to).toBe(true);
          }
          expect(length(spans, (span) => span.outcome === 'fail' && span.from >= from && span.to <= to)).toBe(to - from);
        }
        const { life } = world.more;
        for (const { at: time, outcome } of world.said) {
          if (outcome !== 'fail' || time < month.from || time >= month.to) continue;
          if (life != null && (time < life.bornAt || time > (life.lastAt ?? time))) continue;
          expect(failures.some(({ from, to }) => from <= time && to >= time)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('is the same whatever was read before the period or after it', () => {
    fc.assert(
      fc.property(anyWorld, ({ said, more }) => {
        const { life: _, ...rest } = more;
        const inside = said.filter((one) => one.at >= month.from && one.at < month.to);
        const plain = ({ spans, failures }: Timeline) => [
          shown(spans),
          failures.map(({ first: _f, last: _l, detectedAt: _d, marks: _m, ...failure }) => failure),
        ];
        expect(plain(timelineOf(said, rest))).toEqual(plain(timelineOf(inside, rest)));
      }),
      runs,
    );
  });
});

describe('more readings', () => {
  it('never widen an uncertainty: one that agrees with the timeline leaves no less known and no failure longer', () => {
    fc.assert(
      fc.property(anySaid, fc.integer({ min: 0, max: 31 * 24 - 1 }), (said, hours) => {
        const conclusive = said.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail');
        const time = at(hours) + 1;
        const before = timelineOf(conclusive);
        const now = before.spans.find(({ from, to }) => from <= time && time < to)?.outcome;
        const outcome = now === 'fail' ? 'fail' : 'pass';
        const after = timelineOf([...conclusive, { at: time, outcome } as const].sort((a, b) => a.at - b.at));
        const unknown = ({ spans }: Timeline) => length(spans, (span) => span.basis === 'none' || span.basis === 'transition');
        expect(unknown(after)).toBeLessThanOrEqual(unknown(before));
        const failing = ({ spans }: Timeline) => length(spans, (span) => span.outcome === 'fail');
        expect(failing(after)).toBeLessThanOrEqual(failing(before));
        const unseen = ({ failures }: Timeline) => failures.reduce((sum, one) => sum + one.unseen, 0);
        expect(unseen(after)).toBeLessThanOrEqual(unseen(before));
      }),
      runs,
    );
  });

  it('of the source itself move the bounds of a failure only inwards', () => {
    // The truth: it failed once. However often and whenever it is read, the conservative bounds hold the truth, the observed ones lie in it.
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        anyTimes,
        anyTimes,
        (begin, lasting, some, others) => {
          const [broken, mended] = [at(begin), at(begin + lasting)];
          const told = (times: readonly number[]): Said[] =>
            [...new Set(times)]
              .sort((a, b) => a - b)
              .map((time) => ({ at: time, outcome: time >= broken && time < mended ? 'fail' : 'pass' }));
          const [few, many] = [timelineOf(told(some)), timelineOf(told([...some, ...others]))];
          const bounds = ({ failures }: Timeline) => ({
            from: Math.min(...failures.map(({ from }) => from)),
            to: Math.max(...failures.map(({ to }) => to)),
          });
          if (few.failures.length === 0) return;
          expect(bounds(many).from).toBeGreaterThanOrEqual(bounds(few).from);
          expect(bounds(many).to).toBeLessThanOrEqual(bounds(few).to);
          for (const { observed, conservative } of many.failures) {
            expect(conservative.from <= broken && conservative.to >= mended).toBe(true);
            expect(observed === null || (observed.from >= broken && observed.to < mended)).toBe(true);
          }
        },
      ),
      runs,
    );
  });
});

describe('waivers', () => {
  const anyWaivers = fc
    .array(fc.tuple(fc.integer({ min: -20, max: 700 }), fc.integer({ min: 1, max: 400 })), { maxLength: 4 })
    .map((list) => list.map(([from, hours], n) => ({ id: `W-${n}`, from: at(from), to: at(from + hours) })));
  const measured = (spans: readonly Span[]) => {
    const meter = new CoverageMeter({ gapAfter: limit, materialAfter: 7 * day });
    meter.add('k1', 'key 1', spans);
    return meter.metrics();
  };

  it('never raise coverage, never make a pass, and leave every failure visible underneath', () => {
    fc.assert(
      fc.property(anyWorld, anyWaivers, (world, waivers) => {
        const { spans } = made(world);
        const waived = applyWaivers(spans, waivers);
        const [without, within] = [measured(spans), measured(waived)];
        expect(within.coverage).toEqual(without.coverage);
        expect(within.byBasis).toEqual(without.byBasis);
        expect(within.passing).toEqual(without.passing);
        expect(within.byOutcome.fail + within.byOutcome.waived).toBe(without.byOutcome.fail);
        expect(within.byOutcome.pass).toBe(without.byOutcome.pass);
        for (const span of waived) {
          if (span.outcome !== 'waived') continue;
          expect(span.underneath).toBe('fail');
          expect(waivers.some(({ id, from, to }) => id === span.waiver && from <= span.from && to >= span.to)).toBe(true);
        }
        // Where none lies, because it has not begun or is over, the failure stands.
        for (const span of waived.filter(({ outcome }) => outcome === 'fail')) {
          expect(waivers.some(({ from, to }) => from < span.to && to > span.from)).toBe(false);
        }
      }),
      runs,
    );
  });
});

describe('episodes', () => {
  it('merge what comes back within the bound, lose no failing time, and count every return', () => {
    fc.assert(
      fc.property(anyWorld, fc.integer({ min: 0, max: 96 }), (world, hours) => {
        const { failures } = made(world);
        const merged = mergeFlapping(failures, hours * hour);
        expect(merged.reduce((sum, { flaps }) => sum + flaps + 1, 0)).toBe(failures.length);
        for (const [n, outage] of merged.entries()) {
          const next = merged[n + 1];
          if (next !== undefined) expect(next.from - outage.to).toBeGreaterThan(hours * hour);
        }
        for (const failure of failures) expect(merged.some(({ from, to }) => from <= failure.from && to >= failure.to)).toBe(true);
        expect(merged.reduce((sum, { readings }) => sum + readings, 0)).toBe(failures.reduce((sum, { readings }) => sum + readings, 0));
      }),
      runs,
    );
  });
});

describe('many subjects', () => {
  const anyLines = fc.array(anyWorld, { minLength: 1, maxLength: 5 }).map((worlds) => worlds.map((world) => made(world).spans));

  it('come to one line and to one measure in whatever order they are taken', () => {
    fc.assert(
      fc.property(
        anyLines.chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length }))),
        ([lines, shuffled]) => {
          expect(shown(worstLine(shuffled))).toEqual(shown(worstLine(lines)));
          const meter = (all: readonly (readonly Span[])[]) => {
            const own = new CoverageMeter({ gapAfter: limit, materialAfter: 7 * day });
            for (const spans of all) own.add(`k${lines.indexOf(spans)}`, '', spans);
            return own;
          };
          expect(meter(shuffled).metrics()).toEqual(meter(lines).metrics());
          const halves = meter(lines.slice(0, 2));
          halves.join(meter(lines.slice(2)));
          const { passing: _p, ...half } = halves.metrics();
          const { passing: _q, ...all } = meter(lines).metrics();
          if (lines.length <= 2) expect(half).toEqual(all);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('fail together wherever one fails', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const line = worstLine(lines);
        for (const span of lines.flat().filter(({ outcome }) => outcome === 'fail')) {
          const over = line.filter(({ from, to }) => from < span.to && to > span.from);
          expect(over.every(({ outcome }) => outcome === 'fail')).toBe(true);
          expect(over.reduce((sum, { from, to }) => sum + Math.min(to, span.to) - Math.max(from, span.from), 0)).toBe(span.to - span.from);
        }
      }),
      { numRuns: 200 },
    );
  });
});
