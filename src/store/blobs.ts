import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { Keys } from '../model/keys.ts';
import type { OpenedBlob } from '../model/log-reader.ts';
import { createCommitter, opens, type ScopedCommitter } from '../seal/commit.ts';
import { toBase64 } from '../seal/digest.ts';
import { pack, unpack } from './codecs.ts';
import { query } from './queries.ts';
import { store } from './schema.ts';

const findBlob = query((a: { commitment: Uint8Array }) => store.selectFrom('blob').select('erased').where('commitment', '=', a.commitment));
const insertBlob = query(
  (a: { commitment: Uint8Array; salt: Uint8Array; key_id: number; codec: string; size: number; nonce: Uint8Array; bytes: Uint8Array }) =>
    store
      .insertInto('blob')
      .values({
        commitment: a.commitment,
        salt: a.salt,
        key_id: a.key_id,
        codec: a.codec,
        size: a.size,
        nonce: a.nonce,
        bytes: a.bytes,
        erased: null,
      })
      // What was erased and is seen again in the source is new evidence, and kept again.
      .onConflict((conflict) =>
        conflict
          .column('commitment')
          .doUpdateSet({ salt: a.salt, key_id: a.key_id, codec: a.codec, nonce: a.nonce, bytes: a.bytes, erased: null }),
      ),
);
const readBlob = query((a: { commitment: Uint8Array }) => store.selectFrom('blob').selectAll().where('commitment', '=', a.commitment));
const eraseBlob = query((a: { commitment: Uint8Array; erased: number }) =>
  store.updateTable('blob').set({ salt: null, nonce: null, bytes: null, erased: a.erased }).where('commitment', '=', a.commitment),
);
const erasedBlobs = query((_: Record<string, never>) => store.selectFrom('blob').select('commitment').where('erased', 'is not', null));
const findDataKey = query((a: { scope: string; month: string }) =>
  store.selectFrom('data_key').select(['id', 'wrap_key', 'wrapped']).where('scope', '=', a.scope).where('month', '=', a.month),
);
const readDataKey = query((a: { id: number }) =>
  store.selectFrom('data_key').select(['scope', 'month', 'wrap_key', 'wrapped']).where('id', '=', a.id),
);
const insertDataKey = query((a: { scope: string; month: string; wrap_key: string; wrapped: Uint8Array }) =>
  store.insertInto('data_key').values({ scope: a.scope, month: a.month, wrap_key: a.wrap_key, wrapped: a.wrapped }),
);
const newestOfEachKey = query((_: Record<string, never>) =>
  store
    .selectFrom('blob')
    .select(({ fn }) => fn.max('commitment').as('commitment'))
    .where('erased', 'is', null)
    .groupBy('key_id'),
);

const worthPacking = 512;
const nonceBytes = 12;

/** A value made ready outside the transaction: committing is the costly part, and needs no lock. */
export interface Committed {
  readonly commitment: Uint8Array;
  /** Base64 of the commitment. */
  readonly name: string;
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface Blobs {
  commit(scope: string, bytes: Uint8Array): Committed;
  /** Stores what is not there yet. Inside a write transaction. */
  put(scope: string, value: Committed): string;
  /** @throws ProoflineError `key-refused`, `store-corrupt` when what is stored does not open its commitment. */
  open(commitment: Uint8Array): OpenedBlob | undefined;
  /** Must be called when a transaction was rolled back: keys that were made in it are not there. */
  forget(): void;
  /** Commitments (base64) that were erased and not seen since. */
  erased(): ReadonlySet<string>;
  /** Destroys ciphertext and salt. Inside a write transaction. @returns false when there is no such blob. */
  erase(commitment: Uint8Array, index: number): boolean;
  /** Opens one blob of every data key: whether the keys at hand still open what is stored. */
  probe(): { readonly tried: number; readonly failed: readonly string[] };
}

export function blobs(database: DatabaseSync, file: string, keys: Keys, now: () => string): Blobs {
  const committer = createCommitter(keys.commit.bytes);
  const scopes = new Map<string, ScopedCommitter>();
  const dataKeys = new Map<number, KeyObject>();

  const contextOf = (scope: string, month: string) => JSON.stringify([keys.tenant, scope, month]);
  const unwrap = (row: { scope: string; month: string; wrap_key: string; wrapped: Uint8Array }): KeyObject => {
    if (row.wrap_key !== keys.wrap.id) {
      throw new ProoflineError(
        'key-refused',
        `evidence of ${row.scope} in ${row.month} was encrypted under ${row.wrap_key}, not under ${keys.wrap.id}`,
      );
    }
    return createSecretKey(keys.wrap.unwrap(row.wrapped, contextOf(row.scope, row.month)));
  };
  /** @returns undefined when there is no such key. */
  const dataKey = (id: number): KeyObject | undefined => {
    const known = dataKeys.get(id);
    if (known !== undefined) return known;
    const row = readDataKey.get(database, { id });
    const key = row === undefined ? undefined : unwrap(row);
    if (key !== undefined) dataKeys.set(id, key);
    return key;
  };
  const current = new Map<string, { id: number; key: KeyObject }>();
  const currentKey = (scope: string): { id: number; key: KeyObject } => {
    const month = now().slice(0, 7);
    const name = contextOf(scope, month);
    const found = current.get(name) ?? findOrMakeKey(scope, month);
    current.set(name, found);
    return found;
  };
  const findOrMakeKey = (scope: string, month: string): { id: number; key: KeyObject } => {
    const found = findDataKey.get(database, { scope, month });
    if (found !== undefined) return { id: found.id, key: unwrap({ ...found, scope, month }) };
    const key = new Uint8Array(randomBytes(32));
    insertDataKey.run(database, { scope, month, wrap_key: keys.wrap.id, wrapped: keys.wrap.wrap(key, contextOf(scope, month)) });
    const made = findDataKey.get(database, { scope, month });
    if (made === undefined) throw new Error('a data key that was just written is not there');
    return { id: made.id, key: createSecretKey(key) };
  };

  let pool = new Uint8Array();
  /** Asking the platform for many at once costs what asking for one does. */
  const nextNonce = (): Uint8Array => {
    if (pool.length < nonceBytes) pool = new Uint8Array(randomBytes(nonceBytes * 256));
    const nonce = pool.slice(0, nonceBytes);
    pool = pool.subarray(nonceBytes);
    return nonce;
  };

  const open = (commitment: Uint8Array): OpenedBlob | undefined => {
    const row = readBlob.get(database, { commitment });
    if (row === undefined) return undefined;
    if (row.erased !== null) return { kind: 'erased', index: row.erased };
    const damaged = (cause?: unknown) =>
      new ProoflineError(
        'store-corrupt',
        `${file}: blob ${toBase64(commitment)} does not open; run proofline verify, then restore a backup`,
        { cause },
      );
    const key = dataKey(row.key_id);
    if (row.bytes === null || row.nonce === null || row.salt === null || key === undefined) throw damaged();
    let bytes: Uint8Array | undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, row.nonce, { authTagLength: 16 });
      decipher.setAAD(commitment).setAuthTag(row.bytes.subarray(row.bytes.length - 16));
      bytes = unpack(row.codec, Buffer.concat([decipher.update(row.bytes.subarray(0, -16)), decipher.final()]));
    } catch (cause) {
      throw damaged(cause);
    }
    if (bytes === undefined || !opens(commitment, row.salt, bytes)) throw damaged();
    return { kind: 'open', salt: row.salt, bytes };
  };

  return {
    commit(scope, bytes) {
      const scoped = scopes.get(scope) ?? committer.scoped(scope);
      scopes.set(scope, scoped);
      const { commitment, salt } = scoped.commit(bytes);
      return { commitment, salt, bytes, name: toBase64(commitment) };
    },
    put(scope, { commitment, salt, bytes, name }) {
      const present = findBlob.get(database, { commitment });
      if (present !== undefined && present.erased === null) return name;
      const { id, key } = currentKey(scope);
      const { codec, packed } = pack(bytes, worthPacking);
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(commitment);
      const sealed = Buffer.concat([cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
      insertBlob.run(database, { commitment, salt, key_id: id, codec, size: bytes.length, nonce, bytes: sealed });
      return name;
    },
    open,
    forget() {
      current.clear();
      dataKeys.clear();
    },
    erased: () => new Set(erasedBlobs.all(database, {}).map((row) => toBase64(row.commitment))),
    erase: (commitment, index) => eraseBlob.run(database, { commitment, erased: index }) === 1,
    probe() {
      const failed: string[] = [];
      const tried = newestOfEachKey.all(database, {}).map(({ commitment }) => commitment as Uint8Array);
      for (const commitment of tried) {
        try {
          open(commitment);
        } catch (error) {
          if (!(error instanceof ProoflineError)) throw error;
          failed.push(error.message);
        }
      }
      return { tried: tried.length, failed };
    },
  };
}
