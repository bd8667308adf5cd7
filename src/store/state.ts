import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { WrappingKey } from '../model/keys.ts';
import { type EtagCache, etagCache } from './etag-cache.ts';
import { type Leases, leases } from './leases.ts';
import { inTransaction, openSqlite, translating } from './sqlite.ts';
import { type VerdictCache, verdictCache } from './verdict-cache.ts';

/** What may be lost at the price of calls and time, never of evidence: state.db. */
export interface State {
  readonly leases: Leases;
  readonly etags: EtagCache;
  readonly verdicts: VerdictCache;
  readonly values: {
    get(key: string): string | undefined;
    set(key: string, value: string): void;
    delete(key: string): void;
  };
  /** What was found wrong with the file and put right; to be shown. */
  readonly warnings: readonly string[];
  close(): void;
}

export interface StateOptions {
  readonly now: () => string;
  /** Encrypts cached replies, which no redaction has touched. Without it they are not kept on disk at all. */
  readonly wrap?: WrappingKey;
  /** Reads what is there and writes nothing but memory. */
  readonly readOnly?: boolean;
}

const version = 1;
const tables = `
  CREATE TABLE lease (name TEXT PRIMARY KEY, token INTEGER NOT NULL, holder TEXT, host TEXT, pid INTEGER, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE etag (principal TEXT NOT NULL, endpoint TEXT NOT NULL, etag TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (principal, endpoint));
  CREATE TABLE verdict (check_key TEXT NOT NULL, subject TEXT NOT NULL, digest TEXT NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL,
    until TEXT, PRIMARY KEY (check_key, subject)) WITHOUT ROWID;
  CREATE TABLE value (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${version};`;

/**
 * Opens `<dataDir>/state.db`. A file that is damaged, or of another release, is set aside and begun anew, with a warning: nothing in
 * it is evidence.
 */
export function openState(dataDir: string, options: StateOptions): State {
  const file = join(dataDir, 'state.db');
  const warnings: string[] = [];
  const database = options.readOnly === true ? openForReading(file, warnings) : openForWriting(dataDir, file, warnings);
  const guard = <T>(work: () => T): T => translating(file, work);
  const read = database.prepare('SELECT value FROM value WHERE key = ?');
  const write = database.prepare('INSERT OR REPLACE INTO value VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM value WHERE key = ?');
  const transaction = <T>(work: () => T): T => inTransaction(database, file, work);
  return {
    warnings,
    leases: leases(database, transaction, options.now),
    etags: etagCache(database, guard, options.wrap),
    verdicts: verdictCache(database, transaction),
    values: {
      get(key) {
        const value = guard(() => read.get(key))?.['value'];
        return typeof value === 'string' ? value : undefined;
      },
      set: (key, value) => void guard(() => write.run(key, value)),
      delete: (key) => void guard(() => remove.run(key)),
    },
    close: () => database.close(),
  };
}

function openForReading(file: string, warnings: string[]): DatabaseSync {
  if (existsSync(file)) {
    try {
      const database = openSqlite(file, { readOnly: true, durable: false });
      if (isSound(database)) return database;
      database.close();
    } catch (error) {
      if (!(error instanceof ProoflineError)) throw error;
    }
    warnings.push(`${file} is damaged and is left out; the next collection sets it aside. No evidence is in it`);
  }
  const database = new DatabaseSync(':memory:');
  database.exec(tables);
  return database;
}

function openForWriting(dataDir: string, file: string, warnings: string[]): DatabaseSync {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    const database = begin(file);
    if (database !== undefined) return database;
  } catch (error) {
    if (!(error instanceof ProoflineError) || error.code !== 'store-corrupt') throw error;
  }
  let aside = `${file}.damaged`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${file}.damaged-${n}`;
  for (const side of ['', '-wal', '-shm']) {
    if (existsSync(file + side)) renameSync(file + side, aside + side);
  }
  warnings.push(`${file} was damaged and is now ${aside}; it was begun anew. No evidence was in it, some calls will be made again`);
  const database = begin(file);
  if (database === undefined) throw new ProoflineError('store-unreadable', `${file} cannot be begun anew`);
  return database;
}

/** @returns undefined when what is there is sound SQLite but not this. */
function begin(file: string): DatabaseSync | undefined {
  const database = openSqlite(file, { durable: false });
  try {
    // Names of subjects are in it.
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    inTransaction(database, file, () => {
      if (Object.values(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() ?? {})[0] === 0) database.exec(tables);
    });
    if (translating(file, () => isSound(database))) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

function isSound(database: DatabaseSync): boolean {
  const check = database.prepare('PRAGMA quick_check(1)').get();
  const found = database.prepare('PRAGMA user_version').get();
  return check?.['quick_check'] === 'ok' && found?.['user_version'] === version;
}
