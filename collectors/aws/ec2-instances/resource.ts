import { defineResource, z } from '../../../src/authoring.ts';

export const AwsEc2Instance = defineResource({
  type: 'aws.ec2.instance',
  title: 'EC2 instance',
  shape: {
    instanceId: z.string(),
    /** `pending running stopping stopped shutting-down terminated`. */
    state: z.string(),
    /** `required`: version 2 of the instance metadata service only. */
    metadataTokens: z.string(),
    /** `disabled`: there is no metadata service on this instance. */
    metadataEndpoint: z.string(),
  },
});
