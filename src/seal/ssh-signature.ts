import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { ProoflineError } from '../model/errors.ts';
import { equalBytes, fromBase64, sha256, toBase64 } from './digest.ts';

/**
 * OpenSSH public keys and detached signatures (PROTOCOL.sshsig), so that `ssh-keygen -Y verify` checks a decision without us.
 * Key types: ssh-ed25519, sk-ssh-ed25519@openssh.com, ecdsa-sha2-nistp256, ssh-rsa from 2048 bits on.
 */
const magic = new TextEncoder().encode('SSHSIG');
const begin = '-----BEGIN SSH SIGNATURE-----';
const end = '-----END SSH SIGNATURE-----';
const hashes = ['sha256', 'sha512'] as const;
const leastRsaBits = 2048;
const userPresent = 1;
const keyTypes = ['ssh-ed25519', 'sk-ssh-ed25519@openssh.com', 'ecdsa-sha2-nistp256', 'ssh-rsa'] as const;
type KeyType = (typeof keyTypes)[number];

export interface SshPublicKey {
  readonly type: KeyType;
  /** In the wire form; what the fingerprint is taken of. */
  readonly blob: Uint8Array;
  /** As OpenSSH prints it: `SHA256:` and base64 without padding. */
  readonly fingerprint: string;
  /** What follows in the line: an address or a name. Says nothing. */
  readonly comment: string;
}

/** Reads the binary encoding of RFC 4251, section 5. */
class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('it ends in the middle');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  uint32(): number {
    return Buffer.from(this.take(4)).readUInt32BE();
  }
  string(): Uint8Array {
    return this.take(this.uint32());
  }
  text(): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.string());
  }
  /** A positive number without its sign byte. */
  positive(): Uint8Array {
    const bytes = this.string();
    if (bytes.length > 0 && bytes[0]! & 0x80) throw new RangeError('a number is negative');
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  }
  end(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError('something follows it');
  }
}
function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
function wire(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part;
      return [uint32(bytes.length), bytes];
    }),
  );
}
const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${toBase64(sha256(blob)).replaceAll('=', '')}`;
}

interface OpenedKey {
  readonly type: KeyType;
  readonly key: KeyObject;
  /** Of a security key: what it was made for. */
  readonly application: Uint8Array | undefined;
}
/** @throws Error with a plain sentence when it is no key, or of a kind that is not taken. */
function openKey(blob: Uint8Array): OpenedKey {
  const reader = new WireReader(blob);
  const type = reader.text();
  const jwk = (value: Record<string, string>): KeyObject => createPublicKey({ format: 'jwk', key: value });
  switch (type) {
    case 'ssh-ed25519':
    case 'sk-ssh-ed25519@openssh.com': {
      const raw = reader.string();
      const application = type === 'ssh-ed25519' ? undefined : reader.string();
      reader.end();
      if (raw.length !== 32) throw new RangeError('an Ed25519 public key is 32 bytes');
      return { type, key: jwk({ kty: 'OKP', crv: 'Ed25519', x: base64Url(raw) }), application };
    }
    case 'ecdsa-sha2-nistp256': {
      const curve = reader.text();
      const point = reader.string();
      reader.end();
      if (curve !== 'nistp256' || point.length !== 65 || point[0] !== 4) throw new RangeError('not an uncompressed point of nistp256');
      const [x, y] = [point.subarray(1, 33), point.subarray(33)];
      return { type, key: jwk({ kty: 'EC', crv: 'P-256', x: base64Url(x), y: base64Url(y) }), application: undefined };
    }
    case 'ssh-rsa': {
      const e = reader.positive();
      const n = reader.positive();
      reader.end();
      if (n.length * 8 < leastRsaBits) throw new RangeError(`an RSA key of less than ${leastRsaBits} bits is not taken`);
      return { type, key: jwk({ kty: 'RSA', n: base64Url(n), e: base64Url(e) }), application: undefined };
    }
    default:
      throw new RangeError(`keys of type ${JSON.stringify(type)} are not taken: ${keyTypes.join(', ')} are`);
  }
}
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * A line of an OpenSSH public key file: `ssh-ed25519 AAAA... comment`.
 * @throws ProoflineError `key-refused` saying what is wrong with it; a private key is never repeated in the message.
 */
export function parseSshPublicKey(line: string): SshPublicKey {
  const refuse = (message: string, cause?: unknown): never => {
    throw new ProoflineError('key-refused', message, { cause });
  };
  if (line.includes('PRIVATE KEY')) refuse('this is a private key: give the public one (the file that ends in .pub)');
  const lines = line.split(/\r?\n/).filter((part) => part.trim() !== '');
  if (lines.length !== 1) refuse(`expected one line with an OpenSSH public key, found ${lines.length}`);
  const [type = '', encoded = '', ...comment] = lines[0]!.trim().split(/\s+/);
  try {
    const blob = fromBase64(encoded);
    const opened = openKey(blob);
    if (opened.type !== type) refuse(`the line says ${type}, the key in it is ${opened.type}`);
    return { type: opened.type, blob, fingerprint: fingerprintOf(blob), comment: comment.join(' ') };
  } catch (error) {
    if (error instanceof ProoflineError && error.code === 'key-refused') throw error;
    return refuse(`not an OpenSSH public key (ssh-ed25519 AAAA...): ${reasonOf(error)}`, error);
  }
}

interface ParsedSignature {
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  readonly hash: (typeof hashes)[number];
  readonly signature: Uint8Array;
}
function parseSignature(armoured: string): ParsedSignature {
  const lines = armoured.trim().split('\n');
  if (lines[0] !== begin || lines.at(-1) !== end) throw new RangeError(`it does not stand between ${begin} and ${end}`);
  const reader = new WireReader(fromBase64(lines.slice(1, -1).join('')));
  if (!equalBytes(reader.take(magic.length), magic)) throw new RangeError('it does not begin as one');
  const version = reader.uint32();
  if (version !== 1) throw new RangeError(`it is of version ${version}, not 1`);
  const publicKey = reader.string();
  const namespace = reader.text();
  reader.string();
  const algorithm = reader.text();
  const signature = reader.string();
  reader.end();
  const known = hashes.find((name) => name === algorithm);
  if (known === undefined) throw new RangeError(`it uses the hash ${algorithm}, and only ${hashes.join(' and ')} are taken`);
  return { publicKey, namespace, hash: known, signature };
}

/** What is signed in place of the message: PROTOCOL.sshsig, with an empty reserved member. */
function signedData(namespace: string, algorithm: (typeof hashes)[number], message: Uint8Array): Uint8Array {
  return Buffer.concat([magic, wire(namespace, '', algorithm, hash(algorithm, message, 'buffer'))]);
}

function holds({ type, key, application }: OpenedKey, signature: Uint8Array, data: Uint8Array): boolean {
  const reader = new WireReader(signature);
  const algorithm = reader.text();
  const raw = reader.string();
  if (type === 'sk-ssh-ed25519@openssh.com') {
    const [flags, counter] = [reader.take(1), reader.take(4)];
    reader.end();
    // A security key signs what it was made for, whether it was touched, and a counter along with the data.
    const touched = (flags[0]! & userPresent) === userPresent;
    const whole = Buffer.concat([sha256(application ?? new Uint8Array()), flags, counter, sha256(data)]);
    return algorithm === type && touched && verify(null, whole, key, raw);
  }
  reader.end();
  switch (type) {
    case 'ssh-ed25519':
      return algorithm === type && verify(null, data, key, raw);
    case 'ecdsa-sha2-nistp256': {
      const numbers = new WireReader(raw);
      const halves = [numbers.positive(), numbers.positive()].map((half) => {
        if (half.length > 32) throw new RangeError('a number of the signature is too long');
        return Buffer.concat([Buffer.alloc(32 - half.length), half]);
      });
      numbers.end();
      return algorithm === type && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(halves));
    }
    case 'ssh-rsa':
      if (algorithm !== 'rsa-sha2-256' && algorithm !== 'rsa-sha2-512') throw new RangeError(`${algorithm} signatures are not taken`);
      return verify(algorithm.slice(-3) === '256' ? 'sha256' : 'sha512', data, key, raw);
  }
}

/**
 * Checks a detached signature over `message` and returns the key that made it. Whose key that is says the register of persons.
 * @throws ProoflineError `verification-failed` saying what does not hold: its form, its namespace, or the signature itself.
 */
export function verifySshSignature(message: Uint8Array, armoured: string, namespace: string): SshPublicKey {
  const refuse = (why: string, cause?: unknown): never => {
    throw new ProoflineError('verification-failed', why, { cause });
  };
  let parsed: ParsedSignature;
  let opened: OpenedKey;
  let good = false;
  try {
    parsed = parseSignature(armoured);
    opened = openKey(parsed.publicKey);
  } catch (error) {
    return refuse(`not an SSH signature: ${reasonOf(error)}`, error);
  }
  if (parsed.namespace !== namespace)
    refuse(`the signature was made for the namespace ${JSON.stringify(parsed.namespace)}, not for ${JSON.stringify(namespace)}`);
  try {
    good = holds(opened, parsed.signature, signedData(namespace, parsed.hash, message));
  } catch (error) {
    refuse(`not an SSH signature: ${reasonOf(error)}`, error);
  }
  if (!good) refuse('the signature is over something else, or was not made by its key');
  return { type: opened.type, blob: parsed.publicKey, fingerprint: fingerprintOf(parsed.publicKey), comment: '' };
}

/** An Ed25519 private key in PKCS#8 PEM, as a key that signs in the form of `ssh-keygen -Y sign`. */
export interface SshSigner {
  readonly publicKey: SshPublicKey;
  sign(message: Uint8Array, namespace: string): string;
}
/** @throws ProoflineError `key-refused` when it is anything else. */
export function sshSignerOf(pem: string): SshSigner {
  let key: KeyObject;
  let raw: Uint8Array;
  try {
    key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new RangeError(`it is of type ${key.asymmetricKeyType ?? 'unknown'}`);
    raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  } catch (cause) {
    throw new ProoflineError('key-refused', `not an Ed25519 private key in PKCS#8 (PEM): ${reasonOf(cause)}`, { cause });
  }
  const blob = wire('ssh-ed25519', raw);
  return {
    publicKey: { type: 'ssh-ed25519', blob, fingerprint: fingerprintOf(blob), comment: '' },
    sign(message, namespace) {
      const signature = wire('ssh-ed25519', sign(null, signedData(namespace, 'sha512', message), key));
      const whole = Buffer.concat([magic, uint32(1), wire(blob, namespace, '', 'sha512', signature)]);
      const lines = toBase64(whole).match(/.{1,70}/g) ?? [];
      return `${[begin, ...lines, end].join('\n')}\n`;
    },
  };
}
/** `ssh-ed25519 AAAA...`: as a public key file has it. */
export function sshKeyLine(key: Pick<SshPublicKey, 'type' | 'blob'>): string {
  return `${key.type} ${toBase64(key.blob)}`;
}
