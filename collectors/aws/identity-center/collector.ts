import { defineCollector, isUnread, type JsonObject, type Reading, type Reply, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { listEnabledRegions, regionsRule } from '../enabled-regions.ts';
import { listed, namesIn, objectsIn } from '../lists.ts';
import { isFullAdministration, PolicyText } from '../policy-document.ts';
import {
  AwsIdentityCenterAssignment,
  AwsIdentityCenterGroup,
  AwsIdentityCenterInstance,
  AwsIdentityCenterPermissionSet,
  AwsIdentityCenterUser,
} from './resource.ts';

const Instance = z.object({ InstanceArn: z.string(), IdentityStoreId: z.string(), OwnerAccountId: z.string(), Status: z.string() });
const SetArn = z.object({ PermissionSetArn: z.string() });
const PermissionSet = z.object({
  PermissionSet: z.object({ PermissionSetArn: z.string(), Name: z.string(), SessionDuration: z.string().optional() }),
});
const Attached = z.object({ PermissionSetArn: z.string(), Arn: z.string(), Name: z.string() });
const InlinePolicy = z.object({ InlinePolicy: z.union([z.literal('').transform(() => null), PolicyText]) });
const AccountOfSet = z.object({ PermissionSetArn: z.string(), AccountId: z.string() });
const Assignment = z.object({
  AccountId: z.string(),
  PermissionSetArn: z.string(),
  PrincipalType: z.enum(['USER', 'GROUP']),
  PrincipalId: z.string(),
});
const ExternalIds = z.array(z.object({ Issuer: z.string(), Id: z.string() })).optional();
const User = z.object({
  UserId: z.string(),
  UserName: z.string(),
  DisplayName: z.string().optional(),
  Emails: z.array(z.object({ Value: z.string().optional() })).optional(),
  ExternalIds,
  UserStatus: z.enum(['ENABLED', 'DISABLED']).optional(),
});
const Group = z.object({ GroupId: z.string(), DisplayName: z.string(), ExternalIds });
const Membership = z.object({ MembershipId: z.string(), GroupId: z.string(), MemberId: z.object({ UserId: z.string() }) });

/** A list of bare names, each made an item; `about` is the field for what was asked about. */
function namesOf(list: string, field: string, about?: string) {
  return (output: JsonObject, reply: Reply): readonly { readonly subject: string; readonly body: JsonObject }[] =>
    namesIn(output, list).map((name) => {
      if (about === undefined) return { subject: name, body: { [field]: name } };
      const asked = reply.subject ?? '';
      return { subject: `${asked}|${name}`, body: { [about]: asked, [field]: name } };
    });
}

export default defineCollector<AwsClient>({
  id: 'aws/identity-center',
  title: 'Identity Center: users, groups, permission sets and assignments',
  kind: 'roster',
  scope: 'account',
  yields: [
    AwsIdentityCenterInstance,
    AwsIdentityCenterPermissionSet,
    AwsIdentityCenterAssignment,
    AwsIdentityCenterUser,
    AwsIdentityCenterGroup,
  ],
  permissions: [
    'ec2:DescribeRegions',
    'sso:ListInstances',
    'sso:ListPermissionSets',
    'sso:DescribePermissionSet',
    'sso:ListManagedPoliciesInPermissionSet',
    'sso:GetInlinePolicyForPermissionSet',
    'sso:ListAccountsForProvisionedPermissionSet',
    'sso:ListAccountAssignments',
    'identitystore:ListUsers',
    'identitystore:ListGroups',
    'identitystore:ListGroupMemberships',
  ],
  items: {
    'ec2:DescribeRegions': regionsRule,
    'sso:ListInstances': {
      list: 'Instances',
      key: 'InstanceArn',
      keep: ['InstanceArn', 'IdentityStoreId', 'OwnerAccountId', 'Name', 'Status', 'CreatedDate'],
    },
    'sso:ListPermissionSets': { split: namesOf('PermissionSets', 'PermissionSetArn'), keep: ['PermissionSetArn'] },
    'sso:DescribePermissionSet': {
      keep: ['PermissionSet.PermissionSetArn', 'PermissionSet.Name', 'PermissionSet.SessionDuration', 'PermissionSet.CreatedDate'],
    },
    'sso:ListManagedPoliciesInPermissionSet': {
      namesSubjects: false,
      keep: ['PermissionSetArn', 'Arn', 'Name'],
      split: (output, reply) =>
        objectsIn(output, 'AttachedManagedPolicies').map((policy) => ({
          subject: `${reply.subject}|${String(policy['Arn'])}`,
          body: { PermissionSetArn: reply.subject ?? '', ...policy },
        })),
    },
    'sso:GetInlinePolicyForPermissionSet': { keep: ['InlinePolicy'] },
    'sso:ListAccountsForProvisionedPermissionSet': {
      split: namesOf('AccountIds', 'AccountId', 'PermissionSetArn'),
      keep: ['PermissionSetArn', 'AccountId'],
    },
    'sso:ListAccountAssignments': {
      list: 'AccountAssignments',
      key: (item) => [item['AccountId'], item['PermissionSetArn'], item['PrincipalType'], item['PrincipalId']].map(String).join('|'),
      keep: ['AccountId', 'PermissionSetArn', 'PrincipalType', 'PrincipalId'],
    },
    // Names and addresses are what an access review matches people by; telephone numbers, postal addresses and the rest stay out.
    'identitystore:ListUsers': {
      list: 'Users',
      key: 'UserId',
      keep: ['UserId', 'UserName', 'DisplayName', 'Emails', 'ExternalIds', 'IdentityStoreId', 'UserStatus'],
    },
    'identitystore:ListGroups': { list: 'Groups', key: 'GroupId', keep: ['GroupId', 'DisplayName', 'ExternalIds', 'IdentityStoreId'] },
    'identitystore:ListGroupMemberships': {
      namesSubjects: false,
      list: 'GroupMemberships',
      key: 'MembershipId',
      keep: ['MembershipId', 'GroupId', 'MemberId', 'IdentityStoreId'],
    },
  },
  async *collect(client) {
    const { reply, names } = await listEnabledRegions(client);
    if (reply) yield reply;
    const instances: { region: string; arn: string; store: string }[] = [];
    // An instance answers in its own region alone, and nothing says beforehand which one that is.
    for await (const page of client.each(names, (region) => all(client.pages('sso:ListInstances', {}, { region })))) {
      yield page;
      for (const body of listed(page, objectsIn, 'Instances')) {
        const instance = Instance.safeParse(body);
        if (!instance.success || instance.data.OwnerAccountId !== client.account) continue;
        // An instance replicated to further regions is still one.
        if (instances.some(({ arn }) => arn === instance.data.InstanceArn)) continue;
        instances.push({ region: page.region ?? '', arn: instance.data.InstanceArn, store: instance.data.IdentityStoreId });
      }
    }
    for (const instance of instances) yield* readInstance(client, instance);
  },
  normalise(view) {
    const attached = view.list('sso:ListManagedPoliciesInPermissionSet', Attached);
    const accounts = view.list('sso:ListAccountsForProvisionedPermissionSet', AccountOfSet);
    const memberships = view.list('identitystore:ListGroupMemberships', Membership).map(({ body }) => body);
    const whole = <T>(operation: string, value: T): Reading<T> => {
      const gap = view.gapIn(operation);
      return gap ? unread(gap) : value;
    };
    return [
      ...[...Map.groupBy(view.list('sso:ListInstances', Instance), ({ body }) => body.InstanceArn)].map(([arn, found]) => {
        const { body: instance, region } = found[0]!;
        return AwsIdentityCenterInstance.draft(
          { id: view.id('identity-center-instance', arn), display: arn.split('/').at(-1) ?? arn },
          {
            arn,
            region: region ?? unread('malformed-reply'),
            identityStoreId: instance.IdentityStoreId,
            ownerAccountId: instance.OwnerAccountId,
            ownedHere: instance.OwnerAccountId === view.tenant,
            status: instance.Status,
          },
        );
      }),
      ...view.each('sso:ListPermissionSets', SetArn, ({ PermissionSetArn: arn }) => {
        const described = read(
          view.part('sso:DescribePermissionSet', arn, PermissionSet),
          (found) => found?.PermissionSet ?? unread('malformed-reply'),
        );
        const inline = read(view.part('sso:GetInlinePolicyForPermissionSet', arn, InlinePolicy), (found) =>
          found ? found.InlinePolicy : unread('malformed-reply'),
        );
        const policies = attached.filter(({ body }) => body.PermissionSetArn === arn).map(({ body }) => body);
        const managed = whole(
          'sso:ListManagedPoliciesInPermissionSet',
          policies.map((policy) => policy.Name),
        );
        const name = read(described, (found) => found.Name);
        return AwsIdentityCenterPermissionSet.draft(
          { id: view.id('identity-center-permission-set', arn), display: isUnread(name) ? arn : name },
          {
            arn,
            name,
            sessionDuration: read(described, (found) => found.SessionDuration ?? unread('malformed-reply')),
            managedPolicies: managed,
            hasInlinePolicy: read(inline, (statements) => statements !== null),
            fullAdministration: policies.some((policy) => policy.Arn.endsWith(':aws:policy/AdministratorAccess'))
              ? true
              : isUnread(managed)
                ? managed
                : read(inline, (statements) => (statements ?? []).some(isFullAdministration)),
            accounts: whole(
              'sso:ListAccountsForProvisionedPermissionSet',
              accounts.filter(({ body }) => body.PermissionSetArn === arn).map(({ body }) => body.AccountId),
            ),
          },
        );
      }),
      ...view.each('sso:ListAccountAssignments', Assignment, (assignment) => {
        const { AccountId: account, PermissionSetArn: set, PrincipalType: type, PrincipalId: principal } = assignment;
        return AwsIdentityCenterAssignment.draft(
          { id: view.id('identity-center-assignment', account, set, type, principal), display: `${principal} in ${account}` },
          { accountId: account, permissionSet: set, principalType: type, principalId: principal },
        );
      }),
      ...view.each('identitystore:ListUsers', User, (user) =>
        AwsIdentityCenterUser.draft(
          { id: view.id('identity-center-user', user.UserId), display: user.UserName },
          {
            userId: user.UserId,
            userName: user.UserName,
            displayName: user.DisplayName ?? null,
            emails: (user.Emails ?? []).flatMap((email) => email.Value ?? []),
            enabled: user.UserStatus === undefined ? unread('malformed-reply') : user.UserStatus === 'ENABLED',
            external: (user.ExternalIds ?? []).length > 0,
            externalIds: (user.ExternalIds ?? []).map(({ Issuer: issuer, Id: id }) => ({ issuer, id })),
            groups: whole(
              'identitystore:ListGroupMemberships',
              memberships.filter((one) => one.MemberId.UserId === user.UserId).map((one) => one.GroupId),
            ),
            hasSecondFactor: unread('not-collected'),
          },
        ),
      ),
      ...view.each('identitystore:ListGroups', Group, (group) =>
        AwsIdentityCenterGroup.draft(
          { id: view.id('identity-center-group', group.GroupId), display: group.DisplayName },
          {
            groupId: group.GroupId,
            name: group.DisplayName,
            external: (group.ExternalIds ?? []).length > 0,
            members: whole(
              'identitystore:ListGroupMemberships',
              memberships.filter((one) => one.GroupId === group.GroupId).map((one) => one.MemberId.UserId),
            ),
          },
        ),
      ),
    ];
  },
});

async function* readInstance(client: AwsClient, instance: { region: string; arn: string; store: string }): AsyncGenerator<Reply> {
  const { region, arn: InstanceArn, store: IdentityStoreId } = instance;
  const sets: string[] = [];
  for await (const page of client.pages('sso:ListPermissionSets', { InstanceArn }, { region })) {
    yield page;
    sets.push(...listed(page, namesIn, 'PermissionSets'));
  }
  const provisioned: { set: string; account: string }[] = [];
  const ofSets = client.each(sets, async (PermissionSetArn) => {
    const about = { region, subject: PermissionSetArn };
    const input = { InstanceArn, PermissionSetArn };
    return [
      await client.call('sso:DescribePermissionSet', input, about),
      ...(await all(client.pages('sso:ListManagedPoliciesInPermissionSet', input, about))),
      await client.call('sso:GetInlinePolicyForPermissionSet', input, about),
      ...(await all(client.pages('sso:ListAccountsForProvisionedPermissionSet', input, about))),
    ];
  });
  for await (const reply of ofSets) {
    yield reply;
    if (reply.operation !== 'sso:ListAccountsForProvisionedPermissionSet') continue;
    for (const account of listed(reply, namesIn, 'AccountIds')) provisioned.push({ set: reply.subject ?? '', account });
  }
  yield* client.each(provisioned, ({ set, account }) =>
    all(
      client.pages(
        'sso:ListAccountAssignments',
        { InstanceArn, PermissionSetArn: set, AccountId: account },
        { region, subject: `${account}|${set}` },
      ),
    ),
  );

  yield* client.pages('identitystore:ListUsers', { IdentityStoreId }, { region });
  const groups: string[] = [];
  for await (const page of client.pages('identitystore:ListGroups', { IdentityStoreId }, { region })) {
    yield page;
    for (const group of listed(page, objectsIn, 'Groups')) if (typeof group['GroupId'] === 'string') groups.push(group['GroupId']);
  }
  yield* client.each(groups, (GroupId) =>
    all(client.pages('identitystore:ListGroupMemberships', { IdentityStoreId, GroupId }, { region, subject: GroupId })),
  );
}

async function all(pages: AsyncIterable<Reply>): Promise<Reply[]> {
  return Array.fromAsync(pages);
}
