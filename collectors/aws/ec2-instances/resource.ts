import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

/** As it should be: the starting point of examples. */
export const exampleInstance: ResourceOf<typeof AwsEc2Instance> = {
  id: 'aws:111122223333/eu-central-1/ec2-instance/i-0a1b2c3d4e5f60001',
  display: 'i-0a1b2c3d4e5f60001',
  instanceId: 'i-0a1b2c3d4e5f60001',
  state: 'running',
  metadataTokens: 'required',
  metadataEndpoint: 'enabled',
};
