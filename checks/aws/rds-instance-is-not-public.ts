import { AwsRdsInstance, exampleDatabase } from '../../collectors/aws/rds-instances/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-instance-is-not-public',
  claim: 'The database instance has no public address',
  subject: AwsRdsInstance,
  severity: 'critical',
  rationale:
    'An instance that is publicly accessible gets a public address; only security groups and passwords then stand between it and the internet. Members of clusters have addresses of their own, so each is judged.',
  remediation: {
    console: 'RDS > Databases > the instance > Modify > Connectivity > Additional configuration: Not publicly accessible.',
    cli: 'aws rds modify-db-instance --db-instance-identifier DB --no-publicly-accessible --apply-immediately',
    terraform: `resource "aws_db_instance" "this" {
  # ...
  publicly_accessible = false
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html'],
  parameters: z.object({}),
  test: ({ publiclyAccessible }) =>
    publiclyAccessible ? fail('the instance is publicly accessible') : pass('the instance is not publicly accessible'),
  examples: {
    pass: { private: exampleDatabase },
    fail: {
      public: { ...exampleDatabase, publiclyAccessible: true },
      'a public member of a cluster': { ...exampleDatabase, engine: 'aurora-mysql', clusterId: 'ledger', publiclyAccessible: true },
    },
  },
});
