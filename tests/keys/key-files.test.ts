import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupAdvice } from '../../src/keys/backup-advice.ts';
import { createKeys, loadKeys } from '../../src/keys/key-files.ts';
import { probeKeys } from '../../src/keys/probe-keys.ts';
import { rotateSignKey } from '../../src/keys/rotate-sign-key.ts';
import type { SigningKey } from '../../src/model/keys.ts';
import { openNote, signNote, verifySignature, vkeyOf } from '../../src/seal/signed-note.ts';

const owner = { tenant: 'northwind', demonstration: false };
let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keys-'));
  directory = join(root, 'keys');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const refusal = (work: () => unknown): { code: unknown; message: string } => {
  try {
    work();
  } catch (error) {
    return { code: (error as { code?: unknown }).code, message: (error as Error).message };
  }
  throw new Error('nothing was refused');
};

describe('creating keys', () => {
  it('writes three files only the owner can read, in a directory only the owner can enter', () => {
    createKeys(directory, owner);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of ['sign.json', 'wrap.json', 'commit.json']) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });
  it('never overwrites a key', () => {
    createKeys(directory, owner);
    const before = readFileSync(join(directory, 'sign.json'), 'utf8');
    expect(refusal(() => createKeys(directory, owner)).code).toBe('key-refused');
    expect(readFileSync(join(directory, 'sign.json'), 'utf8')).toBe(before);
  });
  it('makes keys that differ each time', () => {
    const one = createKeys(directory, owner);
    const other = createKeys(join(root, 'other'), owner);
    expect(new Set([one.sign.id, other.sign.id, one.wrap.id, other.wrap.id, one.commit.id, other.commit.id]).size).toBe(6);
  });
});

describe('loading keys', () => {
  it('gives the keys that were created', () => {
    const made = createKeys(directory, owner);
    const loaded = loadKeys(directory, owner);
    expect(loaded.sign.id).toBe(made.sign.id);
    expect(loaded.commit.bytes).toEqual(made.commit.bytes);
    expect(loaded.wrap.unwrap(made.wrap.wrap(new Uint8Array(32), 'x'), 'x')).toEqual(new Uint8Array(32));
    expect(verifySignature(made.sign.publicKey, new Uint8Array(3), loaded.sign.sign(new Uint8Array(3)))).toBe(true);
    expect(probeKeys(loaded)).toMatchObject({ signs: true, decrypts: true });
  });
  it('signs notes that open under its vkey', () => {
    const { sign } = createKeys(directory, owner);
    const note = signNote('proofline/x\n1\n', 'proofline/x', sign.publicKey, sign.sign);
    expect(openNote(note, [vkeyOf('proofline/x', sign.publicKey)]).by).toHaveLength(1);
  });
  it('says key-missing when there is none', () => {
    expect(refusal(() => loadKeys(directory, owner)).code).toBe('key-missing');
    createKeys(directory, owner);
    rmSync(join(directory, 'wrap.json'));
    expect(refusal(() => loadKeys(directory, owner))).toMatchObject({ code: 'key-missing', message: expect.stringContaining('wrap.json') });
  });
  it.each([0o640, 0o604, 0o660, 0o644])('refuses a file of mode %o and says how to close it', (mode) => {
    createKeys(directory, owner);
    chmodSync(join(directory, 'sign.json'), mode);
    expect(refusal(() => loadKeys(directory, owner))).toMatchObject({ code: 'key-refused', message: expect.stringContaining('chmod 600') });
  });
  it('refuses a directory that others can enter', () => {
    createKeys(directory, owner);
    chmodSync(directory, 0o755);
    expect(refusal(() => loadKeys(directory, owner))).toMatchObject({ code: 'key-refused', message: expect.stringContaining('chmod 700') });
  });
  it('refuses a symbolic link', () => {
    createKeys(directory, owner);
    renameSync(join(directory, 'sign.json'), join(root, 'elsewhere.json'));
    symlinkSync(join(root, 'elsewhere.json'), join(directory, 'sign.json'));
    expect(refusal(() => loadKeys(directory, owner)).code).toBe('key-refused');
  });
  it('refuses demonstration keys for real data and real keys for a demonstration', () => {
    createKeys(directory, owner);
    expect(refusal(() => loadKeys(directory, { ...owner, demonstration: true })).code).toBe('demonstration-refused');
    createKeys(join(root, 'demo'), { ...owner, demonstration: true });
    expect(refusal(() => loadKeys(join(root, 'demo'), owner)).code).toBe('demonstration-refused');
  });
  it('refuses keys of another tenant', () => {
    createKeys(directory, owner);
    expect(refusal(() => loadKeys(directory, { ...owner, tenant: 'other' })).code).toBe('key-refused');
  });
  it('refuses a key that stands in the place of another', () => {
    createKeys(directory, owner);
    writeFileSync(join(directory, 'sign.json'), readFileSync(join(directory, 'commit.json')), { mode: 0o600 });
    expect(refusal(() => loadKeys(directory, owner)).code).toBe('key-refused');
  });
  it('notices a damaged secret and never quotes it', () => {
    createKeys(directory, owner);
    const path = join(directory, 'commit.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as { secret: string };
    const secret = Buffer.from(file.secret, 'base64');
    secret[5]! ^= 1;
    writeFileSync(path, JSON.stringify({ ...file, secret: secret.toString('base64') }));
    expect(refusal(() => loadKeys(directory, owner))).toMatchObject({ code: 'key-refused', message: expect.stringContaining('damaged') });
    writeFileSync(path, `{"secret":"${file.secret}`);
    const { code, message } = refusal(() => loadKeys(directory, owner));
    expect(code).toBe('key-refused');
    expect(message).not.toContain(file.secret);
  });
  it('binds a wrapped data key to its context', () => {
    const { wrap } = createKeys(directory, owner);
    const wrapped = wrap.wrap(new Uint8Array(32), 'scope a');
    expect(refusal(() => wrap.unwrap(wrapped, 'scope b')).code).toBe('key-refused');
  });
});

describe('rotating the signing key', () => {
  const logOf = (signKeyId: string) => ({
    signKeyId,
    rotations: 0,
    async rotateSignKey(next: SigningKey) {
      this.rotations += 1;
      this.signKeyId = next.id;
    },
  });
  it('records the new key in the log before it takes the old one’s place', async () => {
    const keys = createKeys(directory, owner);
    const log = logOf(keys.sign.id);
    const after = await rotateSignKey(log, keys);
    expect(log.rotations).toBe(1);
    expect(after.sign.id).toBe(log.signKeyId);
    expect(after.sign.id).not.toBe(keys.sign.id);
    expect(after.signNext).toBeUndefined();
    expect(after.commit.id).toBe(keys.commit.id);
  });
  it('is finished by a second call when the first was cut off after the log had it', async () => {
    const keys = createKeys(directory, owner);
    const log = logOf(keys.sign.id);
    const cutOff = {
      signKeyId: log.signKeyId,
      async rotateSignKey(next: SigningKey) {
        await log.rotateSignKey(next);
        throw new Error('killed');
      },
    };
    await expect(rotateSignKey(cutOff, keys)).rejects.toThrow('killed');
    const between = loadKeys(directory, owner);
    expect(between.sign.id).toBe(keys.sign.id);
    expect(between.signNext?.id).toBe(log.signKeyId);
    const after = await rotateSignKey(log, between);
    expect(log.rotations).toBe(1);
    expect(after.sign.id).toBe(log.signKeyId);
  });
});

describe('the witness beside the keys', () => {
  it('remembers a head per origin', () => {
    const keys = createKeys(directory, owner);
    const witness = keys.witness('proofline/a');
    expect(witness.read()).toBeUndefined();
    const record = { origin: 'proofline/a', size: 3, root: Buffer.alloc(32).toString('base64'), at: '2026-01-15T12:00:00.000Z' };
    witness.write(record);
    expect(loadKeys(directory, owner).witness('proofline/a').read()).toEqual(record);
    expect(keys.witness('proofline/b').read()).toBeUndefined();
    expect(statSync(witness.place).mode & 0o777).toBe(0o600);
  });
  it('lies elsewhere where the keys can only be read', () => {
    createKeys(directory, owner);
    const elsewhere = join(root, 'witness');
    const keys = loadKeys(directory, owner, elsewhere);
    const record = { origin: 'proofline/a', size: 3, root: Buffer.alloc(32).toString('base64'), at: '2026-01-15T12:00:00.000Z' };
    const before = readdirSync(directory);
    keys.witness('proofline/a').write(record);
    expect(readdirSync(directory)).toEqual(before);
    expect(statSync(elsewhere).mode & 0o777).toBe(0o700);
    expect(loadKeys(directory, owner, elsewhere).witness('proofline/a').read()).toEqual(record);
    expect(loadKeys(directory, owner).witness('proofline/a').read()).toBeUndefined();
  });
  it('says so when it is damaged', () => {
    const witness = createKeys(directory, owner).witness('proofline/a');
    writeFileSync(witness.place, '{');
    expect(refusal(() => witness.read()).code).toBe('store-not-continuation');
  });
});

it('says what to keep apart', () => {
  const advice = backupAdvice('/k', '/d').join('\n');
  for (const word of ['/k', '/d', 'sign.json', 'wrap.json', 'commit.json', 'proofline backup']) expect(advice).toContain(word);
});
