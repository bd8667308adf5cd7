import { describe, expect, test } from 'vitest';
import tableEncrypted from '../../../checks/aws/dynamodb-table-encrypted.ts';
import tableRecovery from '../../../checks/aws/dynamodb-table-point-in-time-recovery.ts';
import fileSystemBackedUp from '../../../checks/aws/efs-file-system-backed-up.ts';
import fileSystemEncrypted from '../../../checks/aws/efs-file-system-encrypted.ts';
import groupBackedUp from '../../../checks/aws/elasticache-backed-up.ts';
import clusterBackedUp from '../../../checks/aws/elasticache-cluster-backed-up.ts';
import clusterEncrypted from '../../../checks/aws/elasticache-cluster-encrypted.ts';
import clusterInTransit from '../../../checks/aws/elasticache-cluster-encrypted-in-transit.ts';
import groupEncrypted from '../../../checks/aws/elasticache-encrypted.ts';
import groupInTransit from '../../../checks/aws/elasticache-encrypted-in-transit.ts';
import domainEncrypted from '../../../checks/aws/opensearch-domain-encrypted.ts';
import domainBetweenNodes from '../../../checks/aws/opensearch-domain-encrypted-between-nodes.ts';
import domainNotPublic from '../../../checks/aws/opensearch-domain-is-not-public.ts';
import domainHttps from '../../../checks/aws/opensearch-domain-requires-https.ts';
import warehouseBackedUp from '../../../checks/aws/redshift-cluster-backed-up.ts';
import warehouseEncrypted from '../../../checks/aws/redshift-cluster-encrypted.ts';
import warehouseNotPublic from '../../../checks/aws/redshift-cluster-is-not-public.ts';
import accountBlocks from '../../../checks/aws/s3-account-blocks-public-access.ts';
import tables from '../../../collectors/aws/dynamodb-tables/collector.ts';
import fileSystems from '../../../collectors/aws/efs-file-systems/collector.ts';
import cacheClusters from '../../../collectors/aws/elasticache-cache-clusters/collector.ts';
import replicationGroups from '../../../collectors/aws/elasticache-replication-groups/collector.ts';
import domains from '../../../collectors/aws/opensearch-domains/collector.ts';
import warehouses from '../../../collectors/aws/redshift-clusters/collector.ts';
import accountBlock from '../../../collectors/aws/s3-account-public-access/collector.ts';
import type { JsonObject } from '../../../src/authoring.ts';
import { denied, notThere } from '../replay.ts';
import { describeCollector } from './region-contract.ts';
import { walk } from './walk.ts';

const marker = { request: 'Marker', reply: 'Marker' };
const created = new Date('2024-05-06T07:00:00Z');

const described: Readonly<Record<string, object>> = {
  own: {},
  keyed: { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' } },
  lost: {
    TableStatus: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
    SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', InaccessibleEncryptionDateTime: new Date('2026-01-14T03:12:00Z') },
  },
  going: { TableStatus: 'DELETING' },
};
const tableAnswers = {
  'dynamodb:ListTables': { TableNames: ['own', 'keyed', 'lost', 'going'] },
  'dynamodb:DescribeTable': ({ TableName: name }: JsonObject) => ({
    Table: {
      CreationDateTime: created,
      TableName: name,
      TableStatus: 'ACTIVE',
      DeletionProtectionEnabled: true,
      ...described[String(name)],
    },
  }),
  'dynamodb:DescribeContinuousBackups': ({ TableName: name }: JsonObject) => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        name === 'own' ? { PointInTimeRecoveryStatus: 'DISABLED' } : { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 14 },
    },
  }),
};
describeCollector({
  collector: tables,
  answers: tableAnswers,
  absenceMeans: ['SSEDescription', 'KMSMasterKeyArn'],
  list: { operation: 'dynamodb:ListTables', into: 'TableNames', request: 'ExclusiveStartTableName', reply: 'LastEvaluatedTableName' },
  verdicts: [
    [tableEncrypted, { own: 'pass', keyed: 'pass', lost: 'fail' }],
    [tableRecovery, { own: 'fail', keyed: 'pass', lost: 'pass' }],
  ],
});
describe('tables', () => {
  test("DynamoDB's own key is enough unless a KMS key is asked for", async () => {
    const { outcomes } = await walk(tables, tableAnswers);
    expect(outcomes(tableEncrypted, { requireKmsKey: true })).toEqual({ own: 'fail', keyed: 'pass', lost: 'fail' });
    expect(outcomes(tableRecovery, { minDays: 30 })).toEqual({ own: 'fail', keyed: 'fail', lost: 'fail' });
  });
  test('one description denied leaves that table without evidence', async () => {
    const { outcomes, normalised } = await walk(tables, {
      ...tableAnswers,
      'dynamodb:DescribeTable': (input: JsonObject) =>
        input['TableName'] === 'keyed' ? denied('dynamodb:DescribeTable') : tableAnswers['dynamodb:DescribeTable'](input),
    });
    expect(outcomes(tableEncrypted)).toEqual({ own: 'pass', keyed: 'no-evidence', lost: 'fail' });
    expect(normalised.resources.map((one) => one.id)).toContain(
      'aws:111122223333/eu-central-1/dynamodb-table/own/2024-05-06T07:00:00.000Z',
    );
  });
  test('how far back is asked only when it matters', async () => {
    const { outcomes } = await walk(tables, {
      ...tableAnswers,
      'dynamodb:DescribeContinuousBackups': {
        ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' } },
      },
    });
    expect(outcomes(tableRecovery)).toMatchObject({ own: 'pass' });
    expect(outcomes(tableRecovery, { minDays: 7 })).toMatchObject({ own: 'no-evidence' });
  });
});

const fileSystem = (id: string, fields: object) => ({
  FileSystemId: id,
  CreationTime: created,
  LifeCycleState: 'available',
  Encrypted: true,
  ...fields,
});
const fileSystemAnswers = {
  'efs:DescribeFileSystems': {
    FileSystems: [
      fileSystem('fs-1', { Name: 'shared' }),
      fileSystem('fs-2', { Encrypted: false }),
      fileSystem('fs-3', { FileSystemProtection: { ReplicationOverwriteProtection: 'REPLICATING' } }),
      fileSystem('fs-4', { LifeCycleState: 'deleting', Encrypted: false }),
    ],
  },
  'efs:DescribeBackupPolicy': ({ FileSystemId: id }: JsonObject) =>
    id === 'fs-1' ? { BackupPolicy: { Status: 'ENABLED' } } : notThere('efs:DescribeBackupPolicy', 'PolicyNotFound'),
};
describeCollector({
  collector: fileSystems,
  answers: fileSystemAnswers,
  list: { operation: 'efs:DescribeFileSystems', into: 'FileSystems', request: 'Marker', reply: 'NextMarker' },
  verdicts: [
    [fileSystemEncrypted, { 'fs-1': 'pass', 'fs-2': 'fail', 'fs-3': 'pass' }],
    [fileSystemBackedUp, { 'fs-1': 'pass', 'fs-2': 'fail' }],
  ],
});
test('a backup policy that could not be read is not "none"', async () => {
  const { outcomes } = await walk(fileSystems, {
    ...fileSystemAnswers,
    'efs:DescribeBackupPolicy': () => denied('efs:DescribeBackupPolicy'),
  });
  expect(outcomes(fileSystemBackedUp)).toEqual({ 'fs-1': 'no-evidence', 'fs-2': 'no-evidence' });
  expect(outcomes(fileSystemEncrypted)).toEqual({ 'fs-1': 'pass', 'fs-2': 'fail', 'fs-3': 'pass' });
});

describeCollector({
  collector: warehouses,
  answers: {
    'redshift:DescribeClusters': {
      Clusters: [
        {
          ClusterIdentifier: 'good',
          ClusterCreateTime: created,
          ClusterStatus: 'available',
          Encrypted: true,
          PubliclyAccessible: false,
          AutomatedSnapshotRetentionPeriod: 14,
        },
        {
          ClusterIdentifier: 'bad',
          ClusterCreateTime: created,
          ClusterStatus: 'paused',
          Encrypted: false,
          PubliclyAccessible: true,
          AutomatedSnapshotRetentionPeriod: 0,
        },
      ],
    },
  },
  list: { operation: 'redshift:DescribeClusters', into: 'Clusters', ...marker },
  verdicts: [
    [warehouseEncrypted, { good: 'pass', bad: 'fail' }],
    [warehouseNotPublic, { good: 'pass', bad: 'fail' }],
    [warehouseBackedUp, { good: 'pass', bad: 'fail' }],
  ],
});

const openPolicy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'es:*', Resource: '*' }] });
const domain = (name: string, fields: object) => ({
  DomainName: name,
  Deleted: false,
  EncryptionAtRestOptions: { Enabled: true, KmsKeyId: 'key' },
  NodeToNodeEncryptionOptions: { Enabled: true },
  DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
  AccessPolicies: openPolicy,
  AdvancedSecurityOptions: { Enabled: false },
  ...fields,
});
const statuses: Readonly<Record<string, object>> = {
  inside: domain('inside', { VPCOptions: { VPCId: 'vpc-1' } }),
  public: domain('public', {
    EncryptionAtRestOptions: { Enabled: false },
    NodeToNodeEncryptionOptions: { Enabled: false },
    DomainEndpointOptions: { EnforceHTTPS: false, TLSSecurityPolicy: 'Policy-Min-TLS-1-0-2019-07' },
  }),
  guarded: domain('guarded', { AdvancedSecurityOptions: { Enabled: true, AnonymousAuthEnabled: false } }),
  moving: domain('moving', { AdvancedSecurityOptions: { Enabled: true, AnonymousAuthEnabled: true } }),
  closed: domain('closed', { AccessPolicies: '' }),
  going: domain('going', { Deleted: true }),
};
const domainAnswers = {
  'opensearch:ListDomainNames': { DomainNames: Object.keys(statuses).map((DomainName) => ({ DomainName, EngineType: 'OpenSearch' })) },
  'opensearch:DescribeDomains': ({ DomainNames: names }: JsonObject) => ({
    DomainStatusList: (names as readonly string[]).map((name) => statuses[name]),
  }),
};
describeCollector({
  collector: domains,
  answers: domainAnswers,
  list: { operation: 'opensearch:ListDomainNames', into: 'DomainNames' },
  absenceMeans: ['VPCOptions'],
  verdicts: [
    [domainEncrypted, { inside: 'pass', public: 'fail', guarded: 'pass', moving: 'pass', closed: 'pass' }],
    [domainBetweenNodes, { inside: 'pass', public: 'fail', guarded: 'pass', moving: 'pass', closed: 'pass' }],
    [domainHttps, { inside: 'pass', public: 'fail', guarded: 'pass', moving: 'pass', closed: 'pass' }],
    [domainNotPublic, { inside: 'pass', public: 'fail', guarded: 'pass', moving: 'fail', closed: 'pass' }],
  ],
});
describe('domains', () => {
  test('are described five at a time', async () => {
    const { replay } = await walk(domains, domainAnswers);
    expect(replay.calls.slice(1).map((call) => (call.input['DomainNames'] as readonly string[]).length)).toEqual([5, 1]);
  });
  test('a batch refused, or a domain left out of the answer, is not judged', async () => {
    const refused = await walk(domains, { ...domainAnswers, 'opensearch:DescribeDomains': () => denied('opensearch:DescribeDomains') });
    expect(refused.resource('inside').unread).toMatchObject({ encryptedAtRest: 'access-denied' });
    expect(refused.outcomes(domainEncrypted)).not.toHaveProperty('*eu-central-1');
    const short = await walk(domains, { ...domainAnswers, 'opensearch:DescribeDomains': { DomainStatusList: [] } });
    expect(Object.values(short.outcomes(domainEncrypted))).toEqual(Array(6).fill('no-evidence'));
  });
});

describeCollector({
  collector: replicationGroups,
  answers: {
    'elasticache:DescribeReplicationGroups': {
      ReplicationGroups: [
        {
          ReplicationGroupId: 'good',
          ReplicationGroupCreateTime: created,
          Status: 'available',
          AtRestEncryptionEnabled: true,
          TransitEncryptionEnabled: true,
          TransitEncryptionMode: 'required',
          SnapshotRetentionLimit: 7,
        },
        {
          ReplicationGroupId: 'moving',
          Status: 'available',
          AtRestEncryptionEnabled: true,
          TransitEncryptionEnabled: true,
          TransitEncryptionMode: 'preferred',
          SnapshotRetentionLimit: 1,
        },
        {
          ReplicationGroupId: 'bad',
          Status: 'available',
          AtRestEncryptionEnabled: false,
          TransitEncryptionEnabled: false,
          SnapshotRetentionLimit: 0,
        },
      ],
    },
  },
  list: { operation: 'elasticache:DescribeReplicationGroups', into: 'ReplicationGroups', ...marker },
  verdicts: [
    [groupEncrypted, { good: 'pass', moving: 'pass', bad: 'fail' }],
    [groupInTransit, { good: 'pass', moving: 'fail', bad: 'fail' }],
    [groupBackedUp, { good: 'pass', moving: 'pass', bad: 'fail' }],
  ],
});

const cache = (id: string, fields: object) => ({
  CacheClusterId: id,
  CacheClusterCreateTime: created,
  CacheClusterStatus: 'available',
  Engine: 'memcached',
  AtRestEncryptionEnabled: false,
  TransitEncryptionEnabled: false,
  SnapshotRetentionLimit: 0,
  ...fields,
});
describeCollector({
  collector: cacheClusters,
  answers: {
    'elasticache:DescribeCacheClusters': {
      CacheClusters: [
        cache('memory', {}),
        cache('memory-tls', { TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' }),
        cache('single', { Engine: 'redis' }),
        cache('member', { Engine: 'valkey', ReplicationGroupId: 'good' }),
      ],
    },
  },
  list: { operation: 'elasticache:DescribeCacheClusters', into: 'CacheClusters', ...marker },
  verdicts: [
    [clusterEncrypted, { memory: 'not-applicable', 'memory-tls': 'not-applicable', single: 'fail' }],
    [clusterInTransit, { memory: 'fail', 'memory-tls': 'pass', single: 'fail' }],
    [clusterBackedUp, { memory: 'not-applicable', 'memory-tls': 'not-applicable', single: 'fail' }],
  ],
});

describe("the account's public access block", () => {
  const operation = 's3control:GetPublicAccessBlock';
  const flags = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  test.each([
    ['all on', { PublicAccessBlockConfiguration: flags }, 'pass'],
    ['one off', { PublicAccessBlockConfiguration: { ...flags, BlockPublicPolicy: false } }, 'fail'],
    ['never configured', () => notThere(operation, 'NoSuchPublicAccessBlockConfiguration'), 'fail'],
    ['one not said', { PublicAccessBlockConfiguration: { ...flags, BlockPublicPolicy: undefined } }, 'no-evidence'],
    ['nothing said', {}, 'no-evidence'],
    ['denied', () => denied(operation), 'no-evidence'],
    ['another "not there"', () => notThere(operation, 'NoSuchAccount'), 'no-evidence'],
  ])('%s', async (_, answer, outcome) => {
    const { outcomes } = await walk(accountBlock, { [operation]: answer });
    expect(outcomes(accountBlocks)).toEqual({ 'account 111122223333': outcome });
  });
});
