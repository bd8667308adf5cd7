import { AwsElasticacheReplicationGroup, exampleReplicationGroup } from '../../collectors/aws/elasticache-replication-groups/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/elasticache-backed-up',
  claim: 'The cache group has automatic backups that are kept long enough',
  subject: AwsElasticacheReplicationGroup,
  appliesTo: ({ status }) => status !== 'deleting' && status !== 'create-failed',
  severity: 'low',
  rationale:
    'What is only in the cache is lost with it. A group that really holds nothing but copies does not need backups: say so with a waiver or a scope rule.',
  remediation: {
    console: 'ElastiCache > the cache > Modify > Backup: enable automatic backups and set their retention.',
    cli: 'aws elasticache modify-replication-group --replication-group-id GROUP --snapshot-retention-limit 7 --apply-immediately',
    terraform: `resource "aws_elasticache_replication_group" "this" {
  # ...
  snapshot_retention_limit = 7
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html'],
  parameters: z.object({ minDays: z.int().min(1).max(35).default(1) }),
  test({ snapshotRetentionDays: days }, { parameters: { minDays } }) {
    if (days === 0) return fail('automatic backups are off');
    return days >= minDays ? pass(`backups are kept for ${days} days`) : fail(`backups are kept for ${days} days, less than ${minDays}`);
  },
  examples: {
    pass: { 'one week': exampleReplicationGroup },
    fail: { off: { ...exampleReplicationGroup, snapshotRetentionDays: 0 } },
  },
});
