import { AwsRdsCluster, exampleDatabaseCluster } from '../../collectors/aws/rds-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-cluster-backed-up',
  claim: 'The database cluster has automated backups that are kept long enough',
  subject: AwsRdsCluster,
  severity: 'high',
  rationale:
    'Automated backups let the cluster be restored to any second of the time they are kept. Aurora always keeps one day; that is seldom long enough to notice what went wrong. Manual snapshots and backup plans are not looked at, and neither is whether a restore was tried.',
  remediation: {
    console: 'RDS > Databases > the cluster > Modify > Backup: set the retention period.',
    cli: 'aws rds modify-db-cluster --db-cluster-identifier CLUSTER --backup-retention-period 14 --apply-immediately',
    terraform: `resource "aws_rds_cluster" "this" {
  # ...
  backup_retention_period = 14
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html'],
  parameters: z.object({ minDays: z.int().min(1).max(35).default(7) }),
  test({ backupRetentionDays: days }, { parameters: { minDays } }) {
    if (days === 0) return fail('automated backups are off');
    return days >= minDays ? pass(`backups are kept for ${days} days`) : fail(`backups are kept for ${days} days, less than ${minDays}`);
  },
  examples: {
    pass: { 'two weeks': exampleDatabaseCluster },
    fail: {
      "Aurora's one day": { ...exampleDatabaseCluster, backupRetentionDays: 1 },
      'off, in a Multi-AZ cluster': { ...exampleDatabaseCluster, engine: 'postgres', backupRetentionDays: 0 },
    },
  },
});
