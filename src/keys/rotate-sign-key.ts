import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { ProoflineError } from '../model/errors.ts';
import type { Keys, SigningKey } from '../model/keys.ts';
import { keyFileNames, loadKeys, newKeyFile } from './key-files.ts';
import { syncDirectory, writeKeyFile } from './private-files.ts';

/** The log as a rotation needs it: it records the change and signs with the new key from then on. */
export interface RotatingLog {
  readonly signKeyId: string;
  rotateSignKey(next: SigningKey): Promise<unknown>;
}

/**
 * Replaces the signing key: prepares the new one on disk, records it in the log (signed by old and new), then puts it in the old
 * one's place. A crash in between leaves both files, and the log says which one is in force; calling it again finishes the work.
 * @returns the keys as they are afterwards.
 * @throws ProoflineError `key-refused` for keys that are not local files, and everything a store throws.
 */
export async function rotateSignKey(log: RotatingLog, keys: Keys): Promise<Keys> {
  const directory = keys.directory;
  if (directory === undefined)
    throw new ProoflineError('key-refused', 'only local key files are rotated here; rotate the others where they are');
  if (keys.signNext === undefined) writeKeyFile(join(directory, keyFileNames.signNext), newKeyFile('sign', keys));
  const prepared = loadKeys(directory, keys).signNext;
  if (prepared === undefined) throw new ProoflineError('key-missing', `${join(directory, keyFileNames.signNext)} is gone`);
  if (log.signKeyId !== prepared.id) await log.rotateSignKey(prepared);
  renameSync(join(directory, keyFileNames.signNext), join(directory, keyFileNames.sign));
  syncDirectory(directory);
  return { ...loadKeys(directory, keys), witness: keys.witness };
}
