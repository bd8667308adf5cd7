import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import { inTransaction, openSqlite, translating } from './sqlite.ts';

/** A file beside the log in which there is no evidence. */
export interface SideFile {
  readonly file: string;
  /** Sets `user_version` too. */
  readonly tables: string;
  readonly version: number;
  readonly durable: boolean;
  readonly readOnly: boolean;
  /** What follows from its being damaged, for the warning: when it is only read, and when it is begun anew. */
  readonly ifLost: { readonly read: string; readonly begun: string };
}

/**
 * Opens it. What is damaged, or of another release, is set aside and begun anew, with a warning; who only reads has an empty one in memory.
 * @throws ProoflineError `store-unreadable`, `store-busy`, `disk-full`
 */
export function openSideFile(of: SideFile): { readonly database: DatabaseSync; readonly warnings: readonly string[] } {
  return of.readOnly ? openForReading(of) : openForWriting(of);
}

function openForReading(of: SideFile): ReturnType<typeof openSideFile> {
  const { file } = of;
  const warnings: string[] = [];
  if (existsSync(file)) {
    try {
      const database = openSqlite(file, { readOnly: true, durable: of.durable });
      if (isSound(database, of)) return { database, warnings };
      database.close();
    } catch (error) {
      if (!(error instanceof ProoflineError)) throw error;
    }
    warnings.push(`${file} is damaged and is left out; ${of.ifLost.read}`);
  }
  const database = new DatabaseSync(':memory:');
  database.exec(of.tables);
  return { database, warnings };
}

function openForWriting(of: SideFile): ReturnType<typeof openSideFile> {
  const { file } = of;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const database = begin(of);
    if (database !== undefined) return { database, warnings: [] };
  } catch (error) {
    if (!(error instanceof ProoflineError) || error.code !== 'store-corrupt') throw error;
  }
  let aside = `${file}.damaged`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${file}.damaged-${n}`;
  for (const side of ['', '-wal', '-shm']) {
    if (existsSync(file + side)) renameSync(file + side, aside + side);
  }
  const database = begin(of);
  if (database === undefined) throw new ProoflineError('store-unreadable', `${file} cannot be begun anew`);
  return { database, warnings: [`${file} was damaged and is now ${aside}; ${of.ifLost.begun}`] };
}

/** @returns undefined when what is there is sound SQLite but not this. */
function begin(of: SideFile): DatabaseSync | undefined {
  const { file } = of;
  const database = openSqlite(file, { durable: of.durable });
  try {
    // Names of subjects, and what fails of them, are in it.
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    inTransaction(database, file, () => {
      if (Object.values(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() ?? {})[0] === 0) database.exec(of.tables);
    });
    if (translating(file, () => isSound(database, of))) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

function isSound(database: DatabaseSync, { version }: SideFile): boolean {
  const check = database.prepare('PRAGMA quick_check(1)').get();
  const found = database.prepare('PRAGMA user_version').get();
  return check?.['quick_check'] === 'ok' && found?.['user_version'] === version;
}
