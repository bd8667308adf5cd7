import { ec2Id, iamId, uuid } from './native-id.ts';

/**
 * Two AWS accounts as they were when the described year began: production, which grew into the organisation's management account,
 * and staging. Things are kept under AWS's own field names where a collector reads them one to one; times are ISO-8601 UTC.
 */
export interface AwsAccountState {
  readonly id: string;
  readonly name: string;
  readonly joinedAt: string;
  /** Those that are used: AWS has more that nobody can switch off, and one account is enough to turn pages over them. */
  readonly enabledRegions: readonly RegionName[];
  readonly regions: Record<RegionName, RegionState>;
  readonly iam: IamState;
  buckets: Bucket[];
  publicAccessBlock: PublicAccessBlock | null;
  readonly trails: Trail[];
  /** Instance, permission sets and assignments; null in an account that owns none. */
  readonly identityCenter: IdentityCenter | null;
  /** Operations that our role is refused, and about which subject. */
  readonly denied: { readonly operation: string; readonly subject: string }[];
}
export const regionNames = ['eu-central-1', 'eu-west-1', 'us-east-1'] as const;
export type RegionName = (typeof regionNames)[number];
export const homeRegion: RegionName = 'eu-central-1';

export interface PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}
interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
export interface Bucket {
  readonly name: string;
  readonly region: RegionName;
  readonly createdAt: string;
  readonly kmsKey: string | null;
  publicAccessBlock: PublicAccessBlock | null;
  readonly versioning: 'Enabled' | null;
  readonly accessLogs: { readonly bucket: string; readonly prefix: string } | null;
  statements: PolicyStatement[];
  readonly lifecycle: { readonly id: string; readonly days: number } | null;
  readonly objectLock: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly days: number } | null;
  /** The source answers in a form that it does not document. */
  malformed?: boolean;
}
export interface AccessKey {
  readonly createdAt: string;
  active: boolean;
  /** Days since it was last used, at any time one looks; null: never. */
  readonly usedDaysAgo: number | null;
}
export interface IamUser {
  readonly name: string;
  readonly createdAt: string;
  readonly groups: string[];
  password: { readonly changedAt: string; readonly usedDaysAgo: number | null } | null;
  factor: 'hardware' | 'virtual' | null;
  keys: AccessKey[];
}
export interface IamRole {
  readonly name: string;
  readonly path: string;
  readonly createdAt: string;
  readonly trust: PolicyStatement[];
  readonly managed: string[];
  readonly inline: { readonly name: string; readonly statements: PolicyStatement[] }[];
  readonly usedDaysAgo: number | null;
}
export interface IamState {
  readonly users: IamUser[];
  readonly groups: { readonly name: string; readonly createdAt: string; readonly managed: string[] }[];
  readonly roles: IamRole[];
  readonly policies: { readonly name: string; readonly createdAt: string; readonly statements: PolicyStatement[] }[];
  readonly root: { readonly createdAt: string; usedAt: string };
  readonly samlProviders: { readonly name: string; readonly createdAt: string; readonly validUntil: string }[];
  readonly oidcProviders: string[];
}
export interface Trail {
  readonly name: string;
  readonly arn: string;
  readonly region: RegionName;
  readonly bucket: string;
  readonly kmsKey: string;
  logging: boolean;
  readonly startedAt: string;
}
export interface IdentityCenter {
  readonly instanceArn: string;
  readonly storeId: string;
  readonly createdAt: string;
  readonly permissionSets: {
    readonly name: string;
    readonly group: 'platform-administrators' | 'engineers' | 'auditors' | 'finance-readers';
    readonly managed: string[];
    readonly accounts: string[];
  }[];
}
export interface KmsKey {
  readonly id: string;
  readonly alias: string;
  readonly manager: 'AWS' | 'CUSTOMER';
  readonly spec: 'SYMMETRIC_DEFAULT' | 'RSA_4096';
  readonly createdAt: string;
  rotates: boolean;
  readonly statements: PolicyStatement[];
}
export interface RegionState {
  ebsEncryptedByDefault: boolean;
  readonly volumes: ReturnType<typeof volume>[];
  readonly snapshots: ReturnType<typeof snapshot>[];
  readonly vpcs: { readonly id: string; readonly name: string; readonly cidr: string; readonly flowLogs: boolean }[];
  readonly securityGroups: ReturnType<typeof securityGroup>[];
  readonly instances: ReturnType<typeof instance>[];
  readonly keys: KmsKey[];
  readonly dbInstances: ReturnType<typeof dbInstance>[];
  readonly dbClusters: ReturnType<typeof dbCluster>[];
  readonly dbSnapshots: ReturnType<typeof dbSnapshot>[];
  readonly tables: { readonly name: string; readonly createdAt: string; readonly kmsKey: string | null; pointInTime: boolean }[];
  readonly fileSystems: {
    readonly id: string;
    readonly name: string;
    readonly createdAt: string;
    readonly kmsKey: string;
    readonly backup: boolean;
  }[];
  readonly replicationGroups: { readonly id: string; readonly members: string[]; readonly kmsKey: string; readonly snapshotDays: number }[];
  readonly detector: { readonly id: string; readonly createdAt: string; readonly features: string[] };
  readonly findings: { readonly id: string; readonly type: string; readonly severity: number; readonly createdAt: string }[];
  readonly recorder: { recording: boolean };
  /** What AWS Config counts beside what is described here. */
  readonly alsoRecorded: Record<string, number>;
}

export const productionId = '210987654321';
export const stagingId = '310987654321';
const founded = '2021-03-02T10:14:22.000Z';
const allBlocked = (): PublicAccessBlock => ({
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
});

function kmsArn(account: string, region: string, id: string): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}
function volume(name: string, options: { createdAt: string; kmsKey: string; instance: string | null; device?: string }) {
  return {
    VolumeId: ec2Id('vol', name),
    State: options.instance === null ? 'available' : 'in-use',
    Encrypted: true,
    KmsKeyId: options.kmsKey,
    CreateTime: options.createdAt,
    Size: 100,
    VolumeType: 'gp3',
    SnapshotId: '',
    AvailabilityZone: `${homeRegion}a`,
    Attachments:
      options.instance === null
        ? []
        : [
            {
              InstanceId: ec2Id('i', options.instance),
              Device: options.device ?? '/dev/xvda',
              State: 'attached',
              DeleteOnTermination: true,
            },
          ],
  };
}
function snapshot(name: string, options: { volume: string; startedAt: string; kmsKey: string }) {
  return {
    SnapshotId: ec2Id('snap', name),
    VolumeId: ec2Id('vol', options.volume),
    State: 'completed',
    Encrypted: true,
    KmsKeyId: options.kmsKey,
    StartTime: options.startedAt,
    VolumeSize: 100,
  };
}
interface Permission {
  readonly from: number;
  readonly to: number;
  readonly cidr?: string;
  readonly group?: string;
  readonly description: string;
}
/** One rule of a security group, as EC2 writes it. */
export function ipPermission(account: string, rule: Permission) {
  return {
    IpProtocol: 'tcp',
    FromPort: rule.from,
    ToPort: rule.to,
    IpRanges: rule.cidr === undefined ? [] : [{ CidrIp: rule.cidr, Description: rule.description }],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: rule.group === undefined ? [] : [{ GroupId: ec2Id('sg', rule.group), UserId: account }],
  };
}
function securityGroup(account: string, name: string, options: { vpc: string; default?: true; rules?: readonly Permission[] }) {
  const everything = {
    IpProtocol: '-1',
    IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
  return {
    GroupId: ec2Id('sg', name),
    GroupName: options.default ? 'default' : name,
    Description: options.default ? 'default VPC security group' : name,
    OwnerId: account,
    VpcId: ec2Id('vpc', options.vpc),
    IpPermissions: (options.rules ?? []).map((rule) => ipPermission(account, rule)),
    IpPermissionsEgress: options.default ? [] : [everything],
  };
}
function instance(name: string, options: { vpc: string; launchedAt: string }) {
  return {
    InstanceId: ec2Id('i', name),
    ImageId: ec2Id('ami', 'northwind-base-2025'),
    InstanceType: 'm7i.large',
    LaunchTime: options.launchedAt,
    State: { Code: 16, Name: 'running' },
    VpcId: ec2Id('vpc', options.vpc),
    MetadataOptions: { State: 'applied', HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
    Tags: [{ Key: 'Name', Value: name }],
  };
}
function dbInstance(
  account: string,
  name: string,
  options: { createdAt: string; kmsKey: string; cluster?: string; multiAz: boolean; retention?: number; engine?: string },
) {
  return {
    DBInstanceIdentifier: name,
    DbiResourceId: `db-${iamId('AIDA', `${account} ${name}`).slice(4)}ABCDEFGHI`,
    DBInstanceArn: `arn:aws:rds:${homeRegion}:${account}:db:${name}`,
    Engine: options.engine ?? 'postgres',
    EngineVersion: '16.4',
    DBInstanceStatus: 'available',
    InstanceCreateTime: options.createdAt,
    StorageEncrypted: true,
    KmsKeyId: options.kmsKey,
    PubliclyAccessible: false,
    BackupRetentionPeriod: options.retention ?? 14,
    DeletionProtection: true,
    MultiAZ: options.multiAz,
    IAMDatabaseAuthenticationEnabled: true,
    AutoMinorVersionUpgrade: true,
    ...(options.cluster === undefined ? {} : { DBClusterIdentifier: options.cluster }),
    ReadReplicaDBInstanceIdentifiers: [] as string[],
    TagList: [{ Key: 'environment', Value: account === productionId ? 'production' : 'staging' }],
  };
}
function dbCluster(account: string, name: string, options: { createdAt: string; kmsKey: string; members: readonly string[] }) {
  return {
    DBClusterIdentifier: name,
    DbClusterResourceId: `cluster-${iamId('AROA', `${account} ${name}`).slice(4)}ABCDEFGHI`,
    DBClusterArn: `arn:aws:rds:${homeRegion}:${account}:cluster:${name}`,
    Engine: 'aurora-postgresql',
    EngineVersion: '16.4',
    Status: 'available',
    ClusterCreateTime: options.createdAt,
    StorageEncrypted: true,
    KmsKeyId: options.kmsKey,
    BackupRetentionPeriod: 14,
    DeletionProtection: true,
    MultiAZ: true,
    DBClusterMembers: options.members.map((member, index) => ({ DBInstanceIdentifier: member, IsClusterWriter: index === 0 })),
    TagList: [{ Key: 'environment', Value: 'production' }],
  };
}
function dbSnapshot(account: string, name: string, options: { instance: string; createdAt: string; kmsKey: string }) {
  return {
    DBSnapshotIdentifier: name,
    DBSnapshotArn: `arn:aws:rds:${homeRegion}:${account}:snapshot:${name}`,
    DBInstanceIdentifier: options.instance,
    SnapshotType: name.startsWith('rds:') ? 'automated' : 'manual',
    Status: 'available',
    SnapshotCreateTime: options.createdAt,
    Engine: 'postgres',
    Encrypted: true,
    KmsKeyId: options.kmsKey,
  };
}

const detectorFeatures = [
  'S3_DATA_EVENTS',
  'EKS_AUDIT_LOGS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
  'RUNTIME_MONITORING',
];
function emptyRegion(account: string, region: RegionName): RegionState {
  return {
    ebsEncryptedByDefault: true,
    volumes: [],
    snapshots: [],
    vpcs: [],
    securityGroups: [],
    instances: [],
    keys: [],
    dbInstances: [],
    dbClusters: [],
    dbSnapshots: [],
    tables: [],
    fileSystems: [],
    replicationGroups: [],
    detector: { id: uuid(`detector ${account} ${region}`).replaceAll('-', ''), createdAt: founded, features: [...detectorFeatures] },
    findings: [],
    recorder: { recording: true },
    alsoRecorded: {},
  };
}

/** A customer's key whose administrators cannot use it, and whose users cannot administer it. */
function customerKey(
  account: string,
  region: string,
  alias: string,
  users: readonly string[],
  options: { createdAt: string; spec?: KmsKey['spec'] },
): KmsKey {
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  return {
    id: uuid(`key ${account} ${region} ${alias}`),
    alias: `alias/${alias}`,
    manager: 'CUSTOMER',
    spec: options.spec ?? 'SYMMETRIC_DEFAULT',
    createdAt: options.createdAt,
    rotates: options.spec !== 'RSA_4096',
    statements: [
      {
        Sid: 'Administer',
        Effect: 'Allow',
        Principal: { AWS: role('key-administrators') },
        Action: [
          ...['kms:Create*', 'kms:Describe*', 'kms:Enable*', 'kms:List*', 'kms:Put*', 'kms:Update*', 'kms:Revoke*', 'kms:Disable*'],
          ...['kms:Get*', 'kms:Delete*', 'kms:TagResource', 'kms:UntagResource', 'kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion'],
        ],
        Resource: '*',
      },
      {
        Sid: 'Use',
        Effect: 'Allow',
        Principal: { AWS: users.map(role) },
        Action:
          options.spec === 'RSA_4096'
            ? ['kms:Sign', 'kms:Verify', 'kms:GetPublicKey']
            : ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
      },
      {
        Sid: 'Read',
        Effect: 'Allow',
        Principal: { AWS: role('ProoflineReadOnly') },
        Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListAliases'],
        Resource: '*',
      },
    ],
  };
}
function awsKey(account: string, region: string, alias: string): KmsKey {
  return {
    id: uuid(`key ${account} ${region} ${alias}`),
    alias: `alias/${alias}`,
    manager: 'AWS',
    spec: 'SYMMETRIC_DEFAULT',
    createdAt: founded,
    rotates: true,
    statements: [],
  };
}

function tlsOnly(name: string): PolicyStatement {
  return {
    Sid: 'OnlyOverTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
function bucket(
  name: string,
  options: {
    createdAt: string;
    kmsKey?: string;
    logs: string | null;
    keepDays: number;
    lock?: Bucket['objectLock'];
    extra?: readonly PolicyStatement[];
    region?: RegionName;
  },
): Bucket {
  return {
    name,
    region: options.region ?? homeRegion,
    createdAt: options.createdAt,
    kmsKey: options.kmsKey ?? null,
    publicAccessBlock: allBlocked(),
    versioning: 'Enabled',
    accessLogs: options.logs === null ? null : { bucket: options.logs, prefix: `${name}/` },
    statements: [tlsOnly(name), ...(options.extra ?? [])],
    lifecycle: { id: 'retention', days: options.keepDays },
    objectLock: options.lock ?? null,
  };
}
/** Lets the services that write logs write them. */
function deliveredBy(service: string, name: string, account: string): PolicyStatement {
  return {
    Sid: 'Delivery',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: ['s3:PutObject', 's3:GetBucketAcl'],
    Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  };
}

function serviceRole(name: string, service: string, usedDaysAgo: number): IamRole {
  return {
    name,
    path: `/aws-service-role/${service}/`,
    createdAt: founded,
    trust: [{ Sid: 'Service', Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    managed: [`arn:aws:iam::aws:policy/aws-service-role/${name.replace('AWSServiceRoleFor', 'AWS')}ServiceRolePolicy`],
    inline: [],
    usedDaysAgo,
  };
}
function workload(name: string, service: string, policies: readonly string[], usedDaysAgo: number, account: string): IamRole {
  return {
    name,
    path: '/',
    createdAt: '2023-05-04T09:02:11.000Z',
    trust: [
      {
        Sid: 'Workload',
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ],
    managed: [...policies],
    inline: [],
    usedDaysAgo,
  };
}
/** Identity Center puts a role into every account for every permission set that is assigned there. */
function signOnRole(account: string, set: string, policy: string, usedDaysAgo: number): IamRole {
  return {
    name: `AWSReservedSSO_${set}_${uuid(`${account} ${set}`).replaceAll('-', '').slice(0, 16)}`,
    path: `/aws-reserved/sso.amazonaws.com/${homeRegion}/`,
    createdAt: '2022-09-19T08:30:00.000Z',
    trust: [
      {
        Sid: 'SignOn',
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:saml-provider/${samlProvider}` },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
    ],
    managed: [`arn:aws:iam::aws:policy/${policy}`],
    inline: [],
    usedDaysAgo,
  };
}
const samlProvider = 'AWSSSO_3f1c0b7a2d4e5968_DO_NOT_DELETE';

function commonRoles(account: string): IamRole[] {
  return [
    {
      name: 'ProoflineReadOnly',
      path: '/',
      createdAt: '2025-03-24T13:00:00.000Z',
      trust: [
        {
          Sid: 'Evidence',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:role/evidence-runner` },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': 'northwind-evidence' } },
        },
      ],
      managed: [`arn:aws:iam::${account}:policy/proofline-read`],
      inline: [],
      usedDaysAgo: 0,
    },
    workload('evidence-runner', 'ecs-tasks.amazonaws.com', [], 0, account),
    workload('key-administrators', 'ssm.amazonaws.com', [], 20, account),
    workload('payroll-app', 'ecs-tasks.amazonaws.com', [`arn:aws:iam::${account}:policy/payroll-app-data`], 0, account),
    workload('payroll-batch', 'ec2.amazonaws.com', [`arn:aws:iam::${account}:policy/payroll-app-data`], 0, account),
    {
      name: 'github-deploy',
      path: '/',
      createdAt: '2024-02-12T15:41:09.000Z',
      trust: [
        {
          Sid: 'Deploy',
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': `repo:northwind-payroll/payroll-engine:environment:${account === productionId ? 'production' : 'staging'}`,
            },
          },
        },
      ],
      managed: [`arn:aws:iam::${account}:policy/deploy-artifacts`],
      inline: [],
      usedDaysAgo: 1,
    },
    signOnRole(account, 'PlatformAdministrators', 'AdministratorAccess', 2),
    signOnRole(account, 'Engineers', 'ReadOnlyAccess', 0),
    signOnRole(account, 'Auditors', 'SecurityAudit', 6),
    serviceRole('AWSServiceRoleForConfig', 'config.amazonaws.com', 0),
    serviceRole('AWSServiceRoleForAmazonGuardDuty', 'guardduty.amazonaws.com', 0),
    serviceRole('AWSServiceRoleForRDS', 'rds.amazonaws.com', 0),
    serviceRole('AWSServiceRoleForElastiCache', 'elasticache.amazonaws.com', 0),
  ];
}
function commonPolicies(documents: string, artifacts: string): IamState['policies'] {
  return [
    {
      name: 'payroll-app-data',
      createdAt: '2023-05-04T09:00:00.000Z',
      statements: [
        { Sid: 'Documents', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `arn:aws:s3:::${documents}/*` },
        {
          Sid: 'Tables',
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
          Resource: 'arn:aws:dynamodb:*:*:table/payslip-index',
        },
      ],
    },
    {
      name: 'deploy-artifacts',
      createdAt: '2024-02-12T15:40:00.000Z',
      statements: [
        {
          Sid: 'Artifacts',
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
          Resource: [`arn:aws:s3:::${artifacts}`, `arn:aws:s3:::${artifacts}/*`],
        },
        {
          Sid: 'Service',
          Effect: 'Allow',
          Action: ['ecs:UpdateService', 'ecs:DescribeServices'],
          Resource: 'arn:aws:ecs:*:*:service/payroll/*',
        },
      ],
    },
    {
      name: 'proofline-read',
      createdAt: '2025-03-24T12:58:00.000Z',
      statements: [
        {
          Sid: 'Read',
          Effect: 'Allow',
          Action: [
            'iam:GetAccountAuthorizationDetails',
            'iam:GetCredentialReport',
            'iam:GenerateCredentialReport',
            's3:GetBucketPolicy',
            's3:ListAllMyBuckets',
          ],
          Resource: '*',
        },
      ],
    },
  ];
}

export function productionAccount(): AwsAccountState {
  const id = productionId;
  const key = (region: RegionName, alias: string) => kmsArn(id, region, uuid(`key ${id} ${region} ${alias}`));
  const data = key(homeRegion, 'payroll-data');
  const logs = key(homeRegion, 'logs');
  const createdAt = '2023-01-17T11:20:00.000Z';
  const home: RegionState = {
    ...emptyRegion(id, homeRegion),
    vpcs: [{ id: ec2Id('vpc', 'prod-main'), name: 'prod-main', cidr: '10.20.0.0/16', flowLogs: true }],
    securityGroups: [
      securityGroup(id, 'prod-default', { vpc: 'prod-main', default: true }),
      securityGroup(id, 'prod-load-balancer', {
        vpc: 'prod-main',
        rules: [
          { from: 443, to: 443, cidr: '0.0.0.0/0', description: 'customers' },
          { from: 80, to: 80, cidr: '0.0.0.0/0', description: 'redirected to 443' },
        ],
      }),
      securityGroup(id, 'prod-app', {
        vpc: 'prod-main',
        rules: [{ from: 8080, to: 8080, group: 'prod-load-balancer', description: 'requests' }],
      }),
      securityGroup(id, 'prod-database', {
        vpc: 'prod-main',
        rules: [{ from: 5432, to: 5432, group: 'prod-app', description: 'queries' }],
      }),
      securityGroup(id, 'prod-cache', { vpc: 'prod-main', rules: [{ from: 6379, to: 6379, group: 'prod-app', description: 'sessions' }] }),
    ],
    instances: ['payroll-batch-1', 'payroll-batch-2', 'bank-gateway', 'sftp-gateway'].map((name) =>
      instance(name, { vpc: 'prod-main', launchedAt: '2025-02-11T04:30:00.000Z' }),
    ),
    volumes: ['payroll-batch-1', 'payroll-batch-2', 'bank-gateway', 'sftp-gateway'].flatMap((name) => [
      volume(`${name}-root`, { createdAt: '2025-02-11T04:30:00.000Z', kmsKey: data, instance: name }),
      volume(`${name}-data`, { createdAt: '2025-02-11T04:31:00.000Z', kmsKey: data, instance: name, device: '/dev/sdf' }),
    ]),
    snapshots: ['payroll-batch-1', 'bank-gateway'].map((name) =>
      snapshot(`${name}-weekly`, { volume: `${name}-data`, startedAt: '2025-03-30T02:00:00.000Z', kmsKey: data }),
    ),
    keys: [
      customerKey(id, homeRegion, 'payroll-data', ['payroll-app', 'payroll-batch'], { createdAt }),
      customerKey(id, homeRegion, 'logs', ['payroll-app'], { createdAt }),
      customerKey(id, homeRegion, 'bank-file-signing', ['payroll-batch'], { createdAt, spec: 'RSA_4096' }),
      awsKey(id, homeRegion, 'aws/ebs'),
      awsKey(id, homeRegion, 'aws/rds'),
    ],
    dbClusters: [dbCluster(id, 'payroll', { createdAt, kmsKey: data, members: ['payroll-1', 'payroll-2'] })],
    dbInstances: [
      dbInstance(id, 'payroll-1', { createdAt, kmsKey: data, cluster: 'payroll', multiAz: false, engine: 'aurora-postgresql' }),
      dbInstance(id, 'payroll-2', { createdAt, kmsKey: data, cluster: 'payroll', multiAz: false, engine: 'aurora-postgresql' }),
      dbInstance(id, 'reporting', { createdAt: '2024-06-03T07:15:00.000Z', kmsKey: data, multiAz: true }),
    ],
    dbSnapshots: [
      dbSnapshot(id, 'reporting-before-upgrade', { instance: 'reporting', createdAt: '2025-02-02T21:00:00.000Z', kmsKey: data }),
    ],
    tables: [
      { name: 'payslip-index', createdAt, kmsKey: data, pointInTime: true },
      { name: 'idempotency-keys', createdAt, kmsKey: data, pointInTime: true },
      { name: 'notification-outbox', createdAt: '2024-08-20T12:00:00.000Z', kmsKey: data, pointInTime: true },
    ],
    fileSystems: [{ id: ec2Id('fs', 'sftp-dropbox'), name: 'sftp-dropbox', createdAt, kmsKey: data, backup: true }],
    replicationGroups: [{ id: 'sessions', members: ['sessions-001', 'sessions-002'], kmsKey: data, snapshotDays: 7 }],
    alsoRecorded: {
      'AWS::ECS::Cluster': 1,
      'AWS::ECS::Service': 6,
      'AWS::ElasticLoadBalancingV2::LoadBalancer': 2,
      'AWS::Route53::HostedZone': 3,
    },
  };
  return {
    id,
    name: 'northwind-production',
    joinedAt: founded,
    enabledRegions: regionNames,
    regions: {
      'eu-central-1': home,
      'eu-west-1': {
        ...emptyRegion(id, 'eu-west-1'),
        keys: [customerKey(id, 'eu-west-1', 'payroll-data-backup', ['payroll-batch'], { createdAt: '2023-08-01T09:00:00.000Z' })],
      },
      'us-east-1': emptyRegion(id, 'us-east-1'),
    },
    iam: {
      users: [
        {
          name: 'break-glass',
          createdAt: '2022-09-19T08:00:00.000Z',
          groups: ['emergency-administrators'],
          password: { changedAt: '2025-03-03T10:00:00.000Z', usedDaysAgo: 12 },
          factor: 'hardware',
          keys: [],
        },
        {
          name: 'bank-transfer-agent',
          createdAt: '2022-02-08T14:10:00.000Z',
          groups: ['bank-transfer'],
          password: null,
          factor: null,
          keys: [{ createdAt: '2025-03-10T09:00:00.000Z', active: true, usedDaysAgo: 0 }],
        },
        {
          name: 'ci-deploy-legacy',
          createdAt: '2021-06-21T16:45:00.000Z',
          groups: ['legacy-deploy'],
          password: null,
          factor: null,
          keys: [{ createdAt: '2025-03-20T11:30:00.000Z', active: true, usedDaysAgo: 9 }],
        },
      ],
      groups: [
        {
          name: 'emergency-administrators',
          createdAt: '2022-09-19T07:55:00.000Z',
          managed: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        },
        { name: 'bank-transfer', createdAt: '2022-02-08T14:00:00.000Z', managed: [`arn:aws:iam::${id}:policy/payroll-app-data`] },
        { name: 'legacy-deploy', createdAt: '2021-06-21T16:40:00.000Z', managed: [`arn:aws:iam::${id}:policy/deploy-artifacts`] },
      ],
      roles: commonRoles(id),
      policies: commonPolicies('northwind-payroll-documents', 'northwind-artifacts'),
      root: { createdAt: founded, usedAt: '2024-11-28T09:12:40.000Z' },
      samlProviders: [{ name: samlProvider, createdAt: '2022-09-19T07:30:00.000Z', validUntil: '2122-09-19T07:30:00.000Z' }],
      oidcProviders: ['token.actions.githubusercontent.com'],
    },
    buckets: [
      bucket('northwind-payroll-documents', { createdAt, kmsKey: data, logs: 'northwind-access-logs', keepDays: 3650 }),
      bucket('northwind-payslip-exports', {
        createdAt: '2023-04-03T08:00:00.000Z',
        kmsKey: data,
        logs: 'northwind-access-logs',
        keepDays: 400,
      }),
      bucket('northwind-bank-files', {
        createdAt,
        kmsKey: data,
        logs: 'northwind-access-logs',
        keepDays: 3650,
        lock: { mode: 'COMPLIANCE', days: 2555 },
      }),
      bucket('northwind-artifacts', { createdAt, kmsKey: data, logs: 'northwind-access-logs', keepDays: 180 }),
      bucket('northwind-backups', {
        createdAt: '2023-08-01T09:10:00.000Z',
        kmsKey: key('eu-west-1', 'payroll-data-backup'),
        logs: 'northwind-backups-access-logs',
        keepDays: 730,
        region: 'eu-west-1',
      }),
      bucket('northwind-backups-access-logs', {
        createdAt: '2023-08-01T09:05:00.000Z',
        kmsKey: key('eu-west-1', 'payroll-data-backup'),
        logs: null,
        keepDays: 400,
        region: 'eu-west-1',
      }),
      bucket('northwind-cloudtrail', {
        createdAt,
        kmsKey: logs,
        logs: 'northwind-access-logs',
        keepDays: 2555,
        lock: { mode: 'COMPLIANCE', days: 365 },
        extra: [deliveredBy('cloudtrail.amazonaws.com', 'northwind-cloudtrail', id)],
      }),
      bucket('northwind-config-history', {
        createdAt,
        kmsKey: logs,
        logs: 'northwind-access-logs',
        keepDays: 2555,
        extra: [deliveredBy('config.amazonaws.com', 'northwind-config-history', id)],
      }),
      bucket('northwind-access-logs', {
        createdAt,
        logs: null,
        keepDays: 400,
        extra: [deliveredBy('logging.s3.amazonaws.com', 'northwind-access-logs', id)],
      }),
    ],
    publicAccessBlock: null,
    trails: [
      {
        name: 'northwind-production',
        arn: `arn:aws:cloudtrail:${homeRegion}:${id}:trail/northwind-production`,
        region: homeRegion,
        bucket: 'northwind-cloudtrail',
        kmsKey: logs,
        logging: true,
        startedAt: '2023-01-17T12:00:00.000Z',
      },
    ],
    identityCenter: {
      instanceArn: 'arn:aws:sso:::instance/ssoins-69873a1b2c4d5e6f',
      storeId: 'd-9967123abc',
      createdAt: '2022-09-19T07:20:00.000Z',
      permissionSets: [
        {
          name: 'PlatformAdministrators',
          group: 'platform-administrators',
          managed: ['AdministratorAccess'],
          accounts: [productionId, stagingId],
        },
        { name: 'Engineers', group: 'engineers', managed: ['ReadOnlyAccess'], accounts: [productionId, stagingId] },
        { name: 'Auditors', group: 'auditors', managed: ['SecurityAudit'], accounts: [productionId, stagingId] },
        { name: 'FinanceReaders', group: 'finance-readers', managed: ['AWSBillingReadOnlyAccess'], accounts: [productionId] },
      ],
    },
    denied: [],
  };
}

export function stagingAccount(): AwsAccountState {
  const id = stagingId;
  const createdAt = '2023-02-06T10:00:00.000Z';
  const data = kmsArn(id, homeRegion, uuid(`key ${id} ${homeRegion} staging-data`));
  const home: RegionState = {
    ...emptyRegion(id, homeRegion),
    vpcs: [{ id: ec2Id('vpc', 'staging-main'), name: 'staging-main', cidr: '10.30.0.0/16', flowLogs: true }],
    securityGroups: [
      securityGroup(id, 'staging-default', { vpc: 'staging-main', default: true }),
      securityGroup(id, 'staging-load-balancer', {
        vpc: 'staging-main',
        rules: [{ from: 443, to: 443, cidr: '0.0.0.0/0', description: 'testers' }],
      }),
      securityGroup(id, 'staging-app', {
        vpc: 'staging-main',
        rules: [{ from: 8080, to: 8080, group: 'staging-load-balancer', description: 'requests' }],
      }),
      securityGroup(id, 'staging-bastion', {
        vpc: 'staging-main',
        rules: [{ from: 22, to: 22, cidr: '198.51.100.24/32', description: 'office' }],
      }),
    ],
    instances: ['staging-batch-1', 'staging-bastion'].map((name) =>
      instance(name, { vpc: 'staging-main', launchedAt: '2025-01-20T08:00:00.000Z' }),
    ),
    volumes: ['staging-batch-1', 'staging-bastion'].map((name) =>
      volume(`${name}-root`, { createdAt: '2025-01-20T08:00:00.000Z', kmsKey: data, instance: name }),
    ),
    keys: [customerKey(id, homeRegion, 'staging-data', ['payroll-app', 'payroll-batch'], { createdAt }), awsKey(id, homeRegion, 'aws/ebs')],
    dbInstances: [dbInstance(id, 'staging-payroll', { createdAt, kmsKey: data, multiAz: false, retention: 7 })],
    tables: [
      { name: 'payslip-index', createdAt, kmsKey: data, pointInTime: true },
      { name: 'idempotency-keys', createdAt, kmsKey: data, pointInTime: true },
    ],
    replicationGroups: [{ id: 'staging-sessions', members: ['staging-sessions-001'], kmsKey: data, snapshotDays: 7 }],
    alsoRecorded: { 'AWS::ECS::Cluster': 1, 'AWS::ECS::Service': 6, 'AWS::ElasticLoadBalancingV2::LoadBalancer': 1 },
  };
  return {
    id,
    name: 'northwind-staging',
    joinedAt: '2023-02-06T09:30:00.000Z',
    enabledRegions: ['eu-central-1', 'us-east-1'],
    regions: { 'eu-central-1': home, 'eu-west-1': emptyRegion(id, 'eu-west-1'), 'us-east-1': emptyRegion(id, 'us-east-1') },
    iam: {
      users: [],
      groups: [],
      roles: commonRoles(id),
      policies: commonPolicies('northwind-staging-documents', 'northwind-staging-artifacts'),
      root: { createdAt: '2023-02-06T09:30:00.000Z', usedAt: '2023-02-06T09:48:10.000Z' },
      samlProviders: [{ name: samlProvider, createdAt: '2023-02-06T09:45:00.000Z', validUntil: '2122-09-19T07:30:00.000Z' }],
      oidcProviders: ['token.actions.githubusercontent.com'],
    },
    buckets: [
      bucket('northwind-staging-documents', { createdAt, kmsKey: data, logs: 'northwind-staging-access-logs', keepDays: 90 }),
      bucket('northwind-staging-artifacts', { createdAt, kmsKey: data, logs: 'northwind-staging-access-logs', keepDays: 90 }),
      bucket('northwind-staging-access-logs', {
        createdAt,
        logs: null,
        keepDays: 400,
        extra: [deliveredBy('logging.s3.amazonaws.com', 'northwind-staging-access-logs', id)],
      }),
      bucket('northwind-staging-cloudtrail', {
        createdAt,
        kmsKey: data,
        logs: 'northwind-staging-access-logs',
        keepDays: 2555,
        lock: { mode: 'COMPLIANCE', days: 365 },
        extra: [deliveredBy('cloudtrail.amazonaws.com', 'northwind-staging-cloudtrail', id)],
      }),
    ],
    publicAccessBlock: allBlocked(),
    trails: [
      {
        name: 'northwind-staging',
        arn: `arn:aws:cloudtrail:${homeRegion}:${id}:trail/northwind-staging`,
        region: homeRegion,
        bucket: 'northwind-staging-cloudtrail',
        kmsKey: data,
        logging: true,
        startedAt: '2023-02-06T12:00:00.000Z',
      },
    ],
    identityCenter: null,
    denied: [],
  };
}
