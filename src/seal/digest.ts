import { hash } from 'node:crypto';
import { ProoflineError } from '../model/errors.ts';
import { canonicalBytes } from './canonical-json.ts';

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** `sha256:` + hex of the canonical bytes: for public things (logic, parameters, configuration), never for what a source said. */
export function digestOf(value: unknown): string {
  return `sha256:${hash('sha256', canonicalBytes(value), 'hex')}`;
}

/** Standard alphabet, padded. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Strict: one text for one sequence of bytes, so that no character of an export can change unseen.
 * @throws ProoflineError `not-canonical` for anything but padded standard base64 with zero padding bits.
 */
export function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new ProoflineError('not-canonical', 'not padded standard base64');
  return bytes;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
