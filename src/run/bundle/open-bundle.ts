import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDirectory } from '../../bundle/directory-files.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { ExportFiles } from '../../verify/export-files.ts';

export interface OpenOptions {
  /** File of age identities, for an encrypted bundle. */
  readonly identity?: string | undefined;
}

/**
 * Reads a bundle or an export as files: a directory as it lies there, a ZIP unpacked and an age file decrypted into a temporary folder that
 * is gone afterwards.
 * @throws ProoflineError `usage` when it is not there, or encrypted and no identity was given; `verification-failed` when it is damaged.
 */
export async function withBundleFiles<T>(place: string, options: OpenOptions, read: (files: ExportFiles) => T | Promise<T>): Promise<T> {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) throw new ProoflineError('usage', `${place}: there is no such file or directory`);
  if (found.isDirectory()) return await readDirectory(place, read);
  const { decryptFile, kindOfFile, unpackZip } = await import('../../bundle/unpack-file.ts');
  const scratch = mkdtempSync(join(tmpdir(), 'proofline-bundle-'));
  try {
    let zip = place;
    if (kindOfFile(place) === 'age') {
      if (options.identity === undefined) {
        throw new ProoflineError(
          'usage',
          `${place} is encrypted: decrypt it first (age -d -i KEY_FILE -o bundle.zip ${place}), or give --identity KEY_FILE`,
        );
      }
      zip = join(scratch, 'bundle.zip');
      await decryptFile(place, readIdentities(options.identity), zip);
    }
    if (kindOfFile(zip) !== 'zip')
      throw new ProoflineError('verification-failed', `${place}: is neither a directory nor a ZIP, or its beginning is damaged`);
    const folder = join(scratch, 'files');
    await unpackZip(zip, folder);
    return await readDirectory(folder, read);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function readDirectory<T>(directory: string, read: (files: ExportFiles) => T | Promise<T>): Promise<T> {
  const files = openDirectory(directory);
  try {
    return await read(files);
  } finally {
    files.close();
  }
}

function readIdentities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProoflineError('usage', `${file}: cannot be read as a file of age identities`, { cause });
  }
}
