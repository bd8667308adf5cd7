import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { ProoflineError } from '../model/errors.ts';
import { canonicalBytes } from './canonical-json.ts';
import { equalBytes, fromBase64, sha256, toBase64, toHex } from './digest.ts';

/** C2SP signed-note with Ed25519 (signature type 0x01), and the checkpoint text of C2SP tlog-checkpoint without extension lines. */
const ed25519 = 1;
const keyIdBytes = 4;
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const dash = '\u2014';
const encoder = new TextEncoder();

function refuse(message: string, cause?: unknown): never {
  throw new ProoflineError('verification-failed', message, { cause });
}

function checkName(name: string): void {
  if (name === '' || /[\s+]/u.test(name) || !name.isWellFormed())
    throw new ProoflineError('usage', `not a key name: ${JSON.stringify(name)}`);
}

function keyIdOf(name: string, typed: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([encoder.encode(`${name}\n`), typed])).subarray(0, keyIdBytes);
}

function typedKey(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 32) throw new ProoflineError('usage', 'an Ed25519 public key is 32 bytes');
  return Buffer.concat([Uint8Array.of(ed25519), publicKey]);
}

/** `name+keyid+base64(0x01 || public key)`; `publicKey` raw, 32 bytes. */
export function vkeyOf(name: string, publicKey: Uint8Array): string {
  checkName(name);
  const typed = typedKey(publicKey);
  return `${name}+${toHex(keyIdOf(name, typed))}+${toBase64(typed)}`;
}

export interface VerifierKey {
  readonly vkey: string;
  readonly name: string;
  readonly keyId: Uint8Array;
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** @throws ProoflineError `verification-failed` for a vkey whose parts do not belong together. */
export function parseVkey(vkey: string): VerifierKey {
  const [name, id, key, ...rest] = vkey.split('+');
  // Base64 may contain '+' itself.
  const encoded = [key, ...rest].join('+');
  if (!name || !id || !key) refuse('not a vkey');
  try {
    checkName(name);
    const typed = fromBase64(encoded);
    const keyId = keyIdOf(name, typed);
    if (typed.length !== 33 || typed[0] !== ed25519 || toHex(keyId) !== id) refuse('the parts of a vkey do not belong together');
    return { vkey, name, keyId, publicKey: typed.subarray(1) };
  } catch (cause) {
    refuse('not a vkey', cause);
  }
}

/** Id of a signing key in statements: `sign-` and 128 bits of the digest of its raw public key, so that a statement fixes the key. */
export function signKeyId(publicKey: Uint8Array): string {
  return `sign-${toHex(sha256(publicKey)).slice(0, 32)}`;
}

/** What the old and the new signing key both sign when one takes over from the other. The first line keeps it apart from a note. */
export function keyRotationMessage(rotation: { at: string; retired: string; introduced: string; vkey: string }): Uint8Array {
  const { at, retired, introduced, vkey } = rotation;
  return Buffer.concat([encoder.encode('proofline/1 key\n'), canonicalBytes({ at, introduced, retired, vkey })]);
}

const keyObjects = new Map<string, KeyObject>();

/** Verifies an Ed25519 signature with a raw public key. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const known = toHex(publicKey);
  let key = keyObjects.get(known);
  if (key === undefined) {
    key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
    keyObjects.set(known, key);
  }
  return verify(null, message, key, signature);
}

/**
 * Signs a text that ends in a newline. `sign` gives the Ed25519 signature (64 bytes) over the bytes it is handed.
 * @throws ProoflineError `usage` for a text that a note cannot carry.
 */
export function signNote(text: string, name: string, publicKey: Uint8Array, sign: (bytes: Uint8Array) => Uint8Array): string {
  checkName(name);
  if (!isNoteText(text)) throw new ProoflineError('usage', 'a note ends in one newline and has no control characters');
  const signature = sign(encoder.encode(text));
  if (signature.length !== 64) throw new ProoflineError('usage', 'an Ed25519 signature is 64 bytes');
  const keyId = keyIdOf(name, typedKey(publicKey));
  return `${text}\n${dash} ${name} ${toBase64(Buffer.concat([keyId, signature]))}\n`;
}

function isNoteText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}

/**
 * Opens a signed note. `by` are the vkeys, of those given, that signed it.
 * @throws ProoflineError `verification-failed` when it is malformed, when a signature by a given key is wrong, or when none is by a given key.
 */
export function openNote(note: string, vkeys: readonly string[]): { text: string; by: string[] } {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !isNoteText(note)) refuse('not a signed note');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > 100) refuse('a note with more than 100 signatures');
  const known = vkeys.map(parseVkey);
  const message = encoder.encode(text);
  const by: string[] = [];
  for (const line of lines) {
    const [mark, name, encoded, ...rest] = line.split(' ');
    if (mark !== dash || !name || !encoded || rest.length > 0) refuse('a signature line of a note is malformed');
    let bytes: Uint8Array;
    try {
      bytes = fromBase64(encoded);
    } catch (cause) {
      refuse('a signature of a note is not base64', cause);
    }
    if (bytes.length <= keyIdBytes) refuse('a signature of a note is too short');
    const key = known.find((candidate) => candidate.name === name && equalBytes(candidate.keyId, bytes.subarray(0, keyIdBytes)));
    if (key === undefined) continue;
    if (by.includes(key.vkey)) refuse('a note is signed twice by one key');
    if (!verifySignature(key.publicKey, message, bytes.subarray(keyIdBytes))) refuse('a signature of a note is wrong');
    by.push(key.vkey);
  }
  if (by.length === 0) refuse('a note is not signed by a known key');
  return { text, by };
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root}\n`;
}

/** @throws ProoflineError `verification-failed` when the text is not exactly what {@link checkpointText} writes. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root] = text.split('\n');
  const checkpoint = { origin: origin ?? '', size: Number(size), root: root ?? '' };
  if (!Number.isSafeInteger(checkpoint.size) || checkpoint.size < 0 || checkpoint.origin === '' || checkpointText(checkpoint) !== text) {
    refuse('not a checkpoint');
  }
  try {
    if (fromBase64(checkpoint.root).length !== 32) refuse('the root of a checkpoint is not 32 bytes');
  } catch (cause) {
    refuse('the root of a checkpoint is not base64', cause);
  }
  return checkpoint;
}
