import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const AwsRdsInstance = defineResource({
  type: 'aws.rds.instance',
  title: 'RDS, Aurora, Neptune or DocumentDB instance',
  shape: {
    identifier: z.string(),
    engine: z.string(),
    status: z.string(),
    /** The cluster it is a member of; storage, encryption, backups and deletion protection are then the cluster's. */
    clusterId: z.string().nullable(),
    /** What it replicates; it holds a copy and has no history of its own. */
    replicaOf: z.string().nullable(),
    storageEncrypted: z.boolean(),
    publiclyAccessible: z.boolean(),
    /** 0: automated backups are off. */
    backupRetentionDays: z.int().nonnegative(),
    multiAz: z.boolean(),
    deletionProtection: z.boolean(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleDatabase: ResourceOf<typeof AwsRdsInstance> = {
  id: 'aws:111122223333/eu-central-1/rds-instance/db-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  display: 'payroll',
  identifier: 'payroll',
  engine: 'postgres',
  status: 'available',
  clusterId: null,
  replicaOf: null,
  storageEncrypted: true,
  publiclyAccessible: false,
  backupRetentionDays: 14,
  multiAz: true,
  deletionProtection: true,
};
