import { readFileSync } from 'node:fs';
import { type Exchange, type JsonObject, ProoflineError, SourceError } from '../../src/authoring.ts';
import type { DatabasePlace } from './connect/database-place.ts';
import { fileReader } from './connect/file-reader.ts';
import { localFiles } from './connect/local-files.ts';
import type { Answer, ConnectedTable, Paging, TableReader } from './connect/reader.ts';
import { type Table, tableOf } from './table.ts';

/** What configuration gives for one way into a system of tables. Secrets are resolved by the caller and never written anywhere. */
export interface TabularConnection {
  readonly name: string;
  readonly kind: Table['kind'];
  readonly url?: string | undefined;
  readonly bucket?: string | undefined;
  readonly region?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly file?: string | undefined;
  readonly user?: string | undefined;
  readonly secret?: string | undefined;
  readonly header?: string | undefined;
  readonly caFile?: string | undefined;
}
/** One table beside what is sealed of it; paths are absolute. */
export interface TableDeclaration {
  readonly settings: JsonObject;
  readonly path?: string | undefined;
  readonly query?: string | undefined;
  readonly encoding: ConnectedTable['encoding'];
  readonly delimiter?: ConnectedTable['delimiter'];
  readonly list?: string | undefined;
  readonly paging?: Paging | undefined;
  readonly totals: readonly { readonly path?: string | undefined }[];
}
export interface TabularSession {
  readonly exchange: Exchange;
  principal(): Promise<string | null>;
  close(): void;
}

/** A session that reads one table once: its own connection, its own transaction. Nothing is opened before the first question. */
export function openTable(connection: TabularConnection, declaration: TableDeclaration, session: string, version: string): TabularSession {
  const { path, query, encoding, delimiter, list, paging } = declaration;
  const connected: ConnectedTable = {
    table: tableOf(declaration.settings),
    ...{ path, query, encoding, delimiter, list, paging },
    totalPaths: declaration.totals.map((total) => total.path),
  };
  const userAgent = `proofline/${version} session/${session}`;
  let reader: Promise<TableReader> | undefined;
  const opened = () => {
    reader ??= readerFor(connection, connected, session, userAgent);
    return reader;
  };
  return {
    async exchange(operation, input) {
      const from = await opened();
      try {
        const { output, bytes, status = 200, headers = {} } = await answer(from, connected.table, operation, input);
        return { output, bytes, status, headers, host: from.host };
      } catch (error) {
        if (!(error instanceof SourceError) || error.host !== undefined) throw error;
        const { reason, cause, sourceCode, status, headers } = error;
        throw new SourceError(reason, operation, {
          ...(cause === undefined ? {} : { cause }),
          ...(sourceCode === undefined ? {} : { sourceCode }),
          ...(status === undefined ? {} : { status }),
          headers: { ...headers },
          host: from.host,
        });
      }
    },
    principal: async () => await (await opened()).principal(),
    close() {
      reader?.then((open) => open.close()).catch(() => undefined);
      reader = undefined;
    },
  };
}

async function answer(reader: TableReader, table: Table, operation: string, input: JsonObject): Promise<Answer<unknown>> {
  switch (operation) {
    case 'tabular:rows':
      return await reader.page(typeof input['after'] === 'string' ? input['after'] : undefined);
    case 'tabular:table':
      return await reader.facts();
    case 'tabular:total': {
      const total = table.totals[Number(input['total'])];
      if (total === undefined) throw new TypeError('there is no such total');
      return await reader.total(total);
    }
    default:
      throw new TypeError(`${operation} is nothing that is asked of a table`);
  }
}

/** Drivers are loaded where they are used: a list in a file needs no database. */
async function readerFor(
  connection: TabularConnection,
  connected: ConnectedTable,
  session: string,
  userAgent: string,
): Promise<TableReader> {
  switch (connection.kind) {
    case 'csv':
    case 'jsonl': {
      if (connection.bucket === undefined) return fileReader(localFiles(), connected);
      const { bucketFiles } = await import('./connect/bucket-files.ts');
      const { bucket, endpointUrl, region = process.env['AWS_REGION'] ?? 'us-east-1' } = connection;
      return fileReader(bucketFiles({ bucket, region, endpointUrl, userAgent }), connected);
    }
    case 'http': {
      const { httpReader } = await import('./connect/http-reader.ts');
      return httpReader({ url: connection.url ?? '', ...signIn(connection), userAgent }, connected);
    }
    case 'postgresql': {
      const [{ sqlReader }, { postgresqlDatabase }] = await Promise.all([
        import('./connect/sql-reader.ts'),
        import('./connect/postgresql.ts'),
      ]);
      return sqlReader(postgresqlDatabase(databaseOf(connection, session)), 'postgresql', connected);
    }
    case 'mysql': {
      const [{ sqlReader }, { mysqlDatabase }] = await Promise.all([import('./connect/sql-reader.ts'), import('./connect/mysql.ts')]);
      return sqlReader(mysqlDatabase(databaseOf(connection, session)), 'mysql', connected);
    }
    case 'sqlite': {
      const [{ sqlReader }, { sqliteDatabase }] = await Promise.all([import('./connect/sql-reader.ts'), import('./connect/sqlite.ts')]);
      return sqlReader(sqliteDatabase(connection.file ?? ''), 'sqlite', connected);
    }
  }
}

function signIn({ secret, user, header }: TabularConnection): {
  readonly headers: Record<string, string>;
  readonly principal: string | null;
} {
  if (secret === undefined) return { headers: {}, principal: null };
  if (user !== undefined) {
    return { headers: { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` }, principal: user };
  }
  if (header !== undefined) return { headers: { [header]: secret }, principal: `whoever ${header} names` };
  return { headers: { authorization: `Bearer ${secret}` }, principal: 'whoever the bearer token names' };
}

/** @throws ProoflineError `configuration` when the certificates cannot be read. */
function databaseOf(connection: TabularConnection, session: string): DatabasePlace {
  const url = new URL(connection.url ?? '');
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const isHere = hostname === 'localhost' || hostname === '::1' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return {
    hostname,
    port: url.port === '' ? undefined : Number(url.port),
    host: url.host,
    database: decodeURIComponent(url.pathname.slice(1)),
    user: connection.user ?? '',
    password: connection.secret,
    tls: isHere && connection.caFile === undefined ? undefined : { ca: certificates(connection.caFile) },
    session,
  };
}

function certificates(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProoflineError('configuration', `${file}: the certificates cannot be read`, { cause });
  }
}
