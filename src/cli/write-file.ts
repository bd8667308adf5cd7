import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProoflineError } from '../model/errors.ts';

/** Writes a file whole or not at all, in the place of what was there. */
export function replaceFile(file: string, text: string): void {
  const partial = `${file}.partial-${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(partial, text, { flag: 'wx' });
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Writes a file whole or not at all. @throws ProoflineError `usage` when there is one already. */
export function createFile(file: string, content: string | Uint8Array): void {
  const partial = `${file}.partial-${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(partial, content, { flag: 'wx' });
    linkSync(partial, file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new ProoflineError('usage', `${file} is there already; nothing was changed`, { cause: error });
    }
    throw error;
  } finally {
    rmSync(partial, { force: true });
  }
}
