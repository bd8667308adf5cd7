import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKeys } from '../../src/keys/key-files.ts';
import type { Keys } from '../../src/model/keys.ts';
import { backupStore, readBackup, restoreStore } from '../../src/store/backup.ts';
import { openStore, storeFile } from '../../src/store/embedded.ts';
import { openForward, storeSchema } from '../../src/store/forward-copy.ts';
import { readHead } from '../../src/store/read-head.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { clockFrom, owner, type Place, place } from './fixtures.ts';

const first = fileURLToPath(new URL('releases/0.1.0', import.meta.url));
const child = (name: string) => fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
let at: Place;
let keys: Keys;
let clock: ReturnType<typeof clockFrom>;

beforeEach(() => {
  at = place();
  cpSync(join(first, 'data'), at.dataDir, { recursive: true });
  cpSync(join(first, 'keys'), at.keysDir, { recursive: true });
  chmodSync(at.keysDir, 0o700);
  for (const name of readdirSync(at.keysDir)) chmodSync(join(at.keysDir, name), 0o600);
  keys = loadKeys(at.keysDir, owner);
  clock = clockFrom('2026-01-16T00:00:00.000Z');
});
afterEach(() => at.remove());

const schemaIn = (dataDir: string): unknown => {
  const database = new DatabaseSync(storeFile(dataDir), { readOnly: true });
  try {
    return database.prepare('PRAGMA user_version').get()?.['user_version'];
  } finally {
    database.close();
  }
};
const isWhole = async (dataDir: string, by = keys) => {
  const store = await openStore({ dataDir, keys: by, ...clock });
  try {
    await store.append({ kind: 'lifecycle', event: 'test', detail: 'goes on' });
    await store.checkpoint();
    return (await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL');
  } finally {
    await store.close();
  }
};

describe('bringing a store forward', () => {
  it('killed before its end has not happened', async () => {
    const died = spawnSync(process.execPath, [child('die-while-upgrading'), storeFile(at.dataDir)], { encoding: 'utf8' });
    expect(died.signal, died.stderr).toBe('SIGKILL');
    expect(schemaIn(at.dataDir)).toBe(1);
    expect(await isWhole(at.dataDir)).toEqual([]);
    expect(schemaIn(at.dataDir)).toBe(2);
  });

  it('killed at any time leaves a store that is of one release or the other, and whole', async () => {
    for (const wait of [250, 350, 450]) {
      const dataDir = join(at.root, `killed-${wait}`);
      const keysDir = join(at.root, `keys-${wait}`);
      cpSync(join(first, 'data'), dataDir, { recursive: true });
      cpSync(at.keysDir, keysDir, { recursive: true });
      chmodSync(keysDir, 0o700);
      const running = spawn(process.execPath, [child('append-loop'), dataDir, keysDir, 'loop'], { stdio: 'ignore' });
      const ended = new Promise((resolve) => running.once('close', resolve));
      await pause(wait);
      running.kill('SIGKILL');
      await ended;
      expect([1, 2]).toContain(schemaIn(dataDir));
      expect(await isWhole(dataDir, loadKeys(keysDir, owner))).toEqual([]);
      expect(schemaIn(dataDir)).toBe(2);
    }
  });

  it('is not done by whoever only looks: what is looked at is a copy', async () => {
    const before = readFileSync(storeFile(at.dataDir));
    const { store, close } = await openForward({ dataDir: at.dataDir, keys, ...clock });
    expect(store.file).not.toBe(storeFile(at.dataDir));
    expect(store.judgedSubjects('aws:111122223333')?.evaluation.statement.kind).toBe('evaluation');
    const entries = store.size();
    await close();
    expect(readFileSync(storeFile(at.dataDir)).equals(before)).toBe(true);
    expect(storeSchema(at.dataDir)).toEqual({ version: 1, known: 2 });
    expect(readHead(at.dataDir).size).toBe(entries);
  });
});

describe('a backup of a store that a former release wrote', () => {
  it('stays one that the former release can restore, and is brought forward when this one does', async () => {
    const outFile = join(at.root, 'former.backup');
    const { size } = backupStore({ dataDir: at.dataDir, outFile, now: clock.now });
    const database = new DatabaseSync(outFile, { readOnly: true });
    expect(database.prepare('PRAGMA user_version').get()?.['user_version']).toBe(1);
    database.close();
    const dataDir = join(at.root, 'restored');
    const restored = await restoreStore({ file: outFile, dataDir, keys, ...clock });
    expect(restored.size()).toBe(size);
    await restored.close();
    expect(await isWhole(dataDir)).toEqual([]);
  });
});

describe('what was attached to walkthroughs', () => {
  const attached = () => join(at.dataDir, 'attachments');
  beforeEach(() => {
    mkdirSync(attached());
    writeFileSync(join(attached(), '0123456789abcdef-screen.png'), 'seen on the screen');
  });

  it('is in a backup and comes back with it', async () => {
    const outFile = join(at.root, 'one.backup');
    expect(backupStore({ dataDir: at.dataDir, outFile, now: clock.now }).attachments).toMatchObject([
      { name: '0123456789abcdef-screen.png', bytes: 18 },
    ]);
    const dataDir = join(at.root, 'restored');
    await (await restoreStore({ file: outFile, dataDir, keys, ...clock })).close();
    expect(readFileSync(join(dataDir, 'attachments/0123456789abcdef-screen.png'), 'utf8')).toBe('seen on the screen');
    expect(await isWhole(dataDir)).toEqual([]);
  });

  it('that is not what was backed up is refused, and leaves nothing behind', async () => {
    const outFile = join(at.root, 'one.backup');
    backupStore({ dataDir: at.dataDir, outFile, now: clock.now });
    const database = new DatabaseSync(outFile);
    database.exec("UPDATE attachment SET bytes = CAST('something else' AS BLOB)");
    database.close();
    expect(readBackup(outFile).attachments).toHaveLength(1);
    const dataDir = join(at.root, 'restored');
    await expect(restoreStore({ file: outFile, dataDir, keys, ...clock })).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

it('a store of a newer release is refused in words', async () => {
  await (await openStore({ dataDir: at.dataDir, keys, ...clock })).close();
  const database = new DatabaseSync(storeFile(at.dataDir));
  database.exec('PRAGMA user_version = 3');
  database.close();
  const message = expect.stringMatching(
    /newer release \(schema 3, this one knows 2\)\. Nothing was written\. Install that release again, or restore a backup/,
  );
  for (const readOnly of [true, false]) {
    await expect(openStore({ dataDir: at.dataDir, keys, ...clock, readOnly })).rejects.toMatchObject({ code: 'store-unreadable', message });
  }
});
