import { equalBytes, sha256 } from './digest.ts';

/** The tree of RFC 6962, section 2.1, over SHA-256: leaves and inner nodes are hashed in different domains. */
export const hashBytes = 32;
export const emptyRoot: Uint8Array = sha256(new Uint8Array(0));

export function leafHash(data: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + data.length);
  input.set(data, 1);
  return sha256(input);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * hashBytes);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + hashBytes);
  return sha256(input);
}

/** Largest power of two below `size` (size >= 2): where RFC 6962 splits a tree. */
function splitPoint(size: number): number {
  let point = 1;
  while (point * 2 < size) point *= 2;
  return point;
}

function bitCount(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** What a growing tree has to remember: the roots of the perfect subtrees it is made of, largest first. */
export class CompactRange {
  #size = 0;
  #hashes: Uint8Array[] = [];

  /** @throws RangeError when the number of hashes is not the one that `size` entries have. */
  static from(size: number, hashes: readonly Uint8Array[]): CompactRange {
    if (!Number.isSafeInteger(size) || size < 0 || hashes.length !== bitCount(size)) {
      throw new RangeError(`${hashes.length} hashes cannot stand for ${size} entries`);
    }
    const range = new CompactRange();
    range.#size = size;
    range.#hashes = [...hashes];
    return range;
  }

  get size(): number {
    return this.#size;
  }
  get hashes(): readonly Uint8Array[] {
    return this.#hashes;
  }

  append(leaf: Uint8Array): void {
    let hash = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(this.#hashes.pop()!, hash);
    this.#hashes.push(hash);
    this.#size += 1;
  }

  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (let index = this.#hashes.length - 1; index >= 0; index--) {
      root = root === undefined ? this.#hashes[index] : nodeHash(this.#hashes[index]!, root);
    }
    return root ?? emptyRoot;
  }
}

export function rootOf(leafHashes: Iterable<Uint8Array>): Uint8Array {
  const range = new CompactRange();
  for (const hash of leafHashes) range.append(hash);
  return range.root();
}

/** Gives the root of any stretch of leaves; what proofs are made from. */
export interface HashReader {
  readonly size: number;
  /** Root of the leaves `from` to before `to`. */
  subtree(from: number, to: number): Uint8Array;
}

/** Growing tree that keeps every perfect subtree's hash (64 bytes an entry), so that any proof costs a few look-ups. */
export class HashTree implements HashReader {
  #size = 0;
  #levels: Uint8Array[] = [];

  static of(leafHashes: Iterable<Uint8Array>): HashTree {
    const tree = new HashTree();
    for (const hash of leafHashes) tree.append(hash);
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let hash = leaf;
    let at = this.#size;
    for (let level = 0; ; level++) {
      this.#store(level, at, hash);
      if (at % 2 === 0) break;
      hash = nodeHash(this.#stored(level, at - 1), hash);
      at = (at - 1) / 2;
    }
    this.#size += 1;
  }

  subtree(from: number, to: number): Uint8Array {
    if (from < 0 || to > this.#size || from > to) throw new RangeError(`no leaves ${from} to ${to} in a tree of ${this.#size}`);
    const count = to - from;
    if (count === 0) return emptyRoot;
    const level = Math.log2(count);
    if (Number.isInteger(level) && from % count === 0) return this.#stored(level, from / count);
    const split = splitPoint(count);
    return nodeHash(this.subtree(from, from + split), this.subtree(from + split, to));
  }

  root(size: number = this.#size): Uint8Array {
    return this.subtree(0, size);
  }

  #store(level: number, at: number, hash: Uint8Array): void {
    const held = this.#levels[level] ?? new Uint8Array(hashBytes);
    const needed = (at + 1) * hashBytes;
    let room = held;
    if (needed > held.length) {
      room = new Uint8Array(Math.max(needed, held.length * 2));
      room.set(held);
    }
    room.set(hash, at * hashBytes);
    this.#levels[level] = room;
  }

  #stored(level: number, at: number): Uint8Array {
    return this.#levels[level]!.slice(at * hashBytes, (at + 1) * hashBytes);
  }
}

function readerOf(leaves: readonly Uint8Array[] | HashReader): HashReader {
  return 'subtree' in leaves ? leaves : HashTree.of(leaves);
}

function checkIndex(ok: boolean, what: string): void {
  if (!ok) throw new RangeError(what);
}

/** That entry `index` is in the tree of `size` entries. */
export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** @throws RangeError when there is no such entry. */
export function inclusionProof(leaves: readonly Uint8Array[] | HashReader, index: number, size?: number): InclusionProof {
  const reader = readerOf(leaves);
  const whole = size ?? reader.size;
  checkIndex(Number.isSafeInteger(index) && index >= 0 && index < whole && whole <= reader.size, `no entry ${index} in a tree of ${whole}`);
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const split = from + splitPoint(to - from);
    return index < split ? [...path(from, split), reader.subtree(split, to)] : [...path(split, to), reader.subtree(from, split)];
  };
  return { index, size: whole, hashes: path(0, whole) };
}

export function verifyInclusion(leaf: Uint8Array, proof: InclusionProof, root: Uint8Array): boolean {
  const { index, size, hashes } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of hashes) {
    if (last === 0 || sibling.length !== hashBytes) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(hash, root);
}

/** That the tree of `from` entries is the beginning of the tree of `to` entries. */
export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly Uint8Array[];
}

/** @throws RangeError unless 0 <= from <= to <= number of leaves. */
export function consistencyProof(leaves: readonly Uint8Array[] | HashReader, from: number, to?: number): ConsistencyProof {
  const reader = readerOf(leaves);
  const whole = to ?? reader.size;
  checkIndex(Number.isSafeInteger(from) && from >= 0 && from <= whole && whole <= reader.size, `no tree of ${from} inside one of ${whole}`);
  const path = (low: number, high: number, known: boolean): Uint8Array[] => {
    if (from === high) return known ? [] : [reader.subtree(low, high)];
    const split = low + splitPoint(high - low);
    return from <= split
      ? [...path(low, split, known), reader.subtree(split, high)]
      : [...path(split, high, false), reader.subtree(low, split)];
  };
  return { from, to: whole, hashes: from === 0 ? [] : path(0, whole, true) };
}

export function verifyConsistency(fromRoot: Uint8Array, toRoot: Uint8Array, proof: ConsistencyProof): boolean {
  const { from, to, hashes } = proof;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false;
  if (hashes.some((hash) => hash.length !== hashBytes)) return false;
  if (from === to) return hashes.length === 0 && equalBytes(fromRoot, toRoot);
  if (from === 0) return hashes.length === 0 && equalBytes(fromRoot, emptyRoot);
  const path = Number.isInteger(Math.log2(from)) ? [fromRoot, ...hashes] : hashes;
  const first = path[0];
  if (first === undefined) return false;
  let node = from - 1;
  let last = to - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let before = first;
  let after = first;
  for (const hash of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      before = nodeHash(hash, before);
      after = nodeHash(hash, after);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      after = nodeHash(after, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(before, fromRoot) && equalBytes(after, toRoot);
}

/**
 * That certain leaves are exactly the entries `from` to before `to` of the tree of `size` entries: none missing, none added, none moved.
 * `left` are the perfect subtrees before the stretch, largest first; `right` the subtrees after it, from left to right.
 */
export interface RangeProof {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  readonly left: readonly Uint8Array[];
  readonly right: readonly Uint8Array[];
}

/** @throws RangeError unless 0 <= from <= to <= size <= number of leaves. */
export function rangeProof(leaves: readonly Uint8Array[] | HashReader, from: number, to: number, size?: number): RangeProof {
  const reader = readerOf(leaves);
  const whole = size ?? reader.size;
  checkIndex(Number.isSafeInteger(from) && from >= 0 && from <= to && to <= whole && whole <= reader.size, `no entries ${from} to ${to}`);
  const left: Uint8Array[] = [];
  let at = 0;
  for (let width = 2 ** 52; width >= 1; width /= 2) {
    if (at + width <= from && Math.floor(from / width) % 2 === 1) {
      left.push(reader.subtree(at, at + width));
      at += width;
    }
  }
  const right: Uint8Array[] = [];
  const walk = (low: number, high: number): void => {
    if (high <= to) return;
    if (low >= to) {
      right.push(reader.subtree(low, high));
      return;
    }
    const split = low + splitPoint(high - low);
    walk(low, split);
    walk(split, high);
  };
  if (whole > 0) walk(0, whole);
  return { from, to, size: whole, left, right };
}

/**
 * Root of the tree of `size` entries whose first entries are `known` and whose rest is given by the `right` hashes of a range proof;
 * undefined when the number of hashes does not fit.
 */
export function rootWithRest(known: CompactRange, right: readonly Uint8Array[], size: number): Uint8Array | undefined {
  const left = [...known.hashes];
  const rest = [...right];
  const walk = (low: number, high: number): Uint8Array | undefined => {
    const count = high - low;
    if (high <= known.size && Number.isInteger(Math.log2(count))) return left.shift();
    if (low >= known.size) return rest.shift();
    const split = low + splitPoint(count);
    const before = walk(low, split);
    const after = walk(split, high);
    return before && after ? nodeHash(before, after) : undefined;
  };
  if (!Number.isSafeInteger(size) || size < known.size) return undefined;
  if (size === 0) return right.length === 0 ? emptyRoot : undefined;
  const root = walk(0, size);
  return root && left.length === 0 && rest.length === 0 ? root : undefined;
}

export function verifyRange(leafHashes: Iterable<Uint8Array>, proof: RangeProof, root: Uint8Array): boolean {
  const { from, to, size, left, right } = proof;
  if (!(Number.isSafeInteger(from) && from >= 0 && from <= to && to <= size && left.length === bitCount(from))) return false;
  if ([...left, ...right].some((hash) => hash.length !== hashBytes)) return false;
  const known = CompactRange.from(from, left);
  for (const hash of leafHashes) known.append(hash);
  if (known.size !== to) return false;
  const made = rootWithRest(known, right, size);
  return made !== undefined && equalBytes(made, root);
}
