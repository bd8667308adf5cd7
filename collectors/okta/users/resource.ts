import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

/** One way in which a user shows that it is him, beside his password. */
const Factor = {
  /** The source's own word: `webauthn`, `push`, `token:software:totp`, `sms`. */
  kind: z.string(),
  provider: z.string(),
  /** Cannot be passed on to a page that looks like the real one: bound to the address it was made for. */
  phishingResistant: z.boolean(),
};

/** A user of an identity provider. `idp.*` are the nouns of every identity provider, whichever one it is: see ../source.ts. */
export const IdpUser = defineResource({
  type: 'idp.user',
  title: 'User of the identity provider',
  shape: {
    /** Immutable; groups, assignments and administrators refer to users by it. */
    userId: z.string(),
    login: z.string(),
    name: z.string(),
    /** The primary one first. An administrator or the HR feed wrote them; `emailVerified` says whether the provider vouches for it. */
    emails: z.array(z.string()),
    emailVerified: z.boolean(),
    status: z.enum(['staged', 'active', 'locked', 'suspended', 'deactivated']),
    /** Can get in, now or once he has set or unlocked his password. */
    live: z.boolean(),
    /** ISO-8601 UTC, as the others; null: never. */
    createdAt: z.string(),
    activatedAt: z.string().nullable(),
    /** When the status became what it is. */
    statusChangedAt: z.string().nullable(),
    lastLogin: z.string().nullable(),
    passwordChangedAt: z.string().nullable(),
    /** Who keeps his password: `OKTA`, `ACTIVE_DIRECTORY`, `FEDERATION`. */
    credentialsFrom: z.string(),
    /** From his profile, where it has them. */
    employeeNumber: z.string().nullable(),
    title: z.string().nullable(),
    department: z.string().nullable(),
    manager: z.string().nullable(),
    managerId: z.string().nullable(),
    userType: z.string().nullable(),
    /** Active second factors, sorted by kind; null: he cannot get in, and was not asked about. */
    factors: z.array(z.strictObject(Factor)).nullable(),
  },
});

export const IdpFactor = defineResource({
  type: 'idp.factor',
  title: 'Second factor of a user of the identity provider',
  shape: {
    userId: z.string(),
    login: z.string(),
    ...Factor,
    /** Set up to the end, and usable. */
    active: z.boolean(),
    createdAt: z.string().nullable(),
  },
});

/** For the examples of checks. */
export const exampleIdpUser: ResourceOf<typeof IdpUser> = {
  id: 'okta:00o1example/user/00u1example',
  display: 'ana@example.com',
  userId: '00u1example',
  login: 'ana@example.com',
  name: 'Ana Example',
  emails: ['ana@example.com'],
  emailVerified: true,
  status: 'active',
  live: true,
  createdAt: '2024-02-01T09:00:00.000Z',
  activatedAt: '2024-02-01T09:05:00.000Z',
  statusChangedAt: '2024-02-01T09:05:00.000Z',
  lastLogin: '2026-01-14T08:00:00.000Z',
  passwordChangedAt: '2025-11-01T08:00:00.000Z',
  credentialsFrom: 'OKTA',
  employeeNumber: 'E-104',
  title: null,
  department: null,
  manager: null,
  managerId: null,
  userType: null,
  factors: [{ kind: 'webauthn', provider: 'FIDO', phishingResistant: true }],
};
