import { defineResource, z } from '../../../src/authoring.ts';

export const AwsKmsKey = defineResource({
  type: 'aws.kms.key',
  title: 'KMS key',
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
