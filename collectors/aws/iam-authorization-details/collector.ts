import { defineCollector, type JsonObject, type Reading, type ResourceDraft, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { collectCredentialReport, credentialReportRule, Flag, generateReportRule, readRows } from '../credential-report.ts';
import { objectsIn } from '../lists.ts';
import { coversAction, granteesOf, isBound, type PolicyDocument, PolicyDocumentText, type Statement } from '../policy-document.ts';
import { AwsIamGrants, AwsIamGroup, AwsIamInlinePolicy, AwsIamPolicy, AwsIamPrincipal, AwsIamRole, AwsIamUser } from './resource.ts';
import { assumesAnyRole, isAdministrator, type Policy, rightsOf } from './rights.ts';

const Attached = z.array(z.object({ PolicyName: z.string(), PolicyArn: z.string() }));
const Inline = z.array(z.object({ PolicyName: z.string(), PolicyDocument: PolicyDocumentText }));
const Boundary = z.object({ PermissionsBoundaryArn: z.string() }).optional();
const Tags = z
  .array(z.object({ Key: z.string(), Value: z.string() }))
  .optional()
  .transform((tags) => Object.fromEntries((tags ?? []).map((tag) => [tag.Key, tag.Value])));
const common = { Path: z.string(), Arn: z.string(), CreateDate: z.string(), AttachedManagedPolicies: Attached };

// Only an entity without inline policies comes without the list of them: AWS's shape says so.
const User = z.object({
  kind: z.literal('user').default('user'),
  UserId: z.string(),
  UserName: z.string(),
  ...common,
  UserPolicyList: Inline.optional(),
  GroupList: z.array(z.string()),
  PermissionsBoundary: Boundary,
  Tags,
});
const Role = z.object({
  kind: z.literal('role').default('role'),
  RoleId: z.string(),
  RoleName: z.string(),
  ...common,
  AssumeRolePolicyDocument: PolicyDocumentText,
  RolePolicyList: Inline.optional(),
  PermissionsBoundary: Boundary,
  // Empty for a role that nobody used; there with every role.
  RoleLastUsed: z.union([z.strictObject({}).transform(() => ({ LastUsedDate: null })), z.object({ LastUsedDate: z.string() })]).optional(),
  Tags,
});
const Group = z.object({
  kind: z.literal('group').default('group'),
  GroupId: z.string(),
  GroupName: z.string(),
  ...common,
  GroupPolicyList: Inline.optional(),
});
const Managed = z.object({
  kind: z.literal('policy').default('policy'),
  PolicyId: z.string().optional(),
  Arn: z.string(),
  AttachmentCount: z.int(),
  PermissionsBoundaryUsageCount: z.int().optional(),
  PolicyVersionList: z.array(z.object({ Document: PolicyDocumentText, IsDefaultVersion: z.boolean() })),
});
const Detail = z.union([User, Role, Group, Managed]);
const Row = z.object({
  user: z.string(),
  password_enabled: z.union([Flag, z.literal('not_supported')]),
  mfa_active: Flag,
  access_key_1_active: Flag,
  access_key_2_active: Flag,
});

/** The four lists of a page, each entity by an id of its own; a policy by its ARN, which attachments refer to. */
const lists = [
  ['UserDetailList', 'user', 'UserId'],
  ['RoleDetailList', 'role', 'RoleId'],
  ['GroupDetailList', 'group', 'GroupId'],
  ['Policies', 'policy', 'Arn'],
] as const;
const isManagedByAws = (arn: string) => arn.split(':')[4] === 'aws';
function splitDetails(output: JsonObject): readonly { readonly subject: string; readonly body: JsonObject }[] {
  return lists.flatMap(([list, kind, id]) => {
    // Every page has all four lists, if only empty ones.
    return objectsIn(output, list).map((body) => {
      const named = body[id];
      if (typeof named !== 'string') throw new TypeError(`${list} holds something without ${id}`);
      // IAM's own count of policies leaves out AWS's.
      return { subject: `${isManagedByAws(named) ? 'aws-policy' : kind}/${named}`, body };
    });
  });
}

/** As in AwsIamGrants. */
interface HeldPolicy {
  readonly name: string;
  readonly arn: string | null;
  readonly through: string;
  readonly inline: boolean;
  readonly document: PolicyDocument | { readonly unread: string };
}

export default defineCollector<AwsClient>({
  id: 'aws/iam-authorization-details',
  title: 'IAM users, groups, roles and policies',
  kind: 'roster',
  scope: 'account',
  yields: [AwsIamUser, AwsIamRole, AwsIamGroup, AwsIamPrincipal, AwsIamGrants, AwsIamPolicy, AwsIamInlinePolicy],
  permissions: ['iam:GetAccountAuthorizationDetails', 'iam:GenerateCredentialReport', 'iam:GetCredentialReport'],
  items: {
    'iam:GetAccountAuthorizationDetails': {
      split: splitDetails,
      keep: [
        ...['UserId', 'UserName', 'UserPolicyList', 'GroupList'],
        ...['RoleId', 'RoleName', 'AssumeRolePolicyDocument', 'RolePolicyList', 'RoleLastUsed'],
        ...['GroupId', 'GroupName', 'GroupPolicyList'],
        ...['PolicyId', 'PolicyName', 'DefaultVersionId', 'AttachmentCount', 'PermissionsBoundaryUsageCount', 'PolicyVersionList'],
        ...['Path', 'Arn', 'CreateDate', 'UpdateDate', 'AttachedManagedPolicies', 'PermissionsBoundary', 'Tags'],
      ],
      volatile: ['RoleLastUsed'],
    },
    'iam:GenerateCredentialReport': generateReportRule,
    'iam:GetCredentialReport': { ...credentialReportRule(Object.keys(Row.shape), []), namesSubjects: false },
  },
  reconcile: [
    { subjects: 'user/', field: 'users' },
    { subjects: 'group/', field: 'groups' },
    { subjects: 'role/', field: 'roles' },
    { subjects: 'policy/', field: 'customerPolicies' },
  ].map((by) => ({ operation: 'iam:GetAccountAuthorizationDetails', with: 'aws/iam-account-summary', ...by })),
  async *collect(client) {
    yield* client.pages('iam:GetAccountAuthorizationDetails');
    yield* collectCredentialReport(client);
  },
  normalise(view) {
    const details = view.list('iam:GetAccountAuthorizationDetails', Detail).map(({ body }) => body);
    const report = readRows(view, Row);
    const gap = view.gapIn('iam:GetAccountAuthorizationDetails');
    const documents = new Map<string, PolicyDocument>();
    const groups = new Map<string, readonly Policy[]>();
    const groupDetails = new Map<string, z.output<typeof Group>>();
    for (const detail of details) {
      if (detail.kind !== 'policy') continue;
      const version = detail.PolicyVersionList.find((one) => one.IsDefaultVersion);
      if (version) documents.set(detail.Arn, version.Document);
    }
    for (const detail of details) {
      if (detail.kind !== 'group') continue;
      groupDetails.set(detail.GroupName, detail);
      groups.set(detail.GroupName, policiesOf(detail.AttachedManagedPolicies, detail.GroupPolicyList, `${detail.GroupName}/`));
    }

    const drafts: ResourceDraft[] = [];
    for (const detail of details) {
      if (detail.kind === 'user') fromUser(detail);
      else if (detail.kind === 'role') fromRole(detail);
      else if (detail.kind === 'group') fromGroup(detail);
      else if (!isManagedByAws(detail.Arn)) fromPolicy(detail);
    }
    return drafts;

    /** A managed policy whose document is not in the reply (or on a page that is missing) stays unknown. */
    function policiesOf(attached: z.output<typeof Attached>, inline: z.output<typeof Inline> | undefined, prefix = ''): readonly Policy[] {
      return [
        ...attached.map(({ PolicyName: name, PolicyArn: arn }) => ({
          name: prefix + name,
          arn,
          statements: documents.get(arn)?.Statement ?? unread(gap ?? 'not-collected'),
        })),
        ...(inline ?? []).map(({ PolicyName: name, PolicyDocument: document }) => ({
          name: prefix + name,
          arn: null,
          statements: document.Statement,
        })),
      ];
    }
    function boundaryOf(boundary: z.output<typeof Boundary>): Policy | null {
      if (!boundary) return null;
      const arn = boundary.PermissionsBoundaryArn;
      return { name: arn, arn, statements: documents.get(arn)?.Statement ?? unread(gap ?? 'not-collected') };
    }
    function inlineDrafts(
      owner: { kind: 'user' | 'group' | 'role'; name: string; id: string; arn: string },
      inline: z.output<typeof Inline> | undefined,
    ): void {
      for (const { PolicyName: policyName, PolicyDocument: document } of inline ?? []) {
        drafts.push(
          AwsIamInlinePolicy.draft(
            { id: view.id('iam-inline-policy', owner.id, policyName), display: `${owner.name}/${policyName}` },
            {
              policyName,
              owner: owner.name,
              ownerKind: owner.kind,
              fullAdministration: document.Statement.some(isAdministrator),
              assumesAnyRole: assumesAnyRole(document.Statement, partitionOf(owner.arn)),
            },
          ),
        );
      }
    }
    function documentOf(arn: string): PolicyDocument | { readonly unread: string } {
      return documents.get(arn) ?? { unread: gap ?? 'not-collected' };
    }
    function heldPolicies(
      attached: z.output<typeof Attached>,
      inline: z.output<typeof Inline> | undefined,
      through = 'direct',
    ): HeldPolicy[] {
      return [
        ...attached.map(({ PolicyName: name, PolicyArn: arn }) => ({ name, arn, through, inline: false, document: documentOf(arn) })),
        ...(inline ?? []).map(({ PolicyName: name, PolicyDocument: document }) => ({ name, arn: null, through, inline: true, document })),
      ];
    }
    /** A group that did not come with the reply gives what nobody knows. */
    function groupPolicies(name: string): HeldPolicy[] {
      const group = groupDetails.get(name);
      const through = `group:${name}`;
      return group
        ? heldPolicies(group.AttachedManagedPolicies, group.GroupPolicyList, through)
        : [{ name: '*', arn: null, through, inline: false, document: { unread: gap ?? 'malformed-reply' } }];
    }
    function heldBoundary(boundary: z.output<typeof Boundary>) {
      return boundary ? { arn: boundary.PermissionsBoundaryArn, document: documentOf(boundary.PermissionsBoundaryArn) } : null;
    }
    function fromUser(user: z.output<typeof User>): void {
      const own = policiesOf(user.AttachedManagedPolicies, user.UserPolicyList);
      const inherited = user.GroupList.map((group) => groups.get(group));
      const all: Reading<readonly Policy[]> = inherited.every((policies) => policies !== undefined)
        ? [...own, ...inherited.flat()]
        : unread(gap ?? 'malformed-reply');
      const { through, ...rights } = rightsOf(all, boundaryOf(user.PermissionsBoundary), user.Arn);
      const row = read(report, (rows) => rows.get(user.UserName) ?? unread('stale'));
      drafts.push(
        AwsIamUser.draft(
          { id: view.id('iam-user', user.UserId), display: user.UserName, tags: user.Tags },
          {
            userName: user.UserName,
            path: user.Path,
            createdAt: user.CreateDate,
            groups: user.GroupList,
            attachedPolicies: user.AttachedManagedPolicies.map((policy) => policy.PolicyName),
            inlinePolicies: (user.UserPolicyList ?? []).map((policy) => policy.PolicyName),
            tags: user.Tags,
            passwordEnabled: read(row, (found) =>
              found.password_enabled === 'not_supported' ? unread('malformed-reply') : found.password_enabled,
            ),
            mfaActive: read(row, (found) => found.mfa_active),
            activeAccessKeys: read(row, (found) => Number(found.access_key_1_active) + Number(found.access_key_2_active)),
            ...rights,
          },
        ),
        AwsIamPrincipal.draft(
          { id: view.id('iam-principal', user.UserId), display: user.UserName, tags: user.Tags },
          { kind: 'user', name: user.UserName, arn: user.Arn, managedByAws: false, administrationThrough: through, ...rights },
        ),
        AwsIamGrants.draft(
          { id: view.id('iam-grants', user.UserId), display: user.UserName, tags: user.Tags },
          {
            principalId: user.UserId,
            kind: 'user',
            name: user.UserName,
            arn: user.Arn,
            accountId: view.tenant,
            path: user.Path,
            policies: [...heldPolicies(user.AttachedManagedPolicies, user.UserPolicyList), ...user.GroupList.flatMap(groupPolicies)],
            boundary: heldBoundary(user.PermissionsBoundary),
            trust: null,
            groups: user.GroupList,
            tags: user.Tags,
            lastUsed: null,
            managedByAws: false,
            permissionSet: null,
          },
        ),
      );
      inlineDrafts({ kind: 'user', name: user.UserName, id: user.UserId, arn: user.Arn }, user.UserPolicyList);
    }
    function fromRole(role: z.output<typeof Role>): void {
      const managedByAws = role.Path.startsWith('/aws-service-role/') || role.Path.startsWith('/aws-reserved/');
      const { through, ...rights } = rightsOf(
        policiesOf(role.AttachedManagedPolicies, role.RolePolicyList),
        boundaryOf(role.PermissionsBoundary),
        role.Arn,
      );
      drafts.push(
        AwsIamRole.draft(
          { id: view.id('iam-role', role.RoleId), display: role.RoleName, tags: role.Tags },
          {
            roleName: role.RoleName,
            accountId: view.tenant,
            path: role.Path,
            createdAt: role.CreateDate,
            managedByAws,
            lastUsed: role.RoleLastUsed ? role.RoleLastUsed.LastUsedDate : unread('malformed-reply'),
            attachedPolicies: role.AttachedManagedPolicies.map((policy) => policy.PolicyName),
            inlinePolicies: (role.RolePolicyList ?? []).map((policy) => policy.PolicyName),
            tags: role.Tags,
            trustsOutside: partiesOutside(role.AssumeRolePolicyDocument.Statement, view.tenant),
            ...rights,
          },
        ),
        AwsIamPrincipal.draft(
          { id: view.id('iam-principal', role.RoleId), display: role.RoleName, tags: role.Tags },
          { kind: 'role', name: role.RoleName, arn: role.Arn, managedByAws, administrationThrough: through, ...rights },
        ),
        AwsIamGrants.draft(
          { id: view.id('iam-grants', role.RoleId), display: role.RoleName, tags: role.Tags },
          {
            principalId: role.RoleId,
            kind: 'role',
            name: role.RoleName,
            arn: role.Arn,
            accountId: view.tenant,
            path: role.Path,
            policies: heldPolicies(role.AttachedManagedPolicies, role.RolePolicyList),
            boundary: heldBoundary(role.PermissionsBoundary),
            trust: role.AssumeRolePolicyDocument,
            groups: [],
            tags: role.Tags,
            lastUsed: role.RoleLastUsed ? role.RoleLastUsed.LastUsedDate : unread('malformed-reply'),
            managedByAws,
            permissionSet: permissionSetOf(role),
          },
        ),
      );
      inlineDrafts({ kind: 'role', name: role.RoleName, id: role.RoleId, arn: role.Arn }, role.RolePolicyList);
    }
    function fromGroup(group: z.output<typeof Group>): void {
      drafts.push(
        AwsIamGroup.draft(
          { id: view.id('iam-group', group.GroupId), display: group.GroupName },
          {
            groupName: group.GroupName,
            createdAt: group.CreateDate,
            members: gap ? unread(gap) : details.filter((one) => one.kind === 'user' && one.GroupList.includes(group.GroupName)).length,
            attachedPolicies: group.AttachedManagedPolicies.map((policy) => policy.PolicyName),
            inlinePolicies: (group.GroupPolicyList ?? []).map((policy) => policy.PolicyName),
          },
        ),
        AwsIamGrants.draft(
          { id: view.id('iam-grants', group.GroupId), display: group.GroupName },
          {
            principalId: group.GroupId,
            kind: 'group',
            name: group.GroupName,
            arn: group.Arn,
            accountId: view.tenant,
            path: group.Path,
            policies: heldPolicies(group.AttachedManagedPolicies, group.GroupPolicyList),
            boundary: null,
            trust: null,
            groups: [],
            tags: {},
            lastUsed: null,
            managedByAws: false,
            permissionSet: null,
          },
        ),
      );
      inlineDrafts({ kind: 'group', name: group.GroupName, id: group.GroupId, arn: group.Arn }, group.GroupPolicyList);
    }
    function fromPolicy(policy: z.output<typeof Managed>): void {
      // arn:aws:iam::111122223333:policy/path/name
      const name = policy.Arn.slice(policy.Arn.lastIndexOf('/') + 1);
      const statements: Reading<readonly Statement[]> = documents.get(policy.Arn)?.Statement ?? unread('malformed-reply');
      drafts.push(
        AwsIamPolicy.draft(
          { id: view.id('iam-policy', policy.PolicyId ?? policy.Arn), display: name },
          {
            policyName: name,
            arn: policy.Arn,
            attachments: policy.AttachmentCount + (policy.PermissionsBoundaryUsageCount ?? 0),
            fullAdministration: read(statements, (all) => all.some(isAdministrator)),
            assumesAnyRole: read(statements, (all) => assumesAnyRole(all, partitionOf(policy.Arn))),
          },
        ),
      );
    }
  },
});

/** `AWSReservedSSO_PayrollAdmin_0123456789abcdef` below the path that Identity Center alone can use. */
function permissionSetOf({ Path, RoleName }: { readonly Path: string; readonly RoleName: string }): string | null {
  return Path.startsWith('/aws-reserved/sso.amazonaws.com/') ? (/^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(RoleName)?.[1] ?? null) : null;
}

const partitionOf = (arn: string) => arn.split(':')[1] ?? 'aws';

const assuming = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];
/** Accounts, and everyone, that a trust policy lets in from outside. AWS services and identity providers are other checks' business. */
function partiesOutside(trust: readonly Statement[], account: string) {
  const letsIn = trust.filter((statement) => assuming.some((action) => coversAction(statement, action)));
  return letsIn.flatMap((statement) =>
    granteesOf(statement).flatMap(({ kind, id, principal }) => {
      if (kind === 'service' || kind === 'federated' || (kind === 'account' && id === account)) return [];
      // The id of a principal that was deleted stays in the policy and lets nobody in.
      if (kind === 'other' && /^A(?:IDA|ROA)[A-Z0-9]+$/.test(principal)) return [];
      return [{ kind, id, principal, bound: isBound(statement) || asksForMore(statement) }];
    }),
  );
}
/** An external id agreed with a third party, or a second factor. */
function asksForMore(statement: Statement): boolean {
  return Object.entries(statement.Condition ?? {}).some(([operator, keys]) =>
    Object.entries(keys).some(
      ([key, values]) =>
        (/^StringEquals$/i.test(operator) && key.toLowerCase() === 'sts:externalid' && values.every((value) => value !== '')) ||
        (/^Bool$/i.test(operator) && key.toLowerCase() === 'aws:multifactorauthpresent' && values.every((value) => value === 'true')),
    ),
  );
}
