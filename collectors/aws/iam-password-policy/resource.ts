import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { passwordPolicyEvents } from '../change-events.ts';

export const AwsIamPasswordPolicy = defineResource({
  type: 'aws.iam.password-policy',
  title: 'IAM password policy',
  aggregate: true,
  changedBy: passwordPolicyEvents,
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

/** A strong one, for the examples of checks. */
export const examplePasswordPolicy: ResourceOf<typeof AwsIamPasswordPolicy> = {
  id: 'aws:111122223333/iam-password-policy',
  display: '111122223333',
  isSet: true,
  minimumLength: 14,
  requiresUppercase: true,
  requiresLowercase: true,
  requiresNumbers: true,
  requiresSymbols: true,
  reusePrevention: 24,
  maximumAge: null,
};
/** What an account without a policy of its own looks like. */
export const exampleNoPasswordPolicy: ResourceOf<typeof AwsIamPasswordPolicy> = {
  ...examplePasswordPolicy,
  isSet: false,
  minimumLength: null,
  requiresUppercase: null,
  requiresLowercase: null,
  requiresNumbers: null,
  requiresSymbols: null,
  reusePrevention: null,
};
