import { defineResource, z } from '../../../src/authoring.ts';

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
