import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

/** As it should be: the starting point of examples. */
export const exampleCacheCluster: ResourceOf<typeof AwsElasticacheCacheCluster> = {
  id: 'aws:111122223333/eu-central-1/elasticache-cache-cluster/queue/2024-05-06T07:00:00.000Z',
  display: 'queue',
  identifier: 'queue',
  engine: 'valkey',
  status: 'available',
  replicationGroupId: null,
  encryptedAtRest: true,
  encryptedInTransit: true,
  transitMode: 'required',
  snapshotRetentionDays: 7,
};
