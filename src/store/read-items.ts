import type { DatabaseSync } from 'node:sqlite';
import { ItemBlob, VolatileBlob } from '../model/blobs.ts';
import type { Json } from '../model/json.ts';
import { mergeVolatile } from '../model/volatile.ts';
import type { Blobs } from './blobs.ts';
import type { Sealed, StoredItem } from './contract.ts';
import { collectionStream, indexesOf, latestIn, statementAt } from './log.ts';
import { contentOf, currentPairs, keyframeEvery, replayPairs, streams } from './manifests.ts';

/** The items a collector and scope had after the collection at or before `asOf`, or after the latest; sorted by id. */
export function readItems(
  database: DatabaseSync,
  file: string,
  blobs: Blobs,
  collector: string,
  scope: string,
  asOf?: number,
): StoredItem[] {
  const stream = collectionStream(collector, scope);
  const latest = latestIn(database, file, 'collection', stream);
  if (latest === undefined) return [];
  const isPresent = asOf === undefined || asOf >= latest.index;
  const { items, volatile } = isPresent
    ? {
        items: currentPairs(database, file, streams.items(collector, scope), latest.statement.items.root),
        volatile: currentPairs(database, file, streams.volatile(collector, scope), latest.statement.volatile.root),
      }
    : replayed(database, file, blobs, stream, asOf);
  const found: StoredItem[] = [];
  for (const [id, content] of items) {
    const item = ItemBlob.parse(contentOf(blobs, file, content));
    const beside = volatile.get(id);
    const fields = beside === undefined ? null : VolatileBlob.parse(contentOf(blobs, file, beside)).fields;
    const { operation, subject, region } = item;
    if ('gap' in item) found.push({ id: item.id, operation, subject, region, body: null, gap: item.gap });
    else found.push({ id: item.id, operation, subject, region, body: mergeVolatile(item.body as Json, fields) });
  }
  return found.sort((left, right) => (left.id < right.id ? -1 : 1));
}

function replayed(database: DatabaseSync, file: string, blobs: Blobs, stream: string, asOf: number) {
  const indexes = indexesOf(database, 'collection', stream, 0, asOf + 1);
  // A keyframe is never further back than this, unless it was erased; then everything is replayed.
  const statements = indexes.slice(-keyframeEvery).map((index): Sealed<'collection'> => statementAt(database, file, 'collection', index));
  return {
    items: replayPairs(
      blobs,
      file,
      statements.map(({ statement }) => statement.items),
    ),
    volatile: replayPairs(
      blobs,
      file,
      statements.map(({ statement }) => statement.volatile),
    ),
  };
}
