import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProoflineError } from '../model/errors.ts';
import type { Keys } from '../model/keys.ts';
import { commitmentKey, keyIdOf, lostCommitmentKey, lostSigningKey, lostWrappingKey, signingKey, wrappingKey } from './key-material.ts';
import { type KeyFile, makePrivateDirectory, readKeyFile, writeKeyFile } from './private-files.ts';
import { fileWitness } from './witness.ts';

export interface KeyOwner {
  readonly tenant: string;
  readonly demonstration: boolean;
}

export const keyFileNames = { sign: 'sign.json', wrap: 'wrap.json', commit: 'commit.json', signNext: 'sign.next.json' } as const;
const purposes = ['sign', 'wrap', 'commit'] as const;

/** A fresh secret of 32 bytes as a key file's contents. */
export function newKeyFile(purpose: KeyFile['purpose'], owner: KeyOwner): KeyFile {
  const secret = randomBytes(32);
  return {
    format: 'proofline/key/1',
    purpose,
    id: keyIdOf(purpose, secret),
    tenant: owner.tenant,
    demonstration: owner.demonstration,
    secret: secret.toString('base64'),
  };
}

/**
 * Makes the three keys of a log in `directory` (created 0700, files 0600) and loads them.
 * @throws ProoflineError `key-refused` when any key is there already (keys are never overwritten) or the directory is open to others,
 * `disk-full`.
 */
export function createKeys(directory: string, owner: KeyOwner): Keys {
  makePrivateDirectory(directory);
  const present = Object.values(keyFileNames).filter((name) => existsSync(join(directory, name)));
  if (present.length > 0) {
    throw new ProoflineError('key-refused', `${directory} already holds ${present.join(', ')}: keys are never overwritten`);
  }
  for (const purpose of purposes) writeKeyFile(join(directory, keyFileNames[purpose]), newKeyFile(purpose, owner));
  return loadKeys(directory, owner);
}

/** What is lost with a key, and what is not: the end of the message that it is not there. */
const without: Readonly<Record<KeyFile['purpose'], string>> = {
  sign: 'without it the log cannot be continued; what is recorded can still be read and verified',
  wrap: 'without it nothing can be sealed, and what was sealed cannot be read; that the log is whole, signed and anchored can still be verified',
  commit: 'without it nothing new can be sealed; what is recorded can still be read and verified',
};
const wayBack =
  'Bring it back from its copy: proofline keys restore <file>. Where no copy is left, a new log can say which one it follows: proofline keys succeed';

/**
 * Reads the three keys of a tenant.
 * @param witnessDirectory where the furthest head of a log is remembered; beside the keys, unless they can only be read
 * @throws ProoflineError `key-missing`; `key-refused` when a file is open to others, damaged, of another purpose or another tenant;
 * `demonstration-refused` when demonstration keys are asked for real data or the other way round.
 */
export function loadKeys(directory: string, owner: KeyOwner, witnessDirectory = directory): Keys {
  return load(directory, owner, witnessDirectory, true);
}

/**
 * The same for whoever only reads: a key that is not there is replaced by one that says so when it is used.
 * @throws ProoflineError `key-refused`, `demonstration-refused`
 */
export function loadKeysForReading(directory: string, owner: KeyOwner, witnessDirectory = directory): Keys {
  return load(directory, owner, witnessDirectory, false);
}

function load(directory: string, owner: KeyOwner, witnessDirectory: string, mustHaveAll: boolean): Keys {
  const missing: KeyFile['purpose'][] = [];
  const secret = (name: keyof typeof keyFileNames, purpose: KeyFile['purpose']): Uint8Array | (() => never) => {
    const path = join(directory, keyFileNames[name]);
    try {
      const file = readKeyFile(directory, path);
      refuseOther(file, path, owner, purpose);
      return decodeSecret(file, path);
    } catch (cause) {
      if (!(cause instanceof ProoflineError) || cause.code !== 'key-missing') throw cause;
      const refuse = (): never => {
        throw new ProoflineError('key-missing', `${cause.message}: ${without[purpose]}. ${wayBack}`, { cause });
      };
      if (mustHaveAll) refuse();
      missing.push(purpose);
      return refuse;
    }
  };
  const made = <T>(found: Uint8Array | (() => never), use: (bytes: Uint8Array) => T, lost: (refuse: () => never) => T): T =>
    typeof found === 'function' ? lost(found) : use(found);
  const commit = made(secret('commit', 'commit'), commitmentKey, lostCommitmentKey);
  const sign = made(secret('sign', 'sign'), signingKey, lostSigningKey);
  const next = existsSync(join(directory, keyFileNames.signNext)) ? secret('signNext', 'sign') : undefined;
  return {
    tenant: owner.tenant,
    demonstration: owner.demonstration,
    directory,
    sign,
    signNext: next === undefined || typeof next === 'function' ? undefined : signingKey(next),
    wrap: made(secret('wrap', 'wrap'), wrappingKey, lostWrappingKey),
    commit,
    missing,
    witness: (origin) => fileWitness(witnessDirectory, origin),
  };
}

/** @throws ProoflineError `demonstration-refused`, `key-refused` */
export function refuseOther(file: KeyFile, path: string, owner: KeyOwner, purpose: KeyFile['purpose'] = file.purpose): void {
  if (file.demonstration !== owner.demonstration) {
    throw new ProoflineError(
      'demonstration-refused',
      file.demonstration
        ? `${path} is a demonstration key: it may never seal real evidence`
        : `${path} is a real key: it may never seal demonstration data`,
    );
  }
  if (file.tenant !== owner.tenant) {
    throw new ProoflineError('key-refused', `${path} belongs to tenant "${file.tenant}", not to "${owner.tenant}"`);
  }
  if (file.purpose !== purpose) throw new ProoflineError('key-refused', `${path} holds a ${file.purpose} key, not a ${purpose} key`);
}

/** The id is derived from the secret, so a damaged or edited file does not go unnoticed. */
function decodeSecret(file: KeyFile, path: string): Uint8Array {
  const secret = new Uint8Array(Buffer.from(file.secret, 'base64'));
  if (secret.length !== 32 || keyIdOf(file.purpose, secret) !== file.id) {
    throw new ProoflineError('key-refused', `${path} is damaged: its id does not belong to its secret; bring it back from your backup`);
  }
  return secret;
}
