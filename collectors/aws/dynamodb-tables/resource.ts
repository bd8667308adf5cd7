import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

/** As it should be: the starting point of examples. */
export const exampleTable: ResourceOf<typeof AwsDynamodbTable> = {
  id: 'aws:111122223333/eu-central-1/dynamodb-table/sessions/2024-05-06T07:00:00.000Z',
  display: 'sessions',
  name: 'sessions',
  status: 'ACTIVE',
  encryptionKey: 'aws-owned',
  kmsKeyArn: null,
  keyInaccessibleSince: null,
  deletionProtection: true,
  pointInTimeRecovery: true,
  recoveryPeriodDays: 35,
};
