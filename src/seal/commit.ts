import { createHmac } from 'node:crypto';
import { equalBytes, sha256 } from './digest.ts';

export const saltBytes = 16;

export interface Commitment {
  /** 32 bytes: SHA-256(salt || bytes). */
  readonly commitment: Uint8Array;
  /** 16 bytes. */
  readonly salt: Uint8Array;
}
export interface ScopedCommitter {
  commit(bytes: Uint8Array): Commitment;
}

function join(salt: Uint8Array, bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(salt.length + bytes.length);
  joined.set(salt);
  joined.set(bytes, salt.length);
  return joined;
}

const blockBytes = 64;
/**
 * HMAC-SHA256 of 32-byte messages under one key of at most 64 bytes, with the key's two blocks made once: the platform's own takes longer
 * to set up than to compute, and there is one for every item.
 */
function hmacOfDigests(key: Uint8Array): (digest: Uint8Array) => Uint8Array {
  const inner = new Uint8Array(blockBytes + 32).fill(0x36, 0, blockBytes);
  const outer = new Uint8Array(blockBytes + 32).fill(0x5c, 0, blockBytes);
  for (const [at, byte] of key.entries()) {
    inner[at]! ^= byte;
    outer[at]! ^= byte;
  }
  return (digest) => {
    inner.set(digest, blockBytes);
    outer.set(sha256(inner), blockBytes);
    return sha256(outer);
  };
}

/**
 * Salted commitments. A bare hash of a small reply can be guessed in a second; the salt is derived and not drawn, so that the same content
 * in the same scope has the same commitment and is kept once, and content of different scopes cannot be compared.
 */
export function createCommitter(commitKey: Uint8Array): { scoped(scope: string): ScopedCommitter } {
  return {
    scoped(scope) {
      const saltOf = hmacOfDigests(createHmac('sha256', commitKey).update(`proofline/1 scope ${scope}`).digest());
      return {
        commit(bytes) {
          const salt = saltOf(sha256(bytes)).slice(0, saltBytes);
          return { commitment: sha256(join(salt, bytes)), salt };
        },
      };
    },
  };
}

/** Whether salt and bytes are what the commitment commits to. */
export function opens(commitment: Uint8Array, salt: Uint8Array, bytes: Uint8Array): boolean {
  return salt.length === saltBytes && equalBytes(sha256(join(salt, bytes)), commitment);
}
