import type { DatabaseSync } from 'node:sqlite';
import type { SigningKey } from '../model/keys.ts';
import type { CheckpointRecord } from '../model/log-reader.ts';
import { toBase64 } from '../seal/digest.ts';
import { checkpointText, signNote } from '../seal/signed-note.ts';
import { headOf, packHashes } from './log.ts';
import { query } from './queries.ts';
import { store } from './schema.ts';

const insertCheckpoint = query((a: { size: number; root: Uint8Array; note: string }) =>
  store.insertInto('checkpoint').values({ size: a.size, root: a.root, note: a.note }),
);
const writeRange = query((a: { size: number; range: Uint8Array }) =>
  store
    .insertInto('signed_range')
    .values({ id: 1, size: a.size, range: a.range })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ size: a.size, range: a.range })),
);
const allCheckpoints = query((_: Record<string, never>) => store.selectFrom('checkpoint').select(['size', 'root', 'note']).orderBy('size'));
const oneCheckpoint = query((a: { size: number }) =>
  store.selectFrom('checkpoint').select(['size', 'root', 'note']).where('size', '=', a.size),
);
const readRange = query((a: { size: number }) => store.selectFrom('signed_range').select('range').where('size', '=', a.size));
const latestCheckpoint = query((_: Record<string, never>) =>
  store.selectFrom('checkpoint').select(['size', 'root', 'note']).orderBy('size', 'desc').limit(1),
);

const recordOf = (row: { size: number; root: Uint8Array; note: string }): CheckpointRecord => ({
  size: row.size,
  root: toBase64(row.root),
  note: row.note,
});

export function checkpointsOf(database: DatabaseSync): CheckpointRecord[] {
  return allCheckpoints.all(database, {}).map(recordOf);
}
export function checkpointAt(database: DatabaseSync, size: number): CheckpointRecord | undefined {
  const row = oneCheckpoint.get(database, { size });
  return row === undefined ? undefined : recordOf(row);
}
export function lastCheckpoint(database: DatabaseSync): CheckpointRecord | undefined {
  const row = latestCheckpoint.get(database, {});
  return row === undefined ? undefined : recordOf(row);
}
/** The compact range at the last checkpoint's size, packed; undefined for any other size. */
export function rangeAt(database: DatabaseSync, size: number): Uint8Array | undefined {
  return readRange.get(database, { size })?.range;
}

/** Signs the present head unless it is signed already. Inside a write transaction. */
export function signHead(database: DatabaseSync, origin: string, key: SigningKey): CheckpointRecord {
  const { range } = headOf(database);
  const signed = checkpointAt(database, range.size);
  if (signed !== undefined) return signed;
  const root = range.root();
  const note = signNote(checkpointText({ origin, size: range.size, root: toBase64(root) }), origin, key.publicKey, key.sign);
  insertCheckpoint.run(database, { size: range.size, root, note });
  writeRange.run(database, { size: range.size, range: packHashes(range.hashes) });
  return { size: range.size, root: toBase64(root), note };
}
