import { type FieldKind, type Json, recordTypes } from '../../src/authoring.ts';
import type { Table } from './table.ts';
import { Misfit, typedValue, type Value } from './typed-value.ts';

/** A cell or field that is not what was declared. */
export interface RowProblem {
  readonly column: string;
  readonly expected: string;
}
export interface ReadRow {
  /** Parts of the key as text; undefined when one of them could not be read. */
  readonly key: readonly string[] | undefined;
  /** Every declared column; what could not be read is among `problems` and not here. */
  readonly values: Readonly<Record<string, Value>>;
  /** Per field of the record type: what a column gives; undefined: no column gives it. */
  readonly fields: Readonly<Record<string, Value | Misfit | undefined>>;
  readonly problems: readonly RowProblem[];
}

/** Which column gives a field; undefined: none. */
export function columnOf(table: Table, field: string): string | undefined {
  return table.map[field] ?? (Object.hasOwn(table.columns, field) ? field : undefined);
}

/** Reads the cells of a row as the table declares them. Pure: at collection to name what does not fit, and whenever items are read. */
export function readRow(table: Table, cells: Readonly<Record<string, Json>>): ReadRow {
  const values: Record<string, Value> = {};
  const problems: RowProblem[] = [];
  for (const [name, column] of Object.entries(table.columns)) {
    const value = typedValue(Object.hasOwn(cells, name) ? cells[name] : undefined, column);
    if (value instanceof Misfit) problems.push({ column: name, expected: value.expected });
    else values[name] = value;
  }
  const bad = new Map(problems.map(({ column, expected }) => [column, expected]));
  const fields = Object.fromEntries(
    Object.entries<FieldKind>(recordTypes[table.as].fields).map(([field, kind]) => {
      const column = columnOf(table, field);
      if (column === undefined) return [field, undefined];
      const why = bad.get(column);
      const value = why === undefined ? fieldOf(values[column] ?? null, kind) : new Misfit(why);
      if (value instanceof Misfit && why === undefined) problems.push({ column, expected: value.expected });
      return [field, value];
    }),
  );
  const key = table.key.map((column) => values[column]);
  return { key: key.every((part) => part !== undefined && part !== null) ? key.map(textOf) : undefined, values, fields, problems };
}

function fieldOf(value: Value, kind: FieldKind): Value | Misfit {
  if (typeof kind !== 'string') {
    if (value === null) return null;
    const word = textOf(value).trim().toLowerCase();
    return kind.includes(word) ? word : new Misfit(`expected one of ${kind.join(', ')}, or a declared translation of it`);
  }
  if (kind === 'list') return value === null ? [] : Array.isArray(value) ? value : [textOf(value)];
  if (value === null) return null;
  return kind === 'text' || kind === 'decimal' ? textOf(value) : value;
}

function textOf(value: Value): string {
  return Array.isArray(value) ? value.join(';') : String(value);
}
