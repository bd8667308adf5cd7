import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const AwsEc2Volume = defineResource({
  type: 'aws.ec2.volume',
  title: 'EBS volume',
  shape: {
    volumeId: z.string(),
    /** `creating available in-use deleting deleted error`: AWS may add more. */
    state: z.string(),
    encrypted: z.boolean(),
    /** Instances it is attached to: none for a volume that was left behind, which keeps its data all the same. */
    attachedTo: z.array(z.string()),
  },
});

/** As it should be: the starting point of examples. */
export const exampleVolume: ResourceOf<typeof AwsEc2Volume> = {
  id: 'aws:111122223333/eu-central-1/ec2-volume/vol-0a1b2c3d4e5f60001',
  display: 'vol-0a1b2c3d4e5f60001',
  volumeId: 'vol-0a1b2c3d4e5f60001',
  state: 'in-use',
  encrypted: true,
  attachedTo: ['i-0a1b2c3d4e5f60001'],
};
