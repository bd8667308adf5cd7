import { z } from 'zod';
import { GapReason } from './completeness.ts';
import { Time } from './statement.ts';

/**
 * Who can do what. `person` is who accounts belong to, `account` one login in one source, `entitlement` what an account may do and by which
 * path, `duty` a pattern over entitlements. All ids are those of the resources they were read from, so that a rename bends nothing.
 */
const Text = z.string().min(1);

/** How an account came to be known as somebody's: in this order, the first that says one person decides. */
export const linkReasons = ['override', 'explicit-link', 'verified-email', 'sso-identity', 'naming-rule'] as const;

export const Person = z.strictObject({
  /** Id in the roster (`hr:E-104`), never an e-mail address: those are given to others. */
  id: Text,
  name: z.string(),
  emails: z.array(z.string()),
  kind: z.enum(['employee', 'contractor', 'external']),
  /** By the roster and its dates, as of the reading. */
  status: z.enum(['active', 'not-started', 'left']),
  title: z.string().nullable(),
  department: z.string().nullable(),
  /** Id of a person. */
  manager: z.string().nullable(),
  /** Days; the last day is one he still works. */
  startsOn: z.iso.date().nullable(),
  endsOn: z.iso.date().nullable(),
});
export type Person = z.infer<typeof Person>;

export const Account = z.strictObject({
  /** Resource id in its own source: `github:9919/member/U_kgDOA`. */
  id: Text,
  /** Member it is of: `github:9919`, `aws:111122223333`, `tabular:bank.users`. */
  system: Text,
  /** Type of the resource. */
  type: Text,
  login: z.string(),
  emails: z.array(z.string()),
  /** `unresolved`: nobody can say whose it is. A shared one has a person by name and is not one person's. */
  kind: z.enum(['person', 'service-account', 'unresolved']),
  /** Id of the person, or of the registered service account. */
  owner: z.string().nullable(),
  /** Which rule said so; null while it is unresolved. */
  linkedBy: z.enum(linkReasons).nullable(),
  /** In words, for who reads it: which fact linked it, or why nobody could be named. */
  reason: z.string(),
  /** Persons it could be, when several. */
  candidates: z.array(z.string()),
  /** Can be used to get in. */
  live: z.union([z.boolean(), z.strictObject({ unknown: GapReason })]),
  /** ISO-8601 UTC; null: the source does not tell, or never. */
  lastUsed: Time.nullable(),
});
export type Account = z.infer<typeof Account>;

/** One step of the way by which somebody comes to be able to do something. */
export const Hop = z.strictObject({
  kind: z.enum([
    'account',
    'group',
    'team',
    'policy',
    'permission-set',
    'role',
    'trust',
    'workflow',
    'organisation',
    'repository',
    'bypass',
    'administrator',
    'application',
  ]),
  /** Resource id where there is one, otherwise what the source calls it. */
  id: Text,
  name: z.string(),
  /** One sentence in the present tense: "assumes deploy, whose trust policy lets workflows of acme/payroll in". */
  says: z.string(),
});
export type Hop = z.infer<typeof Hop>;

export const Entitlement = z.strictObject({
  /** Account, permission, resource and path, digested: the same grant has the same id at every reading. */
  id: Text,
  account: Text,
  system: Text,
  /** In the source's own words: `AdministratorAccess`, `admin`, `payments.release`. */
  permission: Text,
  /** What it is over: a repository, an account, an application; null: the system as a whole. */
  on: z.string().nullable(),
  path: z.array(Hop).min(1),
  /** Can change what others may do, or what is recorded of it. */
  privileged: z.boolean(),
  /** What it lets him do, in words for a reviewer. */
  means: z.string(),
  /** What was not evaluated and could only narrow it: `service control policies`, `session policies`, a condition by name. */
  notEvaluated: z.array(z.string()),
});
export type Entitlement = z.infer<typeof Entitlement>;

/** What part of a duty looks for. Names and resources take `*` for any characters. */
export const PermissionPattern = z.discriminatedUnion('system', [
  z.strictObject({
    system: z.literal('aws'),
    /** One of them is enough: `cloudtrail:StopLogging`. */
    actions: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9*]+$/)).min(1),
    /** ARNs; default any. */
    on: z.array(Text).min(1).optional(),
    /** Environments of the scope file in whose accounts; default every account. */
    environments: z.array(Text).min(1).optional(),
  }),
  z.strictObject({
    system: z.literal('github'),
    permission: z.enum([
      'read',
      'write',
      'maintain',
      'admin',
      'owner',
      /** May put changes on a protected branch without what it requires. */
      'bypass-protection',
      /** May change or lift the protection. */
      'lift-protection',
      'approve-change',
      'approve-deployment',
      'edit-workflow',
    ]),
    repositories: z.array(Text).min(1).optional(),
    /** Of `approve-deployment`. */
    environments: z.array(Text).min(1).optional(),
  }),
  z.strictObject({
    system: z.literal('idp'),
    permission: z.enum(['administer', 'reset-factor', 'manage-groups', 'use']),
    /** Of `use`. */
    applications: z.array(Text).min(1).optional(),
  }),
  z.strictObject({
    system: z.literal('application'),
    /** Table of users or grants of a tabular source: `payroll.users`. */
    table: Text,
    /** Roles as the table has them. */
    roles: z.array(Text).min(1),
  }),
  /** Who runs, configures or keeps the keys of this tool, and who decides in it. */
  z.strictObject({ system: z.literal('proofline'), permission: z.enum(['operate', 'decide', 'own-control']) }),
]);
export type PermissionPattern = z.infer<typeof PermissionPattern>;

/** One way in which an account reaches what a pattern looks for. */
export interface Reached {
  readonly account: string;
  readonly system: string;
  /** In the words of the pattern: `sts:AssumeRole`, `admin`. */
  readonly permission: string;
  readonly on: string | null;
  readonly path: readonly Hop[];
  readonly notEvaluated: readonly string[];
}
