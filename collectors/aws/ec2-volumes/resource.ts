import { defineResource, z } from '../../../src/authoring.ts';

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
