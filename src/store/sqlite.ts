import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { ProoflineError } from '../model/errors.ts';

/** How long a writer waits for another process's transaction before it is told `store-busy`. */
const busyTimeoutMs = 15_000;

/**
 * Opens a database file with the settings everything here relies on.
 * @throws ProoflineError `store-unreadable`, `store-corrupt`, `store-busy`
 */
export function openSqlite(file: string, options: { readOnly?: boolean; durable: boolean }): DatabaseSync {
  return translating(file, () => {
    if (options.readOnly === true) return openReadOnly(file);
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    try {
      database.exec('PRAGMA page_size = 8192');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(`PRAGMA synchronous = ${options.durable ? 'FULL' : 'NORMAL'}`);
      database.exec('PRAGMA cache_size = -32768');
      // What is erased or replaced is overwritten, not only unlinked.
      database.exec('PRAGMA secure_delete = ON');
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Readers of a WAL database share memory through a side file; where none can be made (a read-only disk), nobody can be writing either. */
function openReadOnly(file: string): DatabaseSync {
  const options = { readOnly: true, timeout: busyTimeoutMs };
  const database = new DatabaseSync(file, options);
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    if (resultCode(error) !== 14 && resultCode(error) !== 8) throw error;
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    return new DatabaseSync(url, options);
  }
}

/**
 * Runs `work` in a write transaction: all of it is on disk when this returns, or nothing is. Must not be entered twice, and `work`
 * must not wait for anything, so that two appends of one process cannot mix.
 */
export function inTransaction<T>(database: DatabaseSync, file: string, work: () => T): T {
  return translating(file, () => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  });
}

/** Runs `work` over one state of the database, whatever another process commits meanwhile. `work` only reads and waits for nothing. */
export function inSnapshot<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    database.exec('ROLLBACK');
  }
}

/** Turns SQLite's own result codes into ours; what is none of them is a bug and stays one. */
export function translating<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const made = translate(file, cause);
    throw made ?? cause;
  }
}

function translate(file: string, cause: unknown): ProoflineError | undefined {
  switch (resultCode(cause)) {
    case 5:
    case 6:
      return new ProoflineError('store-busy', `${file}: another process has been writing for ${busyTimeoutMs / 1000} s; try again`, {
        cause,
      });
    case 13:
      return full(file, cause);
    case 11:
    case 26:
      return new ProoflineError('store-corrupt', `${file} is damaged or no database of this kind; restore a backup (proofline restore)`, {
        cause,
      });
    case 3:
    case 8:
    case 10:
    case 14:
      // For some of its files SQLite says only that they cannot be written.
      if (hasNoSpace(file)) return full(file, cause);
      return new ProoflineError('store-unreadable', `${file} cannot be opened, read or written; look at its permissions and its disk`, {
        cause,
      });
    default:
      return undefined;
  }
}

function full(file: string, cause: unknown): ProoflineError {
  return new ProoflineError('disk-full', `${file}: no space left; nothing of this was written. Free some space and run it again`, {
    cause,
  });
}
function hasNoSpace(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < 64 * 1024;
  } catch {
    // Then this is not what is wrong.
    return false;
  }
}

/** SQLite's primary result code of an error it caused; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return undefined;
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
