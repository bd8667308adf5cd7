import { defineCollector, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { AwsElasticacheCacheCluster } from './resource.ts';

const Cluster = body({
  CacheClusterId: z.string(),
  CacheClusterCreateTime: z.string().optional(),
  Engine: given(z.string()),
  CacheClusterStatus: given(z.string()),
  // Absent from a cluster that stands alone.
  ReplicationGroupId: z.string().optional(),
  AtRestEncryptionEnabled: given(z.boolean()),
  TransitEncryptionEnabled: given(z.boolean()),
  TransitEncryptionMode: given(z.string()),
  SnapshotRetentionLimit: given(z.int()),
});

/** Memcached clusters, single Redis clusters, and the members of replication groups, which say so. */
export default defineCollector<AwsClient>({
  id: 'aws/elasticache-cache-clusters',
  title: 'ElastiCache clusters',
  kind: 'state',
  scope: 'region',
  yields: [AwsElasticacheCacheCluster],
  permissions: ['elasticache:DescribeCacheClusters'],
  items: {
    'elasticache:DescribeCacheClusters': {
      list: 'CacheClusters',
      key: 'CacheClusterId',
      keep: [
        'CacheClusterId',
        'CacheClusterCreateTime',
        'Engine',
        'CacheClusterStatus',
        'ReplicationGroupId',
        'AtRestEncryptionEnabled',
        'TransitEncryptionEnabled',
        'TransitEncryptionMode',
        'SnapshotRetentionLimit',
      ],
    },
  },
  async *collect(client) {
    yield* client.pages('elasticache:DescribeCacheClusters');
  },
  normalise(view) {
    return view.each('elasticache:DescribeCacheClusters', Cluster, (cluster) => {
      const { CacheClusterId: identifier, CacheClusterCreateTime: createdAt } = cluster;
      return AwsElasticacheCacheCluster.draft(
        { id: view.id('elasticache-cache-cluster', identifier, ...(createdAt === undefined ? [] : [createdAt])), display: identifier },
        {
          identifier,
          engine: stated(cluster.Engine),
          status: stated(cluster.CacheClusterStatus),
          replicationGroupId: cluster.ReplicationGroupId ?? null,
          encryptedAtRest: stated(cluster.AtRestEncryptionEnabled),
          encryptedInTransit: stated(cluster.TransitEncryptionEnabled),
          transitMode: cluster.TransitEncryptionEnabled === false ? null : stated(cluster.TransitEncryptionMode),
          snapshotRetentionDays: stated(cluster.SnapshotRetentionLimit),
        },
      );
    });
  },
});
