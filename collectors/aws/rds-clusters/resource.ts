import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const AwsRdsCluster = defineResource({
  type: 'aws.rds.cluster',
  title: 'Aurora, Multi-AZ, Neptune or DocumentDB cluster',
  shape: {
    identifier: z.string(),
    engine: z.string(),
    status: z.string(),
    /** The source it replicates, in another region as a rule. */
    replicaOf: z.string().nullable(),
    storageEncrypted: z.boolean(),
    /** 0: automated backups are off. */
    backupRetentionDays: z.int().nonnegative(),
    multiAz: z.boolean(),
    deletionProtection: z.boolean(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleDatabaseCluster: ResourceOf<typeof AwsRdsCluster> = {
  id: 'aws:111122223333/eu-central-1/rds-cluster/cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  display: 'ledger',
  identifier: 'ledger',
  engine: 'aurora-postgresql',
  status: 'available',
  replicaOf: null,
  storageEncrypted: true,
  backupRetentionDays: 14,
  multiAz: true,
  deletionProtection: true,
};
