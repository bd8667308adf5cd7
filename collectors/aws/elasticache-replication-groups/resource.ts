import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const AwsElasticacheReplicationGroup = defineResource({
  type: 'aws.elasticache.replication-group',
  title: 'ElastiCache replication group (Valkey or Redis OSS)',
  shape: {
    identifier: z.string(),
    status: z.string(),
    encryptedAtRest: z.boolean(),
    encryptedInTransit: z.boolean(),
    /** `required`, or `preferred`: plain connections are still accepted. Null: encryption in transit is off. */
    transitMode: z.string().nullable(),
    /** 0: automatic backups are off. */
    snapshotRetentionDays: z.int().nonnegative(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleReplicationGroup: ResourceOf<typeof AwsElasticacheReplicationGroup> = {
  id: 'aws:111122223333/eu-central-1/elasticache-replication-group/sessions/2024-05-06T07:00:00.000Z',
  display: 'sessions',
  identifier: 'sessions',
  status: 'available',
  encryptedAtRest: true,
  encryptedInTransit: true,
  transitMode: 'required',
  snapshotRetentionDays: 7,
};
