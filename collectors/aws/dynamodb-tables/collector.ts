import { defineCollector, isUnread, type JsonObject, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated, unreadable } from '../stated.ts';
import { AwsDynamodbTable } from './resource.ts';

const Listed = body({ TableName: z.string() });
const Described = body({
  Table: body({
    CreationDateTime: z.string(),
    TableStatus: given(z.string()),
    // DynamoDB leaves the description out of a table that is encrypted with its own key.
    SSEDescription: body({
      Status: z.enum(['ENABLING', 'ENABLED', 'DISABLING', 'DISABLED', 'UPDATING']),
      KMSMasterKeyArn: z.string().optional(),
      InaccessibleEncryptionDateTime: z.string().optional(),
    }).optional(),
    DeletionProtectionEnabled: given(z.boolean()),
  }),
});
type Table = z.output<typeof Described>['Table'];
const Backups = body({
  ContinuousBackupsDescription: body({
    PointInTimeRecoveryDescription: body({
      PointInTimeRecoveryStatus: z.enum(['ENABLED', 'DISABLED']),
      RecoveryPeriodInDays: z.int().positive().optional(),
    }),
  }),
});

export default defineCollector<AwsClient>({
  id: 'aws/dynamodb-tables',
  title: 'DynamoDB tables',
  kind: 'state',
  scope: 'region',
  yields: [AwsDynamodbTable],
  permissions: ['dynamodb:ListTables', 'dynamodb:DescribeTable', 'dynamodb:DescribeContinuousBackups'],
  items: {
    'dynamodb:ListTables': { split: splitNames, keep: ['TableName'] },
    'dynamodb:DescribeTable': {
      keep: ['Table.CreationDateTime', 'Table.TableStatus', 'Table.SSEDescription', 'Table.DeletionProtectionEnabled'],
    },
    'dynamodb:DescribeContinuousBackups': {
      keep: [
        'ContinuousBackupsDescription.ContinuousBackupsStatus',
        'ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus',
        'ContinuousBackupsDescription.PointInTimeRecoveryDescription.RecoveryPeriodInDays',
      ],
    },
  },
  async *collect(client) {
    for await (const page of client.pages('dynamodb:ListTables')) {
      yield page;
      yield* client.each(namesIn(page.output ?? {}) ?? [], (name) =>
        Promise.all([
          client.call('dynamodb:DescribeTable', { TableName: name }, { subject: name }),
          client.call('dynamodb:DescribeContinuousBackups', { TableName: name }, { subject: name }),
        ]),
      );
    }
  },
  normalise(view) {
    return view.each('dynamodb:ListTables', Listed, ({ TableName: name }) => {
      const table = read(view.part('dynamodb:DescribeTable', name, Described), (found) => found?.Table ?? unread('malformed-reply'));
      const recovery = read(
        view.part('dynamodb:DescribeContinuousBackups', name, Backups),
        (found) => found?.ContinuousBackupsDescription.PointInTimeRecoveryDescription ?? unread('malformed-reply'),
      );
      const field = <T>(fn: (table: Table) => Reading<T>): Reading<T> => read(table, fn);
      return AwsDynamodbTable.draft(
        // The time tells a table from an earlier one of its name; without its description it is known by name alone.
        { id: view.id('dynamodb-table', name, ...(isUnread(table) ? [] : [table.CreationDateTime])), display: name },
        {
          name,
          status: field((found) => stated(found.TableStatus)),
          encryptionKey: field(({ SSEDescription: sse }) => (usesKms(sse) ? 'kms' : 'aws-owned')),
          kmsKeyArn: field(({ SSEDescription: sse }) => (usesKms(sse) ? (sse?.KMSMasterKeyArn ?? null) : null)),
          keyInaccessibleSince: field(inaccessibleSince),
          deletionProtection: field((found) => stated(found.DeletionProtectionEnabled)),
          pointInTimeRecovery: read(recovery, (found) => found.PointInTimeRecoveryStatus === 'ENABLED'),
          recoveryPeriodDays: read(recovery, (found) =>
            found.PointInTimeRecoveryStatus === 'ENABLED' ? stated(found.RecoveryPeriodInDays) : null,
          ),
        },
      );
    });
  },
});

/** On the way back to DynamoDB's own key the KMS key is still in use, and on the way to it not yet. */
function usesKms(sse: Table['SSEDescription']): boolean {
  return sse?.Status === 'ENABLED' || sse?.Status === 'UPDATING' || sse?.Status === 'DISABLING';
}
/** A table whose key is out of reach says so twice; when it says it once, we do not know since when. */
function inaccessibleSince(table: Table): Reading<string | null> {
  const since = table.SSEDescription?.InaccessibleEncryptionDateTime;
  if (since !== undefined) return since;
  return table.TableStatus === undefined || table.TableStatus === 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' ? unread('malformed-reply') : null;
}
function namesIn(output: JsonObject): readonly string[] | undefined {
  const names = z.array(z.string()).safeParse(output['TableNames']);
  return names.data;
}
function splitNames(output: JsonObject) {
  return namesIn(output)?.map((name) => ({ subject: name, body: { TableName: name } })) ?? unreadable;
}
