/**
 * Counts the requests of the S3 collectors at the seam, for 1,000 buckets, and compares them with the 13N + 1 of a well-known scanner.
 * Run: node tests/bench/s3-calls.ts. Exits with 1 when a figure is missed.
 */
import accountBlock from '../../collectors/aws/s3-account-public-access/collector.ts';
import buckets from '../../collectors/aws/s3-buckets/collector.ts';
import { walk } from '../collectors/aws/walk.ts';
import type { Answer } from '../collectors/replay.ts';
import { notThere } from '../collectors/replay.ts';

const size = 1_000;
const peer = 13 * size + 1;
const five = ['GetBucketEncryption', 'GetPublicAccessBlock', 'GetBucketVersioning', 'GetBucketLogging', 'GetBucketPolicy'];
const blocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const tlsOnly = (bucket: string) =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

const none =
  (operation: string, code: string): Answer =>
  () =>
    notThere(operation, code);

/** `accountBlocks`: the account's own block covers everything. `ownBlocks`: every second bucket has a block of its own. */
function answers(accountBlocks: boolean, ownBlocks: boolean): Record<string, Answer | object> {
  return {
    's3:ListBuckets': {
      Buckets: Array.from({ length: size }, (_, index) => ({
        Name: `bucket-${index}`,
        CreationDate: new Date('2024-03-01T09:00:00Z'),
        BucketRegion: 'eu-central-1',
      })),
    },
    's3control:GetPublicAccessBlock': accountBlocks
      ? { PublicAccessBlockConfiguration: blocked }
      : none('s3control:GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
    's3:GetPublicAccessBlock': ({ Bucket: bucket }) =>
      ownBlocks && Number(String(bucket).slice('bucket-'.length)) % 2 === 0
        ? { PublicAccessBlockConfiguration: blocked }
        : notThere('s3:GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
    's3:GetBucketEncryption': {
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    },
    's3:GetBucketVersioning': { Status: 'Enabled' },
    's3:GetBucketLogging': {},
    's3:GetBucketPolicy': ({ Bucket: bucket }) => ({ Policy: tlsOnly(String(bucket)) }),
    's3:GetBucketLifecycleConfiguration': none('s3:GetBucketLifecycleConfiguration', 'NoSuchLifecycleConfiguration'),
    's3:GetObjectLockConfiguration': none('s3:GetObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'),
    's3:GetBucketOwnershipControls': none('s3:GetBucketOwnershipControls', 'OwnershipControlsNotFoundError'),
    's3:GetBucketAcl': { Grants: [] },
  };
}

async function measure(title: string, accountBlocks: boolean, ownBlocks: boolean, uncovered: number): Promise<boolean> {
  const given = answers(accountBlocks, ownBlocks);
  const [account, all] = [await walk(accountBlock, given), await walk(buckets, given)];
  if (all.normalised.completeness.kind !== 'complete') throw new Error(`${title}: the collection is not complete`);
  const count = (...names: string[]) => names.reduce((sum, name) => sum + all.replay.count(`s3:${name}`), 0);
  const total = account.replay.count() + all.replay.count();
  const extra = { lifecycle: count('GetBucketLifecycleConfiguration'), objectLock: count('GetObjectLockConfiguration') };
  const onDemand = count('GetBucketOwnershipControls', 'GetBucketAcl', 'GetBucketPolicyStatus');
  const base = total - extra.lifecycle - extra.objectLock - onDemand;
  const kept =
    base <= 5 * size + 10 &&
    count(...five) === 5 * size &&
    extra.lifecycle <= size &&
    extra.objectLock <= size &&
    onDemand <= 2 * uncovered;
  console.log(
    `${title}: ${total} requests for ${size} buckets (a well-known scanner: ${peer}, ${(peer / total).toFixed(1)} times as many); ` +
      `${base} of at most ${5 * size + 10} for the five, ${extra.lifecycle} + ${extra.objectLock} for lifecycle and Object Lock, ` +
      `${onDemand} of at most ${2 * uncovered} for ownership and ACL${kept ? '' : '  MISSED'}`,
  );
  return kept;
}

const kept = [
  await measure('the account blocks public access', true, false, 0),
  await measure('every second bucket blocks it', false, true, size / 2),
  await measure('nothing blocks it', false, false, size),
];
if (kept.includes(false)) process.exitCode = 1;
