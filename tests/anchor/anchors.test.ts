import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anchorNow } from '../../src/anchor/anchor-now.ts';
import type { Anchor } from '../../src/anchor/contract.ts';
import { fileAnchor } from '../../src/anchor/file.ts';
import { rfc3161Anchor } from '../../src/anchor/rfc3161.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import { ProoflineError } from '../../src/model/errors.ts';
import type { Keys } from '../../src/model/keys.ts';
import { sha256, toBase64 } from '../../src/seal/digest.ts';
import { createStore, type EmbeddedStore, openStore } from '../../src/store/embedded.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { evidence, freshStore, item, origin, owner, type Place, place } from '../store/fixtures.ts';
import { type Authority, hasOpenssl, startAuthority } from './timestamp-authority.ts';

const realClock = { now: () => new Date().toISOString(), newId: () => crypto.randomUUID(), set: () => undefined };
let at: Place;
let store: EmbeddedStore;
let keys: Keys;
const opened: EmbeddedStore[] = [];
beforeEach(async () => {
  at = place();
  ({ store, keys } = await freshStore(at, realClock));
  opened.push(store);
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  at.remove();
});

const thrown = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'nothing was thrown';
};
const anchor = (anchors: readonly Anchor[], of = store) => anchorNow(of, anchors, realClock.now);
const claims = async (tsaRoots?: readonly Uint8Array[]) =>
  Object.fromEntries(
    (await verifyLog(store, { vkey: store.vkey, ...(tsaRoots ? { tsaRoots } : {}) })).claims.map(({ claim, result }) => [claim, result]),
  );
const note = (n: number) => ({ kind: 'lifecycle' as const, event: 'test', detail: String(n) });

describe('anchoring', () => {
  it('without anchors does nothing', async () => {
    expect(await anchor([])).toEqual([]);
    expect(store.size()).toBe(1);
  });
  it('says of a directory that a file in it is to be named', async () => {
    mkdirSync(join(at.root, 'share'));
    const outcomes = await anchor([fileAnchor({ name: 'share', path: join(at.root, 'share'), dataDir: at.dataDir })]);
    expect(outcomes).toMatchObject([{ kind: 'failed', message: expect.stringMatching(/share is a directory: name a file in it$/) }]);
  });
  it('records a failure as a gap, and still asks the others', async () => {
    const failing: Anchor = {
      name: 'tsa',
      method: 'rfc3161',
      obtain: () => Promise.reject(new ProoflineError('anchor-failed', 'anchor tsa: it did not answer')),
    };
    const outcomes = await anchor([failing, fileAnchor({ name: 'share', path: join(at.root, 'share', 'heads.txt'), dataDir: at.dataDir })]);
    expect(outcomes).toMatchObject([
      { anchor: 'tsa', kind: 'failed', code: 'anchor-failed' },
      { anchor: 'share', kind: 'anchored', size: 1, receiptTime: null },
    ]);
    expect(store.latest('gap')?.statement).toMatchObject({ subject: 'anchor tsa', reason: 'anchor tsa: it did not answer' });
    expect(store.checkpoints().at(-1)?.size).toBe(store.size());
  });
  it('does not hide a bug', async () => {
    const broken: Anchor = { name: 'x', method: 'file', obtain: () => Promise.reject(new TypeError('bug')) };
    await expect(anchor([broken])).rejects.toThrow(TypeError);
  });
});

describe('the file anchor', () => {
  let path: string;
  const share = () => fileAnchor({ name: 'share', path, dataDir: at.dataDir });
  beforeEach(() => {
    path = join(at.root, 'share', 'heads.txt');
  });
  it('keeps every signed head, one after another', async () => {
    await anchor([share()]);
    await store.append(note(1));
    await anchor([share()]);
    const text = readFileSync(path, 'utf8');
    const anchored = [...store.entries()]
      .map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as { kind: string; note: string })
      .filter(({ kind }) => kind === 'anchor');
    expect(anchored).toHaveLength(2);
    expect(text).toBe(anchored.map((statement) => `${statement.note}\n`).join(''));
    expect(store.latest('anchor')?.statement).toMatchObject({
      receipt: 'heads.txt',
      receiptHash: toBase64(sha256(new TextEncoder().encode(anchored[1]!.note))),
    });
    expect(Object.values(await claims())).not.toContain('FAIL');
    const { statement } = await store.appendCollection(evidence([item('a', {})]), null);
    expect(statement.after).toBe(store.latest('anchor')?.statement.receiptHash);
  });
  it('refuses when the file shows more than the log has: an old copy', async () => {
    await anchor([share()]);
    await store.close();
    opened.length = 0;
    cpSync(at.dataDir, join(at.root, 'old'), { recursive: true });
    store = await openStore({ dataDir: at.dataDir, keys, ...realClock });
    await store.append(note(1));
    await anchor([share()]);
    await store.close();
    const before = readFileSync(path);
    rmSync(keys.witness(origin).place);
    const old = await openStore({ dataDir: join(at.root, 'old'), keys, ...realClock });
    opened.push(old);
    expect(await anchor([share()], old)).toMatchObject([{ kind: 'failed', message: expect.stringContaining('older copy') }]);
    for (let n = 0; n < 20; n++) await old.append(note(n));
    expect(await anchor([share()], old)).toMatchObject([{ kind: 'failed', message: expect.stringContaining('fork') }]);
    expect(readFileSync(path)).toEqual(before);
  });
  it('refuses a file of another log, and one that is damaged', async () => {
    await anchor([share()]);
    const otherKeys = createKeys(join(at.root, 'other-keys'), owner);
    const other = await createStore({
      dataDir: join(at.root, 'other'),
      keys: otherKeys,
      ...owner,
      origin: 'proofline/other',
      ...realClock,
    });
    opened.push(other);
    expect(await anchor([share()], other)).toMatchObject([{ kind: 'failed', message: expect.stringContaining('not signed by this log') }]);
    appendFileSync(path, 'half a no');
    expect(await anchor([share()])).toMatchObject([{ kind: 'failed', message: expect.stringContaining('damaged') }]);
  });
  it('does not begin again, silently, when its file is gone', async () => {
    await anchor([share()]);
    rmSync(join(at.root, 'share'), { recursive: true });
    expect(await anchor([share()])).toMatchObject([{ kind: 'failed', message: expect.stringContaining('is gone') }]);
    expect(existsSync(path)).toBe(false);
    expect(await anchor([fileAnchor({ name: 'another', path, dataDir: at.dataDir })])).toMatchObject([{ kind: 'anchored' }]);
  });
  it('refuses to lie in the data directory, links or not', () => {
    mkdirSync(join(at.root, 'elsewhere'));
    symlinkSync(at.dataDir, join(at.root, 'elsewhere', 'link'));
    for (const inside of [join(at.dataDir, 'heads.txt'), join(at.root, 'elsewhere', 'link', 'heads.txt')]) {
      expect(thrown(() => fileAnchor({ name: 'x', path: inside, dataDir: at.dataDir }))).toBe('configuration');
    }
  });
  it('says when it cannot write', async () => {
    writeFileSync(join(at.root, 'share'), 'a file where the folder should be');
    expect(await anchor([share()])).toMatchObject([{ kind: 'failed', code: 'anchor-failed' }]);
  });
});

describe('an RFC 3161 anchor', () => {
  it('takes HTTPS, or HTTP on this machine, and nothing else', () => {
    const of = (url: string) => thrown(() => rfc3161Anchor({ name: 'tsa', url }));
    for (const url of ['https://tsa.example/x', 'http://127.0.0.1:8080', 'http://localhost/x', 'http://[::1]:1/'])
      expect(of(url)).toBe('nothing was thrown');
    for (const url of [
      'http://tsa.example/x',
      'ftp://127.0.0.1/',
      'https://user:secret@tsa.example/',
      'http://127.0.0.1.example/',
      'nonsense',
      'file:///etc/passwd',
    ]) {
      expect(of(url)).toBe('configuration');
    }
  });
  it('refuses roots that are none', () => {
    expect(thrown(() => rfc3161Anchor({ name: 'tsa', url: 'https://tsa.example', caFile: join(at.root, 'none.pem') }))).toBe(
      'configuration',
    );
    writeFileSync(join(at.root, 'empty.pem'), 'nothing');
    expect(thrown(() => rfc3161Anchor({ name: 'tsa', url: 'https://tsa.example', caFile: join(at.root, 'empty.pem') }))).toBe(
      'configuration',
    );
  });
});

if (!hasOpenssl) {
  if (process.env['PROOFLINE_REQUIRE_SERVERS'] === '1') throw new Error('openssl is needed for the tests of RFC 3161 anchors');
  console.warn('SKIPPED: the tests of RFC 3161 anchors need openssl, which is not here');
}
describe.skipIf(!hasOpenssl)('an RFC 3161 anchor, against an authority made of openssl', () => {
  let home: Place;
  let authority: Authority;
  let stranger: Authority;
  let root: Uint8Array;
  beforeAll(async () => {
    home = place();
    authority = await startAuthority(join(home.root, 'tsa'));
    stranger = await startAuthority(join(home.root, 'stranger'));
    const pem = readFileSync(authority.caFile, 'utf8').replace(/-----[A-Z ]+-----|\s/g, '');
    root = new Uint8Array(Buffer.from(pem, 'base64'));
  });
  afterAll(async () => {
    await authority.stop();
    await stranger.stop();
    home.remove();
  });
  beforeEach(() => authority.behave({}));
  const tsa = (options: { caFile?: string; url?: string; timeoutMs?: number } = {}) =>
    rfc3161Anchor({ name: 'tsa', url: authority.url, caFile: authority.caFile, ...options });

  it('puts the receipt into the log, where verify finds it good', async () => {
    await store.append(note(1));
    const before = Date.now();
    const [outcome] = await anchor([tsa()]);
    expect(outcome).toMatchObject({ kind: 'anchored', size: 2 });
    const { statement } = store.latest('anchor')!;
    expect(statement).toMatchObject({ anchor: 'tsa', method: 'rfc3161', checkpoint: { size: 2 } });
    expect(Math.abs(Date.parse(statement.receiptTime!) - before)).toBeLessThan(60_000);
    expect(statement.receiptHash).toBe(toBase64(sha256(Buffer.from(statement.receipt, 'base64'))));
    expect(await claims([root])).toMatchObject({ anchors: 'PASS', 'anchor-times': 'PASS', anchored: 'PASS' });
    expect((await store.appendCollection(evidence([]), null)).statement.after).toBe(statement.receiptHash);
    await store.checkpoint();
    expect(Object.values(await claims([root]))).not.toContain('FAIL');
  });
  it('without configured roots checks the token, not by whom', async () => {
    expect(await anchorNow(store, [rfc3161Anchor({ name: 'tsa', url: authority.url })], realClock.now)).toMatchObject([
      { kind: 'anchored' },
    ]);
  });
  it.each<[string, Parameters<Authority['behave']>[0], string]>([
    ['refuses', { status: 500 }, 'answered 500'],
    ['answers nothing', { reply: () => new Uint8Array() }, 'answered nothing'],
    ['answers nonsense', { reply: () => new TextEncoder().encode('<html>') }, 'not a time-stamp'],
    ['answers without end', { reply: () => new Uint8Array(400_000) }, 'more than'],
    ['answers what is damaged', { reply: (good) => good.map((byte, index) => (index === good.length - 20 ? byte ^ 1 : byte)) }, 'anchor'],
    ['refuses in its own words', { reply: () => Buffer.from('30053003020102', 'hex') }, 'refused'],
  ])('that %s is a recorded gap', async (_, behaviour, message) => {
    authority.behave(behaviour);
    const [outcome] = await anchor([tsa({ timeoutMs: 5000 })]);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'anchor-failed', message: expect.stringContaining(message) });
    expect(store.latest('anchor')).toBeUndefined();
    expect(store.latest('gap')?.statement.subject).toBe('anchor tsa');
  });
  it('that sends us elsewhere is a recorded gap', async () => {
    authority.behave({ redirect: stranger.url });
    const asked = stranger.requests.length;
    expect(await anchor([rfc3161Anchor({ name: 'tsa', url: authority.url })])).toMatchObject([{ kind: 'failed', code: 'anchor-failed' }]);
    expect(stranger.requests).toHaveLength(asked);
  });
  it('that repeats an old answer is a recorded gap', async () => {
    let first: Uint8Array | undefined;
    authority.behave({
      reply: (good) => {
        first ??= good;
        return first;
      },
    });
    expect(await anchor([tsa()])).toMatchObject([{ kind: 'anchored' }]);
    expect(await anchor([tsa()])).toMatchObject([{ kind: 'failed', message: expect.stringContaining('another request') }]);
  });
  it('that does not answer in time is a recorded gap', async () => {
    authority.behave({ never: true });
    expect(await anchor([tsa({ timeoutMs: 100 })])).toMatchObject([{ kind: 'failed', message: expect.stringContaining('did not answer') }]);
  });
  it('whose certificate leads to other roots is a recorded gap', async () => {
    expect(await anchor([tsa({ url: stranger.url })])).toMatchObject([
      { kind: 'failed', message: expect.stringContaining('does not lead to the roots') },
    ]);
  });
  it('sends a digest and a nonce, never anything of the log', async () => {
    const sent = authority.requests.length;
    await anchor([tsa()]);
    const request = authority.requests[sent]!;
    expect(request.length).toBeLessThan(100);
    expect(Buffer.from(request).includes(Buffer.from(sha256(new TextEncoder().encode(store.latest('anchor')!.statement.note))))).toBe(true);
  });
});
