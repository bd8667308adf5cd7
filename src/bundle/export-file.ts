import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface FileEntry {
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

const chunk = 1 << 20;

/** One file of an export: written piece by piece, digested on the way. */
export class ExportFile {
  readonly path: string;
  #descriptor: number;
  #hash = createHash('sha256');
  #bytes = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(directory: string, path: string) {
    this.path = path;
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, 'wx');
  }

  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= chunk) this.#flush();
  }

  line(text: string | Uint8Array): void {
    this.write(text);
    this.write('\n');
  }

  close(): FileEntry {
    this.#flush();
    closeSync(this.#descriptor);
    return { path: this.path, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Lets go of the file without caring what is in it. */
  abandon(): void {
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    this.#hash.update(bytes);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    this.#bytes += bytes.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/** What the manifest says of a file that is there already. */
export function digestFile(directory: string, path: string): FileEntry {
  const descriptor = openSync(join(directory, path), 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(chunk);
    let bytes = 0;
    for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer)) {
      hash.update(buffer.subarray(0, count));
      bytes += count;
    }
    return { path, bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(descriptor);
  }
}
