import { AwsRdsSnapshot, exampleDatabaseSnapshot } from '../../collectors/aws/rds-snapshots/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-snapshot-is-not-public',
  claim: 'The database snapshot cannot be restored by everybody',
  subject: AwsRdsSnapshot,
  severity: 'critical',
  rationale:
    'A public snapshot hands a whole database to everybody with an AWS account. AWS shares neither encrypted nor automated snapshots with everybody, so those are not asked about. Sharing with single accounts is not looked at.',
  remediation: {
    console: 'RDS > Snapshots > the snapshot > Actions > Share snapshot: Private.',
    cli: 'aws rds modify-db-snapshot-attribute --db-snapshot-identifier SNAPSHOT --attribute-name restore --values-to-remove all  # of a cluster: modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier SNAPSHOT',
    terraform: `resource "aws_db_snapshot" "this" {
  db_instance_identifier = aws_db_instance.this.identifier
  db_snapshot_identifier = "SNAPSHOT"
  shared_accounts        = []  # never "all"
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html'],
  parameters: z.object({}),
  test: (snapshot) => (snapshot.public ? fail('everybody can restore the snapshot') : pass('the snapshot is not shared with everybody')),
  examples: {
    pass: {
      encrypted: exampleDatabaseSnapshot,
      'not encrypted and not shared': { ...exampleDatabaseSnapshot, encrypted: false },
    },
    fail: {
      'an instance for everybody': { ...exampleDatabaseSnapshot, encrypted: false, public: true },
      'a cluster for everybody': { ...exampleDatabaseSnapshot, of: 'cluster', encrypted: false, public: true },
    },
  },
});
