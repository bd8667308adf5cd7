import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { writeEvidence } from '../../src/bundle/write-evidence.ts';
import { canonicalText } from '../../src/seal/canonical-json.ts';
import { sha256, toHex } from '../../src/seal/digest.ts';
import type { ExportFiles } from '../../src/verify/export-files.ts';
import { verifyExport } from '../../src/verify/verify-export.ts';
import { fullLog, LogBuilder } from './log-builder.ts';
import { PythonVerifier } from './python-verifier.ts';
import { has, TimeAuthority } from './time-authority.ts';

type Content = ReadonlyMap<string, Uint8Array>;
type Flip = [path: string, offset: number, xor: number];
interface Export {
  readonly directory: string;
  readonly content: Content;
  readonly vkey: string;
}
const withOpenssl = has('openssl', 'version');
const python = has('python3', '--version') && withOpenssl ? new PythonVerifier() : undefined;
const scratch = mkdtempSync(join(tmpdir(), 'proofline-tamper-'));
const generatedAt = '2026-02-01T00:00:00.000Z';
let tsa: TimeAuthority | undefined;
const made: Record<'tiny' | 'unsigned' | 'full' | 'part', Export> = {} as never;

beforeAll(() => {
  tsa = withOpenssl ? new TimeAuthority() : undefined;
  const authority = tsa;
  const tiny = new LogBuilder();
  tiny.append({
    kind: 'decision',
    actor: { name: 'ada', authentication: 'none' },
    decision: 'scope',
    subjects: [],
    reason: 'r',
    detail: tiny.putBlob('x', { v: 1, payload: { type: 'scope', rules: [], digest: `sha256:${'0'.repeat(64)}` }, signature: null }),
  });
  tiny.checkpoint();
  const start = new Date(Date.now() - 3_600_000).toISOString();
  const full = authority === undefined ? fullLog() : fullLog((note) => authority.stamp(note), start);
  const write = (name: string, log: LogBuilder, options: { from?: number; to?: number; unsigned?: true }): Export => {
    const directory = join(scratch, name);
    const { unsigned, ...part } = options;
    writeEvidence(log, directory, { generatedAt, ...part, ...(unsigned ? {} : { signNote: (text) => log.signNote(text) }) });
    return { directory, content: contentOf(directory), vkey: log.keys[0]!.vkey };
  };
  made.tiny = write('tiny', tiny, {});
  made.unsigned = write('unsigned', tiny, { unsigned: true });
  made.full = write('full', full, {});
  made.part = write('part', full, { from: 4, to: 11 });
});
afterAll(() => {
  python?.stop();
  tsa?.remove();
  rmSync(scratch, { recursive: true, force: true });
});

function contentOf(directory: string): Content {
  const files = openDirectory(directory);
  const content = new Map(files.list().map((path) => [path, readFileSync(join(directory, path))]));
  files.close();
  return content;
}
function filesOf(content: Content): ExportFiles {
  return {
    list: () => [...content.keys()].sort(),
    size: (path) => content.get(path)!.length,
    read: (path, offset, length) => content.get(path)!.subarray(offset, offset + length),
  };
}
/** Without a signature a pinned key fails it whatever is in it: then what the log itself shows is what is asked. */
const keyFor = (content: Content, vkey: string): { vkey?: string } => (content.has('manifest.sha256') ? {} : { vkey });
async function oursCatches(content: Content, vkey: string): Promise<boolean> {
  return !(await verifyExport(filesOf(content), { ...keyFor(content, vkey), ...(tsa === undefined ? {} : { tsaRoots: [tsa.root] }) })).ok;
}
async function theirsCatches(content: Content, vkey: string): Promise<boolean> {
  if (python === undefined) return true;
  const directory = join(scratch, 'changed');
  rmSync(directory, { recursive: true, force: true });
  for (const [path, bytes] of content) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), bytes);
  }
  mkdirSync(directory, { recursive: true });
  const claims = await python.ask({ directory, ...keyFor(content, vkey), ...(tsa === undefined ? {} : { roots: tsa.rootPem }) });
  return claims.some(({ result }) => result === 'FAIL');
}
async function bothCatch(content: Content, vkey: string, what: string): Promise<void> {
  expect({ what, ours: await oursCatches(content, vkey), theirs: await theirsCatches(content, vkey) }).toEqual({
    what,
    ours: true,
    theirs: true,
  });
}
function flipped(content: Content, [path, offset, xor]: Flip): Content {
  const bytes = Uint8Array.from(content.get(path)!);
  bytes[offset]! ^= xor;
  return new Map([...content, [path, bytes]]);
}
async function flipAll({ directory, content, vkey }: Export, flips: readonly Flip[]): Promise<void> {
  const missed: Flip[] = [];
  for (const flip of flips) if (!(await oursCatches(flipped(content, flip), vkey))) missed.push(flip);
  expect(missed).toEqual([]);
  if (python === undefined) return;
  const roots = tsa === undefined ? {} : { roots: tsa.rootPem };
  expect(await python.ask<Flip[]>({ directory, ...keyFor(content, vkey), flips, ...roots })).toEqual([]);
}
/** The directory as somebody who binds it anew, but cannot sign, would hand it over. */
function rebound(content: Content): Content {
  const rest = new Map(content);
  rest.delete('manifest.note');
  const manifest = JSON.parse(Buffer.from(rest.get('manifest.json')!).toString()) as { files: unknown };
  manifest.files = [...rest.keys()]
    .filter((path) => !path.startsWith('manifest.'))
    .sort()
    .map((path) => ({ path, bytes: rest.get(path)!.length, sha256: toHex(sha256(rest.get(path)!)) }));
  const bytes = Buffer.from(`${canonicalText(manifest)}\n`);
  rest.set('manifest.json', bytes);
  return rest.set('manifest.sha256', Buffer.from(`${toHex(sha256(bytes))}  manifest.json\n`));
}
const linesOf = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1);
const joined = (lines: readonly string[]): Uint8Array => Buffer.from(lines.map((line) => `${line}\n`).join(''));

test('the exports are sound before anything is done to them', async () => {
  for (const { content, vkey } of Object.values(made)) {
    expect(await oursCatches(content, vkey)).toBe(false);
    if (python !== undefined) expect(await theirsCatches(content, vkey)).toBe(false);
    // And so is a part of what follows: binding anew alone changes nothing that the log vouches for.
    expect(await oursCatches(rebound(content), vkey)).toBe(false);
  }
});
test('an export that nobody signed fails under the key that was handed over', async () => {
  const { directory, content, vkey } = made.unsigned;
  const ours = await verifyExport(filesOf(content), { vkey });
  const theirs = python === undefined ? ours.claims : await python.ask({ directory, vkey });
  for (const claims of [ours.claims, theirs]) {
    expect(claims.filter(({ result }) => result === 'FAIL').map(({ claim }) => claim)).toEqual(['export-signature']);
  }
});

describe('one byte', () => {
  test('every byte of every file of a tiny export, signed or not', { timeout: 900_000 }, async () => {
    for (const name of ['tiny', 'unsigned'] as const) {
      const flips = [...made[name].content].flatMap(([path, bytes]) =>
        Array.from(bytes, (_, offset): Flip => [path, offset, offset % 2 === 0 ? 1 : 0x20]),
      );
      expect(flips.length).toBeGreaterThan(3000);
      await flipAll(made[name], name === 'tiny' ? flips : flips.filter(([path]) => path.startsWith('manifest')));
    }
  });
  test('some of every file of the others', { timeout: 900_000 }, async () => {
    for (const name of ['full', 'part'] as const) {
      const { content } = made[name];
      expect(content.size).toBeGreaterThan(7);
      const flips = [...content].flatMap(([path, bytes]) =>
        fc
          .sample(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), 25)
          .map(([offset, xor]): Flip => [path, offset, xor]),
      );
      await flipAll(made[name], flips);
    }
  });
  test('more or fewer at the end of a file', { timeout: 600_000 }, async () => {
    for (const name of ['tiny', 'part'] as const) {
      const { content, vkey } = made[name];
      for (const [path, bytes] of content) {
        await bothCatch(new Map([...content, [path, Buffer.concat([bytes, Buffer.from('\n')])]]), vkey, `${path} longer`);
        await bothCatch(new Map([...content, [path, bytes.subarray(0, -1)]]), vkey, `${path} shorter`);
        await bothCatch(new Map([...content, [path, new Uint8Array(0)]]), vkey, `${path} empty`);
      }
    }
  });
});

describe('whole files', () => {
  test('missing, added, exchanged', { timeout: 600_000 }, async () => {
    for (const name of ['tiny', 'full', 'part'] as const) {
      const { content, vkey } = made[name];
      for (const path of content.keys())
        await bothCatch(new Map([...content].filter(([other]) => other !== path)), vkey, `without ${path}`);
      for (const path of ['more.txt', 'anchors/99.note', 'manifest.sha256', '.hidden', 'entries.jsonl~']) {
        await bothCatch(new Map([...content, [path, Buffer.from('x')]]), vkey, `with ${path}`);
      }
      await bothCatch(new Map([...content, ['entries.jsonl', content.get('blobs.txt')!]]), vkey, 'blobs as entries');
    }
  });
  test('of another log', async () => {
    const { content, vkey } = made.tiny;
    await bothCatch(made.full.content, new LogBuilder({ origin: 'other.example' }).keys[0]!.vkey, 'another key');
    await bothCatch(new Map([...content, ['manifest.note', made.full.content.get('manifest.note')!]]), vkey, 'another signature');
  });
});

describe('lines', () => {
  const files = ['entries.jsonl', 'checkpoints.jsonl', 'blobs.txt', 'vkeys.txt', 'outside.jsonl', 'starts.jsonl', 'range.json'];
  const changes: [name: string, change: (lines: string[], at: number) => string[]][] = [
    ['deleted', (lines, at) => lines.toSpliced(at, 1)],
    ['twice', (lines, at) => lines.toSpliced(at, 0, lines[at]!)],
    ['exchanged with the next', (lines, at) => lines.toSpliced(at, 2, ...[lines[at + 1], lines[at]].filter((line) => line !== undefined))],
    ['empty', (lines, at) => lines.with(at, '')],
    ['with a space behind it', (lines, at) => lines.with(at, `${lines[at]} `)],
  ];
  test.each(changes)('%s', { timeout: 900_000 }, async (_, change) => {
    for (const name of ['full', 'part'] as const) {
      const { content, vkey } = made[name];
      for (const path of files) {
        const lines = content.has(path) ? linesOf(content.get(path)!) : [];
        for (let at = 0; at < lines.length; at++) {
          const changed = change(lines, at);
          if (changed.join('\n') === lines.join('\n')) continue;
          await bothCatch(new Map([...content, [path, joined(changed)]]), vkey, `${name} ${path} line ${at}`);
        }
      }
    }
  });
});

describe('by somebody who binds the files anew', () => {
  /** What nobody but the manifest vouches for: which of the checkpoints are there, the order of the blobs, and the text for people. */
  test('no entry, blob, key, head or proof can change', { timeout: 900_000 }, async () => {
    for (const name of ['full', 'part'] as const) {
      const { content, vkey } = made[name];
      for (const path of ['entries.jsonl', 'blobs.txt', 'vkeys.txt', 'outside.jsonl', 'starts.jsonl', 'range.json']) {
        const lines = content.has(path) ? linesOf(content.get(path)!) : [];
        for (let at = 0; at < lines.length; at++) {
          for (const changed of [lines.toSpliced(at, 1), lines.toSpliced(at, 0, lines[at]!)]) {
            await bothCatch(rebound(new Map([...content, [path, joined(changed)]])), vkey, `${name} ${path} line ${at}`);
          }
        }
      }
    }
  });
  test('nor a byte of them', { timeout: 900_000 }, async () => {
    for (const name of ['full', 'part'] as const) {
      const { content, vkey } = made[name];
      for (const [path, bytes] of content) {
        if (path === 'README.txt' || path.startsWith('manifest.')) continue;
        for (const offset of fc.sample(fc.nat(bytes.length - 1), 12)) {
          await bothCatch(rebound(flipped(content, [path, offset, 1])), vkey, `${name} ${path} byte ${offset}`);
        }
      }
    }
  });
});

/** Puts `value` somewhere into a JSON value; `way` decides where. */
function replaced(json: unknown, way: readonly number[], value: unknown): unknown {
  const [step, ...rest] = way;
  if (step === undefined || json === null || typeof json !== 'object' || Object.keys(json).length === 0) return value;
  const keys = Object.keys(json);
  const key = keys[step % keys.length]!;
  if (Array.isArray(json)) return json.map((member, at) => (String(at) === key ? replaced(member, rest, value) : member));
  return Object.fromEntries(Object.entries(json).map(([name, member]) => [name, name === key ? replaced(member, rest, value) : member]));
}

test('nothing an export says makes a verifier stumble: it is called wrong', { timeout: 300_000 }, async () => {
  const { content, vkey } = made.part;
  const odd = fc.oneof(fc.constantFrom(null, -1, 0.5, 2 ** 53, 1e300, '', 'x', [], {}, [[]], true), fc.jsonValue({ maxDepth: 1 }));
  const files = ['entries.jsonl', 'checkpoints.jsonl', 'outside.jsonl', 'starts.jsonl', 'range.json', 'manifest.json'];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.nat(),
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      odd,
      async (path, at, way, value) => {
        const lines = linesOf(content.get(path)!);
        const line = lines[at % lines.length]!;
        const changed = canonicalText(replaced(JSON.parse(line), way, value));
        if (changed === line) return;
        const whole = new Map([...content, [path, joined(lines.with(at % lines.length, changed))]]);
        const handed = path === 'manifest.json' ? whole : rebound(whole);
        expect(await oursCatches(handed, vkey)).toBe(true);
        expect(await theirsCatches(handed, vkey)).toBe(true);
      },
    ),
    { numRuns: 400 },
  );
});

test('the same log, part and time give the same bytes', () => {
  const write = (name: string) => {
    const log = fullLog();
    const directory = join(scratch, name);
    writeEvidence(log, directory, { generatedAt, from: 3, to: 12, signNote: (text) => log.signNote(text) });
    return contentOf(directory);
  };
  const [one, two] = [write('same-1'), write('same-2')];
  expect([...two.keys()]).toEqual([...one.keys()]);
  for (const [path, bytes] of one) expect(Buffer.compare(two.get(path)!, bytes), path).toBe(0);
});

test('a link is not a file', async () => {
  const directory = join(scratch, 'linked');
  cpSync(made.tiny.directory, directory, { recursive: true });
  const { symlinkSync, renameSync } = await import('node:fs');
  renameSync(join(directory, 'entries.jsonl'), join(scratch, 'elsewhere'));
  symlinkSync(join(scratch, 'elsewhere'), join(directory, 'entries.jsonl'));
  const files = openDirectory(directory);
  expect((await verifyExport(files, { vkey: made.tiny.vkey })).ok).toBe(false);
  files.close();
  if (python !== undefined) expect((await python.ask({ directory })).some(({ result }) => result === 'FAIL')).toBe(true);
});
