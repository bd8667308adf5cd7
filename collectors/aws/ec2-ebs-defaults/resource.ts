import { defineResource, z } from '../../../src/authoring.ts';

export const AwsEc2EbsDefaults = defineResource({
  type: 'aws.ec2.ebs-defaults',
  title: 'EBS settings of a region',
  aggregate: true,
  shape: {
    region: z.string(),
    encryptionByDefault: z.boolean(),
  },
});
