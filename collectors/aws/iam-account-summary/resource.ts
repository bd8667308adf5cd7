import { defineResource, z } from '../../../src/authoring.ts';

/** IAM's own counts: what the rosters are reconciled with. */
export const AwsIamAccountSummary = defineResource({
  type: 'aws.iam.account-summary',
  title: 'IAM account summary',
  aggregate: true,
  shape: {
    users: z.int(),
    groups: z.int(),
    roles: z.int(),
    customerPolicies: z.int(),
    mfaDevicesInUse: z.int(),
    rootHasMfa: z.boolean(),
    rootHasAccessKeys: z.boolean(),
    rootHasPassword: z.boolean(),
    rootHasSigningCertificates: z.boolean(),
  },
});
