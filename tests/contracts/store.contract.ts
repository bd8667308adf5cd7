import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CheckResultsBlob,
  DeltaBlob,
  ItemBlob,
  KeyframeBlob,
  PopulationBlob,
  ReadsBlob,
  RedactionsBlob,
  RequestsBlob,
  ResultsListBlob,
} from '../../src/model/blobs.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { OpenedBlob } from '../../src/model/log-reader.ts';
import type { CheckResults } from '../../src/model/result.ts';
import { maxStatementBytes } from '../../src/model/statement.ts';
import { canonicalBytes } from '../../src/seal/canonical-json.ts';
import { opens } from '../../src/seal/commit.ts';
import { fromBase64, toBase64 } from '../../src/seal/digest.ts';
import { leafHash, rootOf } from '../../src/seal/merkle.ts';
import { openNote, parseCheckpoint } from '../../src/seal/signed-note.ts';
import type { EvaluationDraft, Store } from '../../src/store/contract.ts';
import { collectionLease } from '../../src/store/held-leases.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { evidence, item, logic, request, source } from '../store/fixtures.ts';

/** What a backend of the store hands to its contract. */
export interface StoreHarness {
  readonly store: Store;
  /** A second way into the same store, as another process has it. */
  second(): Promise<Store>;
  /** Closes everything and opens it again. */
  reopen(): Promise<Store>;
  setClock(time: string): void;
  end(): Promise<void>;
}

const collector = 'aws/iam-users';
const lifecycle = (detail: string) => ({ kind: 'lifecycle' as const, event: 'test', detail });
const actor = { name: 'alice', authentication: 'none' as const };

function contentOf(blob: OpenedBlob | undefined): unknown {
  if (blob?.kind !== 'open') throw new Error(`not open: ${blob?.kind}`);
  return JSON.parse(Buffer.from(blob.bytes).toString('utf8'));
}
async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'nothing was thrown';
}
async function failuresIn(store: Store): Promise<unknown[]> {
  return (await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL');
}
async function expectSound(store: Store): Promise<void> {
  await store.checkpoint();
  expect(await failuresIn(store)).toEqual([]);
}

const results = (extra: Partial<CheckResults> = {}): CheckResults => ({
  check: 'aws/root-user-has-mfa',
  parameters: {},
  logic,
  subjectType: 'aws.iam.user',
  excluded: [],
  results: [
    { subject: 'u/a', display: 'a', outcome: 'pass', message: 'fine', until: '2026-03-01T00:00:00.000Z' },
    { subject: 'u/b', display: 'b', outcome: 'pass', message: 'fine' },
    { subject: 'u/c', display: 'c', outcome: 'fail', message: 'bad' },
  ],
  ...extra,
});
const population = ['a', 'b', 'c'].map((name) => ({ type: 'aws.iam.user', id: `u/${name}`, display: name }));
const evaluation = (index: number, extra: Partial<EvaluationDraft> = {}): EvaluationDraft => ({
  source,
  asOf: '2026-01-15T12:00:00.000Z',
  plan: null,
  reads: [{ collector, scope: source, index }],
  population,
  checks: [results()],
  malformed: 0,
  ...extra,
});

/** What every store must do, whatever keeps it. */
export function storeContract(name: string, make: () => Promise<StoreHarness>): void {
  describe(`${name}: the contract of a store`, () => {
    let harness: StoreHarness;
    let store: Store;
    beforeEach(async () => {
      harness = await make();
      store = harness.store;
    });
    afterEach(() => harness.end());
    const collect = (items: Evidence['items'], extra: Partial<Evidence> = {}, of = store) =>
      of.appendCollection(evidence(items, extra), null);

    describe('the log', () => {
      it('begins with the genesis, signed', async () => {
        const [first] = [...store.entries()];
        expect(JSON.parse(Buffer.from(first!.bytes).toString())).toMatchObject({
          kind: 'genesis',
          origin: store.origin,
          tenant: store.tenant,
        });
        expect(store.checkpoints()).toHaveLength(1);
        await expectSound(store);
      });
      it('numbers statements without gaps and gives back their exact bytes', async () => {
        const one = await store.append(lifecycle('one'));
        const [two, three] = await store.appendAll([lifecycle('two'), lifecycle('three')]);
        expect([one.index, two?.index, three?.index]).toEqual([1, 2, 3]);
        expect(store.size()).toBe(4);
        for (const sealed of [one, two!, three!]) expect(store.entry(sealed.index)?.bytes).toEqual(canonicalBytes(sealed.statement));
        expect([...store.entries(1, 3)].map((entry) => entry.index)).toEqual([1, 2]);
        expect([...store.entries(3, 99)].map((entry) => entry.index)).toEqual([3]);
        expect(store.entry(4)).toBeUndefined();
      });
      it('signs the head it has, once', async () => {
        await store.append(lifecycle('one'));
        const head = await store.checkpoint();
        expect(await store.checkpoint()).toEqual(head);
        expect(head.size).toBe(2);
        expect(head.root).toBe(toBase64(rootOf([...store.entries()].map((entry) => leafHash(entry.bytes)))));
        expect(parseCheckpoint(openNote(head.note, [store.vkey]).text)).toEqual({ origin: store.origin, size: 2, root: head.root });
        expect(store.checkpoints().map(({ size }) => size)).toEqual([1, 2]);
      });
      it('refuses a statement that is too large, and writes nothing of it', async () => {
        expect(await codeOf(store.append({ kind: 'lifecycle', event: 'x'.repeat(maxStatementBytes), detail: '' }))).toBe(
          'statement-too-large',
        );
        expect(
          await codeOf(store.appendAll([lifecycle('fine'), { kind: 'lifecycle', event: 'x'.repeat(maxStatementBytes), detail: '' }])),
        ).toBe('statement-too-large');
        expect(store.size()).toBe(1);
        await expectSound(store);
      });
      it('takes the largest statement there may be', async () => {
        const empty = canonicalBytes((await store.append({ kind: 'lifecycle', event: '', detail: '' })).statement).length;
        // Ids count up and may grow a digit.
        await store.append({ kind: 'lifecycle', event: 'x'.repeat(maxStatementBytes - empty - 2), detail: '' });
        await expectSound(store);
      });
      it('is the same after it was closed and opened', async () => {
        await collect([item('a', { x: 1 })]);
        const before = [...store.entries()];
        const again = await harness.reopen();
        expect([...again.entries()]).toEqual(before);
        expect(again.items(collector, source)).toHaveLength(1);
        await again.append(lifecycle('after'));
        await expectSound(again);
      });
    });

    describe('a collection', () => {
      it('gives its items back, with their volatile fields, and what the source said is not there', async () => {
        await collect([
          item('b', { Name: 'b', Keys: [{ Id: 1 }] }, { volatile: { 'Keys.0.LastUsed': '2026-01-01T00:00:00.000Z' } }),
          item('a', null),
          item('c', null, { gap: 'access-denied' }),
        ]);
        expect(store.items(collector, source)).toEqual([
          { id: 'iam:ListUsers||a', operation: 'iam:ListUsers', subject: 'a', region: null, body: null },
          {
            id: 'iam:ListUsers||b',
            operation: 'iam:ListUsers',
            subject: 'b',
            region: null,
            body: { Name: 'b', Keys: [{ Id: 1, LastUsed: '2026-01-01T00:00:00.000Z' }] },
          },
          { id: 'iam:ListUsers||c', operation: 'iam:ListUsers', subject: 'c', region: null, body: null, gap: 'access-denied' },
        ]);
        await expectSound(store);
      });
      it('commits to a delta against the one before, and to the whole', async () => {
        const first = (await collect([item('a', { x: 1 }), item('b', { x: 1 }), item('c', { x: 1 })])).statement;
        const second = (await collect([item('a', { x: 1 }), item('b', { x: 2 }), item('d', { x: 1 })])).statement;
        expect(first.items).toMatchObject({ size: 3, previous: null });
        expect(KeyframeBlob.parse(contentOf(store.blob(first.items.keyframe!))).pairs).toHaveLength(3);
        expect(second.items).toMatchObject({ size: 3, previous: first.items.root, keyframe: null });
        const delta = DeltaBlob.parse(contentOf(store.blob(second.items.delta!)));
        expect([delta.added.length, delta.changed.length, delta.removed.length]).toEqual([1, 1, 1]);
        expect(ItemBlob.parse(contentOf(store.blob(delta.changed[0]![1])))).toMatchObject({ subject: 'b', body: { x: 2 } });
        await expectSound(store);
      });
      it('stores nothing again that has not changed', async () => {
        const items = [item('a', { x: 1 }, { volatile: { used: 1 } })];
        const first = (await collect(items)).statement;
        const second = (await collect(items)).statement;
        expect(second.items).toEqual({ ...first.items, previous: first.items.root, delta: null, keyframe: null });
        expect(second.volatile).toMatchObject({ root: first.volatile.root, delta: null });
      });
      it('keeps volatile fields apart: when only they change, the items have not', async () => {
        await collect([item('a', { x: 1 }, { volatile: { used: 1 } })]);
        const { statement } = await collect([item('a', { x: 1 }, { volatile: { used: 2 } })]);
        expect(statement.items.delta).toBeNull();
        expect(statement.volatile.delta).not.toBeNull();
        expect(store.items(collector, source)[0]?.body).toEqual({ x: 1, used: 2 });
        await expectSound(store);
      });
      it('gives the items as they were at an earlier time', async () => {
        const indexes: number[] = [];
        for (let n = 0; n < 6; n++)
          indexes.push((await collect([item('a', { n }, { volatile: { v: n } }), ...(n % 2 ? [item('b', { n })] : [])])).index);
        for (const [n, index] of indexes.entries()) {
          const items = store.items(collector, source, index);
          expect(items.map(({ body }) => body)).toEqual([{ n, v: n }, ...(n % 2 ? [{ n }] : [])]);
        }
        expect(store.items(collector, source, 0)).toEqual([]);
        expect(store.items('aws/other', source)).toEqual([]);
      });
      it('keeps scopes and collectors apart', async () => {
        await collect([item('a', { x: 1 })], { scope: `${source}/us-east-1` });
        await collect([item('a', { x: 2 })], { scope: `${source}/eu-west-1` });
        await collect([item('z', { x: 3 })], { source: 'aws:1111222233334', scope: 'aws:1111222233334' });
        expect(store.items(collector, `${source}/us-east-1`)[0]?.body).toEqual({ x: 1 });
        expect(store.latestCollections(source).map(({ statement }) => statement.scope)).toEqual([
          `${source}/eu-west-1`,
          `${source}/us-east-1`,
        ]);
        expect(store.latestCollections()).toHaveLength(3);
        expect(store.latest('collection')?.statement.source).toBe('aws:1111222233334');
      });
      it('gives equal content of two scopes two commitments', async () => {
        const one = (await collect([item('a', { x: 1 })], { scope: `${source}/us-east-1` })).statement;
        const two = (await collect([item('a', { x: 1 })], { scope: `${source}/eu-west-1` })).statement;
        expect(one.items.root).not.toBe(two.items.root);
      });
      it('refuses one id for two items', async () => {
        expect(await codeOf(collect([item('a', { x: 1 }), item('a', { x: 2 })]))).toBe('not-canonical');
        expect(store.size()).toBe(1);
      });
      it('says what was not seen, the worst first, and counts the rest', async () => {
        const gaps = Array.from({ length: 30 }, (_, n) => ({
          reason: 'access-denied' as const,
          operation: 'iam:GetUser',
          subject: `u${n}`,
          code: 'AccessDenied',
        }));
        const { statement } = await collect([item('a', {})], { gaps: [...gaps, { reason: 'truncated', operation: 'iam:ListUsers' }] });
        expect(statement.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied', 'truncated'] });
        expect(statement.gaps).toHaveLength(20);
        expect(statement.gaps[0]).toEqual({ reason: 'truncated', operation: 'iam:ListUsers' });
        expect(statement.gapCount).toBe(31);
        await expectSound(store);
      });
      it('names what was withheld', async () => {
        const { statement } = await collect([item('b', {}, { withheld: ['y', 'x'] }), item('a', {}, { withheld: ['z'] }), item('c', {})]);
        expect(statement.withheld).toBe(3);
        expect(RedactionsBlob.parse(contentOf(store.blob(statement.redactions!))).items).toEqual([
          { id: 'iam:ListUsers||a', withheld: ['z'] },
          { id: 'iam:ListUsers||b', withheld: ['x', 'y'] },
        ]);
        await expectSound(store);
      });
      it('says which clocks and hosts were met', async () => {
        const { statement } = await collect([], {
          requests: [
            request(1, { offsetMs: -600_000 }),
            request(2, { offsetMs: 5 }),
            request(3, { host: 'other.example', offsetMs: null }),
            request(4, { host: null, status: null }),
          ],
        });
        expect(statement.clock).toEqual({ offsetMs: { min: -600_000, max: 10 }, suspect: true });
        expect(statement.hosts).toEqual([
          { host: 'iam.amazonaws.com', official: true },
          { host: 'other.example', official: false },
        ]);
      });
      it('takes an empty population', async () => {
        const { statement } = await collect([], { requests: [] });
        expect(statement.items).toMatchObject({ size: 0, delta: null });
        expect(statement.requests).toMatchObject({ count: 0, kept: null });
        expect(store.items(collector, source)).toEqual([]);
        await expectSound(store);
      });
    });

    describe('request records', () => {
      const many = Array.from({ length: 100 }, (_, n) => request(n));
      it('are kept in full the first time, when something changes, when something fails, and once a day', async () => {
        const full = async (items: Evidence['items'], extra: Partial<Evidence> = {}) =>
          (await collect(items, { requests: many, ...extra })).statement.requests.keptAll;
        expect(await full([item('a', { x: 1 })])).toBe(true);
        expect(await full([item('a', { x: 1 })])).toBe(false);
        expect(await full([item('a', { x: 2 })])).toBe(true);
        expect(await full([item('a', { x: 2 })], { gaps: [{ reason: 'truncated', operation: 'x' }] })).toBe(true);
        expect(await full([item('a', { x: 2 })], { requests: [...many, request(101, { gap: 'rate-limited', status: 429 })] })).toBe(true);
        expect(await full([item('a', { x: 2 })])).toBe(false);
        harness.setClock('2026-01-16T00:00:01.000Z');
        expect(await full([item('a', { x: 2 })])).toBe(true);
        expect(await full([item('a', { x: 2 })])).toBe(false);
        await expectSound(store);
      });
      it('are committed to in full and sampled without anyone choosing', async () => {
        await collect([item('a', {})], { requests: many });
        const { statement } = await collect([item('a', {})], { requests: many });
        const kept = RequestsBlob.parse(contentOf(store.blob(statement.requests.kept!)));
        expect(kept).toHaveLength(16);
        expect(new Set(kept.map(({ page }) => page)).size).toBe(16);
        expect(kept.map(({ page }) => page)).toEqual(kept.map(({ page }) => page).sort((left, right) => left - right));
        const other = (await collect([item('a', {})], { requests: many })).statement;
        expect(other.requests).toEqual(statement.requests);
        const changed = (await collect([item('a', {})], { requests: [...many.slice(0, 99), request(999)] })).statement;
        expect(changed.requests.root).not.toBe(statement.requests.root);
        // Another root begins elsewhere: not always the same requests are kept.
        const elsewhere = RequestsBlob.parse(contentOf(store.blob(changed.requests.kept!)));
        expect(elsewhere.map(({ page }) => page)).not.toEqual(kept.map(({ page }) => page));
        await expectSound(store);
      });
      it('hold a commitment to the bytes received, never the bytes', async () => {
        const { statement } = await collect([], { requests: [request(1), request(2, { bodyBytes: null })] });
        const kept = RequestsBlob.parse(contentOf(store.blob(statement.requests.kept!)));
        expect(kept[0]?.body).toHaveLength(44);
        expect(store.blob(kept[0]!.body!)).toBeUndefined();
        expect(kept[1]?.body).toBeNull();
      });
    });

    describe('an evaluation', () => {
      it('records every result that is not a pass, and until when the passes hold', async () => {
        const { index } = await collect([item('a', {})]);
        const { statement } = await store.appendEvaluation(evaluation(index));
        expect(statement.results.counts).toMatchObject({ pass: 2, fail: 1, 'no-evidence': 0 });
        expect(statement.results.until).toBe('2026-03-01T00:00:00.000Z');
        const [listed] = ResultsListBlob.parse(contentOf(store.blob(statement.results.list)));
        const check = CheckResultsBlob.parse(contentOf(store.blob(listed!.results)));
        expect(check.notPass.map(({ subject }) => subject)).toEqual(['u/c']);
        expect(check.exceptions).toEqual([['u/b', null]]);
        expect(ReadsBlob.parse(contentOf(store.blob(statement.reads.list)))).toEqual([{ collector, scope: source, index }]);
        const delta = DeltaBlob.parse(contentOf(store.blob(statement.population.delta!)));
        expect(delta.added.map(([, content]) => PopulationBlob.parse(contentOf(store.blob(content))).id).sort()).toEqual([
          'u/a',
          'u/b',
          'u/c',
        ]);
        await expectSound(store);
      });
      it('refers to the former blob for an unchanged result, in whatever order it comes', async () => {
        const { index } = await collect([item('a', {})]);
        const first = (await store.appendEvaluation(evaluation(index))).statement;
        const reversed = evaluation(index, {
          checks: [results({ results: [...results().results].reverse() })],
          population: [...population].reverse(),
        });
        const second = (await store.appendEvaluation(reversed)).statement;
        expect(second.results.list).toBe(first.results.list);
        expect(second.population).toMatchObject({ root: first.population.root, delta: null });
        expect(store.latestEvaluation(source)?.statement.id).toBe(second.id);
        expect(store.latestEvaluation('aws:999')).toBeUndefined();
      });
      it('sorts checks by id and by the digest of their parameters', async () => {
        const { index } = await collect([item('a', {})]);
        const checks = [results({ check: 'b/x' }), results({ parameters: { max: 2 } }), results({ parameters: { max: 1 } })];
        const { statement } = await store.appendEvaluation(evaluation(index, { checks }));
        const list = ResultsListBlob.parse(contentOf(store.blob(statement.results.list)));
        expect(list.map(({ check }) => check)).toEqual(['aws/root-user-has-mfa', 'aws/root-user-has-mfa', 'b/x']);
        expect(statement.results.counts.pass).toBe(6);
        await expectSound(store);
      });
    });

    describe('blobs', () => {
      it('open to canonical bytes that their commitment commits to', async () => {
        const name = await store.putBlob('plan', { b: [1, 'ä'], a: null });
        const blob = store.blob(name);
        if (blob?.kind !== 'open') throw new Error('not open');
        expect(blob.bytes).toEqual(canonicalBytes({ a: null, b: [1, 'ä'] }));
        expect(opens(fromBase64(name), blob.salt, blob.bytes)).toBe(true);
        expect(await store.putBlob('plan', { a: null, b: [1, 'ä'] })).toBe(name);
        expect(store.blob(toBase64(new Uint8Array(32)))).toBeUndefined();
      });
      it.each([1, 100, 511, 512, 100_000, 3_000_000])('of %i bytes come back whole', async (length) => {
        const text = Array.from({ length: Math.ceil(length / 8) }, (_, n) => ((n * 2_654_435_761) % 4_294_967_296).toString(16))
          .join('')
          .slice(0, length);
        expect(contentOf(store.blob(await store.putBlob('x', text)))).toBe(text);
      });
      it('refuse what has no canonical form', async () => {
        expect(await codeOf(store.putBlob('plan', { at: new Date(0) }))).toBe('not-canonical');
      });
      it('are erased for good: recorded, said, and still provable', async () => {
        const { statement } = await collect([item('a', { Name: 'somebody' }), item('b', {})]);
        const delta = DeltaBlob.parse(contentOf(store.blob(statement.items.delta!)));
        const named = delta.added
          .map(([, content]) => content)
          .find((content) => ItemBlob.parse(contentOf(store.blob(content))).subject === 'a')!;
        const erased = await store.erase([named], { authority: 'data protection', reason: 'request 7', actor });
        expect(store.blob(named)).toEqual({ kind: 'erased', index: erased.index });
        expect(await codeOf((async () => store.items(collector, source))())).toBe('not-found');
        await expectSound(store);
        // Seen again, it is evidence of today.
        await collect([item('a', { Name: 'somebody' }), item('b', {})]);
        expect(store.blob(named)?.kind).toBe('open');
        expect(store.items(collector, source)).toHaveLength(2);
        await expectSound(store);
      });
      it('are readable after what was begun before them was refused', async () => {
        const other = await harness.second();
        // Refused for its size after everything else of it was written, its data key too.
        expect(await codeOf(collect([item('a', { x: 1 })], { principal: 'x'.repeat(maxStatementBytes) }))).toBe('statement-too-large');
        await other.putBlob('another scope', { y: 1 });
        await collect([item('a', { x: 1 })]);
        const again = await harness.reopen();
        expect(again.items(collector, source)[0]?.body).toEqual({ x: 1 });
        await expectSound(again);
      });
      it('are not erased when one of them is not there', async () => {
        const name = await store.putBlob('plan', { a: 1 });
        const by = { authority: 'x', reason: 'y', actor };
        expect(await codeOf(store.erase([name, toBase64(new Uint8Array(32))], by))).toBe('not-found');
        expect(store.blob(name)?.kind).toBe('open');
        expect(await codeOf(store.erase([], by))).toBe('usage');
        expect(store.size()).toBe(1);
      });
      it('are not erased while they are held', async () => {
        const name = await store.putBlob('plan', { a: 1 });
        await store.hold([name], 'litigation 12');
        expect(await codeOf(store.erase([name], { authority: 'x', reason: 'y', actor }))).toBe('usage');
        expect(store.blob(name)?.kind).toBe('open');
        expect(store.latest('lifecycle')?.statement).toMatchObject({ event: 'hold', detail: 'litigation 12' });
      });
    });

    describe('several writers', () => {
      it('append in turn to one log', async () => {
        const other = await harness.second();
        for (let n = 0; n < 20; n++) await (n % 2 ? store : other).append(lifecycle(String(n)));
        await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).append(lifecycle(`together ${n}`))));
        expect(store.size()).toBe(41);
        expect([...store.entries()].map(({ index }) => index)).toEqual(Array.from({ length: 41 }, (_, n) => n));
        await other.checkpoint();
        await expectSound(store);
      });
      it('take each delta against what is there then', async () => {
        const other = await harness.second();
        for (let n = 0; n < 10; n++) await collect([item('a', { n }), item(`only-${n}`, {})], {}, n % 2 ? store : other);
        expect(other.items(collector, source).map(({ subject }) => subject)).toEqual(['a', 'only-9']);
        await expectSound(store);
      });
      it('do not collect the same thing at once', async () => {
        const other = await harness.second();
        const lease = collectionLease(collector, source);
        await store.withLease(lease, async () => {
          expect(await codeOf(other.withLease(lease, async () => 'both'))).toBe('store-busy');
          expect(await codeOf(store.withLease(lease, async () => 'twice'))).toBe('store-busy');
          expect(await other.withLease(collectionLease(collector, `${source}/eu-west-1`), async () => 'elsewhere')).toBe('elsewhere');
          await collect([item('a', {})]);
        });
        expect(await other.withLease(lease, async () => 'after')).toBe('after');
      });
      it('give a lease back when the work fails', async () => {
        await expect(
          store.withLease('x', async () => {
            throw new Error('work failed');
          }),
        ).rejects.toThrow('work failed');
        expect(await store.withLease('x', async () => 1)).toBe(1);
      });
      it('refuse one whose lease ran out and was taken', async () => {
        const other = await harness.second();
        const lease = collectionLease(collector, source);
        const late = store.withLease(lease, async () => {
          harness.setClock('2026-01-15T14:00:00.000Z');
          await other.withLease(lease, () => collect([item('a', { by: 'the next' })], {}, other));
          return codeOf(collect([item('a', { by: 'the late one' })]));
        });
        expect(await late).toBe('store-busy');
        expect(store.items(collector, source)[0]?.body).toEqual({ by: 'the next' });
        await expectSound(store);
      });
    });

    it('says of collections and evaluations after an anchor that they came after it', async () => {
      const head = await store.checkpoint();
      expect((await collect([])).statement.after).toBeNull();
      const receiptHash = toBase64(new Uint8Array(32).fill(7));
      await store.append({
        kind: 'anchor',
        anchor: 'x',
        method: 'file',
        checkpoint: { size: head.size, root: head.root },
        receiptTime: null,
        receipt: 'x',
        receiptHash,
        note: head.note,
      });
      const { statement, index } = await collect([]);
      expect(statement.after).toBe(receiptHash);
      expect((await store.appendEvaluation(evaluation(index))).statement.after).toBe(receiptHash);
      const again = await harness.reopen();
      expect((await collect([], {}, again)).statement.after).toBe(receiptHash);
    });
  });
}
