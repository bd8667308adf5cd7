import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { blockStoreDefaultEvents, snapshotEvents } from '../change-events.ts';

export const AwsEc2Snapshot = defineResource({
  type: 'aws.ec2.snapshot',
  title: 'EBS snapshot of this account',
  changedBy: [...snapshotEvents, ...blockStoreDefaultEvents],
  shape: {
    snapshotId: z.string(),
    volumeId: z.string().nullable(),
    /** `pending completed error recoverable recovering`: AWS may add more. */
    state: z.string(),
    encrypted: z.boolean(),
    /** Everybody with an AWS account may restore it now. */
    public: z.boolean(),
    /** The region's block on public sharing: `block-all-sharing`, `block-new-sharing`, `unblocked`; null for an encrypted one, which needs none. */
    publicSharing: z.string().nullable(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleSnapshot: ResourceOf<typeof AwsEc2Snapshot> = {
  id: 'aws:111122223333/eu-central-1/ec2-snapshot/snap-0a1b2c3d4e5f60001',
  display: 'snap-0a1b2c3d4e5f60001',
  snapshotId: 'snap-0a1b2c3d4e5f60001',
  volumeId: 'vol-0a1b2c3d4e5f60001',
  state: 'completed',
  encrypted: true,
  public: false,
  publicSharing: null,
};
