import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeEvidence } from '../../src/bundle/write-evidence.ts';
import { claimIds } from '../../src/verify/report.ts';
import { fullLog } from './log-builder.ts';
import { has, TimeAuthority } from './time-authority.ts';

const script = fileURLToPath(new URL('../../src/verify/verify_export.py', import.meta.url));

describe.skipIf(!has('python3', '--version') || !has('openssl', 'version'))('verify_export.py as an auditor runs it', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'proofline-python-'));
  const directory = join(scratch, 'export');
  const log = { vkey: '' };
  let tsa: TimeAuthority;
  beforeAll(() => {
    tsa = new TimeAuthority();
    const built = fullLog((note) => tsa.stamp(note), new Date(Date.now() - 3_600_000).toISOString());
    log.vkey = built.keys[0]!.vkey;
    writeEvidence(built, directory, { generatedAt: '2026-02-01T00:00:00.000Z', signNote: (text) => built.signNote(text) });
  });
  afterAll(() => {
    tsa.remove();
    rmSync(scratch, { recursive: true, force: true });
  });
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('python3', ['-B', script, ...args], { encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  test('ends with 0 when nothing failed, and says what it cannot show', () => {
    const { status, stdout } = run(directory, '--vkey', log.vkey, '--tsa-roots', tsa.rootPem);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^PASS {2}anchors: 1 time stamps/m);
    expect(stdout).not.toMatch(/^FAIL/m);
    expect(stdout.match(/^NOTE/gm)).toHaveLength(4);
  });
  test('gives every claim as JSON', () => {
    const { status, stdout } = run('--json', directory);
    expect(status).toBe(0);
    const { ok, claims } = JSON.parse(stdout) as { ok: boolean; claims: { claim: string }[] };
    expect(ok).toBe(true);
    expect(claims.map(({ claim }) => claim)).toEqual(claimIds.filter((claim) => !/^bundle-|^handed-over$/.test(claim)));
  });
  test('ends with 2 when it is used wrongly', () => {
    for (const args of [
      [],
      ['--help'],
      [directory, 'more'],
      [join(scratch, 'nothing')],
      [directory, '--tsa-roots', join(scratch, 'nothing')],
    ]) {
      expect(run(...args).status, args.join(' ')).toBe(2);
    }
  });
  test('ends with 4 when something failed, and names it', () => {
    expect(run(scratch)).toMatchObject({ status: 4, stdout: expect.stringContaining('FAIL  export-files: manifest.json is missing') });
    const file = join(directory, 'entries.jsonl');
    const before = readFileSync(file);
    writeFileSync(file, Buffer.from(before.toString().replace('aws/things', 'aws/thongs')));
    const { status, stdout } = run(directory, '--vkey', log.vkey);
    writeFileSync(file, before);
    expect(status).toBe(4);
    expect(stdout).toMatch(/^FAIL {2}export-files: entries.jsonl is not what manifest.json says/m);
    expect(stdout).toMatch(/^FAIL {2}log-root: entry \d+/m);
  });
});
