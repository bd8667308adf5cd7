import { defineCollector, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsRdsCluster } from './resource.ts';

const Cluster = body({
  DbClusterResourceId: z.string(),
  DBClusterIdentifier: z.string(),
  Engine: given(z.string()),
  Status: given(z.string()),
  ReplicationSourceIdentifier: z.string().optional(),
  StorageEncrypted: given(z.boolean()),
  BackupRetentionPeriod: given(z.int()),
  MultiAZ: given(z.boolean()),
  DeletionProtection: given(z.boolean()),
  TagList: Tags,
});

/** One list for all engines: Neptune and DocumentDB clusters come through RDS as well. */
export default defineCollector<AwsClient>({
  id: 'aws/rds-clusters',
  title: 'RDS and Aurora clusters',
  kind: 'state',
  scope: 'region',
  yields: [AwsRdsCluster],
  permissions: ['rds:DescribeDBClusters'],
  items: {
    'rds:DescribeDBClusters': {
      list: 'DBClusters',
      key: 'DBClusterIdentifier',
      keep: [
        'DbClusterResourceId',
        'DBClusterIdentifier',
        'Engine',
        'EngineVersion',
        'Status',
        'ReplicationSourceIdentifier',
        'StorageEncrypted',
        'KmsKeyId',
        'BackupRetentionPeriod',
        'MultiAZ',
        'DeletionProtection',
        'TagList',
      ],
      // Backups and maintenance turn it over every day; it says nothing of how the database is set up.
      volatile: ['Status'],
    },
  },
  async *collect(client) {
    yield* client.pages('rds:DescribeDBClusters');
  },
  normalise(view) {
    return view.each('rds:DescribeDBClusters', Cluster, (cluster) =>
      AwsRdsCluster.draft(
        { id: view.id('rds-cluster', cluster.DbClusterResourceId), display: cluster.DBClusterIdentifier, ...tagged(cluster.TagList) },
        {
          identifier: cluster.DBClusterIdentifier,
          engine: stated(cluster.Engine),
          status: stated(cluster.Status),
          replicaOf: cluster.ReplicationSourceIdentifier || null,
          storageEncrypted: stated(cluster.StorageEncrypted),
          backupRetentionDays: stated(cluster.BackupRetentionPeriod),
          multiAz: stated(cluster.MultiAZ),
          deletionProtection: stated(cluster.DeletionProtection),
        },
      ),
    );
  },
});
