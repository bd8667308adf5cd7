import pg from 'pg';
import { type Json, SourceError } from '../../../src/authoring.ts';
import { type DatabasePlace, networkCode } from './database-place.ts';
import type { ReadOnlyDatabase, SqlBatch } from './sql-reader.ts';

const batchRows = 5_000;

/** A PostgreSQL database in one read-only transaction of one snapshot; rows come through a cursor. */
export function postgresqlDatabase(place: DatabasePlace): ReadOnlyDatabase {
  let begun: Promise<{ client: pg.Client; identity: Awaited<ReturnType<ReadOnlyDatabase['identity']>> }> | undefined;
  let cursors = 0;

  async function begin(operation: string) {
    const client = new pg.Client({
      host: place.hostname,
      port: place.port ?? 5432,
      database: place.database,
      user: place.user,
      ...(place.password === undefined ? {} : { password: place.password }),
      ssl: place.tls === undefined ? false : { ca: place.tls.ca, rejectUnauthorized: true },
      application_name: place.session,
      connectionTimeoutMillis: 15_000,
      statement_timeout: 300_000,
      // As the server prints it: a number that JavaScript cannot hold stays what it is.
      types: { getTypeParser: () => (text: string) => text },
    });
    // A connection that breaks while nobody asks anything is found by the next question.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query("SET LOCAL TIME ZONE 'UTC'");
      await client.query("SET LOCAL DateStyle = 'ISO, YMD'");
      const { rows } = await client.query<Record<string, string | null>>(
        'SELECT current_user AS "user", current_database() AS "database", current_setting(\'server_version\') AS version, ' +
          `to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`,
      );
      const [said = {}] = rows;
      const facts = { server: `PostgreSQL ${said['version'] ?? ''}`, database: said['database'] ?? null, user: said['user'] ?? null };
      return {
        client,
        identity: { principal: `${said['user'] ?? ''}@${place.host}/${said['database'] ?? ''}`, asOf: said['at'] ?? null, facts },
      };
    } catch (cause) {
      client.end().catch(() => undefined);
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
      const { client } = await opened(operation);
      cursors += 1;
      const cursor = `proofline_${cursors}`;
      try {
        // The extended protocol takes one statement and no more, and a cursor none that writes.
        await client.query({ text: `DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`, queryMode: 'extended' } as pg.QueryConfig);
        for (;;) {
          const { fields, rows } = await client.query<Json[]>({ text: `FETCH ${batchRows} FROM ${cursor}`, rowMode: 'array' });
          yield { columns: fields.map(({ name }) => name), rows };
          if (rows.length < batchRows) break;
        }
        await client.query(`CLOSE ${cursor}`);
      } catch (cause) {
        throw refusal(cause, operation, place.host);
      }
    },
    close() {
      begun?.then(({ client }) => client.end()).catch(() => undefined);
      begun = undefined;
    },
  };
}

/** By SQLSTATE: 28 and 42501 who may not, 25006 what would write, 42 what is not there, 53, 57 and 08 the server. */
function refusal(cause: unknown, operation: string, host: string): unknown {
  if (cause instanceof SourceError || !(cause instanceof Error)) return cause;
  const state = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  if (state === undefined || !/^[0-9A-Z]{5}$/.test(state)) {
    return new SourceError('source-unavailable', operation, { cause, sourceCode: networkCode(cause), host });
  }
  const of = { cause, sourceCode: state, host };
  if (/^28|^42501$|^25006$/.test(state)) return new SourceError('access-denied', operation, of);
  if (/^(?:08|53|57|40)/.test(state)) return new SourceError('source-unavailable', operation, of);
  // A database or role that is not there stays away however often it is asked for.
  if (state === '3D000') return new SourceError('source-unavailable', operation, { ...of, status: 404 });
  return new SourceError('malformed-reply', operation, of);
}
