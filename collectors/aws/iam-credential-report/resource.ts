import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { credentialEvents } from '../change-events.ts';

/** ISO-8601 UTC, or null for "never". */
const When = z.string().nullable();
export const AccessKey = z.object({
  slot: z.union([z.literal(1), z.literal(2)]),
  active: z.boolean(),
  /** Creation or last rotation. */
  lastRotated: When,
  lastUsed: When,
});

/** What one user, or the root user, can sign in with. From the credential report, which AWS renews every four hours. */
export const AwsIamCredential = defineResource({
  type: 'aws.iam.credential',
  title: 'Credentials of an IAM user or the root user',
  changedBy: credentialEvents,
  shape: {
    userName: z.string(),
    isRoot: z.boolean(),
    createdAt: z.string(),
    /** Can sign in to the console with a password. Of the root user: whether it has one. */
    passwordEnabled: z.boolean(),
    passwordLastUsed: When,
    passwordLastChanged: When,
    mfaActive: z.boolean(),
    /** A virtual (authenticator app) device is among the factors; without one an active factor is hardware or a passkey. */
    hasVirtualMfa: z.boolean(),
    accessKeys: z.array(AccessKey),
    activeSigningCertificates: z.int(),
  },
});

/** Ordinary ones, for the examples of checks. */
export const exampleRoot: ResourceOf<typeof AwsIamCredential> = {
  id: 'aws:111122223333/iam-credential/root',
  display: 'root user',
  userName: '<root_account>',
  isRoot: true,
  createdAt: '2021-03-01T09:00:00.000Z',
  passwordEnabled: true,
  passwordLastUsed: '2024-05-02T08:00:00.000Z',
  passwordLastChanged: null,
  mfaActive: true,
  hasVirtualMfa: false,
  accessKeys: [
    { slot: 1, active: false, lastRotated: null, lastUsed: null },
    { slot: 2, active: false, lastRotated: null, lastUsed: null },
  ],
  activeSigningCertificates: 0,
};
export const exampleUser: ResourceOf<typeof AwsIamCredential> = {
  id: 'aws:111122223333/iam-credential/ana/2024-02-01T09:00:00.000Z',
  display: 'ana',
  userName: 'ana',
  isRoot: false,
  createdAt: '2024-02-01T09:00:00.000Z',
  passwordEnabled: true,
  passwordLastUsed: '2026-01-12T08:00:00.000Z',
  passwordLastChanged: '2025-12-01T08:00:00.000Z',
  mfaActive: true,
  hasVirtualMfa: true,
  accessKeys: [
    { slot: 1, active: true, lastRotated: '2025-12-01T08:00:00.000Z', lastUsed: '2026-01-14T08:00:00.000Z' },
    { slot: 2, active: false, lastRotated: null, lastUsed: null },
  ],
  activeSigningCertificates: 0,
};
