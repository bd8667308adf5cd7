/**
 * Counts the requests that reach the seam for accounts of known size, beside what a widely used open scanner was measured to need for
 * the same (its service classes with the SDK's request function replaced, 2026). Run: node tests/bench/aws-calls.ts
 * Exit code 1 when a figure is missed or a collection is not complete: few calls that see half are no achievement.
 */
import type { AwsClient } from '../../collectors/aws/client.ts';
import trails from '../../collectors/aws/cloudtrail-trails/collector.ts';
import summary from '../../collectors/aws/iam-account-summary/collector.ts';
import details from '../../collectors/aws/iam-authorization-details/collector.ts';
import credentials from '../../collectors/aws/iam-credential-report/collector.ts';
import federation from '../../collectors/aws/iam-federation/collector.ts';
import passwordPolicy from '../../collectors/aws/iam-password-policy/collector.ts';
import buckets from '../../collectors/aws/s3-buckets/collector.ts';
import source from '../../collectors/aws/source.ts';
import type { Collector } from '../../src/authoring.ts';
import { SourceError } from '../../src/authoring.ts';
import { account, at, good, header, rootRow, trustAccount } from '../collectors/aws/identity-account.ts';
import { type Answer, collectWith, type Replay, replay } from '../collectors/replay.ts';

const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`;
const text = (document: object) => encodeURIComponent(JSON.stringify(document));
type Answers = Readonly<Record<string, Answer | object | null>>;

async function collect(collectors: readonly Collector<AwsClient>[], answers: Answers): Promise<{ replayed: Replay; subjects: number }> {
  const replayed = replay(answers);
  let subjects = 0;
  for (const collector of collectors) {
    const collected = await collectWith(collector, source, replayed.exchange, { concurrency: 20 });
    if (collected.completeness.kind !== 'complete') {
      process.exitCode = 1;
      console.log(`MISS ${collector.id} is not complete`, collected.evidence.gaps.slice(0, 3));
    }
    subjects += collected.resources.length;
  }
  return { replayed, subjects };
}

function report(what: string, { replayed, subjects }: { replayed: Replay; subjects: number }, most: number, peer: number): void {
  const calls = replayed.count();
  const missed = calls > most;
  if (missed) process.exitCode = 1;
  const byOperation = [...Map.groupBy(replayed.calls, (call) => call.operation)].map(([operation, of]) => `${operation} ${of.length}`);
  console.log(
    `${missed ? 'MISS' : 'ok  '} ${what}: ${calls} calls for ${subjects} resources (at most ${most}); the scanner: ${peer}, ratio 1:${(peer / calls).toFixed(1)}`,
  );
  console.log(`     ${byOperation.sort().join(', ')}`);
}

/** IAM as AWS pages it: at most `MaxItems` entities of all four kinds on a page. */
function authorizationDetails(users: number, roles: number, groups: number, policies: number): Answer {
  const read = text({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] });
  const policyArn = (n: number) => arn(`policy/policy-${n}`);
  const common = (path: string) => ({ Path: '/', Arn: arn(path), CreateDate: at });
  const attached = (n: number) => [{ PolicyName: `policy-${n % policies}`, PolicyArn: policyArn(n % policies) }];
  const entities: readonly (readonly [list: string, entity: object])[] = [
    ...many(
      users,
      (n) =>
        [
          'UserDetailList',
          {
            UserId: `AIDA${n}`,
            UserName: `user-${n}`,
            ...common(`user/user-${n}`),
            GroupList: [`group-${n % groups}`],
            AttachedManagedPolicies: [],
          },
        ] as const,
    ),
    ...many(
      groups,
      (n) =>
        [
          'GroupDetailList',
          {
            GroupId: `AGPA${n}`,
            GroupName: `group-${n}`,
            ...common(`group/group-${n}`),
            GroupPolicyList: [],
            AttachedManagedPolicies: attached(n),
          },
        ] as const,
    ),
    ...many(
      roles,
      (n) =>
        [
          'RoleDetailList',
          {
            RoleId: `AROA${n}`,
            RoleName: `role-${n}`,
            ...common(`role/role-${n}`),
            AssumeRolePolicyDocument: text(trustAccount(account)),
            AttachedManagedPolicies: attached(n),
            RolePolicyList: [{ PolicyName: 'inline', PolicyDocument: read }],
            RoleLastUsed: { LastUsedDate: at },
          },
        ] as const,
    ),
    ...many(
      policies,
      (n) =>
        [
          'Policies',
          {
            PolicyId: `ANPA${n}`,
            PolicyName: `policy-${n}`,
            Arn: policyArn(n),
            AttachmentCount: 1,
            PolicyVersionList: [{ IsDefaultVersion: true, Document: read }],
          },
        ] as const,
    ),
  ];
  return (input) => {
    const from = Number(input['Marker'] ?? 0);
    const size = Number(input['MaxItems'] ?? 100);
    const page = entities.slice(from, from + size);
    const more = from + size < entities.length;
    const of = (list: string) => page.filter(([name]) => name === list).map(([, entity]) => entity);
    return {
      UserDetailList: of('UserDetailList'),
      GroupDetailList: of('GroupDetailList'),
      RoleDetailList: of('RoleDetailList'),
      Policies: of('Policies'),
      IsTruncated: more,
      ...(more ? { Marker: String(from + size) } : {}),
    };
  };
}

async function iam(): Promise<void> {
  const users = 500;
  const row = (n: number) =>
    `user-${n},${arn(`user/user-${n}`)},2024-02-01T09:00:00+00:00,true,2026-01-12T08:00:00+00:00,2025-12-01T08:00:00+00:00,N/A,true,` +
    'true,2025-12-01T08:00:00+00:00,2026-01-14T08:00:00+00:00,us-east-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A';
  let generated = 0;
  const collected = await collect([summary, details, credentials, passwordPolicy, federation], {
    ...good,
    'iam:GetAccountAuthorizationDetails': authorizationDetails(users, 1000, 50, 200),
    // The first request only starts the report.
    'iam:GenerateCredentialReport': () => ({ State: generated++ === 0 ? 'STARTED' : 'COMPLETE' }),
    'iam:GetCredentialReport': { Content: new TextEncoder().encode([header, rootRow, ...many(users, row)].join('\n')), GeneratedTime: at },
    'iam:ListVirtualMFADevices': {
      VirtualMFADevices: many(users, (n) => ({ SerialNumber: arn(`mfa/user-${n}`), User: { Arn: arn(`user/user-${n}`) } })),
      IsTruncated: false,
    },
  });
  report('IAM, 500 users, 1,000 roles, 50 groups, 200 policies', collected, 15, 10_080);
}

async function s3(): Promise<void> {
  const count = 1000;
  const refuse =
    (operation: string, code: string): Answer =>
    () =>
      new SourceError('not-collected', operation, { sourceCode: code, status: 404 });
  const block = {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  };
  const tls = (bucket: string) => ({
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    }),
  });
  const answers: Answers = {
    's3:ListBuckets': { Buckets: many(count, (n) => ({ Name: `bucket-${n}`, BucketRegion: 'us-east-1', CreationDate: at })) },
    's3control:GetPublicAccessBlock': block,
    's3:GetPublicAccessBlock': block,
    's3:GetBucketEncryption': {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      },
    },
    's3:GetBucketVersioning': { Status: 'Enabled' },
    's3:GetBucketLogging': { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: '' } },
    's3:GetBucketPolicy': (input) => tls(String(input['Bucket'])),
    's3:GetBucketPolicyStatus': { PolicyStatus: { IsPublic: false } },
    's3:GetBucketOwnershipControls': { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
    's3:GetBucketAcl': {
      Grants: [{ Grantee: { Type: 'CanonicalUser', ID: 'owner' }, Permission: 'FULL_CONTROL' }],
      Owner: { ID: 'owner' },
    },
    's3:GetBucketLifecycleConfiguration': refuse('s3:GetBucketLifecycleConfiguration', 'NoSuchLifecycleConfiguration'),
    's3:GetObjectLockConfiguration': refuse('s3:GetObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'),
  };
  const blocked = await collect([buckets], answers);
  const settings =
    blocked.replayed.count() -
    blocked.replayed.count('s3:GetBucketLifecycleConfiguration') -
    blocked.replayed.count('s3:GetObjectLockConfiguration');
  const within = settings <= 5 * count + 10;
  if (!within) process.exitCode = 1;
  console.log(
    `${within ? 'ok  ' : 'MISS'} S3, 1,000 buckets, without lifecycle and Object Lock: ${settings} calls (at most ${5 * count + 10})`,
  );
  report('S3, 1,000 buckets, public access blocked, all settings', blocked, 7 * count + 10, 13 * count + 1);
  const none = {
    ...answers,
    's3control:GetPublicAccessBlock': refuse('s3control:GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
    's3:GetPublicAccessBlock': refuse('s3:GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
  };
  report('S3, 1,000 buckets, nothing blocked, ACLs in use', await collect([buckets], none), 9 * count + 10, 13 * count + 1);
}

async function cloudTrail(): Promise<void> {
  const regions = many(17, (n) => `eu-test-${n + 1}`);
  const list = many(5, (n) => {
    const HomeRegion = regions[n * 3] ?? '';
    return { TrailARN: `arn:aws:cloudtrail:${HomeRegion}:${account}:trail/trail-${n}`, Name: `trail-${n}`, HomeRegion };
  });
  const described = { S3BucketName: 'logs', IsMultiRegionTrail: true, IsOrganizationTrail: false, LogFileValidationEnabled: true };
  const collected = await collect([trails], {
    ...good,
    'ec2:DescribeRegions': { Regions: regions.map((RegionName) => ({ RegionName, OptInStatus: 'opt-in-not-required' })) },
    'cloudtrail:ListTrails': { Trails: list },
    'cloudtrail:DescribeTrails': (input) => {
      const wanted = input['trailNameList'];
      return {
        trailList: list.filter((one) => Array.isArray(wanted) && wanted.includes(one.TrailARN)).map((one) => ({ ...one, ...described })),
      };
    },
  });
  report('CloudTrail, five trails at home in five of 17 regions', collected, 20, 37);
}

await iam();
await s3();
await cloudTrail();
