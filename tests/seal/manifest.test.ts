import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256, toBase64 } from '../../src/seal/digest.ts';
import {
  applyDelta,
  diffManifest,
  isEmptyDelta,
  type ManifestPair,
  ManifestTree,
  manifestRoot,
  sortPairs,
} from '../../src/seal/manifest.ts';

interface Golden {
  manifests: { pairs: [string, string][]; root: string }[];
  change: { before: [string, string][]; after: [string, string][]; delta: unknown };
}
const golden = JSON.parse(readFileSync(new URL('../golden/vectors/manifests.json', import.meta.url), 'utf8')) as Golden;
const name = (number: number) => toBase64(sha256(Buffer.from(`${number}`)));
const manifests = fc
  .dictionary(fc.integer({ min: 0, max: 60 }).map(String), fc.integer({ min: 0, max: 3 }))
  .map((ids) => new Map(Object.entries(ids).map(([id, content]) => [name(Number(id)), name(1000 + content)])));
const notCanonical = expect.objectContaining({ code: 'not-canonical' });

describe('manifests', () => {
  test('have the roots another implementation made, in whatever order they come', () => {
    for (const { pairs, root } of golden.manifests) {
      expect(toBase64(manifestRoot(pairs))).toBe(root);
      expect(toBase64(manifestRoot([...pairs].reverse()))).toBe(root);
      expect(sortPairs([...pairs].reverse())).toEqual(pairs);
    }
  });
  test('change by the delta another implementation made', () => {
    const { before, after, delta } = golden.change;
    expect(diffManifest(new Map(before), new Map(after))).toEqual(delta);
  });
  test('the order of bytes is not the order of base64', () => {
    const ids = ['+', '/', 'A', '0', 'a'].map((first) => `${first}${'A'.repeat(42)}=`);
    const pairs = ids.map((id): ManifestPair => [id, name(1)]);
    expect(sortPairs(pairs).map(([id]) => id[0])).toEqual(['A', 'a', '0', '+', '/']);
    expect([...ids].sort().map((id) => id[0])).not.toEqual(['A', 'a', '0', '+', '/']);
  });
  test('before + delta = after, and nothing else is', () => {
    fc.assert(
      fc.property(manifests, manifests, (before, after) => {
        const delta = diffManifest(before, after);
        const made = applyDelta(before, delta);
        expect(toBase64(manifestRoot(made))).toBe(toBase64(manifestRoot(after)));
        expect(made.size).toBe(after.size);
        expect(isEmptyDelta(delta)).toBe(toBase64(manifestRoot(before)) === toBase64(manifestRoot(after)));
        if (!isEmptyDelta(delta)) expect(() => applyDelta(after, delta)).toThrow(notCanonical);
      }),
    );
  });
  test('an id twice, or a commitment of another length, is no manifest', () => {
    expect(() =>
      manifestRoot([
        [name(1), name(2)],
        [name(1), name(3)],
      ]),
    ).toThrow(notCanonical);
    expect(() => manifestRoot([['YQ==', name(3)]])).toThrow(notCanonical);
  });
});

describe('a manifest that is followed', () => {
  test('has the root of its pairs after every change', () => {
    fc.assert(
      fc.property(fc.array(manifests, { minLength: 1, maxLength: 8 }), (states) => {
        const tree = new ManifestTree();
        let before: ReadonlyMap<string, string> = new Map();
        for (const after of states) {
          tree.apply(diffManifest(before, after));
          expect(toBase64(tree.root())).toBe(toBase64(manifestRoot(after)));
          expect(new Map([...tree.pairs].sort())).toEqual(new Map([...after].sort()));
          expect(tree.size).toBe(after.size);
          before = after;
        }
      }),
      { numRuns: 300 },
    );
  });
  test('of every size, with any one pair changed, added or removed', () => {
    const all = (count: number) => new Map(Array.from({ length: count }, (_, at) => [name(at), name(900)]));
    for (let count = 0; count <= 33; count++) {
      expect(toBase64(new ManifestTree(all(count)).root())).toBe(toBase64(manifestRoot(all(count))));
      for (let at = 0; at < count; at++) {
        for (const change of [
          (to: Map<string, string>) => to.set(name(at), name(901)),
          (to: Map<string, string>) => to.delete(name(at)),
          (to: Map<string, string>) => to.set(name(500 + at), name(1)),
        ]) {
          const tree = new ManifestTree(all(count));
          const after = all(count);
          change(after);
          tree.apply(diffManifest(all(count), after));
          expect(toBase64(tree.root())).toBe(toBase64(manifestRoot(after)));
        }
      }
    }
  });
  test('refuses changes that do not fit', () => {
    const start = (): ManifestTree => new ManifestTree([[name(1), name(2)]]);
    const none = { added: [], changed: [], removed: [] };
    for (const delta of [
      { ...none, added: [[name(1), name(3)] as const] },
      { ...none, changed: [[name(5), name(3)] as const] },
      { ...none, changed: [[name(1), name(2)] as const] },
      { ...none, removed: [name(5)] },
      { ...none, removed: [name(1), name(1)] },
      { ...none, removed: [name(1)], added: [[name(1), name(3)] as const] },
      { ...none, added: [[name(5), 'YQ=='] as const] },
    ]) {
      expect(() => start().apply(delta)).toThrow(notCanonical);
    }
    expect(
      () =>
        new ManifestTree([
          [name(1), name(2)],
          [name(1), name(3)],
        ]),
    ).toThrow(notCanonical);
  });
});
