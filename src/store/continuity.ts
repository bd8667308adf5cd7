import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { WitnessRecord } from '../model/keys.ts';
import { equalBytes, toBase64 } from '../seal/digest.ts';
import { CompactRange, leafHash, rootOf } from '../seal/merkle.ts';
import { openNote, parseCheckpoint } from '../seal/signed-note.ts';
import { checkpointAt, lastCheckpoint, rangeAt } from './checkpoints.ts';
import { entriesOf, latestOf, rowsOf, soundHeadOf, unpackHashes } from './log.ts';

/**
 * What a writer looks at before its first append: that the head it would continue is what the last signed head and the entries after
 * it give, and that the last anchor belongs to this log. Costs the entries since the last checkpoint, not the log.
 * @throws ProoflineError `store-corrupt`, `store-not-continuation`
 */
export function checkHead(database: DatabaseSync, file: string, origin: string, vkeys: readonly string[]): void {
  const corrupt = (what: string, cause?: unknown) =>
    new ProoflineError('store-corrupt', `${file}: ${what}. Nothing was written; run proofline verify, then restore a backup`, { cause });
  const head = soundHeadOf(database, file);
  if (rowsOf(database) !== head.range.size) throw corrupt(`the log has ${rowsOf(database)} entries, its head says ${head.range.size}`);

  const last = lastCheckpoint(database);
  let range = new CompactRange();
  if (last !== undefined) {
    try {
      const checkpoint = parseCheckpoint(openNote(last.note, vkeys).text);
      range = CompactRange.from(last.size, unpackHashes(rangeAt(database, last.size) ?? new Uint8Array()));
      if (
        checkpoint.origin !== origin ||
        checkpoint.size !== last.size ||
        checkpoint.root !== last.root ||
        checkpoint.root !== toBase64(range.root())
      ) {
        throw new ProoflineError('verification-failed', 'it signs another head');
      }
    } catch (cause) {
      if (!(cause instanceof ProoflineError) && !(cause instanceof RangeError)) throw cause;
      throw corrupt(`the checkpoint at ${last.size} does not hold`, cause);
    }
  }
  for (const entry of entriesOf(database, range.size, head.range.size)) range.append(leafHash(entry.bytes));
  if (range.size !== head.range.size || !equalBytes(range.root(), head.range.root()))
    throw corrupt('the entries do not give the head of the log');

  const anchor = latestOf(database, file, 'anchor');
  if (anchor === undefined) return;
  const { checkpoint, receiptHash } = anchor.statement;
  if (checkpointAt(database, checkpoint.size)?.root !== checkpoint.root || head.after === null || toBase64(head.after) !== receiptHash) {
    throw new ProoflineError(
      'store-not-continuation',
      `${file}: its last anchor (entry ${anchor.index}) is of another log at size ${checkpoint.size}. Nothing was written; run proofline verify`,
    );
  }
}

/** How a store stands to the furthest head that was ever signed with its keys. */
export type Continuity =
  | { readonly kind: 'continues' }
  /** No head is remembered: keys of another machine, or brought back without it. */
  | { readonly kind: 'unknown' }
  /** Behind, or on another branch: what a restored old backup is. */
  | { readonly kind: 'diverges'; readonly witness: WitnessRecord; readonly size: number };

/** `witness` must have been read before the snapshot that `database` shows: another process may be appending. */
export function continuityOf(database: DatabaseSync, witness: WitnessRecord | undefined): Continuity {
  if (witness === undefined) return { kind: 'unknown' };
  const size = rowsOf(database);
  if (witness.size > size) return { kind: 'diverges', witness, size };
  const root = checkpointAt(database, witness.size)?.root ?? toBase64(rootOf(leavesUpTo(database, witness.size)));
  return root === witness.root ? { kind: 'continues' } : { kind: 'diverges', witness, size };
}
function* leavesUpTo(database: DatabaseSync, size: number): Generator<Uint8Array> {
  for (const entry of entriesOf(database, 0, size)) yield leafHash(entry.bytes);
}

/** One text for everyone who meets a store that went back: what it is, and the two ways out. */
export function divergenceMessage(file: string, place: string, { witness, size }: Extract<Continuity, { kind: 'diverges' }>): string {
  const what =
    witness.size > size
      ? `${file} ends at entry ${size}, but this log was signed up to entry ${witness.size} (at ${witness.at}, remembered in ${place}): an older copy was put back`
      : `${file} is not the log that was signed up to entry ${witness.size} (at ${witness.at}, remembered in ${place}): its entries differ`;
  return (
    `${what}. Nothing was written. If the newer store still exists, use that one. If it is lost, run: ` +
    `proofline restore --accept-loss "<what happened>". The log then goes on from here, and the loss is recorded in it for everyone to see`
  );
}
