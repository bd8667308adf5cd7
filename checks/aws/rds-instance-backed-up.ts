import { AwsRdsInstance, exampleDatabase } from '../../collectors/aws/rds-instances/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-instance-backed-up',
  claim: 'The database instance has automated backups that are kept long enough',
  subject: AwsRdsInstance,
  // The backups of a cluster's members are the cluster's; a replica holds a copy of a source that is judged itself.
  appliesTo: (instance) => instance.clusterId === null && instance.replicaOf === null,
  severity: 'high',
  rationale:
    'Automated backups let the instance be restored to any second of the time they are kept; a retention of zero switches them off. Manual snapshots and backup plans are not looked at, and neither is whether a restore was tried.',
  remediation: {
    console: 'RDS > Databases > the instance > Modify > Backup: set the retention period.',
    cli: 'aws rds modify-db-instance --db-instance-identifier DB --backup-retention-period 14 --apply-immediately',
    terraform: `resource "aws_db_instance" "this" {
  # ...
  backup_retention_period = 14
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html'],
  parameters: z.object({ minDays: z.int().min(1).max(35).default(7) }),
  test({ backupRetentionDays: days }, { parameters: { minDays } }) {
    if (days === 0) return fail('automated backups are off');
    return days >= minDays ? pass(`backups are kept for ${days} days`) : fail(`backups are kept for ${days} days, less than ${minDays}`);
  },
  examples: {
    pass: { 'two weeks': exampleDatabase, 'exactly long enough': { ...exampleDatabase, backupRetentionDays: 7 } },
    fail: {
      off: { ...exampleDatabase, backupRetentionDays: 0 },
      'too short': { ...exampleDatabase, backupRetentionDays: 1 },
    },
  },
});
