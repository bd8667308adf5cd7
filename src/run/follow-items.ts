import { DeltaBlob, ItemBlob, KeyframeBlob, VolatileBlob } from '../model/blobs.ts';
import type { Item } from '../model/collector.ts';
import type { Json } from '../model/json.ts';
import type { LogReader } from '../model/log-reader.ts';
import type { ManifestChange, StatementOf } from '../model/statement.ts';
import { mergeVolatile } from '../model/volatile.ts';
import { parseCanonical } from '../seal/canonical-json.ts';
import { applyDelta } from '../seal/manifest.ts';

type Pairs = ReadonlyMap<string, string>;

/** The items of one collector and scope, collection after collection, from nothing but the log. */
export class ItemStream {
  readonly #reader: LogReader;
  #items: Pairs | null = null;
  #volatile: Pairs | null = null;

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  /** Goes on to the next collection of the stream. Each has to be told, in the order of the log. */
  follow({ items, volatile }: Pick<StatementOf<'collection'>, 'items' | 'volatile'>): void {
    this.#items = this.#moved(this.#items, items);
    this.#volatile = this.#moved(this.#volatile, volatile);
  }

  /** What the collection saw. Null: some of it is erased, withheld, or lies before the part of the log that is read. */
  items(): readonly Item[] | null {
    if (this.#items === null || this.#volatile === null) return null;
    const found: { readonly id: string; readonly item: Item }[] = [];
    for (const [place, content] of this.#items) {
      const blob = this.#open(content);
      const beside = this.#volatile.get(place);
      const side = beside === undefined ? null : this.#open(beside);
      if (blob === undefined || side === undefined) return null;
      const sealed = ItemBlob.parse(blob);
      const { operation, subject, region } = sealed;
      const fields = side === null ? null : VolatileBlob.parse(side).fields;
      const item =
        'gap' in sealed
          ? { operation, subject, region, body: null, gap: sealed.gap }
          : { operation, subject, region, body: mergeVolatile(sealed.body as Json, fields) };
      found.push({ id: sealed.id, item });
    }
    return found.sort((one, other) => (one.id < other.id ? -1 : 1)).map(({ item }) => item);
  }

  /** A manifest after a change; null where it is not known, until a keyframe tells it anew. */
  #moved(before: Pairs | null, change: ManifestChange): Pairs | null {
    const keyframe = change.keyframe === null ? undefined : this.#open(change.keyframe);
    if (keyframe !== undefined) return new Map(KeyframeBlob.parse(keyframe).pairs);
    const known = change.previous === null ? new Map<string, string>() : before;
    if (change.delta === null) return known ?? (change.size === 0 ? new Map() : null);
    const delta = this.#open(change.delta);
    if (delta === undefined) return null;
    const { added, changed } = DeltaBlob.parse(delta);
    // A part of a log begins amid its streams: there a manifest is known once all of it is among what a change brings.
    const next = known === null ? new Map([...added, ...changed]) : applyDelta(known, DeltaBlob.parse(delta));
    return next.size === change.size ? next : null;
  }

  #open(commitment: string): unknown {
    const blob = this.#reader.blob(commitment);
    return blob?.kind === 'open' ? parseCanonical(blob.bytes) : undefined;
  }
}
