import { defineResource, z } from '../../../src/authoring.ts';

export const AwsS3AccountPublicAccess = defineResource({
  type: 'aws.s3.account-public-access',
  title: 'S3 public access block of an account',
  aggregate: true,
  shape: {
    account: z.string(),
    /** False: there is no block at account level at all. */
    configured: z.boolean(),
    blockPublicAcls: z.boolean(),
    ignorePublicAcls: z.boolean(),
    blockPublicPolicy: z.boolean(),
    restrictPublicBuckets: z.boolean(),
  },
});
