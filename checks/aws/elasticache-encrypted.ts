import { AwsElasticacheReplicationGroup, exampleReplicationGroup } from '../../collectors/aws/elasticache-replication-groups/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/elasticache-encrypted',
  claim: 'The cache group is encrypted at rest',
  subject: AwsElasticacheReplicationGroup,
  appliesTo: ({ status }) => status !== 'deleting' && status !== 'create-failed',
  severity: 'medium',
  rationale:
    'Valkey and Redis write to disk while they synchronise, swap and back up. Encryption at rest can only be chosen when a group is created.',
  remediation: {
    console:
      'ElastiCache > Valkey or Redis OSS caches > Backups: restore a backup to a new cache with encryption at rest, and move the application over.',
    cli: 'aws elasticache create-replication-group --replication-group-id NEW_GROUP --replication-group-description TEXT --snapshot-name BACKUP --at-rest-encryption-enabled --transit-encryption-enabled',
    terraform: `resource "aws_elasticache_replication_group" "this" {
  # ... Setting this on a group that exists destroys it and what it holds: restore a backup.
  snapshot_name              = "BACKUP"
  at_rest_encryption_enabled = true
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html'],
  parameters: z.object({}),
  test: ({ encryptedAtRest }) => (encryptedAtRest ? pass('encryption at rest is on') : fail('encryption at rest is off')),
  examples: {
    pass: { on: exampleReplicationGroup },
    fail: { off: { ...exampleReplicationGroup, encryptedAtRest: false } },
  },
});
