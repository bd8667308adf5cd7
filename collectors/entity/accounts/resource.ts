import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

const linkReasons = ['override', 'explicit-link', 'verified-email', 'sso-identity', 'naming-rule'] as const;
const Status = z.enum(['active', 'not-started', 'left']);

/** Account of model/access; its `id` is `account` here. */
export const EntityAccount = defineResource({
  type: 'entity.account',
  title: 'Account and whose it is',
  shape: {
    /** Resource id in its own source: `github:9919/member/U_kgDOA`. */
    account: z.string(),
    /** Member it is of: `github:9919`. */
    system: z.string(),
    /** Type of the resource: `github.member`. */
    type: z.string(),
    login: z.string(),
    emails: z.array(z.string()),
    kind: z.enum(['person', 'service-account', 'unresolved']),
    /** Id of the person, or of the registered service account. */
    owner: z.string().nullable(),
    linkedBy: z.enum(linkReasons).nullable(),
    /** In words: which fact linked it, or why nobody could be named. */
    reason: z.string(),
    /** Persons it could be, when several. */
    candidates: z.array(z.string()),
    /** Can be used to get in. */
    live: z.boolean(),
    /** ISO-8601 UTC; null: never, or the source does not tell (`tellsUse`). */
    lastUsed: z.string().nullable(),
    tellsUse: z.boolean(),
    /** ISO-8601 UTC: when its source was read. */
    asOf: z.string(),
    /** `root`: the root user of an AWS account. `generic`: a name that several people answer to. `machine`: the source says it is none of a person. */
    nature: z.enum(['ordinary', 'root', 'generic', 'machine']),
    /** Further persons it was linked to: a login of several. */
    sharedWith: z.array(z.string()),
    /** Of the person it belongs to, or of the owner of the service account; null: nobody, or nobody of the roster. */
    ownerPerson: z.strictObject({ id: z.string(), name: z.string(), status: Status, endsOn: z.string().nullable() }).nullable(),
    /** Of a registered service account. */
    service: z
      .strictObject({
        id: z.string(),
        purpose: z.string(),
        expires: z.string().nullable(),
        reviewed: z.string().nullable(),
        registered: z.string(),
      })
      .nullable(),
  },
});

const LeaverAccount = z.strictObject({
  account: z.string(),
  system: z.string(),
  login: z.string(),
  /** `shut`: gone, or nobody gets in with it. */
  state: z.enum(['live', 'shut', 'unknown']),
  /** ISO-8601 UTC: last reading since he left in which it was live; null: in none. */
  lastLive: z.string().nullable(),
  /** First reading that shows it shut; null: none does. */
  shutBy: z.string().nullable(),
});
const LeaverUse = z.strictObject({
  account: z.string(),
  system: z.string(),
  login: z.string(),
  lastUsed: z.string().nullable(),
  used: z.enum(['after', 'not-after', 'not-told', 'unknown']),
});

/** Somebody left: every account he had, and what became of it. */
export const EntityLeaver = defineResource({
  type: 'entity.leaver',
  title: 'Leaver or ended contractor and his accounts',
  shape: {
    person: z.string(),
    name: z.string(),
    /** Null: he vanished from the roster without one. */
    lastDay: z.string().nullable(),
    /** ISO-8601 UTC: the end of his last day in the company's zone, or the first reading without him. */
    leftAt: z.string(),
    takenBack: z.boolean(),
    accounts: z.array(LeaverAccount),
    /** Of the same accounts: when they were used last, where the source tells. */
    uses: z.array(LeaverUse),
    /** Both as the next reading goes on from them, also where not enough is known to judge by. */
    followed: z.strictObject({ accounts: z.array(LeaverAccount), uses: z.array(LeaverUse) }),
  },
});

/** All accounts of all systems together. */
export const EntityAccounts = defineResource({
  type: 'entity.accounts',
  title: 'Accounts of all systems against the roster',
  aggregate: true,
  shape: {
    /** What each list of a system had: those that are accounts here, and those that are the same account as one of another list. Nothing else. */
    systems: z.array(z.strictObject({ system: z.string(), type: z.string(), read: z.int(), accounts: z.int(), joined: z.int() })),
    persons: z.int(),
    serviceAccounts: z.int(),
    unresolved: z.array(z.string()),
    /** Active persons without an account at the identity provider; null: none is connected. */
    withoutIdentity: z.array(z.string()).nullable(),
    /** Accounts of the identity provider that can be used and are nobody's of the roster. */
    identitiesWithoutPerson: z.array(z.string()),
    /** Decisions and settings that lead nowhere: a link to a person who does not exist, a pattern that no account fits. */
    problems: z.array(z.string()),
  },
});

/** Ordinary ones, for the examples of checks. */
export const exampleAccount: ResourceOf<typeof EntityAccount> = {
  id: 'entity:acme/account/github:9919/member/U_kgDOA',
  display: 'ana in github:9919',
  account: 'github:9919/member/U_kgDOA',
  system: 'github:9919',
  type: 'github.member',
  login: 'ana',
  emails: [],
  kind: 'person',
  owner: 'hr:E-104',
  linkedBy: 'explicit-link',
  reason: 'the settings link it to hr:E-104: her private account',
  candidates: [],
  live: true,
  lastUsed: null,
  tellsUse: false,
  asOf: '2026-01-15T06:00:00.000Z',
  nature: 'ordinary',
  sharedWith: [],
  ownerPerson: { id: 'hr:E-104', name: 'Ana Example', status: 'active', endsOn: null },
  service: null,
};
export const exampleServiceAccount: ResourceOf<typeof EntityAccount> = {
  ...exampleAccount,
  id: 'entity:acme/account/aws:111122223333/iam-user/AIDAEXAMPLE',
  display: 'svc-backup in aws:111122223333',
  account: 'aws:111122223333/iam-user/AIDAEXAMPLE',
  system: 'aws:111122223333',
  type: 'aws.iam.user',
  login: 'svc-backup',
  kind: 'service-account',
  owner: 'backup',
  reason: 'the settings register it as the service account backup',
  lastUsed: '2026-01-15T02:00:00.000Z',
  tellsUse: true,
  service: {
    id: 'backup',
    purpose: 'Copies snapshots to the second region',
    expires: '2026-06-30',
    reviewed: '2026-01-05',
    registered: 'settings',
  },
};
export const exampleLeaver: ResourceOf<typeof EntityLeaver> = {
  id: 'entity:acme/leaver/hr:E-207/2026-01-09',
  display: 'Bo Example, 2026-01-09',
  person: 'hr:E-207',
  name: 'Bo Example',
  lastDay: '2026-01-09',
  leftAt: '2026-01-10T00:00:00.000Z',
  takenBack: false,
  accounts: [
    {
      account: 'github:9919/member/U_kgDOC',
      system: 'github:9919',
      login: 'bo',
      state: 'shut',
      lastLive: '2026-01-10T06:00:00.000Z',
      shutBy: '2026-01-11T06:00:00.000Z',
    },
  ],
  uses: [{ account: 'github:9919/member/U_kgDOC', system: 'github:9919', login: 'bo', lastUsed: null, used: 'not-told' }],
  followed: { accounts: [], uses: [] },
};
export const exampleAccounts: ResourceOf<typeof EntityAccounts> = {
  id: 'entity:acme/accounts',
  display: 'accounts of all systems',
  systems: [{ system: 'github:9919', type: 'github.member', read: 12, accounts: 12, joined: 0 }],
  persons: 11,
  serviceAccounts: 1,
  unresolved: [],
  withoutIdentity: [],
  identitiesWithoutPerson: [],
  problems: [],
};
