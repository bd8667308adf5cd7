import { blobReferences, DeltaBlob, KeyframeBlob, ResultsListBlob } from '../model/blobs.ts';
import { ProoflineError } from '../model/errors.ts';
import type { LogReader } from '../model/log-reader.ts';
import { type ManifestChange, Statement } from '../model/statement.ts';
import { parseCanonical } from '../seal/canonical-json.ts';
import { applyDelta } from '../seal/manifest.ts';

/** A statement of a kind known here; undefined for anything else, which is exported as it is, for verifiers to judge. */
export function readStatement(bytes: Uint8Array): Statement | undefined {
  try {
    return Statement.safeParse(parseCanonical(bytes)).data;
  } catch (error) {
    if (error instanceof ProoflineError) return undefined;
    throw error;
  }
}

/** Canonical bytes of a blob that must be there and open. */
function openBlob(reader: LogReader, commitment: string, index: number): Uint8Array | undefined {
  const blob = reader.blob(commitment);
  if (blob === undefined) throw new ProoflineError('store-corrupt', `entry ${index} refers to a blob that the store does not have`);
  return blob.kind === 'open' ? blob.bytes : undefined;
}

/** A blob, and whether it is part of what was collected: such content may be kept back from who receives the evidence. */
export interface ReferredBlob {
  readonly commitment: string;
  readonly collected: boolean;
}

/**
 * Every blob a statement refers to, itself and through others, in the order of format/1: a statement's own in the order of its members,
 * each followed by what it refers to. May name one more than once.
 */
export function* referredBlobs(reader: LogReader, statement: Statement, index: number): Generator<ReferredBlob> {
  for (const { role, commitment } of blobReferences(statement)) {
    yield { commitment, collected: role === 'requests' || role === 'redactions' || role === 'upload-piece' };
    if (role === 'items-delta' || role === 'volatile-delta' || role === 'population-delta') {
      const bytes = openBlob(reader, commitment, index);
      if (bytes === undefined) continue;
      const delta = DeltaBlob.parse(parseCanonical(bytes));
      for (const [, content] of [...delta.added, ...delta.changed]) yield { commitment: content, collected: role !== 'population-delta' };
    } else if (role === 'results-list') {
      const bytes = openBlob(reader, commitment, index);
      if (bytes === undefined) continue;
      for (const check of ResultsListBlob.parse(parseCanonical(bytes))) yield { commitment: check.results, collected: false };
    }
  }
}

/** Name of a stream of manifests in an export. */
export type StreamName = readonly ['items' | 'volatile', string, string] | readonly ['population', string];

export function streamsOf(statement: Statement): { name: StreamName; change: ManifestChange }[] {
  switch (statement.kind) {
    case 'collection':
      return [
        { name: ['items', statement.collector, statement.scope], change: statement.items },
        { name: ['volatile', statement.collector, statement.scope], change: statement.volatile },
      ];
    case 'evaluation':
      return [{ name: ['population', statement.source], change: statement.population }];
    default:
      return [];
  }
}

/** Follows the manifests through the entries before a part. An erased delta loses a stream until its next keyframe. */
export class ManifestFollower {
  readonly #reader: LogReader;
  readonly #streams = new Map<string, { name: StreamName; pairs: Map<string, string> | undefined }>();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  follow(statement: Statement, index: number): void {
    for (const { name, change } of streamsOf(statement)) {
      const key = JSON.stringify(name);
      let pairs = this.#streams.has(key) ? this.#streams.get(key)?.pairs : new Map<string, string>();
      if (change.keyframe !== null) {
        const bytes = openBlob(this.#reader, change.keyframe, index);
        if (bytes !== undefined) {
          pairs = new Map(KeyframeBlob.parse(parseCanonical(bytes)).pairs);
        }
      } else if (change.delta !== null) {
        const bytes = openBlob(this.#reader, change.delta, index);
        pairs = bytes === undefined || pairs === undefined ? undefined : applyDelta(pairs, DeltaBlob.parse(parseCanonical(bytes)));
      }
      this.#streams.set(key, { name, pairs });
    }
  }

  /** The streams of these names (JSON) that have begun, sorted by name; null pairs: lost to an erased delta. */
  starts(names: ReadonlySet<string>): { name: StreamName; pairs: Map<string, string> | null }[] {
    return [...this.#streams.entries()]
      .filter(([key]) => names.has(key))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { name, pairs }]) => ({ name, pairs: pairs ?? null }));
  }
}
