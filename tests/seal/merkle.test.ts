import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/seal/digest.ts';
import {
  CompactRange,
  consistencyProof,
  emptyRoot,
  HashTree,
  inclusionProof,
  leafHash,
  nodeHash,
  rangeProof,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  verifyRange,
} from '../../src/seal/merkle.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/vectors/merkle.json', import.meta.url), 'utf8')) as {
  leaves: string[];
  roots: string[];
};
const leaves = Array.from({ length: 300 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const foreign = leafHash(Buffer.from('foreign'));
const sizes = [...Array.from({ length: 40 }, (_, index) => index + 1), 63, 64, 65, 127, 128, 129, 255, 256, 257, 300];
/** RFC 6962, 2.1, word for word: what the implementation is held against. */
function definition(of: readonly Uint8Array[]): Uint8Array {
  if (of.length === 0) return emptyRoot;
  if (of.length === 1) return of[0]!;
  let split = 1;
  while (split * 2 < of.length) split *= 2;
  return nodeHash(definition(of.slice(0, split)), definition(of.slice(split)));
}

describe('roots', () => {
  test('are those of RFC 6962’s reference implementations', () => {
    const hashes = golden.leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
    for (const [size, root] of golden.roots.entries()) expect(toHex(rootOf(hashes.slice(0, size)))).toBe(root);
    expect(toHex(emptyRoot)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
  test('are those of the definition, however they are made', () => {
    const tree = HashTree.of(leaves);
    const range = new CompactRange();
    for (let size = 0; size <= 300; size++) {
      const root = toHex(definition(leaves.slice(0, size)));
      expect(toHex(range.root())).toBe(root);
      expect(toHex(tree.root(size))).toBe(root);
      expect(toHex(CompactRange.from(size, range.hashes).root())).toBe(root);
      if (size < 300) range.append(leaves[size]!);
    }
  });
  test('an inner node is not a leaf', () => {
    const [left, right] = [leaves[0]!, leaves[1]!];
    expect(toHex(leafHash(Buffer.concat([left, right])))).not.toBe(toHex(nodeHash(left, right)));
  });
  test('a compact range takes exactly the hashes its size has', () => {
    expect(() => CompactRange.from(3, [foreign])).toThrow(RangeError);
    expect(() => CompactRange.from(4, [foreign, foreign])).toThrow(RangeError);
  });
});

describe('inclusion, for every entry of every tree', () => {
  test('holds, and holds for nothing else', () => {
    const tree = HashTree.of(leaves);
    let held = 0;
    for (const size of sizes) {
      const root = tree.root(size);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(tree, index, size);
        expect(verifyInclusion(leaves[index]!, proof, root)).toBe(true);
        held += 1;
        expect(verifyInclusion(foreign, proof, root)).toBe(false);
        expect(verifyInclusion(leaves[index]!, proof, foreign)).toBe(false);
        if (size > 1) expect(verifyInclusion(leaves[index]!, { ...proof, index: (index + 1) % size }, root)).toBe(false);
        expect(verifyInclusion(leaves[index]!, { ...proof, hashes: [...proof.hashes, foreign] }, root)).toBe(false);
        if (size > 1) expect(verifyInclusion(leaves[index]!, { ...proof, hashes: proof.hashes.slice(1) }, root)).toBe(false);
        if (size > 1) expect(verifyInclusion(leaves[index]!, { ...proof, hashes: [foreign, ...proof.hashes.slice(1)] }, root)).toBe(false);
      }
    }
    expect(held).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });
  test('of what is not there', () => {
    for (const index of [-1, 5, 0.5]) expect(() => inclusionProof(leaves.slice(0, 5), index)).toThrow(RangeError);
    expect(verifyInclusion(leaves[0]!, { index: 0, size: 0, hashes: [] }, emptyRoot)).toBe(false);
    expect(verifyInclusion(leaves[0]!, { index: -1, size: 1, hashes: [] }, leaves[0]!)).toBe(false);
  });
});

describe('consistency, for every pair of sizes', () => {
  test('holds, and holds for nothing else', () => {
    const tree = HashTree.of(leaves);
    for (const to of sizes) {
      for (let from = 0; from <= to; from++) {
        const proof = consistencyProof(tree, from, to);
        const [before, after] = [tree.root(from), tree.root(to)];
        expect(verifyConsistency(before, after, proof)).toBe(true);
        expect(verifyConsistency(foreign, after, proof)).toBe(false);
        if (from === 0) continue;
        expect(verifyConsistency(before, foreign, proof)).toBe(false);
        expect(verifyConsistency(before, after, { ...proof, hashes: [...proof.hashes, foreign] })).toBe(false);
        if (proof.hashes.length === 0) continue;
        expect(verifyConsistency(before, after, { ...proof, hashes: proof.hashes.slice(0, -1) })).toBe(false);
        for (let at = 0; at < proof.hashes.length; at++) {
          expect(verifyConsistency(before, after, { ...proof, hashes: proof.hashes.with(at, foreign) })).toBe(false);
        }
      }
    }
  });
  test('of a tree that is no beginning', () => {
    const other = HashTree.of(leaves.with(1, foreign));
    const proof = consistencyProof(other, 4, 9);
    expect(verifyConsistency(rootOf(leaves.slice(0, 4)), other.root(9), proof)).toBe(false);
  });
});

describe('ranges, for every stretch of every small tree', () => {
  const tree = HashTree.of(leaves);
  test('hold, and hold for nothing else', () => {
    let held = 0;
    for (let size = 1; size <= 26; size++) {
      const root = tree.root(size);
      for (let from = 0; from <= size; from++) {
        for (let to = from; to <= size; to++) {
          const proof = rangeProof(tree, from, to, size);
          const part = leaves.slice(from, to);
          expect(verifyRange(part, proof, root)).toBe(true);
          held += 1;
          expect(verifyRange([...part, foreign], proof, root)).toBe(false);
          expect(verifyRange(part, proof, foreign)).toBe(false);
          expect(verifyRange(part, { ...proof, right: [...proof.right, foreign] }, root)).toBe(false);
          expect(verifyRange(part, { ...proof, left: [...proof.left, foreign] }, root)).toBe(false);
          if (proof.left.length > 0) expect(verifyRange(part, { ...proof, left: proof.left.with(0, foreign) }, root)).toBe(false);
          if (proof.right.length > 0) expect(verifyRange(part, { ...proof, right: proof.right.slice(1) }, root)).toBe(false);
          if (part.length > 0) expect(verifyRange(part.with(0, foreign), proof, root)).toBe(false);
          if (part.length > 0) expect(verifyRange(part.slice(1), proof, root)).toBe(false);
          if (part.length > 1) expect(verifyRange([part[1]!, part[0]!, ...part.slice(2)], proof, root)).toBe(false);
        }
      }
    }
    expect(held).toBeGreaterThan(3000);
  });
  test('a part cannot pass for another part', () => {
    const proof = rangeProof(tree, 4, 8, 16);
    expect(verifyRange(leaves.slice(4, 8), { ...proof, from: 8, to: 12 }, tree.root(16))).toBe(false);
    expect(verifyRange(leaves.slice(4, 8), { ...proof, from: 0, to: 4 }, tree.root(16))).toBe(false);
  });
  test('whatever the numbers say', () => {
    const proof = rangeProof(tree, 2, 3, 5);
    for (const bad of [{ from: -1 }, { from: 4 }, { to: 6 }, { size: 2 }, { from: 0.5 }, { size: Number.NaN }]) {
      expect(verifyRange(leaves.slice(2, 3), { ...proof, ...bad }, tree.root(5))).toBe(false);
    }
  });
});
