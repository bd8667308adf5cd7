/**
 * Collects and judges an AWS account of 10,000 resources whose source answers from memory, with the shipped collectors and every
 * shipped check of what they yield; then once more, unchanged. Run: node tests/bench/judge.ts
 * Exit code 1 when it takes more than 3 s of CPU or 300 MB, or judges anything twice.
 */
import checks from '../../checks/index.generated.ts';
import type { AwsClient } from '../../collectors/aws/client.ts';
import instances from '../../collectors/aws/ec2-instances/collector.ts';
import securityGroups from '../../collectors/aws/ec2-security-groups/collector.ts';
import snapshots from '../../collectors/aws/ec2-snapshots/collector.ts';
import volumes from '../../collectors/aws/ec2-volumes/collector.ts';
import authorizationDetails from '../../collectors/aws/iam-authorization-details/collector.ts';
import buckets from '../../collectors/aws/s3-buckets/collector.ts';
import source from '../../collectors/aws/source.ts';
import type { Check, Exchange, ExchangeReply, JsonObject } from '../../src/authoring.ts';
import { unlimited } from '../../src/collect/limiter.ts';
import { normaliseItems } from '../../src/collect/normalise-items.ts';
import { runCollector } from '../../src/collect/run-collector.ts';
import { type CachedVerdict, evaluateSource, type VerdictCache } from '../../src/evaluate/evaluate-source.ts';
import type { Collector } from '../../src/model/collector.ts';

const account = '111122223333';
const region = 'us-east-1';
const now = '2026-01-15T12:00:00.000Z';
const sizes = {
  buckets: 1000,
  users: 500,
  roles: 1000,
  groups: 50,
  policies: 200,
  volumes: 2000,
  snapshots: 1000,
  instances: 750,
  securityGroups: 1000,
};
const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const id = (prefix: string, n: number) => prefix + n.toString(16).padStart(17, '0');
const created = (n: number) => new Date(Date.UTC(2025, n % 12, 1 + (n % 28)));

const document = encodeURIComponent(
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 'dynamodb:Query'], Resource: '*' }] }),
);
const trust = encodeURIComponent(
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
  }),
);
const arn = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
const policyName = (n: number) => `policy-${n % sizes.policies}`;
const attached = (n: number) => [{ PolicyName: policyName(n), PolicyArn: arn('policy', policyName(n)) }];

/** What the account consists of, made once; the same objects are given to every request, as a fast source would. */
const lists: Readonly<Record<string, readonly object[]>> = {
  'iam:GetAccountAuthorizationDetails': [
    ...many(sizes.users, (n) => ({
      list: 'UserDetailList',
      UserId: id('AIDA', n),
      UserName: `user-${n}`,
      Path: '/',
      Arn: arn('user', `user-${n}`),
      CreateDate: created(n),
      GroupList: [`group-${n % sizes.groups}`],
      AttachedManagedPolicies: n % 50 === 0 ? attached(n) : [],
    })),
    ...many(sizes.roles, (n) => ({
      list: 'RoleDetailList',
      RoleId: id('AROA', n),
      RoleName: `role-${n}`,
      Path: '/',
      Arn: arn('role', `role-${n}`),
      CreateDate: created(n),
      AssumeRolePolicyDocument: trust,
      InstanceProfileList: [],
      RolePolicyList: [{ PolicyName: 'inline', PolicyDocument: document }],
      AttachedManagedPolicies: attached(n),
      RoleLastUsed: { LastUsedDate: new Date('2026-01-10T00:00:00Z'), Region: region },
      Tags: [{ Key: 'team', Value: `team-${n % 20}` }],
    })),
    ...many(sizes.groups, (n) => ({
      list: 'GroupDetailList',
      GroupId: id('AGPA', n),
      GroupName: `group-${n}`,
      Path: '/',
      Arn: arn('group', `group-${n}`),
      CreateDate: created(n),
      GroupPolicyList: [],
      AttachedManagedPolicies: attached(n),
    })),
    ...many(sizes.policies, (n) => ({
      list: 'Policies',
      PolicyId: id('ANPA', n),
      PolicyName: policyName(n),
      Arn: arn('policy', policyName(n)),
      Path: '/',
      CreateDate: created(n),
      UpdateDate: created(n),
      DefaultVersionId: 'v1',
      AttachmentCount: 5,
      PermissionsBoundaryUsageCount: 0,
      PolicyVersionList: [{ Document: document, IsDefaultVersion: true, VersionId: 'v1', CreateDate: created(n) }],
    })),
  ],
  'ec2:DescribeVolumes': many(sizes.volumes, (n) => ({
    VolumeId: id('vol-', n),
    State: 'in-use',
    Encrypted: n % 10 !== 0,
    KmsKeyId: `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    CreateTime: created(n),
    Size: 100,
    VolumeType: 'gp3',
    Attachments: [{ InstanceId: id('i-', n % sizes.instances), Device: '/dev/xvda', State: 'attached', AttachTime: created(n) }],
    Tags: [{ Key: 'Name', Value: `volume-${n}` }],
  })),
  'ec2:DescribeSnapshots': many(sizes.snapshots, (n) => ({
    SnapshotId: id('snap-', n),
    VolumeId: id('vol-', n),
    State: 'completed',
    Encrypted: true,
    StartTime: created(n),
    OwnerId: account,
    Progress: '100%',
  })),
  'ec2:DescribeInstances': many(sizes.instances, (n) => ({
    InstanceId: id('i-', n),
    State: { Code: 16, Name: 'running' },
    MetadataOptions: {
      HttpTokens: n % 7 === 0 ? 'optional' : 'required',
      HttpEndpoint: 'enabled',
      HttpPutResponseHopLimit: 1,
      State: 'applied',
    },
    VpcId: id('vpc-', n % 4),
    LaunchTime: created(n),
    ImageId: id('ami-', n % 9),
    InstanceType: 'm7g.large',
    NetworkInterfaces: [
      { NetworkInterfaceId: id('eni-', n), PrivateIpAddress: '10.0.0.1', Groups: [{ GroupId: id('sg-', n % sizes.securityGroups) }] },
    ],
    Tags: [{ Key: 'Name', Value: `instance-${n}` }],
  })),
  'ec2:DescribeSecurityGroups': many(sizes.securityGroups, (n) => ({
    GroupId: id('sg-', n),
    GroupName: `group-${n}`,
    VpcId: id('vpc-', n % 4),
    Description: 'a group',
    OwnerId: account,
    IpPermissions: [443, 5432, 22].map((port) => ({
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp: port === 443 ? '0.0.0.0/0' : '10.0.0.0/8' }],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
    })),
    IpPermissionsEgress: [
      { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] },
    ],
  })),
  's3:ListBuckets': many(sizes.buckets, (n) => ({ Name: `acme-bucket-${n}`, CreationDate: created(n), BucketRegion: region })),
};
const blocks = {
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
};
const about: Readonly<Record<string, (input: JsonObject) => object>> = {
  's3control:GetPublicAccessBlock': () => blocks,
  's3:GetPublicAccessBlock': () => blocks,
  's3:GetBucketEncryption': () => ({
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    },
  }),
  's3:GetBucketVersioning': () => ({ Status: 'Enabled' }),
  's3:GetBucketLogging': () => ({ LoggingEnabled: { TargetBucket: 'acme-bucket-0', TargetPrefix: 'logs/' } }),
  's3:GetBucketPolicy': (input) => ({
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${String(input['Bucket'])}`, `arn:aws:s3:::${String(input['Bucket'])}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    }),
  }),
  's3:GetBucketLifecycleConfiguration': () => ({
    Rules: [{ ID: 'expire', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 400 } }],
  }),
  's3:GetObjectLockConfiguration': () => ({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }),
  'iam:GenerateCredentialReport': () => ({ State: 'COMPLETE' }),
  'iam:GetCredentialReport': () => ({ Content: report, ReportFormat: 'text/csv', GeneratedTime: new Date(now) }),
  'ec2:GetSnapshotBlockPublicAccessState': () => ({ State: 'block-all-sharing' }),
};
const report = new TextEncoder().encode(
  [
    'user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_2_active',
    ...many(sizes.users, (n) => `user-${n},${arn('user', `user-${n}`)},2025-01-01T00:00:00+00:00,${n % 2 === 0},${n % 9 !== 0},true,false`),
  ].join('\n'),
);
const pageOf: Readonly<Record<string, { readonly into: string; readonly token: readonly [string, string] }>> = {
  'iam:GetAccountAuthorizationDetails': { into: '', token: ['Marker', 'Marker'] },
  'ec2:DescribeVolumes': { into: 'Volumes', token: ['NextToken', 'NextToken'] },
  'ec2:DescribeSnapshots': { into: 'Snapshots', token: ['NextToken', 'NextToken'] },
  'ec2:DescribeInstances': { into: 'Reservations', token: ['NextToken', 'NextToken'] },
  'ec2:DescribeSecurityGroups': { into: 'SecurityGroups', token: ['NextToken', 'NextToken'] },
  's3:ListBuckets': { into: 'Buckets', token: ['ContinuationToken', 'ContinuationToken'] },
};
const authorizationLists = ['UserDetailList', 'RoleDetailList', 'GroupDetailList', 'Policies'] as const;

function answer(operation: string, input: JsonObject): object {
  const single = about[operation];
  if (single) return single(input);
  const of = lists[operation];
  const page = pageOf[operation];
  if (!of || !page) throw new TypeError(`the bench has no answer for ${operation}`);
  const [request, reply] = page.token;
  const from = Number(input[request] ?? 0);
  const part = of.slice(from, from + 1000);
  const more = from + 1000 < of.length ? { [reply]: String(from + 1000), IsTruncated: true } : { IsTruncated: false };
  if (operation === 'iam:GetAccountAuthorizationDetails') {
    return {
      ...Object.fromEntries(authorizationLists.map((list) => [list, part.filter((one) => 'list' in one && one.list === list)])),
      ...more,
    };
  }
  if (operation === 'ec2:DescribeInstances') return { Reservations: part.map((one) => ({ Instances: [one] })), ...more };
  return { [page.into]: part, ...more };
}

const body = new Uint8Array(512);
let calls = 0;
const exchange: Exchange = async (operation, input): Promise<ExchangeReply> => {
  calls += 1;
  return {
    output: answer(operation, input),
    status: 200,
    headers: { date: 'Thu, 15 Jan 2026 12:00:00 GMT', 'x-amzn-requestid': '0f3c0c9a-0000-4000-8000-000000000000' },
    bytes: body,
    host: 's3.us-east-1.amazonaws.com',
  };
};

const verdicts = new Map<string, Map<string, CachedVerdict>>();
const cache: VerdictCache = {
  load: (key) => verdicts.get(key) ?? new Map(),
  update(key, changed, gone) {
    const of = verdicts.get(key) ?? new Map<string, CachedVerdict>();
    for (const subject of gone) of.delete(subject);
    for (const verdict of changed) of.set(verdict.subject, verdict);
    verdicts.set(key, of);
  },
};
const logic = `sha256:${'0'.repeat(64)}`;
const collectors: readonly Collector<AwsClient>[] = [authorizationDetails, buckets, volumes, snapshots, instances, securityGroups];
const judging = (checks as readonly unknown[] as readonly Check[]).filter((check) =>
  collectors.some((collector) => collector.yields.some((type) => type.type === check.subject.type)),
);

async function once() {
  const before = process.cpuUsage();
  const started = performance.now();
  calls = 0;
  let incomplete = 0;
  let items = 0;
  const collections = [];
  for (const collector of collectors) {
    const scoped = collector.scope === 'region' ? region : undefined;
    const evidence = await runCollector<AwsClient>({
      collector,
      source,
      exchange,
      sourceId: `aws:${account}`,
      tenant: account,
      region: scoped,
      settings: {},
      logic,
      session: 'bench',
      principal: null,
      trigger: { name: 'bench', authentication: 'none' },
      concurrency: 20,
      now: () => now,
      monotonic: () => performance.now(),
      limiter: unlimited,
    });
    items += evidence.items.length;
    const normalised = normaliseItems(collector, evidence.items, {
      source: `aws:${account}`,
      tenant: account,
      region: scoped ?? null,
      settings: {},
    });
    if (normalised.completeness.kind === 'incomplete') incomplete += 1;
    collections.push({ ...normalised, scope: evidence.scope, asOf: evidence.startedAt });
  }
  const evaluation = evaluateSource({
    source: `aws:${account}`,
    checks: judging.map((check) => ({ check, parameters: {}, logic })),
    collections,
    now,
    cache,
  });
  const { user, system } = process.cpuUsage(before);
  return {
    calls,
    items,
    incomplete,
    evaluation,
    cpuMs: Math.round((user + system) / 1000),
    wallMs: Math.round(performance.now() - started),
  };
}

for (const name of ['first', 'again, unchanged']) {
  const { evaluation, ...figures } = await once();
  console.log(
    JSON.stringify({
      run: name,
      ...figures,
      resources: evaluation.population.length,
      checks: judging.length,
      results: Object.values(evaluation.counts).reduce((sum, count) => sum + count, 0),
      counts: evaluation.counts,
      judged: evaluation.judged,
      maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
  if (name === 'first' && (figures.cpuMs > 3000 || process.resourceUsage().maxRSS > 300 * 1024 || figures.incomplete > 0))
    process.exitCode = 1;
  if (name !== 'first' && evaluation.judged > 0) process.exitCode = 1;
}
