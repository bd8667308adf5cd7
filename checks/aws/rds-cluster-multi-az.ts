import { AwsRdsCluster, exampleDatabaseCluster } from '../../collectors/aws/rds-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-cluster-multi-az',
  claim: 'The database cluster has members in more than one availability zone',
  subject: AwsRdsCluster,
  severity: 'medium',
  rationale:
    'The storage of an Aurora cluster is in three zones, but a cluster with members in one has nobody to answer when that zone is lost.',
  remediation: {
    console: 'RDS > Databases > the cluster > Actions > Add reader: choose another availability zone.',
    cli: 'aws rds create-db-instance --db-instance-identifier READER --db-cluster-identifier CLUSTER --engine ENGINE --db-instance-class CLASS --availability-zone OTHER_ZONE',
    terraform: `resource "aws_rds_cluster_instance" "this" {
  count              = 2
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = "CLASS"
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html'],
  parameters: z.object({}),
  test: ({ multiAz }) => (multiAz ? pass('members are in more than one zone') : fail('all members are in one zone')),
  examples: {
    pass: { 'in several zones': exampleDatabaseCluster },
    fail: { 'in one zone': { ...exampleDatabaseCluster, multiAz: false } },
  },
});
