import { chmodSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { Keys } from '../model/keys.ts';
import { vkeyOf } from '../seal/signed-note.ts';
import { checkHead, continuityOf, divergenceMessage } from './continuity.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { appending } from './log.ts';
import { logKeysOf } from './log-keys.ts';
import { migrate, readSchemaVersion, schemaVersion } from './schema.ts';
import { inTransaction, openSqlite, translating } from './sqlite.ts';
import { openState } from './state.ts';

export type { EmbeddedStore } from './embedded-store.ts';
export { collectionLease } from './held-leases.ts';

export const storeFile = (dataDir: string): string => join(dataDir, 'store.db');

export interface OpenOptions {
  readonly dataDir: string;
  readonly keys: Keys;
  /** ISO-8601 UTC with milliseconds. */
  readonly now: () => string;
  readonly newId: () => string;
  /** Reads and never writes; any number may, beside a writer. */
  readonly readOnly?: boolean;
  /** False, for a demonstration's log alone: appends stay whole and in order, and the last of them may be lost with the power. */
  readonly durable?: boolean;
}
export interface CreateOptions extends Omit<OpenOptions, 'readOnly'> {
  readonly tenant: string;
  /** C2SP origin, and name of the log's keys: no spaces, no plus sign. */
  readonly origin: string;
  readonly demonstration: boolean;
}

/**
 * Begins a log: its tables, the genesis statement and the first checkpoint, all of it or nothing.
 * @throws ProoflineError `usage` when there is a log already, `store-not-continuation` when these keys have signed a log of this origin
 * before, `demonstration-refused`, `key-refused`, `disk-full`
 */
export async function createStore(options: CreateOptions): Promise<EmbeddedStore> {
  const { dataDir, keys, tenant, origin, demonstration } = options;
  const file = storeFile(dataDir);
  refuseKeysInside(dataDir, keys);
  if (keys.demonstration !== demonstration) {
    throw new ProoflineError('demonstration-refused', 'a demonstration log takes demonstration keys, a real log real ones');
  }
  if (keys.tenant !== tenant) throw new ProoflineError('key-refused', `the keys are of tenant "${keys.tenant}", not of "${tenant}"`);
  const witness = keys.witness(origin);
  const known = witness.read();
  if (known !== undefined) {
    throw new ProoflineError(
      'store-not-continuation',
      `these keys have signed a log of ${origin} up to entry ${known.size} (remembered in ${witness.place}): a second one would be a fork. ` +
        'Bring its data directory back (proofline restore), or begin with new keys',
    );
  }
  makeDataDirectory(dataDir);
  if (existsSync(file)) throw new ProoflineError('usage', `there is a log already: ${file}`);
  const draft = `${file}.${process.pid}.new`;
  try {
    writeGenesis(draft, options);
    claim(draft, file);
  } finally {
    for (const side of ['', '-wal', '-shm']) rmSync(draft + side, { force: true });
  }
  const store = openWriter({ ...options, continuity: 'begins' });
  await store.checkpoint();
  return store;
}

/** Under another name until it is whole: whoever finds a store.db finds a log in it. */
function writeGenesis(draft: string, options: CreateOptions): void {
  const { keys, tenant, origin, demonstration } = options;
  const database = openSqlite(draft, { durable: true });
  try {
    if (process.platform !== 'win32') chmodSync(draft, 0o600);
    inTransaction(database, draft, () => {
      migrate(database, draft);
      appending(database, draft, options, (session) =>
        session.append<'genesis'>({
          kind: 'genesis',
          origin,
          tenant,
          demonstration,
          keys: { sign: keys.sign.id, wrap: keys.wrap.id, commit: keys.commit.id },
          vkey: vkeyOf(origin, keys.sign.publicKey),
        }),
      );
    });
  } finally {
    database.close();
  }
}

/** Gives the finished file its name, unless another process has been faster. */
function claim(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (cause) {
    if (existsSync(file)) throw new ProoflineError('usage', `there is a log already: ${file}`, { cause });
    // A file system without links.
    renameSync(draft, file);
  }
}

/**
 * Opens a log.
 * @throws ProoflineError `store-missing`, `store-unreadable`, `store-corrupt`, `store-not-continuation`, `key-refused`,
 * `demonstration-refused`
 */
export async function openStore(options: OpenOptions): Promise<EmbeddedStore> {
  refuseKeysInside(options.dataDir, options.keys);
  return options.readOnly === true ? openReader(options) : openWriter({ ...options, continuity: 'must-continue' });
}

/**
 * Opens a log that went back or branched off, so that its going on can be recorded; nothing else may be done with it before.
 * @throws like `openStore`, without `store-not-continuation` for what the witness remembers
 */
export async function openDiverged(options: OpenOptions): Promise<EmbeddedStore> {
  return openWriter({ ...options, continuity: 'may-diverge' });
}

type Demand = 'begins' | 'must-continue' | 'may-diverge';

function openWriter(options: OpenOptions & { readonly continuity: Demand }): EmbeddedStore {
  const { dataDir, keys, now } = options;
  const file = present(dataDir);
  const database = openSqlite(file, { durable: !(options.durable === false && keys.demonstration) });
  return closingOnError(database, () => {
    const version = translating(file, () => readSchemaVersion(database, file));
    refuseEmpty(version, file);
    if (version < schemaVersion) inTransaction(database, file, () => migrate(database, file));
    const warnings = checkContinuity(database, file, keys, options.continuity);
    const state = openState(dataDir, { now, wrap: keys.wrap });
    return new EmbeddedStore({ ...options, database, file, state, readOnly: false, warnings: [...warnings, ...state.warnings] });
  });
}

function openReader(options: OpenOptions): EmbeddedStore {
  const { dataDir, keys, now } = options;
  const file = present(dataDir);
  const database = openSqlite(file, { readOnly: true, durable: true });
  return closingOnError(database, () => {
    const version = translating(file, () => readSchemaVersion(database, file));
    refuseEmpty(version, file);
    if (version < schemaVersion) {
      throw new ProoflineError(
        'store-unreadable',
        `${file} is of an earlier release; the next collection (or proofline doctor) brings it forward`,
      );
    }
    const { origin } = translating(file, () => logKeysOf(database, file));
    const witness = keys.witness(origin);
    const continuity = continuityOf(database, witness.read());
    const warnings = continuity.kind === 'diverges' ? [divergenceMessage(file, witness.place, continuity)] : [];
    const state = openState(dataDir, { now, wrap: keys.wrap, readOnly: true });
    return new EmbeddedStore({ ...options, database, file, state, readOnly: true, warnings: [...warnings, ...state.warnings] });
  });
}

/** @returns warnings. @throws ProoflineError `store-corrupt`, `store-not-continuation` */
function checkContinuity(database: DatabaseSync, file: string, keys: Keys, demand: Demand): string[] {
  return translating(file, () => {
    const { origin, vkeys } = logKeysOf(database, file);
    const witness = keys.witness(origin);
    // Read before the snapshot: what is appended in between makes the store longer, never shorter.
    const remembered = witness.read();
    database.exec('BEGIN');
    try {
      checkHead(database, file, origin, vkeys);
      const continuity = continuityOf(database, remembered);
      if (continuity.kind === 'diverges' && demand !== 'may-diverge') {
        throw new ProoflineError('store-not-continuation', divergenceMessage(file, witness.place, continuity));
      }
      return continuity.kind === 'unknown' && demand !== 'begins'
        ? [
            `no earlier head of this log is remembered in ${witness.place}: whether ${file} is an older copy cannot be told; the next checkpoint is remembered`,
          ]
        : [];
    } finally {
      database.exec('ROLLBACK');
    }
  });
}

function present(dataDir: string): string {
  const file = storeFile(dataDir);
  if (existsSync(file)) return file;
  throw new ProoflineError('store-missing', `there is no log in ${dataDir}; begin one with: proofline init`);
}

function refuseEmpty(version: number, file: string): void {
  if (version === 0) throw new ProoflineError('store-corrupt', `${file} is empty; restore a backup (proofline restore)`);
}

function makeDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ProoflineError('store-unreadable', `${dataDir} cannot be made`, { cause });
  }
}

/** A copy of a data directory must not hold what opens it. */
function refuseKeysInside(dataDir: string, keys: Keys): void {
  if (keys.directory === undefined) return;
  const inside = `${resolve(keys.directory)}${sep}`.startsWith(`${resolve(dataDir)}${sep}`);
  if (inside) throw new ProoflineError('key-refused', `the keys lie inside the data directory (${keys.directory}): keep them apart`);
}

function closingOnError<T>(database: DatabaseSync, work: () => T): T {
  try {
    return work();
  } catch (error) {
    database.close();
    throw error;
  }
}
