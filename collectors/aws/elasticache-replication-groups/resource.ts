import { defineResource, z } from '../../../src/authoring.ts';

export const AwsElasticacheReplicationGroup = defineResource({
  type: 'aws.elasticache.replication-group',
  title: 'ElastiCache replication group (Valkey or Redis OSS)',
  shape: {
    identifier: z.string(),
    status: z.string(),
    encryptedAtRest: z.boolean(),
    encryptedInTransit: z.boolean(),
    /** `required`, or `preferred`: plain connections are still accepted. Null: encryption in transit is off, or the mode was not stated. */
    transitMode: z.string().nullable(),
    /** 0: automatic backups are off. */
    snapshotRetentionDays: z.int().nonnegative(),
  },
});
