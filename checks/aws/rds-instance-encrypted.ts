import { AwsRdsInstance, exampleDatabase } from '../../collectors/aws/rds-instances/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-instance-encrypted',
  claim: 'The storage of the database instance is encrypted, and with it its automated backups',
  subject: AwsRdsInstance,
  // The storage of a cluster's members is the cluster's, and judged there.
  appliesTo: (instance) => instance.clusterId === null,
  severity: 'high',
  rationale:
    'Encryption of the storage covers the data, the automated backups, the logs and the read replicas. It can only be chosen when an instance is created.',
  remediation: {
    console: 'RDS > Snapshots: take a snapshot, copy it with encryption, restore the copy under a new name, and move the application over.',
    cli: 'aws rds create-db-snapshot --db-instance-identifier DB --db-snapshot-identifier SNAPSHOT && aws rds wait db-snapshot-available --db-snapshot-identifier SNAPSHOT && aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT --target-db-snapshot-identifier COPY --kms-key-id KEY && aws rds wait db-snapshot-available --db-snapshot-identifier COPY && aws rds restore-db-instance-from-db-snapshot --db-instance-identifier NEW_DB --db-snapshot-identifier COPY',
    terraform: `resource "aws_db_instance" "this" {
  # ... Setting this on an instance that exists destroys it and makes an empty one: restore the encrypted copy.
  snapshot_identifier = "COPY"
  storage_encrypted   = true
  kms_key_id          = aws_kms_key.this.arn
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html'],
  parameters: z.object({}),
  test: ({ storageEncrypted }) => (storageEncrypted ? pass('the storage is encrypted') : fail('the storage is not encrypted')),
  examples: {
    pass: { encrypted: exampleDatabase, 'a read replica': { ...exampleDatabase, replicaOf: 'payroll-primary' } },
    fail: {
      'not encrypted': { ...exampleDatabase, storageEncrypted: false },
      'stopped and not encrypted': { ...exampleDatabase, status: 'stopped', storageEncrypted: false },
    },
  },
});
