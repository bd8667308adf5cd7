import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CollectedItem } from '../../src/model/evidence.ts';
import { mergeVolatile } from '../../src/model/volatile.ts';
import { keyframeEvery } from '../../src/store/manifests.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { evidence, freshStore, item, type Place, place } from './fixtures.ts';

const collector = 'aws/iam-users';
const scope = 'aws:111122223333';
let at: Place;
beforeEach(() => {
  at = place();
});
afterEach(() => at.remove());

const stored = (items: readonly CollectedItem[]) =>
  items
    .map(({ id, operation, subject, region, body, volatile }) => ({ id, operation, subject, region, body: mergeVolatile(body, volatile) }))
    .sort((left, right) => (left.id < right.id ? -1 : 1));

const body = fc.oneof(
  fc.constant(null),
  fc.dictionary(fc.string({ maxLength: 4, unit: 'grapheme' }), fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())),
);
const subjects = ['a', 'b', 'c', 'd', 'é', '|', ''];
const population = fc.uniqueArray(
  fc.record({ subject: fc.constantFrom(...subjects), body, used: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }) }),
  { selector: ({ subject }) => subject },
);

it('whatever was collected, every state of it can be read again, verified and rebuilt', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(population, { minLength: 1, maxLength: 8 }), async (states) => {
      const here = place();
      const { store } = await freshStore(here);
      try {
        const indexes: number[] = [];
        const collected = states.map((state) =>
          state.map((of) =>
            item(of.subject, of.body, { volatile: of.used === undefined || of.body === null ? null : { 'last used': of.used } }),
          ),
        );
        for (const items of collected) indexes.push((await store.appendCollection(evidence(items), null)).index);
        for (const [n, index] of indexes.entries()) expect(store.items(collector, scope, index)).toEqual(stored(collected[n]!));
        expect(store.items(collector, scope)).toEqual(stored(collected.at(-1)!));
        await store.checkpoint();
        expect((await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
        expect(await store.rebuildDerived()).toEqual([]);
      } finally {
        await store.close();
        here.remove();
      }
    }),
    { numRuns: 25 },
  );
});

it(`begins every ${keyframeEvery} statements of a stream with the whole of it`, { timeout: 240_000 }, async () => {
  const { store } = await freshStore(at);
  const indexes: number[] = [];
  const keyframes: number[] = [];
  for (let n = 0; n < keyframeEvery + 3; n++) {
    const { index, statement } = await store.appendCollection(evidence([item('a', { n }), item(`b${n % 3}`, {})], { requests: [] }), null);
    indexes.push(index);
    if (statement.items.keyframe !== null) keyframes.push(n);
  }
  expect(keyframes).toEqual([0, keyframeEvery]);
  for (const n of [0, 1, keyframeEvery - 1, keyframeEvery, keyframeEvery + 1]) {
    const found = store.items(collector, scope, indexes[n]!);
    expect(found.map(({ subject, body: of }) => [subject, of])).toEqual([
      ['a', { n }],
      [`b${n % 3}`, {}],
    ]);
  }
  await store.checkpoint();
  expect((await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
  expect(await store.rebuildDerived()).toEqual([]);
  await store.close();
});
