import { createHash } from 'node:crypto';
import { parseCanonical } from '../seal/canonical-json.ts';

/** How verify reads an export; where the bytes come from is not its business. Reading may throw ProoflineError. */
export interface ExportFiles {
  /** Relative paths of every file, with `/`. */
  list(): readonly string[];
  size(path: string): number;
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  read(path: string, offset: number, length: number): Uint8Array;
  /** What a file was found to have before, where somebody looked already. */
  digest?(path: string): FileDigest | undefined;
}
export interface FileDigest {
  readonly hex: string;
  readonly bytes: number;
}

const chunk = 1 << 20;

export function readAll(files: ExportFiles, path: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let offset = 0, part = files.read(path, 0, chunk); part.length > 0; part = files.read(path, offset, chunk)) {
    parts.push(part);
    offset += part.length;
  }
  return Buffer.concat(parts);
}

export function digestOfFile(files: ExportFiles, path: string): FileDigest {
  const known = files.digest?.(path);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  let offset = 0;
  for (let part = files.read(path, 0, chunk); part.length > 0; part = files.read(path, offset, chunk)) {
    hash.update(part);
    offset += part.length;
  }
  return { hex: hash.digest('hex'), bytes: offset };
}

export interface Line {
  readonly offset: number;
  /** Without the newline. */
  readonly bytes: Uint8Array;
}

/** One folder of them, as if it were all there is. */
export function filesBelow(files: ExportFiles, folder: string): ExportFiles {
  const prefix = `${folder}/`;
  return {
    list: () => files.list().flatMap((path) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : [])),
    size: (path) => files.size(prefix + path),
    read: (path, offset, length) => files.read(prefix + path, offset, length),
    digest: (path) => files.digest?.(prefix + path),
  };
}

/** Lines of a file in which every line ends in a newline; `undefined` once, at the end, when the last one does not. */
export function* linesOf(files: ExportFiles, path: string): Generator<Line | undefined> {
  let rest: Uint8Array = new Uint8Array(0);
  let start = 0;
  let offset = 0;
  for (let part = files.read(path, 0, chunk); part.length > 0; part = files.read(path, offset, chunk)) {
    offset += part.length;
    const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      yield { offset: start + at, bytes: bytes.slice(at, end) };
      at = end + 1;
    }
    rest = bytes.slice(at);
    start += at;
  }
  if (rest.length > 0) yield undefined;
}

/** A whole file that is one line of canonical JSON; undefined when it is not. */
export function oneCanonicalLine(bytes: Uint8Array): unknown {
  if (bytes.at(-1) !== 10) return undefined;
  try {
    return parseCanonical(bytes.subarray(0, -1));
  } catch {
    return undefined;
  }
}
