import { DeltaBlob, ItemBlob, KeyframeBlob, VolatileBlob } from '../../model/blobs.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { Collection, type ManifestChange, type StatementOf } from '../../model/statement.ts';
import { mergeVolatile } from '../../model/volatile.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import { applyDelta } from '../../seal/manifest.ts';
import type { StoredItem } from '../../store/contract.ts';

/** A log, or a store that finds the items of a collection without reading it from the beginning. */
export type ItemSource = LogReader & { items?(collector: string, scope: string, asOfIndex?: number): StoredItem[] };

export interface CollectedItems {
  readonly statement: StatementOf<'collection'>;
  /** Null: some of it is erased, withheld, or lies before the part that is read. */
  readonly items: readonly StoredItem[] | null;
}

/** What collections saw, by log index. One that is not there, or is no collection, is left out. */
export function collectedItems(reader: ItemSource, indexes: readonly number[]): ReadonlyMap<number, CollectedItems> {
  const statements = new Map(
    [...new Set(indexes)].flatMap((index) => {
      const statement = collectionAt(reader, index);
      return statement === undefined ? [] : [[index, statement] as const];
    }),
  );
  if (reader.items !== undefined) {
    const { items } = reader;
    return new Map(
      [...statements].map(([index, statement]) => [
        index,
        { statement, items: items.call(reader, statement.collector, statement.scope, index) },
      ]),
    );
  }
  return followed(reader, statements);
}

function collectionAt(reader: LogReader, index: number): StatementOf<'collection'> | undefined {
  const [entry] = reader.entries(index, index + 1);
  return entry?.index === index ? collectionIn(entry.bytes) : undefined;
}
const mark = Buffer.from('"kind":"collection"');
function collectionIn(bytes: Uint8Array): StatementOf<'collection'> | undefined {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark)) return undefined;
  try {
    return Collection.safeParse(parseCanonical(bytes)).data;
  } catch (error) {
    if (error instanceof ProoflineError) return undefined;
    throw error;
  }
}

type Pairs = Map<string, string>;

/** Follows the streams of the wanted collections through the log, from where it begins to the last of them. */
function followed(reader: LogReader, wanted: ReadonlyMap<number, StatementOf<'collection'>>): ReadonlyMap<number, CollectedItems> {
  const streams = new Map(
    [...wanted.values()].map((statement) => [streamOf(statement), { items: null as Pairs | null, volatile: null as Pairs | null }]),
  );
  const found = new Map<number, CollectedItems>();
  const last = Math.max(-1, ...wanted.keys());
  for (const { index, bytes } of reader.entries(undefined, last + 1)) {
    const statement = collectionIn(bytes);
    const stream = statement === undefined ? undefined : streams.get(streamOf(statement));
    if (statement === undefined || stream === undefined) continue;
    stream.items = moved(reader, stream.items, statement.items);
    stream.volatile = moved(reader, stream.volatile, statement.volatile);
    if (wanted.has(index)) found.set(index, { statement, items: itemsOf(reader, stream.items, stream.volatile) });
  }
  return found;
}

function streamOf({ collector, scope }: StatementOf<'collection'>): string {
  return JSON.stringify([collector, scope]);
}

/** A manifest after a change; null where it is not known, until a keyframe tells it anew. */
function moved(reader: LogReader, before: Pairs | null, change: ManifestChange): Pairs | null {
  const keyframe = change.keyframe === null ? undefined : contentOf(reader, change.keyframe);
  if (keyframe !== undefined) return new Map(KeyframeBlob.parse(keyframe).pairs);
  const known = change.previous === null ? new Map<string, string>() : before;
  // A part of a log begins amid its streams: what was there before is not among what follows.
  if (known === null || change.delta === null) return known?.size === change.size ? known : null;
  const delta = contentOf(reader, change.delta);
  if (delta === undefined) return null;
  const next = new Map(applyDelta(known, DeltaBlob.parse(delta)));
  return next.size === change.size ? next : null;
}

function itemsOf(reader: LogReader, items: Pairs | null, volatile: Pairs | null): StoredItem[] | null {
  if (items === null || volatile === null) return null;
  const found: StoredItem[] = [];
  for (const [id, content] of items) {
    const blob = contentOf(reader, content);
    const beside = volatile.get(id);
    const fields = beside === undefined ? null : contentOf(reader, beside);
    if (blob === undefined || fields === undefined) return null;
    const item = ItemBlob.parse(blob);
    const { operation, subject, region } = item;
    const body = 'gap' in item ? null : mergeVolatile(item.body as Json, fields === null ? null : VolatileBlob.parse(fields).fields);
    found.push({ id: item.id, operation, subject, region, body, ...('gap' in item ? { gap: item.gap } : {}) });
  }
  return found.sort((one, other) => (one.id < other.id ? -1 : 1));
}

function contentOf(reader: LogReader, commitment: string): unknown {
  const blob = reader.blob(commitment);
  return blob?.kind === 'open' ? parseCanonical(blob.bytes) : undefined;
}
