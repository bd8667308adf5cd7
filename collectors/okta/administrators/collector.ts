import { defineCollector, type ItemRule, type Reading, type ResourceDraft, read, unread, z } from '../../../src/authoring.ts';
import type { OktaClient } from '../client.ts';
import { idsIn } from '../replies.ts';
import { type administering, IdpAdministrator, IdpAdministrators } from './resource.ts';

const assignees = 'GET /api/v1/iam/assignees/users';
const users = 'GET /api/v1/users';
const groups = 'GET /api/v1/groups';
const members = 'GET /api/v1/groups/{groupId}/users';
const userRoles = 'GET /api/v1/users/{userId}/roles';
const groupRoles = 'GET /api/v1/groups/{groupId}/roles';
const rolePermissions = 'GET /api/v1/iam/roles/{roleId}/permissions';

type May = (typeof administering)[number];
/** What Okta's own roles let one do to others' access; those that only look or keep applications are not here. */
const standard: Readonly<Record<string, readonly May[]>> = {
  SUPER_ADMIN: ['administer', 'manage-groups', 'reset-factor'],
  ORG_ADMIN: ['administer', 'manage-groups', 'reset-factor'],
  USER_ADMIN: ['manage-groups', 'reset-factor'],
  HELP_DESK_ADMIN: ['reset-factor'],
  GROUP_MEMBERSHIP_ADMIN: ['manage-groups'],
};
/** Permissions a role of the organisation's own may have, by what they come to. Words that end in `manage` hold all that begin so. */
const ofCustom: Readonly<Record<string, readonly May[]>> = {
  'okta.users.manage': ['manage-groups', 'reset-factor'],
  'okta.users.credentials.manage': ['reset-factor'],
  'okta.users.credentials.resetFactors': ['reset-factor'],
  'okta.users.credentials.resetPassword': ['reset-factor'],
  'okta.users.credentials.expirePassword': ['reset-factor'],
  'okta.users.credentials.manageTemporaryAccessCode': ['reset-factor'],
  'okta.users.groupMembership.manage': ['manage-groups'],
  'okta.groups.manage': ['manage-groups'],
  'okta.groups.members.manage': ['manage-groups'],
  'okta.authzServers.manage': ['administer'],
  'okta.identityProviders.manage': ['administer'],
  'okta.policies.manage': ['administer'],
  'okta.iam.manage': ['administer'],
};

const Role = z.object({
  id: z.string(),
  label: z.string(),
  type: z.string(),
  status: z.string(),
  assignmentType: z.string().optional(),
  role: z.string().optional(),
  'resource-set': z.string().optional(),
});
type Role = z.output<typeof Role>;
const Roles = z.object({ items: z.array(Role) });
const Permissions = z.object({ items: z.array(z.object({ label: z.string() })) });
const Named = z.object({ id: z.string(), profile: z.object({ login: z.string() }) });
const Group = z.object({ id: z.string(), profile: z.object({ name: z.string() }) });
const Id = z.object({ id: z.string() });

/** One item per holder: whose roles could not be read is known by name. */
const rolesRule: ItemRule = {
  keep: ['id', 'label', 'type', 'status', 'assignmentType', 'role', 'resource-set', 'created'].map((name) => `items.${name}`),
  split: (output, reply) => {
    if (!Array.isArray(output['items'])) throw new TypeError('roles are no list');
    return [{ subject: reply.subject ?? '', body: { items: output['items'] } }];
  },
};

export default defineCollector<OktaClient>({
  id: 'okta/administrators',
  title: 'Administrators and their roles',
  kind: 'roster',
  scope: 'organisation',
  yields: [IdpAdministrator, IdpAdministrators],
  permissions: ['okta.groups.read', 'okta.roles.read', 'okta.users.read'],
  items: {
    [assignees]: { list: 'items', key: 'id', keep: ['id'] },
    [users]: { namesSubjects: false, list: 'items', key: 'id', keep: ['id', 'profile.login'] },
    [groups]: { list: 'items', key: 'id', keep: ['id', 'profile.name'] },
    [members]: {
      namesSubjects: false,
      list: 'items',
      key: (item, reply) => `${reply.subject ?? ''}/${String(item['id'])}`,
      keep: ['id'],
    },
    [userRoles]: rolesRule,
    [groupRoles]: rolesRule,
    [rolePermissions]: { namesSubjects: false, keep: ['items.label'], split: rolesRule.split! },
  },
  async *collect(client) {
    const custom = new Set<string>();
    const unlimited: string[] = [];
    const note = (reply: { readonly output: unknown } | undefined, group?: string) => {
      const parsed = Roles.safeParse(reply?.output);
      for (const role of parsed.success ? parsed.data.items : []) {
        if (role.role !== undefined) custom.add(role.role);
        if (role.type === 'SUPER_ADMIN' && group !== undefined) unlimited.push(group);
      }
    };
    const holders: string[] = [];
    for await (const reply of client.pages(assignees)) {
      yield reply;
      holders.push(...idsIn(reply));
    }
    // Names of those few are not worth a request each where a page has two hundred.
    if (holders.length > 0) yield* client.pages(users);
    for await (const reply of client.each(holders, async (userId) => [await client.call(userRoles, { userId }, { subject: userId })])) {
      note(reply);
      yield reply;
    }
    // Okta has no list of the groups that hold a role: each is asked.
    const all: string[] = [];
    for await (const reply of client.pages(groups)) {
      yield reply;
      all.push(...idsIn(reply));
    }
    for await (const reply of client.each(all, async (groupId) => [await client.call(groupRoles, { groupId }, { subject: groupId })])) {
      note(reply, reply.subject);
      yield reply;
    }
    yield* client.each([...new Set(unlimited)], (groupId) => Array.fromAsync(client.pages(members, { groupId }, { subject: groupId })));
    yield* client.each([...custom].sort(), async (roleId) => [await client.call(rolePermissions, { roleId }, { subject: roleId })]);
  },
  normalise(view) {
    const logins = new Map(view.list(users, Named).map(({ body }) => [body.id, body.profile.login]));
    const groupNames = new Map(view.list(groups, Group).map(({ body }) => [body.id, body.profile.name]));
    const membership = Map.groupBy(view.list(members, Id), ({ subject }) => subject.slice(0, subject.indexOf('/')));
    const drafts: ResourceDraft[] = [];
    const unlimited = new Set<string>();
    const throughGroups = new Set<string>();

    const mayOf = (role: Role): Reading<May[]> => {
      if (role.type !== 'CUSTOM') return [...(standard[role.type] ?? [])];
      if (role.role === undefined) return unread('malformed-reply');
      return read(view.part(rolePermissions, role.role, Permissions), (found) =>
        found === null ? unread('malformed-reply') : [...new Set(found.items.flatMap(({ label }) => ofCustom[label] ?? []))].sort(),
      );
    };
    const add = (principalType: 'user' | 'group', principalId: string, principal: string, roles: readonly Role[]) => {
      for (const role of roles) {
        // Through a group it is the group's, and told there.
        if (role.status !== 'ACTIVE' || (principalType === 'user' && role.assignmentType === 'GROUP')) continue;
        drafts.push(
          IdpAdministrator.draft(
            { id: view.id('administrator', principalId, role.id), display: `${principal}: ${role.label}` },
            {
              principalType,
              principalId,
              principal,
              role: role.label,
              roleType: role.type,
              unlimited: role.type === 'SUPER_ADMIN',
              may: mayOf(role),
              resourceSet: role['resource-set'] ?? null,
            },
          ),
        );
        if (role.type !== 'SUPER_ADMIN') continue;
        if (principalType === 'user') unlimited.add(principal);
        else {
          throughGroups.add(principal);
          for (const { body } of membership.get(principalId) ?? []) unlimited.add(logins.get(body.id) ?? body.id);
        }
      }
    };
    for (const { subject, body } of view.list(userRoles, Roles)) add('user', subject, logins.get(subject) ?? subject, body.items);
    for (const { subject, body } of view.list(groupRoles, Roles)) add('group', subject, groupNames.get(subject) ?? subject, body.items);

    // Asked last: an item that does not fit is a gap from then on.
    const gap = [assignees, userRoles, groups, groupRoles, members]
      .map((operation) => view.gapIn(operation))
      .find((found) => found !== undefined);
    drafts.push(
      IdpAdministrators.draft(
        { id: view.id('administrators'), display: view.tenant },
        {
          unlimited: gap === undefined ? [...unlimited].sort() : unread(gap),
          throughGroups: gap === undefined ? [...throughGroups].sort() : unread(gap),
        },
      ),
    );
    return drafts;
  },
});
