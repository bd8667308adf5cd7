import { defineResource, z } from '../../../src/authoring.ts';

export const AwsOrganization = defineResource({
  type: 'aws.organization',
  title: 'Membership of an AWS organisation',
  aggregate: true,
  shape: {
    /** Null: the account belongs to none. */
    organizationId: z.string().nullable(),
    /** Whether this is the account that manages it; only there can members and policies be listed. */
    isManagementAccount: z.boolean(),
    allFeatures: z.boolean(),
    /** Service control policies in use beside the one that allows everything; known to the management account alone. */
    serviceControlPolicies: z.array(z.string()),
  },
});

export const AwsOrganizationAccount = defineResource({
  type: 'aws.organization.account',
  title: 'Account of the AWS organisation',
  shape: { accountId: z.string(), name: z.string(), status: z.string(), joinedAt: z.string() },
});
