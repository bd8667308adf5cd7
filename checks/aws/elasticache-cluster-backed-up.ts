import { AwsElasticacheCacheCluster, exampleCacheCluster } from '../../collectors/aws/elasticache-cache-clusters/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/elasticache-cluster-backed-up',
  claim: 'The cache cluster that stands alone has automatic backups that are kept long enough, if its engine has backups',
  subject: AwsElasticacheCacheCluster,
  // Members of a replication group are judged with their group.
  appliesTo: ({ replicationGroupId, status }) => replicationGroupId === null && status !== 'deleting',
  severity: 'low',
  rationale: 'What is only in the cache is lost with it. Memcached has no backups and promises to keep nothing.',
  remediation: {
    console: 'ElastiCache > the cache > Modify > Backup: enable automatic backups and set their retention.',
    cli: 'aws elasticache modify-cache-cluster --cache-cluster-id CLUSTER --snapshot-retention-limit 7 --apply-immediately',
    terraform: `resource "aws_elasticache_cluster" "this" {
  # ...
  snapshot_retention_limit = 7
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html'],
  parameters: z.object({ minDays: z.int().min(1).max(35).default(1) }),
  test(cluster, { parameters: { minDays } }) {
    if (cluster.engine === 'memcached') return notApplicable('Memcached has no backups');
    const { snapshotRetentionDays: days } = cluster;
    if (days === 0) return fail('automatic backups are off');
    return days >= minDays ? pass(`backups are kept for ${days} days`) : fail(`backups are kept for ${days} days, less than ${minDays}`);
  },
  examples: {
    pass: { 'one week': exampleCacheCluster },
    fail: { off: { ...exampleCacheCluster, snapshotRetentionDays: 0 } },
    notApplicable: { Memcached: { ...exampleCacheCluster, engine: 'memcached', snapshotRetentionDays: 0 } },
  },
});
