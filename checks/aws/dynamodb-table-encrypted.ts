import { AwsDynamodbTable, exampleTable } from '../../collectors/aws/dynamodb-tables/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const withKey = {
  ...exampleTable,
  encryptionKey: 'kms',
  kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/5d1d9a5c-1f6c-4a0f-9c2b-0a4a4f6f2b11',
} as const;

export default defineCheck({
  id: 'aws/dynamodb-table-encrypted',
  claim: 'The table is encrypted at rest with a key that DynamoDB can use',
  subject: AwsDynamodbTable,
  appliesTo: (table) => table.status !== 'DELETING',
  severity: 'high',
  rationale:
    'DynamoDB encrypts every table and lets nobody switch that off; what can be chosen is the key. So this says whose key it is, and fails when the key was disabled or taken away, because the data is then out of reach. `requireKmsKey` asks for a KMS key of the account, whose use is logged and whose policy is yours.',
  remediation: {
    console:
      'DynamoDB > Tables > the table > Additional settings > Encryption > Manage encryption: choose a key; give DynamoDB access to it again if it lost it.',
    cli: 'aws dynamodb update-table --table-name TABLE --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=KEY',
    terraform: `resource "aws_dynamodb_table" "this" {
  # ...
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.this.arn
  }
}`,
  },
  references: ['https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html'],
  parameters: z.object({ requireKmsKey: z.boolean().default(false) }),
  test(table, { parameters }) {
    if (table.keyInaccessibleSince !== null) return fail(`DynamoDB cannot use the key of the table since ${table.keyInaccessibleSince}`);
    if (table.encryptionKey === 'kms') return pass(`encrypted with ${table.kmsKeyArn ?? 'a KMS key'}`);
    return parameters.requireKmsKey ? fail("encrypted with DynamoDB's own key") : pass("encrypted with DynamoDB's own key");
  },
  examples: {
    pass: { "DynamoDB's own key": exampleTable, 'a KMS key': withKey },
    fail: {
      'the key was taken away': {
        ...withKey,
        status: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS',
        keyInaccessibleSince: '2026-01-14T03:12:00.000Z',
      },
    },
  },
});
