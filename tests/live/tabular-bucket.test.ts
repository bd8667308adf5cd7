import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from '../collectors/tabular/read-table.ts';
import { hasMoto, type Moto, startMoto } from './moto.ts';

const credentials = {
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing-secret-planted',
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
};

describe.skipIf(!hasMoto())('a table in a bucket', () => {
  let moto: Moto;
  let s3: S3Client;
  const before: Record<string, string | undefined> = {};
  beforeAll(async () => {
    for (const [name, value] of Object.entries(credentials)) {
      before[name] = process.env[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    moto = await startMoto();
    s3 = new S3Client({ endpoint: moto.url, region: 'us-east-1', forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'exports' }));
  }, 60_000);
  afterAll(async () => {
    s3.destroy();
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await moto.stop();
  });

  const table = {
    name: 'transactions',
    as: 'bank.transaction',
    key: ['id'],
    columns: { id: {}, amount: { type: 'decimal' } },
    map: { transactionId: 'id' },
  };
  const read = (kind: string, path: string, further: object = {}) =>
    readTable({ name: 'bank', kind, bucket: 'exports', endpointUrl: moto.url, tables: [{ ...table, path, ...further }] });

  it('is read like one on this machine, and says which version it was', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'exports', Key: '2026/01.csv', Body: 'id;amount\nB-1;10.00\nB-2;-3.50\n' }));
    await s3.send(new PutObjectCommand({ Bucket: 'exports', Key: '2026/01.count', Body: 'rows;at\n2;now\n' }));
    const seen = await read('csv', '2026/01.csv', { totals: [{ path: '2026/01.count', field: 'rows' }] });
    expect(seen.gaps).toEqual([]);
    expect(seen.complete).toBe(true);
    expect(seen.of('B-2')?.fields).toMatchObject({ transactionId: 'B-2', amount: '-3.50' });
    expect(seen.evidence.principal).toMatch(/^arn:aws:sts::123456789012:/);
    expect(seen.evidence.requests[0]).toMatchObject({ input: { bucket: 'exports', path: '2026/01.csv' }, host: new URL(moto.url).host });
    expect(seen.whole).toMatchObject({ facts: { etag: expect.any(String), bytes: 30 }, asOf: expect.any(String) });
    expect(JSON.stringify(seen.evidence)).not.toContain('planted');
    await s3.send(new PutObjectCommand({ Bucket: 'exports', Key: '2026/01.jsonl', Body: '{"id":"B-1","amount":10.00}\n' }));
    expect((await read('jsonl', '2026/01.jsonl')).of('B-1')?.fields['amount']).toBe('10.00');
  });

  it('that is not there is a gap', async () => {
    const seen = await read('csv', 'nothing.csv');
    expect(seen.gaps).toEqual([{ reason: 'source-unavailable', operation: 'tabular:rows', code: 'NoSuchKey' }]);
    expect(seen.evidence.requests).toHaveLength(1);
  });
});
