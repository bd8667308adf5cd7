import { ProoflineError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import { toBase64 } from './digest.ts';

function refuse(what: string): never {
  throw new ProoflineError('not-canonical', `a source value has no JSON form: ${what}`);
}

function encodeNumber(value: number): Json {
  if (!Number.isFinite(value)) refuse(String(value));
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? { $integer: BigInt(value).toString() } : value;
}

function encodeBigInt(value: bigint): Json {
  const safe = BigInt.asIntN(54, value) === value && Number.isSafeInteger(Number(value));
  return safe ? Number(value) : { $integer: value.toString() };
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : refuse('a lone surrogate');
}

function encodeObject(value: object): Json {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? refuse('an invalid date') : value.toISOString();
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if (Array.isArray(value)) return Array.from(value, (member: unknown) => encodeItem(member));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuse(`an object of class ${value.constructor?.name ?? 'unknown'}`);
  // A source's own "$..." keys are doubled, so that our tags can never be forged by what a source says.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [wellFormed(key.startsWith('$') ? `$${key}` : key), encodeItem(member)]),
  );
}

/**
 * Writes what a source's SDK parsed as plain JSON: dates as ISO-8601 with milliseconds, bytes as `{"$bytes": base64}`, integers beyond 2^53 as
 * `{"$integer": digits}`. An absent member stays absent; a key of the source that starts with `$` gets another `$` in front.
 * @throws ProoflineError `not-canonical` for anything else JSON has no word for, undefined in an array included.
 */
export function encodeItem(value: unknown): Json {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return wellFormed(value);
    case 'number':
      return encodeNumber(value);
    case 'bigint':
      return encodeBigInt(value);
    case 'object':
      return value === null ? null : encodeObject(value);
    default:
      return refuse(typeof value);
  }
}
