import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type EmbeddedStore, type OpenOptions, openStore, storeFile } from './embedded.ts';
import { migrate, readSchemaVersion, schemaVersion } from './schema.ts';
import { inTransaction, openSqlite, translating } from './sqlite.ts';

/** How the tables of a store stand to what this release knows: `version` is less than `known` where an upgrade has work to do. */
export function storeSchema(dataDir: string): { readonly version: number; readonly known: number } {
  return { version: schemaOf(storeFile(dataDir)), known: schemaVersion };
}

/** @throws ProoflineError `store-unreadable` when a newer release wrote it, `store-corrupt` */
function schemaOf(file: string): number {
  const database = openSqlite(file, { readOnly: true, durable: true });
  try {
    return translating(file, () => readSchemaVersion(database, file));
  } finally {
    database.close();
  }
}

/** Brings a file that nobody else has open to the tables of this release, all of it or nothing. */
export function bringForward(file: string): void {
  const database = new DatabaseSync(file);
  try {
    inTransaction(database, file, () => migrate(database, file));
  } finally {
    database.close();
  }
}

/**
 * Opens a log for reading as this release would have it, also where a former release wrote it: then a private copy is made, brought
 * forward and forgotten when it is closed. The data directory is not written to.
 * @throws ProoflineError like `openStore`, `disk-full` where temporary files go
 */
export async function openForward(options: OpenOptions): Promise<{ readonly store: EmbeddedStore; close(): Promise<void> }> {
  const { version, known } = storeSchema(options.dataDir);
  if (version === known) {
    const store = await openStore({ ...options, readOnly: true });
    return { store, close: () => store.close() };
  }
  const copy = forwardCopy(storeFile(options.dataDir));
  try {
    const store = await openStore({ ...options, dataDir: copy.directory, readOnly: true });
    return {
      store,
      async close() {
        await store.close();
        copy.forget();
      },
    };
  } catch (error) {
    copy.forget();
    throw error;
  }
}

/** Runs `work` on a file of this release's tables: the file itself, or a private copy of it that is brought forward first. */
export function withForwardFile<T>(file: string, work: (current: string) => T): T {
  if (schemaOf(file) === schemaVersion) return work(file);
  const copy = forwardCopy(file);
  try {
    return work(storeFile(copy.directory));
  } finally {
    copy.forget();
  }
}

/** With what others committed and have not yet moved into the file itself. */
function forwardCopy(file: string): { readonly directory: string; forget(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-forward-'));
  const forget = () => rmSync(directory, { recursive: true, force: true });
  try {
    const source = openSqlite(file, { readOnly: true, durable: true });
    try {
      translating(storeFile(directory), () => source.prepare('VACUUM INTO ?').run(storeFile(directory)));
    } finally {
      source.close();
    }
    bringForward(storeFile(directory));
    return { directory, forget };
  } catch (error) {
    forget();
    throw error;
  }
}
