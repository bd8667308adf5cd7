import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as efs from '@aws-sdk/client-efs';
import * as elasticache from '@aws-sdk/client-elasticache';
import * as opensearch from '@aws-sdk/client-opensearch';
import * as rds from '@aws-sdk/client-rds';
import * as redshift from '@aws-sdk/client-redshift';
import * as s3 from '@aws-sdk/client-s3';
import { PutPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import defaultGroup from '../../checks/aws/default-security-group-closed.ts';
import tableEncrypted from '../../checks/aws/dynamodb-table-encrypted.ts';
import tableRecovery from '../../checks/aws/dynamodb-table-point-in-time-recovery.ts';
import encryptionByDefault from '../../checks/aws/ebs-encryption-by-default.ts';
import snapshotEncrypted from '../../checks/aws/ebs-snapshot-encrypted.ts';
import snapshotNotPublic from '../../checks/aws/ebs-snapshot-is-not-public.ts';
import volumeEncrypted from '../../checks/aws/ebs-volume-encrypted.ts';
import fileSystemBackedUp from '../../checks/aws/efs-file-system-backed-up.ts';
import fileSystemEncrypted from '../../checks/aws/efs-file-system-encrypted.ts';
import cacheClusterEncrypted from '../../checks/aws/elasticache-cluster-encrypted.ts';
import cacheEncrypted from '../../checks/aws/elasticache-encrypted.ts';
import imdsv2 from '../../checks/aws/instance-requires-imdsv2.ts';
import domainEncrypted from '../../checks/aws/opensearch-domain-encrypted.ts';
import clusterEncrypted from '../../checks/aws/rds-cluster-encrypted.ts';
import backedUp from '../../checks/aws/rds-instance-backed-up.ts';
import databaseEncrypted from '../../checks/aws/rds-instance-encrypted.ts';
import databaseNotPublic from '../../checks/aws/rds-instance-is-not-public.ts';
import databaseSnapshotEncrypted from '../../checks/aws/rds-snapshot-encrypted.ts';
import databaseSnapshotNotPublic from '../../checks/aws/rds-snapshot-is-not-public.ts';
import warehouseEncrypted from '../../checks/aws/redshift-cluster-encrypted.ts';
import warehouseNotPublic from '../../checks/aws/redshift-cluster-is-not-public.ts';
import accountBlocks from '../../checks/aws/s3-account-blocks-public-access.ts';
import aclsDisabled from '../../checks/aws/s3-bucket-acls-disabled.ts';
import crossAccount from '../../checks/aws/s3-bucket-cross-account-access-is-approved.ts';
import bucketEncrypted from '../../checks/aws/s3-bucket-encrypted.ts';
import hasLifecycle from '../../checks/aws/s3-bucket-has-lifecycle.ts';
import hasObjectLock from '../../checks/aws/s3-bucket-has-object-lock.ts';
import bucketNotPublic from '../../checks/aws/s3-bucket-is-not-public.ts';
import logsAccess from '../../checks/aws/s3-bucket-logs-access.ts';
import requiresTls from '../../checks/aws/s3-bucket-requires-tls.ts';
import versioned from '../../checks/aws/s3-bucket-versioned.ts';
import noAdminPorts from '../../checks/aws/security-group-no-admin-ports-from-internet.ts';
import flowLogs from '../../checks/aws/vpc-has-flow-logs.ts';
import type { AwsClient } from '../../collectors/aws/client.ts';
import { type AwsAccess, connectAws } from '../../collectors/aws/connect.ts';
import tables from '../../collectors/aws/dynamodb-tables/collector.ts';
import ebsDefaults from '../../collectors/aws/ec2-ebs-defaults/collector.ts';
import instances from '../../collectors/aws/ec2-instances/collector.ts';
import metadataDefaults from '../../collectors/aws/ec2-metadata-defaults/collector.ts';
import securityGroups from '../../collectors/aws/ec2-security-groups/collector.ts';
import snapshots from '../../collectors/aws/ec2-snapshots/collector.ts';
import volumes from '../../collectors/aws/ec2-volumes/collector.ts';
import vpcs from '../../collectors/aws/ec2-vpcs/collector.ts';
import fileSystems from '../../collectors/aws/efs-file-systems/collector.ts';
import cacheClusters from '../../collectors/aws/elasticache-cache-clusters/collector.ts';
import replicationGroups from '../../collectors/aws/elasticache-replication-groups/collector.ts';
import domains from '../../collectors/aws/opensearch-domains/collector.ts';
import databaseClusters from '../../collectors/aws/rds-clusters/collector.ts';
import databases from '../../collectors/aws/rds-instances/collector.ts';
import databaseSnapshots from '../../collectors/aws/rds-snapshots/collector.ts';
import warehouses from '../../collectors/aws/redshift-clusters/collector.ts';
import accountBlock from '../../collectors/aws/s3-account-public-access/collector.ts';
import buckets from '../../collectors/aws/s3-buckets/collector.ts';
import type { Collector } from '../../src/authoring.ts';
import { collectAndJudge, type Walked } from '../collectors/aws/walk.ts';
import { hasMoto, type Moto, startMoto } from './moto.ts';

const region = 'eu-central-1';
/** Of whoever has not assumed a role. */
const motoAccount = '123456789012';
const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const statement = (effect: string, bucket: string, more: object) => ({
  Effect: effect,
  Principal: '*',
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  ...more,
});
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

describe.skipIf(!hasMoto())('data stores and network, read from an emulator', () => {
  let moto: Moto;
  let access: AwsAccess;
  const walkLive = (collector: Collector<AwsClient>, at = region): Promise<Walked> => {
    const { exchange } = access.open(null, 'proofline-live');
    return collectAndJudge(collector, { exchange, account: motoAccount, region: at });
  };

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'emulator');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'emulator');
    moto = await startMoto();
    access = connectAws({ name: 'emulator', endpointUrl: moto.url, region }, { version: '0.0.0' });
  });
  afterAll(async () => {
    access?.close();
    await moto?.stop();
    vi.unstubAllEnvs();
  });
  const options = () => ({ region, endpoint: moto.url, credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' } });

  test('an empty account is empty everywhere, and read whole', async () => {
    for (const collector of [
      buckets,
      volumes,
      snapshots,
      instances,
      databases,
      databaseClusters,
      tables,
      fileSystems,
      warehouses,
      domains,
      replicationGroups,
      cacheClusters,
    ]) {
      const { normalised } = await walkLive(collector);
      expect([collector.id, normalised.resources.length, normalised.completeness.kind]).toEqual([collector.id, 0, 'complete']);
    }
  });

  test('S3', async () => {
    const client = new s3.S3Client({ ...options(), forcePathStyle: true });
    const create = (Bucket: string, more: object = {}) =>
      client.send(new s3.CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region }, ...more }));
    await create('good', { ObjectLockEnabledForBucket: true });
    await create('bare');
    await create('open');
    await create('logs', { ObjectOwnership: 'BucketOwnerEnforced' });
    await client.send(new s3.PutPublicAccessBlockCommand({ Bucket: 'good', PublicAccessBlockConfiguration: all }));
    await client.send(
      new s3.PutBucketEncryptionCommand({
        Bucket: 'good',
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
      }),
    );
    await client.send(
      new s3.PutBucketPolicyCommand({
        Bucket: 'good',
        Policy: policy(statement('Deny', 'good', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })),
      }),
    );
    await client.send(new s3.PutBucketVersioningCommand({ Bucket: 'good', VersioningConfiguration: { Status: 'Enabled' } }));
    await client.send(
      new s3.PutBucketAclCommand({
        Bucket: 'logs',
        AccessControlPolicy: {
          Owner: { ID: 'own' },
          Grants: [
            { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }, Permission: 'WRITE' },
            { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }, Permission: 'READ_ACP' },
          ],
        },
      }),
    );
    await client.send(
      new s3.PutBucketLoggingCommand({
        Bucket: 'good',
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: 'good/' } },
      }),
    );
    await client.send(
      new s3.PutBucketLifecycleConfigurationCommand({
        Bucket: 'good',
        LifecycleConfiguration: {
          Rules: [
            {
              ID: 'all',
              Status: 'Enabled',
              Filter: { Prefix: '' },
              Expiration: { Days: 365 },
              NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            },
          ],
        },
      }),
    );
    await client.send(
      new s3.PutObjectLockConfigurationCommand({
        Bucket: 'good',
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
      }),
    );
    await client.send(new s3.PutBucketPolicyCommand({ Bucket: 'open', Policy: policy(statement('Allow', 'open', {})) }));
    await client.send(new s3.PutBucketAclCommand({ Bucket: 'open', ACL: 'public-read' }));

    const { normalised, outcomes } = await walkLive(buckets);
    expect(normalised.completeness).toEqual({ kind: 'complete' });
    expect(normalised.malformedFields).toEqual([]);
    // AWS has answered AES256 for every bucket since 2023; the emulator still says that there is no configuration.
    expect(outcomes(bucketEncrypted)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(bucketNotPublic)).toEqual({ good: 'pass', bare: 'pass', open: 'fail', logs: 'pass' });
    expect(outcomes(requiresTls)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(versioned)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(logsAccess)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'not-applicable' });
    expect(outcomes(aclsDisabled)).toMatchObject({ good: 'not-applicable', open: 'fail', logs: 'pass' });
    expect(outcomes(hasLifecycle)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(hasObjectLock)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(crossAccount)).toEqual({ good: 'pass', bare: 'pass', open: 'fail', logs: 'pass' });
  });

  test("the account's public access block covers all buckets", async () => {
    expect((await walkLive(accountBlock)).outcomes(accountBlocks)).toEqual({ [`account ${motoAccount}`]: 'fail' });
    // The service puts the account before the host, and an emulator's address cannot carry that.
    const control = new S3ControlClient({ ...options(), endpoint: moto.url.replace('127.0.0.1', 'endpoint.invalid') });
    control.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { hostname: '127.0.0.1' });
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    await control.send(new PutPublicAccessBlockCommand({ AccountId: motoAccount, PublicAccessBlockConfiguration: all }));
    expect((await walkLive(accountBlock)).outcomes(accountBlocks)).toEqual({ [`account ${motoAccount}`]: 'pass' });
    const { outcomes, evidence } = await walkLive(buckets);
    expect(outcomes(bucketNotPublic)).toEqual({ good: 'pass', bare: 'pass', open: 'pass', logs: 'pass' });
    expect(evidence.requests.filter((request) => request.operation === 's3:GetBucketAcl')).toEqual([]);
  });

  test('EC2', async () => {
    const client = new ec2.EC2Client(options());
    const zone = `${region}a`;
    const vpc = (await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }))).Vpc?.VpcId ?? '';
    const logged = (await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.8.0.0/16' }))).Vpc?.VpcId ?? '';
    await client.send(
      new ec2.CreateFlowLogsCommand({
        ResourceIds: [logged],
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::logs',
      }),
    );
    const group = async (name: string, ...rules: ec2.IpPermission[]) => {
      const { GroupId } = await client.send(new ec2.CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpc }));
      if (rules.length > 0) await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: rules }));
      return `${name} (${GroupId})`;
    };
    const web = await group('web', { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
    const ssh = await group('ssh', { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] });
    const list = await client.send(
      new ec2.CreateManagedPrefixListCommand({
        PrefixListName: 'everybody',
        AddressFamily: 'IPv4',
        MaxEntries: 2,
        Entries: [{ Cidr: '0.0.0.0/0' }],
      }),
    );
    const listed = await group('listed', {
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      PrefixListIds: [{ PrefixListId: list.PrefixList?.PrefixListId }],
    });
    const volume = async (Encrypted: boolean) =>
      (await client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: zone, Size: 8, Encrypted }))).VolumeId ?? '';
    const [safe, plain] = [await volume(true), await volume(false)];
    const snapshotOf = async (VolumeId: string) => (await client.send(new ec2.CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? '';
    const [safeCopy, plainCopy] = [await snapshotOf(safe), await snapshotOf(plain)];
    await client.send(new ec2.EnableEbsEncryptionByDefaultCommand({}));

    expect((await walkLive(volumes)).outcomes(volumeEncrypted)).toEqual({ [safe]: 'pass', [plain]: 'fail' });
    const ownSnapshots = await walkLive(snapshots);
    // The emulator does not know the region's block on public sharing: said aloud, and nothing is guessed.
    expect(ownSnapshots.normalised.completeness).toMatchObject({ kind: 'incomplete' });
    expect(ownSnapshots.outcomes(snapshotEncrypted)).toEqual({ [safeCopy]: 'pass', [plainCopy]: 'fail' });
    expect(ownSnapshots.outcomes(snapshotNotPublic)[safeCopy]).toBe('pass');
    expect((await walkLive(ebsDefaults)).outcomes(encryptionByDefault)).toEqual({ [region]: 'pass' });
    expect((await walkLive(metadataDefaults)).normalised.completeness).toMatchObject({ kind: 'incomplete' });

    const groups = await walkLive(securityGroups);
    expect(groups.outcomes(noAdminPorts)).toMatchObject({ [web]: 'pass', [ssh]: 'fail', [listed]: 'fail' });
    expect(new Set(Object.values(groups.outcomes(defaultGroup)))).toEqual(new Set(['fail']));
    expect((await walkLive(vpcs)).outcomes(flowLogs)).toMatchObject({ [vpc]: 'fail', [logged]: 'pass' });

    const run = async (HttpTokens: 'required' | 'optional') => {
      const started = await client.send(
        new ec2.RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          MinCount: 1,
          MaxCount: 1,
          MetadataOptions: { HttpTokens, HttpEndpoint: 'enabled' },
        }),
      );
      return started.Instances?.[0]?.InstanceId ?? '';
    };
    const [tokens, gone, plainly] = [await run('required'), await run('optional'), await run('optional')];
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [gone] }));
    expect((await walkLive(instances)).outcomes(imdsv2)).toEqual({ [tokens]: 'pass', [plainly]: 'fail' });
  });

  test('RDS', async () => {
    // The emulator gives every instance of a region the same resource id, so the bad one is elsewhere.
    const elsewhere = 'eu-west-1';
    const client = new rds.RDSClient(options());
    const other = new rds.RDSClient({ ...options(), region: elsewhere });
    const database = {
      Engine: 'postgres',
      DBInstanceClass: 'db.t3.micro',
      AllocatedStorage: 20,
      MasterUsername: 'root',
      MasterUserPassword: 'not-a-secret-1',
    };
    await client.send(
      new rds.CreateDBInstanceCommand({
        ...database,
        DBInstanceIdentifier: 'good',
        StorageEncrypted: true,
        PubliclyAccessible: false,
        BackupRetentionPeriod: 14,
      }),
    );
    await other.send(
      new rds.CreateDBInstanceCommand({
        ...database,
        DBInstanceIdentifier: 'bad',
        StorageEncrypted: false,
        PubliclyAccessible: true,
        BackupRetentionPeriod: 0,
      }),
    );
    await client.send(
      new rds.CreateDBClusterCommand({
        DBClusterIdentifier: 'ledger',
        Engine: 'aurora-postgresql',
        MasterUsername: 'root',
        MasterUserPassword: 'not-a-secret-1',
        StorageEncrypted: true,
      }),
    );
    await client.send(new rds.CreateDBSnapshotCommand({ DBSnapshotIdentifier: 'good-copy', DBInstanceIdentifier: 'good' }));
    for (const name of ['bad-copy', 'public-copy']) {
      await other.send(new rds.CreateDBSnapshotCommand({ DBSnapshotIdentifier: name, DBInstanceIdentifier: 'bad' }));
    }
    await other.send(
      new rds.ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: 'public-copy', AttributeName: 'restore', ValuesToAdd: ['all'] }),
    );

    const [good, bad] = [await walkLive(databases), await walkLive(databases, elsewhere)];
    for (const check of [databaseEncrypted, backedUp]) {
      expect({ ...good.outcomes(check), ...bad.outcomes(check) }).toEqual({ good: 'pass', bad: 'fail' });
    }
    expect(bad.outcomes(databaseNotPublic)).toEqual({ bad: 'fail' });
    expect((await walkLive(databaseClusters)).outcomes(clusterEncrypted)).toEqual({ ledger: 'pass' });
    expect((await walkLive(databaseSnapshots)).outcomes(databaseSnapshotEncrypted)).toMatchObject({ 'good-copy': 'pass' });
    const copies = await walkLive(databaseSnapshots, elsewhere);
    expect(copies.outcomes(databaseSnapshotEncrypted)).toMatchObject({ 'bad-copy': 'fail', 'public-copy': 'fail' });
    expect(copies.outcomes(databaseSnapshotNotPublic)).toMatchObject({ 'public-copy': 'fail' });
  });

  test('DynamoDB, EFS, Redshift, OpenSearch and ElastiCache', async () => {
    const table = new dynamodb.DynamoDBClient(options());
    for (const TableName of ['restorable', 'plain']) {
      await table.send(
        new dynamodb.CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
    }
    await table.send(
      new dynamodb.UpdateContinuousBackupsCommand({
        TableName: 'restorable',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const foundTables = await walkLive(tables);
    expect(foundTables.outcomes(tableEncrypted)).toEqual({ restorable: 'pass', plain: 'pass' });
    expect(foundTables.outcomes(tableRecovery)).toEqual({ restorable: 'pass', plain: 'fail' });

    const files = new efs.EFSClient(options());
    const safe =
      (await files.send(new efs.CreateFileSystemCommand({ CreationToken: 'a', Encrypted: true, Backup: true }))).FileSystemId ?? '';
    const plain = (await files.send(new efs.CreateFileSystemCommand({ CreationToken: 'b', Encrypted: false }))).FileSystemId ?? '';
    const foundFiles = await walkLive(fileSystems);
    expect(foundFiles.outcomes(fileSystemEncrypted)).toEqual({ [safe]: 'pass', [plain]: 'fail' });
    expect(foundFiles.outcomes(fileSystemBackedUp)).toEqual({ [safe]: 'pass', [plain]: 'fail' });

    const warehouse = new redshift.RedshiftClient(options());
    for (const [ClusterIdentifier, Encrypted] of [
      ['good', true],
      ['bad', false],
    ] as const) {
      await warehouse.send(
        new redshift.CreateClusterCommand({
          ClusterIdentifier,
          Encrypted,
          PubliclyAccessible: !Encrypted,
          NodeType: 'ra3.xlplus',
          MasterUsername: 'root',
          MasterUserPassword: 'Not-a-secret-1',
        }),
      );
    }
    const foundWarehouses = await walkLive(warehouses);
    expect(foundWarehouses.outcomes(warehouseEncrypted)).toEqual({ good: 'pass', bad: 'fail' });
    expect(foundWarehouses.outcomes(warehouseNotPublic)).toEqual({ good: 'pass', bad: 'fail' });

    const search = new opensearch.OpenSearchClient(options());
    for (const [DomainName, Enabled] of [
      ['good', true],
      ['bad', false],
    ] as const) {
      await search.send(new opensearch.CreateDomainCommand({ DomainName, EncryptionAtRestOptions: { Enabled } }));
    }
    expect((await walkLive(domains)).outcomes(domainEncrypted)).toEqual({ good: 'pass', bad: 'fail' });

    const cache = new elasticache.ElastiCacheClient(options());
    for (const [ReplicationGroupId, AtRestEncryptionEnabled] of [
      ['good', true],
      ['bad', false],
    ] as const) {
      await cache.send(
        new elasticache.CreateReplicationGroupCommand({
          ReplicationGroupId,
          ReplicationGroupDescription: 'sessions',
          AtRestEncryptionEnabled,
          Engine: 'redis',
          CacheNodeType: 'cache.t3.micro',
          NumCacheClusters: 1,
        }),
      );
    }
    await cache.send(
      new elasticache.CreateCacheClusterCommand({
        CacheClusterId: 'memory',
        Engine: 'memcached',
        CacheNodeType: 'cache.t3.micro',
        NumCacheNodes: 1,
      }),
    );
    expect((await walkLive(replicationGroups)).outcomes(cacheEncrypted)).toEqual({ good: 'pass', bad: 'fail' });
    expect((await walkLive(cacheClusters)).outcomes(cacheClusterEncrypted)).toMatchObject({ memory: 'not-applicable' });
  });
});
