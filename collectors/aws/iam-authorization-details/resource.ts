import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { credentialEvents, groupEvents, inlinePolicyEvents, policyEvents, roleEvents, userEvents } from '../change-events.ts';

const Tags = z.record(z.string(), z.string());

/** Rights a principal holds through all its policies and groups, bounded by its permissions boundary, denies taken off. */
export const Rights = {
  /** Everything on everything. */
  fullAdministration: z.boolean(),
  /** Can give itself or others any right. */
  administersIam: z.boolean(),
  /** Can stop, narrow or delete the recording of activity. */
  canStopTrails: z.boolean(),
};

export const AwsIamUser = defineResource({
  type: 'aws.iam.user',
  title: 'IAM user',
  changedBy: [...credentialEvents, ...userEvents, ...groupEvents, ...policyEvents],
  shape: {
    userName: z.string(),
    path: z.string(),
    createdAt: z.string(),
    groups: z.array(z.string()),
    attachedPolicies: z.array(z.string()),
    inlinePolicies: z.array(z.string()),
    tags: Tags,
    /** From the credential report: up to four hours old. */
    passwordEnabled: z.boolean(),
    mfaActive: z.boolean(),
    activeAccessKeys: z.int(),
    ...Rights,
  },
});

/** A party outside the account that a role's trust policy lets in. */
export const TrustedParty = z.object({
  kind: z.enum(['everyone', 'account', 'other']),
  /** Account id; `*` for everyone. */
  id: z.string(),
  principal: z.string(),
  /** An external id, a second factor, an organisation or another certain caller is asked for. */
  bound: z.boolean(),
});

export const AwsIamRole = defineResource({
  type: 'aws.iam.role',
  title: 'IAM role',
  changedBy: [...roleEvents, ...policyEvents],
  shape: {
    roleName: z.string(),
    accountId: z.string(),
    path: z.string(),
    createdAt: z.string(),
    /** Made and owned by an AWS service, or by Identity Center: nobody in the account can change or remove it. */
    managedByAws: z.boolean(),
    /** ISO-8601 UTC; null: not in the last 400 days, which is as far as AWS remembers. */
    lastUsed: z.string().nullable(),
    attachedPolicies: z.array(z.string()),
    inlinePolicies: z.array(z.string()),
    tags: Tags,
    trustsOutside: z.array(TrustedParty),
    ...Rights,
  },
});

export const AwsIamGroup = defineResource({
  type: 'aws.iam.group',
  title: 'IAM group',
  shape: {
    groupName: z.string(),
    createdAt: z.string(),
    members: z.int(),
    attachedPolicies: z.array(z.string()),
    inlinePolicies: z.array(z.string()),
  },
});

/** A user or a role by what it may do. */
export const AwsIamPrincipal = defineResource({
  type: 'aws.iam.principal',
  title: 'IAM user or role with its effective rights',
  changedBy: [...credentialEvents, ...userEvents, ...groupEvents, ...roleEvents, ...policyEvents],
  shape: {
    kind: z.enum(['user', 'role']),
    name: z.string(),
    arn: z.string(),
    managedByAws: z.boolean(),
    /** Through which policies full administration comes, as `name` or `group/name`. */
    administrationThrough: z.array(z.string()),
    ...Rights,
  },
});

/**
 * A policy as AWS has it, single values as lists (`Action: ['s3:Get*']`), or why its text was not read: that is never a policy that allows
 * nothing. Documents are passed on and not copied: a hundred roles with one policy share it.
 */
interface PolicyDocument {
  /** Decides whether `${aws:username}` is a variable (2012-10-17) or those very characters. */
  readonly Version?: string | undefined;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}
const Document = z.custom<PolicyDocument | { readonly unread: string }>(
  (value) => typeof value === 'object' && value !== null && (('Statement' in value && Array.isArray(value.Statement)) || 'unread' in value),
);

/** A user, role or group with every document that decides what it may do: what effective rights are worked out of. */
export const AwsIamGrants = defineResource({
  type: 'aws.iam.grants',
  title: 'IAM user, role or group with the policies it holds',
  changedBy: [...credentialEvents, ...userEvents, ...groupEvents, ...roleEvents, ...policyEvents],
  shape: {
    /** `AIDA...`, `AROA...`, `AGPA...`: immutable. */
    principalId: z.string(),
    kind: z.enum(['user', 'role', 'group']),
    name: z.string(),
    arn: z.string(),
    accountId: z.string(),
    path: z.string(),
    /** Its own, and a user's through his groups. */
    policies: z.array(
      z.strictObject({
        name: z.string(),
        /** Null: inline. */
        arn: z.string().nullable(),
        /** `direct`, or `group:developers`. */
        through: z.string(),
        inline: z.boolean(),
        document: Document,
      }),
    ),
    /** Permissions boundary; null: none, and nothing is bounded. */
    boundary: z.strictObject({ arn: z.string(), document: Document }).nullable(),
    /** Who may become it; null for what nobody becomes (users and groups). */
    trust: Document.nullable(),
    /** Names of a user's groups. */
    groups: z.array(z.string()),
    tags: Tags,
    /** Of a role: ISO-8601 UTC; null: not in 400 days. Always null of others: of a user `aws.iam.credential` says it, a group is not used. */
    lastUsed: z.string().nullable(),
    /** Made and owned by an AWS service or by Identity Center. */
    managedByAws: z.boolean(),
    /** Name of the Identity Center permission set that a role stands for in this account. */
    permissionSet: z.string().nullable(),
  },
});

const PolicyFacts = {
  /** Allows everything on everything. */
  fullAdministration: z.boolean(),
  /** Allows to assume any role there is. */
  assumesAnyRole: z.boolean(),
};
export const AwsIamPolicy = defineResource({
  type: 'aws.iam.policy',
  title: 'Customer-managed IAM policy',
  changedBy: policyEvents,
  shape: {
    policyName: z.string(),
    arn: z.string(),
    /** Users, groups and roles it is attached to, as policy or as boundary. */
    attachments: z.int(),
    ...PolicyFacts,
  },
});
export const AwsIamInlinePolicy = defineResource({
  type: 'aws.iam.inline-policy',
  title: 'Inline policy of an IAM user, group or role',
  changedBy: inlinePolicyEvents,
  shape: { policyName: z.string(), owner: z.string(), ownerKind: z.enum(['user', 'group', 'role']), ...PolicyFacts },
});

/** Ordinary ones, for the examples of checks. */
const noRights = { fullAdministration: false, administersIam: false, canStopTrails: false };
export const exampleIamUser: ResourceOf<typeof AwsIamUser> = {
  id: 'aws:111122223333/iam-user/AIDAEXAMPLEANA',
  display: 'ana',
  userName: 'ana',
  path: '/',
  createdAt: '2024-02-01T09:00:00.000Z',
  groups: ['developers'],
  attachedPolicies: [],
  inlinePolicies: [],
  tags: {},
  passwordEnabled: true,
  mfaActive: true,
  activeAccessKeys: 1,
  ...noRights,
};
export const exampleRole: ResourceOf<typeof AwsIamRole> = {
  id: 'aws:111122223333/iam-role/AROAEXAMPLEDEPLOY',
  display: 'deploy',
  roleName: 'deploy',
  accountId: '111122223333',
  path: '/',
  createdAt: '2024-02-01T09:00:00.000Z',
  managedByAws: false,
  lastUsed: '2026-01-14T08:00:00.000Z',
  attachedPolicies: ['deploy'],
  inlinePolicies: [],
  tags: {},
  trustsOutside: [],
  ...noRights,
};
export const examplePrincipal: ResourceOf<typeof AwsIamPrincipal> = {
  id: 'aws:111122223333/iam-principal/AROAEXAMPLEDEPLOY',
  display: 'deploy',
  kind: 'role',
  name: 'deploy',
  arn: 'arn:aws:iam::111122223333:role/deploy',
  managedByAws: false,
  administrationThrough: [],
  ...noRights,
};
export const examplePolicy: ResourceOf<typeof AwsIamPolicy> = {
  id: 'aws:111122223333/iam-policy/ANPAEXAMPLEDEPLOY',
  display: 'deploy',
  policyName: 'deploy',
  arn: 'arn:aws:iam::111122223333:policy/deploy',
  attachments: 1,
  fullAdministration: false,
  assumesAnyRole: false,
};
export const exampleInlinePolicy: ResourceOf<typeof AwsIamInlinePolicy> = {
  id: 'aws:111122223333/iam-inline-policy/AROAEXAMPLEDEPLOY/read-config',
  display: 'deploy/read-config',
  policyName: 'read-config',
  owner: 'deploy',
  ownerKind: 'role',
  fullAdministration: false,
  assumesAnyRole: false,
};
