import { AwsRedshiftCluster, exampleWarehouse } from '../../collectors/aws/redshift-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/redshift-cluster-backed-up',
  claim: 'The warehouse cluster has automated snapshots that are kept long enough',
  subject: AwsRedshiftCluster,
  severity: 'medium',
  rationale:
    'Redshift takes snapshots by itself unless their retention is zero, and keeps them for one day unless told otherwise. Manual snapshots are not looked at.',
  remediation: {
    console: 'Redshift > Clusters > the cluster > Maintenance > Edit: set the retention of automated snapshots.',
    cli: 'aws redshift modify-cluster --cluster-identifier CLUSTER --automated-snapshot-retention-period 14',
    terraform: `resource "aws_redshift_cluster" "this" {
  # ...
  automated_snapshot_retention_period = 14
}`,
  },
  references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html'],
  parameters: z.object({ minDays: z.int().min(1).max(35).default(7) }),
  test({ automatedSnapshotRetentionDays: days }, { parameters: { minDays } }) {
    if (days === 0) return fail('automated snapshots are off');
    return days >= minDays
      ? pass(`snapshots are kept for ${days} days`)
      : fail(`snapshots are kept for ${days} days, less than ${minDays}`);
  },
  examples: {
    pass: { 'two weeks': exampleWarehouse },
    fail: {
      off: { ...exampleWarehouse, automatedSnapshotRetentionDays: 0 },
      'the one day Redshift starts with': { ...exampleWarehouse, automatedSnapshotRetentionDays: 1 },
    },
  },
});
