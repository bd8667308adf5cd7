import { AwsElasticacheCacheCluster, exampleCacheCluster } from '../../collectors/aws/elasticache-cache-clusters/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/elasticache-cluster-encrypted',
  claim: 'The cache cluster that stands alone is encrypted at rest, if it writes to disk at all',
  subject: AwsElasticacheCacheCluster,
  // Members of a replication group are judged with their group.
  appliesTo: ({ replicationGroupId, status }) => replicationGroupId === null && status !== 'deleting',
  severity: 'medium',
  rationale:
    'A single Redis or Valkey cluster writes to disk when it swaps and backs up, and cannot be encrypted there: only a replication group can. Memcached keeps everything in memory and writes nothing to disk, so it has no data at rest.',
  remediation: {
    console:
      'ElastiCache > Backups: restore a backup to a new cache (a replication group) with encryption at rest, and move the application over.',
    cli: 'aws elasticache create-replication-group --replication-group-id NEW_GROUP --replication-group-description TEXT --snapshot-name BACKUP --at-rest-encryption-enabled --transit-encryption-enabled',
    terraform: `resource "aws_elasticache_replication_group" "this" {
  # ...
  at_rest_encryption_enabled = true
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html'],
  parameters: z.object({}),
  test(cluster) {
    if (cluster.engine === 'memcached') return notApplicable('Memcached keeps its data in memory and writes none to disk');
    return cluster.encryptedAtRest ? pass('encryption at rest is on') : fail('encryption at rest is off');
  },
  examples: {
    pass: { on: exampleCacheCluster },
    fail: { 'a single Redis cluster': { ...exampleCacheCluster, engine: 'redis', encryptedAtRest: false } },
    notApplicable: { Memcached: { ...exampleCacheCluster, engine: 'memcached', encryptedAtRest: false } },
  },
});
