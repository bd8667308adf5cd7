/**
 * A million current results (100 sources, 1,000 subjects each, 10 checks) sealed in a real store: how long the index takes to be made, to
 * follow one more evaluation, and to answer. Run: node tests/bench/index.ts
 * Exit code 1 when `status` or a page of results takes more than 500 ms.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexFile, openIndex } from '../../src/index/open-index.ts';
import { openCurrentIndex, project } from '../../src/index/project.ts';
import { readResults } from '../../src/index/read-results.ts';
import { readStatus } from '../../src/index/read-status.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import type { CheckResults, Result } from '../../src/model/result.ts';
import type { EvaluationDraft } from '../../src/store/contract.ts';
import { createStore } from '../../src/store/embedded.ts';

const owner = { tenant: 'bench', demonstration: false };
const root = mkdtempSync(join(tmpdir(), 'bench-index-'));
const dataDir = join(root, 'data');
let ids = 0;
const now = () => '2026-01-15T12:00:00.000Z';
const store = await createStore({
  dataDir,
  keys: createKeys(join(root, 'keys'), owner),
  ...owner,
  origin: 'proofline/bench',
  now,
  newId: () => `01J${String(++ids).padStart(23, '0')}`,
});

const [sources, subjects, checks] = [100, 1000, 10];
const logic = `sha256:${'0'.repeat(64)}`;
const subjectId = (source: string, n: number) => `${source}/bucket/bucket-${n}`;
function evaluationOf(source: string, failing: (check: number, n: number) => boolean): EvaluationDraft {
  return {
    source,
    asOf: now(),
    plan: null,
    reads: [],
    population: Array.from({ length: subjects }, (_, n) => ({ type: 'aws.s3.bucket', id: subjectId(source, n), display: `bucket-${n}` })),
    checks: Array.from(
      { length: checks },
      (_c, check): CheckResults => ({
        check: `aws/check-${check}`,
        parameters: {},
        logic,
        subjectType: 'aws.s3.bucket',
        excluded: [],
        results: Array.from({ length: subjects }, (_n, n): Result => {
          const fails = failing(check, n);
          return {
            subject: subjectId(source, n),
            display: `bucket-${n}`,
            outcome: fails ? 'fail' : 'pass',
            message: fails ? 'it is open to everyone' : 'closed',
          };
        }),
      }),
    ),
    malformed: 0,
  };
}

async function timed<T>(name: string, work: () => T | Promise<T>, limitMs?: number): Promise<T> {
  const before = performance.now();
  const result = await work();
  const ms = Math.round((performance.now() - before) * 10) / 10;
  const missed = limitMs !== undefined && ms > limitMs;
  if (missed) process.exitCode = 1;
  console.log(`${missed ? 'MISS' : 'ok  '} ${name}: ${ms} ms${limitMs === undefined ? '' : ` (at most ${limitMs})`}`);
  return result;
}

try {
  for (let n = 0; n < sources; n += 1)
    await store.appendEvaluation(evaluationOf(`aws:${String(n).padStart(12, '0')}`, (check, s) => (s + check) % 20 === 0));
  const made = await timed('making the index', () => openCurrentIndex(store, dataDir));
  await made.close();
  console.log(`     ${Math.round(statSync(indexFile(dataDir)).size / 1e6)} MB`);
  const status = await timed(
    'opening it and reading the status',
    async () => {
      const index = openIndex(dataDir);
      project(store, index);
      const read = await readStatus(index);
      await index.close();
      return read;
    },
    500,
  );
  console.log(`     ${JSON.stringify(status.counts)} of ${status.sources.length} sources`);
  const index = openIndex(dataDir);
  const failures = await timed('first 50 failures', () => readResults(index, { outcomes: ['fail'], limit: 50 }), 500);
  const everything = await timed('50 of all results, from the 900,000th', () => readResults(index, { limit: 50, offset: 900_000 }), 500);
  const text = await timed(
    'everything about one bucket name',
    () => readResults(index, { subject: 'bucket-77', source: 'aws:000000000042' }),
    500,
  );
  console.log(`     ${failures.total} failures, ${everything.total} results, ${text.total} of one bucket name`);
  await store.appendEvaluation(evaluationOf('aws:000000000042', (check, s) => (s + check) % 20 === 0 || (check === 3 && s === 500)));
  await timed('following one more evaluation with one change', () => project(store, index), 500);
  await index.close();
} finally {
  await store.close();
  rmSync(root, { recursive: true, force: true });
}
