import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { type EvidenceOptions, writeEvidence } from '../../src/bundle/write-evidence.ts';
import type { Statement } from '../../src/model/statement.ts';
import { canonicalBytes } from '../../src/seal/canonical-json.ts';
import { sha256, toBase64 } from '../../src/seal/digest.ts';
import { checkpointText } from '../../src/seal/signed-note.ts';
import { type ClaimId, claimIds, type Verification } from '../../src/verify/report.ts';
import { verifyExport } from '../../src/verify/verify-export.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { delivery, due, failedTurn, fullLog, LogBuilder, life, miss, operate, pieces, TestKey, turn, uploadOf } from './log-builder.ts';
import { type PythonClaim, PythonVerifier } from './python-verifier.ts';
import { has, TimeAuthority } from './time-authority.ts';

const python = has('python3', '--version') && has('openssl', 'version') ? new PythonVerifier() : undefined;
const scratch = mkdtempSync(join(tmpdir(), 'proofline-verify-'));
const generatedAt = '2026-02-01T00:00:00.000Z';
const source = 'aws:111122223333';
let tsa: TimeAuthority;
let wrongTsa: TimeAuthority;
let exports = 0;
beforeAll(() => {
  if (has('openssl', 'version')) {
    tsa = new TimeAuthority();
    wrongTsa = new TimeAuthority();
  }
});
afterAll(() => {
  python?.stop();
  tsa?.remove();
  wrongTsa?.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const resultOf = (claims: readonly { claim: string; result: string }[], claim: ClaimId) =>
  claims.find((one) => one.claim === claim)?.result;
function failed(claims: readonly { claim: string; result: string }[]): string[] {
  return claims.filter(({ result }) => result === 'FAIL').map(({ claim }) => claim);
}

/** Exports and verifies with both verifiers, which must agree on every claim. */
async function verifyBoth(
  log: LogBuilder,
  options: Partial<EvidenceOptions> & { vkey?: string; roots?: TimeAuthority } = {},
): Promise<Verification> {
  const { vkey = log.keys[0]!.vkey, roots, ...part } = options;
  const directory = join(scratch, `export-${exports++}`);
  writeEvidence(log, directory, { generatedAt, signNote: (text) => log.signNote(text), ...part });
  const files = openDirectory(directory);
  const ours = await verifyExport(files, { vkey, ...(roots === undefined ? {} : { tsaRoots: [roots.root] }) });
  files.close();
  if (python !== undefined) {
    const theirs = await python.ask<PythonClaim[]>({ directory, vkey, ...(roots === undefined ? {} : { roots: roots.rootPem }) });
    const results = (claims: readonly { claim: string; result: string }[]) => claims.map(({ claim, result }) => `${claim} ${result}`);
    expect(results(theirs), JSON.stringify([ours.claims, theirs], null, 1)).toEqual(results(ours.claims));
    const detail = (claims: readonly { claim: string; detail: string }[]) => claims.find(({ claim }) => claim === 'schedule')?.detail;
    expect(detail(theirs)).toBe(detail(ours.claims));
  }
  return ours;
}

describe('a sound log', () => {
  test('verifies from the store, as an export and in every part', async () => {
    const log = fullLog();
    const direct = await verifyLog(log, { vkey: log.keys[0]!.vkey });
    expect(failed(direct.claims)).toEqual([]);
    expect(direct.ok).toBe(true);
    const whole = await verifyBoth(log);
    expect(whole.claims.map(({ claim }) => claim)).toEqual(claimIds.filter((claim) => !/^bundle-|^handed-over$/.test(claim)));
    expect(whole.ok).toBe(true);
    expect(whole.notes.length).toBeGreaterThan(0);
    for (let from = 0; from < log.size(); from++) {
      for (let to = from + 1; to <= log.size(); to += 4) {
        const part = await verifyBoth(log, { from, to });
        expect(failed(part.claims), `part ${from} to ${to}: ${JSON.stringify(part.claims)}`).toEqual([]);
      }
    }
  });
  test.skipIf(!has('openssl', 'version'))('stamped by an authority: trusted, of unknown trust, and by another', async () => {
    const log = fullLog((note) => tsa.stamp(note), minutesAgo(60));
    const trusted = await verifyBoth(log, { roots: tsa });
    expect(failed(trusted.claims)).toEqual([]);
    expect(resultOf(trusted.claims, 'anchors')).toBe('PASS');
    expect(resultOf(trusted.claims, 'anchored')).toBe('PASS');
    expect(resultOf((await verifyBoth(log)).claims, 'anchors')).toBe('WARN');
    expect(failed((await verifyBoth(log, { roots: wrongTsa })).claims)).toEqual(['anchors']);
    for (const part of [
      { from: 0, to: 5 },
      { from: 3, to: 9 },
      { from: 5, to: 15 },
    ]) {
      expect(failed((await verifyBoth(log, { roots: tsa, ...part })).claims)).toEqual([]);
    }
  });
  test('without the key that was handed over is a warning, with another one it fails', async () => {
    const log = fullLog();
    expect(resultOf((await verifyLog(log)).claims, 'keys')).toBe('WARN');
    expect(failed((await verifyBoth(log, { vkey: new TestKey(log.origin, 9).vkey })).claims)).toEqual(['keys']);
    expect(failed((await verifyBoth(log, { vkey: log.keys[1]!.vkey })).claims)).toEqual([]);
  });
  test('an export without a signature says so', async () => {
    const log = fullLog();
    const directory = join(scratch, 'unsigned');
    writeEvidence(log, directory, { generatedAt });
    expect(readdirSync(directory)).toContain('manifest.sha256');
    const claims = (await verifyExport(openDirectory(directory))).claims;
    expect(failed(claims)).toEqual([]);
    expect(resultOf(claims, 'export-signature')).toBe('WARN');
    if (python !== undefined) expect(resultOf(await python.ask({ directory }), 'export-signature')).toBe('WARN');
  });
  test('a demonstration is called one', async () => {
    const log = new LogBuilder({ demonstration: true });
    log.checkpoint();
    expect((await verifyBoth(log)).claims.find(({ claim }) => claim === 'demonstration')).toMatchObject({
      result: 'WARN',
      detail: expect.stringContaining('DEMONSTRATION'),
    });
  });
  test('entries nobody signed yet are said', async () => {
    const log = fullLog();
    log.append({ kind: 'lifecycle', event: 'started', detail: '' });
    const { claims } = await verifyLog(log);
    expect(resultOf(claims, 'log-root')).toBe('WARN');
    const none = new LogBuilder();
    expect(failed((await verifyLog(none)).claims)).toEqual(['log-root']);
  });
});

/** Arguments are evaluated in turn; that is all there is to it. */
const inTurn = (..._steps: unknown[]): void => {};
/** One user, collected. */
const one = { items: { AIDA1: { body: { UserName: 'ada' } } } };
const reads = (index: number) => [{ collector: 'aws/things', scope: source, index }];
const fail = { subject: 'u1', display: 'ada', outcome: 'fail' as const, message: 'no' };

/** What somebody who has every key writes and signs, and which claims fail or warn for it, naming which entry. */
const dishonest: [name: string, write: (log: LogBuilder) => unknown, claim: ClaimId, entry: number | null, result?: 'WARN'][] = [
  ['an entry that is not canonical', (log) => log.appendBytes(Buffer.from('{"v": 1}')), 'entries-canonical', 1],
  ['an entry with a key twice', (log) => log.appendBytes(Buffer.from('{"a":1,"a":1}')), 'entries-canonical', 1],
  ['an entry that is too long', (log) => log.append({ kind: 'x', long: 'a'.repeat(66_000) }), 'entries-canonical', 1],
  ['an entry without a kind', (log) => log.append({}), 'statement-shapes', 1],
  ['an entry of another format', (log) => log.append({ v: 2, kind: 'lifecycle', event: 'e', detail: '' }), 'statement-shapes', 1],
  ['a statement that misses a member', (log) => log.append({ kind: 'lifecycle', event: 'e' }), 'statement-shapes', 1],
  [
    'a time without milliseconds',
    (log) => log.append({ kind: 'lifecycle', event: 'e', detail: '', at: '2026-01-01T00:00:00Z' }),
    'statement-shapes',
    1,
  ],
  [
    'a time that is none',
    (log) => log.append({ kind: 'lifecycle', event: 'e', detail: '', at: '2026-02-30T00:00:00.000Z' }),
    'statement-shapes',
    1,
  ],
  ['a count below zero', (log) => log.collection({ ...one, patch: () => ({ withheld: -1 }) }), 'statement-shapes', 1],
  ['a kind of a later version', (log) => log.append({ kind: 'prune', file: 'x' }), 'statement-shapes', 1, 'WARN'],
  ['a kind nobody knows', (log) => log.append({ kind: 'surprise' }), 'statement-shapes', 1, 'WARN'],
  ['a second genesis', (log) => log.genesis(), 'genesis', 1],
  [
    'an `after` that names no receipt',
    (log) => log.collection({ ...one, patch: () => ({ after: toBase64(sha256(Buffer.from('x'))) }) }),
    'references',
    1,
  ],
  [
    'an `after` that names none although there is one',
    (log) => inTurn(log.anchorFile(), log.collection({ ...one, patch: () => ({ after: null }) })),
    'references',
    2,
  ],
  ['a plan that is no plan', (log) => log.collection({ ...one, patch: () => ({ plan: 0 }) }), 'references', 1],
  ['a plan of the future', (log) => log.collection({ ...one, patch: () => ({ plan: 7 }) }), 'references', 1],
  ['a rotation with a bad signature', (log) => log.rotate(2, { signatures: ['AAAA', 'AAAA'] }), 'keys', 1],
  ['a rotation of another key', (log) => log.rotate(2, { retired: 'sign-0' }), 'keys', 1],
  ['a rotation to another id', (log) => log.rotate(2, { introduced: 'sign-0' }), 'keys', 1],
  ['a rotation without the new key', (log) => log.rotate(2, { vkey: null }), 'keys', 1],
  ['a blob that is not canonical', (log) => log.append({ ...decision, detail: log.putBytes('x', Buffer.from('{ }')) }), 'blobs', 1],
  [
    'a blob of another shape',
    (log) => log.collection({ ...one, patch: (right) => ({ requests: { ...right.requests, kept: log.putBlob(source, {}) } }) }),
    'blobs',
    1,
  ],
  [
    'a manifest with another size',
    (log) => log.collection({ ...one, patch: (right) => ({ items: { ...right.items, size: 2 } }) }),
    'items',
    1,
  ],
  [
    'a manifest with another root',
    (log) => log.collection({ ...one, patch: (right) => ({ items: { ...right.items, root: right.requests.root } }) }),
    'items',
    1,
  ],
  [
    'a manifest without its delta',
    (log) => log.collection({ ...one, patch: (right) => ({ items: { ...right.items, delta: null } }) }),
    'items',
    1,
  ],
  [
    'a stream that does not begin',
    (log) => log.collection({ ...one, patch: (right) => ({ items: { ...right.items, previous: right.requests.root } }) }),
    'items',
    1,
  ],
  [
    'a stream that begins again',
    (log) => inTurn(log.collection(one), log.collection({ ...one, patch: (right) => ({ items: { ...right.items, previous: null } }) })),
    'items',
    2,
  ],
  [
    'an unchanged item that is said to have changed',
    (log) =>
      inTurn(
        log.collection(one),
        log.collection({
          ...one,
          patch: (right) => ({ items: { ...right.items, delta: log.putBlob(source, { added: [], changed: pairsOf(log), removed: [] }) } }),
        }),
      ),
    'items',
    2,
  ],
  [
    'an empty delta',
    (log) =>
      inTurn(
        log.collection(one),
        log.collection({
          ...one,
          patch: (right) => ({ items: { ...right.items, delta: log.putBlob(source, { added: [], changed: [], removed: [] }) } }),
        }),
      ),
    'items',
    2,
  ],
  [
    'a delta that removes what is not there',
    (log) =>
      inTurn(
        log.collection(one),
        log.collection({
          ...one,
          patch: (right) => ({
            items: { ...right.items, delta: log.putBlob(source, { added: [], changed: [], removed: [right.requests.root] }) },
          }),
        }),
      ),
    'items',
    2,
  ],
  [
    'a keyframe of another manifest',
    (log) => log.collection({ ...one, patch: (right) => ({ items: { ...right.items, keyframe: log.putBlob(source, { pairs: [] }) } }) }),
    'items',
    1,
  ],
  ['an item in the place of another', (log) => log.collection({ ...one, patch: (right) => swapped(log, right.items) }), 'items', 2],
  [
    'a volatile record that does not fit',
    (log) => log.collection({ ...one, patch: (right) => ({ volatile: { ...right.volatile, size: 1 } }) }),
    'volatile',
    1,
  ],
  [
    'requests with another root',
    (log) => log.collection({ ...one, patch: (right) => ({ requests: { ...right.requests, root: right.items.root } }) }),
    'requests',
    1,
  ],
  [
    'more requests than are kept',
    (log) => log.collection({ ...one, patch: (right) => ({ requests: { ...right.requests, count: 5 } }) }),
    'requests',
    1,
  ],
  [
    'a sample that is too small',
    (log) =>
      log.collection({
        ...one,
        requests: 20,
        keptAll: false,
        patch: (right) => ({ requests: { ...right.requests, kept: log.putBlob(source, [log.request(0)]) } }),
      }),
    'requests',
    1,
  ],
  [
    'a sample where everything must be kept',
    (log) => log.collection({ ...one, requests: 16, patch: (right) => ({ requests: { ...right.requests, keptAll: false } }) }),
    'requests',
    1,
  ],
  [
    'fewer requests than are kept',
    (log) => log.collection({ ...one, patch: (right) => ({ requests: { ...right.requests, count: 0, keptAll: false } }) }),
    'requests',
    1,
  ],
  [
    'no requests with a root',
    (log) => log.collection({ ...one, requests: 0, patch: (right) => ({ requests: { ...right.requests, root: right.items.root } }) }),
    'requests',
    1,
  ],
  ['more withheld than is listed', (log) => log.collection({ ...one, patch: () => ({ withheld: 3 }) }), 'redactions', 1],
  ['complete with gaps', (log) => log.collection({ ...one, patch: () => ({ gapCount: 1 }) }), 'completeness', 1],
  ['a gap', (log) => log.append({ kind: 'gap', subject: 'anchor', reason: 'x', from: null, to: null }), 'completeness', 1, 'WARN'],
  [
    'a host that is not the source’s own',
    (log) => log.collection({ ...one, host: { host: 'localhost:5000', official: false } }),
    'hosts',
    1,
    'WARN',
  ],
  ['a suspect clock', (log) => log.collection({ ...one, clockSuspect: true }), 'clocks', 1, 'WARN'],
  [
    'a clock that was set back',
    (log) => log.append({ kind: 'lifecycle', event: 'e', detail: '', at: '2025-01-01T00:00:00.000Z' }),
    'clocks',
    1,
    'WARN',
  ],
  [
    'a read of something else',
    (log) => inTurn(log.collection(one), log.evaluation({ reads: reads(0), population: [], checks: [] })),
    'references',
    2,
  ],
  [
    'a read of another scope',
    (log) => inTurn(log.collection(one), log.evaluation({ reads: [{ ...reads(1)[0]!, scope: 'aws:2' }], population: [], checks: [] })),
    'references',
    2,
  ],
  [
    'another number of reads',
    (log) =>
      inTurn(
        log.collection(one),
        log.evaluation({ reads: reads(1), population: [], checks: [], patch: (right) => ({ reads: { ...right.reads, count: 2 } }) }),
      ),
    'references',
    2,
  ],
  [
    'a population that is another',
    (log) =>
      log.evaluation({ reads: [], population: ['u1'], checks: [], patch: (right) => ({ population: { ...right.population, size: 2 } }) }),
    'population',
    1,
  ],
  ['checks out of order', (log) => log.evaluation({ reads: [], population: [], checks: [{ check: 'b' }, { check: 'a' }] }), 'results', 1],
  ['a check twice', (log) => log.evaluation({ reads: [], population: [], checks: [{ check: 'a' }, { check: 'a' }] }), 'results', 1],
  [
    'a pass that nobody earned',
    (log) => log.evaluation({ reads: [], population: ['u1'], checks: [{ check: 'a', pass: 2 }] }),
    'results',
    1,
  ],
  [
    'a failing subject that is not in the population',
    (log) => log.evaluation({ reads: [], population: ['u2'], checks: [{ check: 'a', pass: 1, notPass: [fail] }] }),
    'results',
    1,
  ],
  [
    'a subject that fails and is left out',
    (log) => log.evaluation({ reads: [], population: ['u1'], checks: [{ check: 'a', excluded: ['u1'], notPass: [fail] }] }),
    'results',
    1,
  ],
  [
    'a subject that nobody speaks of',
    (log) => log.evaluation({ reads: [], population: ['u1', 'u2'], checks: [{ check: 'a', notPass: [fail] }] }),
    'results',
    1,
  ],
  [
    'other counts than its checks',
    (log) =>
      log.evaluation({
        reads: [],
        population: ['u1'],
        checks: [{ check: 'a', notPass: [fail] }],
        patch: (right) => ({ results: { ...right.results, counts: { ...right.results.counts, fail: 0, pass: 1 } } }),
      }),
    'results',
    1,
  ],
  [
    'another number of checks',
    (log) =>
      log.evaluation({
        reads: [],
        population: [],
        checks: [{ check: 'a' }],
        patch: (right) => ({ results: { ...right.results, checks: 2 } }),
      }),
    'results',
    1,
  ],
  [
    'a verdict that never ends',
    (log) =>
      log.evaluation({
        reads: [],
        population: ['u1'],
        checks: [{ check: 'a', pass: 1, until: generatedAt }],
        patch: (right) => ({ results: { ...right.results, until: null } }),
      }),
    'results',
    1,
  ],
  [
    'a list that says other than its results',
    (log) =>
      log.evaluation({ reads: [], population: ['u1'], checks: [{ check: 'a', pass: 1 }], patch: (right) => relisted(log, right.results) }),
    'results',
    1,
  ],
  [
    'an erasure of what still opens',
    (log) =>
      inTurn(
        log.collection(one),
        log.append({ kind: 'erasure', commitments: [pairsOf(log)[0]![1]], authority: 'a', reason: 'r', actor: decision.actor }),
      ),
    'erasures',
    2,
    'WARN',
  ],
  [
    'an anchor of another checkpoint',
    (log) => inTurn(log.checkpoint(), log.wait(5), badAnchor(log, { checkpoint: { size: 1, root: toBase64(sha256(Buffer.from('x'))) } })),
    'anchors',
    1,
  ],
  ['an anchor with another hash', (log) => badAnchor(log, { receiptHash: toBase64(sha256(Buffer.from('x'))) }), 'anchors', 1],
  ['an anchor with a note of nobody', (log) => badAnchor(log, { note: 'x\n' }), 'anchors', 1],
  ['an anchor of a tree of the future', (log) => futureAnchor(log), 'anchors', 1],
  ['a delivery that tells of itself', (log) => log.append({ ...delivery, about: { first: 0, last: 1 } }), 'references', 1],
  [
    'a delivery that tells of nothing in order',
    (log) => inTurn(log.plan(), log.append({ ...delivery, about: { first: 1, last: 0 } })),
    'references',
    2,
  ],
  ['a delivery of another outcome', (log) => log.append({ ...delivery, outcome: 'read' }), 'statement-shapes', 1],
  ['a delivery of no notices of a kind', (log) => log.append({ ...delivery, notices: { 'check-failing': 0 } }), 'statement-shapes', 1],
  ['a delivery with a long reason', (log) => log.append({ ...delivery, reason: '\u{1f4a5}'.repeat(501) }), 'statement-shapes', 1],
  ['an upload without bytes', (log) => log.append(uploadOf(log, 'x', { bytes: 0 })), 'statement-shapes', 1],
  ['an upload of other bytes', (log) => log.append(uploadOf(log, 'x', {}, { sha256: '0'.repeat(64) })), 'references', 1],
  ['an upload whose detail counts otherwise', (log) => log.append(uploadOf(log, 'x', { bytes: 2 })), 'references', 1],
  ['an upload of a piece less', (log) => log.append(uploadOf(log, 'xy', { pieces: pieces(log, 'x') })), 'references', 1],
  ['an upload of a piece that is none', (log) => log.append(uploadOf(log, 'x', { pieces: [log.putBlob('upload', 'x')] })), 'blobs', 1],
  ['a miss of no turn', (log) => log.append({ ...miss, count: 0 }), 'statement-shapes', 1],
  ['a miss for a reason that is none', (log) => log.append({ ...miss, reason: 'holiday' }), 'statement-shapes', 1],
  ['a miss that is no longer late or not', (log) => log.append({ ...miss, late: null }), 'statement-shapes', 1],
  ['a miss that ends before it begins', (log) => log.append({ ...miss, from: due(8) }), 'schedule', 1],
  ['one turn missed at two times', (log) => log.append({ ...miss, count: 1 }), 'schedule', 1],
  ['two turns missed at one time', (log) => log.append({ ...miss, to: due(0) }), 'schedule', 1],
  ['a turn without a time', (log) => log.append({ ...failedTurn(0), turn: { schedule: 'x', due: 'today' } }), 'statement-shapes', 1],
  ['a gap of something else', (log) => log.append({ ...failedTurn(0), of: { kind: 'bad luck', name: 'x' } }), 'statement-shapes', 1],
  ['a turn that failed without an attempt', (log) => log.append({ ...failedTurn(0), attempts: 0 }), 'statement-shapes', 1],
  ['a process of a role that is none', (log) => log.append(life('r-1', 'started', { role: 'boss' })), 'statement-shapes', 1],
  ['a process without a host', (log) => log.append(life('r-1', 'started', { host: null })), 'statement-shapes', 1],
  ['turns that were missed', (log) => log.append(miss), 'schedule', null, 'WARN'],
  [
    'an upgrade that counts below zero',
    (log) =>
      log.append({
        kind: 'lifecycle',
        event: 'upgraded',
        detail: '',
        upgrade: {
          from: '1',
          to: '2',
          verdicts: { changed: -1, beginsToFail: 0, failsNoMore: 0, losesEvidence: 0, same: 0 },
          notJudged: [],
        },
      }),
    'statement-shapes',
    1,
  ],
];
const decision = {
  kind: 'decision',
  actor: { name: 'ada', authentication: 'none' },
  decision: 'scope',
  subjects: [],
  reason: 'x',
  detail: null,
} as const;

function pairsOf(log: LogBuilder): [string, string][] {
  const item = { id: 'iam:ListUsers||AIDA1', operation: 'iam:ListUsers', subject: 'AIDA1', region: null, body: { UserName: 'ada' } };
  return [[log.commitTo(source, item.id), log.commitTo(source, item)]];
}
/** A second collection whose first item sits under another id’s commitment. */
function swapped(log: LogBuilder, items: Extract<Statement, { kind: 'collection' }>['items']): Record<string, unknown> {
  log.append({ kind: 'lifecycle', event: 'e', detail: '' });
  const [[, content]] = pairsOf(log) as [[string, string]];
  const other = log.commitTo(source, 'iam:ListUsers||AIDA2');
  const moved = new LogBuilder();
  moved.collection({ items: { AIDA2: {} } });
  const pairs: [string, string][] = [...pairsOf(log), [other, content]];
  const sorted = pairs.sort(([left], [right]) => Buffer.compare(Buffer.from(left, 'base64'), Buffer.from(right, 'base64')));
  const root = rootOfPairs(sorted);
  return { items: { ...items, size: 2, root, delta: log.putBlob(source, { added: sorted, changed: [], removed: [] }) } };
}
function rootOfPairs(pairs: readonly (readonly [string, string])[]): string {
  const leaves = pairs.map(([id, content]) => Buffer.concat([Buffer.from(id, 'base64'), Buffer.from(content, 'base64')]));
  const hash = (data: Uint8Array) => sha256(Buffer.concat([Uint8Array.of(0), data]));
  return toBase64(sha256(Buffer.concat([Uint8Array.of(1), hash(leaves[0]!), hash(leaves[1]!)])));
}
function relisted(log: LogBuilder, results: Extract<Statement, { kind: 'evaluation' }>['results']): Record<string, unknown> {
  const list = log.blob(results.list);
  if (list?.kind !== 'open') throw new Error('no list');
  const [check] = JSON.parse(Buffer.from(list.bytes).toString()) as [Record<string, unknown>];
  return { results: { ...results, list: log.putBlob(source, [{ ...check, parameters: { days: 90 } }]) } };
}
function badAnchor(log: LogBuilder, patch: Record<string, unknown>): number {
  const { size, root, note } = log.checkpoint();
  const receiptHash = toBase64(sha256(Buffer.from(note)));
  return log.append({
    kind: 'anchor',
    anchor: 'a',
    method: 'file',
    checkpoint: { size, root },
    receiptTime: null,
    receipt: 'n',
    receiptHash,
    note,
    ...patch,
  });
}
function futureAnchor(log: LogBuilder): number {
  const checkpoint = { size: 2, root: toBase64(sha256(Buffer.from('x'))) };
  const note = log.signNote(checkpointText({ origin: log.origin, ...checkpoint }));
  const receiptHash = toBase64(sha256(Buffer.from(note)));
  return log.append({ kind: 'anchor', anchor: 'a', method: 'file', checkpoint, receiptTime: null, receipt: 'n', receiptHash, note });
}

describe('somebody with every key writes', () => {
  test.each(dishonest)('%s', async (_, write, claim, entry, result) => {
    const log = new LogBuilder();
    write(log);
    log.checkpoint();
    const direct = await verifyLog(log, { vkey: log.keys[0]!.vkey });
    const exported = await verifyBoth(log);
    for (const { claims } of [direct, exported]) {
      const found = claims.find((candidate) => candidate.claim === claim);
      expect(found?.result, JSON.stringify(claims, null, 1)).toBe(result ?? 'FAIL');
      expect(found?.findings[0]?.entry).toBe(entry);
    }
    if (result === 'WARN') expect(failed(exported.claims)).toEqual([]);
  });
  test('a genesis of another log, or of another key', async () => {
    for (const patch of [
      { origin: 'other.example' },
      { keys: { sign: 'sign-0', wrap: 'w', commit: 'c' } },
      { vkey: new TestKey('evidence.example/acme', 5).vkey },
    ]) {
      const log = new LogBuilder({ genesis: false });
      log.genesis(patch);
      log.checkpoint();
      expect(failed((await verifyBoth(log)).claims)).toEqual(['genesis']);
    }
    const none = new LogBuilder({ genesis: false });
    none.append({ kind: 'lifecycle', event: 'e', detail: '' });
    none.checkpoint();
    expect(failed((await verifyBoth(none)).claims)).toContain('genesis');
  });
});

describe('what a log says of its own making', () => {
  const judged = (log: LogBuilder, hour: number, of = source, at?: string) =>
    log.evaluation({
      source: of,
      reads: [],
      population: [],
      checks: [],
      patch: () => ({ turn: turn(hour), ...(at === undefined ? {} : { at }) }),
    });
  const scheduleOf = async (write: (log: LogBuilder) => unknown) => {
    const log = new LogBuilder();
    write(log);
    log.checkpoint();
    const { claims } = await verifyBoth(log);
    expect(failed(claims)).toEqual([]);
    const { result, detail, findings } = claims.find(({ claim }) => claim === 'schedule')!;
    return {
      result,
      said: result === 'PASS' ? detail : findings[0]!.message,
      found: findings.slice(1).map(({ entry, message }) => `${entry}: ${message}`),
    };
  };
  const hold = 'Only what was recorded: hold the schedules of the plans against it';

  test('nothing, when it was collected by hand', async () => {
    expect(await scheduleOf((log) => log.append({ kind: 'lifecycle', event: 'started', detail: '' }))).toEqual({
      result: 'PASS',
      said: 'nothing in it is said to be done by a schedule',
      found: [],
    });
  });
  test('an upgrade, which is of no schedule', async () => {
    const verdicts = { changed: 1, beginsToFail: 1, failsNoMore: 0, losesEvidence: 0, same: 4 };
    const upgrade = { from: '0.1.0', to: '0.2.0', verdicts, notJudged: ['aws:2'] };
    const all = await scheduleOf((log) => log.append({ kind: 'lifecycle', event: 'upgraded', detail: '', upgrade }));
    expect(all).toMatchObject({ result: 'PASS' });
  });
  test('turns of two accounts, a daemon that starts, reloads and stops, a worker that goes on', async () => {
    const all = await scheduleOf((log) => {
      log.append(life('r-1', 'started'));
      log.append(life('w-1', 'started', { role: 'worker' }));
      judged(log, 0);
      judged(log, 0, 'aws:444455556666');
      judged(log, 4);
      log.append(life('r-1', 'reloaded'));
      log.append(life('r-1', 'queue-emptied'));
      log.append(life('r-1', 'stopped'));
    });
    expect(all).toEqual({
      result: 'PASS',
      said: `of 1 schedules 2 turns were taken, 0 missed (0 of them taken late) and 0 finally failed; 2 runs of a process, 1 without a stop. ${hold}`,
      found: [],
    });
  });
  test('a daemon that was killed, what it missed, the last of it taken late, and a turn that failed', async () => {
    expect(await scheduleOf((own) => operate(own, own.collection(one)))).toEqual({
      result: 'WARN',
      said: `of 1 schedules 1 turns were taken, 2 missed (1 of them taken late) and 1 finally failed; 2 runs of a process, 1 without a stop. ${hold}`,
      found: [
        `4: 2 turns of production/critical missed: not-running, due ${due(0)} to ${due(4)}`,
        '2: run r-1 (serve) ended unseen: this is the last of it, at 2026-01-01T00:00:04.000Z',
        `6: the turn of production/critical due at ${due(8)} finally failed`,
      ],
    });
  });
  test('what is as long as it may be', async () => {
    const said = { ...delivery, about: null, reason: '\u{1f4a5}'.repeat(500) };
    expect(await scheduleOf((log) => log.append(said))).toMatchObject({ result: 'PASS' });
  });
  test('a turn that failed and was taken after all did not fail', async () => {
    expect(await scheduleOf((log) => inTurn(log.append(failedTurn(0)), judged(log, 0)))).toMatchObject({
      result: 'PASS',
      said: expect.stringContaining('1 turns were taken, 0 missed (0 of them taken late) and 0 finally failed'),
    });
  });
  test('a turn that failed after a part of its source was judged failed', async () => {
    expect(await scheduleOf((log) => inTurn(judged(log, 0), log.append(failedTurn(0))))).toMatchObject({
      result: 'WARN',
      said: expect.stringContaining('of 1 schedules 0 turns were taken, 0 missed (0 of them taken late) and 1 finally failed'),
      found: [`2: the turn of production/critical due at ${due(0)} finally failed`],
    });
  });
  test('a run that another one finds to be gone', async () => {
    const steps = ['started', 'reloaded', 'ended-unseen'];
    expect(await scheduleOf((log) => steps.map((event) => log.append(life('w-1', event, { role: 'worker' }))))).toMatchObject({
      result: 'WARN',
      said: expect.stringContaining('1 runs of a process, 1 without a stop'),
      found: ['2: run w-1 (worker) ended unseen: this is the last of it, at 2026-01-01T00:00:03.000Z'],
    });
  });
  const odd: [name: string, write: (log: LogBuilder) => unknown, found: string[]][] = [
    [
      'a turn that is judged twice for one account',
      (log) => inTurn(judged(log, 0), judged(log, 0)),
      [`2: the turn of production/critical due at ${due(0)} is taken twice for ${source}: entry 1 ended it`],
    ],
    [
      'a turn that is anchored twice',
      (log) => inTurn(log.checkpoint(), badAnchor(log, { turn: turn(0) }), badAnchor(log, { turn: turn(0) })),
      [`2: the turn of production/critical due at ${due(0)} is taken twice for anchor a: entry 1 ended it`],
    ],
    [
      'a turn that is taken before it is due',
      (log) => judged(log, 0, source, '2025-12-30T00:00:00.000Z'),
      [`1: the turn of production/critical due at ${due(0)} is ended before it was due`],
    ],
    [
      'a turn that is missed and taken',
      (log) => inTurn(log.append({ ...miss, late: false }), judged(log, 4)),
      [
        `1: 2 turns of production/critical missed: not-running, due ${due(0)} to ${due(4)}`,
        `2: the turn of production/critical due at ${due(4)} is taken, and is said to be missed`,
      ],
    ],
    [
      'a turn that is taken and missed, though another is taken late',
      (log) => inTurn(judged(log, 0), log.append(miss)),
      [
        `2: 2 turns of production/critical missed: not-running, due ${due(0)} to ${due(4)}`,
        '2: a turn of production/critical is said to be missed, and is taken',
      ],
    ],
    [
      'a miss of what is not due yet',
      (log) => log.append({ ...miss, to: '2027-01-01T00:00:00.000Z' }),
      [
        `1: 2 turns of production/critical missed: not-running, due ${due(0)} to 2027-01-01T00:00:00.000Z`,
        '1: turns of production/critical are called missed before they were due',
      ],
    ],
    ['a run that stops and never started', (log) => log.append(life('r-1', 'stopped')), ['1: run r-1 (serve) is not said to have started']],
    [
      'a run that starts twice',
      (log) => inTurn(log.append(life('r-1', 'started')), log.append(life('r-1', 'started'))),
      ['2: run r-1 (serve) starts twice'],
    ],
    [
      'a run that goes on after its stop, as another process',
      (log) =>
        inTurn(log.append(life('r-1', 'started')), log.append(life('r-1', 'stopped')), log.append(life('r-1', 'reloaded', { pid: 99 }))),
      ['3: run r-1 (serve) goes on after it stopped', '3: run r-1 (serve) is two processes'],
    ],
  ];
  test.each(odd)('%s', async (_, write, found) => {
    expect(await scheduleOf(write)).toMatchObject({ result: 'WARN', found });
  });
});

describe('somebody without the key changes', () => {
  const broken: [name: string, change: (log: LogBuilder) => void, claim: ClaimId][] = [
    ['an entry', (log) => (log.entriesWritten[3] = canonicalBytes({ ...statementAt(log, 3), id: 'x' })), 'log-root'],
    ['the order of two entries', (log) => log.entriesWritten.splice(3, 2, log.entriesWritten[4]!, log.entriesWritten[3]!), 'log-root'],
    ['an entry away', (log) => log.entriesWritten.splice(3, 1), 'log-root'],
    ['an entry in', (log) => log.entriesWritten.splice(3, 0, log.entriesWritten[3]!), 'log-root'],
    ['entries away from the end', (log) => log.entriesWritten.splice(13), 'checkpoints'],
    ['the latest checkpoint', (log) => log.signed.push({ ...log.signed.at(-1)!, size: 99 }), 'checkpoints'],
    ['an earlier checkpoint', (log) => (log.signed[1] = { ...log.signed[1]!, root: log.signed[0]!.root }), 'checkpoints'],
    ['the order of the checkpoints', (log) => log.signed.reverse(), 'checkpoints'],
    ['the signature to that of a key of his own', (log) => resign(log, new TestKey(log.origin, 8)), 'checkpoints'],
    ['the signature to that of the retired key', (log) => resign(log, log.keys[0]!), 'checkpoints'],
    ['the keys', (log) => log.keys.splice(0, 1, new TestKey(log.origin, 8)), 'keys'],
    ['a blob', (log) => changeBlob(log), 'blobs'],
    ['a blob away', (log) => log.blobs.delete([...log.blobs.keys()][2]!), 'blobs'],
    ['a blob to “erased”', (log) => log.blobs.set([...log.blobs.keys()][2]!, { kind: 'erased', index: 2 }), 'blobs'],
  ];
  test.each(broken)('%s', async (_, change, claim) => {
    const log = fullLog();
    const vkey = log.keys[0]!.vkey;
    change(log);
    expect(failed((await verifyLog(log, { vkey })).claims)).toContain(claim);
  });
  function statementAt(log: LogBuilder, index: number): Record<string, unknown> {
    return JSON.parse(Buffer.from(log.entriesWritten[index]!).toString()) as Record<string, unknown>;
  }
  function resign(log: LogBuilder, key: TestKey): void {
    const last = log.signed.at(-1)!;
    const note = key.note(checkpointText({ origin: log.origin, size: last.size, root: last.root }));
    log.signed[log.signed.length - 1] = { ...last, note };
  }
  function changeBlob(log: LogBuilder): void {
    const [name, blob] = [...log.blobs].find(([, candidate]) => candidate.kind === 'open' && Buffer.from(candidate.bytes).includes('ada'))!;
    if (blob.kind === 'open')
      log.blobs.set(name, { ...blob, bytes: Buffer.from(Buffer.from(blob.bytes).toString().replace('ada', 'eve')) });
  }
});

describe.skipIf(!has('openssl', 'version'))('time stamps', () => {
  const stamped = (log: LogBuilder, patch: Record<string, unknown> = {}) => log.anchorStamp((note) => tsa.stamp(note), patch);
  const cases: [name: string, write: (log: LogBuilder) => unknown, claim: ClaimId, result?: 'WARN'][] = [
    ['another time than the token', (log) => stamped(log, { receiptTime: generatedAt }), 'anchors'],
    ['a token over another note', (log) => log.anchorStamp(() => tsa.stamp(Buffer.from('x'))), 'anchors'],
    ['a token that is none', (log) => log.anchorStamp(() => ({ token: Buffer.from('0\u0003abc'), time: generatedAt })), 'anchors'],
    [
      'a token with something behind it',
      (log) =>
        log.anchorStamp((note) => {
          const { token, time } = tsa.stamp(note);
          return { token: Buffer.concat([token, Buffer.from('x')]), time };
        }),
      'anchors',
    ],
    ['a token of another authority', (log) => log.anchorStamp((note) => wrongTsa.stamp(note)), 'anchors'],
    [
      'an entry that says it came after its stamp',
      (log) => {
        log.append({ kind: 'lifecycle', event: 'e', detail: '', at: minutesAgo(-10) });
        stamped(log);
      },
      'anchor-times',
    ],
    [
      'an entry that says it came before a stamp it follows',
      (log) => {
        stamped(log);
        log.append({ kind: 'lifecycle', event: 'e', detail: '', at: minutesAgo(10) });
      },
      'anchor-times',
    ],
    [
      'the same, with a clock that is called suspect',
      (log) => {
        log.setTime(minutesAgo(-10));
        log.collection({ ...one, clockSuspect: true });
        log.setTime(minutesAgo(0));
        stamped(log);
      },
      'anchor-times',
      'WARN',
    ],
    [
      'a long stretch without one',
      (log) => {
        log.setTime(minutesAgo(-26 * 60));
        log.append({ kind: 'lifecycle', event: 'e', detail: '' });
      },
      'anchored',
      'WARN',
    ],
  ];
  test.each(cases)('%s', async (_, write, claim, result) => {
    const log = new LogBuilder({ start: minutesAgo(30 * 60) });
    stamped(log.setTime(minutesAgo(1)));
    write(log);
    log.checkpoint();
    const { claims } = await verifyBoth(log, { roots: tsa });
    expect(resultOf(claims, claim), JSON.stringify(claims, null, 1)).toBe(result ?? 'FAIL');
    expect(failed(claims)).toEqual(result === 'WARN' ? [] : [claim]);
  });
});
