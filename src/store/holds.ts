import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import { query } from './queries.ts';
import { store } from './schema.ts';

const insertHold = query((a: { commitment: Uint8Array; reason: string; idx: number }) =>
  store
    .insertInto('legal_hold')
    .values({ commitment: a.commitment, reason: a.reason, idx: a.idx })
    .onConflict((conflict) => conflict.column('commitment').doNothing()),
);
const removeHold = query((a: { commitment: Uint8Array }) => store.deleteFrom('legal_hold').where('commitment', '=', a.commitment));
const readHold = query((a: { commitment: Uint8Array }) =>
  store.selectFrom('legal_hold').select(['reason', 'idx']).where('commitment', '=', a.commitment),
);

/** Inside a write transaction; `index` is the log entry that records it. */
export function holdBlobs(database: DatabaseSync, commitments: readonly Uint8Array[], reason: string, index: number): void {
  for (const commitment of commitments) insertHold.run(database, { commitment, reason, idx: index });
}
export function releaseBlobs(database: DatabaseSync, commitments: readonly Uint8Array[]): void {
  for (const commitment of commitments) removeHold.run(database, { commitment });
}
/** @throws ProoflineError `usage` when any of them is held. */
export function refuseHeld(database: DatabaseSync, commitments: readonly Uint8Array[]): void {
  const held = commitments.map((commitment) => readHold.get(database, { commitment })).filter((hold) => hold !== undefined);
  const [first] = held;
  if (first === undefined) return;
  throw new ProoflineError(
    'usage',
    `${held.length} of ${commitments.length} blobs are under a legal hold (entry ${first.idx}: ${first.reason}); nothing was erased. Release it first`,
  );
}
