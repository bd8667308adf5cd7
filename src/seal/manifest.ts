import { ProoflineError } from '../model/errors.ts';
import { fromBase64 } from './digest.ts';
import { hashBytes, leafHash, rootOf } from './merkle.ts';

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
