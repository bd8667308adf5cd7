import { describe, expect, it } from 'vitest';
import { nextDigest, quietUntil } from '../../src/notify/telling-times.ts';
import { settingsOf } from './fixture.ts';

const berlin = (more: Record<string, unknown> = {}) => settingsOf({ zone: 'Europe/Berlin', ...more });

describe('the next digest', () => {
  it('is at its local time, whatever the clocks do', () => {
    expect(nextDigest('daily', '2026-03-27T12:00:00.000Z', berlin())).toBe('2026-03-28T07:00:00.000Z');
    expect(nextDigest('daily', '2026-03-28T12:00:00.000Z', berlin())).toBe('2026-03-29T06:00:00.000Z');
    expect(nextDigest('daily', '2026-03-29T06:00:00.000Z', berlin())).toBe('2026-03-30T06:00:00.000Z');
    expect(nextDigest('weekly', '2026-10-20T12:00:00.000Z', berlin())).toBe('2026-10-26T07:00:00.000Z');
  });

  it('at a time that the clocks skip comes when they have gone on, and at one they repeat comes once', () => {
    const night = berlin({ digestAt: '02:30' });
    expect(nextDigest('daily', '2026-03-28T12:00:00.000Z', night)).toBe('2026-03-29T01:30:00.000Z');
    expect(nextDigest('daily', '2026-10-24T12:00:00.000Z', night)).toBe('2026-10-25T00:30:00.000Z');
    expect(nextDigest('daily', '2026-10-25T00:30:00.000Z', night)).toBe('2026-10-26T01:30:00.000Z');
  });
});

describe('quiet hours', () => {
  const night = berlin({ quiet: { from: '22:00', to: '07:00' } });

  it('go over midnight and over a change of the clocks', () => {
    expect(quietUntil('2026-03-28T20:59:59.000Z', night)).toBeNull();
    expect(quietUntil('2026-03-28T21:00:00.000Z', night)).toBe('2026-03-29T05:00:00.000Z');
    expect(quietUntil('2026-03-29T04:59:59.000Z', night)).toBe('2026-03-29T05:00:00.000Z');
    expect(quietUntil('2026-03-29T05:00:00.000Z', night)).toBeNull();
    expect(quietUntil('2026-10-25T05:30:00.000Z', night)).toBe('2026-10-25T06:00:00.000Z');
  });

  it('belong to the day on which they begin; those that follow each other are one', () => {
    const weekend = berlin({ quiet: { from: '00:00', to: '00:00', days: ['saturday', 'sunday'] } });
    expect(quietUntil('2026-05-01T20:00:00.000Z', weekend)).toBeNull();
    expect(quietUntil('2026-05-02T08:00:00.000Z', weekend)).toBe('2026-05-03T22:00:00.000Z');
  });

  it('that never end hold nothing back for longer than a day', () => {
    const always = berlin({ quiet: { from: '00:00', to: '00:00' } });
    expect(quietUntil('2026-05-01T08:00:00.000Z', always)).toBe('2026-05-01T22:00:00.000Z');
  });
});
