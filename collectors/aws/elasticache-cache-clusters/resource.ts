import { defineResource, z } from '../../../src/authoring.ts';

export const AwsElasticacheCacheCluster = defineResource({
  type: 'aws.elasticache.cache-cluster',
  title: 'ElastiCache cluster',
  shape: {
    identifier: z.string(),
    /** `memcached`, `redis` or `valkey`. */
    engine: z.string(),
    status: z.string(),
    /** The replication group it is a member of; the settings are then the group's. */
    replicationGroupId: z.string().nullable(),
    encryptedAtRest: z.boolean(),
    encryptedInTransit: z.boolean(),
    transitMode: z.string().nullable(),
    /** 0: automatic backups are off. Memcached has none. */
    snapshotRetentionDays: z.int().nonnegative(),
  },
});
