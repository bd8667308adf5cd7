import { AwsElasticacheReplicationGroup, exampleReplicationGroup } from '../../collectors/aws/elasticache-replication-groups/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/elasticache-encrypted-in-transit',
  claim: 'The cache group accepts connections over TLS only',
  subject: AwsElasticacheReplicationGroup,
  appliesTo: ({ status }) => status !== 'deleting' && status !== 'create-failed',
  severity: 'medium',
  rationale:
    'Without TLS, session data and passwords cross the network in plain text. In the mode "preferred", meant for moving clients over, plain connections are still accepted.',
  remediation: {
    console: 'ElastiCache > the cache > Modify > Security: encryption in transit, first "preferred", then "required".',
    cli: 'aws elasticache modify-replication-group --replication-group-id GROUP --transit-encryption-enabled --transit-encryption-mode preferred --apply-immediately; aws elasticache modify-replication-group --replication-group-id GROUP --transit-encryption-mode required --apply-immediately',
    terraform: `resource "aws_elasticache_replication_group" "this" {
  # ...
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html'],
  parameters: z.object({}),
  test(group) {
    if (!group.encryptedInTransit) return fail('encryption in transit is off');
    return group.transitMode === 'required' ? pass('TLS is required') : fail('TLS is offered, but plain connections are accepted too');
  },
  examples: {
    pass: { required: exampleReplicationGroup },
    fail: {
      off: { ...exampleReplicationGroup, encryptedInTransit: false, transitMode: null },
      'only preferred': { ...exampleReplicationGroup, transitMode: 'preferred' },
    },
  },
});
