import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { ProoflineError } from '../model/errors.ts';
import type { Keys } from '../model/keys.ts';
import type { OpenedBlob } from '../model/log-reader.ts';
import { createCommitter, opens, type ScopedCommitter } from '../seal/commit.ts';
import { toBase64 } from '../seal/digest.ts';
import { pack, unpack } from './codecs.ts';
import { query } from './queries.ts';
import { store } from './schema.ts';

const columns = ['id', 'commitment', 'salt', 'key_id', 'codec', 'base', 'size', 'nonce', 'bytes', 'erased'] as const;
/** The index holds the first eight bytes; the rest decides. */
const beginning = (value: unknown) => sql<Uint8Array>`substr(${value}, 1, 8)`;
const blobOf = (commitment: Uint8Array) =>
  store
    .selectFrom('blob')
    .where(beginning(sql.ref('commitment')), '=', beginning(commitment))
    .where('commitment', '=', commitment);
const findBlob = query((a: { commitment: Uint8Array }) => blobOf(a.commitment).select(['id', 'erased', 'base', 'key_id']));
const readBlob = query((a: { commitment: Uint8Array }) => blobOf(a.commitment).select(columns));
const readById = query((a: { id: number }) => store.selectFrom('blob').select(columns).where('id', '=', a.id));
const leaningOn = query((a: { base: number }) => store.selectFrom('blob').select(columns).where('base', '=', a.base));
type Sealed = {
  salt: Uint8Array;
  key_id: number;
  codec: string;
  base: number | null;
  nonce: Uint8Array;
  bytes: Uint8Array;
};
const insertBlob = query((a: Sealed & { commitment: Uint8Array; size: number }) =>
  store.insertInto('blob').values({
    commitment: a.commitment,
    salt: a.salt,
    key_id: a.key_id,
    codec: a.codec,
    base: a.base,
    size: a.size,
    nonce: a.nonce,
    bytes: a.bytes,
    erased: null,
  }),
);
const replaceBlob = query((a: Sealed & { id: number }) =>
  store
    .updateTable('blob')
    .set({ salt: a.salt, key_id: a.key_id, codec: a.codec, base: a.base, nonce: a.nonce, bytes: a.bytes, erased: null })
    .where('id', '=', a.id),
);
const eraseBlob = query((a: { id: number; erased: number }) =>
  store.updateTable('blob').set({ salt: null, nonce: null, bytes: null, base: null, erased: a.erased }).where('id', '=', a.id),
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

const worthPacking = 64;
const nonceBytes = 12;
/** Bases that were just opened: of one kind of item a first one, of every request list the former. */
const keptBases = 64;

/** A value made ready outside the transaction: committing is the costly part, and needs no lock. */
export interface Committed {
  readonly commitment: Uint8Array;
  /** Base64 of the commitment. */
  readonly name: string;
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
}

/** A blob of the same scope that is likely to be similar, and is there already. */
export interface Near {
  readonly commitment: Uint8Array;
  /**
   * It may be of an earlier month: the former state of the same thing. Otherwise what is new begins again with each month's data key, so
   * that months lean on themselves.
   */
  readonly ofAnyMonth?: boolean;
}

export interface Blobs {
  commit(scope: string, bytes: Uint8Array): Committed;
  /** Stores what is not there yet. Inside a write transaction. */
  put(scope: string, value: Committed, near?: Near): string;
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
  /** Made when something is committed to: a reader may be without that key. */
  let committer: ReturnType<typeof createCommitter> | undefined;
  const scopedCommitter = (scope: string): ScopedCommitter => {
    committer ??= createCommitter(keys.commit.bytes);
    return committer.scoped(scope);
  };
  const scopes = new Map<string, ScopedCommitter>();
  const dataKeys = new Map<number, { readonly scope: string; readonly key: KeyObject }>();
  const bases = new Map<number, Uint8Array>();

  const contextOf = (scope: string, month: string) => JSON.stringify([keys.tenant, scope, month]);
  const unwrap = (row: { scope: string; month: string; wrap_key: string; wrapped: Uint8Array }): KeyObject => {
    if (row.wrap_key !== keys.wrap.id && !keys.missing.includes('wrap')) {
      throw new ProoflineError(
        'key-refused',
        `evidence of ${row.scope} in ${row.month} was encrypted under ${row.wrap_key}, not under ${keys.wrap.id}`,
      );
    }
    return createSecretKey(keys.wrap.unwrap(row.wrapped, contextOf(row.scope, row.month)));
  };
  /** @returns undefined when there is no such key. */
  const dataKey = (id: number): { readonly scope: string; readonly key: KeyObject } | undefined => {
    const known = dataKeys.get(id);
    if (known !== undefined) return known;
    const row = readDataKey.get(database, { id });
    const found = row === undefined ? undefined : { scope: row.scope, key: unwrap(row) };
    if (found !== undefined) dataKeys.set(id, found);
    return found;
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

  type Row = NonNullable<ReturnType<typeof readById.get>>;
  const openRow = (row: Row): Extract<OpenedBlob, { kind: 'open' }> => {
    const damaged = (cause?: unknown) =>
      new ProoflineError(
        'store-corrupt',
        `${file}: blob ${toBase64(row.commitment)} does not open; run proofline verify, then restore a backup`,
        { cause },
      );
    const key = dataKey(row.key_id)?.key;
    if (row.bytes === null || row.nonce === null || row.salt === null || key === undefined) throw damaged();
    const base = row.base === null ? undefined : baseBytes(row.base);
    if (row.base !== null && base === undefined) throw damaged();
    let bytes: Uint8Array | undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, row.nonce, { authTagLength: 16 });
      decipher.setAAD(row.commitment).setAuthTag(row.bytes.subarray(row.bytes.length - 16));
      bytes = unpack(row.codec, Buffer.concat([decipher.update(row.bytes.subarray(0, -16)), decipher.final()]), base);
    } catch (cause) {
      throw damaged(cause);
    }
    if (bytes === undefined || !opens(row.commitment, row.salt, bytes)) throw damaged();
    return { kind: 'open', salt: row.salt, bytes };
  };
  /** What a blob that others lean on holds; undefined when it is not there, was erased, or leans on another itself. */
  const baseBytes = (id: number): Uint8Array | undefined => {
    const known = bases.get(id);
    if (known !== undefined) return known;
    const row = readById.get(database, { id });
    if (row === undefined || row.erased !== null || row.base !== null) return undefined;
    const { bytes } = openRow(row);
    if (bases.size >= keptBases) bases.delete(bases.keys().next().value ?? -1);
    bases.set(id, bytes);
    return bytes;
  };
  /** What `near` offers to be packed against: it itself, or what it leans on. */
  const baseNear = (scope: string, near: Near, keyId: number): { readonly id: number; readonly bytes: Uint8Array } | undefined => {
    const found = findBlob.get(database, { commitment: near.commitment });
    if (found === undefined || found.erased !== null) return undefined;
    const id = found.base ?? found.id;
    const row = found.base === null ? found : readById.get(database, { id });
    if (row === undefined || (near.ofAnyMonth !== true && row.key_id !== keyId) || dataKey(row.key_id)?.scope !== scope) return undefined;
    const bytes = baseBytes(id);
    return bytes === undefined ? undefined : { id, bytes };
  };
  const seal = (
    { commitment, salt, bytes }: Pick<Committed, 'commitment' | 'salt' | 'bytes'>,
    key: { readonly id: number; readonly key: KeyObject },
    base?: { readonly id: number; readonly bytes: Uint8Array },
  ): Sealed => {
    const { codec, packed } = pack(bytes, worthPacking, base?.bytes);
    const nonce = nextNonce();
    const cipher = createCipheriv('aes-256-gcm', key.key, nonce).setAAD(commitment);
    const sealed = Buffer.concat([cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
    return { salt, key_id: key.id, codec, base: codec === 'text' && base !== undefined ? base.id : null, nonce, bytes: sealed };
  };

  const open = (commitment: Uint8Array): OpenedBlob | undefined => {
    const row = readBlob.get(database, { commitment });
    if (row === undefined) return undefined;
    return row.erased === null ? openRow(row) : { kind: 'erased', index: row.erased };
  };
  /** What leans on a blob is packed anew, to stand alone: nothing of an erased one may be needed, or stay, anywhere. */
  const standAlone = (base: number): void => {
    for (const row of leaningOn.all(database, { base })) {
      const { salt, bytes } = openRow(row);
      const key = dataKey(row.key_id);
      if (key === undefined) throw new Error('a data key that just opened a blob is not there');
      replaceBlob.run(database, { id: row.id, ...seal({ commitment: row.commitment, salt, bytes }, { id: row.key_id, key: key.key }) });
    }
  };

  return {
    commit(scope, bytes) {
      const scoped = scopes.get(scope) ?? scopedCommitter(scope);
      scopes.set(scope, scoped);
      const { commitment, salt } = scoped.commit(bytes);
      return { commitment, salt, bytes, name: toBase64(commitment) };
    },
    put(scope, value, near) {
      const { commitment, bytes, name } = value;
      const present = findBlob.get(database, { commitment });
      if (present !== undefined && present.erased === null) return name;
      const key = currentKey(scope);
      const sealed = seal(value, key, near === undefined ? undefined : baseNear(scope, near, key.id));
      // What was erased and is seen again in the source is new evidence, and kept again.
      if (present === undefined) insertBlob.run(database, { commitment, size: bytes.length, ...sealed });
      else replaceBlob.run(database, { id: present.id, ...sealed });
      return name;
    },
    open,
    forget() {
      current.clear();
      dataKeys.clear();
      bases.clear();
    },
    erased: () => new Set(erasedBlobs.all(database, {}).map((row) => toBase64(row.commitment))),
    erase(commitment, index) {
      const found = findBlob.get(database, { commitment });
      if (found === undefined) return false;
      standAlone(found.id);
      bases.delete(found.id);
      return eraseBlob.run(database, { id: found.id, erased: index }) === 1;
    },
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
