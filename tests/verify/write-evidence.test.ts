import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { writeEvidence } from '../../src/bundle/write-evidence.ts';
import { verifyExport } from '../../src/verify/verify-export.ts';
import { fullLog, LogBuilder } from './log-builder.ts';
import { has, TimeAuthority } from './time-authority.ts';

const generatedAt = '2026-02-01T00:00:00.000Z';
const scratch = mkdtempSync(join(tmpdir(), 'proofline-write-'));
let count = 0;
let target = '';
beforeEach(() => {
  target = join(scratch, `${count++}`, 'export');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const withCode = (code: string) => expect.objectContaining({ code });

describe('an export', () => {
  test('is made of the files the format names, and reads as text', () => {
    const log = fullLog();
    const written = writeEvidence(log, target, { generatedAt, from: 5, to: 12, signNote: (text) => log.signNote(text) });
    expect(readdirSync(target).sort()).toEqual(
      [
        'README.txt',
        'blobs.txt',
        'checkpoint',
        'checkpoints.jsonl',
        'entries.jsonl',
        'manifest.json',
        'manifest.note',
        'outside.jsonl',
        'range.json',
        'starts.jsonl',
        'vkeys.txt',
      ].sort(),
    );
    expect(statSync(target).mode & 0o777).toBe(0o700);
    expect(written).toMatchObject({ size: log.size(), from: 5, to: 12, signed: true, unsigned: 0, erased: 1 });
    const readme = readFileSync(join(target, 'README.txt'), 'utf8');
    expect(readme).toContain('entries 5 to 11 of the 23 entries');
    expect(readme).toContain('verify_export.py');
    expect(readme).not.toMatch(/compliant|certified|passed/i);
    expect(readFileSync(join(target, 'entries.jsonl'), 'utf8').split('\n')).toHaveLength(8);
    expect(readFileSync(join(target, 'blobs.txt'), 'utf8')).toMatch(/^\S{44} erased 22$/m);
    // What was erased is nowhere, and neither is any key.
    expect(
      readdirSync(target)
        .map((name) => readFileSync(join(target, name), 'utf8'))
        .join(),
    ).not.toContain('bob');
  });
  test('says loudly that it is a demonstration', () => {
    const log = new LogBuilder({ demonstration: true });
    log.checkpoint();
    writeEvidence(log, target, { generatedAt });
    expect(readFileSync(join(target, 'README.txt'), 'utf8')).toContain('DEMONSTRATION DATA');
  });
  test('stands on the latest checkpoint, whatever came after', async () => {
    const log = fullLog();
    log.append({ kind: 'lifecycle', event: 'started', detail: '' });
    expect(writeEvidence(log, target, { generatedAt })).toMatchObject({ size: 23, unsigned: 1 });
    expect((await verifyExport(openDirectory(target))).ok).toBe(true);
  });
  test('takes an empty directory, and refuses any other', () => {
    const log = fullLog();
    mkdirSync(target, { recursive: true });
    writeEvidence(log, target, { generatedAt });
    const before = statSync(join(target, 'manifest.json')).mtimeMs;
    expect(() => writeEvidence(log, target, { generatedAt })).toThrow(withCode('usage'));
    expect(statSync(join(target, 'manifest.json')).mtimeMs).toBe(before);
    const other = join(scratch, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'a file'), 'x');
    expect(() => writeEvidence(log, other, { generatedAt })).toThrow(withCode('usage'));
    expect(readdirSync(other)).toEqual(['a file']);
  });
  test('refuses a part that is not there, and a log without a checkpoint', () => {
    const log = fullLog();
    for (const part of [{ from: -1 }, { from: 5, to: 5 }, { to: 24 }, { from: 0.5 }, { from: 23 }]) {
      expect(() => writeEvidence(log, target, { generatedAt, ...part })).toThrow(withCode('usage'));
    }
    expect(() => writeEvidence(new LogBuilder(), target, { generatedAt })).toThrow(withCode('not-found'));
    expect(existsSync(target)).toBe(false);
  });
  test('of a damaged store does not appear, not even in part', () => {
    const damages: ((log: LogBuilder) => unknown)[] = [
      (log) => log.blobs.delete([...log.blobs.keys()][3]!),
      (log) => log.entriesWritten.splice(6, 1),
      (log) => (log.signed[log.signed.length - 1] = { ...log.signed.at(-1)!, root: log.signed[0]!.root }),
    ];
    for (const damage of damages) {
      const log = fullLog();
      damage(log);
      expect(() => writeEvidence(log, target, { generatedAt })).toThrow(withCode('store-corrupt'));
      expect(readdirSync(join(target, '..'))).toEqual([]);
    }
  });
  test('that cannot be written to its end leaves nothing behind', () => {
    const log = fullLog();
    const stop = () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    expect(() => writeEvidence(log, target, { generatedAt, signNote: stop })).toThrow(withCode('disk-full'));
    expect(readdirSync(join(target, '..'))).toEqual([]);
  });
});

describe('a period', () => {
  test.skipIf(!has('openssl', 'version'))('goes on to the time stamp that bounds its last entry', async () => {
    const tsa = new TimeAuthority();
    try {
      const log = new LogBuilder({ start: new Date(Date.now() - 3 * 3_600_000).toISOString() });
      log.wait(3600).collection({ items: { AIDA1: { body: {} } } });
      const from = log.now();
      log.collection({ items: { AIDA2: { body: {} } } });
      log.wait(60);
      const to = log.now();
      log.append({ kind: 'lifecycle', event: 'after the period', detail: '' });
      log.anchorStamp((note) => tsa.stamp(note));
      log.append({ kind: 'lifecycle', event: 'long after it', detail: '' });
      log.checkpoint();
      expect(writeEvidence(log, target, { generatedAt, period: { from, to } })).toMatchObject({ from: 2, to: 5 });
      const { claims } = await verifyExport(openDirectory(target), { tsaRoots: [tsa.root] });
      expect(claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
      expect(claims.find(({ claim }) => claim === 'anchored')?.result).toBe('PASS');
    } finally {
      tsa.remove();
    }
  });
  test('without one ends with its last entry; one in which nothing was recorded is said', () => {
    const log = fullLog();
    expect(
      writeEvidence(log, target, { generatedAt, period: { from: '2026-01-01T00:00:05.000Z', to: '2026-01-01T00:00:09.000Z' } }),
    ).toMatchObject({ from: 3, to: 6 });
    const period = { from: '2027-01-01T00:00:00.000Z', to: '2027-02-01T00:00:00.000Z' };
    expect(() => writeEvidence(log, `${target}-2`, { generatedAt, period })).toThrow(withCode('not-found'));
  });
});
