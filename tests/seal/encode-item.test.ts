import { describe, expect, test } from 'vitest';
import { canonicalText } from '../../src/seal/canonical-json.ts';
import { encodeItem } from '../../src/seal/encode-item.ts';

const notCanonical = expect.objectContaining({ code: 'not-canonical' });

describe('item encoding', () => {
  test.each<[string, unknown, string]>([
    ['a date, with milliseconds', { CreateDate: new Date('2026-01-02T03:04:05Z') }, '{"CreateDate":"2026-01-02T03:04:05.000Z"}'],
    ['bytes', { Blob: Uint8Array.of(0, 255) }, '{"Blob":{"$bytes":"AP8="}}'],
    ['a Buffer', Buffer.from('a'), '{"$bytes":"YQ=="}'],
    ['a big integer', 2n ** 60n, '{"$integer":"1152921504606846976"}'],
    ['a small big integer, as the number it is', 7n, '7'],
    ['the largest safe integers', [2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n - 1n], '[9007199254740991,-9007199254740991,9007199254740991]'],
    ['the first unsafe ones', [2 ** 53, -(2n ** 53n)], '[{"$integer":"9007199254740992"},{"$integer":"-9007199254740992"}]'],
    ['a fraction', 0.1, '0.1'],
    ['an absent member stays absent', { a: undefined, b: null }, '{"b":null}'],
    ['a "$" key of the source is escaped', { $bytes: 'x', $$a: 1, b$: 2 }, '{"$$$a":1,"$$bytes":"x","b$":2}'],
    ['a prototype key is a key', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    ['null and booleans', [null, true, false], '[null,true,false]'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ])('%s', (_, value, text) => {
    expect(canonicalText(encodeItem(value))).toBe(text);
  });
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['undefined in an array', [undefined]],
    ['a hole in an array', Object.assign([1], { 2: 3 })],
    ['NaN', Number.NaN],
    ['an invalid date', new Date('no')],
    ['a function', { a: () => 1 }],
    ['a Map', new Map()],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a class instance', new (class Thing {})()],
    ['a lone surrogate', { a: '\ud800' }],
    ['a lone surrogate in a key', { '\ud800': 1 }],
  ])('refuses %s', (_, value) => {
    expect(() => encodeItem(value)).toThrow(notCanonical);
  });
  test('what a source says can never look like one of our tags', () => {
    expect(encodeItem({ $integer: '5' })).not.toEqual(encodeItem({ $integer: 5n }));
    expect(Object.keys(encodeItem({ $redacted: 'secret' }) as object)).toEqual(['$$redacted']);
  });
});
