import { AwsRdsSnapshot, exampleDatabaseSnapshot } from '../../collectors/aws/rds-snapshots/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-snapshot-encrypted',
  claim: 'The database snapshot is encrypted',
  subject: AwsRdsSnapshot,
  // One that failed holds nothing that could be restored, and one being made is judged when it is there.
  appliesTo: ({ status }) => status !== 'failed' && status !== 'creating' && status !== 'deleting',
  severity: 'high',
  rationale:
    'A snapshot is a whole copy of a database and outlives it. One that is not encrypted can be shared with everybody. Encrypting a database later leaves its older snapshots as they are.',
  remediation: {
    console:
      'RDS > Snapshots > the snapshot > Actions > Copy snapshot with encryption; then delete the old one. An automated one goes with its retention: encrypt the instance it is of.',
    cli: 'aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT --target-db-snapshot-identifier COPY --kms-key-id KEY && aws rds wait db-snapshot-available --db-snapshot-identifier COPY && aws rds delete-db-snapshot --db-snapshot-identifier SNAPSHOT',
    terraform: `resource "aws_db_snapshot_copy" "this" {
  source_db_snapshot_identifier = "SNAPSHOT_ARN"
  target_db_snapshot_identifier = "COPY"
  kms_key_id                    = aws_kms_key.this.arn
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html'],
  parameters: z.object({}),
  test: ({ encrypted, origin }) => (encrypted ? pass('the snapshot is encrypted') : fail(`the ${origin} snapshot is not encrypted`)),
  examples: {
    pass: {
      'a manual one': exampleDatabaseSnapshot,
      'one of a cluster': { ...exampleDatabaseSnapshot, of: 'cluster', engine: 'aurora-mysql' },
    },
    fail: {
      'a manual one, not encrypted': { ...exampleDatabaseSnapshot, encrypted: false },
      'an automated one, not encrypted': { ...exampleDatabaseSnapshot, origin: 'automated', encrypted: false },
    },
  },
});
