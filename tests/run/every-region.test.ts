import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyRegion, type WindowOf } from '../../src/run/every-region.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const at = (hours: number) => new Date(start + hours * 3_600_000).toISOString();
let collection = 0;
const window = (region: string, from: number, to: number, isWhole = true): WindowOf => ({
  source: 'aws:1',
  collector: 'aws/diary',
  region,
  carries: ['a'],
  from: at(from),
  to: at(to),
  collection: collection++,
  isWhole,
});
const covered = (windows: readonly WindowOf[], central?: readonly string[]) =>
  everyRegion(windows, central).map(({ from, to }) => [from, to]);

describe('a record of every region', () => {
  it('is whole where each region is', () => {
    expect(covered([window('us', 0, 10), window('eu', 2, 8), window('eu', 8, 12)], ['us'])).toEqual([[at(0), at(10)]]);
    expect(covered([window('us', 0, 10), window('eu', 0, 4), window('eu', 4, 6, false), window('eu', 6, 10)], ['us'])).toEqual([
      [at(0), at(4)],
      [at(6), at(10)],
    ]);
  });

  it('needs a region in which what has no region is recorded', () => {
    expect(covered([window('eu', 0, 10)], ['us', 'cn'])).toEqual([]);
    expect(covered([window('cn', 0, 10)], ['us', 'cn'])).toEqual([[at(0), at(10)]]);
    expect(covered([window('eu', 0, 10)])).toEqual([[at(0), at(10)]]);
  });

  it('waits for a region that was missed, and goes on without one that is long gone', () => {
    expect(covered([window('us', 0, 10), window('us', 10, 20), window('eu', 0, 10)], ['us'])).toEqual([[at(0), at(10)]]);
    expect(covered([window('us', 0, 100), window('eu', 0, 10)], ['us'])).toEqual([[at(0), at(100)]]);
  });

  it('never covers what a region lacks between its first window and its last', () => {
    const list = fc.array(fc.record({ from: fc.nat(60), length: fc.integer({ min: 1, max: 20 }), whole: fc.boolean() }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(list, list, (us, eu) => {
        const made = [
          ...us.map(({ from, length, whole }) => window('us', from, from + length, whole)),
          ...eu.map(({ from, length, whole }) => window('eu', from, from + length, whole)),
        ];
        const [first, last] = [Math.min(...eu.map(({ from }) => from)), Math.max(...eu.map(({ from, length }) => from + length))];
        const has = (windows: readonly Pick<WindowOf, 'from' | 'to'>[], hour: number) =>
          windows.some(({ from, to }) => from <= at(hour) && to >= at(hour + 1));
        const whole = everyRegion(made, ['us']);
        for (let hour = 0; hour < 80; hour += 1) {
          if (!has(whole, hour)) continue;
          expect(
            has(
              made.filter(({ region, isWhole }) => region === 'us' && isWhole),
              hour,
            ),
          ).toBe(true);
          if (hour >= first && hour < last) {
            const inEurope = made.filter(({ region, isWhole }) => region === 'eu' && isWhole);
            expect(inEurope.some(({ from, to }) => from <= at(hour) && to > at(hour))).toBe(true);
          }
        }
      }),
    );
  });
});
