import type { DatabaseSync } from 'node:sqlite';
import { DeltaBlob, KeyframeBlob } from '../model/blobs.ts';
import { ProoflineError } from '../model/errors.ts';
import type { ManifestChange } from '../model/statement.ts';
import { canonicalBytes } from '../seal/canonical-json.ts';
import { fromBase64, toBase64 } from '../seal/digest.ts';
import { applyDelta, diffManifest, isEmptyDelta, manifestRoot, sortPairs } from '../seal/manifest.ts';
import type { Blobs } from './blobs.ts';
import { query } from './queries.ts';
import { store } from './schema.ts';

/** How many statements of a stream share a keyframe. */
export const keyframeEvery = 1000;

const readManifest = query((a: { stream: string }) => store.selectFrom('manifest').selectAll().where('stream', '=', a.stream));
const insertManifest = query((a: { stream: string; root: Uint8Array }) =>
  store.insertInto('manifest').values({ stream: a.stream, size: 0, root: a.root, statements: 0, kept_on: null, fence: 0 }),
);
const writeManifest = query(
  (a: { id: number; size: number; root: Uint8Array; statements: number; kept_on: string | null; fence: number }) =>
    store
      .updateTable('manifest')
      .set({ size: a.size, root: a.root, statements: a.statements, kept_on: a.kept_on, fence: a.fence })
      .where('id', '=', a.id),
);
const readPairs = query((a: { manifest: number }) =>
  store.selectFrom('manifest_pair').select(['c_id', 'c_content']).where('manifest', '=', a.manifest),
);
const writePair = query((a: { manifest: number; c_id: Uint8Array; c_content: Uint8Array }) =>
  store
    .insertInto('manifest_pair')
    .values({ manifest: a.manifest, c_id: a.c_id, c_content: a.c_content })
    .onConflict((conflict) => conflict.columns(['manifest', 'c_id']).doUpdateSet({ c_content: a.c_content })),
);
const removePair = query((a: { manifest: number; c_id: Uint8Array }) =>
  store.deleteFrom('manifest_pair').where('manifest', '=', a.manifest).where('c_id', '=', a.c_id),
);
const removePairs = query((a: { manifest: number }) => store.deleteFrom('manifest_pair').where('manifest', '=', a.manifest));

/** The streams a manifest changes in; format/1, section 4. */
export const streams = {
  items: (collector: string, scope: string) => JSON.stringify(['items', collector, scope]),
  volatile: (collector: string, scope: string) => JSON.stringify(['volatile', collector, scope]),
  population: (source: string) => JSON.stringify(['population', source]),
};

/** A manifest as the next statement is to have it, with its root: made outside the transaction. */
export interface NextManifest {
  readonly pairs: ReadonlyMap<string, string>;
  readonly root: Uint8Array;
}
export function nextManifest(pairs: ReadonlyMap<string, string>): NextManifest {
  return { pairs, root: manifestRoot(pairs) };
}

export interface PresentManifest {
  readonly id: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly statements: number;
  readonly kept_on: string | null;
  readonly fence: number;
}
export function presentManifest(database: DatabaseSync, stream: string): PresentManifest | undefined {
  return readManifest.get(database, { stream });
}
export function pairsOf(database: DatabaseSync, manifest: number): Map<string, string> {
  return new Map(readPairs.all(database, { manifest }).map((row) => [toBase64(row.c_id), toBase64(row.c_content)]));
}

/**
 * Moves a stream on to `next`, inside the write transaction, and says what the statement has to say of it. `contents` are the content
 * commitments whose blobs must be stored, the added and changed ones, each with what was there before.
 */
export function advance(
  database: DatabaseSync,
  blobs: Blobs,
  scope: string,
  stream: string,
  next: NextManifest,
  mark: { readonly keptOn?: string; readonly fence?: number } = {},
): { readonly change: ManifestChange; readonly contents: ReadonlyMap<string, string | null> } {
  const present = presentManifest(database, stream) ?? firstOf(database, stream, next.root);
  const isFirst = present.statements === 0;
  const isSame = !isFirst && Buffer.compare(present.root, next.root) === 0;
  const before = isFirst || isSame ? new Map<string, string>() : pairsOf(database, present.id);
  const delta = isSame ? { added: [], changed: [], removed: [] } : diffManifest(before, next.pairs);
  for (const [id, content] of [...delta.added, ...delta.changed]) {
    writePair.run(database, { manifest: present.id, c_id: fromBase64(id), c_content: fromBase64(content) });
  }
  for (const id of delta.removed) removePair.run(database, { manifest: present.id, c_id: fromBase64(id) });
  writeManifest.run(database, {
    id: present.id,
    size: next.pairs.size,
    root: next.root,
    statements: present.statements + 1,
    kept_on: mark.keptOn ?? present.kept_on,
    fence: mark.fence ?? present.fence,
  });
  const put = (value: unknown) => blobs.put(scope, blobs.commit(scope, canonicalBytes(value)));
  return {
    change: {
      size: next.pairs.size,
      root: toBase64(next.root),
      previous: isFirst ? null : toBase64(present.root),
      delta: isEmptyDelta(delta) ? null : put(delta),
      keyframe: present.statements % keyframeEvery === 0 ? put({ pairs: sortPairs(next.pairs) }) : null,
    },
    contents: new Map([
      ...delta.added.map(([, content]): [string, null] => [content, null]),
      ...delta.changed.map(([id, content]): [string, string | null] => [content, before.get(id) ?? null]),
    ]),
  };
}

function firstOf(database: DatabaseSync, stream: string, root: Uint8Array): PresentManifest {
  insertManifest.run(database, { stream, root });
  const made = presentManifest(database, stream);
  if (made === undefined) throw new Error('a manifest that was just written is not there');
  return made;
}

/** @throws ProoflineError `store-corrupt` when the pairs kept do not give the manifest's root. */
export function currentPairs(database: DatabaseSync, file: string, stream: string, root: string): Map<string, string> {
  const present = presentManifest(database, stream);
  const pairs = present === undefined ? new Map<string, string>() : pairsOf(database, present.id);
  if (toBase64(manifestRoot(pairs)) !== root) {
    throw new ProoflineError(
      'store-corrupt',
      `${file}: what is kept as current of ${stream} is not what the log says; run proofline doctor`,
    );
  }
  return pairs;
}

/**
 * The manifest after the last of `changes` (a stream's statements, ascending), from the latest keyframe on.
 * @throws ProoflineError `store-corrupt` when deltas and roots do not fit, `not-found` when an erased one interrupts them.
 */
export function replayPairs(blobs: Blobs, file: string, changes: readonly ManifestChange[]): Map<string, string> {
  const from = changes.findLastIndex((change) => change.keyframe !== null);
  let pairs = new Map<string, string>();
  for (const [at, change] of changes.entries()) {
    if (at < from) continue;
    if (at === from && change.keyframe !== null) {
      pairs = new Map(KeyframeBlob.parse(contentOf(blobs, file, change.keyframe)).pairs);
    } else if (change.delta !== null) {
      pairs = applyDelta(pairs, DeltaBlob.parse(contentOf(blobs, file, change.delta)));
    }
  }
  const last = changes.at(-1);
  if (last !== undefined && toBase64(manifestRoot(pairs)) !== last.root) {
    throw new ProoflineError('store-corrupt', `${file}: the deltas of a stream do not give its root; run proofline verify`);
  }
  return pairs;
}

/** @throws ProoflineError `store-corrupt` when it is not there, `not-found` when it was erased. */
export function contentOf(blobs: Blobs, file: string, commitment: string): unknown {
  const opened = blobs.open(fromBase64(commitment));
  if (opened === undefined) throw new ProoflineError('store-corrupt', `${file}: blob ${commitment} is missing; run proofline verify`);
  if (opened.kind !== 'open') {
    const by = opened.kind === 'erased' ? `, as entry ${opened.index} records` : '';
    throw new ProoflineError('not-found', `blob ${commitment} was erased${by}; collect again to go on`);
  }
  return JSON.parse(Buffer.from(opened.bytes).toString('utf8'));
}

/** Replaces what is kept as current of a stream; for rebuilding it from the log. */
export function resetManifest(
  database: DatabaseSync,
  stream: string,
  pairs: ReadonlyMap<string, string>,
  of: { readonly statements: number; readonly keptOn: string | null },
): void {
  const root = manifestRoot(pairs);
  const present = presentManifest(database, stream) ?? firstOf(database, stream, root);
  removePairs.run(database, { manifest: present.id });
  for (const [id, content] of pairs) {
    writePair.run(database, { manifest: present.id, c_id: fromBase64(id), c_content: fromBase64(content) });
  }
  const { statements, keptOn } = of;
  writeManifest.run(database, { id: present.id, size: pairs.size, root, statements, kept_on: keptOn, fence: present.fence });
}
