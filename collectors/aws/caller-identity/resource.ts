import { defineResource, z } from '../../../src/authoring.ts';

export const AwsAccount = defineResource({
  type: 'aws.account',
  title: 'AWS account',
  shape: {
    accountId: z.string().regex(/^\d{12}$/),
    /** `aws`, `aws-cn`, `aws-us-gov`. */
    partition: z.string(),
  },
});
