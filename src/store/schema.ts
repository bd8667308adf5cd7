import type { DatabaseSync } from 'node:sqlite';
import type { Generated } from 'kysely';
import { ProoflineError } from '../model/errors.ts';
import { queryBuilder } from './queries.ts';

/** store.db. Primary: log_entry, checkpoint, blob, data_key, legal_hold. The rest is derived from them and can be rebuilt. */
export interface StoreSchema {
  /** The log: insert-only by trigger. `body` unpacked by `codec` is the leaf's data, byte for byte. */
  log_entry: { idx: number; codec: string; body: Uint8Array };
  /** Signed heads: insert-only by trigger. `range` is the compact range at `size`, so that what follows can be checked from here on. */
  checkpoint: { size: number; root: Uint8Array; range: Uint8Array; note: string };
  /** One row: the compact range of the whole log, updated with every append; and the receipt that what follows is not earlier than. */
  log_head: { id: number; size: number; range: Uint8Array; after: Uint8Array | null };
  /** Derived: where statements of a kind, about one stream, stand. */
  place: { kind: string; stream: string; idx: number };
  /** AES-256-GCM(zstd(canonical bytes)) with the commitment as associated data. An erased one keeps its row and nothing else. */
  blob: {
    commitment: Uint8Array;
    salt: Uint8Array | null;
    key_id: number;
    codec: string;
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
      for (const table of ['log_entry', 'checkpoint']) {
        for (const event of ['UPDATE', 'DELETE']) {
          database.exec(
            `CREATE TRIGGER ${table}_no_${event.toLowerCase()} BEFORE ${event} ON ${table}
             BEGIN SELECT RAISE(ABORT, '${table} is insert-only'); END`,
          );
        }
        // A conflicting insert must fail too: OR REPLACE would delete without firing the trigger above.
        const key = table === 'log_entry' ? 'idx' : 'size';
        database.exec(
          `CREATE TRIGGER ${table}_no_replace BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${key} = NEW.${key})
           BEGIN SELECT RAISE(ABORT, '${table} is insert-only'); END`,
        );
      }
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
      `${file} was written by a newer release (schema ${version}, this one knows ${schemaVersion})`,
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
