import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { ZipArchive } from 'archiver';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundleFolderInput, writeBundleFolder } from '../../src/bundle/bundle-folder.ts';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { encryptFile, packFolder } from '../../src/bundle/pack-folder.ts';
import { unpackZip } from '../../src/bundle/unpack-file.ts';
import { withBundleFiles } from '../../src/run/bundle/open-bundle.ts';
import { verifyFiles } from '../../src/run/verify-data.ts';
import { sha256, toHex } from '../../src/seal/digest.ts';
import { checkpointText } from '../../src/seal/signed-note.ts';
import type { Claim } from '../../src/verify/report.ts';
import { fullLog, LogBuilder, TestKey } from '../verify/log-builder.ts';
import { PythonVerifier } from '../verify/python-verifier.ts';
import { has } from '../verify/time-authority.ts';

const python = has('python3', '--version') && has('openssl', 'version') ? new PythonVerifier() : undefined;
const scratch = mkdtempSync(join(tmpdir(), 'proofline-bundle-test-'));
const generatedAt = '2026-02-01T00:00:00.000Z';
const text = (content: string) => new TextEncoder().encode(content);
let made = 0;
const fresh = (): string => {
  made += 1;
  const folder = join(scratch, String(made));
  mkdirSync(folder);
  return folder;
};
const inputOf = (log: LogBuilder, more: Partial<BundleFolderInput> = {}): BundleFolderInput => ({
  reader: log,
  period: 'fy26',
  generatedAt,
  version: '0.0.0',
  supplements: null,
  published: [{ path: 'format-1.md', sha256: toHex(sha256(text('a specification'))) }],
  documents: [
    { path: 'index.html', bytes: text('<!doctype html><title>Toys</title>') },
    { path: 'controls/AC-03/workpaper.pdf', bytes: [text('%PDF-'), text('not quite')] },
    { path: 'history.json', bytes: text('{}\n') },
  ],
  withholdItemsOf: new Set(),
  signNote: (body) => log.signNote(body),
  ...more,
});
const bundleOf = async (log: LogBuilder, more: Partial<BundleFolderInput> = {}): Promise<{ folder: string; manifest: string }> => {
  const folder = fresh();
  return { folder, manifest: (await writeBundleFolder(folder, inputOf(log, more))).manifest };
};
type Found = Pick<Claim, 'claim' | 'result' | 'detail'>;
const ours = async (place: string, options: Parameters<typeof verifyFiles>[1] = {}): Promise<readonly Found[]> =>
  await withBundleFiles(place, {}, async (files) => (await verifyFiles(files, options)).claims);
const theirs = async (place: string, options: { vkey?: string; against?: string } = {}): Promise<readonly Found[] | undefined> =>
  await python?.ask({ directory: place, ...options });
const failed = (claims: readonly Found[]) => claims.filter(({ result }) => result === 'FAIL').map(({ claim }) => claim);
/** Both verifiers must say the same of every claim. */
const both = async (place: string, options: { vkey?: string; against?: string } = {}): Promise<readonly Found[]> => {
  const claims = await ours(place, options);
  const other = await theirs(place, options);
  const results = (of: readonly Found[]) => of.map(({ claim, result }) => `${claim} ${result}`);
  if (other !== undefined) expect(results(other), JSON.stringify([claims, other], null, 1)).toEqual(results(claims));
  return claims;
};

let log: LogBuilder;
let folder: string;
let manifest: string;
beforeAll(async () => {
  log = fullLog();
  ({ folder, manifest } = await bundleOf(log));
});
afterAll(() => {
  python?.stop();
  rmSync(scratch, { recursive: true, force: true });
});
const vkey = () => log.keys[0]!.vkey;

describe('a sound bundle', () => {
  test('verifies with the key that was handed over, by both verifiers', async () => {
    const claims = await both(folder, { vkey: vkey() });
    expect(failed(claims)).toEqual([]);
    expect(claims.slice(0, 4).map(({ claim, result }) => `${claim} ${result}`)).toEqual([
      'bundle-files PASS',
      'bundle-signature PASS',
      'bundle-chain PASS',
      'export-files PASS',
    ]);
  });
  test('is the same bytes for the same log, period and time, folder and ZIP', async () => {
    const again = await bundleOf(fullLog());
    expect(again.manifest).toBe(manifest);
    await packFolder(folder, join(scratch, 'a.zip'), generatedAt);
    await packFolder(again.folder, join(scratch, 'b.zip'), generatedAt);
    expect(readFileSync(join(scratch, 'b.zip')).equals(readFileSync(join(scratch, 'a.zip')))).toBe(true);
  });
  test('is what it was when this was written', () => {
    // A change here means that bundles of former releases and of this one differ for the same log: it must be meant, and be in format-1.md.
    expect(manifest).toMatchInlineSnapshot(`"sha256:74bd7c83224b720f013ab58dce10da21f201b64a7e689a5b10c00eeb7a55a21e"`);
  });
  test('verifies as a ZIP, and encrypted with the identity it was encrypted to', async () => {
    const zip = join(scratch, 'round.zip');
    await packFolder(folder, zip, generatedAt);
    expect(failed(await both(zip, { vkey: vkey() }))).toEqual([]);
    const identity = await generateX25519Identity();
    await encryptFile(zip, `${zip}.age`, [await identityToRecipient(identity)]);
    await expect(ours(`${zip}.age`)).rejects.toThrow('is encrypted: decrypt it first');
    writeFileSync(join(scratch, 'key.txt'), `# a comment\n${identity}\n`);
    const opened = await withBundleFiles(
      `${zip}.age`,
      { identity: join(scratch, 'key.txt') },
      async (files) => await verifyFiles(files, { vkey: vkey() }),
    );
    expect(opened.ok).toBe(true);
    writeFileSync(join(scratch, 'other.txt'), `${await generateX25519Identity()}\n`);
    const other = withBundleFiles(`${zip}.age`, { identity: join(scratch, 'other.txt') }, () => undefined);
    await expect(other).rejects.toMatchObject({ code: 'verification-failed' });
  });
});

describe('what is done to its files', () => {
  const changed = (change: (copy: string) => void): string => {
    const copy = fresh();
    cpSync(folder, copy, { recursive: true });
    change(copy);
    return copy;
  };
  test('one bit of any file flipped: the file is named', { timeout: 300_000 }, async () => {
    const files = openDirectory(folder);
    const paths = files.list();
    files.close();
    const copy = changed(() => {});
    for (const path of paths) {
      const bytes = readFileSync(join(copy, path));
      for (const [round, [offset, bit]] of fc.sample(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), 12).entries()) {
        const flipped = Uint8Array.from(bytes);
        flipped[offset]! ^= 1 << bit;
        writeFileSync(join(copy, path), flipped);
        // The other one asks openssl of each signature each time: twice is enough of it.
        const other = round < 2 ? await theirs(copy, { vkey: vkey() }) : undefined;
        for (const claims of [await ours(copy, { vkey: vkey() }), other]) {
          const against = claims?.filter(({ result, claim }) => result === 'FAIL' && claim.startsWith('bundle-')) ?? [];
          if (claims !== undefined) expect(JSON.stringify(against), `${path} byte ${offset}`).toContain(path);
        }
      }
      writeFileSync(join(copy, path), bytes);
    }
    expect(failed(await both(copy, { vkey: vkey() }))).toEqual([]);
  });
  test('one removed, added, emptied, or two exchanged: named', async () => {
    const cases: [what: string, names: string, change: (copy: string) => void][] = [
      ['removed', 'index.html is missing', (copy) => rmSync(join(copy, 'index.html'))],
      ['added', 'controls/AC-03/more.txt is not listed', (copy) => writeFileSync(join(copy, 'controls/AC-03/more.txt'), 'x')],
      ['emptied', 'history.json is not what', (copy) => truncateSync(join(copy, 'history.json'))],
      ['removed from the evidence', 'evidence/blobs.txt is missing', (copy) => rmSync(join(copy, 'evidence/blobs.txt'))],
      ['no signature', 'manifest.note is missing', (copy) => rmSync(join(copy, 'manifest.note'))],
      ['no manifest', 'manifest.json is missing', (copy) => rmSync(join(copy, 'manifest.json'))],
      ['no evidence', 'evidence/entries.jsonl is missing', (copy) => rmSync(join(copy, 'evidence'), { recursive: true })],
      [
        'exchanged',
        'history.json is not what',
        (copy) => {
          renameSync(join(copy, 'index.html'), join(copy, 'kept'));
          renameSync(join(copy, 'history.json'), join(copy, 'index.html'));
          renameSync(join(copy, 'kept'), join(copy, 'history.json'));
        },
      ],
    ];
    for (const [what, names, change] of cases) {
      const copy = changed(change);
      const files = openDirectory(copy);
      const { claims } = await verifyFiles(files, { vkey: vkey() });
      files.close();
      expect(claims.flatMap(({ findings }) => findings.map(({ message }) => message)).join('\n'), what).toContain(names);
      await both(copy, { vkey: vkey() });
    }
  });
  test('the evidence of another log put in place: the chain says so', async () => {
    const other = new LogBuilder({ origin: 'other.example/log' });
    other.checkpoint();
    const { folder: foreign } = await bundleOf(other);
    const copy = changed((at) => {
      rmSync(join(at, 'evidence'), { recursive: true });
      cpSync(join(foreign, 'evidence'), join(at, 'evidence'), { recursive: true });
    });
    const claims = await both(copy);
    expect(failed(claims)).toEqual(expect.arrayContaining(['bundle-files', 'bundle-signature', 'bundle-chain']));
  });
  test('a ZIP that is cut off, or has what no bundle has, is refused by name', async () => {
    const zip = join(scratch, 'cut.zip');
    await packFolder(folder, zip, generatedAt);
    const whole = readFileSync(zip);
    for (const length of [whole.length - 1, Math.floor(whole.length / 2), 30]) {
      writeFileSync(zip, whole.subarray(0, length));
      await expect(ours(zip)).rejects.toMatchObject({ code: 'verification-failed', message: expect.stringContaining('cut.zip') });
      const other = await theirs(zip);
      if (other !== undefined) expect(failed(other)).toEqual(['bundle-files']);
    }
    const evil = join(scratch, 'evil.zip');
    const archive = new ZipArchive({});
    const pieces: Buffer[] = [];
    archive.on('data', (piece) => pieces.push(piece));
    archive.append('x', { name: 'aa/bb/c.txt' });
    await archive.finalize();
    // The library that writes ZIPs cleans names; an attacker does not.
    const bytes = Buffer.concat(pieces);
    for (let at = bytes.indexOf('aa/bb/c.txt'); at >= 0; at = bytes.indexOf('aa/bb/c.txt')) bytes.write('../../c.txt', at);
    writeFileSync(evil, bytes);
    await expect(unpackZip(evil, fresh())).rejects.toMatchObject({ code: 'verification-failed' });
    const other = await theirs(evil);
    if (other !== undefined) expect(failed(other)).toEqual(['bundle-files']);
  });
  test('a ZIP that would fill the disk is not unpacked', async () => {
    const zip = join(scratch, 'bomb.zip');
    const archive = new ZipArchive({ zlib: { level: 9 } });
    const pieces: Buffer[] = [];
    archive.on('data', (piece) => pieces.push(piece));
    archive.append(Buffer.alloc(1 << 20), { name: 'zeros' });
    await archive.finalize();
    const bytes = Buffer.concat(pieces);
    // Its directory says two gibibytes of it.
    const central = bytes.lastIndexOf('PK\u0001\u0002');
    bytes.writeUInt32LE(2 ** 31, central + 24);
    writeFileSync(zip, bytes);
    await expect(unpackZip(zip, fresh())).rejects.toThrow('far more than a file of its size should');
    const other = await theirs(zip);
    if (other !== undefined) expect(failed(other)).toEqual(['bundle-files']);
  });
});

describe('the chain of bundles', () => {
  test('a second one names the first, or fails', async () => {
    const grown = fullLog();
    const first = await bundleOf(grown);
    const record = {
      kind: 'lifecycle',
      event: 'bundle',
      detail: 'fy26',
      period: 'fy26',
      manifest: first.manifest,
      size: grown.size(),
      supplements: null,
    };
    grown.append(record);
    grown.append({ ...record, period: 'fy27', manifest: `sha256:${'0'.repeat(64)}` });
    grown.checkpoint();
    const right = await both((await bundleOf(grown, { supplements: first.manifest })).folder, { vkey: vkey() });
    expect(failed(right)).toEqual([]);
    for (const supplements of [null, `sha256:${'0'.repeat(64)}`]) {
      const wrong = await both((await bundleOf(grown, { supplements })).folder, { vkey: vkey() });
      expect(failed(wrong)).toEqual(['bundle-chain']);
    }
    expect(failed(await both((await bundleOf(fullLog(), { supplements: first.manifest })).folder))).toEqual(['bundle-chain']);
  });
});

describe('a checkpoint that was handed over before', () => {
  const handed = (note: string): string => {
    const file = join(scratch, `handed-${made}`);
    writeFileSync(file, note);
    return file;
  };
  test('is a prefix of the log', async () => {
    for (const { note } of log.signed) {
      const claims = await both(folder, { vkey: vkey(), against: handed(note) });
      expect(claims.find(({ claim }) => claim === 'handed-over')?.result).toBe('PASS');
    }
  });
  test('of a log that was rolled back, of another root, by another key, or that is none: fails', async () => {
    const grown = fullLog();
    grown.append({ kind: 'lifecycle', event: 'started', detail: '' });
    grown.checkpoint();
    const early = log.signed[0]!;
    const another = log.keys[0]!.note(
      checkpointText({ origin: log.origin, size: early.size, root: Buffer.alloc(32, 3).toString('base64') }),
    );
    const stranger = new TestKey(log.origin, 9).note(checkpointText({ origin: log.origin, size: early.size, root: early.root }));
    for (const [note, why] of [
      [grown.signed.at(-1)!.note, 'rolled back'],
      [another, 'disagree'],
      [stranger, 'not signed by a known key'],
      ['nothing\n', 'no checkpoint'],
    ] as const) {
      const claims = await both(folder, { vkey: vkey(), against: handed(note) });
      expect(failed(claims), why).toEqual(['handed-over']);
      expect(claims.find(({ claim }) => claim === 'handed-over')?.detail).toContain(why);
    }
  });
});

describe('content that is withheld', () => {
  test('leaves only its commitment; everything else is verified as ever', async () => {
    const { folder: thin } = await bundleOf(log, { withholdItemsOf: new Set(['aws/things']) });
    const blobs = readFileSync(join(thin, 'evidence/blobs.txt'), 'utf8');
    expect(readFileSync(join(folder, 'evidence/blobs.txt'), 'utf8')).toContain('AIDA1');
    expect(blobs).not.toContain('AIDA1');
    expect(blobs).not.toContain('PasswordLastUsed');
    const claims = await both(thin, { vkey: vkey() });
    expect(failed(claims)).toEqual([]);
    expect(claims.find(({ claim }) => claim === 'withheld')).toMatchObject({
      result: 'WARN',
      detail: expect.stringMatching(/^\d+ pieces/),
    });
  });
  test('what was said of it may not be withheld', async () => {
    const hiding = new LogBuilder();
    hiding.plan();
    const plan = [...hiding.blobs.keys()][0]!;
    hiding.blobs.set(plan, { kind: 'withheld' });
    hiding.checkpoint();
    const claims = await both((await bundleOf(hiding)).folder);
    expect(failed(claims)).toEqual(['blobs']);
  });
});

test('a document outside the bundle, or in the place of its evidence, is a bug', async () => {
  for (const path of ['../x', '/x', 'a//b', 'evidence/x', 'manifest.json', 'a\\b', 'c:x']) {
    await expect(writeBundleFolder(fresh(), inputOf(log, { documents: [{ path, bytes: text('x') }] })), path).rejects.toThrow(TypeError);
  }
});
