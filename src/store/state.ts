import { join } from 'node:path';
import type { WrappingKey } from '../model/keys.ts';
import { type EtagCache, etagCache } from './etag-cache.ts';
import { type Leases, leases } from './leases.ts';
import { openSideFile } from './side-file.ts';
import { inTransaction, translating } from './sqlite.ts';
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
  const { database, warnings } = openSideFile({
    file,
    tables,
    version,
    durable: false,
    readOnly: options.readOnly === true,
    ifLost: {
      read: 'the next collection sets it aside. No evidence is in it',
      begun: 'it was begun anew. No evidence was in it, some calls will be made again',
    },
  });
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
