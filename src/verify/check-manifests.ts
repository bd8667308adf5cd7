import type { z } from 'zod';
import { DeltaBlob, KeyframeBlob } from '../model/blobs.ts';
import type { ManifestChange } from '../model/statement.ts';
import { equalBytes, toBase64 } from '../seal/digest.ts';
import { isEmptyDelta, type ManifestPair, ManifestTree, sortPairs } from '../seal/manifest.ts';
import type { BlobOpener } from './open-blobs.ts';
import type { ClaimSheet } from './report.ts';

/** Everything a content of a stream has in common: the id it is about. */
interface Identified {
  readonly id: string;
  readonly type?: string;
}
type StreamClaim = 'items' | 'volatile' | 'population';

/** One stream of manifests, followed from its first statement (or from the manifest a part starts with). */
export class ManifestStream {
  /** undefined: not known since an erased or broken delta, until the next keyframe. */
  #manifest: ManifestTree | undefined;
  /** Root of the last statement; null before the first of the stream; undefined when that is not known. */
  #root: string | null | undefined;
  readonly #claim: StreamClaim;
  readonly #sheet: ClaimSheet;
  readonly #blobs: BlobOpener;
  readonly #shape: z.ZodType<object>;
  readonly #idOf = new Map<string, string>();
  readonly #commitmentOf = new Map<string, string>();
  /** Of a population: the resource type of each content. */
  readonly #typeOf = new Map<string, string>();

  constructor(claim: StreamClaim, shape: z.ZodType<object>, sheet: ClaimSheet, blobs: BlobOpener) {
    this.#claim = claim;
    this.#sheet = sheet;
    this.#blobs = blobs;
    this.#shape = shape;
    this.#root = null;
    this.#manifest = new ManifestTree();
  }

  /** Takes the manifest that a part says it starts with; null: not known. The first statement of the part names its root. */
  startFrom(pairs: readonly ManifestPair[] | null, entry: number): void {
    this.#manifest = undefined;
    this.#root = undefined;
    if (pairs === null) return;
    try {
      this.#manifest = new ManifestTree(pairs);
      this.#root = toBase64(this.#manifest.root());
    } catch {
      this.#fail(entry, 'the manifest before the part is not a manifest');
    }
    this.#openContents(pairs, entry);
  }

  /** Of a population: the ids of its subjects by type; undefined when they are not all known. */
  subjects(): ReadonlyMap<string, ReadonlySet<string>> | undefined {
    const pairs = this.#manifest?.pairs;
    if (pairs === undefined) return undefined;
    const byType = new Map<string, Set<string>>();
    for (const [place, content] of pairs) {
      const id = this.#idOf.get(place);
      const type = this.#typeOf.get(content);
      if (id === undefined || type === undefined) return undefined;
      const ids = byType.get(type) ?? new Set();
      byType.set(type, ids.add(id));
    }
    return byType;
  }

  follow(change: ManifestChange, entry: number): void {
    const continues = this.#root === undefined ? change.previous !== null : change.previous === this.#root;
    if (!continues) this.#fail(entry, 'it does not continue the manifest before it');
    this.#apply(change, entry);
    this.#root = change.root;
    if (change.keyframe !== null) this.#compareKeyframe(change.keyframe, entry);
    const manifest = this.#manifest;
    if (manifest === undefined) return;
    const rightSize = manifest.size === change.size;
    const rightRoot = toBase64(manifest.root()) === change.root;
    if (!rightSize) this.#fail(entry, `${manifest.size} pairs where ${change.size} are stated`);
    if (!rightRoot) this.#fail(entry, 'its root is not that of the manifest it gives');
    if (!rightSize || !rightRoot) this.#manifest = undefined;
  }

  #apply(change: ManifestChange, entry: number): void {
    if (change.delta === null) return;
    const delta = this.#blobs.open(change.delta, DeltaBlob, entry);
    if (delta === undefined || delta === 'erased') {
      if (delta === 'erased') this.#sheet.warn(this.#claim, entry, 'the delta is erased; the manifest is unknown until the next keyframe');
      this.#manifest = undefined;
      return;
    }
    if (isEmptyDelta(delta)) this.#fail(entry, 'a delta that changes nothing');
    for (const pairs of [delta.added, delta.changed]) {
      if (!inOrder(pairs)) this.#fail(entry, 'a delta is not sorted');
      this.#openContents(pairs, entry);
    }
    if (!inOrder(delta.removed.map((id) => [id, id] as const))) this.#fail(entry, 'a delta is not sorted');
    try {
      this.#manifest?.apply(delta);
    } catch (error) {
      this.#fail(entry, error instanceof Error ? error.message : String(error));
      this.#manifest = undefined;
    }
  }

  #compareKeyframe(commitment: string, entry: number): void {
    const keyframe = this.#blobs.open(commitment, KeyframeBlob, entry);
    if (keyframe === undefined || keyframe === 'erased') return;
    if (!inOrder(keyframe.pairs)) this.#fail(entry, 'a keyframe is not sorted');
    const known = this.#manifest;
    let stated: ManifestTree | undefined;
    try {
      stated = new ManifestTree(keyframe.pairs);
    } catch (error) {
      this.#fail(entry, error instanceof Error ? error.message : String(error));
    }
    if (known !== undefined && stated !== undefined && !equalBytes(known.root(), stated.root())) {
      this.#fail(entry, 'the keyframe is not the manifest that the deltas give');
    }
    this.#manifest = stated;
  }

  /** Opens each content and sees to it that an id commitment and an id always go together. */
  #openContents(pairs: readonly ManifestPair[], entry: number): void {
    for (const [id, content] of pairs) {
      const opened = this.#blobs.open(content, this.#shape, entry, this.#claim !== 'population');
      if (opened === undefined || opened === 'erased') continue;
      const named = opened as Identified;
      const formerId = this.#idOf.get(id);
      const formerCommitment = this.#commitmentOf.get(named.id);
      if ((formerId ?? named.id) !== named.id || (formerCommitment ?? id) !== id) {
        this.#fail(entry, `the content committed to as ${content} is about another id than its place in the manifest`);
      }
      if (named.type !== undefined) this.#typeOf.set(content, named.type);
      this.#idOf.set(id, named.id);
      this.#commitmentOf.set(named.id, id);
    }
  }

  #fail(entry: number, message: string): void {
    this.#sheet.fail(this.#claim, entry, message);
  }
}

function inOrder(pairs: readonly ManifestPair[]): boolean {
  try {
    return sortPairs(pairs).every((pair, index) => pair === pairs[index]);
  } catch {
    return false;
  }
}
