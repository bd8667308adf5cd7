import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { keyEvents } from '../change-events.ts';

export const AwsKmsKey = defineResource({
  type: 'aws.kms.key',
  title: 'KMS key',
  changedBy: keyEvents,
  shape: {
    keyId: z.string(),
    arn: z.string(),
    aliases: z.array(z.string()),
    /** AWS-managed keys are rotated and governed by AWS. */
    customerManaged: z.boolean(),
    state: z.string(),
    createdAt: z.string(),
    usage: z.string(),
    /** A symmetric encryption key whose material KMS made: the only kind that KMS can rotate by itself. */
    canRotate: z.boolean(),
    /** Why not, when it cannot. */
    kind: z.enum(['symmetric', 'asymmetric', 'hmac', 'imported', 'custom-key-store', 'external-key-store']),
    /** A replica of a multi-region key rotates with its primary. */
    replica: z.boolean(),
    rotates: z.boolean(),
    /** Days; null where KMS does not say. */
    rotationPeriod: z.int().nullable(),
    /** ISO-8601 UTC; null: no deletion is scheduled. */
    deletionDate: z.string().nullable(),
    policyIsPublic: z.boolean(),
    /** Principals, as written in the key policy, that may change the policy or delete the key. */
    administrators: z.array(z.string()),
    /** Principals, as written in the key policy, that may decrypt, sign or encrypt with it. */
    users: z.array(z.string()),
  },
});

/** An ordinary one, for the examples of checks. */
export const exampleKey: ResourceOf<typeof AwsKmsKey> = {
  id: 'aws:111122223333/eu-central-1/kms-key/1a2b3c4d-5678-90ab-cdef-1234567890ab',
  display: 'alias/payroll',
  keyId: '1a2b3c4d-5678-90ab-cdef-1234567890ab',
  arn: 'arn:aws:kms:eu-central-1:111122223333:key/1a2b3c4d-5678-90ab-cdef-1234567890ab',
  aliases: ['alias/payroll'],
  customerManaged: true,
  state: 'Enabled',
  createdAt: '2024-02-01T09:00:00.000Z',
  usage: 'ENCRYPT_DECRYPT',
  canRotate: true,
  kind: 'symmetric',
  replica: false,
  rotates: true,
  rotationPeriod: 365,
  deletionDate: null,
  policyIsPublic: false,
  administrators: ['arn:aws:iam::111122223333:role/key-administrator'],
  users: ['arn:aws:iam::111122223333:role/payroll'],
};
