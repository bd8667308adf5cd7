import { AwsRdsInstance, exampleDatabase } from '../../collectors/aws/rds-instances/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-instance-deletion-protected',
  claim: 'The database instance cannot be deleted before its protection is lifted',
  subject: AwsRdsInstance,
  // A cluster protects its members' data, and a replica holds a copy.
  appliesTo: (instance) => instance.clusterId === null && instance.replicaOf === null,
  severity: 'medium',
  rationale:
    'Deleting an instance deletes its automated backups with it unless somebody asks for them to stay. The protection makes that two deliberate steps.',
  remediation: {
    console: 'RDS > Databases > the instance > Modify > Deletion protection: enable.',
    cli: 'aws rds modify-db-instance --db-instance-identifier DB --deletion-protection --apply-immediately',
    terraform: `resource "aws_db_instance" "this" {
  # ...
  deletion_protection = true
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html'],
  parameters: z.object({}),
  test: ({ deletionProtection }) => (deletionProtection ? pass('deletion protection is on') : fail('deletion protection is off')),
  examples: {
    pass: { protected: exampleDatabase },
    fail: { 'not protected': { ...exampleDatabase, deletionProtection: false } },
  },
});
