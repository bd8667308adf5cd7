import { defineResource, z } from '../../../src/authoring.ts';

export const AwsDynamodbTable = defineResource({
  type: 'aws.dynamodb.table',
  title: 'DynamoDB table',
  shape: {
    name: z.string(),
    /** `ACTIVE`, `DELETING`, `INACCESSIBLE_ENCRYPTION_CREDENTIALS`, ... */
    status: z.string(),
    /** Whose key encrypts it: `aws-owned` (DynamoDB's own, the default) or a KMS key of the account. */
    encryptionKey: z.enum(['aws-owned', 'kms']),
    kmsKeyArn: z.string().nullable(),
    /** Since when DynamoDB cannot use the table's key; null: it can. */
    keyInaccessibleSince: z.string().nullable(),
    deletionProtection: z.boolean(),
    pointInTimeRecovery: z.boolean(),
    /** How far back it can be restored; null while it is off. */
    recoveryPeriodDays: z.int().positive().nullable(),
  },
});
