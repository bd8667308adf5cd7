import { createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { ProoflineError } from '../model/errors.ts';
import type { CommitmentKey, SigningKey, WrappingKey } from '../model/keys.ts';
import { signKeyId } from '../seal/signed-note.ts';

type Purpose = 'sign' | 'wrap' | 'commit';

/**
 * Names a key without giving anything of it away: a signing key by its public half, as statements do; the others by 16 hex digits of
 * an HMAC under the secret itself.
 */
export function keyIdOf(purpose: Purpose, secret: Uint8Array): string {
  if (purpose === 'sign') return signingKey(secret).id;
  return `${purpose}-${createHmac('sha256', secret).update(`proofline/1 key id ${purpose}`).digest('hex').slice(0, 16)}`;
}

/** RFC 8410: the fixed DER that comes before the 32 bytes of an Ed25519 private key. */
const ed25519Pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key from its 32-byte seed. */
export function signingKey(seed: Uint8Array): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([ed25519Pkcs8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(spki.length - 32));
  return {
    id: signKeyId(publicKey),
    publicKey,
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

/** Wraps data keys as nonce (12) || AES-256-GCM ciphertext || tag (16). */
export function wrappingKey(secret: Uint8Array): WrappingKey {
  const id = keyIdOf('wrap', secret);
  return {
    id,
    wrap(dataKey, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(context));
      return new Uint8Array(Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]));
    },
    unwrap(wrapped, context) {
      const decipher = createDecipheriv('aes-256-gcm', secret, wrapped.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(context)).setAuthTag(wrapped.subarray(wrapped.length - 16));
      try {
        return new Uint8Array(Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]));
      } catch (cause) {
        throw new ProoflineError('key-refused', `the wrap key ${id} does not open data key "${context}"`, { cause });
      }
    },
  };
}

export function commitmentKey(secret: Uint8Array): CommitmentKey {
  return { id: keyIdOf('commit', secret), bytes: secret };
}

/** In place of a key that is not there, for whoever only reads: `refuse` says what is missing, once it is needed. */
export function lostSigningKey(refuse: () => never): SigningKey {
  return { id: '', publicKey: new Uint8Array(32), sign: refuse };
}
export function lostWrappingKey(refuse: () => never): WrappingKey {
  return { id: '', wrap: refuse, unwrap: refuse };
}
export function lostCommitmentKey(refuse: () => never): CommitmentKey {
  return {
    id: '',
    get bytes() {
      return refuse();
    },
  };
}
