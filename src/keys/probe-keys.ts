import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Keys } from '../model/keys.ts';

/** What trying each key once showed; for `doctor`. */
export interface KeyProbe {
  readonly signs: boolean;
  readonly decrypts: boolean;
  readonly ids: { readonly sign: string; readonly wrap: string; readonly commit: string };
}

/** Signs and verifies, wraps and unwraps. Whether these keys open what is stored is the store's to try (`tryDecryption`). */
export function probeKeys(keys: Keys): KeyProbe {
  const sample = new Uint8Array(randomBytes(32));
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(keys.sign.publicKey).toString('base64url') },
    format: 'jwk',
  });
  const opened = keys.wrap.unwrap(keys.wrap.wrap(sample, 'probe'), 'probe');
  return {
    signs: verify(null, sample, publicKey, keys.sign.sign(sample)),
    decrypts: Buffer.compare(sample, opened) === 0,
    ids: { sign: keys.sign.id, wrap: keys.wrap.id, commit: keys.commit.id },
  };
}
