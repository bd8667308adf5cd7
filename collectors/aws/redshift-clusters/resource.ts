import { defineResource, z } from '../../../src/authoring.ts';

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
