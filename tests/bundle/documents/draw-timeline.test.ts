import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawTimeline, lookOf } from '../../../src/bundle/documents/draw-timeline.ts';
import { bases, type Interval } from '../../../src/model/history.ts';
import { outcomes } from '../../../src/model/outcome.ts';
import { fixtureContent } from '../fixture-content.ts';

const { history } = fixtureContent();
const control = (id: string) => history.controls.find((one) => one.control.id === id)!;
const interval = (outcome: Interval['outcome'], basis: Interval['basis']): Interval => ({
  from: '2025-05-01T00:00:00.000Z',
  to: '2025-05-02T00:00:00.000Z',
  outcome,
  basis,
  evidence: { first: null, last: null },
});

describe('the timeline drawing', () => {
  it('never draws as known what has no basis, nor as passing what failed', () => {
    for (const outcome of outcomes)
      for (const basis of bases) {
        const look = lookOf(interval(outcome, basis));
        const passing = ['corroborated', 'inferred', 'event', 'reconstructed'].includes(look);
        expect(passing).toBe(outcome === 'pass' && basis !== 'none' && basis !== 'transition');
      }
  });

  it('draws a control for which no check speaks as not seen at all', () => {
    const unseen = { ...control('AC-02'), state: 'no-evidence' as const, series: [], worst: [], occurrences: [] };
    const { rows, legend } = drawTimeline(unseen, history.period);
    expect(rows[0]!.note).toContain('no evidence 365 d');
    expect(legend).toEqual(['no-evidence']);
  });

  it('draws a failure of an hour in a year over its neighbours', () => {
    const rows = drawTimeline(control('CM-01'), history.period).rows;
    const bars = rows[0]!.bars;
    expect(bars.at(-1)!.look).toBe('failing');
    expect(bars.at(-1)!.title).toContain('2025-08-19 14:05:10 UTC to 2025-08-19 15:15:32 UTC');
  });

  it('marks versions, says what it leaves out, and shows only the looks there are', () => {
    const drawing = drawTimeline(control('AC-02'), history.period);
    expect(drawing.marks.map((mark) => mark.label)).toEqual(['v2', 'v3']);
    expect(drawing.notDrawn.join(' ')).toContain('32 subjects');
    expect(drawing.legend).toEqual(['corroborated', 'inferred', 'reconstructed', 'failing', 'transition', 'waived', 'no-evidence']);
    const keys = drawTimeline(control('AC-06'), history.period);
    expect(keys.rows.filter((row) => row.level === 'subject')).toHaveLength(25);
    expect(keys.notDrawn[0]).toContain('35 more subjects');
  });

  it('draws each occurrence that failed at its instant', () => {
    const [whole, check] = drawTimeline(control('CM-02'), history.period).rows;
    expect(check!.note).toBe('2 of 1,284 occurrences failed');
    expect(check!.bars.filter((bar) => bar.title.includes('PR 1184'))).toHaveLength(1);
    expect(whole!.bars.filter((bar) => bar.from === bar.to)).toHaveLength(2);
  });

  it('stays within its edges, whatever the intervals', () => {
    const time = fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2028-01-01') }).map((ms) => new Date(ms).toISOString());
    const any = fc
      .record({ a: time, b: time, outcome: fc.constantFrom(...outcomes), basis: fc.constantFrom(...bases) })
      .map(({ a, b, ...rest }) => ({ ...rest, from: a < b ? a : b, to: a < b ? b : a, evidence: { first: null, last: null } }));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (worst) => {
        for (const row of drawTimeline({ ...control('GV-12'), worst }, history.period).rows)
          for (const bar of row.bars) {
            expect(bar.from).toBeGreaterThanOrEqual(0);
            expect(bar.to).toBeLessThanOrEqual(1);
            expect(bar.to).toBeGreaterThanOrEqual(bar.from);
          }
      }),
    );
  });
});
