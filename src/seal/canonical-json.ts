import canonicalize from 'canonicalize';
import { ProoflineError } from '../model/errors.ts';

const deepest = 1000;
const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function refuse(what: string, path: readonly string[]): never {
  const where = path.length === 0 ? 'the value' : path.join('.');
  throw new ProoflineError('not-canonical', `${where} has no canonical form: ${what}`);
}

/** The library writes a Map as `{}`, drops undefined and unfolds a Buffer; what was sealed would then not be what was meant. */
function guard(value: unknown, path: string[], above: object[]): void {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'string':
      if (!value.isWellFormed()) refuse('a lone surrogate', path);
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(String(value), path);
      return;
    case 'object':
      break;
    default:
      refuse(typeof value, path);
  }
  if (value === null) return;
  if (above.includes(value)) refuse('a cycle', path);
  if (above.length >= deepest) refuse(`more than ${deepest} levels`, path);
  above.push(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(String(index));
      guard(value[index], path, above);
      path.pop();
    }
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) refuse(`an object of class ${value.constructor?.name ?? 'unknown'}`, path);
    if (Object.getOwnPropertySymbols(value).length > 0) refuse('a symbol as a key', path);
    for (const [key, member] of Object.entries(value)) {
      path.push(key);
      if (!key.isWellFormed()) refuse('a lone surrogate in a key', path);
      guard(member, path, above);
      path.pop();
    }
  }
  above.pop();
}

/**
 * RFC 8785 text of a JSON value.
 * @throws ProoflineError `not-canonical` for what JSON has no word for: undefined, NaN, BigInt, functions, class instances, lone surrogates, cycles.
 */
export function canonicalText(value: unknown): string {
  guard(value, [], []);
  const text = canonicalize(value);
  if (text === undefined) refuse('nothing to write', []);
  return text;
}

/** UTF-8 of {@link canonicalText}. */
export function canonicalBytes(value: unknown): Uint8Array {
  return encoder.encode(canonicalText(value));
}

/** Whether every object has its keys in order, as deep as a value may be. */
function keysInOrder(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= deepest) return false;
  if (Array.isArray(value)) return value.every((member) => keysInOrder(member, depth + 1));
  let former: string | undefined;
  for (const key in value) {
    if (former !== undefined && key <= former) return false;
    former = key;
    if (!keysInOrder((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/**
 * Whether a text that was parsed is canonical beyond doubt: JavaScript's own writer says numbers and strings as RFC 8785 wants them and drops
 * what is said twice, so only the order of keys is left to look at, and surrogates, which it escapes. What is not beyond doubt is written anew.
 */
function isPlainlyCanonical(text: string, value: unknown): boolean {
  return !text.includes('\\ud') && JSON.stringify(value) === text && keysInOrder(value, 0);
}

/**
 * Parses bytes that must be RFC 8785 JSON already.
 * @throws ProoflineError `not-canonical` when they are not UTF-8, not JSON, or not in canonical form.
 */
export function parseCanonical(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = strictDecoder.decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProoflineError('not-canonical', 'the bytes are not JSON in UTF-8', { cause });
  }
  if (!isPlainlyCanonical(text, value) && canonicalText(value) !== text)
    throw new ProoflineError('not-canonical', 'the bytes are JSON, but not in RFC 8785 form');
  return value;
}
