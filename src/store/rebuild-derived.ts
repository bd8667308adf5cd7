import type { DatabaseSync } from 'node:sqlite';
import type { Keys } from '../model/keys.ts';
import type { ManifestChange, Statement } from '../model/statement.ts';
import { toBase64 } from '../seal/digest.ts';
import { manifestRoot } from '../seal/manifest.ts';
import { CompactRange, leafHash } from '../seal/merkle.ts';
import { blobs as blobsOf } from './blobs.ts';
import { lastCheckpoint, rangeAt } from './checkpoints.ts';
import { entriesOf, packHashes, parseStatement, rowsOf, soundHeadOf, streamsOf } from './log.ts';
import { pairsOf, presentManifest, replayPairs, resetManifest, streams } from './manifests.ts';
import { inTransaction } from './sqlite.ts';

/**
 * Makes everything that is derived anew from the log and its blobs: where statements stand, the head, the present manifests. For
 * `doctor` and the start of a daemon; readers never do this.
 * @returns what was not as the log says, by name; empty for a sound store.
 * @throws ProoflineError `store-corrupt` when log and blobs themselves do not fit together, `not-found` when an erased delta interrupts them.
 */
export function rebuildDerived(database: DatabaseSync, file: string, keys: Keys, now: () => string): readonly string[] {
  const blobs = blobsOf(database, file, keys, now);
  return inTransaction(database, file, () => {
    const log = readLog(database);
    const wrong: string[] = [];
    if (toBase64(soundHeadOf(database, file).range.root()) !== toBase64(log.range.root())) wrong.push('head');
    writeHead(database, log);
    if (log.signed !== null && !sameSigned(database, log.signed)) wrong.push('signed head');
    if (log.signed !== null) writeSigned(database, log.signed);
    if (!samePlaces(database, log.places)) wrong.push('places');
    writePlaces(database, log.places);
    for (const [stream, { changes, statements, keptOn }] of log.streams) {
      const pairs = replayPairs(blobs, file, changes);
      if (presentRoot(database, stream) !== toBase64(manifestRoot(pairs))) wrong.push(stream);
      resetManifest(database, stream, pairs, { statements, keptOn });
    }
    return wrong;
  });
}

interface Place {
  readonly kind: string;
  readonly stream: string;
  readonly idx: number;
}
interface Stream {
  /** From the last keyframe on. */
  changes: ManifestChange[];
  statements: number;
  keptOn: string | null;
}
interface Derived {
  readonly range: CompactRange;
  /** The compact range at the last checkpoint; null when none is of this log. */
  readonly signed: { readonly size: number; readonly range: Uint8Array } | null;
  readonly after: Uint8Array | null;
  readonly places: readonly Place[];
  readonly streams: ReadonlyMap<string, Stream>;
}

function readLog(database: DatabaseSync): Derived {
  const range = new CompactRange();
  const places: Place[] = [];
  const found = new Map<string, Stream>();
  let after: Uint8Array | null = null;
  const signedSize = lastCheckpoint(database)?.size;
  let signed: Derived['signed'] = null;
  for (const entry of entriesOf(database, 0, rowsOf(database))) {
    range.append(leafHash(entry.bytes));
    if (range.size === signedSize) signed = { size: range.size, range: packHashes(range.hashes) };
    const statement = parseStatement(entry);
    if (statement === undefined) continue;
    for (const { kind, name } of streamsOf(statement)) places.push({ kind, stream: name, idx: entry.index });
    if (statement.kind === 'anchor') after = Buffer.from(statement.receiptHash, 'base64');
    for (const { name, change } of changesOf(statement)) {
      const stream = found.get(name) ?? { changes: [], statements: 0, keptOn: null };
      if (change.keyframe !== null) stream.changes = [];
      stream.changes.push(change);
      stream.statements += 1;
      if (statement.kind === 'collection' && statement.requests.keptAll) stream.keptOn = statement.at.slice(0, 10);
      found.set(name, stream);
    }
  }
  return { range, signed, after, places, streams: found };
}

function changesOf(statement: Statement): { readonly name: string; readonly change: ManifestChange }[] {
  if (statement.kind === 'evaluation') return [{ name: streams.population(statement.source), change: statement.population }];
  if (statement.kind !== 'collection') return [];
  const { collector, scope, items, volatile } = statement;
  return [
    { name: streams.items(collector, scope), change: items },
    { name: streams.volatile(collector, scope), change: volatile },
  ];
}

function writeHead(database: DatabaseSync, { range, after }: Derived): void {
  database
    .prepare('INSERT OR REPLACE INTO log_head (id, size, range, after) VALUES (1, ?, ?, ?)')
    .run(range.size, packHashes(range.hashes), after);
}

function sameSigned(database: DatabaseSync, { size, range }: NonNullable<Derived['signed']>): boolean {
  const stored = rangeAt(database, size);
  return stored !== undefined && Buffer.compare(stored, range) === 0;
}
function writeSigned(database: DatabaseSync, { size, range }: NonNullable<Derived['signed']>): void {
  database.prepare('INSERT OR REPLACE INTO signed_range (id, size, range) VALUES (1, ?, ?)').run(size, range);
}

function samePlaces(database: DatabaseSync, places: readonly Place[]): boolean {
  const stored = database
    .prepare('SELECT stream.kind AS kind, stream.name AS stream, place.idx AS idx FROM place JOIN stream ON stream.id = place.stream')
    .all();
  const expected = new Set(places.map(({ kind, stream, idx }) => JSON.stringify([kind, stream, idx])));
  return stored.length === places.length && stored.every((row) => expected.has(JSON.stringify([row['kind'], row['stream'], row['idx']])));
}
function writePlaces(database: DatabaseSync, places: readonly Place[]): void {
  database.exec('DELETE FROM place; DELETE FROM stream');
  const begin = database.prepare('INSERT OR IGNORE INTO stream (kind, name) VALUES (?, ?)');
  const insert = database.prepare('INSERT INTO place (stream, idx) SELECT id, ? FROM stream WHERE kind = ? AND name = ?');
  for (const { kind, stream, idx } of places) {
    begin.run(kind, stream);
    insert.run(idx, kind, stream);
  }
}

/** Root of what is kept as current of a stream; undefined when nothing is. */
function presentRoot(database: DatabaseSync, stream: string): string | undefined {
  const present = presentManifest(database, stream);
  if (present === undefined) return undefined;
  const pairs = toBase64(manifestRoot(pairsOf(database, present.id)));
  return pairs === toBase64(present.root) ? pairs : undefined;
}
