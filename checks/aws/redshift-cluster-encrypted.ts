import { AwsRedshiftCluster, exampleWarehouse } from '../../collectors/aws/redshift-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/redshift-cluster-encrypted',
  claim: 'The warehouse cluster is encrypted at rest, and with it its snapshots',
  subject: AwsRedshiftCluster,
  severity: 'high',
  rationale: 'Encryption of a cluster covers its data blocks, its system metadata and its snapshots.',
  remediation: {
    console: 'Redshift > Clusters > the cluster > Properties > Edit encryption: enable.',
    cli: 'aws redshift modify-cluster --cluster-identifier CLUSTER --encrypted --kms-key-id KEY',
    terraform: `resource "aws_redshift_cluster" "this" {
  # ...
  encrypted  = true
  kms_key_id = aws_kms_key.this.arn
}`,
  },
  references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html'],
  parameters: z.object({}),
  test: ({ encrypted }) => (encrypted ? pass('the cluster is encrypted') : fail('the cluster is not encrypted')),
  examples: {
    pass: { encrypted: exampleWarehouse },
    fail: {
      'not encrypted': { ...exampleWarehouse, encrypted: false },
      'paused and not encrypted': { ...exampleWarehouse, status: 'paused', encrypted: false },
    },
  },
});
