import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { ProoflineError } from '../model/errors.ts';
import { type IndexSchema, indexTables, indexVersion } from './schema.ts';

/** The SQL projection of a log: nothing in it is evidence, all of it can be made again. */
export interface Index {
  /** Undefined: it lies in memory, because the file cannot be written. */
  readonly file: string | undefined;
  /** For the projection, which writes much and waits for nothing. */
  readonly database: DatabaseSync;
  /** For the queries. */
  readonly query: Kysely<IndexSchema>;
  close(): Promise<void>;
}

export const indexFile = (dataDir: string): string => join(dataDir, 'index.db');
const busyTimeoutMs = 15_000;

/**
 * Opens `<dataDir>/index.db`, making it where there is none. One of another version, or a damaged one, is begun anew; where nothing can be
 * written (a read-only disk) the index is begun in memory. Call `project` afterwards.
 * @throws ProoflineError `store-busy`, `disk-full`
 */
export function openIndex(dataDir: string): Index {
  const file = indexFile(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return indexOf(begin(file), file);
  } catch (error) {
    if (isDamaged(error)) {
      removeIndex(dataDir);
      return indexOf(begin(file), file);
    }
    if (!cannotWrite(error)) throw translated(error, file);
    return openIndexInMemory();
  }
}

/** Removes the file; who has it open keeps reading what was there. */
export function removeIndex(dataDir: string): void {
  for (const side of ['', '-wal', '-shm']) rmSync(indexFile(dataDir) + side, { force: true });
}

export function openIndexInMemory(): Index {
  const database = new DatabaseSync(':memory:');
  makeTables(database);
  return indexOf(database, undefined);
}

function begin(file: string): DatabaseSync {
  const isNew = !existsSync(file);
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    // It names people and machines in plain words, like the sources do.
    if (isNew) chmodSync(file, 0o600);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536');
    if (versionOf(database) !== indexVersion) {
      inTransaction(database, () => {
        if (versionOf(database) !== indexVersion) makeTables(database);
      });
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Drops whatever is there. */
export function makeTables(database: DatabaseSync): void {
  const there = database.prepare(`SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'`).all();
  for (const { type, name } of there) database.exec(`DROP ${String(type)} "${String(name)}"`);
  database.exec(indexTables);
  database.exec(`PRAGMA user_version = ${indexVersion}`);
}

/** All of it or nothing. `work` must not wait for anything. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function indexOf(database: DatabaseSync, file: string | undefined): Index {
  // Kysely's SQLite dialect expects another driver's interface; these are all its members that the dialect uses.
  const driver = {
    close: () => database.close(),
    prepare(sql: string) {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
  const query = new Kysely<IndexSchema>({ dialect: new SqliteDialect({ database: driver }) });
  let open = true;
  return {
    file,
    database,
    query,
    async close() {
      if (!open) return;
      open = false;
      await query.destroy();
      if (database.isOpen) database.close();
    },
  };
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
function isDamaged(error: unknown): boolean {
  const code = resultCode(error);
  return code === 11 || code === 26;
}
function cannotWrite(error: unknown): boolean {
  const code = resultCode(error);
  return (
    code === 8 ||
    code === 14 ||
    (error instanceof Error && 'code' in error && (error.code === 'EROFS' || error.code === 'EACCES' || error.code === 'EPERM'))
  );
}

/** SQLite's own result codes as ours; what is none of them is a bug and stays one. */
export function translated(error: unknown, file: string | undefined): unknown {
  const name = file ?? 'the index';
  switch (resultCode(error)) {
    case 5:
    case 6:
      return new ProoflineError('store-busy', `${name}: another process has been writing for ${busyTimeoutMs / 1000} s; try again`, {
        cause: error,
      });
    case 13:
      return new ProoflineError(
        'disk-full',
        `${name}: no space left; the log itself is not touched. Free some space and run proofline reindex`,
        {
          cause: error,
        },
      );
    case 11:
    case 26:
      return new ProoflineError('store-unreadable', `${name} is damaged; nothing in it is evidence. Run proofline reindex`, {
        cause: error,
      });
    default:
      return error;
  }
}
