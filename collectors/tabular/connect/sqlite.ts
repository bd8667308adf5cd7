import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { type Json, SourceError } from '../../../src/authoring.ts';
import type { ReadOnlyDatabase, SqlBatch } from './sql-reader.ts';

const batchRows = 5_000;

/** An SQLite file, opened so that nothing can be written to it. */
export function sqliteDatabase(file: string): ReadOnlyDatabase {
  let database: DatabaseSync | undefined;
  let asOf: string | null = null;

  function opened(operation: string): DatabaseSync {
    if (database !== undefined) return database;
    // Not there is an answer: asking again does not bring it.
    if (!existsSync(file)) throw new SourceError('source-unavailable', operation, { sourceCode: 'ENOENT', status: 404 });
    try {
      database = new DatabaseSync(file, { readOnly: true, allowExtension: false, enableForeignKeyConstraints: false });
      database.exec('PRAGMA query_only = ON; BEGIN');
      // The first read begins the moment that all that follows is read of.
      asOf = textOf(
        database.prepare("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS at FROM (SELECT count(*) FROM sqlite_schema)").get()?.['at'] ??
          null,
      );
    } catch (cause) {
      database = undefined;
      throw refusal(cause, operation);
    }
    return database;
  }

  return {
    host: 'this-machine',
    async identity() {
      const version = textOf(opened('tabular:table').prepare('SELECT sqlite_version() AS version').get()?.['version'] ?? null);
      return { principal: userInfo().username, asOf, facts: { server: `SQLite ${version ?? ''}` } };
    },
    async *select(query, operation): AsyncGenerator<SqlBatch, void, undefined> {
      try {
        const statement = opened(operation).prepare(query);
        statement.setReadBigInts(true);
        statement.setReturnArrays(true);
        const columns = statement.columns().map(({ name }) => name);
        let rows: (readonly Json[])[] = [];
        yield { columns, rows };
        for (const row of statement.iterate() as unknown as Iterable<readonly SQLOutputValue[]>) {
          rows.push(row.map(cellOf));
          if (rows.length < batchRows) continue;
          yield { columns, rows };
          rows = [];
        }
        yield { columns, rows };
      } catch (cause) {
        throw refusal(cause, operation);
      }
    },
    close() {
      database?.close();
      database = undefined;
    },
  };
}

function cellOf(value: SQLOutputValue): Json {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return { object: true };
  return String(value);
}
function textOf(value: SQLOutputValue): string | null {
  return value === null ? null : String(value);
}

function refusal(cause: unknown, operation: string): unknown {
  if (cause instanceof SourceError || !(cause instanceof Error) || !('errcode' in cause)) return cause;
  // Primary result codes of SQLite: 3 PERM, 5 BUSY, 6 LOCKED, 8 READONLY, 14 CANTOPEN, 23 AUTH; the rest is about statement or file.
  const code = Number(cause.errcode) % 256;
  const sourceCode = `sqlite-${code}`;
  if ([3, 8, 23].includes(code)) return new SourceError('access-denied', operation, { cause, sourceCode });
  if ([5, 6, 10, 14].includes(code)) return new SourceError('source-unavailable', operation, { cause, sourceCode });
  return new SourceError('malformed-reply', operation, { cause, sourceCode });
}
