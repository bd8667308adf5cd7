import type { Json, JsonObject } from '../../../src/authoring.ts';
import type { Table } from '../table.ts';
import { keptCell } from './reader.ts';

/** JSON in which every number is the text it was written as: 12.10 stays 12.10. @throws SyntaxError */
export function exactJson(text: string): Json {
  return JSON.parse(text, function (this: unknown, _key: string, value: unknown, context?: { readonly source?: string }) {
    return typeof value === 'number' ? (context?.source ?? String(value)) : value;
  }) as Json;
}

/** The value at a dotted path; a member of that very name comes first. undefined: there is none. */
export function memberAt(value: Json, path: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const object = value as JsonObject;
  if (Object.hasOwn(object, path)) return object[path];
  const dot = path.indexOf('.');
  if (dot === -1 || !Object.hasOwn(object, path.slice(0, dot))) return undefined;
  return memberAt(object[path.slice(0, dot)] ?? null, path.slice(dot + 1));
}

/** The declared columns of a record. JSON may leave out what is none, where a column is optional. */
export function pickCells(table: Table, record: JsonObject): Record<string, Json> {
  const cells: Record<string, Json> = {};
  for (const [name, { from, optional }] of Object.entries(table.columns)) {
    const value = memberAt(record, from ?? name) ?? (optional ? null : undefined);
    if (value !== undefined) cells[name] = keptCell(value);
  }
  return cells;
}

/** Members of a record that no column takes, by their first name. */
export function undeclaredIn(table: Table, record: JsonObject): readonly string[] {
  const taken = new Set(Object.entries(table.columns).flatMap(([name, { from }]) => [from ?? name, (from ?? name).split('.')[0] ?? name]));
  return Object.keys(record).filter((name) => !taken.has(name));
}
