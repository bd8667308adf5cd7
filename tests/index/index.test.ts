import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Index, indexFile, openIndex, openIndexInMemory, removeIndex } from '../../src/index/open-index.ts';
import { openCurrentIndex, project, reindex } from '../../src/index/project.ts';
import { readEvidence } from '../../src/index/read-evidence.ts';
import { readResults } from '../../src/index/read-results.ts';
import { readStatus } from '../../src/index/read-status.ts';
import { outcomes } from '../../src/model/outcome.ts';
import type { CheckResults, Result } from '../../src/model/result.ts';
import { digestOf } from '../../src/seal/digest.ts';
import type { EmbeddedStore } from '../../src/store/embedded.ts';
import { evidence, freshStore, item, type Place, place, request, source } from '../store/fixtures.ts';
import { appendPlan, checkResults, dump, evaluation, operationSteps, result, subjectId } from './fixture.ts';

let at: Place;
let store: EmbeddedStore;
let index: Index;

beforeEach(async () => {
  at = place();
  ({ store } = await freshStore(at));
  index = openIndex(at.dataDir);
});
afterEach(async () => {
  await index.close();
  await store.close();
  at.remove();
});
const update = () => project(store, index);
const listed = async (...args: Parameters<typeof readResults> extends [Index, ...infer R] ? R : never) =>
  (await readResults(index, ...args)).results.map((one) => [one.check, one.subject, one.outcome]);

describe('projection', () => {
  it('is incremental, and says how far it got', async () => {
    expect(update()).toEqual({ from: 0, to: 1, unknown: 0 });
    await store.appendCollection(evidence([item('a', { x: 1 })]), null);
    expect(update()).toEqual({ from: 1, to: 2, unknown: 0 });
    expect(update()).toEqual({ from: 2, to: 2, unknown: 0 });
    expect((await readStatus(index)).entries).toBe(2);
  });

  it('gives the same tables whether it followed the log or read it at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep(), { minLength: 1, maxLength: 8 }), async (steps) => {
        const place2 = place();
        const { store: own } = await freshStore(place2);
        const following = openIndexInMemory();
        const atOnce = openIndexInMemory();
        try {
          for (const step of steps) {
            await step(own);
            project(own, following);
          }
          reindex(own, atOnce);
          expect(dump(following)).toEqual(dump(atOnce));
          expect(reindex(own, following).from).toBe(0);
          expect(dump(following)).toEqual(dump(atOnce));
        } finally {
          await following.close();
          await atOnce.close();
          await own.close();
          place2.remove();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('shows exactly the results that were sealed last, passes included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvaluation(), { minLength: 1, maxLength: 4 }), async (evaluations) => {
        for (const one of evaluations) await store.appendEvaluation(one);
        update();
        const last = evaluations.at(-1);
        const sealed = (last?.checks ?? []).flatMap((check) =>
          check.results.map((one) => [
            check.check,
            one.subject,
            one.outcome,
            one.display,
            one.reason ?? null,
            one.until ?? null,
            one.outcome === 'pass' ? '' : one.message,
          ]),
        );
        const { total, results } = await readResults(index);
        expect(results.map((one) => [one.check, one.subject, one.outcome, one.display, one.reason, one.until, one.message]).sort()).toEqual(
          sealed.sort(),
        );
        expect(total).toBe(sealed.length);
        const status = await readStatus(index);
        for (const outcome of outcomes) expect(status.counts[outcome]).toBe(sealed.filter(([, , said]) => said === outcome).length);
      }),
      { numRuns: 40 },
    );
  });

  it('is begun anew for another log, and for one that was replaced by an older backup', async () => {
    await store.appendCollection(evidence([item('a', { x: 1 })]), null);
    update();
    const other = place();
    const { store: another } = await freshStore(other);
    await another.appendCollection(evidence([item('b', { x: 1 })], { collector: 'aws/other' }), null);
    expect(project(another, index)).toEqual({ from: 0, to: 2, unknown: 0 });
    expect((await readEvidence(index)).evidence.map((one) => one.collector)).toEqual(['aws/other']);
    await another.appendCollection(evidence([item('b', { x: 2 })], { collector: 'aws/other' }), null);
    project(another, index);
    expect(update()).toEqual({ from: 0, to: 2, unknown: 0 });
    await another.close();
    other.remove();
  });

  it('keeps nothing of what was erased', async () => {
    const secret = 'key of Anna Example';
    await store.appendEvaluation({
      ...evaluation([1, 2], [checkResults('house/a', [result(1, 'pass'), result(2, 'fail', { message: `${secret} is old` })])]),
      population: [
        { type: 'house.key', id: subjectId(1), display: secret },
        { type: 'house.key', id: subjectId(2), display: 'key 2' },
      ],
    });
    update();
    expect(JSON.stringify(dump(index))).toContain(secret);
    const [summary] = index.database.prepare('SELECT results FROM check_summary').all();
    const [subject] = index.database.prepare('SELECT c_content FROM subject WHERE display = ?').all(secret);
    await store.erase([String(summary?.['results']), String(subject?.['c_content'])], {
      authority: 'court',
      reason: 'request',
      actor: { name: 'alice', authentication: 'none' },
    });
    update();
    expect(JSON.stringify(dump(index))).not.toContain(secret);
    expect(await listed()).toEqual([['house/a', '*', 'no-evidence']]);
    expect((await readStatus(index)).counts).toMatchObject({ pass: 0, fail: 0, 'no-evidence': 1 });
  });

  it('skips kinds it does not know, and counts them', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ v: 1, kind: 'prune', id: 'x', at: '2026-01-15T12:00:00.000Z' }));
    const reader = {
      ...readerOf(store),
      size: () => store.size() + 1,
      entries: function* (from = 0, to = store.size() + 1) {
        yield* store.entries(from, Math.min(to, store.size()));
        if (from <= store.size() && to > store.size()) yield { index: store.size(), bytes };
      },
    };
    expect(project(reader, index)).toEqual({ from: 0, to: 2, unknown: 1 });
  });

  it('says that the store is corrupt when a blob is missing, and keeps what it had', async () => {
    update();
    await store.appendEvaluation(evaluation([1], [checkResults('house/a', [result(1, 'pass')])]));
    expect(() => project({ ...readerOf(store), blob: () => undefined }, index)).toThrow(expect.objectContaining({ code: 'store-corrupt' }));
    expect((await readStatus(index)).entries).toBe(1);
    expect(update().to).toBe(2);
  });

  it('refuses a log whose entries are not those that were signed', async () => {
    await store.appendEvaluation(evaluation([1], [checkResults('house/a', [result(1, 'fail')])]));
    await store.checkpoint();
    const changed = {
      ...readerOf(store),
      *entries(from?: number, to?: number) {
        for (const { index: at, bytes } of store.entries(from, to)) {
          const text = new TextDecoder().decode(bytes);
          yield { index: at, bytes: new TextEncoder().encode(text.replace('"kind":"evaluation"', '"kind":"evaluatiom"')) };
        }
      },
    };
    expect(() => reindex(changed, index)).toThrow(expect.objectContaining({ code: 'store-corrupt' }));
    expect(() => reindex(store, index)).not.toThrow();
  });
});

describe('the file', () => {
  it('is private', () => {
    expect(statSync(indexFile(at.dataDir)).mode & 0o077).toBe(0);
  });
  it('of another version is begun anew', async () => {
    update();
    index.database.exec('PRAGMA user_version = 999; CREATE TABLE relic (x)');
    await index.close();
    index = openIndex(at.dataDir);
    expect(index.database.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'relic'`).get()?.['n']).toBe(0);
    expect(update()).toEqual({ from: 0, to: 1, unknown: 0 });
  });
  it('that is damaged is made anew, at once or when it is found out', async () => {
    await index.close();
    writeFileSync(indexFile(at.dataDir), 'this is no database, but it is long enough to look like something'.repeat(50));
    index = await openCurrentIndex(store, at.dataDir);
    expect((await readStatus(index)).entries).toBe(1);
    expect(existsSync(indexFile(at.dataDir))).toBe(true);
  });
  it('that cannot be written gives way to memory', async () => {
    await index.close();
    removeIndex(at.dataDir);
    mkdirSync(indexFile(at.dataDir));
    index = await openCurrentIndex(store, at.dataDir);
    expect(index.file).toBeUndefined();
    expect((await readStatus(index)).entries).toBe(1);
  });
});

describe('status', () => {
  it('summarises sources, checks, failures by severity, anchors, decisions and gaps', async () => {
    await appendPlan(store, {
      'house/a': { severity: 'critical', controls: ['C-1'] },
      'house/b': { severity: 'low', controls: ['C-1', 'C-2'] },
    });
    await store.appendCollection(evidence([item('a', { x: 1 })], { sourceAsOf: '2026-01-15T08:00:00.000Z' }), null);
    const gaps = [{ reason: 'access-denied' as const, operation: 'iam:ListUsers' }];
    await store.appendCollection(
      evidence([], {
        collector: 'aws/other',
        gaps,
        requests: [request(1, { offsetMs: 60_000, host: 'evil.example' })],
        officialHosts: { 'evil.example': false },
        reconciliation: [{ with: 'aws/x', field: 'Users', expected: 3, seen: 5 }],
      }),
      null,
    );
    await store.appendEvaluation(
      evaluation(
        [1, 2],
        [checkResults('house/a', [result(1, 'fail'), result(2, 'pass')]), checkResults('house/b', [result(1, 'fail'), result(2, 'fail')])],
      ),
    );
    await store.append({ kind: 'gap', subject: 'anchor', reason: 'unreachable', from: null, to: null });
    await store.append({
      kind: 'decision',
      actor: { name: 'a', authentication: 'none' },
      decision: 'scope',
      subjects: [],
      reason: 'r',
      detail: null,
    });
    update();
    const status = await readStatus(index);
    expect(status.sources).toMatchObject([
      {
        source,
        collections: 2,
        incomplete: [{ collector: 'aws/other', scope: source, reasons: ['access-denied'] }],
        oldest: '2026-01-15T08:00:00.000Z',
        newest: '2026-01-15T12:00:02.000Z',
        results: { pass: 1, fail: 3 },
        evaluation: { population: 2 },
      },
    ]);
    expect(status.failures).toEqual({ critical: 1, high: 0, medium: 0, low: 2 });
    expect(status.checks.map((check) => [check.check, check.severity, check.counts.fail])).toEqual([
      ['house/a', 'critical', 1],
      ['house/b', 'low', 2],
    ]);
    expect(status.collections.find((one) => one.collector === 'aws/other')).toMatchObject({
      clockSuspect: true,
      unofficialHosts: ['evil.example'],
      differences: [{ with: 'aws/x', field: 'Users', expected: 3, seen: 5 }],
    });
    expect(status.plan?.detail.checks).toHaveLength(2);
    expect([status.decisions, status.gaps]).toEqual([1, 1]);
  });
  it('shows results beside a plan of another release, and says what to do about the plan', async () => {
    const check = {
      id: 'house/a',
      claim: 'c',
      severity: 'low',
      parametersDigest: digestOf({}),
      remediation: { console: '', cli: '', terraform: '' },
      controls: ['C-1'],
    };
    const digest = digestOf({});
    const detail = await store.putBlob('plan', { v: 1, checks: [check], somethingNew: true });
    await store.append<'plan'>({
      kind: 'plan',
      configuration: digest,
      collectors: [],
      checks: { count: 1, digest },
      controls: { count: 0, digest },
      detail,
    });
    await store.appendEvaluation(evaluation([1], [checkResults('house/a', [result(1, 'pass')])]));
    update();
    expect((await readResults(index, { control: 'C-1' })).results).toMatchObject([{ severity: 'low', outcome: 'pass' }]);
    await expect(readStatus(index)).rejects.toMatchObject({ code: 'store-unreadable' });
  });
  it('of an empty log has nothing in it', async () => {
    update();
    expect(await readStatus(index)).toMatchObject({ entries: 1, plan: null, sources: [], checks: [], anchors: [], decisions: 0, gaps: 0 });
  });
});

describe('results', () => {
  beforeEach(async () => {
    await appendPlan(store, {
      'house/a': { severity: 'low', controls: ['C-1'] },
      'house/b': { severity: 'high', controls: ['C-2', 'C-3'] },
    });
    const odd = { type: 'house.key', id: subjectId('100%_x'), display: 'Ünusual' };
    const draft = evaluation(
      [1, 2, 3],
      [
        checkResults('house/a', [result(1, 'pass', { until: '2026-02-01T00:00:00.000Z' }), result(2, 'fail'), result('100%_x', 'pass')], {
          excluded: [subjectId(3)],
        }),
        checkResults('house/b', [result(1, 'fail'), result(2, 'no-evidence'), result(3, 'pass'), result('100%_x', 'not-applicable')]),
        checkResults('house/gone', [result(1, 'pass'), result(2, 'pass'), result(3, 'pass'), result('100%_x', 'pass')]),
      ],
    );
    await store.appendEvaluation({ ...draft, population: [...draft.population, odd] });
    update();
  });
  it('come with failures first, the severest first', async () => {
    expect(await listed()).toEqual([
      ['house/b', subjectId(1), 'fail'],
      ['house/a', subjectId(2), 'fail'],
      ['house/b', subjectId(2), 'no-evidence'],
      ['house/b', subjectId('100%_x'), 'not-applicable'],
      ['house/b', subjectId(3), 'pass'],
      ['house/a', subjectId(1), 'pass'],
      ['house/a', subjectId('100%_x'), 'pass'],
      ...[subjectId(1), subjectId('100%_x'), subjectId(2), subjectId(3)].map((id) => ['house/gone', id, 'pass']),
    ]);
  });
  it('carry what the plan says of their check', async () => {
    const { results } = await readResults(index, { check: 'house/b', outcomes: ['pass'] });
    expect(results).toMatchObject([
      {
        severity: 'high',
        claim: 'claim of house/b',
        message: 'claim of house/b',
        controls: ['C-2', 'C-3'],
        remediation: { console: 'c' },
        parametersDigest: digestOf({}),
      },
    ]);
    expect((await readResults(index, { check: 'house/gone', limit: 1 })).results).toMatchObject([
      { severity: null, claim: '', remediation: null, controls: [] },
    ]);
    expect((await readResults(index, { check: 'house/a', subject: 'k1', outcomes: ['pass'] })).results.map((one) => one.until)).toEqual([
      '2026-02-01T00:00:00.000Z',
      null,
    ]);
  });
  it.each([
    [{ check: 'house/a' }, 3],
    [{ control: 'C-3' }, 4],
    [{ control: 'C-9' }, 0],
    [{ outcomes: ['fail'] }, 2],
    [{ outcomes: ['pass'] }, 7],
    [{ outcomes: ['fail', 'no-evidence'], severities: ['high'] }, 2],
    [{ severities: ['critical'] }, 0],
    [{ source }, 11],
    [{ source: 'aws:9' }, 0],
    [{ subject: 'KEY 2' }, 3],
    [{ subject: '100%_' }, 3],
    [{ subject: '1%%' }, 0],
    [{ subject: 'key_2' }, 0],
    [{ outcomes: [] }, 0],
  ] as const)('match %j', async (filter, count) => {
    const { total, results } = await readResults(index, filter as never);
    expect([total, results.length]).toEqual([count, count]);
  });
  it('page through in one order, across the border between listed and passing', async () => {
    const all = await listed();
    for (let offset = 0; offset <= all.length; offset += 1) {
      for (const limit of [0, 1, 3, 20]) {
        const { total, results } = await readResults(index, { limit, offset });
        expect(results.map((one) => [one.check, one.subject, one.outcome])).toEqual(all.slice(offset, offset + limit));
        expect(total).toBe(all.length);
      }
    }
  });
});

describe('evidence', () => {
  it('lists collections, the latest first, by any filter', async () => {
    await store.appendCollection(evidence([item('a', { x: 1 })]), null);
    await store.appendCollection(evidence([item('a', { x: 1 })]), null);
    await store.appendCollection(evidence([], { scope: `${source}/eu-west-1`, gaps: [{ reason: 'truncated', operation: 'x' }] }), null);
    update();
    const found = async (filter: Parameters<typeof readEvidence>[1]) =>
      (await readEvidence(index, filter)).evidence.map((one) => one.index);
    expect(await found({})).toEqual([3, 2, 1]);
    expect(await found({ latest: true })).toEqual([3, 2]);
    expect(await found({ incomplete: true })).toEqual([3]);
    expect(await found({ scope: source })).toEqual([2, 1]);
    expect(await found({ collector: 'aws/none' })).toEqual([]);
    expect(await found({ limit: 1, offset: 1 })).toEqual([2]);
    const { total, evidence: rows } = await readEvidence(index, { limit: 1 });
    expect(total).toBe(3);
    expect(rows[0]).toMatchObject({ complete: false, reasons: ['truncated'], gapCount: 1, changed: false, grade: 'source-direct' });
    const [, second, first] = (await readEvidence(index)).evidence;
    expect([first?.changed, second?.changed]).toEqual([true, false]);
    expect(await found({ from: second?.at, to: rows[0]?.at })).toEqual([2]);
  });
});

function readerOf(of: EmbeddedStore) {
  return {
    origin: of.origin,
    vkeys: () => of.vkeys(),
    size: () => of.size(),
    entries: (from?: number, to?: number) => of.entries(from, to),
    checkpoints: () => of.checkpoints(),
    blob: (commitment: string) => of.blob(commitment),
  };
}

/** Any evaluation of up to six subjects by up to three checks, as `evaluateSource` gives them. */
function anyEvaluation() {
  const anyOutcome = fc.constantFrom('pass', 'pass', 'fail', 'not-applicable', 'no-evidence', 'waived', 'excluded' as const);
  const anyUntil = fc.option(fc.constantFrom('2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'), { nil: undefined });
  return fc
    .record({
      subjects: fc.uniqueArray(fc.nat(5), { maxLength: 6 }),
      checks: fc.uniqueArray(fc.constantFrom('house/a', 'house/b', 'house/c'), { maxLength: 3 }),
      said: fc.array(fc.tuple(anyOutcome, anyUntil), { minLength: 18, maxLength: 18 }),
    })
    .map(({ subjects, checks, said }) =>
      evaluation(
        subjects,
        checks.map((check, c): CheckResults => {
          const excluded: string[] = [];
          const results: Result[] = [];
          for (const n of subjects) {
            const [outcome, until] = said[c * 6 + n] ?? ['pass', undefined];
            if (outcome === 'excluded') excluded.push(subjectId(n));
            else results.push(result(n, outcome, until === undefined ? {} : { until }));
          }
          return checkResults(check, results.length === 0 ? [result('*', 'empty')] : results, { excluded });
        }),
      ),
    );
}

type Step = (store: EmbeddedStore) => Promise<unknown>;
function anyStep(): fc.Arbitrary<Step> {
  return fc.oneof(
    anyEvaluation().map(
      (draft): Step =>
        (own) =>
          own.appendEvaluation(draft),
    ),
    anyEvaluation().map(
      (draft): Step =>
        (own) =>
          own.appendEvaluation({ ...draft, source: 'aws:2' }),
    ),
    fc.nat(3).map(
      (n): Step =>
        (own) =>
          own.appendCollection(evidence([item(`s${n}`, { n })], { scope: n > 1 ? `${source}/r${n}` : source }), null),
    ),
    fc.constantFrom('critical' as const, 'low' as const).map(
      (severity): Step =>
        (own) =>
          appendPlan(own, { 'house/a': { severity, controls: ['C-1'] } }),
    ),
    fc.constant<Step>((own) => own.append({ kind: 'gap', subject: 'x', reason: 'y', from: null, to: null })),
    fc.constantFrom(...operationSteps),
    fc.constant<Step>(async (own) => {
      const last = own.latestEvaluation(source);
      if (last?.statement.population.delta) {
        await own.erase([last.statement.results.list], { authority: 'a', reason: 'r', actor: { name: 'a', authentication: 'none' } });
      }
    }),
  );
}
