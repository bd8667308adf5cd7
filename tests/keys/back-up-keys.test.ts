import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUpKeys, type KeyBackupLock, restoreKeys } from '../../src/keys/back-up-keys.ts';
import { createKeys, loadKeys, loadKeysForReading } from '../../src/keys/key-files.ts';

const owner = { tenant: 'northwind', demonstration: false };
const madeAt = '2026-03-01T00:00:00.000Z';
const record = { origin: 'proofline/a', size: 7, root: Buffer.alloc(32).toString('base64'), at: madeAt };
let root: string;
let directory: string;
let lock: KeyBackupLock;
let unlock: KeyBackupLock;
let backup: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'key-backup-'));
  directory = join(root, 'keys');
  createKeys(directory, owner).witness('proofline/a').write(record);
  const identity = await generateIdentity();
  lock = { kind: 'recipients', recipients: [await identityToRecipient(identity)] };
  unlock = { kind: 'identities', identities: [identity] };
  backup = await backUpKeys({ directory, owner }, lock, madeAt);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const restore = (to: string, options: { readonly text?: string; readonly lock?: KeyBackupLock; readonly owner?: typeof owner } = {}) =>
  restoreKeys({ directory: join(root, to), owner: options.owner ?? owner }, options.lock ?? unlock, options.text ?? backup, 'keys.age');
const textOf = (name: string) => readFileSync(join(directory, name), 'utf8');

it('shows nothing of what it holds, and brings all of it back, with how far was signed', async () => {
  for (const name of readdirSync(directory)) {
    for (const value of Object.values(JSON.parse(textOf(name)) as Record<string, unknown>)) {
      if (typeof value === 'string' && value.length > 4) expect(backup).not.toContain(value);
    }
  }
  const files = readdirSync(directory);
  expect(await restore('elsewhere')).toEqual({ madeAt, written: ['sign.json', 'wrap.json', 'commit.json'], kept: [] });
  expect(readdirSync(join(root, 'elsewhere'))).toEqual(files);
  const [here, there] = [loadKeys(directory, owner), loadKeys(join(root, 'elsewhere'), owner)];
  expect([there.sign.id, there.wrap.id, there.commit.id]).toEqual([here.sign.id, here.wrap.id, here.commit.id]);
  expect(there.witness('proofline/a').read()).toEqual(record);
});

it('puts back only what is missing, and never takes back how far was signed', async () => {
  rmSync(join(directory, 'wrap.json'));
  loadKeysForReading(directory, owner)
    .witness('proofline/a')
    .write({ ...record, size: 9 });
  expect(await restore('keys')).toMatchObject({ written: ['wrap.json'], kept: ['sign.json', 'commit.json'] });
  expect(loadKeys(directory, owner).witness('proofline/a').read()?.size).toBe(9);
});

it('overwrites no other key, and writes nothing then', async () => {
  const other = join(root, 'other');
  createKeys(other, owner);
  renameSync(join(other, 'sign.json'), join(directory, 'sign.json'));
  rmSync(join(directory, 'wrap.json'));
  const before = textOf('sign.json');
  await expect(restore('keys')).rejects.toMatchObject({ code: 'key-refused', message: expect.stringContaining('nothing is overwritten') });
  expect(textOf('sign.json')).toBe(before);
  expect(existsSync(join(directory, 'wrap.json'))).toBe(false);
});

it('opens to nobody else, not when it was changed, and not for another tenant or a demonstration', async () => {
  const stranger: KeyBackupLock = { kind: 'identities', identities: [await generateIdentity()] };
  await expect(restore('a', { lock: stranger })).rejects.toMatchObject({ code: 'key-refused' });
  await expect(restore('a', { lock: { kind: 'passphrase', passphrase: 'guess' } })).rejects.toMatchObject({ code: 'key-refused' });
  const lines = backup.split('\n');
  const middle = Math.floor(lines.length / 2);
  lines[middle] = [...(lines[middle] ?? '')].reverse().join('');
  await expect(restore('a', { text: lines.join('\n') })).rejects.toMatchObject({ code: 'key-refused' });
  await expect(restore('a', { owner: { ...owner, tenant: 'other' } })).rejects.toMatchObject({ code: 'key-refused' });
  await expect(restore('a', { owner: { ...owner, demonstration: true } })).rejects.toMatchObject({ code: 'demonstration-refused' });
  expect(existsSync(join(root, 'a'))).toBe(false);
});

it('is not made of keys that are not whole', async () => {
  writeFileSync(join(directory, 'commit.json'), '{}');
  await expect(backUpKeys({ directory, owner }, lock, madeAt)).rejects.toMatchObject({ code: 'key-refused' });
  rmSync(join(directory, 'commit.json'));
  await expect(backUpKeys({ directory, owner }, lock, madeAt)).rejects.toMatchObject({
    code: 'key-missing',
    message: expect.stringContaining('proofline keys restore'),
  });
});
