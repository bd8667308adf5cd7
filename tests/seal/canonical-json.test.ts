import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes, canonicalText, parseCanonical } from '../../src/seal/canonical-json.ts';

const vectors = JSON.parse(readFileSync(new URL('../golden/vectors/canonical-json.json', import.meta.url), 'utf8')) as {
  texts: { name: string; input: string; output: string }[];
  numbers: [hex: string, text: string][];
};
const bytes = (text: string) => new TextEncoder().encode(text);
const notCanonical = expect.objectContaining({ code: 'not-canonical' });

describe('RFC 8785', () => {
  test.each(vectors.texts)('writes $name', ({ input, output }) => {
    expect(canonicalText(JSON.parse(input))).toBe(output);
    expect(canonicalText(parseCanonical(bytes(output)))).toBe(output);
  });
  test.each(vectors.numbers)('writes the double %s as %s', (hex, text) => {
    const double = Buffer.from(hex, 'hex').readDoubleBE();
    expect(canonicalText(double)).toBe(text);
  });
  test('sorts by UTF-16 code units, not by code points', () => {
    expect(canonicalText({ '\ufb33': 1, '\ud83d\ude02': 2 })).toBe('{"\ud83d\ude02":2,"\ufb33":1}');
  });
  test('is stable: what it writes, it writes again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalText(value);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
    );
  });
  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (object) => {
        expect(canonicalText(Object.fromEntries(Object.entries(object).reverse()))).toBe(canonicalText(object));
      }),
    );
  });
});

describe('refuses what JSON has no word for', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const deep = Array.from({ length: 5000 }).reduce<unknown>((inner) => [inner], 0);
  test.each([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole in an array', Object.assign([1], { 2: 3 })],
    ['NaN', { a: Number.NaN }],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['a BigInt', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a symbol as a key', { [Symbol('x')]: 1 }],
    ['a Map', new Map()],
    ['a Set', new Set([1])],
    ['a Buffer', Buffer.from('a')],
    ['a Date', new Date(0)],
    ['a class instance', new (class Thing {})()],
    ['a boxed string', Object('x')],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['a cycle', cycle],
    ['a value without end', deep],
  ])('%s', (_, value) => {
    expect(() => canonicalText(value)).toThrow(notCanonical);
  });
  test('the same object twice is no cycle', () => {
    const shared = { a: 1 };
    expect(canonicalText([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });
});

describe('parseCanonical refuses any other writing of the same value', () => {
  test.each([
    '{"b":1,"a":2}',
    '{"a": 1}',
    '{"a":1}\n',
    '{"a":1.0}',
    '{"a":1e2}',
    '{"a":1,"a":1}',
    '"\\u0041"',
    '-0',
    '[1,]',
    '',
    '\ufeff{}',
    '"\\ud800"',
  ])('%s', (text) => {
    expect(() => parseCanonical(bytes(text))).toThrow(notCanonical);
  });
  test('bytes that are not UTF-8', () => {
    expect(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(notCanonical);
  });
  test('and takes its own', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalBytes(parseCanonical(canonicalBytes(value)))).toEqual(canonicalBytes(value));
      }),
    );
  });
});
