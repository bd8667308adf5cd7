import { defineResource, z } from '../../../src/authoring.ts';

/** How many resources of which type AWS Config knows of in a region: an independent count of what exists. */
export const AwsConfigDiscoveredResources = defineResource({
  type: 'aws.config.discovered-resources',
  title: 'Resource types and counts by AWS Config',
  aggregate: true,
  shape: {
    region: z.string(),
    total: z.int(),
    /** Count by type (`AWS::S3::Bucket`). */
    counts: z.record(z.string(), z.int()),
  },
});
