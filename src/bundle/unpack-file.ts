import { closeSync, createReadStream, createWriteStream, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Decrypter } from 'age-encryption';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { ProoflineError } from '../model/errors.ts';

/** What a file is, by its first bytes and not by its name. */
export function kindOfFile(file: string): 'zip' | 'age' | 'unknown' {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(21);
    const count = readSync(descriptor, head, 0, head.length, 0);
    const start = head.subarray(0, count).toString('latin1');
    if (start === 'age-encryption.org/v1' || start.startsWith('-----BEGIN AGE ENCRYP')) return 'age';
    return start.startsWith('PK') ? 'zip' : 'unknown';
  } finally {
    closeSync(descriptor);
  }
}

/** More than this many times its own size a ZIP does not hold unless it is made to fill a disk; small ones may in any case hold this much. */
const mostTimes = 200;
const mostBytesAnyway = 1024 ** 3;

/**
 * Unpacks a ZIP into an empty directory: plain files only, none outside it, none twice, and no more than the file can honestly hold.
 * @throws ProoflineError `verification-failed` naming the file, and the entry where it is about one
 */
export async function unpackZip(file: string, directory: string): Promise<void> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new ProoflineError('verification-failed', `${file}: ${what}`, cause === undefined ? {} : { cause });
  };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const most = Math.max(mostBytesAnyway, mostTimes * statSync(file).size);
  let total = 0;
  const seen = new Set<string>();
  let zip: ZipFile;
  try {
    zip = await yauzl.openPromise(file, { strictFileNames: true, validateEntrySizes: true });
  } catch (cause) {
    return refuse(`is no whole ZIP: it is cut off or damaged (${messageOf(cause)})`, cause);
  }
  try {
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
      const name = entry.fileName;
      if (name.endsWith('/')) continue;
      const isLink = entry.externalFileAttributes >>> 28 === 10;
      const climbs = name.split('/').some((part) => part === '' || part === '.' || part === '..') || /[\\:\0]/.test(name);
      if (isLink || climbs || seen.has(name) || entry.isEncrypted()) refuse(`${name} has no place in a bundle`);
      seen.add(name);
      total += entry.uncompressedSize;
      if (total > most) refuse('holds far more than a file of its size should; it is not unpacked');
      const target = join(directory, name);
      mkdirSync(dirname(target), { recursive: true });
      const source = await zip.openReadStreamPromise(entry);
      await pipeline(source, createWriteStream(target, { flags: 'wx' }));
    }
  } catch (cause) {
    if (cause instanceof ProoflineError) throw cause;
    refuse(`is no whole ZIP: it is cut off or damaged (${messageOf(cause)})`, cause);
  } finally {
    zip.close();
  }
}

/**
 * Decrypts an age file with the identities (`AGE-SECRET-KEY-1...`) that an identity file lists.
 * @throws ProoflineError `verification-failed` when none of them opens it, or it was changed
 */
export async function decryptFile(file: string, identities: string, to: string): Promise<void> {
  const lines = identities.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  try {
    const decrypter = new Decrypter();
    for (const line of lines) decrypter.addIdentity(line.trim());
    const opened = await decrypter.decrypt(Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>);
    await opened.pipeTo(Writable.toWeb(createWriteStream(to, { flags: 'wx', mode: 0o600 })) as WritableStream<Uint8Array>);
  } catch (cause) {
    throw new ProoflineError('verification-failed', `${file}: cannot be decrypted with what the identity file holds: ${messageOf(cause)}`, {
      cause,
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
