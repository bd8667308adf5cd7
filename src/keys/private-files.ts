import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';

export const KeyFile = z.strictObject({
  format: z.literal('proofline/key/1'),
  purpose: z.enum(['sign', 'wrap', 'commit']),
  id: z.string(),
  tenant: z.string(),
  demonstration: z.boolean(),
  /** 32 bytes, base64. */
  secret: z.base64(),
});
export type KeyFile = z.infer<typeof KeyFile>;

/** Windows keeps access lists, not mode bits: there the check says nothing and is left out. */
const hasModes = process.platform !== 'win32';

/** Creates `directory` with mode 0700; one that is there already must be closed to others. */
export function makePrivateDirectory(directory: string): void {
  const created = explainingFull(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  if (created !== undefined) chmodSync(directory, 0o700);
  refuseOpen(directory, statSync(directory).mode, '700');
}

function refuseOpen(path: string, mode: number, wanted: string): void {
  if (!hasModes || (mode & 0o077) === 0) return;
  const bits = (mode & 0o777).toString(8).padStart(3, '0');
  throw new ProoflineError('key-refused', `${path} is open to other users (mode ${bits}); run: chmod ${wanted} '${path}'`);
}

/**
 * @throws ProoflineError `key-missing` when it is not there, `key-refused` when others may read it, it is a symbolic link or not a key.
 */
export function readKeyFile(directory: string, path: string): KeyFile {
  let handle: number;
  try {
    refuseOpen(directory, statSync(directory).mode, '700');
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (cause) {
    if (cause instanceof ProoflineError) throw cause;
    const code = codeOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ProoflineError('key-missing', `there is no key at ${path}`, { cause });
    }
    const because = code === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${code ?? 'unknown error'})`;
    throw new ProoflineError('key-refused', `${path} ${because}`, { cause });
  }
  try {
    refuseOpen(path, fstatSync(handle).mode, '600');
    return KeyFile.parse(JSON.parse(readFileSync(handle, 'utf8')));
  } catch (cause) {
    if (cause instanceof ProoflineError) throw cause;
    // The cause is left out on purpose: a parser's message may quote the secret.
    throw new ProoflineError('key-refused', `${path} is not a key file of this format; bring it back from your backup`);
  } finally {
    closeSync(handle);
  }
}

/** Writes a key that is not there yet; after this returns it is on the disk. */
export function writeKeyFile(path: string, file: KeyFile): void {
  writePrivateFile(path, `${JSON.stringify(file, null, 2)}\n`, 'wx');
}

/** Replaces a private file in one step: a reader sees the old or the new, whatever happens in between. */
export function replacePrivateFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writePrivateFile(draft, text, 'w');
  renameSync(draft, path);
  syncDirectory(dirname(path));
}

function writePrivateFile(path: string, text: string, flag: 'w' | 'wx'): void {
  explainingFull(path, () => {
    const handle = openSync(path, flag, 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(handle);
    }
  });
  syncDirectory(dirname(path));
}

/** A rename or a new name is durable only when its directory is. */
export function syncDirectory(directory: string): void {
  if (!hasModes) return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function explainingFull<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new ProoflineError('disk-full', `no space left to write ${path}`, { cause });
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new ProoflineError('key-refused', `${path} cannot be written (${code})`, { cause });
    }
    throw cause;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
