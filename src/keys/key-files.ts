import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProoflineError } from '../model/errors.ts';
import type { Keys } from '../model/keys.ts';
import { commitmentKey, keyIdOf, signingKey, wrappingKey } from './key-material.ts';
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

/**
 * Reads the three keys of a tenant.
 * @param witnessDirectory where the furthest head of a log is remembered; beside the keys, unless they can only be read
 * @throws ProoflineError `key-missing`; `key-refused` when a file is open to others, damaged, of another purpose or another tenant;
 * `demonstration-refused` when demonstration keys are asked for real data or the other way round.
 */
export function loadKeys(directory: string, owner: KeyOwner, witnessDirectory = directory): Keys {
  const secret = (name: keyof typeof keyFileNames, purpose: KeyFile['purpose']): Uint8Array => {
    const path = join(directory, keyFileNames[name]);
    const file = readKeyFile(directory, path);
    belongs(file, path, purpose, owner);
    return decodeSecret(file, path);
  };
  const commit = secret('commit', 'commit');
  return {
    tenant: owner.tenant,
    demonstration: owner.demonstration,
    directory,
    sign: signingKey(secret('sign', 'sign')),
    signNext: existsSync(join(directory, keyFileNames.signNext)) ? signingKey(secret('signNext', 'sign')) : undefined,
    wrap: wrappingKey(secret('wrap', 'wrap')),
    commit: commitmentKey(commit),
    witness: (origin) => fileWitness(witnessDirectory, origin),
  };
}

function belongs(file: KeyFile, path: string, purpose: KeyFile['purpose'], owner: KeyOwner): void {
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
