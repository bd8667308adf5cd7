import { AwsRedshiftCluster, exampleWarehouse } from '../../collectors/aws/redshift-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/redshift-cluster-is-not-public',
  claim: 'The warehouse cluster has no public address',
  subject: AwsRedshiftCluster,
  severity: 'critical',
  rationale:
    'A cluster that is publicly accessible gets a public address; only security groups and passwords then stand between it and the internet.',
  remediation: {
    console: 'Redshift > Clusters > the cluster > Actions > Modify publicly accessible setting: turn it off.',
    cli: 'aws redshift modify-cluster --cluster-identifier CLUSTER --no-publicly-accessible',
    terraform: `resource "aws_redshift_cluster" "this" {
  # ...
  publicly_accessible = false
}`,
  },
  references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html'],
  parameters: z.object({}),
  test: ({ publiclyAccessible }) =>
    publiclyAccessible ? fail('the cluster is publicly accessible') : pass('the cluster is not publicly accessible'),
  examples: {
    pass: { private: exampleWarehouse },
    fail: { public: { ...exampleWarehouse, publiclyAccessible: true } },
  },
});
