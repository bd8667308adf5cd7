import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeys, loadKeys } from '../../src/keys/key-files.ts';
import type { Keys } from '../../src/model/keys.ts';
import { acceptStore, backupStore, readBackup, restoreStore } from '../../src/store/backup.ts';
import { type EmbeddedStore, openStore } from '../../src/store/embedded.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { type clockFrom, evidence, freshStore, item, origin, owner, type Place, place } from './fixtures.ts';

let at: Place;
let keys: Keys;
let clock: ReturnType<typeof clockFrom>;
let store: EmbeddedStore;
let file: string;
const opened: EmbeddedStore[] = [];
const actor = { name: 'alice', authentication: 'none' as const };
const note = (n: number) => ({ kind: 'lifecycle' as const, event: 'test', detail: String(n) });

beforeEach(async () => {
  at = place();
  ({ store, keys, clock } = await freshStore(at));
  opened.push(store);
  await store.appendCollection(evidence([item('a', { x: 1 })]), null);
  await store.checkpoint();
  file = join(at.root, 'backups', 'one.backup');
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  at.remove();
});
const backup = () => backupStore({ dataDir: at.dataDir, outFile: file, now: clock.now });
const restore = async (options: Partial<Parameters<typeof restoreStore>[0]> = {}) => {
  const restored = await restoreStore({ file, dataDir: join(at.root, 'restored'), keys, ...clock, ...options });
  opened.push(restored);
  return restored;
};
async function refusal(work: () => unknown): Promise<{ code: unknown; message: string }> {
  try {
    await work();
  } catch (error) {
    return { code: (error as { code?: unknown }).code, message: (error as Error).message };
  }
  throw new Error('nothing was refused');
}
const failures = async (of: EmbeddedStore) => (await verifyLog(of)).claims.filter(({ result }) => result === 'FAIL');

describe('a backup', () => {
  it('says what it is, is private, and holds no key', async () => {
    const manifest = backup();
    expect(manifest).toMatchObject({ origin, tenant: owner.tenant, size: 2, checkpoint: { size: 2 } });
    expect(readBackup(file)).toEqual(manifest);
    expect(statSync(file).mode & 0o077).toBe(0);
    const bytes = readFileSync(file);
    for (const name of ['sign', 'wrap', 'commit']) {
      const { secret } = JSON.parse(readFileSync(join(at.keysDir, `${name}.json`), 'utf8')) as { secret: string };
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(Buffer.from(secret, 'base64'))).toBe(false);
    }
    expect(readdirSync(join(at.root, 'backups'))).toEqual(['one.backup']);
  });
  it('overwrites nothing', async () => {
    mkdirSync(join(at.root, 'backups'));
    writeFileSync(file, 'precious');
    expect((await refusal(backup)).code).toBe('usage');
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
  it('is made while others append', async () => {
    const reader = openStore({ dataDir: at.dataDir, keys, ...clock });
    opened.push(await reader);
    await (await reader).append(note(1));
    expect(backup().size).toBe(3);
    await (await reader).append(note(2));
    expect(readBackup(file).size).toBe(3);
  });
  it('is whole also when it is made in the middle of what another process appends', async () => {
    const child = fileURLToPath(new URL('children/append-loop.ts', import.meta.url));
    const writer = spawn(process.execPath, [child, at.dataDir, at.keysDir, 'loop', '150'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(writer, 'close');
    await once(writer.stdout, 'data');
    const sizes = [1, 2, 3].map((n) => backupStore({ dataDir: at.dataDir, outFile: join(at.root, `${n}.backup`), now: clock.now }).size);
    writer.kill('SIGKILL');
    await ended;
    expect(sizes).toEqual([...sizes].sort((left, right) => left - right));
    for (const n of [1, 2, 3]) {
      // Keys of which nobody knows how far they signed: each of these is a log of its own.
      const elsewhere = loadKeys(at.keysDir, owner, join(at.root, `witness-${n}`));
      const restored = await restore({ file: join(at.root, `${n}.backup`), dataDir: join(at.root, `restored-${n}`), keys: elsewhere });
      expect(restored.size()).toBe(sizes[n - 1]);
      expect(await failures(restored)).toEqual([]);
    }
  });
  it('is told from any other file', async () => {
    expect((await refusal(() => readBackup(file))).code).toBe('store-missing');
    expect((await refusal(() => readBackup(join(at.dataDir, 'store.db')))).code).toBe('store-corrupt');
    backup();
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, 30_000), Buffer.alloc(20_000, 7), bytes.subarray(50_000)]));
    expect((await refusal(() => restore())).code).toBe('store-corrupt');
    expect(existsSync(join(at.root, 'restored'))).toBe(false);
  });
});

describe('restoring', () => {
  it('gives back the whole log, which goes on from there', async () => {
    backup();
    const restored = await restore();
    expect([...restored.entries()]).toEqual([...store.entries()]);
    expect(restored.items('aws/iam-users', 'aws:111122223333')).toEqual(store.items('aws/iam-users', 'aws:111122223333'));
    await restored.append(note(1));
    await restored.checkpoint();
    expect(await failures(restored)).toEqual([]);
  });
  it('overwrites nothing', async () => {
    backup();
    expect((await refusal(() => restore({ dataDir: at.dataDir }))).code).toBe('usage');
  });
  it('needs the keys of this log', async () => {
    backup();
    expect((await refusal(() => restore({ keys: createKeys(join(at.root, 'other'), owner) }))).code).toBe('key-refused');
    expect((await refusal(() => restore({ keys: createKeys(join(at.root, 'demo'), { ...owner, demonstration: true }) }))).code).toBe(
      'demonstration-refused',
    );
    expect(existsSync(join(at.root, 'restored'))).toBe(false);
  });
  it('what has been overtaken is refused before anything is written, and accepted only with a recorded reason', async () => {
    backup();
    await store.append(note(1));
    const lost = await store.checkpoint();
    expect(await refusal(() => restore())).toMatchObject({
      code: 'store-not-continuation',
      message: expect.stringContaining('--accept-loss'),
    });
    expect(existsSync(join(at.root, 'restored'))).toBe(false);

    const restored = await restore({ accept: { reason: 'the disk died', actor } });
    const statements = [...restored.entries(2)].map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>);
    expect(statements).toMatchObject([
      { kind: 'gap', subject: 'log', reason: expect.stringContaining(lost.root) },
      {
        kind: 'lifecycle',
        event: 'restored',
        detail: expect.stringContaining('the disk died'),
        lost: { size: lost.size, root: lost.root },
      },
    ]);
    expect(await failures(restored)).toEqual([]);
    // From now on this is the log, and the other one is refused.
    expect(keys.witness(origin).read()?.size).toBe(4);
    expect((await refusal(() => openStore({ dataDir: at.dataDir, keys, ...clock }))).code).toBe('store-not-continuation');
    opened.push(await openStore({ dataDir: join(at.root, 'restored'), keys, ...clock }));
  });
  it('can be accepted of an old copy that is already in its place, once', async () => {
    const old = join(at.root, 'old');
    await store.close();
    cpSync(at.dataDir, old, { recursive: true });
    const later = await openStore({ dataDir: at.dataDir, keys, ...clock });
    await later.append(note(1));
    await later.checkpoint();
    await later.close();
    opened.length = 0;
    rmSync(at.dataDir, { recursive: true });
    cpSync(old, at.dataDir, { recursive: true });
    const accept = () => acceptStore({ dataDir: at.dataDir, keys, ...clock, accept: { reason: 'a snapshot was put back', actor } });
    for (let n = 0; n < 2; n++) {
      const accepted = await accept();
      opened.push(accepted);
      expect(accepted.size()).toBe(4);
      expect(accepted.latest('gap')?.statement.subject).toBe('log');
      expect(await failures(accepted)).toEqual([]);
    }
  });
});
