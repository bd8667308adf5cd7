import type { SecretReference } from './secret.ts';
import type { TabularSource } from './tabular-settings.ts';

/** A tabular source with its files and secrets where the configuration file means them. What lies in a bucket has no place here. */
export function placedTabular(
  source: TabularSource,
  place: (path: string) => string,
  secret: (reference: SecretReference) => SecretReference,
): TabularSource {
  const local = (source.kind === 'csv' || source.kind === 'jsonl') && source.bucket === undefined;
  return {
    ...source,
    ...(source.file === undefined ? {} : { file: place(source.file) }),
    ...(source.caFile === undefined ? {} : { caFile: place(source.caFile) }),
    ...(source.credentials === undefined ? {} : { credentials: secret(source.credentials) }),
    tables: source.tables.map((table) => ({
      ...table,
      ...(local && table.path !== undefined ? { path: place(table.path) } : {}),
      totals: table.totals.map((total) => (local && total.path !== undefined ? { ...total, path: place(total.path) } : total)),
    })),
  };
}
