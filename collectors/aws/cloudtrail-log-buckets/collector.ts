import { defineCollector, isUnread, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { saysMore } from '../operations.ts';
import { isPublic, PolicyText } from '../policy-document.ts';
import { AwsCloudTrailLogBucket } from './resource.ts';

const Trail = z.object({ TrailARN: z.string(), Name: z.string(), HomeRegion: z.string() });
const Described = z.object({ TrailARN: z.string(), Name: z.string(), HomeRegion: z.string(), S3BucketName: z.string() });
const Bucket = z.object({ Name: z.string(), BucketRegion: z.string().optional() });
// S3 leaves Status out of the reply for a bucket that never had versioning.
const Versioning = z.object({ Status: z.enum(['Enabled', 'Suspended']).optional(), MFADelete: z.enum(['Enabled', 'Disabled']).optional() });
const ObjectLock = z.object({
  ObjectLockConfiguration: z.object({
    ObjectLockEnabled: z.literal('Enabled'),
    Rule: z
      .object({
        DefaultRetention: z.object({ Mode: z.enum(['COMPLIANCE', 'GOVERNANCE']), Days: z.int().optional(), Years: z.int().optional() }),
      })
      .optional(),
  }),
});
const AccessBlock = z.object({
  PublicAccessBlockConfiguration: z.object({
    BlockPublicAcls: z.boolean(),
    IgnorePublicAcls: z.boolean(),
    BlockPublicPolicy: z.boolean(),
    RestrictPublicBuckets: z.boolean(),
  }),
});
const Policy = z.object({ Policy: PolicyText });
const Acl = z.object({ Grants: z.array(z.object({ Grantee: z.object({ URI: z.string().optional() }), Permission: z.string() })) });
const publicGroups = ['http://acs.amazonaws.com/groups/global/AllUsers', 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'];
const Settings = z.object({ logBuckets: z.array(z.string()).optional() });

export default defineCollector<AwsClient>({
  id: 'aws/cloudtrail-log-buckets',
  title: 'Buckets that receive CloudTrail log files',
  kind: 'state',
  scope: 'account',
  yields: [AwsCloudTrailLogBucket],
  permissions: [
    'cloudtrail:ListTrails',
    'cloudtrail:DescribeTrails',
    's3:ListAllMyBuckets',
    's3:GetBucketVersioning',
    's3:GetBucketObjectLockConfiguration',
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketPolicy',
    's3:GetBucketAcl',
    's3:GetAccountPublicAccessBlock',
  ],
  items: {
    'cloudtrail:ListTrails': { list: 'Trails', key: 'TrailARN', keep: ['TrailARN', 'Name', 'HomeRegion'] },
    'cloudtrail:DescribeTrails': { list: 'trailList', key: 'TrailARN', keep: ['TrailARN', 'Name', 'HomeRegion', 'S3BucketName'] },
    // To learn which buckets are ours and where they are; what else there is of them is another collector's.
    's3:ListBuckets': { namesSubjects: false, list: 'Buckets', key: 'Name', keep: ['Name', 'BucketRegion'] },
    's3:GetBucketVersioning': { keep: ['Status', 'MFADelete'] },
    's3:GetObjectLockConfiguration': { keep: ['ObjectLockConfiguration'], absent: ['ObjectLockConfigurationNotFoundError'] },
    's3:GetPublicAccessBlock': { keep: ['PublicAccessBlockConfiguration'], absent: ['NoSuchPublicAccessBlockConfiguration'] },
    's3:GetBucketPolicy': { keep: ['Policy'], absent: ['NoSuchBucketPolicy'] },
    's3:GetBucketAcl': { keep: ['Grants'] },
    's3control:GetPublicAccessBlock': { keep: ['PublicAccessBlockConfiguration'], absent: ['NoSuchPublicAccessBlockConfiguration'] },
  },
  async *collect(client) {
    const trails: z.output<typeof Trail>[] = [];
    for await (const page of client.pages('cloudtrail:ListTrails')) {
      yield page;
      const listed = z.object({ Trails: z.array(Trail) }).safeParse(page.output);
      if (listed.success) trails.push(...listed.data.Trails);
      else client.miss('malformed-reply', 'cloudtrail:ListTrails');
    }
    const buckets = new Map<string, string>();
    const described = client.each([...new Set(trails.map((trail) => trail.HomeRegion))], async (region) => {
      const trailNameList = trails.filter((trail) => trail.HomeRegion === region).map((trail) => trail.TrailARN);
      return [await client.call('cloudtrail:DescribeTrails', { trailNameList, includeShadowTrails: true }, { region })];
    });
    for await (const reply of described) {
      yield reply;
      const found = z.object({ trailList: z.array(Described) }).safeParse(reply.output);
      if (found.success) for (const trail of found.data.trailList) buckets.set(trail.S3BucketName, trail.HomeRegion);
      else client.miss('malformed-reply', 'cloudtrail:DescribeTrails');
    }
    const configured = configuredBuckets(client.settings);
    if (buckets.size === 0 && configured.length === 0) return;
    const owned = new Map<string, string | undefined>();
    let sawAll = false;
    for await (const page of client.pages('s3:ListBuckets')) {
      yield page;
      const own = z.object({ Buckets: z.array(Bucket) }).safeParse(page.output);
      for (const bucket of own.success ? own.data.Buckets : []) owned.set(bucket.Name, bucket.BucketRegion);
      sawAll = own.success && !saysMore(page.output ?? {});
    }
    for (const name of configured) {
      // A bucket that configuration names is read where it is owned, and left to that account everywhere else.
      if (owned.has(name)) buckets.set(name, buckets.get(name) ?? '');
      else if (sawAll) buckets.delete(name);
    }
    for (const name of buckets.keys()) buckets.set(name, owned.get(name) || buckets.get(name) || 'us-east-1');
    if (buckets.size === 0) return;
    yield* client.pages('s3control:GetPublicAccessBlock', { AccountId: client.account });
    // A bucket of another account refuses most of this; its state is then unknown here, and known where that account is collected.
    yield* client.each([...buckets], async ([Bucket, region]) => {
      const about = { region, subject: Bucket };
      return [
        await client.call('s3:GetBucketVersioning', { Bucket }, about),
        await client.call('s3:GetObjectLockConfiguration', { Bucket }, about),
        await client.call('s3:GetPublicAccessBlock', { Bucket }, about),
        await client.call('s3:GetBucketPolicy', { Bucket }, about),
        await client.call('s3:GetBucketAcl', { Bucket }, about),
      ];
    });
  },
  normalise(view) {
    const trails = view.list('cloudtrail:DescribeTrails', Described).map(({ body }) => body);
    const account = view.part('s3control:GetPublicAccessBlock', null, AccessBlock);
    const owned = new Set(view.list('s3:ListBuckets', Bucket).map(({ body }) => body.Name));
    const ownedIsKnown = view.gapIn('s3:ListBuckets') === undefined;
    const configured = configuredBuckets(view.settings);
    const written = trails
      .map((trail) => trail.S3BucketName)
      .filter((name) => !(configured.includes(name) && ownedIsKnown && !owned.has(name)));
    const names = new Set([...written, ...configured.filter((name) => owned.has(name))]);
    return [...names].sort().map((name) => {
      const versioning = read(view.part('s3:GetBucketVersioning', name, Versioning), (found) => found ?? unread('malformed-reply'));
      const lock = view.part('s3:GetObjectLockConfiguration', name, ObjectLock);
      const bucketBlock = view.part('s3:GetPublicAccessBlock', name, AccessBlock);
      return AwsCloudTrailLogBucket.draft(
        { id: view.id('cloudtrail-log-bucket', name), display: name },
        {
          name,
          trails: trails.filter((trail) => trail.S3BucketName === name).map((trail) => trail.Name),
          versioned: read(versioning, (found) => found.Status === 'Enabled'),
          mfaDelete: read(versioning, (found) => found.MFADelete === 'Enabled'),
          defaultRetention: read(lock, (found) => retentionOf(found)),
          blocksPublicAccess: eitherBlocks(bucketBlock, account),
          policyIsPublic: read(view.part('s3:GetBucketPolicy', name, Policy), (found) => (found === null ? false : isPublic(found.Policy))),
          aclIsPublic: read(view.part('s3:GetBucketAcl', name, Acl), (found) =>
            found === null ? unread('malformed-reply') : found.Grants.some(({ Grantee }) => publicGroups.includes(Grantee.URI ?? '')),
          ),
        },
      );
    });
  },
});

function configuredBuckets(settings: unknown): readonly string[] {
  // Ours, not the source's: a shape that does not fit is a bug, and must not pass for a company without an archive.
  return Settings.parse(settings).logBuckets ?? [];
}
function retentionOf(found: z.output<typeof ObjectLock> | null): Reading<{ mode: 'COMPLIANCE' | 'GOVERNANCE'; days: number } | null> {
  const rule = found?.ObjectLockConfiguration.Rule?.DefaultRetention;
  if (rule === undefined) return null;
  const days = rule.Days ?? (rule.Years === undefined ? undefined : rule.Years * 365);
  return days === undefined ? unread('malformed-reply') : { mode: rule.Mode, days };
}
type Block = Reading<z.output<typeof AccessBlock> | null>;
/** One whole block is enough; an unread one matters only if the other does not block. */
function eitherBlocks(bucket: Block, account: Block): Reading<boolean> {
  const blocks = (block: Block): Reading<boolean> =>
    read(block, (found) => (found === null ? false : Object.values(found.PublicAccessBlockConfiguration).every((on) => on)));
  const both = [blocks(bucket), blocks(account)];
  if (both.includes(true)) return true;
  return both.find(isUnread) ?? false;
}
