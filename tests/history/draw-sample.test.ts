import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSample, rankOf, sampleSize } from '../../src/history/draw-sample.ts';

const all = (ids: readonly string[]) => ids.map((id) => ({ id, stratum: '' }));
const ids = (drawn: readonly { readonly id: string }[]) => drawn.map(({ id }) => id);

describe('ranks', () => {
  it('are HMAC-SHA-256 as RFC 4231 has it', () => {
    // Test case 2: key "Jefe", data "what do ya want for nothing?".
    expect(rankOf('Jefe', 'what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });
  it('are over the UTF-8 of seed and id', () => {
    expect(rankOf('Schlüssel', 'acme/größe')).toBe(
      createHmac('sha256', Buffer.from('Schlüssel', 'utf8')).update(Buffer.from('acme/größe', 'utf8')).digest('hex'),
    );
  });
});

describe('a sample', () => {
  it('is the rows with the lowest ranks, lowest first', () => {
    // From any shell: for i in a b c d e; do printf %s $i | openssl dgst -sha256 -hmac 'a seed'; done
    const drawn = drawSample(all(['a', 'b', 'c', 'd', 'e']), { seed: 'a seed', size: 3 });
    const expected = ['a', 'b', 'c', 'd', 'e'].sort((one, other) => (rankOf('a seed', one) < rankOf('a seed', other) ? -1 : 1)).slice(0, 3);
    expect(ids(drawn)).toEqual(expected);
    expect(drawn[0]?.rank).toMatch(/^[0-9a-f]{64}$/);
  });
  it('is everything when there is no more, and refuses what is no sample', () => {
    expect(drawSample(all(['a', 'b']), { seed: 's', size: 9 })).toHaveLength(2);
    expect(drawSample([], { seed: 's', size: 1 })).toEqual([]);
    expect(() => drawSample(all(['a']), { seed: '', size: 1 })).toThrow(RangeError);
    expect(() => drawSample(all(['a']), { seed: 's', size: 0 })).toThrow(RangeError);
    expect(() => drawSample(all(['a', 'a']), { seed: 's', size: 1 })).toThrow(TypeError);
  });
  it('takes from each month by how much it has', () => {
    const rows = [
      ...Array.from({ length: 30 }, (_, index) => ({ id: `j${index}`, stratum: '2026-01' })),
      ...Array.from({ length: 10 }, (_, index) => ({ id: `f${index}`, stratum: '2026-02' })),
    ];
    const drawn = drawSample(rows, { seed: 's', size: 8 });
    expect(drawn.filter(({ stratum }) => stratum === '2026-01')).toHaveLength(6);
    expect(drawn.filter(({ stratum }) => stratum === '2026-02')).toHaveLength(2);
  });

  const rows = fc.uniqueArray(
    fc.record({ id: fc.string({ minLength: 1 }), stratum: fc.constantFrom('', '2026-01', '2026-02', '2026-03') }),
    { selector: ({ id }) => id, maxLength: 60 },
  );
  const seed = fc.string({ minLength: 1 });
  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, seed, fc.integer({ min: 1, max: 70 }), fc.func(fc.integer()), (population, by, size, order) => {
        const shuffled = [...population].sort((one, other) => order(one.id) - order(other.id));
        expect(drawSample(shuffled, { seed: by, size })).toEqual(drawSample(population, { seed: by, size }));
      }),
    );
  });
  it('keeps its picks when it is extended', () => {
    fc.assert(
      fc.property(rows, seed, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }), (population, by, size, more) => {
        const smaller = drawSample(population, { seed: by, size });
        expect(drawSample(population, { seed: by, size: size + more }).slice(0, smaller.length)).toEqual(smaller);
      }),
    );
  });
  it('keeps its order when rows are added that nobody drew', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 40 }), seed, (population, by) => {
        const [extra, ...former] = population;
        const before = ids(drawSample(all(former), { seed: by, size: former.length }));
        expect(ids(drawSample(all(population), { seed: by, size: population.length })).filter((id) => id !== extra)).toEqual(before);
      }),
    );
  });
});

describe('a size', () => {
  const table = [
    { frequency: 'many per day', upTo: null, size: 40 },
    { frequency: 'ad hoc', upTo: 10, size: 'all' as const },
    { frequency: 'ad hoc', upTo: 50, size: 8 },
    { frequency: 'ad hoc', upTo: null, size: 25 },
  ];
  it.each([
    ['many a day', 4000, 40],
    ['many per day', 12, 12],
    ['ad hoc', 7, 7],
    ['ad hoc', 11, 8],
    ['per leaver', 90, 25],
  ])('%s, %i occurrences: %i', (frequency, occurrences, size) => {
    expect(sampleSize(table, frequency, occurrences)?.size).toBe(size);
  });
  it('is not made up where the table has none', () => {
    expect(sampleSize(table, 'continuous', 5)).toBeUndefined();
  });
});
