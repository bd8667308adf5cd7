import callerIdentity from '../../../collectors/aws/caller-identity/collector.ts';
import type { AwsClient } from '../../../collectors/aws/client.ts';
import logBuckets from '../../../collectors/aws/cloudtrail-log-buckets/collector.ts';
import trails from '../../../collectors/aws/cloudtrail-trails/collector.ts';
import discovered from '../../../collectors/aws/config-discovered-resources/collector.ts';
import recorder from '../../../collectors/aws/config-recorder/collector.ts';
import guardDuty from '../../../collectors/aws/guardduty/collector.ts';
import findings from '../../../collectors/aws/guardduty-findings/collector.ts';
import summary from '../../../collectors/aws/iam-account-summary/collector.ts';
import details from '../../../collectors/aws/iam-authorization-details/collector.ts';
import credentials from '../../../collectors/aws/iam-credential-report/collector.ts';
import federation from '../../../collectors/aws/iam-federation/collector.ts';
import passwordPolicy from '../../../collectors/aws/iam-password-policy/collector.ts';
import identityCenter from '../../../collectors/aws/identity-center/collector.ts';
import kms from '../../../collectors/aws/kms-keys/collector.ts';
import organization from '../../../collectors/aws/organization/collector.ts';
import regions from '../../../collectors/aws/regions/collector.ts';
import type { Collector } from '../../../src/authoring.ts';
import type { Answer } from '../replay.ts';

/** A small account in good order, as AWS's published shapes have it, answered by operation. */
export const account = '111122223333';
export const at = new Date('2026-01-15T11:00:00.000Z');
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`;
const encoded = (document: object) => encodeURIComponent(JSON.stringify(document));
export const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const readBuckets = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:Get*'], Resource: '*' }] };
export const trustAccount = (id: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${id}:root` }, Action: 'sts:AssumeRole' }],
});

export const header =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
  'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,' +
  'access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,' +
  'cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';
export const rootRow = `<root_account>,arn:aws:iam::${account}:root,2021-03-01T09:00:00+00:00,not_supported,2024-05-02T08:00:00+00:00,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`;
export const anaRow = `ana,arn:aws:iam::${account}:user/ana,2024-02-01T09:00:00+00:00,true,2026-01-12T08:00:00+00:00,2025-12-01T08:00:00+00:00,N/A,true,true,2025-12-01T08:00:00+00:00,2026-01-14T08:00:00+00:00,us-east-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`;
export const report = (...rows: readonly string[]) => ({
  Content: new TextEncoder().encode([header, ...rows].join('\n')),
  ReportFormat: 'text/csv',
  GeneratedTime: at,
});

const trailArn = `arn:aws:cloudtrail:eu-central-1:${account}:trail/audit`;
const trail = { TrailARN: trailArn, Name: 'audit', HomeRegion: 'eu-central-1' };
const instanceArn = 'arn:aws:sso:::instance/ssoins-1111222233334444';
const setArn = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444';
const block = {
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
};
const keyId = '1a2b3c4d-5678-90ab-cdef-1234567890ab';
export const metadata = (id: string, over: object = {}) => ({
  KeyMetadata: {
    KeyId: id,
    Arn: `arn:aws:kms:us-east-1:${account}:key/${id}`,
    KeyManager: 'CUSTOMER',
    KeyState: 'Enabled',
    Enabled: true,
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Origin: 'AWS_KMS',
    CreationDate: at,
    MultiRegion: false,
    ...over,
  },
});
export const keyPolicy = {
  Policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: arn('root') }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Allow', Principal: { AWS: arn('role/keys') }, Action: ['kms:Put*', 'kms:ScheduleKeyDeletion'], Resource: '*' },
      { Effect: 'Allow', Principal: { AWS: arn('role/payroll') }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: arn('role/payroll') },
        Action: 'kms:CreateGrant',
        Resource: '*',
        Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
    ],
  }),
};

export const good: Readonly<Record<string, Answer | object | null>> = {
  'sts:GetCallerIdentity': { Account: account, Arn: `arn:aws:sts::${account}:assumed-role/Audit/s`, UserId: 'AROAEXAMPLE:s' },
  'ec2:DescribeRegions': (input) => ({
    Regions: [
      { RegionName: 'us-east-1', OptInStatus: 'opt-in-not-required', Endpoint: 'ec2.us-east-1.amazonaws.com' },
      { RegionName: 'eu-central-1', OptInStatus: 'opt-in-not-required', Endpoint: 'ec2.eu-central-1.amazonaws.com' },
      ...(input['AllRegions'] === true ? [{ RegionName: 'af-south-1', OptInStatus: 'not-opted-in' }] : []),
    ],
  }),
  'organizations:DescribeOrganization': {
    Organization: {
      Id: 'o-exampleorgid',
      Arn: 'arn:aws:organizations::x',
      MasterAccountId: account,
      MasterAccountEmail: 'root@example.com',
      FeatureSet: 'ALL',
    },
  },
  'organizations:ListAccounts': {
    Accounts: [{ Id: account, Name: 'payroll', Email: 'root@example.com', Status: 'ACTIVE', JoinedMethod: 'CREATED', JoinedTimestamp: at }],
  },
  'organizations:ListPolicies': {
    Policies: [
      { Id: 'p-FullAWSAccess', Name: 'FullAWSAccess', Type: 'SERVICE_CONTROL_POLICY', AwsManaged: true },
      { Id: 'p-protect', Name: 'protect-trails', Type: 'SERVICE_CONTROL_POLICY', AwsManaged: false },
    ],
  },
  'iam:GetAccountSummary': {
    SummaryMap: {
      Users: 1,
      UsersQuota: 5000,
      Groups: 1,
      Roles: 2,
      Policies: 1,
      MFADevices: 2,
      MFADevicesInUse: 2,
      AccountMFAEnabled: 1,
      AccountAccessKeysPresent: 0,
      AccountPasswordPresent: 1,
      AccountSigningCertificatesPresent: 0,
    },
  },
  'iam:GetAccountPasswordPolicy': {
    PasswordPolicy: {
      MinimumPasswordLength: 14,
      RequireSymbols: true,
      RequireNumbers: true,
      RequireUppercaseCharacters: true,
      RequireLowercaseCharacters: true,
      AllowUsersToChangePassword: true,
      ExpirePasswords: false,
      PasswordReusePrevention: 24,
    },
  },
  'iam:GenerateCredentialReport': { State: 'COMPLETE' },
  'iam:GetCredentialReport': report(rootRow, anaRow),
  'iam:ListVirtualMFADevices': {
    VirtualMFADevices: [
      { SerialNumber: arn('mfa/ana'), User: { UserName: 'ana', UserId: 'AIDAEXAMPLEANA', Arn: arn('user/ana') }, EnableDate: at },
    ],
    IsTruncated: false,
  },
  'iam:GetAccountAuthorizationDetails': {
    UserDetailList: [
      {
        UserId: 'AIDAEXAMPLEANA',
        UserName: 'ana',
        Path: '/',
        Arn: arn('user/ana'),
        CreateDate: at,
        GroupList: ['developers'],
        AttachedManagedPolicies: [],
        Tags: [{ Key: 'team', Value: 'platform' }],
      },
    ],
    GroupDetailList: [
      {
        GroupId: 'AGPAEXAMPLEDEV',
        GroupName: 'developers',
        Path: '/',
        Arn: arn('group/developers'),
        CreateDate: at,
        AttachedManagedPolicies: [{ PolicyName: 'read-buckets', PolicyArn: arn('policy/read-buckets') }],
        GroupPolicyList: [{ PolicyName: 'inline', PolicyDocument: encoded(readBuckets) }],
      },
    ],
    RoleDetailList: [
      {
        RoleId: 'AROAEXAMPLEADMIN',
        RoleName: 'admin',
        Path: '/',
        Arn: arn('role/admin'),
        CreateDate: new Date('2024-01-01T00:00:00.000Z'),
        AssumeRolePolicyDocument: encoded(trustAccount(account)),
        AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
        RolePolicyList: [],
        RoleLastUsed: { LastUsedDate: at, Region: 'us-east-1' },
      },
      {
        RoleId: 'AROAEXAMPLEVENDOR',
        RoleName: 'vendor',
        Path: '/',
        Arn: arn('role/vendor'),
        CreateDate: new Date('2024-01-01T00:00:00.000Z'),
        AssumeRolePolicyDocument: encoded({
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: ['444455556666', 'AIDADELETEDUSER00000', 'arn:aws:iam::444455556666:role/collector'] },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'e-1' } },
          },
        }),
        AttachedManagedPolicies: [],
        RolePolicyList: [],
        RoleLastUsed: {},
      },
    ],
    Policies: [
      {
        PolicyId: 'ANPAEXAMPLEREAD',
        PolicyName: 'read-buckets',
        Arn: arn('policy/read-buckets'),
        AttachmentCount: 1,
        PermissionsBoundaryUsageCount: 0,
        DefaultVersionId: 'v2',
        PolicyVersionList: [
          { VersionId: 'v2', IsDefaultVersion: true, Document: encoded(readBuckets) },
          { VersionId: 'v1', IsDefaultVersion: false, Document: encoded(everything) },
        ],
      },
      {
        PolicyId: 'ANPAIWMBCKSKIEE64ZLYK',
        PolicyName: 'AdministratorAccess',
        Arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        AttachmentCount: 1,
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: encoded(everything) }],
      },
    ],
    IsTruncated: false,
  },
  'iam:ListSAMLProviders': { SAMLProviderList: [{ Arn: arn('saml-provider/Workforce'), CreateDate: at, ValidUntil: at }] },
  'iam:ListOpenIDConnectProviders': { OpenIDConnectProviderList: [{ Arn: arn('oidc-provider/token.actions.githubusercontent.com') }] },
  'sso:ListInstances': (_, { region }) => ({
    Instances:
      region === 'eu-central-1'
        ? [{ InstanceArn: instanceArn, IdentityStoreId: 'd-1111111111', OwnerAccountId: account, Status: 'ACTIVE', CreatedDate: at }]
        : [],
  }),
  'sso:ListPermissionSets': { PermissionSets: [setArn] },
  'sso:DescribePermissionSet': {
    PermissionSet: { PermissionSetArn: setArn, Name: 'Administrator', SessionDuration: 'PT8H', CreatedDate: at },
  },
  'sso:ListManagedPoliciesInPermissionSet': {
    AttachedManagedPolicies: [{ Name: 'AdministratorAccess', Arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
  },
  'sso:GetInlinePolicyForPermissionSet': { InlinePolicy: '' },
  'sso:ListAccountsForProvisionedPermissionSet': { AccountIds: [account] },
  'sso:ListAccountAssignments': {
    AccountAssignments: [{ AccountId: account, PermissionSetArn: setArn, PrincipalType: 'GROUP', PrincipalId: 'g-1' }],
  },
  'identitystore:ListUsers': {
    Users: [
      {
        UserId: 'u-1',
        UserName: 'ana@example.com',
        DisplayName: 'Ana Example',
        IdentityStoreId: 'd-1111111111',
        Emails: [{ Value: 'ana@example.com', Primary: true }],
        PhoneNumbers: [{ Value: '+49 30 000000' }],
        UserStatus: 'ENABLED',
      },
    ],
  },
  'identitystore:ListGroups': { Groups: [{ GroupId: 'g-1', DisplayName: 'admins', IdentityStoreId: 'd-1111111111' }] },
  'identitystore:ListGroupMemberships': {
    GroupMemberships: [{ MembershipId: 'm-1', GroupId: 'g-1', IdentityStoreId: 'd-1111111111', MemberId: { UserId: 'u-1' } }],
  },
  'cloudtrail:ListTrails': { Trails: [trail] },
  'cloudtrail:DescribeTrails': {
    trailList: [
      {
        ...trail,
        S3BucketName: 'acme-audit-logs',
        IncludeGlobalServiceEvents: true,
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
        LogFileValidationEnabled: true,
        KmsKeyId: `arn:aws:kms:eu-central-1:${account}:key/${keyId}`,
        HasCustomEventSelectors: false,
        HasInsightSelectors: false,
      },
    ],
  },
  'cloudtrail:GetTrailStatus': { IsLogging: true, LatestDeliveryTime: at, LatestDigestDeliveryTime: at, StartLoggingTime: at },
  'cloudtrail:GetEventSelectors': {
    TrailARN: trailArn,
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }],
  },
  's3:ListBuckets': {
    Buckets: [
      { Name: 'acme-audit-logs', BucketRegion: 'eu-central-1', CreationDate: at },
      { Name: 'acme-site', BucketRegion: 'us-east-1', CreationDate: at },
    ],
  },
  's3:GetBucketVersioning': { Status: 'Enabled' },
  's3:GetObjectLockConfiguration': {
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
  },
  's3:GetPublicAccessBlock': block,
  's3:GetBucketPolicy': {
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject', Resource: '*' }],
    }),
  },
  's3:GetBucketAcl': {
    Grants: [{ Grantee: { ID: 'canonical', Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }],
    Owner: { ID: 'canonical' },
  },
  's3control:GetPublicAccessBlock': block,
  'kms:ListKeys': { Keys: [{ KeyId: keyId, KeyArn: `arn:aws:kms:us-east-1:${account}:key/${keyId}` }], Truncated: false },
  'kms:ListAliases': { Aliases: [{ AliasName: 'alias/payroll', TargetKeyId: keyId }], Truncated: false },
  'kms:DescribeKey': metadata(keyId),
  'kms:GetKeyRotationStatus': { KeyId: keyId, KeyRotationEnabled: true, RotationPeriodInDays: 365, NextRotationDate: at },
  'kms:GetKeyPolicy': keyPolicy,
  'config:DescribeConfigurationRecorders': {
    ConfigurationRecorders: [
      {
        name: 'default',
        roleARN: arn('role/config'),
        recordingGroup: {
          allSupported: true,
          includeGlobalResourceTypes: true,
          recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
          exclusionByResourceTypes: { resourceTypes: [] },
        },
      },
    ],
  },
  'config:DescribeConfigurationRecorderStatus': {
    ConfigurationRecordersStatus: [
      { name: 'default', recording: true, lastStatus: 'SUCCESS', lastStartTime: at, lastStatusChangeTime: at },
    ],
  },
  'config:DescribeDeliveryChannels': { DeliveryChannels: [{ name: 'default', s3BucketName: 'acme-config' }] },
  'config:DescribeDeliveryChannelStatus': {
    DeliveryChannelsStatus: [
      { name: 'default', configHistoryDeliveryInfo: { lastStatus: 'SUCCESS' }, configStreamDeliveryInfo: { lastStatus: 'SUCCESS' } },
    ],
  },
  'config:GetDiscoveredResourceCounts': {
    totalDiscoveredResources: 3,
    resourceCounts: [
      { resourceType: 'AWS::S3::Bucket', count: 2 },
      { resourceType: 'AWS::KMS::Key', count: 1 },
    ],
  },
  'guardduty:ListDetectors': { DetectorIds: ['12abc34d567e8fa901bc2d34e56789f0'] },
  'guardduty:GetDetector': {
    Status: 'ENABLED',
    CreatedAt: '2024-01-01T00:00:00.000Z',
    FindingPublishingFrequency: 'FIFTEEN_MINUTES',
    Features: [
      { Name: 'S3_DATA_EVENTS', Status: 'ENABLED' },
      { Name: 'EKS_AUDIT_LOGS', Status: 'ENABLED' },
      { Name: 'EBS_MALWARE_PROTECTION', Status: 'ENABLED' },
      { Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' },
      { Name: 'LAMBDA_NETWORK_LOGS', Status: 'ENABLED' },
      { Name: 'RUNTIME_MONITORING', Status: 'DISABLED' },
    ],
  },
  'guardduty:ListFindings': { FindingIds: ['f-1'] },
  'guardduty:GetFindings': {
    Findings: [
      {
        Id: 'f-1',
        Type: 'Recon:IAMUser/MaliciousIPCaller',
        Severity: 8,
        CreatedAt: '2026-01-14T06:00:00.000Z',
        Title: 'x',
        Service: { Archived: false, Count: 2 },
      },
    ],
  },
};

export const collectors: readonly Collector<AwsClient>[] = [
  callerIdentity,
  regions,
  organization,
  summary,
  details,
  credentials,
  passwordPolicy,
  federation,
  identityCenter,
  trails,
  logBuckets,
  kms,
  recorder,
  discovered,
  guardDuty,
  findings,
];

const badTrail = { TrailARN: trailArn, Name: 'audit', HomeRegion: 'eu-central-1' };
/** The same account with nearly everything wrong that a check can tell. */
export const bad: Readonly<Record<string, Answer | object | null>> = {
  ...good,
  'iam:GetAccountPasswordPolicy': {
    PasswordPolicy: {
      MinimumPasswordLength: 6,
      RequireSymbols: false,
      RequireNumbers: false,
      RequireUppercaseCharacters: false,
      RequireLowercaseCharacters: false,
      AllowUsersToChangePassword: true,
      ExpirePasswords: false,
      PasswordReusePrevention: 1,
    },
  },
  'iam:GetCredentialReport': report(
    rootRow
      .replace('not_supported,true,false,N/A,N/A', 'not_supported,false,true,2022-01-01T00:00:00+00:00,2026-01-14T00:00:00+00:00')
      .replace(/false,N\/A,false,N\/A$/, 'true,2022-01-01T00:00:00+00:00,false,N/A'),
    anaRow
      .replace(
        'N/A,true,true,2025-12-01T08:00:00+00:00,2026-01-14T08:00:00+00:00',
        'N/A,false,true,2023-12-01T08:00:00+00:00,2024-01-14T08:00:00+00:00',
      )
      .replace('true,2026-01-12T08:00:00+00:00,2025-12-01', 'true,2024-01-12T08:00:00+00:00,2023-12-01')
      .replace('s3,false,N/A', 's3,true,2023-12-02T08:00:00+00:00'),
  ),
  'iam:ListVirtualMFADevices': { VirtualMFADevices: [{ SerialNumber: arn('mfa/root'), User: { Arn: arn('root') } }], IsTruncated: false },
  'iam:GetAccountAuthorizationDetails': {
    UserDetailList: [
      {
        UserId: 'AIDAEXAMPLEANA',
        UserName: 'ana',
        Path: '/',
        Arn: arn('user/ana'),
        CreateDate: at,
        GroupList: ['developers'],
        UserPolicyList: [{ PolicyName: 'all', PolicyDocument: encoded(everything) }],
        AttachedManagedPolicies: [{ PolicyName: 'everything', PolicyArn: arn('policy/everything') }],
      },
    ],
    GroupDetailList: [
      {
        GroupId: 'AGPAEXAMPLEDEV',
        GroupName: 'developers',
        Path: '/',
        Arn: arn('group/developers'),
        CreateDate: at,
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [
      {
        RoleId: 'AROAEXAMPLEOPEN',
        RoleName: 'open',
        Path: '/',
        Arn: arn('role/open'),
        CreateDate: new Date('2024-01-01T00:00:00.000Z'),
        AssumeRolePolicyDocument: encoded(trustAccount('444455556666')),
        AttachedManagedPolicies: [{ PolicyName: 'everything', PolicyArn: arn('policy/everything') }],
        RolePolicyList: [{ PolicyName: 'all', PolicyDocument: encoded(everything) }],
        RoleLastUsed: { LastUsedDate: new Date('2024-06-01T00:00:00.000Z'), Region: 'us-east-1' },
      },
    ],
    Policies: [
      {
        PolicyId: 'ANPAEXAMPLEALL',
        PolicyName: 'everything',
        Arn: arn('policy/everything'),
        AttachmentCount: 2,
        PermissionsBoundaryUsageCount: 0,
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: encoded(everything) }],
      },
    ],
    IsTruncated: false,
  },
  'cloudtrail:DescribeTrails': {
    trailList: [
      {
        ...badTrail,
        S3BucketName: 'acme-audit-logs',
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
        LogFileValidationEnabled: false,
      },
    ],
  },
  'cloudtrail:GetTrailStatus': {
    IsLogging: true,
    LatestDeliveryError: 'AccessDenied',
    LatestDeliveryTime: new Date('2025-01-01T00:00:00.000Z'),
  },
  'cloudtrail:GetEventSelectors': { TrailARN: trailArn, EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }] },
  's3:GetBucketVersioning': { Status: 'Suspended' },
  's3:GetObjectLockConfiguration': {
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } } },
  },
  's3:GetPublicAccessBlock': noBlock(),
  's3control:GetPublicAccessBlock': noBlock(),
  's3:GetBucketPolicy': {
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }],
    }),
  },
  's3:GetBucketAcl': {
    Grants: [{ Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
  },
  'kms:DescribeKey': metadata(keyId, { KeyState: 'Enabled' }),
  'kms:GetKeyRotationStatus': { KeyId: keyId, KeyRotationEnabled: false },
  'kms:GetKeyPolicy': {
    Policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }] }),
  },
  'config:DescribeConfigurationRecorders': {
    ConfigurationRecorders: [
      {
        name: 'default',
        recordingGroup: {
          allSupported: false,
          recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
          exclusionByResourceTypes: { resourceTypes: ['AWS::IAM::Role'] },
        },
      },
    ],
  },
  'config:DescribeConfigurationRecorderStatus': {
    ConfigurationRecordersStatus: [{ name: 'default', recording: true, lastStatus: 'FAILURE' }],
  },
  'config:DescribeDeliveryChannelStatus': {
    DeliveryChannelsStatus: [
      {
        name: 'default',
        configHistoryDeliveryInfo: { lastStatus: 'FAILURE', lastErrorCode: 'x' },
        configStreamDeliveryInfo: { lastStatus: 'FAILURE' },
      },
    ],
  },
  'guardduty:GetDetector': { Status: 'ENABLED', Features: [{ Name: 'S3_DATA_EVENTS', Status: 'DISABLED' }] },
  'guardduty:GetFindings': { Findings: [{ Id: 'f-1', Type: 'Recon:x', Severity: 8, CreatedAt: '2025-01-14T06:00:00.000Z' }] },
};
function noBlock() {
  return {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: false,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    },
  };
}
