import { defineResource, z } from '../../../src/authoring.ts';

export const AwsIamPasswordPolicy = defineResource({
  type: 'aws.iam.password-policy',
  title: 'IAM password policy',
  aggregate: true,
  shape: {
    /** False: IAM's own default applies (8 characters, three kinds of them, no expiry, no memory). */
    isSet: z.boolean(),
    minimumLength: z.int().nullable(),
    requiresUppercase: z.boolean().nullable(),
    requiresLowercase: z.boolean().nullable(),
    requiresNumbers: z.boolean().nullable(),
    requiresSymbols: z.boolean().nullable(),
    /** Former passwords that cannot be used again; null: no such rule. */
    reusePrevention: z.int().nullable(),
    /** Days; null: passwords do not expire. */
    maximumAge: z.int().nullable(),
  },
});
