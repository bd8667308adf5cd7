import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const AwsRedshiftCluster = defineResource({
  type: 'aws.redshift.cluster',
  title: 'Redshift cluster',
  shape: {
    identifier: z.string(),
    status: z.string(),
    encrypted: z.boolean(),
    publiclyAccessible: z.boolean(),
    /** 0: automated snapshots are off. */
    automatedSnapshotRetentionDays: z.int().nonnegative(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleWarehouse: ResourceOf<typeof AwsRedshiftCluster> = {
  id: 'aws:111122223333/eu-central-1/redshift-cluster/reporting/2024-05-06T07:00:00.000Z',
  display: 'reporting',
  identifier: 'reporting',
  status: 'available',
  encrypted: true,
  publiclyAccessible: false,
  automatedSnapshotRetentionDays: 14,
};
