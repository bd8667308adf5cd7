import { defineCollector, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsRdsInstance } from './resource.ts';

const Instance = body({
  DbiResourceId: z.string(),
  DBInstanceIdentifier: z.string(),
  Engine: given(z.string()),
  DBInstanceStatus: given(z.string()),
  // RDS leaves these out of an instance that is no member and no replica.
  DBClusterIdentifier: z.string().optional(),
  ReadReplicaSourceDBInstanceIdentifier: z.string().optional(),
  ReadReplicaSourceDBClusterIdentifier: z.string().optional(),
  StorageEncrypted: given(z.boolean()),
  PubliclyAccessible: given(z.boolean()),
  BackupRetentionPeriod: given(z.int()),
  MultiAZ: given(z.boolean()),
  DeletionProtection: given(z.boolean()),
  TagList: Tags,
});

/** One list for all engines: Neptune and DocumentDB instances come through RDS as well. */
export default defineCollector<AwsClient>({
  id: 'aws/rds-instances',
  title: 'RDS instances',
  kind: 'state',
  scope: 'region',
  yields: [AwsRdsInstance],
  permissions: ['rds:DescribeDBInstances'],
  items: {
    'rds:DescribeDBInstances': {
      list: 'DBInstances',
      key: 'DBInstanceIdentifier',
      keep: [
        'DbiResourceId',
        'DBInstanceIdentifier',
        'Engine',
        'EngineVersion',
        'DBInstanceStatus',
        'DBClusterIdentifier',
        'ReadReplicaSourceDBInstanceIdentifier',
        'ReadReplicaSourceDBClusterIdentifier',
        'StorageEncrypted',
        'KmsKeyId',
        'PubliclyAccessible',
        'BackupRetentionPeriod',
        'MultiAZ',
        'DeletionProtection',
        'TagList',
      ],
      // Backups and maintenance turn it over every day; it says nothing of how the database is set up.
      volatile: ['DBInstanceStatus'],
    },
  },
  async *collect(client) {
    yield* client.pages('rds:DescribeDBInstances');
  },
  normalise(view) {
    return view.each('rds:DescribeDBInstances', Instance, (instance) =>
      AwsRdsInstance.draft(
        { id: view.id('rds-instance', instance.DbiResourceId), display: instance.DBInstanceIdentifier, ...tagged(instance.TagList) },
        {
          identifier: instance.DBInstanceIdentifier,
          engine: stated(instance.Engine),
          status: stated(instance.DBInstanceStatus),
          clusterId: instance.DBClusterIdentifier ?? null,
          replicaOf: instance.ReadReplicaSourceDBInstanceIdentifier ?? instance.ReadReplicaSourceDBClusterIdentifier ?? null,
          storageEncrypted: stated(instance.StorageEncrypted),
          publiclyAccessible: stated(instance.PubliclyAccessible),
          backupRetentionDays: stated(instance.BackupRetentionPeriod),
          multiAz: stated(instance.MultiAZ),
          deletionProtection: stated(instance.DeletionProtection),
        },
      ),
    );
  },
});
