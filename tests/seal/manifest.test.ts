import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256, toBase64 } from '../../src/seal/digest.ts';
import { applyDelta, diffManifest, isEmptyDelta, type ManifestPair, manifestRoot, sortPairs } from '../../src/seal/manifest.ts';

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
