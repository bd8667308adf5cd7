import { type Json, type JsonObject, refusedQuery, SourceError } from '../../../src/authoring.ts';
import type { RawRow } from '../client.ts';
import { bytesOf, type ConnectedTable, keptCell, StreamedRows, type TableReader } from './reader.ts';

/** A database inside of one transaction that can only read; every value comes as the database prints it. */
export interface ReadOnlyDatabase {
  readonly host: string;
  /** Who is signed in where: user, database, server and version. Begins the transaction. @throws SourceError */
  identity(): Promise<{ readonly principal: string | null; readonly asOf: string | null; readonly facts: JsonObject }>;
  /** Names of the columns first, then rows. One statement, already known to read alone. @throws SourceError */
  select(query: string, operation: string): AsyncGenerator<SqlBatch, void, undefined>;
  close(): void;
}
export interface SqlBatch {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** Reads a table that is the answer to one query. Total and rows are of the same moment: they are read in the same transaction. */
export function sqlReader(database: ReadOnlyDatabase, dialect: 'postgresql' | 'mysql' | 'sqlite', connected: ConnectedTable): TableReader {
  const { table } = connected;
  const wanted = Object.entries(table.columns).map(([name, { from }]) => [name, from ?? name] as const);
  let columns: readonly string[] | undefined;

  /** @throws SourceError `access-denied` (`query-refused`): it is not sent. */
  function checked(query: string | undefined, operation: string): string {
    const text = query ?? '';
    if (refusedQuery(text, dialect) !== undefined) throw new SourceError('access-denied', operation, { sourceCode: 'query-refused' });
    return text.trim().replace(/;$/, '');
  }

  const rows = new StreamedRows(async function* (): AsyncGenerator<RawRow, void, undefined> {
    let line = 0;
    for await (const batch of database.select(checked(connected.query, 'tabular:rows'), 'tabular:rows')) {
      columns ??= batch.columns;
      const places = wanted.flatMap(([name, from]) => (batch.columns.includes(from) ? [[name, batch.columns.indexOf(from)] as const] : []));
      for (const row of batch.rows) {
        line += 1;
        yield { line, cells: Object.fromEntries(places.map(([name, at]) => [name, keptCell(row[at] ?? null)])) };
      }
    }
  });

  return {
    host: database.host,
    principal: async () => (await database.identity()).principal,
    async page(after) {
      const page = await rows.page(after);
      const found = columns ?? [];
      const missing = wanted.filter(([, from]) => !found.includes(from)).map(([name]) => name);
      return { output: { ...page, missing }, bytes: bytesOf(page.rows) };
    },
    async facts() {
      const { asOf, facts } = await database.identity();
      const taken = new Set(wanted.map(([, from]) => from));
      const output = { asOf, undeclared: (columns ?? []).filter((name) => !taken.has(name)), facts };
      return { output, bytes: bytesOf(output) };
    },
    async total(total) {
      const values: Json[] = [];
      for await (const batch of database.select(checked(total.query, 'tabular:total'), 'tabular:total')) {
        for (const row of batch.rows) values.push(row.length === 1 ? (row[0] ?? null) : null);
        if (values.length > 1) break;
      }
      const [value] = values;
      const output = { value: values.length === 1 && typeof value === 'string' ? value : null };
      return { output, bytes: bytesOf(output) };
    },
    close() {
      rows.close();
      database.close();
    },
  };
}
