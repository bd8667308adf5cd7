import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ProoflineError } from '../model/errors.ts';

/** A directory as verify reads an export through: nothing outside it, nothing but plain files. */
export interface DirectoryFiles {
  /** Relative paths with `/`, sorted; a link or special file is listed too, and cannot be read. */
  list(): readonly string[];
  /** Bytes. */
  size(path: string): number;
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  read(path: string, offset: number, length: number): Uint8Array;
  close(): void;
}

/**
 * Opens a directory for reading.
 * @throws ProoflineError `not-found` when it is not a directory; reading throws `store-unreadable`.
 */
export function openDirectory(directory: string): DirectoryFiles {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new ProoflineError('not-found', `${directory} is not a directory`);
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const name = (entry: (typeof entries)[number]): string =>
    join(entry.parentPath, entry.name)
      .slice(directory.length)
      .replace(/^[/\\]+/, '')
      .split(sep)
      .join('/');
  const plain = new Set(entries.filter((entry) => entry.isFile()).map(name));
  const listed = entries.map(name).sort();
  let last: { readonly path: string; readonly descriptor: number } | undefined;
  const open = (path: string): number => {
    if (last?.path === path) return last.descriptor;
    if (!plain.has(path)) throw new ProoflineError('store-unreadable', `${path} is not a plain file`);
    const descriptor = openSync(join(directory, path), 'r');
    if (last !== undefined) closeSync(last.descriptor);
    last = { path, descriptor };
    return descriptor;
  };
  return {
    list: () => listed,
    size: (path) => fstatSync(open(path)).size,
    read(path, offset, length) {
      const bytes = Buffer.allocUnsafe(length);
      const count = readSync(open(path), bytes, 0, length, offset);
      return bytes.subarray(0, count);
    },
    close() {
      if (last !== undefined) closeSync(last.descriptor);
      last = undefined;
    },
  };
}
