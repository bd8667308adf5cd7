import { AwsRdsInstance, exampleDatabase } from '../../collectors/aws/rds-instances/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/rds-instance-multi-az',
  claim: 'The database instance has a standby in another availability zone',
  subject: AwsRdsInstance,
  // A cluster spreads its members, and a replica is itself a second copy.
  appliesTo: (instance) => instance.clusterId === null && instance.replicaOf === null,
  severity: 'medium',
  rationale: 'With a standby in another zone, the database survives the loss of a zone with a minute of interruption instead of a restore.',
  remediation: {
    console: 'RDS > Databases > the instance > Modify > Availability and durability: create a standby instance.',
    cli: 'aws rds modify-db-instance --db-instance-identifier DB --multi-az --apply-immediately',
    terraform: `resource "aws_db_instance" "this" {
  # ...
  multi_az = true
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html'],
  parameters: z.object({}),
  test: ({ multiAz }) => (multiAz ? pass('there is a standby in another zone') : fail('the instance is in one zone only')),
  examples: {
    pass: { 'with a standby': exampleDatabase },
    fail: { 'in one zone': { ...exampleDatabase, multiAz: false } },
  },
});
