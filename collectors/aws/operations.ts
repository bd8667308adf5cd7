import type { JsonObject } from '../../src/authoring.ts';

/** How the pages of one operation hang together. */
export interface Paging {
  /** Where the next request carries the token, and where a reply gives it. */
  readonly request: string;
  readonly reply: string;
  /** The flag by which a reply says that there is more; such an operation says so twice. */
  readonly more?: string;
  /** The largest page the operation allows, sent with every request that does not name one itself. */
  readonly size?: { readonly field: string; readonly value: number };
}
export interface OperationFacts {
  /** IAM action, where it is not simply the service's prefix and the operation's name. */
  readonly permission?: string;
  readonly paging?: Paging;
  readonly limit?: Limit;
  /** Parameters that are instants: ISO-8601 in our words, dates in the SDK's. */
  readonly instants?: readonly string[];
}
export interface Limit {
  readonly perSecond: number;
  readonly burst: number;
  /** Operations that name the same one share it. */
  readonly bucket?: string;
}
export interface ServiceFacts {
  /** Prefix of IAM actions. */
  readonly prefix: string;
  /** First label of the service's host names. */
  readonly host: string;
  /** Name of the service in AWS's command line. */
  readonly cli: string;
  /**
   * Applies to each operation by itself. AWS publishes figures for few of them; the others are what scanners are known to live
   * with, and the recorder backs off when AWS says so.
   */
  readonly limit: Limit;
  readonly operations: Readonly<Record<string, OperationFacts>>;
}

const token = (size?: number, field = 'MaxResults'): OperationFacts => ({
  paging: { request: 'NextToken', reply: 'NextToken', ...(size === undefined ? {} : { size: { field, value: size } }) },
});
const lowerToken = (size?: number, field = 'limit'): OperationFacts => ({
  paging: { request: 'nextToken', reply: 'nextToken', ...(size === undefined ? {} : { size: { field, value: size } }) },
});
const truncatedMarker: OperationFacts = {
  paging: { request: 'Marker', reply: 'Marker', more: 'IsTruncated', size: { field: 'MaxItems', value: 1000 } },
};
const marker = (size: number): OperationFacts => ({
  paging: { request: 'Marker', reply: 'Marker', size: { field: 'MaxRecords', value: size } },
});
const whole: OperationFacts = {};

/** Every operation that may be called: its pages, its permission, its limit. Read-only operations only. */
export const services: Readonly<Record<string, ServiceFacts>> = {
  sts: { prefix: 'sts', host: 'sts', cli: 'sts', limit: { perSecond: 50, burst: 50 }, operations: { GetCallerIdentity: whole } },
  account: { prefix: 'account', host: 'account', cli: 'account', limit: { perSecond: 5, burst: 10 }, operations: {} },
  organizations: {
    prefix: 'organizations',
    host: 'organizations',
    cli: 'organizations',
    limit: { perSecond: 5, burst: 10 },
    operations: {
      DescribeOrganization: whole,
      ListAccounts: token(20),
      ListRoots: token(20),
      ListPolicies: token(20),
      DescribePolicy: whole,
      ListTargetsForPolicy: token(20),
    },
  },
  iam: {
    prefix: 'iam',
    host: 'iam',
    cli: 'iam',
    limit: { perSecond: 15, burst: 30 },
    operations: {
      GenerateCredentialReport: { limit: { perSecond: 1, burst: 2 } },
      GetCredentialReport: whole,
      GetAccountAuthorizationDetails: truncatedMarker,
      GetAccountSummary: whole,
      GetAccountPasswordPolicy: whole,
      ListVirtualMFADevices: truncatedMarker,
      ListAccountAliases: truncatedMarker,
      ListSAMLProviders: whole,
      GetSAMLProvider: whole,
      ListOpenIDConnectProviders: whole,
      GetOpenIDConnectProvider: whole,
    },
  },
  sso: {
    prefix: 'sso',
    host: 'sso',
    cli: 'sso-admin',
    limit: { perSecond: 15, burst: 20, bucket: 'sso' },
    operations: {
      ListInstances: token(100),
      ListPermissionSets: token(100),
      DescribePermissionSet: whole,
      ListManagedPoliciesInPermissionSet: token(100),
      ListCustomerManagedPolicyReferencesInPermissionSet: token(100),
      GetInlinePolicyForPermissionSet: whole,
      ListAccountsForProvisionedPermissionSet: token(100),
      ListAccountAssignments: token(100),
    },
  },
  identitystore: {
    prefix: 'identitystore',
    host: 'identitystore',
    cli: 'identitystore',
    limit: { perSecond: 15, burst: 20, bucket: 'identitystore' },
    operations: { ListUsers: token(100), ListGroups: token(100), ListGroupMemberships: token(100) },
  },
  cloudtrail: {
    prefix: 'cloudtrail',
    host: 'cloudtrail',
    cli: 'cloudtrail',
    limit: { perSecond: 10, burst: 10 },
    operations: {
      ListTrails: token(),
      DescribeTrails: whole,
      GetTrailStatus: whole,
      GetEventSelectors: whole,
      // Two a second per account and region, whoever asks.
      LookupEvents: { ...token(50), limit: { perSecond: 2, burst: 2 }, instants: ['StartTime', 'EndTime'] },
      ListPublicKeys: { ...token(), limit: { perSecond: 1, burst: 1 }, instants: ['StartTime', 'EndTime'] },
    },
  },
  kms: {
    prefix: 'kms',
    host: 'kms',
    cli: 'kms',
    limit: { perSecond: 30, burst: 30 },
    operations: {
      ListKeys: {
        paging: { request: 'Marker', reply: 'NextMarker', more: 'Truncated', size: { field: 'Limit', value: 1000 } },
        limit: { perSecond: 100, burst: 100 },
      },
      DescribeKey: { limit: { perSecond: 100, burst: 100 } },
      ListAliases: {
        paging: { request: 'Marker', reply: 'NextMarker', more: 'Truncated', size: { field: 'Limit', value: 100 } },
      },
      GetKeyRotationStatus: whole,
      GetKeyPolicy: whole,
    },
  },
  config: {
    prefix: 'config',
    host: 'config',
    cli: 'configservice',
    limit: { perSecond: 5, burst: 10 },
    operations: {
      DescribeConfigurationRecorders: whole,
      DescribeConfigurationRecorderStatus: whole,
      DescribeDeliveryChannels: whole,
      DescribeDeliveryChannelStatus: whole,
      GetDiscoveredResourceCounts: lowerToken(100),
    },
  },
  guardduty: {
    prefix: 'guardduty',
    host: 'guardduty',
    cli: 'guardduty',
    limit: { perSecond: 10, burst: 20 },
    operations: { ListDetectors: token(50), GetDetector: whole, ListFindings: token(50), GetFindings: whole },
  },
  s3: {
    prefix: 's3',
    host: 's3',
    cli: 's3api',
    limit: { perSecond: 200, burst: 200 },
    operations: {
      ListBuckets: {
        permission: 's3:ListAllMyBuckets',
        paging: { request: 'ContinuationToken', reply: 'ContinuationToken', size: { field: 'MaxBuckets', value: 10_000 } },
      },
      ListObjectsV2: {
        permission: 's3:ListBucket',
        paging: { request: 'ContinuationToken', reply: 'NextContinuationToken', size: { field: 'MaxKeys', value: 1000 } },
      },
      GetObject: whole,
      GetBucketEncryption: { permission: 's3:GetEncryptionConfiguration' },
      GetPublicAccessBlock: { permission: 's3:GetBucketPublicAccessBlock' },
      GetBucketVersioning: whole,
      GetBucketLogging: whole,
      GetBucketPolicy: whole,
      GetBucketPolicyStatus: whole,
      GetBucketOwnershipControls: whole,
      GetBucketAcl: whole,
      GetBucketTagging: whole,
      GetBucketLocation: whole,
      GetBucketLifecycleConfiguration: { permission: 's3:GetLifecycleConfiguration' },
      GetBucketReplication: { permission: 's3:GetReplicationConfiguration' },
      GetObjectLockConfiguration: { permission: 's3:GetBucketObjectLockConfiguration' },
    },
  },
  s3control: {
    prefix: 's3',
    host: 's3-control',
    cli: 's3control',
    limit: { perSecond: 10, burst: 10 },
    operations: { GetPublicAccessBlock: { permission: 's3:GetAccountPublicAccessBlock' } },
  },
  ec2: {
    prefix: 'ec2',
    host: 'ec2',
    cli: 'ec2',
    limit: { perSecond: 20, burst: 50 },
    operations: {
      DescribeRegions: whole,
      GetEbsEncryptionByDefault: whole,
      GetEbsDefaultKmsKeyId: whole,
      GetSnapshotBlockPublicAccessState: whole,
      GetImageBlockPublicAccessState: whole,
      GetInstanceMetadataDefaults: whole,
      DescribeVolumes: token(500),
      DescribeSnapshots: token(1000),
      DescribeSecurityGroups: token(1000),
      DescribeVpcs: token(1000),
      DescribeSubnets: token(1000),
      DescribeFlowLogs: token(1000),
      DescribeInstances: token(1000),
      DescribeNetworkInterfaces: token(1000),
      DescribeNetworkAcls: token(1000),
      GetManagedPrefixListEntries: token(100),
    },
  },
  rds: {
    prefix: 'rds',
    host: 'rds',
    cli: 'rds',
    limit: { perSecond: 15, burst: 30 },
    operations: {
      DescribeDBInstances: marker(100),
      DescribeDBClusters: marker(100),
      DescribeDBSnapshots: marker(100),
      DescribeDBClusterSnapshots: marker(100),
      DescribeDBSnapshotAttributes: whole,
      DescribeDBClusterSnapshotAttributes: whole,
    },
  },
  dynamodb: {
    prefix: 'dynamodb',
    host: 'dynamodb',
    cli: 'dynamodb',
    limit: { perSecond: 10, burst: 10 },
    operations: {
      ListTables: {
        paging: {
          request: 'ExclusiveStartTableName',
          reply: 'LastEvaluatedTableName',
          size: { field: 'Limit', value: 100 },
        },
      },
      DescribeTable: whole,
      DescribeContinuousBackups: whole,
    },
  },
  efs: {
    prefix: 'elasticfilesystem',
    host: 'elasticfilesystem',
    cli: 'efs',
    limit: { perSecond: 10, burst: 20 },
    operations: {
      DescribeFileSystems: {
        paging: { request: 'Marker', reply: 'NextMarker', size: { field: 'MaxItems', value: 100 } },
      },
      DescribeBackupPolicy: whole,
      DescribeFileSystemPolicy: whole,
    },
  },
  redshift: {
    prefix: 'redshift',
    host: 'redshift',
    cli: 'redshift',
    limit: { perSecond: 10, burst: 20 },
    operations: { DescribeClusters: marker(100) },
  },
  opensearch: {
    prefix: 'es',
    host: 'es',
    cli: 'opensearch',
    limit: { perSecond: 10, burst: 20 },
    operations: { ListDomainNames: whole, DescribeDomains: whole },
  },
  elasticache: {
    prefix: 'elasticache',
    host: 'elasticache',
    cli: 'elasticache',
    limit: { perSecond: 10, burst: 20 },
    operations: { DescribeReplicationGroups: marker(100), DescribeCacheClusters: marker(100) },
  },
};

/** `iam:GetAccountSummary` taken apart, with what is known of it; undefined for an operation nobody declared here. */
export function findOperation(
  operation: string,
): { readonly service: string; readonly name: string; readonly facts: OperationFacts; readonly of: ServiceFacts } | undefined {
  const [service = '', name = ''] = operation.split(':', 2);
  const of = Object.hasOwn(services, service) ? services[service] : undefined;
  const facts = of !== undefined && Object.hasOwn(of.operations, name) ? of.operations[name] : undefined;
  return of === undefined || facts === undefined ? undefined : { service, name, facts, of };
}

/** Names under which AWS hands out page tokens. */
const tokenFields = [
  'NextToken',
  'nextToken',
  'Marker',
  'NextMarker',
  'ContinuationToken',
  'NextContinuationToken',
  'LastEvaluatedTableName',
] as const;

/** Whether a reply says that there is more of it than it holds, in whatever words. */
export function saysMore(output: JsonObject): boolean {
  const filled = (field: string) => typeof output[field] === 'string' && output[field] !== '';
  return output['IsTruncated'] === true || output['Truncated'] === true || tokenFields.some(filled);
}
