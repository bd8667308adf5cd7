import type { GapReason } from '../../model/completeness.ts';
import { type Decimal, decimalOfNumber, parseDecimal } from './decimal.ts';
import type { Cell, RecordColumn, RecordRow, RecordTable } from './record-table.ts';

/** Of this record it cannot be told whether the claim holds: it never does then. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
  readonly reason: GapReason;
  constructor(message: string, reason: GapReason = 'malformed-reply') {
    super(message);
    this.reason = reason;
  }
}

export type Column = RecordColumn & {
  readonly name: string;
  /** What stands in the column is a date or time, and its month is meant. */
  readonly month?: true;
};

/** `bookedOn@month` is the month of bookedOn. */
export function monthOf(name: string): readonly [column: string, isMonth: boolean] {
  return name.endsWith('@month') ? [name.slice(0, -'@month'.length), true] : [name, false];
}

/** @throws Error for a column the table does not have: the configuration was checked, so it is a bug. */
export function columnOf(table: RecordTable, name: string): Column {
  const [own, isMonth] = monthOf(name);
  const column = table.columns.get(own);
  if (column === undefined) throw new Error(`${table.name} has no column ${own}`);
  return isMonth ? { ...column, name: own, month: true } : { ...column, name: own };
}
export function columnsOf(table: RecordTable, names: readonly string[]): readonly Column[] {
  return names.map((name) => columnOf(table, name));
}

/** What the record says; null: it says that there is none. @throws Undecided when it could not be read. */
function cellOf(row: RecordRow, column: Column): Cell {
  const cell = row.values[column.name];
  if (cell === undefined) throw new Undecided(`${column.name} could not be read`, row.unread?.[column.name]);
  return cell === '' ? null : cell;
}

/** @throws Undecided */
export function textIn(row: RecordRow, column: Column): string | null {
  const cell = cellOf(row, column);
  return cell === null ? null : typeof cell === 'string' ? cell : String(cell);
}

/** @throws Undecided for what is no exact decimal number. */
export function decimalIn(row: RecordRow, column: Column): Decimal | null {
  const cell = cellOf(row, column);
  if (cell === null) return null;
  const decimal = typeof cell === 'string' ? parseDecimal(cell) : typeof cell === 'number' ? decimalOfNumber(cell) : undefined;
  if (decimal === undefined) throw new Undecided(`${column.name} is no exact amount`);
  return decimal;
}

export const dayMs = 86_400_000;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
/** As tabular sources give every time. */
const utcForm = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Milliseconds since 1970; of a date its first, UTC. @throws Undecided for what is no date, or a time that does not say its zone. */
export function instantIn(row: RecordRow, column: Column): number | null {
  const cell = cellOf(row, column);
  if (cell === null) return null;
  const at = typeof cell !== 'string' ? undefined : column.type === 'date' ? startOf(cell) : instantOf(cell);
  if (at === undefined) throw new Undecided(`${column.name} is no ${column.type === 'date' ? 'date' : 'time with its zone'}`);
  return at;
}
function instantOf(text: string): number | undefined {
  if (utcForm.test(text)) {
    const day = startOf(text.slice(0, 10));
    const part = (from: number, to: number) => Number(text.slice(from, to));
    return day === undefined ? undefined : day + part(11, 13) * 3_600_000 + part(14, 16) * 60_000 + part(17, 19) * 1000 + part(20, 23);
  }
  const at = timeForm.test(text) && startOf(text.slice(0, 10)) !== undefined ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}
/** A population has as many dates as days: each is worked out once. */
const days = new Map<string, number | undefined>();
function startOf(day: string): number | undefined {
  if (days.has(day)) return days.get(day);
  const at = dayForm.test(day) ? Date.parse(day) : Number.NaN;
  // A calendar rolls the 30th of February over into March; nobody was paid on it.
  const found = Number.isFinite(at) && new Date(at).toISOString().slice(0, 10) === day ? at : undefined;
  if (days.size > 20_000) days.clear();
  days.set(day, found);
  return found;
}

/** The first day counted from 1970 on which an instant lies: of a date that one, of a time as its zone has it. */
export function dayOf(at: number, column: Pick<RecordColumn, 'type'>, zone: string): number {
  if (column.type === 'date' || zone === 'UTC') return Math.floor(at / dayMs);
  return Math.floor((at + offsetOf(at, zone)) / dayMs);
}
/** How far a zone is ahead of UTC at an instant, in milliseconds. */
export function offsetOf(at: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(at / 1000) * 1000;
}
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
/** As a message names it: a date as a date, a time as a time. */
export function timeText(at: number, column: Pick<RecordColumn, 'type'>): string {
  const text = new Date(at).toISOString();
  return column.type === 'date' ? text.slice(0, 10) : text;
}

/** One text for several cells, so that equal records have equal ones and no others have; null: one of them is empty. */
export function keyIn(row: RecordRow, columns: readonly Column[]): string | null {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return partIn(row, only);
  const parts: string[] = [];
  for (const column of columns) {
    const part = partIn(row, column);
    if (part === null) return null;
    parts.push(part);
  }
  return parts.join('\u0000');
}
/** Numbers and times as what they are and not as they are written: 100.0 and 100.00 are one amount. */
function partIn(row: RecordRow, column: Column): string | null {
  switch (column.type) {
    case 'text':
    case 'boolean':
      return textIn(row, column);
    case 'integer':
    case 'decimal': {
      const decimal = decimalIn(row, column);
      if (decimal === null) return null;
      return decimal.scale === 0 ? String(decimal.units) : trimmed(decimal);
    }
    case 'date':
    case 'time': {
      const at = instantIn(row, column);
      return at === null ? null : column.month === true ? timeText(at, column).slice(0, 7) : timeText(at, column);
    }
  }
}
function trimmed({ units, scale }: Decimal): string {
  let [left, places] = [units, scale];
  while (places > 0 && left % 10n === 0n) [left, places] = [left / 10n, places - 1];
  return `${left}e-${places}`;
}
/** The same cells as a message names them. */
export function shownIn(row: RecordRow, columns: readonly Column[]): string {
  return columns
    .map((column) =>
      String(column.month === true ? partIn(row, column) : column.type === 'decimal' ? decimalIn(row, column) : textIn(row, column)),
    )
    .join(', ');
}
