import { AwsRdsCluster, exampleDatabaseCluster } from '../../collectors/aws/rds-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-cluster-encrypted',
  claim: 'The storage of the database cluster is encrypted, and with it that of its members and its automated backups',
  subject: AwsRdsCluster,
  severity: 'high',
  rationale:
    'The members of an Aurora, Neptune or DocumentDB cluster share one storage, so its encryption is theirs. It can only be chosen when a cluster is created or restored.',
  remediation: {
    console: 'RDS > Snapshots: take a snapshot of the cluster, restore it with encryption under a new name, and move the application over.',
    cli: 'aws rds create-db-cluster-snapshot --db-cluster-identifier CLUSTER --db-cluster-snapshot-identifier SNAPSHOT && aws rds wait db-cluster-snapshot-available --db-cluster-snapshot-identifier SNAPSHOT && aws rds restore-db-cluster-from-snapshot --db-cluster-identifier NEW_CLUSTER --snapshot-identifier SNAPSHOT --engine ENGINE --kms-key-id KEY',
    terraform: `resource "aws_rds_cluster" "this" {
  # ... Setting this on a cluster that exists destroys it and makes an empty one: restore a snapshot.
  snapshot_identifier = "SNAPSHOT"
  storage_encrypted   = true
  kms_key_id          = aws_kms_key.this.arn
}`,
  },
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html',
    'https://docs.aws.amazon.com/documentdb/latest/developerguide/encryption-at-rest.html',
    'https://docs.aws.amazon.com/neptune/latest/userguide/encrypt.html',
  ],
  parameters: z.object({}),
  test: ({ storageEncrypted }) => (storageEncrypted ? pass('the storage is encrypted') : fail('the storage is not encrypted')),
  examples: {
    pass: {
      'Aurora, encrypted': exampleDatabaseCluster,
      'DocumentDB, encrypted': { ...exampleDatabaseCluster, engine: 'docdb' },
    },
    fail: {
      'Aurora, not encrypted': { ...exampleDatabaseCluster, storageEncrypted: false },
      'Neptune, not encrypted': { ...exampleDatabaseCluster, engine: 'neptune', storageEncrypted: false },
    },
  },
});
