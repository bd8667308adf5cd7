import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import collector from '../../../collectors/aws/cloudtrail-log-files/collector.ts';
import source from '../../../collectors/aws/source.ts';
import { collectWith, denied, replay } from '../replay.ts';

const account = '111122223333';
const bucket = 'acme-audit-logs';
const window = { from: '2026-01-15T10:30:00.000Z', to: '2026-01-15T12:30:00.000Z', backfill: false };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const fingerprint = '67b9fa73676d86966b449dd677850753';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const digestFolder = `AWSLogs/${account}/CloudTrail-Digest/`;

interface Stored {
  readonly text: string;
  readonly metadata?: Record<string, string>;
}

/** A bucket as CloudTrail fills it: a digest per hour, each signed and naming the one before it and the log files of its hour. */
function trailBucket(hours: readonly { end: string; events: readonly object[] }[]) {
  const objects = new Map<string, Stored>();
  let previous: { key: string; hash: string; signature: string } | null = null;
  for (const { end, events } of hours) {
    const stamp = end.replaceAll(/[-:]|\.\d{3}/g, '');
    const day = end.slice(0, 10).replaceAll('-', '/');
    const file = `AWSLogs/${account}/CloudTrail/eu-central-1/${day}/${account}_CloudTrail_eu-central-1_${stamp}_abc.json.gz`;
    const records = JSON.stringify({ Records: events });
    objects.set(file, { text: records });
    const key = `${digestFolder}eu-central-1/${day}/${account}_CloudTrail-Digest_eu-central-1_audit_eu-central-1_${stamp}.json.gz`;
    const text: string = JSON.stringify({
      awsAccountId: account,
      digestStartTime: new Date(Date.parse(end) - 3_600_000).toISOString().replace('.000', ''),
      digestEndTime: end,
      digestS3Bucket: bucket,
      digestS3Object: key,
      digestPublicKeyFingerprint: fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      previousDigestS3Bucket: previous === null ? null : bucket,
      previousDigestS3Object: previous?.key ?? null,
      previousDigestHashValue: previous?.hash ?? null,
      previousDigestHashAlgorithm: 'SHA-256',
      previousDigestSignature: previous?.signature ?? null,
      logFiles: [{ s3Bucket: bucket, s3Object: file, hashValue: sha256(records), hashAlgorithm: 'SHA-256' }],
    });
    const signed = [end, `${bucket}/${key}`, sha256(text), previous?.signature ?? 'null'].join('\n');
    const signature: string = createSign('RSA-SHA256').update(signed).sign(privateKey, 'hex');
    objects.set(key, { text, metadata: { signature, 'signature-algorithm': 'SHA256withRSA' } });
    previous = { key, hash: sha256(text), signature };
  }
  return objects;
}

const event = (id: string, name: string, readOnly = false) => ({
  eventID: id,
  eventTime: '2026-01-15T11:20:00Z',
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: name,
  awsRegion: 'eu-central-1',
  readOnly,
  userIdentity: { type: 'IAMUser', userName: 'ana', arn: `arn:aws:iam::${account}:user/ana` },
  requestParameters: { name: 'audit', note: 'not kept' },
});
const year = () =>
  trailBucket([
    { end: '2026-01-15T10:00:43Z', events: [] },
    { end: '2026-01-15T11:00:43Z', events: [event('e0', 'DescribeTrails', true)] },
    { end: '2026-01-15T12:00:43Z', events: [event('e1', 'StopLogging'), event('e2', 'CreateLogGroup')] },
  ]);

function answers(objects: ReadonlyMap<string, Stored>) {
  const trail = { TrailARN: `arn:aws:cloudtrail:eu-central-1:${account}:trail/audit`, Name: 'audit', HomeRegion: 'eu-central-1' };
  return {
    'cloudtrail:ListTrails': { Trails: [trail] },
    'cloudtrail:DescribeTrails': { trailList: [{ ...trail, S3BucketName: bucket, LogFileValidationEnabled: true }] },
    'cloudtrail:ListPublicKeys': {
      PublicKeyList: [
        {
          Fingerprint: fingerprint,
          Value: new Uint8Array(publicKey.export({ type: 'pkcs1', format: 'der' })),
          ValidityStartTime: new Date('2026-01-01T00:00:00Z'),
          ValidityEndTime: new Date('2026-02-01T00:00:00Z'),
        },
      ],
    },
    's3:ListBuckets': { Buckets: [{ Name: bucket, BucketRegion: 'eu-west-1' }] },
    's3:ListObjectsV2': (input: Readonly<Record<string, unknown>>) => {
      const prefix = String(input['Prefix']);
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
      return input['Delimiter'] === '/'
        ? {
            CommonPrefixes: [...new Set(keys.map((key) => `${prefix}${key.slice(prefix.length).split('/')[0]}/`))].map((Prefix) => ({
              Prefix,
            })),
          }
        : { Contents: keys.map((Key) => ({ Key, Size: 1 })) };
    },
    's3:GetObject': (input: Readonly<Record<string, unknown>>) => {
      const found = objects.get(String(input['Key']));
      if (found === undefined) return denied('s3:GetObject');
      return { Body: new Uint8Array(gzipSync(found.text)), Metadata: found.metadata ?? {} };
    },
  };
}
const collect = (objects: ReadonlyMap<string, Stored>, more: object = {}, settings = { trailFiles: true }) => {
  const replayed = replay({ ...answers(objects), ...more });
  return collectWith(collector, source, replayed.exchange, { account, window, settings }).then((found) => ({
    ...found,
    calls: replayed.calls,
  }));
};
const keyEnding = (objects: ReadonlyMap<string, Stored>, part: string) => [...objects.keys()].find((key) => key.includes(part)) ?? '';

describe('aws/cloudtrail-log-files', () => {
  it('asks nothing unless the configuration says so', async () => {
    const found = await collect(year(), {}, {} as { trailFiles: boolean });
    expect(found.calls).toEqual([]);
    expect(found.resources).toEqual([]);
  });

  it('reads the digests of the window and the files they name, and verifies the chain', async () => {
    const found = await collect(year());
    expect(found.completeness).toEqual({ kind: 'complete' });
    expect(found.one('aws.cloudtrail.digest-chain').fields).toEqual({
      trail: 'audit',
      region: 'eu-central-1',
      digests: 3,
      logFiles: 3,
      from: '2026-01-15T09:00:43Z',
      to: '2026-01-15T12:00:43Z',
      verified: true,
      problems: [],
    });
    expect(found.of('aws.cloudtrail.file-event').map(({ fields }) => [fields['eventId'], fields['name']])).toEqual([
      ['e1', 'cloudtrail.amazonaws.com:StopLogging'],
    ]);
    expect(JSON.stringify(found.evidence.items)).not.toContain('not kept');
    // In the bucket's own region, whatever the trail's home is.
    expect(new Set(found.calls.filter(({ operation }) => operation === 's3:GetObject').map(({ region }) => region))).toEqual(
      new Set(['eu-west-1']),
    );
  });

  it.each([
    [
      'a log file that was edited',
      'CloudTrail_eu-central-1_20260115T120043Z',
      (text: string) => text.replace('StopLogging', 'StartLogging'),
      /is not what its digest says/,
    ],
    [
      'a digest that was edited',
      'Digest_eu-central-1_audit_eu-central-1_20260115T120043Z',
      (text: string) => text.replace('"logFiles":[', '"logFiles":[ '),
      /signature does not verify/,
    ],
    [
      'an earlier digest that was edited',
      '20260115T110043Z.json',
      (text: string) => `${text} `,
      /signature does not verify|is not what the digest after it says/,
    ],
  ])('finds %s', async (_, part, edit, problem) => {
    const objects = year();
    const key = keyEnding(objects, part);
    const stored = objects.get(key);
    objects.set(key, { ...stored, text: edit(stored?.text ?? '') });
    const chain = (await collect(objects)).one('aws.cloudtrail.digest-chain');
    expect(chain.fields['verified']).toBe(false);
    expect(chain.fields['problems']).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });

  it('finds a digest that is gone from the middle', async () => {
    const objects = year();
    objects.delete(keyEnding(objects, 'Digest_eu-central-1_audit_eu-central-1_20260115T110043Z'));
    const chain = (await collect(objects)).one('aws.cloudtrail.digest-chain');
    expect(chain.fields['problems']).toEqual([expect.stringContaining('does not follow')]);
  });

  it('takes a key that AWS does not list for no key', async () => {
    const chain = (await collect(year(), { 'cloudtrail:ListPublicKeys': { PublicKeyList: [] } })).one('aws.cloudtrail.digest-chain');
    expect(chain.fields['verified']).toBe(false);
  });

  it('says of a log file that it may not read, and of one that is none, that it is not whole', async () => {
    const objects = year();
    objects.delete(keyEnding(objects, 'CloudTrail_eu-central-1_20260115T120043Z'));
    const found = await collect(objects);
    expect(found.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
    expect(found.one('aws.cloudtrail.digest-chain').fields['problems']).toEqual([expect.stringContaining('could not be read')]);
    const broken = await collect(year(), { 's3:GetObject': { Body: new Uint8Array([1, 2, 3]), Metadata: {} } });
    expect(broken.completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
  });

  it.each([
    ['of files', { Contents: [{ Name: 'no key' }] }],
    ['that is none', { Contents: 'many' }],
    ['of folders', { CommonPrefixes: [{}] }],
  ])('takes a listing %s that cannot be read for no empty bucket', async (_, listing) => {
    const found = await collect(year(), { 's3:ListObjectsV2': listing });
    expect(found.completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
  });

  it('breaks nothing else where the bucket cannot be listed', async () => {
    const found = await collect(year(), { 's3:ListObjectsV2': denied('s3:ListObjectsV2') });
    expect(found.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
    expect(found.resources).toEqual([]);
  });
});
