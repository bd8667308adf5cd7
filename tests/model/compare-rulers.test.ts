import { describe, expect, it } from 'vitest';
import { defaultRuler } from '../../src/config/engagements.ts';
import { compareRulers, durationMs } from '../../src/model/compare-rulers.ts';
import type { Ruler } from '../../src/model/engagement.ts';

const changed = (patch: Partial<Ruler>) => compareRulers(defaultRuler, { ...defaultRuler, ...patch });
const threshold = (critical: Partial<Ruler['thresholds']['critical']>) => ({
  thresholds: { ...defaultRuler.thresholds, critical: { ...defaultRuler.thresholds.critical, ...critical } },
});

describe('two rulers', () => {
  it('that are equal differ in nothing, also when one writes a day as hours', () => {
    expect(changed({})).toEqual({ loosens: [], tightens: [] });
    expect(changed(threshold({ gapAfter: 'P3D' }))).toEqual({ loosens: [], tightens: [] });
  });
  const cases: readonly [string, Partial<Ruler>, 'loosens' | 'tightens', string][] = [
    ['a longer gap', threshold({ gapAfter: 'P5D' }), 'loosens', 'thresholds.critical.gapAfter: PT72H becomes P5D'],
    ['a shorter gap', threshold({ gapAfter: 'PT1H' }), 'tightens', 'thresholds.critical.gapAfter: PT72H becomes PT1H'],
    ['more that is flapping', { flappingWithin: 'P2D' }, 'loosens', 'flappingWithin: PT24H becomes P2D'],
    ['a grace for what is new', { graceForNew: 'PT4H' }, 'loosens', 'graceForNew: PT0M becomes PT4H'],
    ['more hours', { sla: { ...defaultRuler.sla, high: { hours: 73 } } }, 'loosens', 'sla.high: 72 hours become 73 hours'],
    ['fewer hours', { sla: { ...defaultRuler.sla, high: { hours: 71 } } }, 'tightens', 'sla.high: 72 hours become 71 hours'],
    [
      'hours for business days',
      { sla: { ...defaultRuler.sla, low: { hours: 1 } } },
      'loosens',
      'sla.low: 30 business days become 1 hours (not comparable: taken for loosening)',
    ],
    [
      'a holiday',
      { calendar: { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-12-25'] } },
      'loosens',
      'calendar.holidays: 2026-12-25 is added',
    ],
    ['a day off', { calendar: { workingDays: [1, 2, 3, 4], holidays: [] } }, 'loosens', 'calendar.workingDays: day 5 is no longer worked'],
    ['a day more', { calendar: { workingDays: [1, 2, 3, 4, 5, 6], holidays: [] } }, 'tightens', 'calendar.workingDays: day 6 is worked'],
  ];
  it.each(cases)('%s is named for what it is', (_, patch, side, sentence) => {
    const change = changed(patch);
    expect(change[side]).toEqual([sentence]);
    expect(change[side === 'loosens' ? 'tightens' : 'loosens']).toEqual([]);
  });
  it('differ in sample sizes wherever one of the tables takes another step', () => {
    const sampleSizes: Ruler['sampleSizes'] = defaultRuler.sampleSizes.map((row) =>
      row.frequency === 'ad hoc' && row.size === 'all' ? { ...row, upTo: 5 } : row.frequency === 'daily' ? { ...row, size: 30 } : row,
    );
    const { loosens, tightens } = changed({ sampleSizes });
    expect(loosens).toEqual(['sampleSizes: ad hoc, of 6: all become 8', 'sampleSizes: ad hoc, of 10: all become 8']);
    expect(tightens).toEqual(['sampleSizes: daily, of 1: 25 become 30', 'sampleSizes: daily, of more: 25 become 30']);
  });
});

it.each([
  ['PT24H', 24],
  ['P7D', 168],
  ['P1WT1H', 169],
  ['PT90M', 1.5],
])('%s is %d hours', (duration, hours) => expect(durationMs(duration)).toBe(hours * 3_600_000));
