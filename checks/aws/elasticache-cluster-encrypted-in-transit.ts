import { AwsElasticacheCacheCluster, exampleCacheCluster } from '../../collectors/aws/elasticache-cache-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/elasticache-cluster-encrypted-in-transit',
  claim: 'The cache cluster that stands alone accepts connections over TLS only',
  subject: AwsElasticacheCacheCluster,
  // Members of a replication group are judged with their group.
  appliesTo: ({ replicationGroupId, status }) => replicationGroupId === null && status !== 'deleting',
  severity: 'medium',
  rationale:
    'Without TLS, session data and passwords cross the network in plain text. Memcached speaks TLS from version 1.6.12 on and then accepts nothing else; it can only be chosen when a cluster is created.',
  remediation: {
    console:
      'ElastiCache > Create cache: Memcached 1.6.12 or later, or a Valkey or Redis OSS replication group, with encryption in transit; move the application over.',
    cli: 'aws elasticache create-cache-cluster --cache-cluster-id NEW_CLUSTER --engine memcached --engine-version 1.6.22 --cache-node-type TYPE --num-cache-nodes 2 --transit-encryption-enabled',
    terraform: `resource "aws_elasticache_cluster" "this" {
  # ...
  engine                     = "memcached"
  transit_encryption_enabled = true
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-mc.html'],
  parameters: z.object({}),
  test(cluster) {
    if (!cluster.encryptedInTransit) return fail('encryption in transit is off');
    // Memcached knows no mode in which plain connections are accepted as well.
    if (cluster.engine === 'memcached' || cluster.transitMode === 'required') return pass('TLS is required');
    return fail('TLS is offered, but plain connections are accepted too');
  },
  examples: {
    pass: { 'TLS required': exampleCacheCluster, 'Memcached with TLS': { ...exampleCacheCluster, engine: 'memcached', transitMode: null } },
    fail: {
      off: { ...exampleCacheCluster, encryptedInTransit: false, transitMode: null },
      'Memcached without TLS': { ...exampleCacheCluster, engine: 'memcached', encryptedInTransit: false, transitMode: null },
      'only preferred': { ...exampleCacheCluster, transitMode: 'preferred' },
    },
  },
});
