import { ProoflineError } from '../model/errors.ts';
import { fromBase64 } from './digest.ts';
import { emptyRoot, hashBytes, leafHash, nodeHash, rootOf } from './merkle.ts';

/** Commitment of an id and commitment of its content, base64. */
export type ManifestPair = readonly [id: string, content: string];
/** How one manifest differs from the one before; each list sorted by the bytes of the id commitment. */
export interface ManifestDelta {
  readonly added: readonly ManifestPair[];
  readonly changed: readonly ManifestPair[];
  readonly removed: readonly string[];
}

function decodeHash(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes.length !== hashBytes) throw new ProoflineError('not-canonical', 'a commitment is 32 bytes');
  return bytes;
}

/** Order of base64 commitments by their bytes; the order of the texts is another one. */
function sortedBy<T>(items: Iterable<T>, id: (item: T) => string): T[] {
  return Array.from(items, (item) => ({ item, bytes: decodeHash(id(item)) }))
    .sort((left, right) => Buffer.compare(left.bytes, right.bytes))
    .map(({ item }) => item);
}

/** Every pair, sorted by the bytes of the id commitment: the form of a keyframe. */
export function sortPairs(pairs: Iterable<ManifestPair>): ManifestPair[] {
  return sortedBy(pairs, ([id]) => id);
}

/**
 * RFC 6962 root over the pairs in order of the id commitment's bytes; a leaf is id commitment followed by content commitment (64 bytes).
 * @throws ProoflineError `not-canonical` when an id comes twice or a commitment is not 32 bytes.
 */
export function manifestRoot(pairs: Iterable<ManifestPair>): Uint8Array {
  const leaves = Array.from(pairs, ([id, content]) => {
    const leaf = new Uint8Array(2 * hashBytes);
    leaf.set(decodeHash(id));
    leaf.set(decodeHash(content), hashBytes);
    return leaf;
  });
  leaves.sort((left, right) => Buffer.compare(left.subarray(0, hashBytes), right.subarray(0, hashBytes)));
  for (let index = 1; index < leaves.length; index++) {
    if (Buffer.compare(leaves[index - 1]!.subarray(0, hashBytes), leaves[index]!.subarray(0, hashBytes)) === 0) {
      throw new ProoflineError('not-canonical', 'an id is in the manifest twice');
    }
  }
  return rootOf(leaves.map(leafHash));
}

export function diffManifest(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ManifestDelta {
  const added: ManifestPair[] = [];
  const changed: ManifestPair[] = [];
  const removed: string[] = [];
  for (const [id, content] of after) {
    const former = before.get(id);
    if (former === undefined) added.push([id, content]);
    else if (former !== content) changed.push([id, content]);
  }
  for (const id of before.keys()) if (!after.has(id)) removed.push(id);
  return { added: sortPairs(added), changed: sortPairs(changed), removed: sortedBy(removed, (id) => id) };
}

export function isEmptyDelta(delta: ManifestDelta): boolean {
  return delta.added.length === 0 && delta.changed.length === 0 && delta.removed.length === 0;
}

/**
 * The manifest after a change; the one before is left as it is.
 * @throws ProoflineError `not-canonical` when the change does not fit: it adds what is there, changes or removes what is not, or changes nothing.
 */
export function applyDelta(before: ReadonlyMap<string, string>, delta: ManifestDelta): Map<string, string> {
  const after = new Map(before);
  const misfit = (what: string): never => {
    throw new ProoflineError('not-canonical', `a delta does not fit its manifest: it ${what}`);
  };
  for (const id of delta.removed) if (!after.delete(id)) misfit('removes what is not there');
  for (const [id, content] of delta.changed) {
    if (!before.has(id) || !after.has(id)) misfit('changes what is not there');
    if (before.get(id) === content) misfit('changes nothing');
    after.set(id, content);
  }
  for (const [id, content] of delta.added) {
    if (before.has(id) || after.has(id)) misfit('adds what is there');
    after.set(id, content);
  }
  return after;
}

/**
 * A manifest that is followed through many changes: it keeps the tree over its pairs, and a change recomputes only the branches above it.
 * Gives the root that {@link manifestRoot} gives.
 */
export class ManifestTree {
  readonly #contents = new Map<string, string>();
  /** Ids in order of their bytes, and those bytes. */
  #ids: string[] = [];
  #bytes: Uint8Array[] = [];
  /** Hashes, leaves first; a node without a sibling is carried up as it is, which is how RFC 6962 splits. */
  readonly #levels: Uint8Array[][] = [[]];

  /** @throws ProoflineError `not-canonical` when an id comes twice or a commitment is not 32 bytes. */
  constructor(pairs: Iterable<ManifestPair> = []) {
    const sorted = sortPairs(pairs);
    this.apply({ added: sorted, changed: [], removed: [] });
  }

  get size(): number {
    return this.#contents.size;
  }
  get pairs(): ReadonlyMap<string, string> {
    return this.#contents;
  }

  root(): Uint8Array {
    return this.#levels.at(-1)?.[0] ?? emptyRoot;
  }

  /** @throws ProoflineError as {@link applyDelta} does; the manifest is of no use afterwards. */
  apply(delta: ManifestDelta): void {
    const misfit = (what: string): never => {
      throw new ProoflineError('not-canonical', `a delta does not fit its manifest: it ${what}`);
    };
    const touched = [...delta.added, ...delta.changed].map(([id]) => id).concat(delta.removed);
    if (new Set(touched).size !== touched.length) misfit('names an id twice');
    for (const id of delta.removed) if (!this.#contents.delete(id)) misfit('removes what is not there');
    for (const [id, content] of delta.changed) {
      const former = this.#contents.get(id);
      if (former === undefined) misfit('changes what is not there');
      if (former === content) misfit('changes nothing');
      this.#contents.set(id, content);
    }
    for (const [id, content] of delta.added) {
      if (this.#contents.has(id)) misfit('adds what is there');
      this.#contents.set(id, content);
    }
    const first = delta.added.length + delta.removed.length === 0 ? this.#ids.length : this.#reorder(delta);
    const changed = delta.changed.map(([id]) => this.#placeOf(decodeHash(id))).filter((place) => place < first);
    for (const place of changed) this.#levels[0]![place] = this.#leaf(place);
    this.#rehash(new Set(changed), first);
  }

  /** Puts ids in and takes them out; the first place from which on every leaf is another. */
  #reorder({ added, removed }: ManifestDelta): number {
    const gone = new Set(removed);
    const fresh = added.map(([id]) => ({ id, bytes: decodeHash(id) })).sort((left, right) => Buffer.compare(left.bytes, right.bytes));
    const places = [...removed.map(decodeHash), ...fresh.slice(0, 1).map(({ bytes }) => bytes)].map((bytes) => this.#placeOf(bytes));
    const first = places.reduce((least, place) => Math.min(least, place), this.#ids.length);
    const ids = this.#ids.slice(0, first);
    const bytes = this.#bytes.slice(0, first);
    let next = 0;
    for (let place = first; place < this.#ids.length; place++) {
      if (gone.has(this.#ids[place]!)) continue;
      for (; next < fresh.length && Buffer.compare(fresh[next]!.bytes, this.#bytes[place]!) < 0; next++) {
        ids.push(fresh[next]!.id);
        bytes.push(fresh[next]!.bytes);
      }
      ids.push(this.#ids[place]!);
      bytes.push(this.#bytes[place]!);
    }
    for (const { id, bytes: raw } of fresh.slice(next)) {
      ids.push(id);
      bytes.push(raw);
    }
    this.#ids = ids;
    this.#bytes = bytes;
    const leaves = this.#levels[0]!;
    leaves.length = first;
    for (let place = first; place < ids.length; place++) leaves.push(this.#leaf(place));
    return first;
  }

  /** Recomputes what is above the places given, and above every place from `first` on. */
  #rehash(places: ReadonlySet<number>, first: number): void {
    let below = this.#levels[0]!;
    let above = new Set([...places].map((place) => place >> 1));
    let from = first >> 1;
    let level = 1;
    for (; below.length > 1; level++) {
      const length = (below.length + 1) >> 1;
      const hashes = this.#levels[level] ?? [];
      hashes.length = Math.min(hashes.length, length);
      // A node that has just lost or got its sibling is among those from `first` on.
      const start = Math.min(from, hashes.length);
      for (const place of above) if (place < start) hashes[place] = parentOf(below, place);
      for (let place = start; place < length; place++) hashes[place] = parentOf(below, place);
      this.#levels[level] = hashes;
      below = hashes;
      above = new Set([...above].map((place) => place >> 1));
      from = start >> 1;
    }
    this.#levels.length = level;
  }

  #leaf(place: number): Uint8Array {
    const leaf = new Uint8Array(2 * hashBytes);
    leaf.set(this.#bytes[place]!);
    leaf.set(decodeHash(this.#contents.get(this.#ids[place]!)!), hashBytes);
    return leafHash(leaf);
  }

  /** Where an id is, or would be. */
  #placeOf(bytes: Uint8Array): number {
    let low = 0;
    let high = this.#bytes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.compare(this.#bytes[middle]!, bytes) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function parentOf(below: readonly Uint8Array[], place: number): Uint8Array {
  const [left, right] = [below[2 * place]!, below[2 * place + 1]];
  return right === undefined ? left : nodeHash(left, right);
}
