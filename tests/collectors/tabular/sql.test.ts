import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusedQuery } from '../../../src/model/refused-query.ts';
import { type Database, hasMariadb, hasPostgresql, startMariadb, startPostgresql } from '../../live/databases.ts';
import { readTable } from './read-table.ts';

const rows = 5_500;
const password = 'correct-horse-battery-staple';

function entries(query: string, table: object = {}) {
  return {
    name: 'entries',
    as: 'ledger.entry',
    query,
    key: ['entryId'],
    columns: {
      entryId: { from: 'id', type: 'integer' },
      amount: { type: 'decimal' },
      bookedAt: { type: 'time', from: 'booked_at', optional: true },
      postedBy: { from: 'posted_by', optional: true },
    },
    totals: [{ query: 'SELECT count(*) FROM entries' }, { sum: 'amount', query: 'SELECT sum(amount) FROM entries' }],
    ...table,
  };
}
const select = 'SELECT id, amount, booked_at, posted_by, note FROM entries ORDER BY id';
const codes = (of: { gaps: readonly { code?: string | undefined }[] }) => of.gaps.map(({ code }) => code);

describe('one statement that only reads', () => {
  it.each([
    'SELECT 1',
    "select a from b where c = 'x; drop table y' -- ; delete\n;",
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'SELECT "update", \'insert\', updated_at, /* delete; */ deleted FROM b',
    "SELECT replace(a, ';', '') FROM b",
  ])('%s', (query) => {
    for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const) expect(refusedQuery(query, dialect)).toBeUndefined();
  });

  it.each([
    ['', 'is empty'],
    ['   ;', 'is empty'],
    ['UPDATE a SET b = 1', 'begins with UPDATE'],
    ['SELECT 1; SELECT 2', 'more than one statement'],
    ['SELECT 1;; DROP TABLE a', 'more than one statement'],
    ['WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a', 'holds DELETE'],
    ['SELECT * INTO c FROM b', 'holds INTO'],
    ['SELECT * FROM a FOR UPDATE', 'locks rows'],
    ['SELECT pg_terminate_backend(1)', 'calls pg_terminate_backend'],
    ["SELECT setval('a', 1)", 'calls setval'],
    ['EXPLAIN ANALYZE DELETE FROM a', 'begins with EXPLAIN'],
    ['PRAGMA writable_schema = 1', 'begins with PRAGMA'],
    ["SELECT 'a", 'quotation without an end'],
    ['SELECT 1 /* a', 'comment without an end'],
    ['SELECT 1 /*', 'comment without an end'],
    ['SELECT \0', 'NUL'],
  ])('is not %s', (query, why) => {
    for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const) expect(refusedQuery(query, dialect), dialect).toContain(why);
  });

  it.each([
    // What one dialect takes for text, another executes.
    ['postgresql', "SELECT '\\'; DROP TABLE a; --'", 'more than one statement'],
    ['mysql', "SELECT '\\'' ; DROP TABLE a", 'more than one statement'],
    ['mysql', 'SELECT 1 /*!50000 ; DROP TABLE a */', 'comment that is executed'],
    ['mysql', 'SELECT 1 --1; DROP TABLE a', 'more than one statement'],
    ['postgresql', 'SELECT $a$x$a$; DROP TABLE a', 'more than one statement'],
    ['postgresql', "SELECT E'\\''; DROP TABLE a --'", 'more than one statement'],
    ['postgresql', 'SELECT 1 /* /* */ ; */ ; DROP TABLE a', 'more than one statement'],
    ['sqlite', 'SELECT 1 /* /* */ ; DROP TABLE a', 'more than one statement'],
    ['sqlite', 'SELECT [a]; DROP TABLE a', 'more than one statement'],
  ] as const)('in %s is not %s', (dialect, query, why) => {
    expect(refusedQuery(query, dialect)).toContain(why);
  });

  it('may hold what only another dialect executes', () => {
    expect(refusedQuery("SELECT '\\'; DROP TABLE a; --'", 'mysql')).toBeUndefined();
    expect(refusedQuery('SELECT $$; DROP TABLE a$$', 'postgresql')).toBeUndefined();
    expect(refusedQuery('SELECT 1 # ; DROP TABLE a', 'mysql')).toBeUndefined();
  });
});

/** What every kind of database has to do alike. */
function readsLikeEveryDatabase(source: (tables: object[]) => object, principal: RegExp, server: RegExp): void {
  const read = async (query: string, table: object = {}) =>
    await readTable({ ...source([entries(query, table)]), name: 'ledger' }, { secret: password, directory: tmpdir() });

  it('is read in pages to its last row, held against its own totals, and says who read what where', async () => {
    const seen = await read(select);
    expect(codes(seen)).toEqual([]);
    expect(seen.complete).toBe(true);
    expect(seen.resources).toHaveLength(rows);
    expect(seen.of('7')?.fields).toMatchObject({ entryId: '7', amount: '7.10', bookedAt: '2026-01-01T10:00:07.000Z', postedBy: 'ann' });
    expect(seen.of('8')?.fields['postedBy']).toBeNull();
    expect(seen.whole).toMatchObject({ undeclared: ['note'], counts: { rows } });
    expect(seen.evidence.principal).toMatch(principal);
    expect(JSON.stringify(seen.whole)).toMatch(server);
    expect(seen.evidence.sourceAsOf).toMatch(/^20\d\d-/);
    expect(seen.evidence.requests.filter(({ operation }) => operation === 'tabular:rows')).toHaveLength(2);
    expect(seen.evidence.requests[0]?.input['query']).toBe(select);
    expect(seen.evidence.requests.at(-1)?.input['query']).toBe('SELECT sum(amount) FROM entries');
    expect(JSON.stringify(seen.evidence)).not.toContain(password);
  });

  it('is not complete where the total says otherwise', async () => {
    const seen = await read(`${select} LIMIT 5499`);
    expect(codes(seen)).toEqual(['reconciliation']);
    expect(seen.incomplete).toEqual([{ type: 'ledger.entry', reason: 'truncated' }]);
  });

  it('is not written to: such a query is not sent', async () => {
    const seen = await read('DELETE FROM entries');
    expect(seen.gaps).toEqual([{ reason: 'access-denied', operation: 'tabular:rows', code: 'query-refused' }]);
    const total = await read(select, { totals: [{ query: 'SELECT 1; DROP TABLE entries' }] });
    expect(total.gaps).toEqual([{ reason: 'access-denied', operation: 'tabular:total', code: 'query-refused' }]);
    expect((await read(select)).complete).toBe(true);
  });

  it('says when a table or column is not there', async () => {
    expect((await read('SELECT * FROM nothing')).gaps).toMatchObject([{ reason: 'malformed-reply', operation: 'tabular:rows' }]);
    const seen = await read('SELECT id, amount FROM entries WHERE id < 3', { totals: [] });
    expect(seen.gaps.map(({ subject }) => subject).sort()).toEqual([
      'ledger.entries: the column "booked_at" is missing',
      'ledger.entries: the column "posted_by" is missing',
    ]);
    expect(seen.of('1')?.unread).toMatchObject({ bookedAt: 'malformed-reply', postedBy: 'malformed-reply' });
  });
}

/** Statements that make the table of the tests, apart from how a dialect counts. */
const fill = `INSERT INTO entries SELECT n, n + 0.10, NULL, CASE WHEN n % 8 = 0 THEN NULL ELSE 'ann' END, 'x'`;

describe('SQLite', () => {
  let directory = '';
  let file = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-sqlite-'));
    file = join(directory, 'ledger.db');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE entries (id INTEGER PRIMARY KEY, amount TEXT, booked_at TEXT, posted_by TEXT, note TEXT)');
    database.exec(`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${rows})
      INSERT INTO entries SELECT n, n || '.10', strftime('%Y-%m-%dT%H:%M:%SZ', '2026-01-01 10:00:00', '+' || n || ' seconds'),
        CASE WHEN n % 8 = 0 THEN NULL ELSE 'ann' END, 'x' FROM c`);
    database.close();
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  readsLikeEveryDatabase((tables) => ({ kind: 'sqlite', file, tables }), /^\w+$/, /SQLite 3/);

  it('that is not there is a gap, asked for once', async () => {
    const seen = await readTable({ name: 'ledger', kind: 'sqlite', file: join(directory, 'none.db'), tables: [entries(select)] });
    expect(seen.gaps).toEqual([{ reason: 'source-unavailable', operation: 'tabular:rows', code: 'ENOENT' }]);
    expect(seen.evidence.requests).toHaveLength(1);
  });
});

describe.skipIf(!hasPostgresql())('PostgreSQL', () => {
  let server: Database | undefined;
  const url = () => `postgresql://127.0.0.1:${server?.port}/payroll`;
  beforeAll(async () => {
    server = await startPostgresql();
    const { default: pg } = await import('pg');
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'owner', database: 'payroll' });
    await client.connect();
    await client.query(
      'CREATE TABLE entries (id bigint PRIMARY KEY, amount numeric(20,2), booked_at timestamptz, posted_by text, note text)',
    );
    await client.query(`${fill} FROM generate_series(1, ${rows}) AS n`);
    await client.query("UPDATE entries SET booked_at = timestamptz '2026-01-01 12:00:00+02' + id * interval '1 second'");
    await client.query(`CREATE ROLE reader LOGIN PASSWORD '${password}'`);
    await client.query('GRANT SELECT ON entries TO reader');
    // The owner may write: what stops him is the transaction.
    await client.query("CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql AS 'DELETE FROM entries RETURNING 1'");
    await client.end();
  }, 60_000);
  afterAll(() => server?.stop());

  readsLikeEveryDatabase(
    (tables) => ({ kind: 'postgresql', url: url(), user: 'reader', tables }),
    /^reader@127\.0\.0\.1:\d+\/payroll$/,
    /PostgreSQL 1\d/,
  );

  it('does not let a function write, even for who may', async () => {
    const source = { name: 'ledger', kind: 'postgresql', url: url(), user: 'owner' };
    const seen = await readTable({ ...source, tables: [entries('SELECT sneaky() AS id, 1 AS amount FROM entries', { totals: [] })] });
    expect(seen.gaps).toEqual([{ reason: 'access-denied', operation: 'tabular:rows', code: '25006' }]);
    expect((await readTable({ ...source, tables: [entries(select)] })).complete).toBe(true);
  });

  it('says who may not, and what is not there', async () => {
    const source = { name: 'ledger', kind: 'postgresql', url: url() };
    const nobody = await readTable({ ...source, user: 'nobody', tables: [entries(select)] }, { secret: password });
    expect(nobody.gaps).toEqual([{ reason: 'access-denied', operation: 'tabular:rows', code: '28000' }]);
    const denied = await readTable(
      { ...source, user: 'reader', tables: [entries('SELECT * FROM pg_authid', { totals: [] })] },
      { secret: password },
    );
    expect(denied.gaps).toEqual([{ reason: 'access-denied', operation: 'tabular:rows', code: '42501' }]);
    const gone = await readTable(
      { ...source, url: url().replace('payroll', 'other'), user: 'reader', tables: [entries(select)] },
      { secret: password },
    );
    expect(gone.gaps).toEqual([{ reason: 'source-unavailable', operation: 'tabular:rows', code: '3D000' }]);
  });

  it('that does not answer is a gap', async () => {
    const seen = await readTable({
      name: 'ledger',
      kind: 'postgresql',
      url: 'postgresql://127.0.0.1:1/payroll',
      user: 'reader',
      tables: [entries(select)],
    });
    expect(seen.gaps).toEqual([{ reason: 'source-unavailable', operation: 'tabular:rows', code: 'ECONNREFUSED' }]);
  });
});

describe.skipIf(!hasMariadb())('MariaDB', () => {
  let server: Database | undefined;
  const url = () => `mysql://127.0.0.1:${server?.port}/payroll`;
  beforeAll(async () => {
    server = await startMariadb();
    const { default: mysql } = await import('mysql2/promise');
    const connection = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root', database: 'payroll' });
    await connection.query(
      'CREATE TABLE entries (id bigint PRIMARY KEY, amount decimal(20,2), booked_at datetime, posted_by varchar(40), note text)',
    );
    await connection.query(`${fill} FROM (SELECT seq AS n FROM seq_1_to_${rows}) s`);
    await connection.query("UPDATE entries SET booked_at = timestamp '2026-01-01 10:00:00' + interval id second");
    await connection.query(`CREATE USER reader@'%' IDENTIFIED BY '${password}'`);
    await connection.query("GRANT SELECT ON payroll.* TO reader@'%'");
    await connection.query('CREATE FUNCTION sneaky() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM entries; RETURN 1; END');
    await connection.end();
  }, 60_000);
  afterAll(() => server?.stop());

  const inUtc = (table: object) => {
    const columns = 'columns' in table ? (table.columns as Record<string, object>) : {};
    return { ...table, columns: { ...columns, bookedAt: { ...columns['bookedAt'], zone: 'UTC' } } };
  };
  readsLikeEveryDatabase(
    (tables) => ({ kind: 'mysql', url: url(), user: 'reader', tables: tables.map(inUtc) }),
    /^reader@% at 127\.0\.0\.1:\d+\/payroll$/,
    /MariaDB/,
  );

  it('does not let a function write, even for who may', async () => {
    const source = { name: 'ledger', kind: 'mysql', url: url(), user: 'root' };
    const seen = await readTable({ ...source, tables: [entries('SELECT sneaky() AS id, 1 AS amount FROM entries', { totals: [] })] });
    expect(seen.gaps).toEqual([{ reason: 'access-denied', operation: 'tabular:rows', code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' }]);
    expect((await readTable({ ...source, tables: [inUtc(entries(select))] })).complete).toBe(true);
  });
});
