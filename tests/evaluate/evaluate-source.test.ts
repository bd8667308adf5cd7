import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/authoring.ts';
import { type CachedVerdict, evaluateSource, type JudgedCollection, type VerdictCache } from '../../src/evaluate/evaluate-source.ts';
import { anyKeyCheck, asOf, Key, key } from './fixture.ts';

const logic = `sha256:${'0'.repeat(64)}`;
const collection = (more: Partial<JudgedCollection> = {}): JudgedCollection => ({
  scope: 'house:1',
  asOf,
  types: [Key.type],
  resources: [key(1), key(2)],
  incomplete: [],
  ...more,
});
const evaluate = (collections: readonly JudgedCollection[], more: Partial<Parameters<typeof evaluateSource>[0]> = {}) =>
  evaluateSource({ source: 'house:1', checks: [{ check: anyKeyCheck, parameters: {}, logic }], collections, now: asOf, ...more });
const summary = (evaluation: ReturnType<typeof evaluateSource>) =>
  evaluation.checks.flatMap((check) => check.results.map((result) => [result.subject, result.outcome, result.reason]));

function memory(): VerdictCache & { readonly keys: Map<string, Map<string, CachedVerdict>> } {
  const keys = new Map<string, Map<string, CachedVerdict>>();
  return {
    keys,
    load: (checkKey) => new Map(keys.get(checkKey)),
    update(checkKey, changed, gone) {
      const of = keys.get(checkKey) ?? new Map<string, CachedVerdict>();
      for (const subject of gone) of.delete(subject);
      for (const verdict of changed) of.set(verdict.subject, verdict);
      keys.set(checkKey, of);
    },
  };
}

describe('evaluateSource', () => {
  it('gives results, population, exclusions and counts', () => {
    const evaluation = evaluate([
      collection({ resources: [key(1), key(2, { cutAt: '2020-01-01T00:00:00.000Z' }), key(3, { spare: true })] }),
    ]);
    expect(evaluation.counts).toEqual({ pass: 1, fail: 1, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 });
    expect(evaluation.population.map((subject) => subject.id)).toEqual(['house:1/key/k1', 'house:1/key/k2', 'house:1/key/k3']);
    expect(evaluation.checks[0]).toMatchObject({
      check: 'house/key-is-young',
      parameters: { maxDays: 30 },
      subjectType: Key.type,
      excluded: ['house:1/key/k3'],
      logic,
    });
    expect(evaluation.judged).toBe(2);
  });
  it('judges a check once for each set of parameters', () => {
    const uses = [{}, { maxDays: 5 }].map((parameters) => ({ check: anyKeyCheck, parameters, logic }));
    const evaluation = evaluate([collection()], { checks: uses });
    expect(evaluation.checks.map((check) => [check.parameters, check.results.map((result) => result.outcome)])).toEqual([
      [{ maxDays: 30 }, ['pass', 'pass']],
      [{ maxDays: 5 }, ['fail', 'fail']],
    ]);
    expect(() => evaluate([collection()], { checks: [{ check: anyKeyCheck, parameters: { maxDays: 'x' }, logic }] })).toThrow();
  });
  it('judges each subject as of its own collection', () => {
    const later = collection({ scope: 'house:1/attic', asOf: '2026-03-01T00:00:00.000Z', resources: [key(9)] });
    expect(summary(evaluate([collection({ scope: 'house:1/cellar', resources: [key(1)] }), later]))).toEqual([
      ['house:1/key/k1', 'pass', undefined],
      ['house:1/key/k9', 'fail', undefined],
    ]);
  });
  it('has no evidence where nothing was collected, not an empty population', () => {
    expect(summary(evaluate([]))).toEqual([['*', 'no-evidence', 'not-collected']]);
    expect(summary(evaluate([collection({ types: ['other'], resources: [] })]))).toEqual([['*', 'no-evidence', 'not-collected']]);
    expect(summary(evaluate([collection({ resources: [] })]))).toEqual([['*', 'empty', undefined]]);
    expect(
      summary(
        evaluate([collection({ scope: 'house:1/cellar', resources: [] })], {
          missing: [{ type: Key.type, scope: 'house:1/attic', reason: 'not-collected' }],
        }),
      ),
    ).toEqual([['*attic', 'no-evidence', 'not-collected']]);
  });
  it('carries over why a population is not whole, by scope', () => {
    expect(
      summary(
        evaluate([
          collection({
            scope: 'house:1/attic',
            incomplete: [
              { type: Key.type, reason: 'truncated' },
              { type: 'other', reason: 'stale' },
            ],
          }),
        ]),
      ),
    ).toEqual([
      ['*attic', 'no-evidence', 'truncated'],
      ['house:1/key/k1', 'pass', undefined],
      ['house:1/key/k2', 'pass', undefined],
    ]);
  });
  it('says nothing about now from a collection that is too old', () => {
    const evaluation = evaluate([collection()], { now: '2026-01-17T12:00:00.001Z', staleAfterMs: 2 * 86_400_000 });
    expect(summary(evaluation)).toEqual([
      ['*', 'no-evidence', 'stale'],
      ['house:1/key/k1', 'no-evidence', 'stale'],
      ['house:1/key/k2', 'no-evidence', 'stale'],
    ]);
    expect(evaluate([collection()], { now: '2026-01-17T12:00:00.000Z', staleAfterMs: 2 * 86_400_000 }).counts.pass).toBe(2);
  });
  it('believes neither of two collections that name the same subject', () => {
    expect(summary(evaluate([collection(), collection({ resources: [key(1)] })]))).toEqual([
      ['house:1/key/k1', 'no-evidence', 'malformed-reply'],
      ['house:1/key/k2', 'pass', undefined],
    ]);
  });
});

describe('what is judged again', () => {
  it('is nothing that has not changed, and the results are the same', () => {
    const cache = memory();
    const resources = () => [
      key(1),
      key(2, { cutAt: '2020-01-01T00:00:00.000Z' }),
      key(3, {}, { owner: 'access-denied' }),
      key(4, { ring: { colour: 'black' } }),
      key(5, { opens: [] }, { owner: 'truncated' }),
    ];
    const first = evaluate([collection({ resources: resources() })], { cache });
    const second = evaluate([collection({ resources: resources() })], { cache, now: '2026-01-16T12:00:00.000Z' });
    expect([first.judged, second.judged]).toEqual([5, 0]);
    expect(second.checks).toEqual(first.checks);
  });
  it('is a subject that changed, in a field or in what could not be read', () => {
    const cache = memory();
    evaluate([collection()], { cache });
    expect(evaluate([collection({ resources: [key(1, { owner: 'berta' }), key(2)] })], { cache }).judged).toBe(1);
    expect(
      evaluate([collection({ resources: [key(1, { owner: 'berta' }), key(2, {}, { cutAt: 'stale' })] })], { cache }).counts,
    ).toMatchObject({ pass: 1, 'no-evidence': 1 });
  });
  it('is a verdict that has come to its end', () => {
    const cache = memory();
    evaluate([collection()], { cache });
    const before = evaluate([collection({ asOf: '2026-01-30T23:59:59.999Z' })], { cache });
    expect([before.judged, before.counts.pass]).toEqual([0, 2]);
    const after = evaluate([collection({ asOf: '2026-01-31T00:00:00.000Z' })], { cache });
    expect([after.judged, after.counts.fail]).toEqual([2, 2]);
  });
  it('is everything under other parameters or other logic', () => {
    const cache = memory();
    evaluate([collection()], { cache });
    expect(evaluate([collection()], { cache, checks: [{ check: anyKeyCheck, parameters: { maxDays: 31 }, logic }] }).judged).toBe(2);
    expect(
      evaluate([collection()], { cache, checks: [{ check: anyKeyCheck, parameters: {}, logic: `sha256:${'1'.repeat(64)}` }] }).judged,
    ).toBe(2);
    expect(cache.keys.size).toBe(3);
  });
  it('forgets subjects that are gone', () => {
    const cache = memory();
    const { checkKeys } = evaluate([collection()], { cache });
    evaluate([collection({ resources: [key(2)] })], { cache });
    expect([...(cache.keys.get([...checkKeys][0] ?? '')?.keys() ?? [])]).toEqual(['house:1/key/k2']);
  });
  it('asks again whether a check applies, since that may depend on the time', () => {
    const cache = memory();
    const early = { ...anyKeyCheck, appliesTo: (_: unknown, context: { asOf: string }) => context.asOf < '2026-01-20' } as unknown as Check;
    evaluate([collection()], { cache, checks: [{ check: early, parameters: {}, logic }] });
    const later = evaluate([collection({ asOf: '2026-01-21T00:00:00.000Z' })], {
      cache,
      checks: [{ check: early, parameters: {}, logic }],
    });
    expect(later.counts.empty).toBe(1);
  });
});
