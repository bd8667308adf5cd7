import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const AwsIdentityCenterInstance = defineResource({
  type: 'aws.identity-center.instance',
  title: 'Identity Center instance',
  shape: {
    arn: z.string(),
    region: z.string(),
    identityStoreId: z.string(),
    ownerAccountId: z.string(),
    /** Users, permission sets and assignments are read where the instance is owned. */
    ownedHere: z.boolean(),
    status: z.string(),
  },
});

export const AwsIdentityCenterPermissionSet = defineResource({
  type: 'aws.identity-center.permission-set',
  title: 'Identity Center permission set',
  shape: {
    /** What assignments call it by. */
    arn: z.string(),
    name: z.string(),
    /** ISO-8601 duration of a session (`PT8H`). */
    sessionDuration: z.string(),
    managedPolicies: z.array(z.string()),
    hasInlinePolicy: z.boolean(),
    fullAdministration: z.boolean(),
    accounts: z.array(z.string()),
  },
});

export const AwsIdentityCenterAssignment = defineResource({
  type: 'aws.identity-center.assignment',
  title: 'Identity Center assignment',
  shape: {
    accountId: z.string(),
    /** ARN; in the account it is a role `AWSReservedSSO_<its name>_...`. */
    permissionSet: z.string(),
    principalType: z.enum(['USER', 'GROUP']),
    /** `userId` or `groupId`. */
    principalId: z.string(),
  },
});

export const AwsIdentityCenterUser = defineResource({
  type: 'aws.identity-center.user',
  title: 'Identity Center user',
  shape: {
    /** Immutable; memberships and assignments refer to users by it. */
    userId: z.string(),
    userName: z.string(),
    displayName: z.string().nullable(),
    emails: z.array(z.string()),
    /** Disabled users cannot sign in. */
    enabled: z.boolean(),
    /** Created by an external identity provider. */
    external: z.boolean(),
    /** What the identity providers that created it call it. */
    externalIds: z.array(z.strictObject({ issuer: z.string(), id: z.string() })),
    /** `groupId` of each. */
    groups: z.array(z.string()),
    /** No operation of AWS tells which factors a user has, or whether one is asked for. */
    hasSecondFactor: z.boolean(),
  },
});

export const AwsIdentityCenterGroup = defineResource({
  type: 'aws.identity-center.group',
  title: 'Identity Center group',
  shape: {
    groupId: z.string(),
    name: z.string(),
    external: z.boolean(),
    /** `userId` of each. */
    members: z.array(z.string()),
  },
});

/** For the examples of checks. */
export const exampleIdentityCenterUser: ResourceOf<typeof AwsIdentityCenterUser> = {
  id: 'aws:111122223333/identity-center-user/90677c608a-1',
  display: 'ana@example.com',
  userId: '90677c608a-1',
  userName: 'ana@example.com',
  displayName: 'Ana Example',
  emails: ['ana@example.com'],
  enabled: true,
  external: false,
  externalIds: [],
  groups: [],
  hasSecondFactor: true,
};
