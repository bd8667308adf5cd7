import { ProoflineError } from '../../model/errors.ts';
import type { LogReader } from '../../model/log-reader.ts';

/**
 * A log as it was at one of its checkpoints, so that what is made of it is the same however far the log has gone on since.
 * @throws ProoflineError `not-found` when no checkpoint of that size is signed
 */
export function logAt(reader: LogReader, size: number): LogReader {
  const checkpoints = reader.checkpoints().filter((checkpoint) => checkpoint.size <= size);
  if (checkpoints.at(-1)?.size !== size) throw new ProoflineError('not-found', `the log has no signed checkpoint of size ${size}`);
  const vkeys = keysAt(reader, size);
  return {
    origin: reader.origin,
    vkeys: () => vkeys,
    size: () => size,
    entries: (from = 0, to = size) => reader.entries(from, Math.min(to, size)),
    ...(reader.indexesOf === undefined ? {} : { indexesOf: (kind) => (reader.indexesOf?.(kind) ?? []).filter((index) => index < size) }),
    checkpoints: () => checkpoints,
    blob: (commitment) => reader.blob(commitment),
  };
}

/** The first key, and one more for every rotation before `size`. */
function keysAt(reader: LogReader, size: number): readonly string[] {
  const all = reader.vkeys();
  if (all.length <= 1 || size === reader.size()) return all;
  let rotations = 0;
  for (const { bytes } of reader.entries(0, size)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (text.includes('"kind":"key"') && text.includes('"purpose":"sign"')) rotations += 1;
  }
  return all.slice(0, 1 + rotations);
}
