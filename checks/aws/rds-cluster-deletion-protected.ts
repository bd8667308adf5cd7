import { AwsRdsCluster, exampleDatabaseCluster } from '../../collectors/aws/rds-clusters/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-cluster-deletion-protected',
  claim: 'The database cluster cannot be deleted before its protection is lifted',
  subject: AwsRdsCluster,
  severity: 'medium',
  rationale:
    'Deleting a cluster deletes its storage and, unless somebody asks for them to stay, its automated backups. The protection makes that two deliberate steps.',
  remediation: {
    console: 'RDS > Databases > the cluster > Modify > Deletion protection: enable.',
    cli: 'aws rds modify-db-cluster --db-cluster-identifier CLUSTER --deletion-protection --apply-immediately',
    terraform: `resource "aws_rds_cluster" "this" {
  # ...
  deletion_protection = true
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html'],
  parameters: z.object({}),
  test: ({ deletionProtection }) => (deletionProtection ? pass('deletion protection is on') : fail('deletion protection is off')),
  examples: {
    pass: { protected: exampleDatabaseCluster },
    fail: { 'not protected': { ...exampleDatabaseCluster, deletionProtection: false } },
  },
});
