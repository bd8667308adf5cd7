import { Temporal } from 'temporal-polyfill';
import type { Json } from '../../src/authoring.ts';
import type { Column } from './table.ts';

/** What a cell comes to: decimals as text, days as `2026-11-28`, times in UTC; null for none. */
export type Value = string | number | boolean | readonly string[] | null;

/** A cell that is not what its column declares. `expected` never repeats what is in it. */
export class Misfit {
  readonly expected: string;
  constructor(expected: string) {
    this.expected = expected;
  }
}

const yes = new Set(['true', 't', 'yes', 'y', '1']);
const no = new Set(['false', 'f', 'no', 'n', '0']);

/** Reads one cell as its column declares it. undefined: the source has no such column. Pure. */
export function typedValue(raw: Json | undefined, column: Column): Value | Misfit {
  if (raw === undefined) return new Misfit('is missing');
  if (Array.isArray(raw)) return column.type === 'list' ? listOf(raw) : new Misfit(`expected ${wordsFor[column.type]}`);
  if (typeof raw === 'object' && raw !== null) return unkept(raw as Readonly<Record<string, Json>>, column);
  const text = raw === null ? '' : String(raw);
  if (text.trim() === '') {
    if (!column.optional) return new Misfit('must not be empty');
    return column.type === 'list' ? [] : null;
  }
  if (text.includes('\0')) return new Misfit('holds a NUL character');
  if (text.includes('\uFFFD')) return new Misfit('holds bytes that are no characters in the declared encoding');
  return convert(text, column) ?? new Misfit(`expected ${wordsFor[column.type]}`);
}

const wordsFor: Readonly<Record<Column['type'], string>> = {
  text: 'text',
  integer: 'a whole number below 2^53',
  decimal: 'a decimal number',
  boolean: 'true or false',
  date: 'a day as the column declares it',
  time: 'a time with its offset from UTC, or a declared zone',
  list: 'a list of text',
};

/** What stands in place of text that is not kept: a secret that was withheld, a cell that is too long. */
function unkept(raw: Readonly<Record<string, Json>>, column: Column): Value | Misfit {
  if (typeof raw['tooLong'] === 'number') return new Misfit(`has ${raw['tooLong']} characters, which is no cell of a table`);
  if (raw['$redacted'] !== undefined && column.type === 'text') {
    return ['$redacted', raw['$redacted'], raw['tag']].filter((part) => typeof part === 'string').join(':');
  }
  return new Misfit(`expected ${wordsFor[column.type]}`);
}

function listOf(raw: readonly Json[]): Value | Misfit {
  const parts = raw.map((part) => (typeof part === 'string' || typeof part === 'number' ? String(part).trim() : undefined));
  return parts.every((part) => part !== undefined) ? parts.filter((part) => part !== '') : new Misfit(`expected ${wordsFor.list}`);
}

function convert(text: string, column: Column): Value | Misfit | undefined {
  const plain = text.trim();
  switch (column.type) {
    case 'text': {
      if (column.values === undefined) return text;
      const ours = Object.hasOwn(column.values, plain) ? column.values[plain] : undefined;
      return ours ?? new Misfit(`expected one of the declared values: ${Object.keys(column.values).join(', ')}`);
    }
    case 'integer':
      return /^[+-]?\d+$/.test(plain) && Number.isSafeInteger(Number(plain)) ? Number(plain) + 0 : undefined;
    case 'decimal':
      return decimalOf(plain, column.decimalMark ?? '.');
    case 'boolean': {
      const word = plain.toLowerCase();
      return yes.has(word) ? true : no.has(word) ? false : undefined;
    }
    case 'date':
      return dayOf(plain, column.format ?? 'yyyy-mm-dd');
    case 'time':
      return timeOf(plain, column.zone);
    case 'list':
      return plain
        .split(column.separator ?? ';')
        .map((part) => part.trim())
        .filter((part) => part !== '');
  }
}

/** As many places as the source gives; no sign before a positive one, none before zero, no leading zeros. */
function decimalOf(text: string, mark: '.' | ','): string | undefined {
  const written = mark === '.' ? /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) : /^([+-]?)(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d+))?$/.exec(text);
  if (written === null) return undefined;
  const [, sign, whole = '', places] = written;
  const digits = whole.replaceAll('.', '').replace(/^0+(?=\d)/, '');
  const number = places === undefined ? digits : `${digits}.${places}`;
  return sign === '-' && /[1-9]/.test(number) ? `-${number}` : number;
}

function dayOf(text: string, format: string): string | undefined {
  const part = (letters: string) => format.indexOf(letters);
  if (text.length !== format.length) return undefined;
  for (const [at, letter] of [...format].entries()) {
    const char = text[at] ?? '';
    if ('ymd'.includes(letter) ? !/\d/.test(char) : char !== letter) return undefined;
  }
  const number = (letters: string) => Number(text.slice(part(letters), part(letters) + letters.length));
  try {
    return Temporal.PlainDate.from({ year: number('yyyy'), month: number('mm'), day: number('dd') }, { overflow: 'reject' }).toString();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** ISO-8601, or with a blank and a short offset as databases print it. */
function timeOf(text: string, zone: string | undefined): string | undefined {
  const written = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(text);
  if (written === null) return undefined;
  const [, day, clock, offset] = written;
  try {
    const instant =
      offset === undefined
        ? zone === undefined
          ? undefined
          : Temporal.PlainDateTime.from(`${day}T${clock}`, { overflow: 'reject' }).toZonedDateTime(zone).toInstant()
        : Temporal.Instant.from(`${day}T${clock}${/^[+-]\d\d$/.test(offset) ? `${offset}:00` : offset.toUpperCase()}`);
    return instant?.toString({ smallestUnit: 'millisecond' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
