import { defineResource, z } from '../../../src/authoring.ts';

export const AwsEc2MetadataDefaults = defineResource({
  type: 'aws.ec2.metadata-defaults',
  title: 'Instance metadata defaults of a region',
  aggregate: true,
  shape: {
    region: z.string(),
    /** `required`, `optional`; null: no preference, the image or the launch request decides. */
    tokens: z.string().nullable(),
  },
});
