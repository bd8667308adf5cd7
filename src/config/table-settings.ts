import { relative } from 'node:path';
import type { JsonObject } from '../model/json.ts';
import type { TabularSource, TabularTable } from './tabular-settings.ts';

/**
 * What is sealed of a declared table: what a row is, its columns, and where it is read. No secret and no place of this machine: files are
 * named as the configuration names them, relative to its own directory.
 */
export function tableSettings(source: TabularSource, table: TabularTable, directory: string): JsonObject {
  const local = (source.kind === 'csv' || source.kind === 'jsonl') && source.bucket === undefined;
  const told = (path: string) => (local ? relative(directory, path) : path);
  const from = {
    ...(source.url === undefined ? {} : { url: source.url }),
    ...(source.bucket === undefined ? {} : { bucket: source.bucket }),
    ...(source.endpointUrl === undefined ? {} : { endpointUrl: source.endpointUrl }),
    ...(source.file === undefined ? {} : { file: relative(directory, source.file) }),
    ...(table.path === undefined ? {} : { path: told(table.path) }),
    ...(table.query === undefined ? {} : { query: table.query }),
  };
  const { name, as, key, columns, map, trailer, totals, atLeast, maxShrink, confirmedShrinks } = table;
  const settings = {
    table: `${source.name}.${name}`,
    kind: source.kind,
    as,
    key,
    columns,
    map,
    from,
    ...{ trailer, atLeast, maxShrink },
    totals: totals.map((total) => (total.path === undefined ? total : { ...total, path: told(total.path) })),
    confirmedShrinks,
  };
  // As it is sealed: nothing that is undefined.
  return JSON.parse(JSON.stringify(settings)) as JsonObject;
}
