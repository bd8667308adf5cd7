import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeys, loadKeys } from '../../src/keys/key-files.ts';
import { rotateSignKey } from '../../src/keys/rotate-sign-key.ts';
import type { Keys } from '../../src/model/keys.ts';
import { openNote } from '../../src/seal/signed-note.ts';
import { createStore, openStore, storeFile } from '../../src/store/embedded.ts';
import { EmbeddedStore } from '../../src/store/embedded-store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { openState } from '../../src/store/state.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { clockFrom, evidence, freshStore, item, origin, owner, type Place, place } from './fixtures.ts';

let at: Place;
let clock: ReturnType<typeof clockFrom>;
let keys: Keys;
const opened: EmbeddedStore[] = [];
beforeEach(() => {
  at = place();
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  at.remove();
});

async function begin(): Promise<EmbeddedStore> {
  const made = await freshStore(at);
  ({ clock, keys } = made);
  opened.push(made.store);
  return made.store;
}
async function open(options: { readOnly?: boolean; keys?: Keys } = {}): Promise<EmbeddedStore> {
  const store = await openStore({ dataDir: at.dataDir, keys, ...clock, ...options });
  opened.push(store);
  return store;
}
async function close(store: EmbeddedStore): Promise<void> {
  opened.splice(opened.indexOf(store), 1);
  await store.close();
}
async function refusal(work: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  try {
    await work;
  } catch (error) {
    return { code: (error as { code?: unknown }).code, message: (error as Error).message };
  }
  throw new Error('nothing was refused');
}
async function failedClaims(store: EmbeddedStore): Promise<string[]> {
  return (await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL').map(({ claim }) => claim);
}
/** Changes the file behind the store's back, as somebody with the disk can. */
function tamper(sql: string, ...values: (string | number | Uint8Array)[]): void {
  const database = new DatabaseSync(storeFile(at.dataDir));
  for (const trigger of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
    database.exec(`DROP TRIGGER ${String(trigger['name'])}`);
  }
  database.exec('PRAGMA foreign_keys = OFF');
  expect(database.prepare(sql).run(...values).changes).toBeGreaterThan(0);
  database.close();
}
const note = (n: number) => ({ kind: 'lifecycle' as const, event: 'test', detail: String(n) });
const collector = 'aws/iam-users';
const scope = 'aws:111122223333';

describe('opening', () => {
  it('says when there is no log', async () => {
    keys = createKeys(at.keysDir, owner);
    clock = clockFrom();
    expect(await refusal(open())).toMatchObject({ code: 'store-missing', message: expect.stringContaining('proofline init') });
    expect(existsSync(at.dataDir)).toBe(false);
  });
  it('of a new log has nothing to warn of, and neither has opening it again', async () => {
    const store = await begin();
    expect(store.warnings).toEqual([]);
    await close(store);
    expect((await open()).warnings).toEqual([]);
    expect((await open({ readOnly: true })).warnings).toEqual([]);
  });
  it('refuses to begin a second log in the same place, or elsewhere with the same keys', async () => {
    await begin();
    const again = (dataDir: string) => createStore({ dataDir, keys, ...owner, origin, ...clock });
    expect((await refusal(again(at.dataDir))).code).toBe('store-not-continuation');
    rmSync(keys.witness(origin).place);
    expect((await refusal(again(at.dataDir))).code).toBe('usage');
  });
  it('refuses to begin anew where the log was thrown away', async () => {
    await begin();
    rmSync(at.dataDir, { recursive: true });
    expect(await refusal(createStore({ dataDir: at.dataDir, keys, ...owner, origin, ...clock }))).toMatchObject({
      code: 'store-not-continuation',
      message: expect.stringContaining('fork'),
    });
  });
  it('keeps demonstration and real apart, both ways', async () => {
    await begin();
    const demo = createKeys(join(at.root, 'demo-keys'), { ...owner, demonstration: true });
    expect((await refusal(open({ keys: demo }))).code).toBe('demonstration-refused');
    const dataDir = join(at.root, 'demo');
    expect(
      (await refusal(createStore({ dataDir, keys, tenant: owner.tenant, demonstration: true, origin: 'proofline/demo', ...clock }))).code,
    ).toBe('demonstration-refused');
    expect((await refusal(createStore({ dataDir, keys: demo, ...owner, origin: 'proofline/demo', ...clock }))).code).toBe(
      'demonstration-refused',
    );
    const store = await createStore({ dataDir, keys: demo, tenant: owner.tenant, demonstration: true, origin: 'proofline/demo', ...clock });
    await store.close();
    expect((await refusal(openStore({ dataDir, keys, ...clock }))).code).toBe('demonstration-refused');
  });
  it('refuses keys of another log or tenant', async () => {
    await begin();
    expect((await refusal(open({ keys: createKeys(join(at.root, 'other'), owner) }))).code).toBe('key-refused');
    expect((await refusal(open({ keys: createKeys(join(at.root, 'tenant'), { ...owner, tenant: 'other' }) }))).code).toBe('key-refused');
  });
  it('refuses keys inside the data directory', async () => {
    clock = clockFrom();
    const inside = createKeys(join(at.dataDir, 'keys'), owner);
    expect((await refusal(createStore({ dataDir: at.dataDir, keys: inside, ...owner, origin, ...clock }))).code).toBe('key-refused');
  });
  it('leaves no key and nothing a source said in the data directory in the clear', async () => {
    const store = await begin();
    await store.appendCollection(evidence([item('a', { Name: 'somebody-secret' })]), null);
    store.state.etags.set('me', 'GET /x', { etag: '"1"', headers: {}, body: new TextEncoder().encode('somebody-secret') });
    await store.checkpoint();
    const everything = readdirSync(at.dataDir).map((name) => readFileSync(join(at.dataDir, name)));
    const secrets = ['sign', 'wrap', 'commit'].map(
      (name) => (JSON.parse(readFileSync(join(at.keysDir, `${name}.json`), 'utf8')) as { secret: string }).secret,
    );
    for (const bytes of everything) {
      expect(bytes.includes('somebody-secret')).toBe(false);
      for (const secret of secrets) {
        expect(bytes.includes(secret)).toBe(false);
        expect(bytes.includes(Buffer.from(secret, 'base64'))).toBe(false);
      }
    }
    expect(statSync(storeFile(at.dataDir)).mode & 0o077).toBe(0);
    expect(statSync(at.dataDir).mode & 0o077).toBe(0);
  });
  it('refuses a store of a newer release and a database of another program', async () => {
    await close(await begin());
    const database = new DatabaseSync(storeFile(at.dataDir));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await refusal(open())).toMatchObject({ code: 'store-unreadable', message: expect.stringContaining('newer release') });
    const other = new DatabaseSync(storeFile(at.dataDir));
    other.exec('PRAGMA user_version = 1; PRAGMA application_id = 7');
    other.close();
    expect((await refusal(open())).code).toBe('store-corrupt');
  });
  it.each(['garbage', 'cut', 'empty'])('says store-corrupt for a file that is %s', async (how) => {
    const store = await begin();
    for (let n = 0; n < 200; n++) await store.append(note(n));
    await close(store);
    const file = storeFile(at.dataDir);
    if (how === 'garbage') writeFileSync(file, Buffer.alloc(50_000, 'x'));
    if (how === 'cut') truncateSync(file, Math.floor(statSync(file).size / 8192 / 2) * 8192);
    if (how === 'empty') truncateSync(file, 0);
    expect(await refusal(open())).toMatchObject({ code: 'store-corrupt', message: expect.stringContaining('restore') });
    expect((await refusal(open({ readOnly: true }))).code).toBe('store-corrupt');
  });
});

describe('a store opened for reading', () => {
  it('reads beside a writer, and writes nothing', async () => {
    const writer = await begin();
    await writer.appendCollection(evidence([item('a', { x: 1 })]), null);
    await close(writer);
    const file = storeFile(at.dataDir);
    const before = readFileSync(file);
    rmSync(join(at.dataDir, 'state.db'));
    const reader = await open({ readOnly: true });
    expect(reader.items(collector, scope)).toHaveLength(1);
    expect(reader.tryDecryption()).toMatchObject({ failed: [] });
    await expect(reader.append(note(1))).rejects.toThrow('opened for reading');
    await expect(reader.checkpoint()).rejects.toThrow('opened for reading');
    await close(reader);
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(join(at.dataDir, 'state.db'))).toBe(false);
  });
  it('sees what another process appends meanwhile', async () => {
    const writer = await begin();
    const reader = await open({ readOnly: true });
    expect(reader.size()).toBe(1);
    await writer.append(note(1));
    expect(reader.size()).toBe(2);
  });
});

describe('a restored old copy', () => {
  async function setBack(): Promise<void> {
    const store = await begin();
    await store.append(note(1));
    await store.checkpoint();
    await close(store);
    cpSync(at.dataDir, join(at.root, 'old'), { recursive: true });
    const later = await open();
    await later.append(note(2));
    await later.checkpoint();
    await close(later);
    rmSync(at.dataDir, { recursive: true });
    cpSync(join(at.root, 'old'), at.dataDir, { recursive: true });
  }
  it('is refused to writers, who are told what to do, and shown to readers', async () => {
    await setBack();
    expect(await refusal(open())).toMatchObject({
      code: 'store-not-continuation',
      message: expect.stringContaining('proofline restore --accept-loss'),
    });
    const reader = await open({ readOnly: true });
    expect(reader.warnings.join()).toContain('older copy');
    expect(reader.size()).toBe(2);
  });
  it('is refused as well when it has grown past the old head another way', async () => {
    await setBack();
    const place = keys.witness(origin).place;
    const witness = readFileSync(place);
    rmSync(place);
    const branch = await open();
    expect(branch.warnings.join()).toContain('cannot be told');
    for (let n = 0; n < 5; n++) await branch.append(note(100 + n));
    await branch.checkpoint();
    await close(branch);
    writeFileSync(place, witness);
    expect(await refusal(open())).toMatchObject({ code: 'store-not-continuation', message: expect.stringContaining('its entries differ') });
  });
  it('is not confused with a log that another process has just carried on', async () => {
    const one = await begin();
    const two = await open();
    for (let n = 0; n < 5; n++) {
      await one.append(note(n));
      await one.checkpoint();
      await two.append(note(n));
    }
    await close(two);
    await close(one);
    expect((await open()).size()).toBe(11);
  });
});

describe('planted tampering', () => {
  async function filled(): Promise<EmbeddedStore> {
    const store = await begin();
    for (let n = 0; n < 3; n++) await store.appendCollection(evidence([item('a', { n }), item('b', {})]), null);
    await store.append(note(1));
    await store.checkpoint();
    return store;
  }
  it('of the log through the store’s own connection is not possible', async () => {
    const store = await filled();
    await close(store);
    const database = new DatabaseSync(storeFile(at.dataDir));
    for (const table of ['log_entry', 'checkpoint']) {
      const key = table === 'log_entry' ? 'idx' : 'size';
      expect(() => database.exec(`DELETE FROM ${table}`)).toThrow('insert-only');
      expect(() => database.exec(`UPDATE ${table} SET ${key} = ${key} + 100`)).toThrow('insert-only');
      expect(() => database.exec(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table} LIMIT 1`)).toThrow('insert-only');
    }
    database.close();
  });
  const forged = new TextEncoder().encode('{"v":1}');
  it.each([
    ['an entry changed', () => tamper('UPDATE log_entry SET codec = ?, body = ? WHERE idx = 1', 'none', forged)],
    ['an entry that does not unpack', () => tamper('UPDATE log_entry SET codec = ?, body = ? WHERE idx = 1', 'zstd', forged)],
    ['an entry removed', () => tamper('DELETE FROM log_entry WHERE idx = 2')],
    [
      'two entries swapped',
      () =>
        tamper(
          'UPDATE log_entry SET body = (SELECT body FROM log_entry AS other WHERE other.idx = 3 - log_entry.idx), codec = (SELECT codec FROM log_entry AS other WHERE other.idx = 3 - log_entry.idx) WHERE idx IN (1, 2)',
        ),
    ],
    ['a blob changed', () => tamper('UPDATE blob SET bytes = zeroblob(length(bytes)) WHERE rowid = 1')],
    ['a blob removed', () => tamper('DELETE FROM blob WHERE rowid = 1')],
    ['a salt changed', () => tamper('UPDATE blob SET salt = zeroblob(16) WHERE rowid = 1')],
    [
      'a blob in another’s place',
      () =>
        tamper(
          'UPDATE blob SET (salt, nonce, bytes, codec) = (SELECT salt, nonce, bytes, codec FROM blob WHERE rowid = 2) WHERE rowid = 1',
        ),
    ],
    ['a blob said to be erased', () => tamper('UPDATE blob SET salt = NULL, bytes = NULL, nonce = NULL, erased = 1 WHERE rowid = 1')],
    ['a data key changed', () => tamper('UPDATE data_key SET wrapped = zeroblob(60)')],
    ['a checkpoint changed', () => tamper('UPDATE checkpoint SET note = replace(note, char(10), char(10) || char(10)) WHERE size = 1')],
  ])('is found by verify: %s', async (_, change) => {
    await close(await filled());
    change();
    const reader = await open({ readOnly: true });
    expect(await failedClaims(reader)).not.toEqual([]);
  });
  it.each(['salt = zeroblob(16)', 'bytes = zeroblob(length(bytes))', 'nonce = zeroblob(12)', 'salt = NULL', "codec = 'other'"])(
    'is found when it is read: %s',
    async (change) => {
      const store = await filled();
      tamper(`UPDATE blob SET ${change}`);
      expect((await refusal((async () => store.items(collector, scope))())).code).toBe('store-corrupt');
      expect(store.tryDecryption().failed.length).toBeGreaterThan(0);
    },
  );
  it.each([
    ['the head', () => tamper('UPDATE log_head SET range = zeroblob(length(range))')],
    ['the head’s size', () => tamper('UPDATE log_head SET size = size - 1')],
    ['the last entries cut off', () => tamper('DELETE FROM log_entry WHERE idx > 2')],
    ['the last checkpoint', () => tamper('UPDATE checkpoint SET root = zeroblob(32)')],
    ['what is kept of the range at the last checkpoint', () => tamper('UPDATE signed_range SET range = zeroblob(length(range))')],
    ['an entry after the last checkpoint', () => tamper('UPDATE log_entry SET body = ?, codec = ? WHERE idx = 5', forged, 'none')],
  ])('keeps a writer from going on: %s', async (_, change) => {
    const store = await filled();
    await store.append(note(2));
    await close(store);
    const before = statSync(storeFile(at.dataDir)).size;
    change();
    expect((await refusal(open())).code).toBe('store-corrupt');
    expect(statSync(storeFile(at.dataDir)).size).toBe(before);
  });
  it('of an anchor keeps a writer from going on', async () => {
    const store = await filled();
    const head = await store.checkpoint();
    await store.append({
      kind: 'anchor',
      anchor: 'x',
      method: 'file',
      checkpoint: { size: head.size, root: Buffer.alloc(32).toString('base64') },
      receiptTime: null,
      receipt: 'x',
      receiptHash: head.root,
      note: head.note,
    });
    await store.checkpoint();
    await close(store);
    expect((await refusal(open())).code).toBe('store-not-continuation');
  });
  it('of what is current is not judged as if it were evidence, and is put right from the log', async () => {
    await close(await filled());
    tamper('DELETE FROM manifest_pair WHERE c_id = (SELECT min(c_id) FROM manifest_pair)');
    const store = await open();
    expect((await refusal((async () => store.items(collector, scope))())).code).toBe('store-corrupt');
    expect(await store.rebuildDerived()).toHaveLength(1);
    expect(store.items(collector, scope)).toHaveLength(2);
    expect(await store.rebuildDerived()).toEqual([]);
    await store.appendCollection(evidence([item('a', { n: 9 })]), null);
    await store.checkpoint();
    expect(await failedClaims(store)).toEqual([]);
  });
});

describe('erasing', () => {
  it('leaves nothing of it in the data directory, in cached replies neither', async () => {
    const store = await begin();
    const name = await store.putBlob(scope, { Name: 'somebody' });
    const database = new DatabaseSync(storeFile(at.dataDir), { readOnly: true });
    const row = database.prepare('SELECT bytes, salt FROM blob WHERE commitment = ?').get(Buffer.from(name, 'base64'));
    database.close();
    const remains = () =>
      readdirSync(at.dataDir).some((of) => readFileSync(join(at.dataDir, of)).includes(Buffer.from(row?.['bytes'] as Uint8Array)));
    expect(remains()).toBe(true);
    store.state.etags.set('me', 'GET /x', { etag: '"1"', headers: {}, body: new TextEncoder().encode('somebody') });
    await store.erase([name], { authority: 'data protection', reason: 'request 7', actor: { name: 'alice', authentication: 'none' } });
    expect(remains()).toBe(false);
    expect(store.state.etags.get('me', 'GET /x')).toBeUndefined();
  });
  it('is possible again when a hold is released', async () => {
    const store = await begin();
    const name = await store.putBlob(scope, { a: 1 });
    const by = { authority: 'x', reason: 'y', actor: { name: 'alice', authentication: 'none' as const } };
    await store.hold([name], 'litigation');
    expect((await refusal(store.erase([name], by))).code).toBe('usage');
    await store.release([name], 'settled');
    await store.erase([name], by);
    expect(store.blob(name)?.kind).toBe('erased');
  });
});

describe('a full disk', () => {
  it.each(['one by one', 'in one large collection'])('is said, and leaves nothing half-written: %s', async (how) => {
    await close(await begin());
    const file = storeFile(at.dataDir);
    const database = openSqlite(file, { durable: true });
    const state = openState(at.dataDir, { now: clock.now });
    const store = new EmbeddedStore({ database, file, keys, state, readOnly: false, warnings: [], ...clock });
    opened.push(store);
    // As a disk does: no page more than there are now.
    database.exec(`PRAGMA max_page_count = ${Number(database.prepare('PRAGMA page_count').get()?.['page_count'])}`);
    const sizes: number[] = [];
    const fill = async () => {
      for (let n = 0; n < 5000; n++) {
        sizes.push(store.size());
        if (how === 'one by one') await store.append({ ...note(n), detail: Buffer.alloc(1500, n).toString('base64').slice(0, 2000) });
        else await store.appendCollection(evidence(Array.from({ length: 2000 }, (_, of) => item(String(of), { of }))), null);
      }
    };
    expect(await refusal(fill())).toMatchObject({ code: 'disk-full', message: expect.stringContaining('no space left') });
    expect(store.size()).toBe(sizes.at(-1));
    database.exec('PRAGMA max_page_count = 1000000');
    await store.append(note(1));
    await store.checkpoint();
    expect(await failedClaims(store)).toEqual([]);
    await close(store);
    expect((await open()).size()).toBe((sizes.at(-1) ?? 0) + 1);
  });
});

describe('the signing key', () => {
  it('is rotated in the log by both keys; what the old one signed stays verifiable', async () => {
    const store = await begin();
    const first = store.vkey;
    await store.append(note(1));
    const old = await store.checkpoint();
    keys = await rotateSignKey(store, keys);
    expect(store.vkey).not.toBe(first);
    expect(store.vkeys()).toEqual([first, store.vkey]);
    await store.append(note(2));
    const head = await store.checkpoint();
    expect(openNote(head.note, [store.vkey]).by).toEqual([store.vkey]);
    expect(openNote(old.note, store.vkeys()).by).toEqual([first]);
    expect(openNote(store.signNote('a text\n'), store.vkeys()).by).toEqual([store.vkey]);
    expect(await failedClaims(store)).toEqual([]);
    await close(store);
    const again = await open({ keys: loadKeys(at.keysDir, owner) });
    expect(again.vkeys()).toEqual([first, again.vkey]);
    keys = await rotateSignKey(again, loadKeys(at.keysDir, owner));
    await again.append(note(3));
    await again.checkpoint();
    expect(again.vkeys()).toHaveLength(3);
    expect(await failedClaims(again)).toEqual([]);
  });
  it('is not used any more by a process that has missed its rotation', async () => {
    const store = await begin();
    const other = await open();
    await rotateSignKey(other, keys);
    await store.append(note(1));
    expect((await refusal(store.checkpoint())).code).toBe('key-refused');
    await other.checkpoint();
    expect(await failedClaims(other)).toEqual([]);
  });
  it('that was retired is refused', async () => {
    const store = await begin();
    cpSync(at.keysDir, join(at.root, 'before'), { recursive: true });
    chmodSync(join(at.root, 'before'), 0o700);
    await rotateSignKey(store, keys);
    await close(store);
    expect((await refusal(open({ keys: loadKeys(join(at.root, 'before'), owner) }))).code).toBe('key-refused');
  });
  it('in the middle of a rotation that was cut off is the one the log says', async () => {
    const store = await begin();
    const cutOff = {
      signKeyId: store.signKeyId,
      async rotateSignKey(next: Parameters<typeof store.rotateSignKey>[0]) {
        await store.rotateSignKey(next);
        throw new Error('killed');
      },
    };
    await expect(rotateSignKey(cutOff, keys)).rejects.toThrow('killed');
    await close(store);
    const between = loadKeys(at.keysDir, owner);
    const again = await open({ keys: between });
    expect(again.signKeyId).toBe(between.signNext?.id);
    await again.append(note(1));
    await again.checkpoint();
    expect(await failedClaims(again)).toEqual([]);
    const after = await rotateSignKey(again, between);
    expect(after.sign.id).toBe(again.signKeyId);
    expect(again.vkeys()).toHaveLength(2);
  });
});
