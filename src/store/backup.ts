import { hash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';
import type { Keys } from '../model/keys.ts';
import { Hash, type StatementOf, Time } from '../model/statement.ts';
import { checkHead, continuityOf, divergenceMessage } from './continuity.ts';
import { type EmbeddedStore, openDiverged, openStore, storeFile } from './embedded.ts';
import { bringForward, withForwardFile } from './forward-copy.ts';
import { rowsOf } from './log.ts';
import { logKeysOf, matchKeys } from './log-keys.ts';
import { headIn, type StoreHead } from './read-head.ts';
import { readSchemaVersion } from './schema.ts';
import { openSqlite, translating } from './sqlite.ts';

/** What a backup says of itself, in a table of its own. */
const BackupManifest = z.strictObject({
  format: z.literal('proofline/1 backup'),
  origin: z.string(),
  tenant: z.string(),
  demonstration: z.boolean(),
  madeAt: Time,
  /** The head of the log as it was copied, and the last signed one. */
  size: z.int().nonnegative(),
  root: Hash,
  checkpoint: z.strictObject({ size: z.int(), root: Hash, note: z.string() }).nullable(),
  /** What was attached to walkthroughs and lies beside the log; absent in backups of before. SHA-256 in hex. */
  attachments: z.array(z.strictObject({ name: z.string(), bytes: z.int().nonnegative(), sha256: z.string() })).default([]),
  /** Ids only: no key material is ever in a backup. */
  keys: z.strictObject({ sign: z.string(), wrap: z.string(), commit: z.string() }),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

export interface BackupOptions {
  readonly dataDir: string;
  /** Must not be there yet. */
  readonly outFile: string;
  readonly now: () => string;
}

/**
 * Copies a log, consistent at one moment while others go on appending, and what was attached to walkthroughs into one file. Keys are not in
 * it, and neither is what was erased: only current pages are copied.
 * @throws ProoflineError `usage` when the file is there already, `store-missing`, `store-unreadable`, `disk-full`
 */
export function backupStore({ dataDir, outFile, now }: BackupOptions): BackupManifest {
  const file = storeFile(dataDir);
  if (!existsSync(file)) throw new ProoflineError('store-missing', `there is no log in ${dataDir}`);
  if (existsSync(outFile)) throw new ProoflineError('usage', `${outFile} is there already: a backup overwrites nothing`);
  mkdirSync(dirname(outFile), { recursive: true });
  const draft = `${outFile}.${process.pid}.tmp`;
  try {
    copyDatabase(file, draft);
    const manifest = writeManifest(draft, now(), dataDir);
    syncFile(draft);
    renameSync(draft, outFile);
    syncFile(dirname(outFile));
    return manifest;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function copyDatabase(file: string, to: string): void {
  const database = openSqlite(file, { readOnly: true, durable: true });
  try {
    translating(file, () => readSchemaVersion(database, file));
    translating(to, () => database.prepare('VACUUM INTO ?').run(to));
  } finally {
    database.close();
  }
  if (process.platform !== 'win32') chmodSync(to, 0o600);
}

function writeManifest(file: string, madeAt: string, dataDir: string): BackupManifest {
  // A backup keeps the tables of the release that wrote the log, so that the same release can restore it.
  const log = withForwardFile(file, describeLog);
  const database = new DatabaseSync(file);
  try {
    return translating(file, () => {
      const attachments = copyAttachments(database, join(dataDir, attachmentsDirectory));
      const manifest = BackupManifest.parse({ format: 'proofline/1 backup', ...log, madeAt, attachments });
      database.exec('CREATE TABLE backup (manifest TEXT NOT NULL)');
      database.prepare('INSERT INTO backup VALUES (?)').run(JSON.stringify(manifest));
      return manifest;
    });
  } finally {
    database.close();
  }
}

function describeLog(file: string): Omit<StoreHead, 'vkey'> {
  const database = openSqlite(file, { readOnly: true, durable: true });
  try {
    const { vkey: _, ...head } = translating(file, () => headIn(database, file));
    return head;
  } finally {
    database.close();
  }
}

const attachmentsDirectory = 'attachments';

/** They are never changed once a walkthrough names them, so that copying them after the log gives all that the log names. */
function copyAttachments(database: DatabaseSync, directory: string): BackupManifest['attachments'] {
  if (!existsSync(directory)) return [];
  database.exec('CREATE TABLE attachment (name TEXT PRIMARY KEY, bytes BLOB NOT NULL)');
  const insert = database.prepare('INSERT INTO attachment VALUES (?, ?)');
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(directory, name));
      insert.run(name, bytes);
      return { name, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') };
    });
}

/** @throws ProoflineError `store-corrupt` when one of them is not what the backup says */
function unpackAttachments(database: DatabaseSync, { attachments }: BackupManifest, directory: string): void {
  if (attachments.length === 0) return;
  mkdirSync(directory, { mode: 0o700 });
  const read = database.prepare('SELECT bytes FROM attachment WHERE name = ?');
  for (const { name, sha256 } of attachments) {
    const bytes = read.get(name)?.['bytes'];
    if (!(bytes instanceof Uint8Array) || hash('sha256', bytes, 'hex') !== sha256 || basename(name) !== name) {
      throw new ProoflineError('store-corrupt', `the attachment ${name} in the backup is not what was backed up`);
    }
    writeFileSync(join(directory, name), bytes, { flag: 'wx', mode: 0o600 });
    syncFile(join(directory, name));
  }
  syncFile(directory);
}

/** What a backup is, without restoring it. @throws ProoflineError `store-missing`, `store-corrupt` when it is none. */
export function readBackup(file: string): BackupManifest {
  if (!existsSync(file)) throw new ProoflineError('store-missing', `there is no backup at ${file}`);
  const database = openSqlite(file, { readOnly: true, durable: true });
  try {
    return translating(file, () => {
      readSchemaVersion(database, file);
      const hasManifest = database.prepare("SELECT 1 AS one FROM sqlite_schema WHERE type = 'table' AND name = 'backup'").get();
      const text = hasManifest === undefined ? undefined : database.prepare('SELECT manifest FROM backup').get()?.['manifest'];
      const parsed = typeof text === 'string' ? BackupManifest.safeParse(JSON.parse(text)) : undefined;
      if (parsed?.success !== true) throw new ProoflineError('store-corrupt', `${file} is no backup made by proofline backup`);
      const check = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
      if (check !== 'ok') throw new ProoflineError('store-corrupt', `${file} is damaged: ${String(check)}`);
      return parsed.data;
    });
  } finally {
    database.close();
  }
}

export interface Acceptance {
  /** What happened, in the words of whoever accepts it; recorded in the log. */
  readonly reason: string;
  readonly actor: StatementOf<'decision'>['actor'];
}
export interface RestoreOptions {
  readonly file: string;
  readonly dataDir: string;
  readonly keys: Keys;
  readonly now: () => string;
  readonly newId: () => string;
  /** Needed when the log was signed further than the backup goes. */
  readonly accept?: Acceptance;
}

/**
 * Puts a backup in the place of a lost data directory and opens it. When the log is known to have gone further, that is refused unless
 * accepted; an accepted loss is recorded in the log.
 * @throws ProoflineError `usage` when the directory is not empty, `store-not-continuation`, `store-corrupt`, `key-refused`,
 * `demonstration-refused`
 */
export async function restoreStore(options: RestoreOptions): Promise<EmbeddedStore> {
  const { file, dataDir, keys, accept } = options;
  const inTheWay = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (inTheWay.length > 0) {
    throw new ProoflineError(
      'usage',
      `${dataDir} is not empty (${inTheWay.slice(0, 3).join(', ')}): move it away first, nothing is overwritten`,
    );
  }
  const manifest = readBackup(file);
  withForwardFile(file, (current) => checkBackup(current, keys, accept !== undefined));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const target = storeFile(dataDir);
  const draft = `${target}.tmp`;
  try {
    copyFileSync(file, draft);
    if (process.platform !== 'win32') chmodSync(draft, 0o600);
    const database = new DatabaseSync(draft);
    try {
      translating(draft, () => {
        unpackAttachments(database, manifest, join(dataDir, attachmentsDirectory));
        database.exec('DROP TABLE backup');
        database.exec('DROP TABLE IF EXISTS attachment');
        if (manifest.attachments.length > 0) database.exec('VACUUM');
      });
    } finally {
      database.close();
    }
    bringForward(draft);
    syncFile(draft);
    renameSync(draft, target);
    syncFile(dataDir);
  } catch (error) {
    rmSync(draft, { force: true });
    rmSync(join(dataDir, attachmentsDirectory), { recursive: true, force: true });
    throw error;
  }
  return accept === undefined ? openStore(options) : acceptStore({ ...options, accept });
}

/** Refuses before anything is written. */
function checkBackup(file: string, keys: Keys, isAccepted: boolean): void {
  const database = openSqlite(file, { readOnly: true, durable: true });
  try {
    translating(file, () => {
      const log = logKeysOf(database, file);
      matchKeys(log, keys, file);
      checkHead(database, file, log.origin, log.vkeys);
      const witness = keys.witness(log.origin);
      const continuity = continuityOf(database, witness.read());
      if (continuity.kind === 'diverges' && !isAccepted) {
        throw new ProoflineError('store-not-continuation', divergenceMessage(file, witness.place, continuity));
      }
    });
  } finally {
    database.close();
  }
}

/**
 * Opens a store that went back or branched off, and records that it goes on from there: a `gap` for what is lost and a `lifecycle`
 * statement for the decision, signed at once. A store that is a continuation is opened as it is.
 * @throws like `openStore`
 */
export async function acceptStore(
  options: Omit<RestoreOptions, 'file' | 'accept'> & { readonly accept: Acceptance },
): Promise<EmbeddedStore> {
  const { keys, accept, dataDir } = options;
  const file = storeFile(dataDir);
  const store = await openDiverged(options);
  const remembered = keys.witness(store.origin).read();
  const database = openSqlite(file, { readOnly: true, durable: true });
  try {
    const continuity = continuityOf(database, remembered);
    if (continuity.kind !== 'diverges') return store;
    const { witness, size } = continuity;
    const last = rowsOf(database) - 1;
    const lastKind = JSON.parse(Buffer.from(store.entry(last)?.bytes ?? []).toString('utf8')) as { kind: string; at: string };
    const { reason, actor } = accept;
    await store.appendAll([
      {
        kind: 'gap',
        subject: 'log',
        reason: `the log was signed up to entry ${witness.size} with root ${witness.root} and goes on from entry ${size} of an older or other copy`,
        from: lastKind.at,
        to: witness.at >= lastKind.at ? witness.at : null,
      },
      {
        kind: 'lifecycle',
        event: 'restored',
        detail: `${reason} (accepted by ${actor.name}, ${actor.authentication === 'none' ? 'identity not authenticated' : actor.authentication})`,
        actor,
        lost: { size: witness.size, root: witness.root, at: witness.at },
        from: size,
      },
    ]);
    await store.checkpoint();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  } finally {
    database.close();
  }
}

function syncFile(path: string): void {
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
