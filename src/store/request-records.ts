import type { Evidence } from '../model/evidence.ts';
import type { RequestRecord } from '../model/statement.ts';
import { canonicalBytes } from '../seal/canonical-json.ts';
import { leafHash, rootOf } from '../seal/merkle.ts';

/** How many request records an unchanged collection keeps. */
export const sampleSize = 16;

export interface RequestRecords {
  readonly records: readonly RequestRecord[];
  readonly root: Uint8Array;
}

/** Replaces each body by the commitment to it (base64), and takes the root over all records in the order issued. */
export function recordRequests(requests: Evidence['requests'], commit: (bytes: Uint8Array) => string): RequestRecords {
  const records = requests.map(
    ({ bodyBytes, ...rest }): RequestRecord => ({ ...rest, body: bodyBytes === null ? null : commit(bodyBytes) }),
  );
  return { records, root: rootOf(records.map((record) => leafHash(canonicalBytes(record)))) };
}

/**
 * The records kept of a collection in which nothing changed and nothing went wrong: spread evenly, beginning at a position the root
 * decides, so that nobody chooses them and another part is kept each time. Format/1, section 5.
 */
export function sampleRecords({ records, root }: RequestRecords): readonly RequestRecord[] {
  const count = records.length;
  if (count <= sampleSize) return records;
  const start = Buffer.from(root).readUInt32BE(0) % count;
  const positions = Array.from({ length: sampleSize }, (_, at) => (start + Math.floor((at * count) / sampleSize)) % count);
  return positions.sort((left, right) => left - right).map((position) => records[position]!);
}
