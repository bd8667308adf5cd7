import { findOperation } from '../../collectors/aws/operations.ts';
import type { Exchange, ExchangeScope } from '../model/collector.ts';
import { SourceError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { Bucket, RegionState } from './aws-estate.ts';
import { homeRegion, productionId, regionNames, stagingId } from './aws-estate.ts';
import { answerIam } from './aws-iam-answers.ts';
import { type AwsAnswer, type AwsQuestion, longestPage, none, paged } from './aws-question.ts';
import type { CompanyState } from './company.ts';
import { answered, withDates } from './exchange-reply.ts';
import { ec2Id, iamId, uuid } from './native-id.ts';
import { trailEvents } from './year.ts';

export interface AwsDemonstration {
  readonly account: 'production' | 'staging';
  /** The described clock, ISO-8601 UTC. */
  readonly now: () => string;
  readonly stateAt: (instant: string) => CompanyState;
  /** The collection's role session name. */
  readonly session: string;
}
/** Regions AWS has and this company never opted in to. */
const notOptedIn = ['af-south-1', 'ap-east-1', 'eu-south-1', 'eu-south-2', 'il-central-1', 'me-central-1', 'me-south-1'];

/**
 * Answers every operation of AWS's collectors from the described company, in the shapes the SDK hands over, pages included.
 * Throws SourceError where AWS would refuse; an operation without an answer is a TypeError, a bug.
 */
export function awsExchange(demonstration: AwsDemonstration): Exchange {
  return (operation, input, scope) => Promise.resolve().then(() => answer(demonstration, operation, input, scope));
}

function answer(demonstration: AwsDemonstration, operation: string, input: JsonObject, scope: ExchangeScope) {
  const now = demonstration.now();
  const company = demonstration.stateAt(now);
  const account = company.aws[demonstration.account];
  const region = regionNames.find((name) => name === (scope.region ?? 'us-east-1'));
  const service = findOperation(operation)?.of.host ?? operation.split(':')[0] ?? '';
  const host = `${service}.${scope.region ?? 'us-east-1'}.amazonaws.com`;
  if (region === undefined) throw refused(operation, 'access-denied', 'UnrecognizedClientException', 403, host);
  const question: AwsQuestion = { operation, input, region, account, company, now, session: demonstration.session };
  const subjects = Object.values(input).filter((value) => typeof value === 'string');
  if (account.denied.some((rule) => rule.operation === operation && subjects.includes(rule.subject))) {
    throw refused(operation, 'access-denied', 'AccessDeniedException', 403, host);
  }
  const found = answers[operation];
  if (found === undefined) throw new TypeError(`the demonstration has no answer for ${operation}`);
  const output = found(question);
  return answered(textual.has(operation) ? output : withDates(output), {
    host,
    now,
    requestIdHeader: 'x-amzn-requestid',
    of: `${account.id} ${operation} ${scope.region ?? ''} ${JSON.stringify(input)}`,
  });
}

/** GuardDuty's times are text. */
const textual: ReadonlySet<string> = new Set(['guardduty:GetDetector', 'guardduty:GetFindings']);

function refused(
  operation: string,
  reason: 'access-denied' | 'source-unavailable',
  sourceCode: string,
  status: number,
  host: string,
): SourceError {
  return new SourceError(reason, operation, { sourceCode, status, host });
}
function text(input: JsonObject, field: string): string {
  const value = input[field];
  if (typeof value !== 'string') throw new TypeError(`${field} was not given`);
  return value;
}
function bucketOf(question: AwsQuestion): Bucket {
  const found = question.account.buckets.find((bucket) => bucket.name === text(question.input, 'Bucket'));
  if (found === undefined) return none(question, 'NoSuchBucket');
  return found;
}
const instantOf = (time: unknown): string => new Date(time instanceof Date ? time : String(time)).toISOString();
const regionOf = ({ account, region }: AwsQuestion): RegionState => account.regions[region];
/** The last full hour: AWS delivers and reports at intervals, not to the second. */
const lastHour = (now: string) => `${now.slice(0, 13)}:00:00.000Z`;

const answers: Readonly<Record<string, AwsAnswer>> = {
  ...answerIam,
  'sts:GetCallerIdentity': ({ account, session }) => ({
    Account: account.id,
    Arn: `arn:aws:sts::${account.id}:assumed-role/ProoflineReadOnly/${session}`,
    UserId: `${iamId('AROA', `${account.id} ProoflineReadOnly`)}:${session}`,
  }),
  'ec2:DescribeRegions': ({ input, account }) => ({
    Regions: [
      ...account.enabledRegions.map((name) => ({
        RegionName: name,
        Endpoint: `ec2.${name}.amazonaws.com`,
        OptInStatus: 'opt-in-not-required',
      })),
      ...(input['AllRegions'] === true
        ? notOptedIn.map((name) => ({ RegionName: name, Endpoint: `ec2.${name}.amazonaws.com`, OptInStatus: 'not-opted-in' }))
        : []),
    ],
  }),
  'organizations:DescribeOrganization': () => ({
    Organization: {
      Id: 'o-9w3kd82hxq',
      Arn: `arn:aws:organizations::${productionId}:organization/o-9w3kd82hxq`,
      MasterAccountId: productionId,
      FeatureSet: 'ALL',
    },
  }),
  'organizations:ListAccounts': (question) =>
    paged(
      question,
      'Accounts',
      Object.values(question.company.aws).map((account) => ({
        Id: account.id,
        Arn: `arn:aws:organizations::${productionId}:account/o-9w3kd82hxq/${account.id}`,
        Name: account.name,
        Status: 'ACTIVE',
        State: 'ACTIVE',
        JoinedMethod: account.id === productionId ? 'INVITED' : 'CREATED',
        JoinedTimestamp: account.joinedAt,
      })),
    ),
  'organizations:ListPolicies': (question) =>
    paged(
      question,
      'Policies',
      [
        ['p-FullAWSAccess', 'FullAWSAccess', true],
        ['p-4kq0x8zt', 'DenyLeavingRegions', false],
        ['p-7m1v2c9r', 'ProtectAuditLogs', false],
      ].map(([id, name, managed]) => ({
        Id: id,
        Arn: `arn:aws:organizations::${managed === true ? 'aws' : productionId}:policy/service_control_policy/${String(id)}`,
        Name: name,
        Type: 'SERVICE_CONTROL_POLICY',
        AwsManaged: managed,
      })),
    ),

  's3:ListBuckets': (question) =>
    paged(
      question,
      'Buckets',
      question.account.buckets.map((bucket) => ({ Name: bucket.name, CreationDate: bucket.createdAt, BucketRegion: bucket.region })),
    ),
  's3:GetPublicAccessBlock': (question) => {
    const { publicAccessBlock } = bucketOf(question);
    return publicAccessBlock
      ? { PublicAccessBlockConfiguration: publicAccessBlock }
      : none(question, 'NoSuchPublicAccessBlockConfiguration');
  },
  's3control:GetPublicAccessBlock': (question) =>
    question.account.publicAccessBlock
      ? { PublicAccessBlockConfiguration: question.account.publicAccessBlock }
      : none(question, 'NoSuchPublicAccessBlockConfiguration'),
  's3:GetBucketEncryption': (question) => {
    const { kmsKey, malformed } = bucketOf(question);
    if (malformed === true) return { ServerSideEncryptionConfiguration: { Rules: 'AES256' } };
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault:
              kmsKey === null ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKey },
            BucketKeyEnabled: kmsKey !== null,
          },
        ],
      },
    };
  },
  's3:GetBucketVersioning': (question) => {
    const { versioning } = bucketOf(question);
    return versioning === null ? {} : { Status: versioning };
  },
  's3:GetBucketLogging': (question) => {
    const { accessLogs } = bucketOf(question);
    return accessLogs === null ? {} : { LoggingEnabled: { TargetBucket: accessLogs.bucket, TargetPrefix: accessLogs.prefix } };
  },
  's3:GetBucketPolicy': (question) => {
    const { statements } = bucketOf(question);
    return statements.length === 0
      ? none(question, 'NoSuchBucketPolicy')
      : { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) };
  },
  's3:GetBucketPolicyStatus': (question) => {
    const { statements } = bucketOf(question);
    const isPublic = statements.some(
      (statement) => statement.Effect === 'Allow' && statement.Principal === '*' && statement.Condition === undefined,
    );
    return statements.length === 0 ? none(question, 'NoSuchBucketPolicy') : { PolicyStatus: { IsPublic: isPublic } };
  },
  's3:GetBucketOwnershipControls': () => ({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } }),
  's3:GetBucketAcl': ({ account }) => ({
    Owner: { ID: uuid(account.id).replaceAll('-', '') },
    Grants: [{ Grantee: { Type: 'CanonicalUser', ID: uuid(account.id).replaceAll('-', '') }, Permission: 'FULL_CONTROL' }],
  }),
  's3:GetBucketTagging': (question) => none(question, 'NoSuchTagSet'),
  's3:GetBucketLifecycleConfiguration': (question) => {
    const { lifecycle } = bucketOf(question);
    if (lifecycle === null) return none(question, 'NoSuchLifecycleConfiguration');
    return {
      Rules: [
        {
          ID: lifecycle.id,
          Status: 'Enabled',
          Filter: { Prefix: '' },
          Expiration: { Days: lifecycle.days },
          NoncurrentVersionExpiration: { NoncurrentDays: lifecycle.days },
        },
      ],
    };
  },
  's3:GetObjectLockConfiguration': (question) => {
    const { objectLock } = bucketOf(question);
    if (objectLock === null) return none(question, 'ObjectLockConfigurationNotFoundError');
    return {
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: objectLock.mode, Days: objectLock.days } },
      },
    };
  },

  'cloudtrail:ListTrails': (question) =>
    paged(
      question,
      'Trails',
      question.account.trails.map((trail) => ({ TrailARN: trail.arn, Name: trail.name, HomeRegion: trail.region })),
    ),
  'cloudtrail:DescribeTrails': ({ account, input }) => {
    const asked = Array.isArray(input['trailNameList']) ? input['trailNameList'] : [];
    return {
      trailList: account.trails
        .filter((trail) => asked.includes(trail.arn))
        .map((trail) => ({
          TrailARN: trail.arn,
          Name: trail.name,
          HomeRegion: trail.region,
          S3BucketName: trail.bucket,
          IsMultiRegionTrail: true,
          IsOrganizationTrail: false,
          IncludeGlobalServiceEvents: true,
          LogFileValidationEnabled: true,
          KmsKeyId: trail.kmsKey,
          HasCustomEventSelectors: false,
          HasInsightSelectors: false,
        })),
    };
  },
  'cloudtrail:GetTrailStatus': (question) => {
    const trail = question.account.trails.find((candidate) => candidate.arn === question.input['Name']);
    if (trail === undefined) return none(question, 'TrailNotFoundException');
    return {
      IsLogging: trail.logging,
      StartLoggingTime: trail.startedAt,
      LatestDeliveryTime: lastHour(question.now),
      LatestDigestDeliveryTime: lastHour(question.now),
    };
  },
  'cloudtrail:GetEventSelectors': ({ input }) => ({
    TrailARN: input['TrailName'],
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }],
  }),
  'cloudtrail:LookupEvents': (question) => {
    const { StartTime: from, EndTime: to } = question.input;
    const isIn = ({ EventTime: time }: { readonly EventTime: string }) =>
      time >= instantOf(from) && time <= instantOf(to) && time <= question.now;
    const found = trailEvents.filter(
      ({ account, region, event }) => question.company.aws[account].id === question.account.id && region === question.region && isIn(event),
    );
    // Newest first, as CloudTrail does.
    return paged(question, 'Events', found.map(({ event }) => event).reverse());
  },

  'kms:ListKeys': (question) =>
    paged(
      question,
      'Keys',
      regionOf(question).keys.map((key) => ({
        KeyId: key.id,
        KeyArn: `arn:aws:kms:${question.region}:${question.account.id}:key/${key.id}`,
      })),
    ),
  'kms:ListAliases': (question) =>
    paged(
      question,
      'Aliases',
      regionOf(question).keys.map((key) => ({
        AliasName: key.alias,
        AliasArn: `arn:aws:kms:${question.region}:${question.account.id}:${key.alias}`,
        TargetKeyId: key.id,
      })),
    ),
  'kms:DescribeKey': (question) => {
    const key = keyOf(question);
    return {
      KeyMetadata: {
        AWSAccountId: question.account.id,
        KeyId: key.id,
        Arn: `arn:aws:kms:${question.region}:${question.account.id}:key/${key.id}`,
        KeyManager: key.manager,
        KeyState: 'Enabled',
        Enabled: true,
        KeySpec: key.spec,
        KeyUsage: key.spec === 'RSA_4096' ? 'SIGN_VERIFY' : 'ENCRYPT_DECRYPT',
        Origin: 'AWS_KMS',
        CreationDate: key.createdAt,
        MultiRegion: false,
      },
    };
  },
  'kms:GetKeyRotationStatus': (question) => {
    const key = keyOf(question);
    return { KeyId: key.id, KeyRotationEnabled: key.rotates, ...(key.rotates ? { RotationPeriodInDays: 365 } : {}) };
  },
  'kms:GetKeyPolicy': (question) => ({
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: keyOf(question).statements }),
    PolicyName: 'default',
  }),

  'config:DescribeConfigurationRecorders': (question) => ({
    ConfigurationRecorders: [
      {
        name: 'default',
        arn: `arn:aws:config:${question.region}:${question.account.id}:configuration-recorder/default`,
        roleARN: `arn:aws:iam::${question.account.id}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
        recordingGroup: {
          allSupported: true,
          includeGlobalResourceTypes: question.region === homeRegion,
          resourceTypes: [],
          exclusionByResourceTypes: { resourceTypes: [] },
          recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
        },
        recordingMode: { recordingFrequency: 'CONTINUOUS' },
      },
    ],
  }),
  'config:DescribeConfigurationRecorderStatus': (question) => ({
    ConfigurationRecordersStatus: [
      {
        name: 'default',
        recording: regionOf(question).recorder.recording,
        lastStatus: 'SUCCESS',
        lastStartTime: '2023-01-17T12:10:00.000Z',
        lastStatusChangeTime: lastHour(question.now),
      },
    ],
  }),
  'config:DescribeDeliveryChannels': ({ account }) => ({
    DeliveryChannels: [
      {
        name: 'default',
        s3BucketName: account.id === stagingId ? 'northwind-staging-cloudtrail' : 'northwind-config-history',
        configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
      },
    ],
  }),
  'config:DescribeDeliveryChannelStatus': ({ now }) => ({
    DeliveryChannelsStatus: [
      {
        name: 'default',
        configHistoryDeliveryInfo: { lastStatus: 'SUCCESS', lastAttemptTime: lastHour(now), lastSuccessfulTime: lastHour(now) },
        configStreamDeliveryInfo: { lastStatus: 'SUCCESS', lastStatusChangeTime: lastHour(now) },
      },
    ],
  }),
  'config:GetDiscoveredResourceCounts': (question) => {
    const counts = Object.entries(discovered(question))
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([resourceType, count]) => ({ resourceType, count }));
    return paged(question, 'resourceCounts', counts, { totalDiscoveredResources: counts.reduce((sum, { count }) => sum + count, 0) });
  },

  'guardduty:ListDetectors': (question) => paged(question, 'DetectorIds', [regionOf(question).detector.id]),
  'guardduty:GetDetector': (question) => {
    const { detector } = regionOf(question);
    return {
      Status: 'ENABLED',
      CreatedAt: detector.createdAt,
      FindingPublishingFrequency: 'FIFTEEN_MINUTES',
      ServiceRole: `arn:aws:iam::${question.account.id}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
      Features: ['CLOUD_TRAIL', 'DNS_LOGS', 'FLOW_LOGS', ...detector.features].map((Name) => ({ Name, Status: 'ENABLED' })),
    };
  },
  'guardduty:ListFindings': (question) =>
    paged(
      question,
      'FindingIds',
      regionOf(question).findings.map((finding) => finding.id),
    ),
  'guardduty:GetFindings': (question) => {
    const asked = Array.isArray(question.input['FindingIds']) ? question.input['FindingIds'] : [];
    return {
      Findings: regionOf(question)
        .findings.filter((finding) => asked.includes(finding.id))
        .map((finding) => ({
          Id: finding.id,
          Arn: `arn:aws:guardduty:${question.region}:${question.account.id}:detector/${regionOf(question).detector.id}/finding/${finding.id}`,
          Type: finding.type,
          Severity: finding.severity,
          CreatedAt: finding.createdAt,
          UpdatedAt: finding.createdAt,
          Service: { Archived: false, Count: 1 },
          Resource: { ResourceType: 'Instance' },
        })),
    };
  },

  'ec2:GetEbsEncryptionByDefault': (question) => ({ EbsEncryptionByDefault: regionOf(question).ebsEncryptedByDefault, SseType: 'sse-kms' }),
  'ec2:GetEbsDefaultKmsKeyId': () => ({ KmsKeyId: 'alias/aws/ebs' }),
  'ec2:GetSnapshotBlockPublicAccessState': () => ({ State: 'block-all-sharing', ManagedBy: 'account' }),
  'ec2:GetImageBlockPublicAccessState': () => ({ ImageBlockPublicAccessState: 'block-new-sharing', ManagedBy: 'account' }),
  'ec2:GetInstanceMetadataDefaults': () => ({
    AccountLevel: { HttpTokens: 'required', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' },
  }),
  'ec2:DescribeVolumes': (question) => paged(question, 'Volumes', regionOf(question).volumes),
  'ec2:DescribeSnapshots': (question) =>
    paged(
      question,
      'Snapshots',
      question.input['RestorableByUserIds'] === undefined
        ? regionOf(question).snapshots.map((one) => ({ ...one, OwnerId: question.account.id }))
        : [],
    ),
  'ec2:DescribeVpcs': (question) =>
    paged(
      question,
      'Vpcs',
      regionOf(question).vpcs.map((vpc) => ({
        VpcId: vpc.id,
        State: 'available',
        CidrBlock: vpc.cidr,
        IsDefault: false,
        OwnerId: question.account.id,
        Tags: [{ Key: 'Name', Value: vpc.name }],
      })),
    ),
  'ec2:DescribeFlowLogs': (question) =>
    paged(
      question,
      'FlowLogs',
      regionOf(question)
        .vpcs.filter((vpc) => vpc.flowLogs)
        .map((vpc) => ({
          FlowLogId: ec2Id('fl', vpc.name),
          ResourceId: vpc.id,
          FlowLogStatus: 'ACTIVE',
          TrafficType: 'ALL',
          DeliverLogsStatus: 'SUCCESS',
          LogDestinationType: 'cloud-watch-logs',
          LogGroupName: `/vpc/${vpc.name}`,
          CreationTime: '2023-01-17T13:00:00.000Z',
        })),
    ),
  'ec2:DescribeSecurityGroups': (question) => paged(question, 'SecurityGroups', regionOf(question).securityGroups),
  'ec2:DescribeInstances': (question) =>
    paged(
      question,
      'Reservations',
      regionOf(question).instances.map((instance) => ({
        ReservationId: ec2Id('r', instance.InstanceId),
        OwnerId: question.account.id,
        Instances: [instance],
      })),
    ),
  'ec2:DescribeSubnets': (question) => paged(question, 'Subnets', []),
  'ec2:DescribeNetworkInterfaces': (question) => paged(question, 'NetworkInterfaces', []),
  'ec2:DescribeNetworkAcls': (question) => paged(question, 'NetworkAcls', []),

  'rds:DescribeDBInstances': (question) => paged(question, 'DBInstances', regionOf(question).dbInstances),
  'rds:DescribeDBClusters': (question) => paged(question, 'DBClusters', regionOf(question).dbClusters),
  'rds:DescribeDBSnapshots': (question) => {
    const { SnapshotType: type } = question.input;
    return paged(
      question,
      'DBSnapshots',
      regionOf(question).dbSnapshots.filter((one) => type === undefined || one.SnapshotType === type),
    );
  },
  'rds:DescribeDBClusterSnapshots': (question) => paged(question, 'DBClusterSnapshots', []),
  'rds:DescribeDBSnapshotAttributes': ({ input }) => ({
    DBSnapshotAttributesResult: {
      DBSnapshotIdentifier: input['DBSnapshotIdentifier'],
      DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [] }],
    },
  }),
  'rds:DescribeDBClusterSnapshotAttributes': ({ input }) => ({
    DBClusterSnapshotAttributesResult: {
      DBClusterSnapshotIdentifier: input['DBClusterSnapshotIdentifier'],
      DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [] }],
    },
  }),

  'dynamodb:ListTables': (question) => {
    // DynamoDB's token is the name of the last table it told.
    const names = regionOf(question).tables.map((table) => table.name);
    const after = question.input['ExclusiveStartTableName'];
    const from = typeof after === 'string' ? names.indexOf(after) + 1 : 0;
    const page = names.slice(from, from + longestPage);
    return { TableNames: page, ...(from + page.length < names.length ? { LastEvaluatedTableName: page.at(-1) } : {}) };
  },
  'dynamodb:DescribeTable': (question) => {
    const table = tableOf(question);
    return {
      Table: {
        TableName: table.name,
        TableId: uuid(`table ${question.account.id} ${table.name}`),
        TableArn: `arn:aws:dynamodb:${question.region}:${question.account.id}:table/${table.name}`,
        TableStatus: 'ACTIVE',
        CreationDateTime: table.createdAt,
        DeletionProtectionEnabled: true,
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        ...(table.kmsKey === null ? {} : { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: table.kmsKey } }),
      },
    };
  },
  'dynamodb:DescribeContinuousBackups': (question) => {
    const table = tableOf(question);
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: table.pointInTime ? 'ENABLED' : 'DISABLED',
          ...(table.pointInTime ? { RecoveryPeriodInDays: 35 } : {}),
        },
      },
    };
  },

  'efs:DescribeFileSystems': (question) =>
    paged(
      question,
      'FileSystems',
      regionOf(question).fileSystems.map((system) => ({
        FileSystemId: system.id,
        FileSystemArn: `arn:aws:elasticfilesystem:${question.region}:${question.account.id}:file-system/${system.id}`,
        OwnerId: question.account.id,
        Name: system.name,
        CreationTime: system.createdAt,
        LifeCycleState: 'available',
        NumberOfMountTargets: 2,
        Encrypted: true,
        KmsKeyId: system.kmsKey,
        PerformanceMode: 'generalPurpose',
        Tags: [{ Key: 'Name', Value: system.name }],
      })),
    ),
  'efs:DescribeBackupPolicy': (question) => {
    const system = regionOf(question).fileSystems.find((candidate) => candidate.id === question.input['FileSystemId']);
    return system?.backup ? { BackupPolicy: { Status: 'ENABLED' } } : none(question, 'PolicyNotFound');
  },
  'efs:DescribeFileSystemPolicy': (question) => none(question, 'PolicyNotFound'),
  'redshift:DescribeClusters': (question) => paged(question, 'Clusters', []),
  'opensearch:ListDomainNames': () => ({ DomainNames: [] }),
  'opensearch:DescribeDomains': () => ({ DomainStatusList: [] }),
  'elasticache:DescribeReplicationGroups': (question) =>
    paged(
      question,
      'ReplicationGroups',
      regionOf(question).replicationGroups.map((group) => ({
        ReplicationGroupId: group.id,
        ARN: `arn:aws:elasticache:${question.region}:${question.account.id}:replicationgroup:${group.id}`,
        Description: group.id,
        Status: 'available',
        Engine: 'valkey',
        MemberClusters: group.members,
        AutomaticFailover: group.members.length > 1 ? 'enabled' : 'disabled',
        MultiAZ: group.members.length > 1 ? 'enabled' : 'disabled',
        SnapshotRetentionLimit: group.snapshotDays,
        ClusterEnabled: false,
        AuthTokenEnabled: true,
        TransitEncryptionEnabled: true,
        TransitEncryptionMode: 'required',
        AtRestEncryptionEnabled: true,
        KmsKeyId: group.kmsKey,
        ReplicationGroupCreateTime: '2023-01-17T14:00:00.000Z',
      })),
    ),
  'elasticache:DescribeCacheClusters': (question) =>
    paged(
      question,
      'CacheClusters',
      regionOf(question).replicationGroups.flatMap((group) =>
        group.members.map((member) => ({
          CacheClusterId: member,
          ARN: `arn:aws:elasticache:${question.region}:${question.account.id}:cluster:${member}`,
          Engine: 'valkey',
          CacheClusterStatus: 'available',
          CacheClusterCreateTime: '2023-01-17T14:00:00.000Z',
          ReplicationGroupId: group.id,
          SnapshotRetentionLimit: group.snapshotDays,
          TransitEncryptionEnabled: true,
          AtRestEncryptionEnabled: true,
        })),
      ),
    ),
};

function keyOf(question: AwsQuestion) {
  const key = regionOf(question).keys.find((candidate) => candidate.id === question.input['KeyId']);
  return key ?? none(question, 'NotFoundException');
}
function tableOf(question: AwsQuestion) {
  const table = regionOf(question).tables.find((candidate) => candidate.name === question.input['TableName']);
  return table ?? none(question, 'ResourceNotFoundException');
}

/** What AWS Config has counted in a region; what has no region is counted at home. */
function discovered(question: AwsQuestion): Record<string, number> {
  const { account, region } = question;
  const state = regionOf(question);
  const global: Record<string, number> =
    region === homeRegion
      ? {
          'AWS::IAM::User': account.iam.users.length,
          'AWS::IAM::Group': account.iam.groups.length,
          'AWS::IAM::Role': account.iam.roles.length,
          'AWS::IAM::Policy': account.iam.policies.length,
        }
      : {};
  return {
    ...global,
    ...state.alsoRecorded,
    'AWS::S3::Bucket': account.buckets.filter((bucket) => bucket.region === region).length,
    'AWS::EC2::Volume': state.volumes.length,
    'AWS::EC2::VPC': state.vpcs.length,
    'AWS::EC2::Instance': state.instances.length,
    'AWS::EC2::SecurityGroup': state.securityGroups.length,
    'AWS::EC2::FlowLog': state.vpcs.filter((vpc) => vpc.flowLogs).length,
    'AWS::KMS::Key': state.keys.filter((key) => key.manager === 'CUSTOMER').length,
    'AWS::RDS::DBInstance': state.dbInstances.length,
    'AWS::RDS::DBCluster': state.dbClusters.length,
    'AWS::RDS::DBSnapshot': state.dbSnapshots.length,
    'AWS::DynamoDB::Table': state.tables.length,
    'AWS::EFS::FileSystem': state.fileSystems.length,
    'AWS::ElastiCache::ReplicationGroup': state.replicationGroups.length,
    'AWS::CloudTrail::Trail': account.trails.filter((trail) => trail.region === region).length,
    'AWS::GuardDuty::Detector': 1,
    'AWS::Config::ConfigurationRecorder': 1,
  };
}
