import mysql from 'mysql2';
import { type Json, SourceError } from '../../../src/authoring.ts';
import { type DatabasePlace, networkCode } from './database-place.ts';
import type { ReadOnlyDatabase, SqlBatch } from './sql-reader.ts';

const batchRows = 5_000;

/** A MySQL or MariaDB database in one read-only transaction of one snapshot; rows are streamed. */
export function mysqlDatabase(place: DatabasePlace): ReadOnlyDatabase {
  let begun: Promise<{ connection: mysql.Connection; identity: Awaited<ReturnType<ReadOnlyDatabase['identity']>> }> | undefined;

  async function begin(operation: string) {
    const connection = mysql.createConnection({
      host: place.hostname,
      port: place.port ?? 3306,
      database: place.database,
      user: place.user,
      ...(place.password === undefined ? {} : { password: place.password }),
      ...(place.tls === undefined
        ? {}
        : { ssl: { rejectUnauthorized: true, ...(place.tls.ca === undefined ? {} : { ca: place.tls.ca }) } }),
      multipleStatements: false,
      connectTimeout: 15_000,
      // As the server prints it: a number that JavaScript cannot hold stays what it is.
      typeCast: (field) => field.string('utf8'),
    });
    connection.on('error', () => undefined);
    try {
      await run(connection, "SET SESSION time_zone = '+00:00'");
      await run(connection, 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await run(connection, 'SET SESSION TRANSACTION READ ONLY');
      await run(connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      const [said = {}] = await run(
        connection,
        "SELECT current_user() AS user, database() AS `database`, version() AS version, date_format(utc_timestamp(3), '%Y-%m-%dT%H:%i:%s.%fZ') AS at",
      );
      const facts = { server: `MySQL ${said['version'] ?? ''}`, database: said['database'] ?? null, user: said['user'] ?? null };
      const at = (said['at'] ?? '').replace(/(\.\d{3})\d*Z$/, '$1Z');
      const principal = `${said['user'] ?? ''} at ${place.host}/${said['database'] ?? ''}`;
      return { connection, identity: { principal, asOf: at === '' ? null : at, facts } };
    } catch (cause) {
      connection.destroy();
      throw refusal(cause, operation, place.host);
    }
  }
  const opened = async (operation: string) => {
    begun ??= begin(operation);
    try {
      return await begun;
    } catch (error) {
      begun = undefined;
      throw error;
    }
  };

  return {
    host: place.host,
    identity: async () => (await opened('tabular:table')).identity,
    async *select(query, operation): AsyncGenerator<SqlBatch, void, undefined> {
      const { connection } = await opened(operation);
      let columns: readonly string[] = [];
      let rows: (readonly Json[])[] = [];
      try {
        const asked = connection.query({ sql: query, rowsAsArray: true });
        asked.on('fields', (fields: readonly { readonly name: string }[]) => {
          columns = fields.map(({ name }) => name);
        });
        for await (const row of asked.stream({ highWaterMark: 1_000 }) as AsyncIterable<readonly Json[]>) {
          rows.push(row);
          if (rows.length < batchRows) continue;
          yield { columns, rows };
          rows = [];
        }
      } catch (cause) {
        throw refusal(cause, operation, place.host);
      }
      yield { columns, rows };
    },
    close() {
      begun?.then(({ connection }) => connection.end()).catch(() => undefined);
      begun = undefined;
    },
  };
}

async function run(connection: mysql.Connection, sql: string): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Readonly<Record<string, string | null>>[]>();
  connection.query(sql, (error, rows) => {
    if (error === null) resolve(Array.isArray(rows) ? (rows as unknown as readonly Readonly<Record<string, string | null>>[]) : []);
    else reject(error);
  });
  return await promise;
}

/** Names of MySQL's errors: who may not, what would write, what is not there; anything else is the way to it. */
function refusal(cause: unknown, operation: string, host: string): unknown {
  if (cause instanceof SourceError || !(cause instanceof Error)) return cause;
  const sourceCode = networkCode(cause);
  const of = { cause, sourceCode, host };
  if (/ACCESS_DENIED|READ_ONLY_TRANSACTION|OPTION_PREVENTS/.test(sourceCode)) return new SourceError('access-denied', operation, of);
  if (/^ER_(?:PARSE|NO_SUCH|BAD_FIELD|BAD_TABLE|EMPTY_QUERY|WRONG|NON_UNIQ|SYNTAX)/.test(sourceCode))
    return new SourceError('malformed-reply', operation, of);
  if (sourceCode === 'ER_BAD_DB_ERROR') return new SourceError('source-unavailable', operation, { ...of, status: 404 });
  return new SourceError('source-unavailable', operation, of);
}
