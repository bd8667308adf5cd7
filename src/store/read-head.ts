import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import { toBase64 } from '../seal/digest.ts';
import { lastCheckpoint } from './checkpoints.ts';
import { storeFile } from './embedded.ts';
import { withForwardFile } from './forward-copy.ts';
import { headOf } from './log.ts';
import { type LogKeys, logKeysOf } from './log-keys.ts';
import { openSqlite, translating } from './sqlite.ts';

/** How far a log goes and by which keys, as anybody can read it who has none of them. */
export interface StoreHead extends Pick<LogKeys, 'origin' | 'tenant' | 'demonstration'> {
  /** Of the key that signs in the end. */
  readonly vkey: string;
  readonly size: number;
  /** Base64 root of all its entries. */
  readonly root: string;
  /** The last signed head; null: nothing was ever signed. */
  readonly checkpoint: { readonly size: number; readonly root: string; readonly note: string } | null;
  /** Ids of the keys in force. */
  readonly keys: { readonly sign: string; readonly wrap: string; readonly commit: string };
}

/** @throws ProoflineError `store-missing`, `store-unreadable`, `store-corrupt` */
export function readHead(dataDir: string): StoreHead {
  const file = storeFile(dataDir);
  if (!existsSync(file)) throw new ProoflineError('store-missing', `there is no log in ${dataDir}`);
  return withForwardFile(file, (current) => {
    const database = openSqlite(current, { readOnly: true, durable: true });
    try {
      return translating(current, () => headIn(database, current));
    } finally {
      database.close();
    }
  });
}

export function headIn(database: DatabaseSync, file: string): StoreHead {
  const { origin, tenant, demonstration, vkeys, sign, wrap, commit } = logKeysOf(database, file);
  const { range } = headOf(database);
  return {
    origin,
    tenant,
    demonstration,
    vkey: vkeys.at(-1) ?? '',
    size: range.size,
    root: toBase64(range.root()),
    checkpoint: lastCheckpoint(database) ?? null,
    keys: { sign, wrap, commit },
  };
}
