import type { Normalised } from '../../collect/normalise-items.ts';
import { DeltaBlob, type ItemBlob, KeyframeBlob, type VolatileBlob } from '../../model/blobs.ts';
import type { Collector, Item } from '../../model/collector.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import type { LogReader } from '../../model/log-reader.ts';
import type { ManifestChange, StatementOf } from '../../model/statement.ts';
import { mergeVolatile } from '../../model/volatile.ts';
import { opens } from '../../seal/commit.ts';
import { fromBase64 } from '../../seal/digest.ts';
import { applyDelta } from '../../seal/manifest.ts';
import { normaliseEvidence } from '../normalise-evidence.ts';
import type { SourceMember } from '../source-access.ts';

type Pairs = ReadonlyMap<string, string>;
/** A collection with the manifests as it left them; undefined: lost to an erased delta. */
export interface FollowedCollection {
  readonly index: number;
  readonly statement: StatementOf<'collection'>;
  readonly items: Pairs | undefined;
  readonly volatile: Pairs | undefined;
}
type Told = Pick<SourceMember, 'id' | 'tenant' | 'settings'>;
/** Why a collection cannot be normalised again. */
export type Unreadable = { readonly unreadable: string };

/** An evaluation reads the latest collections; where two processes work at once, one of them may have gone on in between. */
const versionsKept = 4;

interface Stream {
  readonly versions: FollowedCollection[];
  /** By commitment: what was parsed before, as most items do not change from one collection to the next. */
  parsed: Map<string, unknown>;
  normalised: { readonly of: string; readonly result: Normalised | Unreadable } | undefined;
}

/** Follows the items of every collector and scope through a log, and makes resources of them when they are asked for. */
export class CollectionFollower {
  readonly #reader: LogReader;
  readonly #streams = new Map<string, Stream>();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  follow(statement: StatementOf<'collection'>, index: number): void {
    const key = keyOf(statement.collector, statement.scope);
    const stream: Stream = this.#streams.get(key) ?? { versions: [], parsed: new Map(), normalised: undefined };
    this.#streams.set(key, stream);
    const former = stream.versions.at(-1);
    stream.versions.push({
      index,
      statement,
      items: this.#next(former === undefined ? new Map() : former.items, statement.items),
      volatile: this.#next(former === undefined ? new Map() : former.volatile, statement.volatile),
    });
    if (stream.versions.length > versionsKept) stream.versions.shift();
  }

  /** The collection that an evaluation says it read; undefined when it is not one of the last few of its stream. */
  at(collector: string, scope: string, index: number): FollowedCollection | undefined {
    return this.#streams.get(keyOf(collector, scope))?.versions.find((version) => version.index === index);
  }

  /** The latest collection of every collector and scope of a source before an index, in the order in which the streams began. */
  latest(source: string, before: number): readonly FollowedCollection[] {
    return [...this.#streams.values()].flatMap(({ versions }) =>
      versions[0]?.statement.source === source ? (versions.findLast(({ index }) => index < before) ?? []) : [],
    );
  }

  /** What a collection saw. */
  items(collection: FollowedCollection): readonly Item[] | Unreadable {
    const stream = this.#streams.get(keyOf(collection.statement.collector, collection.statement.scope));
    const read = this.#items(stream?.parsed ?? new Map(), collection);
    if ('unreadable' in read) return read;
    if (stream !== undefined) stream.parsed = read.parsed;
    return read.items;
  }

  /** Normalises again, unless nothing is different from the last time. `logic`: digest of what normalises. */
  normalise(collector: Collector<never>, collection: FollowedCollection, told: Told, logic: string): Normalised | Unreadable {
    const { scope, items, volatile } = collection.statement;
    const stream = this.#streams.get(keyOf(collector.id, scope));
    const of = JSON.stringify([items.root, volatile.root, logic, told.tenant, told.settings]);
    if (stream?.normalised?.of === of) return stream.normalised.result;
    const read = this.#items(stream?.parsed ?? new Map(), collection);
    const result = 'unreadable' in read ? read : normaliseEvidence(collector, read.items, told, scope);
    if (stream !== undefined) {
      stream.normalised = { of, result };
      if (!('unreadable' in read)) stream.parsed = read.parsed;
    }
    return result;
  }

  #next(before: Pairs | undefined, change: ManifestChange): Pairs | undefined {
    if (change.keyframe !== null) {
      const keyframe = this.#open(change.keyframe);
      if (keyframe !== undefined) return new Map(KeyframeBlob.parse(keyframe).pairs);
    }
    if (change.delta === null) return before;
    const delta = this.#open(change.delta);
    return delta === undefined || before === undefined ? undefined : applyDelta(before, DeltaBlob.parse(delta));
  }

  #items(
    known: ReadonlyMap<string, unknown>,
    { items, volatile }: FollowedCollection,
  ): { readonly items: Item[]; readonly parsed: Map<string, unknown> } | Unreadable {
    if (items === undefined || volatile === undefined) return { unreadable: 'what changed was erased' };
    const parsed = new Map<string, unknown>();
    const contentOf = (commitment: string): unknown => {
      const value = known.get(commitment) ?? this.#open(commitment);
      if (value !== undefined) parsed.set(commitment, value);
      return value;
    };
    const found: (Item & { readonly id: string })[] = [];
    for (const [place, content] of items) {
      const item = contentOf(content) as ItemBlob | undefined;
      const beside = volatile.get(place);
      const side = beside === undefined ? null : (contentOf(beside) as VolatileBlob | undefined);
      if (item === undefined || side === undefined) return { unreadable: 'items of it are erased or withheld' };
      const { id, operation, subject, region } = item;
      if ('gap' in item) found.push({ id, operation, subject, region, body: null, gap: item.gap });
      else found.push({ id, operation, subject, region, body: mergeVolatile(item.body as Json, side?.fields ?? null) });
    }
    return { items: found.sort((left, right) => (left.id < right.id ? -1 : 1)), parsed };
  }

  /** Content of a blob; undefined when it is erased or withheld. @throws ProoflineError `verification-failed` when it is not what was committed to */
  #open(commitment: string): unknown {
    return openContent(this.#reader, commitment);
  }
}

export function openContent(reader: LogReader, commitment: string): unknown {
  const blob = reader.blob(commitment);
  if (blob === undefined || (blob.kind === 'open' && !opens(fromBase64(commitment), blob.salt, blob.bytes))) {
    throw new ProoflineError('verification-failed', `blob ${commitment} is missing or is not what was committed to; run verify`);
  }
  return blob.kind === 'open' ? (JSON.parse(new TextDecoder().decode(blob.bytes)) as unknown) : undefined;
}

const keyOf = (collector: string, scope: string): string => JSON.stringify([collector, scope]);
