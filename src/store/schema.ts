import type { DatabaseSync } from 'node:sqlite';
import type { Generated } from 'kysely';
import { ProoflineError } from '../model/errors.ts';
import { queryBuilder } from './queries.ts';

/** store.db. Primary: log_entry, checkpoint, blob, data_key, legal_hold. The rest is derived from them and can be rebuilt. */
export interface StoreSchema {
  /**
   * The log: insert-only by trigger. `body` unpacked by `codec` is the leaf's data, byte for byte. `base`: the entry it was packed against,
   * which has none itself.
   */
  log_entry: { idx: number; codec: string; body: Uint8Array; base: number | null };
  /** Signed heads: insert-only by trigger. */
  checkpoint: { size: number; root: Uint8Array; note: string };
  /** One row: the compact range of the whole log, updated with every append; and the receipt that what follows is not earlier than. */
  log_head: { id: number; size: number; range: Uint8Array; after: Uint8Array | null };
  /** Derived, one row: the compact range at the last checkpoint, so that what follows can be checked from there on. */
  signed_range: { id: number; size: number; range: Uint8Array };
  /** Derived: what statements of a kind are about, and where those about one thing stand. */
  stream: { id: Generated<number>; kind: string; name: string };
  place: { stream: number; idx: number };
  /**
   * AES-256-GCM(packed canonical bytes) with the commitment as associated data. An erased one keeps its row and nothing else. `base`: the
   * blob of the same scope it was packed against, which has none itself; before a base is erased, what leans on it is packed anew.
   */
  blob: {
    id: Generated<number>;
    commitment: Uint8Array;
    salt: Uint8Array | null;
    key_id: number;
    codec: string;
    base: number | null;
    /** Length of the canonical bytes. */
    size: number;
    nonce: Uint8Array | null;
    bytes: Uint8Array | null;
    /** Log index of the `erasure`. */
    erased: number | null;
  };
  /** Per scope and month; wrapped by the wrap key. */
  data_key: { id: Generated<number>; scope: string; month: string; wrap_key: string; wrapped: Uint8Array };
  /** Derived: the present manifest of each stream. */
  manifest: {
    id: Generated<number>;
    stream: string;
    size: number;
    root: Uint8Array;
    /** How many statements this stream has. */
    statements: number;
    /** Day (UTC) of the last collection whose request records were all kept. */
    kept_on: string | null;
    /** Lease token of the last writer. */
    fence: number;
  };
  manifest_pair: { manifest: number; c_id: Uint8Array; c_content: Uint8Array };
  legal_hold: { commitment: Uint8Array; reason: string; idx: number };
}
export const store = queryBuilder<StoreSchema>();

/** "proo": tells our files from other SQLite databases. */
const applicationId = 0x70726f6f;

interface Migration {
  readonly to: number;
  up(database: DatabaseSync): void;
}
/** Makes a table insert-only, by triggers. */
function refuseChanges(database: DatabaseSync, table: string, key: string): void {
  for (const event of ['UPDATE', 'DELETE']) {
    database.exec(
      `CREATE TRIGGER ${table}_no_${event.toLowerCase()} BEFORE ${event} ON ${table}
       BEGIN SELECT RAISE(ABORT, '${table} is insert-only'); END`,
    );
  }
  // A conflicting insert must fail too: OR REPLACE would delete without firing the trigger above.
  database.exec(
    `CREATE TRIGGER ${table}_no_replace BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${key} = NEW.${key})
     BEGIN SELECT RAISE(ABORT, '${table} is insert-only'); END`,
  );
}

/** Forward only. Each step is tested on a store written by the release before it; none is ever edited once released. */
const migrations: readonly Migration[] = [
  {
    to: 1,
    up(database) {
      const { schema } = store;
      const tables = [
        schema
          .createTable('log_entry')
          .addColumn('idx', 'integer', (c) => c.primaryKey())
          .addColumn('codec', 'text', (c) => c.notNull())
          .addColumn('body', 'blob', (c) => c.notNull()),
        schema
          .createTable('checkpoint')
          .addColumn('size', 'integer', (c) => c.primaryKey())
          .addColumn('root', 'blob', (c) => c.notNull())
          .addColumn('range', 'blob', (c) => c.notNull())
          .addColumn('note', 'text', (c) => c.notNull()),
        schema
          .createTable('log_head')
          .addColumn('id', 'integer', (c) => c.primaryKey())
          .addColumn('size', 'integer', (c) => c.notNull())
          .addColumn('range', 'blob', (c) => c.notNull())
          .addColumn('after', 'blob'),
        schema
          .createTable('place')
          .addColumn('kind', 'text', (c) => c.notNull())
          .addColumn('stream', 'text', (c) => c.notNull())
          .addColumn('idx', 'integer', (c) => c.notNull().references('log_entry.idx'))
          .addPrimaryKeyConstraint('place_key', ['kind', 'stream', 'idx']),
        schema
          .createTable('data_key')
          .addColumn('id', 'integer', (c) => c.primaryKey())
          .addColumn('scope', 'text', (c) => c.notNull())
          .addColumn('month', 'text', (c) => c.notNull())
          .addColumn('wrap_key', 'text', (c) => c.notNull())
          .addColumn('wrapped', 'blob', (c) => c.notNull())
          .addUniqueConstraint('data_key_scope_month', ['scope', 'month']),
        schema
          .createTable('blob')
          .addColumn('commitment', 'blob', (c) => c.primaryKey())
          .addColumn('salt', 'blob')
          .addColumn('key_id', 'integer', (c) => c.notNull().references('data_key.id'))
          .addColumn('codec', 'text', (c) => c.notNull())
          .addColumn('size', 'integer', (c) => c.notNull())
          .addColumn('nonce', 'blob')
          .addColumn('bytes', 'blob')
          .addColumn('erased', 'integer', (c) => c.references('log_entry.idx')),
        schema
          .createTable('manifest')
          .addColumn('id', 'integer', (c) => c.primaryKey())
          .addColumn('stream', 'text', (c) => c.notNull().unique())
          .addColumn('size', 'integer', (c) => c.notNull())
          .addColumn('root', 'blob', (c) => c.notNull())
          .addColumn('statements', 'integer', (c) => c.notNull())
          .addColumn('kept_on', 'text')
          .addColumn('fence', 'integer', (c) => c.notNull()),
        schema
          .createTable('manifest_pair')
          .addColumn('manifest', 'integer', (c) => c.notNull().references('manifest.id'))
          .addColumn('c_id', 'blob', (c) => c.notNull())
          .addColumn('c_content', 'blob', (c) => c.notNull())
          .addPrimaryKeyConstraint('manifest_pair_key', ['manifest', 'c_id']),
        schema
          .createTable('legal_hold')
          .addColumn('commitment', 'blob', (c) => c.primaryKey().references('blob.commitment'))
          .addColumn('reason', 'text', (c) => c.notNull())
          .addColumn('idx', 'integer', (c) => c.notNull().references('log_entry.idx')),
      ];
      const withoutRowid = new Set(['place', 'manifest_pair']);
      for (const table of tables) {
        const { sql } = table.compile();
        const name = /^create table "(\w+)"/.exec(sql)?.[1];
        database.exec(name !== undefined && withoutRowid.has(name) ? `${sql} WITHOUT ROWID` : sql);
      }
      // Small and mostly empty: whether anything of what is current was erased must cost nothing to ask.
      database.exec('CREATE INDEX blob_erased ON blob (erased) WHERE erased IS NOT NULL');
      refuseChanges(database, 'log_entry', 'idx');
      refuseChanges(database, 'checkpoint', 'size');
    },
  },
  {
    to: 2,
    up(database) {
      // What is packed against another text says so; what was written before is read as it was.
      database.exec('ALTER TABLE log_entry ADD COLUMN base INTEGER REFERENCES log_entry (idx)');
      database.exec(`
        CREATE TABLE signed_range (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, range BLOB NOT NULL);
        INSERT INTO signed_range SELECT 1, size, range FROM checkpoint ORDER BY size DESC LIMIT 1;
        CREATE TABLE checkpoint_2 (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL);
        INSERT INTO checkpoint_2 SELECT size, root, note FROM checkpoint ORDER BY size;
        DROP TABLE checkpoint;
        ALTER TABLE checkpoint_2 RENAME TO checkpoint;

        CREATE TABLE stream (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name));
        INSERT INTO stream (kind, name) SELECT DISTINCT kind, stream FROM place ORDER BY kind, stream;
        CREATE TABLE place_2 (
          stream INTEGER NOT NULL REFERENCES stream (id), idx INTEGER NOT NULL REFERENCES log_entry (idx), PRIMARY KEY (stream, idx)
        ) WITHOUT ROWID;
        INSERT INTO place_2 SELECT stream.id, place.idx FROM place JOIN stream ON stream.kind = place.kind AND stream.name = place.stream;
        DROP TABLE place;
        ALTER TABLE place_2 RENAME TO place;

        CREATE TABLE legal_hold_2 (commitment BLOB PRIMARY KEY, reason TEXT NOT NULL, idx INTEGER NOT NULL REFERENCES log_entry (idx));
        INSERT INTO legal_hold_2 SELECT commitment, reason, idx FROM legal_hold;
        DROP TABLE legal_hold;
        ALTER TABLE legal_hold_2 RENAME TO legal_hold;

        CREATE TABLE blob_2 (
          id INTEGER PRIMARY KEY, commitment BLOB NOT NULL, salt BLOB, key_id INTEGER NOT NULL REFERENCES data_key (id), codec TEXT NOT NULL,
          base INTEGER, size INTEGER NOT NULL, nonce BLOB, bytes BLOB, erased INTEGER REFERENCES log_entry (idx)
        );
        INSERT INTO blob_2 SELECT rowid, commitment, salt, key_id, codec, NULL, size, nonce, bytes, erased FROM blob ORDER BY rowid;
        DROP TABLE blob;
        ALTER TABLE blob_2 RENAME TO blob;
        CREATE INDEX blob_erased ON blob (erased) WHERE erased IS NOT NULL;
        -- Eight bytes of a commitment are enough to find it by, and take a third of the room.
        CREATE INDEX blob_commitment ON blob (substr(commitment, 1, 8));
      `);
      refuseChanges(database, 'checkpoint', 'size');
    },
  },
];
export const schemaVersion = migrations.at(-1)?.to ?? 0;

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

/**
 * @returns the schema version of a store's file; 0 for an empty database.
 * @throws ProoflineError `store-corrupt` when it is another program's database, `store-unreadable` when a newer release wrote it.
 */
export function readSchemaVersion(database: DatabaseSync, file: string): number {
  const version = pragma(database, 'user_version');
  if (version > 0 && pragma(database, 'application_id') !== applicationId) {
    throw new ProoflineError('store-corrupt', `${file} is a database of another program`);
  }
  if (version > schemaVersion) {
    throw new ProoflineError(
      'store-unreadable',
      `${file} was written by a newer release (schema ${version}, this one knows ${schemaVersion}). Nothing was written. Install that release again, or restore a backup that was made before the upgrade`,
    );
  }
  return version;
}

/** Brings a store's tables forward. Call inside a write transaction. */
export function migrate(database: DatabaseSync, file: string): void {
  const version = readSchemaVersion(database, file);
  if (version === 0) database.exec(`PRAGMA application_id = ${applicationId}`);
  for (const migration of migrations.filter((step) => step.to > version)) {
    migration.up(database);
    database.exec(`PRAGMA user_version = ${migration.to}`);
  }
}
