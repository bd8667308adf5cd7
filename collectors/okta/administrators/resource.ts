import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

/** What a role lets one do to others' access, in the words of the patterns of duties. */
export const administering = ['administer', 'reset-factor', 'manage-groups'] as const;

/** One role that a user or a group holds. Whoever is in the group holds it too. */
export const IdpAdministrator = defineResource({
  type: 'idp.administrator',
  title: 'Administrator of the identity provider',
  shape: {
    principalType: z.enum(['user', 'group']),
    /** `userId` or `groupId`. */
    principalId: z.string(),
    principal: z.string(),
    /** What the provider calls the role: `Super Administrator`. */
    role: z.string(),
    /** `SUPER_ADMIN`; `CUSTOM` for a role of the organisation's own. */
    roleType: z.string(),
    /** Everything, everywhere. */
    unlimited: z.boolean(),
    /** Sorted; `administer` includes the others. */
    may: z.array(z.enum(administering)),
    /** What a role of the organisation's own is bound to; null: not bound by a set. */
    resourceSet: z.string().nullable(),
  },
});

/** Sum over all administrators. */
export const IdpAdministrators = defineResource({
  type: 'idp.administrators',
  title: 'Administrators of the identity provider, together',
  aggregate: true,
  shape: {
    /** Logins of those who may do everything, by themselves or through a group, sorted. */
    unlimited: z.array(z.string()),
    /** Groups through which they may. */
    throughGroups: z.array(z.string()),
  },
});

/** For the examples of checks. */
export const exampleAdministrator: ResourceOf<typeof IdpAdministrator> = {
  id: 'okta:00o1example/administrator/00u1example/ra1example',
  display: 'ana@example.com: Super Administrator',
  principalType: 'user',
  principalId: '00u1example',
  principal: 'ana@example.com',
  role: 'Super Administrator',
  roleType: 'SUPER_ADMIN',
  unlimited: true,
  may: ['administer', 'manage-groups', 'reset-factor'],
  resourceSet: null,
};
export const exampleAdministrators: ResourceOf<typeof IdpAdministrators> = {
  id: 'okta:00o1example/administrators',
  display: 'acme.okta.com',
  unlimited: ['ana@example.com', 'ben@example.com'],
  throughGroups: [],
};
