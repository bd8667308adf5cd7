import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';
import { type KeyOwner, keyFileNames, loadKeys, refuseOther } from './key-files.ts';
import { KeyFile, makePrivateDirectory, readKeyFile, replacePrivateFile, writeKeyFile } from './private-files.ts';
import { WitnessFile, witnessFilePattern } from './witness.ts';

/** What opens a copy of keys, and what it is closed with: a passphrase, or age recipients and their identities. */
export type KeyBackupLock =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'recipients'; readonly recipients: readonly string[] }
  | { readonly kind: 'identities'; readonly identities: readonly string[] };

export interface KeyPlaces {
  readonly directory: string;
  /** Where the furthest heads are remembered, when that is not beside the keys. */
  readonly witnessDirectory?: string | undefined;
  readonly owner: KeyOwner;
}

const KeyBackup = z.strictObject({
  format: z.literal('proofline/keys backup/1'),
  tenant: z.string(),
  demonstration: z.boolean(),
  madeAt: z.iso.datetime({ precision: 3 }),
  keys: z.array(z.strictObject({ name: z.enum(Object.values(keyFileNames)), file: KeyFile })),
  /** The furthest signed heads of logs: what shows on another machine that a backup of the data is an old one. */
  witnesses: z.array(z.strictObject({ name: z.string().regex(witnessFilePattern), file: WitnessFile })),
});

/**
 * Makes a copy of every key of a log, and of the heads that were signed with them, as ASCII-armored age.
 * @throws ProoflineError `key-missing`, `key-refused`; `usage` when a recipient is none
 */
export async function backUpKeys(
  { directory, witnessDirectory = directory, owner }: KeyPlaces,
  lock: KeyBackupLock,
  madeAt: string,
): Promise<string> {
  loadKeys(directory, owner);
  const names = Object.values(keyFileNames).filter((name) => existsSync(join(directory, name)));
  const backup: z.infer<typeof KeyBackup> = {
    format: 'proofline/keys backup/1',
    tenant: owner.tenant,
    demonstration: owner.demonstration,
    madeAt,
    keys: names.map((name) => ({ name, file: readKeyFile(directory, join(directory, name)) })),
    witnesses: (existsSync(witnessDirectory) ? readdirSync(witnessDirectory) : [])
      .filter((name) => witnessFilePattern.test(name))
      .sort()
      .map((name) => ({ name, file: WitnessFile.parse(JSON.parse(readFileSync(join(witnessDirectory, name), 'utf8'))) })),
  };
  const encrypter = new Encrypter();
  try {
    if (lock.kind === 'passphrase') encrypter.setPassphrase(lock.passphrase);
    if (lock.kind === 'recipients') for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
    return armor.encode(await encrypter.encrypt(JSON.stringify(backup)));
  } catch (cause) {
    throw new ProoflineError('usage', `the copy of the keys was not made: ${messageOf(cause)}`, { cause });
  }
}

/** What restoring did with each file. */
export interface RestoredKeys {
  readonly madeAt: string;
  readonly written: readonly string[];
  /** They were there already, and are the same. */
  readonly kept: readonly string[];
}

/**
 * Puts keys back where they are missing. A key that is there stays; one that is there and is another ends it before anything is written.
 * @throws ProoflineError `key-refused` when nothing of the lock opens it, it is damaged, or of another tenant; `demonstration-refused`
 */
export async function restoreKeys(
  { directory, witnessDirectory = directory, owner }: KeyPlaces,
  lock: KeyBackupLock,
  text: string,
  place: string,
): Promise<RestoredKeys> {
  const backup = await openBackup(lock, text, place);
  for (const { name, file } of backup.keys) refuseOther(file, `${name} in ${place}`, owner);
  makePrivateDirectory(directory);
  const isThere = (name: string) => existsSync(join(directory, name));
  for (const { name, file } of backup.keys) {
    if (!isThere(name)) continue;
    const present = readKeyFile(directory, join(directory, name));
    if (present.id !== file.id) {
      throw new ProoflineError(
        'key-refused',
        `${join(directory, name)} is ${present.id}, the copy holds ${file.id}: nothing is overwritten; move the other key away first`,
      );
    }
  }
  const missing = backup.keys.filter(({ name }) => !isThere(name));
  for (const { name, file } of missing) writeKeyFile(join(directory, name), file);
  if (backup.witnesses.length > 0) makePrivateDirectory(witnessDirectory);
  for (const { name, file } of backup.witnesses) {
    const path = join(witnessDirectory, name);
    // One that is here may know of a later head; it never goes back.
    if (!existsSync(path)) replacePrivateFile(path, `${JSON.stringify(file)}\n`);
  }
  loadKeys(directory, owner);
  return {
    madeAt: backup.madeAt,
    written: missing.map(({ name }) => name),
    kept: backup.keys.map(({ name }) => name).filter((name) => !missing.some((one) => one.name === name)),
  };
}

async function openBackup(lock: KeyBackupLock, text: string, place: string): Promise<z.infer<typeof KeyBackup>> {
  const decrypter = new Decrypter();
  let plain: string;
  try {
    if (lock.kind === 'passphrase') decrypter.addPassphrase(lock.passphrase);
    if (lock.kind === 'identities') for (const identity of lock.identities) decrypter.addIdentity(identity);
    plain = await decrypter.decrypt(armor.decode(text), 'text');
  } catch (cause) {
    throw new ProoflineError('key-refused', `${place} does not open: ${messageOf(cause)}`, { cause });
  }
  try {
    return KeyBackup.parse(JSON.parse(plain));
  } catch {
    // The cause is left out on purpose: a parser's message may quote a secret.
    throw new ProoflineError('key-refused', `${place} is no copy of keys made by proofline keys backup`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
