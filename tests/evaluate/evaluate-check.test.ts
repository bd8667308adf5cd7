import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Check, defineCheck, fail, pass, z } from '../../src/authoring.ts';
import { evaluateCheck } from '../../src/evaluate/evaluate-check.ts';
import { gapReasons } from '../../src/model/completeness.ts';
import type { ReadResource } from '../../src/model/resource.ts';
import { unknownNeverPasses } from '../checks/unknown-never-passes.ts';
import { anyKeyCheck, asOf, Key, key, keyCheck } from './fixture.ts';

const options = { asOf, parameters: {} };
const outcomesOf = (resources: readonly ReadResource[], incomplete: { scope: string; reason: (typeof gapReasons)[number] }[] = []) =>
  evaluateCheck(anyKeyCheck, { resources, incomplete }, options).map((result) => [result.subject, result.outcome, result.reason]);
const testing = (test: (subject: Record<string, unknown>) => unknown): Check =>
  ({
    ...keyCheck,
    appliesTo: () => true,
    test: (subject: Record<string, unknown>) => (test(subject) === false ? fail('no') : pass('yes')),
  }) as unknown as Check;
const judged = (test: (subject: Record<string, unknown>) => unknown, resource: ReadResource) =>
  evaluateCheck(testing(test), { resources: [resource], incomplete: [] }, options)[0];

describe('evaluateCheck', () => {
  it('gives one result per subject of its type, sorted', () => {
    expect(
      outcomesOf([
        key(2, { cutAt: '2025-01-01T00:00:00.000Z' }),
        key(1),
        key(3, { ring: { colour: 'black' } }),
        { ...key(4), type: 'other' },
        key(5, { spare: true }),
      ]),
    ).toEqual([
      ['house:1/key/k1', 'pass', undefined],
      ['house:1/key/k2', 'fail', undefined],
      ['house:1/key/k3', 'not-applicable', undefined],
    ]);
  });
  it('says until when a pass holds', () => {
    expect(evaluateCheck(anyKeyCheck, { resources: [key(1)], incomplete: [] }, options)[0]?.until).toBe('2026-01-31T00:00:00.000Z');
  });
  it('says that there is none only when all was seen', () => {
    expect(outcomesOf([])).toEqual([['*', 'empty', undefined]]);
    expect(outcomesOf([key(1, { spare: true })])).toEqual([['*', 'empty', undefined]]);
    expect(outcomesOf([], [{ scope: 'house:1', reason: 'access-denied' }])).toEqual([['*', 'no-evidence', 'access-denied']]);
    expect(
      outcomesOf(
        [key(1)],
        [
          { scope: 'house:1/attic', reason: 'truncated' },
          { scope: 'house:1/attic', reason: 'stale' },
          { scope: 'house:1/cellar', reason: 'rate-limited' },
        ],
      ),
    ).toEqual([
      ['*attic', 'no-evidence', 'truncated'],
      ['*cellar', 'no-evidence', 'rate-limited'],
      ['house:1/key/k1', 'pass', undefined],
    ]);
  });
  it('judges nothing that is stale', () => {
    const results = evaluateCheck(
      anyKeyCheck,
      { resources: [key(1), key(2, { cutAt: '2020-01-01T00:00:00.000Z' })], incomplete: [] },
      { ...options, stale: true },
    );
    expect(results.map((result) => [result.outcome, result.reason])).toEqual([
      ['no-evidence', 'stale'],
      ['no-evidence', 'stale'],
    ]);
  });
  it('keeps in the population what it cannot tell whether it belongs there', () => {
    expect(outcomesOf([key(1, {}, { spare: 'access-denied' })])).toEqual([['house:1/key/k1', 'no-evidence', 'access-denied']]);
  });
  it.each(gapReasons)('a field that was not read (%s) is no evidence, whether the check would pass or fail', (reason) => {
    expect(outcomesOf([key(1, {}, { cutAt: reason })])).toEqual([['house:1/key/k1', 'no-evidence', reason]]);
    expect(outcomesOf([key(1, { opens: [] }, { owner: reason })])).toEqual([['house:1/key/k1', 'no-evidence', reason]]);
  });
  it('names check and subject of a bug, and of what is no verdict', () => {
    const bug = {
      ...anyKeyCheck,
      test: () => {
        throw new RangeError('x');
      },
    };
    expect(() => evaluateCheck(bug, { resources: [key(1)], incomplete: [] }, options)).toThrow(
      'house/key-is-young failed on house:1/key/k1',
    );
    const mute = { ...anyKeyCheck, test: () => undefined as never };
    expect(() => evaluateCheck(mute, { resources: [key(1)], incomplete: [] }, options)).toThrow(
      'house/key-is-young gave no verdict of house:1/key/k1',
    );
    expect(() =>
      evaluateCheck(
        { ...anyKeyCheck, test: () => ({ outcome: 'empty', message: '' }) as never },
        { resources: [key(1)], incomplete: [] },
        options,
      ),
    ).toThrow('no verdict');
    expect(() =>
      evaluateCheck({ ...anyKeyCheck, appliesTo: () => undefined as never }, { resources: [key(1)], incomplete: [] }, options),
    ).toThrow('appliesTo');
  });
});

describe('the subject a check sees', () => {
  const partly = key(1, {}, { owner: 'access-denied' });
  const looks: readonly (readonly [string, (subject: Record<string, unknown>) => unknown])[] = [
    ['reading it', (subject) => subject['owner']],
    [
      'reading it in a try',
      (subject) => {
        try {
          return subject['owner'];
        } catch {
          return true;
        }
      },
    ],
    ['asking whether it is there', (subject) => 'owner' in subject],
    ['Object.hasOwn', (subject) => Object.hasOwn(subject, 'owner')],
    ['Object.keys', (subject) => Object.keys(subject).length],
    ['Object.entries', (subject) => Object.entries(subject)],
    [
      'for in',
      (subject) => {
        for (const name in subject) if (name === 'x') return false;
        return true;
      },
    ],
    ['spreading', (subject) => ({ ...subject })],
    ['JSON', (subject) => JSON.stringify(subject).includes('"owner":"mallory"') || true],
    ['Reflect.ownKeys', (subject) => Reflect.ownKeys(subject)],
    ['a descriptor', (subject) => Object.getOwnPropertyDescriptor(subject, 'owner')],
    ['a field its shape does not have', (subject) => subject['wner']],
    ['an element of a list', (subject) => (subject['opens'] as { window?: unknown }[])[0]?.window],
    ['a member of an object', (subject) => (subject['ring'] as { size?: unknown }).size ?? true],
  ];
  it.each(looks)('%s is no evidence', (_, look) => {
    expect(judged(look, partly)?.outcome).toBe('no-evidence');
  });
  it('answers everything that was read', () => {
    const whole = key(1);
    const fine: ((subject: Record<string, unknown>) => unknown)[] = [
      (subject) => subject['owner'] === 'anna',
      (subject) => Object.keys(subject).length === 7,
      (subject) => JSON.stringify(subject).includes('front'),
      (subject) => {
        const list = subject['opens'] as { door: string }[];
        return (
          list.length === 1 && list.map((one) => one.door).join() === 'front' && list.at(-1)?.door === 'front' && list[7] === undefined
        );
      },
      (subject) => [...(subject['opens'] as unknown[])].length === 1 && Array.isArray(subject['opens']),
      (subject) => `${String(subject['ring'])}` === '[object Object]' && (subject['ring'] as { colour: string }).colour === 'red',
      (subject) => (subject['opens'] as unknown[]).toSorted().length === 1 && (subject['opens'] as unknown[]).concat([1]).length === 2,
    ];
    for (const look of fine) expect(judged(look, whole)?.outcome, String(look)).toBe('pass');
    expect(judged((subject) => subject['id'] === 'house:1/key/k1' && subject['display'] === 'k1', partly)?.outcome).toBe('pass');
  });
  it('cannot be changed, at any depth', () => {
    for (const change of [
      (subject: Record<string, unknown>) => {
        subject['owner'] = 'x';
      },
      (subject: Record<string, unknown>) => {
        (subject['ring'] as { colour: string }).colour = 'x';
      },
      (subject: Record<string, unknown>) => (subject['opens'] as unknown[]).sort(),
      (subject: Record<string, unknown>) => {
        delete subject['owner'];
      },
    ]) {
      expect(() =>
        judged(
          change,
          key(1, {
            opens: [
              { door: 'b', times: 1 },
              { door: 'a', times: 1 },
            ],
          }),
        ),
      ).toThrow('house/key-is-young failed on');
    }
  });
  it('copes with frozen values', () => {
    const frozen = key(1, { ring: Object.freeze({ colour: 'red' }), opens: Object.freeze([Object.freeze({ door: 'x', times: 1 })]) });
    expect(outcomesOf([frozen])).toEqual([['house:1/key/k1', 'pass', undefined]]);
  });
});

describe('unknown never passes', () => {
  it('holds for a check that reads fields, lists and nested objects', () => {
    expect(unknownNeverPasses(keyCheck as never)).toBeGreaterThan(40);
  });
  it('catches a check that does not look', () => {
    const blind = defineCheck({ ...keyCheck, test: () => pass('always') } as never) as never;
    expect(() => unknownNeverPasses({ ...(blind as object), appliesTo: undefined } as never)).toThrow('without the check reading anything');
  });
  it('catches a check whose example does not pass', () => {
    expect(() => unknownNeverPasses({ ...keyCheck, test: (subject: { owner: string }) => fail(subject.owner) } as never)).toThrow(
      'does not pass',
    );
  });
  it('holds for any check over any subject: a field looked at that was not read is no evidence', () => {
    const names = ['owner', 'spare', 'cutAt', 'opens', 'ring'] as const;
    fc.assert(
      fc.property(
        fc.subarray([...names], { minLength: 1 }),
        fc.subarray([...names]),
        fc.constantFrom(...gapReasons),
        fc.boolean(),
        (looked, missing, reason, verdict) => {
          const resource = key(1, {}, Object.fromEntries(missing.map((name) => [name, reason])));
          const check = testing((subject) => {
            for (const name of looked) void subject[name];
            return verdict;
          });
          const [result] = evaluateCheck(check, { resources: [resource], incomplete: [] }, options);
          const hit = looked.some((name) => missing.includes(name));
          expect(result?.outcome).toBe(hit ? 'no-evidence' : verdict ? 'pass' : 'fail');
        },
      ),
    );
  });
  it('has its subject type', () => {
    expect(z.object(Key.shape).safeParse(keyCheck.examples.pass['young']).success).toBe(true);
  });
});
