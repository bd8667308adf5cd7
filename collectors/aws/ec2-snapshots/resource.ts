import { defineResource, z } from '../../../src/authoring.ts';

export const AwsEc2Snapshot = defineResource({
  type: 'aws.ec2.snapshot',
  title: 'EBS snapshot of this account',
  shape: {
    snapshotId: z.string(),
    volumeId: z.string().nullable(),
    /** `pending completed error recoverable recovering`: AWS may add more. */
    state: z.string(),
    encrypted: z.boolean(),
    /** Everybody with an AWS account may restore it now. */
    public: z.boolean(),
    /** The region's block on public sharing: `block-all-sharing`, `block-new-sharing`, `unblocked`. */
    publicSharing: z.string(),
  },
});
