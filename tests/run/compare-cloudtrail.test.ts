import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { writeEvidence } from '../../src/bundle/write-evidence.ts';
import { RequestsBlob } from '../../src/model/blobs.ts';
import { ProoflineError } from '../../src/model/errors.ts';
import { withBundleFiles } from '../../src/run/bundle/open-bundle.ts';
import { compareCloudtrail } from '../../src/run/compare-cloudtrail.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { logIn } from '../../src/run/verify-data.ts';
import type { EmbeddedStore } from '../../src/store/embedded.ts';

const directory = mkdtempSync(join(tmpdir(), 'proofline-trail-'));
let store: EmbeddedStore;
let records: Record<string, unknown>[];

beforeAll(async () => {
  const app = await openApp({ env: {}, demonstration: true, dataDir: join(directory, 'data') });
  await runCollection(app, {
    trigger: { name: 'test', authentication: 'none' },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  store = await app.openStore({ readOnly: true });
  records = store.latestCollections().flatMap(({ statement }) => {
    if (!statement.source.startsWith('aws:') || statement.requests.kept === null) return [];
    const blob = store.blob(statement.requests.kept);
    if (blob?.kind !== 'open') return [];
    return RequestsBlob.parse(JSON.parse(Buffer.from(blob.bytes).toString('utf8'))).map((request) => ({
      eventTime: request.startedAt,
      eventSource: `${request.operation.split(':')[0]}.amazonaws.com`,
      eventName: request.operation.split(':')[1],
      awsRegion: request.region ?? 'us-east-1',
      requestID: request.requestId,
      recipientAccountId: statement.source.slice(4),
      userAgent: `proofline/0.1.0 session/${statement.session}`,
      userIdentity: { arn: `arn:aws:sts::1:assumed-role/x/${statement.session}` },
    }));
  });
}, 60_000);
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** One more call of a session that is recorded, and not one a session begins with. */
const notRecorded = () => ({ ...records.find(({ eventSource }) => eventSource !== 'sts.amazonaws.com'), requestID: 'not-recorded' });
function compare(content: unknown, pack: (text: string) => string | Uint8Array = (text) => text) {
  const file = join(directory, 'trail');
  writeFileSync(file, pack(typeof content === 'string' ? content : JSON.stringify(content)));
  const [recorded, seen] = compareCloudtrail(store, file);
  if (recorded === undefined || seen === undefined) throw new Error('expected two claims');
  return { recorded, seen };
}

describe('the calls in CloudTrail and in the log', () => {
  it('agree both ways when both have all of them, from a log file or from lookup-events', () => {
    expect(records.length).toBeGreaterThan(100);
    for (const { recorded, seen } of [
      compare({ Records: records }),
      compare({ Records: records }, gzipSync),
      compare({ Events: records.map((record) => ({ CloudTrailEvent: JSON.stringify(record) })) }),
    ]) {
      expect(recorded).toMatchObject({ result: 'PASS', findings: [] });
      expect(seen).toMatchObject({ result: 'PASS', findings: [] });
      const told = records.filter(({ requestID }) => requestID !== null).length;
      expect(seen.detail).toContain(`all ${told} recorded calls`);
    }
  });
  it('leave calls of others alone', () => {
    const others = records.map((record) => ({
      ...record,
      requestID: 'other',
      userAgent: 'console',
      userIdentity: { arn: 'arn:aws:iam::1:user/alice' },
    }));
    expect(compare({ Records: [...records, ...others] }).recorded.result).toBe('PASS');
  });
  it('differ when a call under a recorded session is not in the log', () => {
    const { recorded } = compare({ Records: [...records, notRecorded()] });
    expect(recorded.result).toBe('FAIL');
    expect(recorded.findings[0]?.message).toContain('request not-recorded');
    expect(recorded.findings[0]?.entry).toBeTypeOf('number');
  });
  it('do not differ by how a session begins, nor by what came before the first collection', () => {
    const before = { userAgent: 'proofline/0.1.0 session/proofline-accounts', userIdentity: {} };
    const sts = { ...records[0], eventSource: 'sts.amazonaws.com', requestID: 'before' };
    const beginning = [
      { ...sts, eventName: 'AssumeRole' },
      { ...sts, eventName: 'GetCallerIdentity' },
      { ...sts, ...before, eventName: 'GetCallerIdentity' },
      { ...sts, ...before, eventSource: 'organizations.amazonaws.com', eventName: 'ListAccounts' },
    ];
    expect(compare({ Records: [...records, ...beginning] }).recorded).toMatchObject({ result: 'PASS', findings: [] });
    const other = { ...sts, eventName: 'GetSessionToken' };
    expect(compare({ Records: [...records, ...beginning, other] }).recorded.result).toBe('FAIL');
  });
  it('are compared of an export too, which is all that an auditor has', async () => {
    const out = join(directory, 'export');
    writeEvidence(store, out, { generatedAt: '2026-03-17T00:00:00.000Z' });
    const file = join(directory, 'trail');
    const compared = async (content: unknown) => {
      writeFileSync(file, JSON.stringify(content));
      return await withBundleFiles(out, {}, (files) => compareCloudtrail(logIn(files, out), file).map(({ result }) => result));
    };
    expect(await compared({ Records: records })).toEqual(['PASS', 'PASS']);
    expect((await compared({ Records: [...records, notRecorded()] }))[0]).toBe('FAIL');
    await expect(withBundleFiles(directory, {}, (files) => logIn(files, directory))).rejects.toThrow('no log that can be read');
  });
  it('warn of a session that no collection has: stopped before it was sealed, or removed', () => {
    const { recorded } = compare({ Records: [...records, { ...records[0], userAgent: 'proofline/0.1.0 session/proofline-gone' }] });
    expect(recorded).toMatchObject({
      result: 'WARN',
      findings: [{ entry: null, message: expect.stringContaining('session proofline-gone: 1 calls') }],
    });
  });
  it('warn of a recorded call that CloudTrail does not have', () => {
    const middle = records.findIndex(({ requestID }, index) => index > records.length / 2 && requestID !== null);
    const { recorded, seen } = compare({ Records: records.filter((_, index) => index !== middle) });
    expect(recorded.result).toBe('PASS');
    expect(seen).toMatchObject({
      result: 'WARN',
      findings: [expect.objectContaining({ message: expect.stringContaining(String(records[middle]?.['requestID'])) })],
    });
  });
  it('are not compared where the file does not look', () => {
    const elsewhere = records.map((record) => ({ ...record, awsRegion: 'ap-south-2', userAgent: 'x', userIdentity: {} }));
    expect(compare({ Records: elsewhere }).seen.detail).toMatch(/^all 0 recorded calls/);
  });
  it('need a file of CloudTrail records', () => {
    for (const content of ['', '{}', '{"Records":[{}]}', 'not json']) {
      expect(() => compare(content)).toThrow(ProoflineError);
    }
  });
});
