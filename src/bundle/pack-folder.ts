import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Encrypter } from 'age-encryption';
import { ZipArchive } from 'archiver';
import { openDirectory } from './directory-files.ts';

/** Level of deflate: fixed, so that one version of Node packs one folder into the same bytes. */
const level = 6;

/** Packs a folder into a ZIP, file by file in order of their names, all with the time `at`. What the ZIP's own bytes are says nothing. */
export async function packFolder(folder: string, file: string, at: string): Promise<void> {
  const files = openDirectory(folder);
  const paths = files.list();
  files.close();
  const archive = new ZipArchive({ zlib: { level } });
  const written = pipeline(archive, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  const add = async (): Promise<void> => {
    for (const path of paths) {
      const entered = new Promise<void>((resolve) => archive.once('entry', () => resolve()));
      // One after the other: a bundle may have more files than a process may have open.
      archive.append(createReadStream(join(folder, path)), { name: path, date: new Date(at), mode: 0o644 });
      await entered;
    }
    await archive.finalize();
  };
  await Promise.all([written, Promise.race([add(), written])]);
}

/** Encrypts a file to age recipients (`age1...`). */
export async function encryptFile(from: string, to: string, recipients: readonly string[]): Promise<void> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const encrypted = await encrypter.encrypt(Readable.toWeb(createReadStream(from)) as ReadableStream<Uint8Array>);
  await encrypted.pipeTo(Writable.toWeb(createWriteStream(to, { flags: 'wx', mode: 0o600 })) as WritableStream<Uint8Array>);
}
