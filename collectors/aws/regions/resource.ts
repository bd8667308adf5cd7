import { defineResource, z } from '../../../src/authoring.ts';

export const AwsRegion = defineResource({
  type: 'aws.region',
  title: 'AWS region',
  shape: {
    name: z.string(),
    /** Whether the account can use it; nothing can run in one that is not enabled. */
    enabled: z.boolean(),
  },
});
