import { defineResource, z } from '../../../src/authoring.ts';

const Hop = z.strictObject({ kind: z.string(), id: z.string(), name: z.string(), says: z.string() });

/** Entitlement of model/access. Its id is of account, permission and path, so that the same grant is the same resource at every reading. */
export const EntityEntitlement = defineResource({
  type: 'entity.entitlement',
  title: 'What an account is given, and by which way',
  shape: {
    /** Resource id of the account in its own source: `github:9919/member/U_kgDOA`. */
    account: z.string(),
    /** Member the account is of: `github:9919`. */
    system: z.string(),
    /** In the source's own words: `AdministratorAccess`, `team payroll`, `payments.release`. */
    permission: z.string(),
    /** What it is over: a repository, an account, a table; null: the system as a whole. */
    on: z.string().nullable(),
    path: z.array(Hop),
    /** Can change what others may do, or what is recorded of it. */
    privileged: z.boolean(),
    /** What it lets him do, in words for a reviewer. */
    means: z.string(),
    /** What could only narrow it and was not evaluated. */
    notEvaluated: z.array(z.string()),
  },
});

/** All entitlements together. */
export const EntityEntitlements = defineResource({
  type: 'entity.entitlements',
  title: 'What all accounts of all systems are given',
  aggregate: true,
  shape: {
    /** By system: accounts, what they are given, and how much of it is privileged. */
    systems: z.array(z.strictObject({ system: z.string(), accounts: z.int(), entitlements: z.int(), privileged: z.int() })),
  },
});
