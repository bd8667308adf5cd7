import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { accountPublicAccessEvents } from '../change-events.ts';

export const AwsS3AccountPublicAccess = defineResource({
  type: 'aws.s3.account-public-access',
  title: 'S3 public access block of an account',
  aggregate: true,
  changedBy: accountPublicAccessEvents,
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

/** As it should be: the starting point of examples. */
export const exampleAccountBlock: ResourceOf<typeof AwsS3AccountPublicAccess> = {
  id: 'aws:111122223333/s3-account-public-access',
  display: 'account 111122223333',
  account: '111122223333',
  configured: true,
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};
