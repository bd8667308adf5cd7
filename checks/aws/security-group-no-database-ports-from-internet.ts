import { AwsEc2SecurityGroup, describeRule, exampleSecurityGroup, opens } from '../../collectors/aws/ec2-security-groups/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const everyone = { ranges: ['0.0.0.0/0'], internetRanges: ['0.0.0.0/0'] };

export default defineCheck({
  id: 'aws/security-group-no-database-ports-from-internet',
  claim: 'The security group lets nobody on the internet reach a port of a database or cache',
  subject: AwsEc2SecurityGroup,
  severity: 'high',
  rationale:
    'Databases, search engines and caches are reached through the application; facing the internet, they stand behind one password at best. Counted as the internet: 0.0.0.0/0, ::/0, and ranges nearly as wide (IPv4 wider than /8, IPv6 wider than /16), named in the rule itself or through a prefix list.',
  remediation: {
    console: 'EC2 > Security groups > the group > Edit inbound rules: name the security group of the application as the source.',
    cli: 'aws ec2 revoke-security-group-ingress --group-id GROUP --protocol tcp --port 5432 --cidr 0.0.0.0/0',
    terraform: `resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = aws_security_group.application.id
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html'],
  parameters: z.object({
    /** SQL Server, Oracle, MySQL, PostgreSQL, Redshift, Neptune, Redis, Memcached, MongoDB, Cassandra, Elasticsearch and OpenSearch. */
    ports: z
      .array(z.int().min(0).max(65_535))
      .default([
        1433, 1434, 1521, 2484, 3306, 5432, 5439, 5601, 6379, 6380, 7000, 7001, 8182, 9042, 9142, 9200, 9300, 11211, 27017, 27018, 27019,
      ]),
  }),
  test(group, { parameters }) {
    const open = (rules: typeof group.ingress) =>
      rules.filter((rule) => rule.internetRanges.length > 0 && parameters.ports.some((port) => opens(rule, port)));
    const [direct] = open(group.ingress);
    if (direct) return fail(`open to the internet: ${describeRule(direct)}`);
    const [listed] = open(group.ingressThroughPrefixLists);
    if (listed) return fail(`open to the internet through a prefix list: ${describeRule(listed)}`);
    return pass('no port of a database is open to the internet');
  },
  examples: {
    pass: {
      'HTTPS from everywhere': exampleSecurityGroup,
      'PostgreSQL from inside': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'tcp', fromPort: 5432, toPort: 5432, ranges: ['10.0.0.0/8'], internetRanges: [] }],
      },
    },
    fail: {
      'PostgreSQL from everywhere': { ...exampleSecurityGroup, ingress: [{ protocol: 'tcp', fromPort: 5432, toPort: 5432, ...everyone }] },
      'every TCP port from everywhere': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'tcp', fromPort: 0, toPort: 65_535, ...everyone }],
      },
      'Memcached over UDP': { ...exampleSecurityGroup, ingress: [{ protocol: 'udp', fromPort: 11211, toPort: 11211, ...everyone }] },
      'through a prefix list': {
        ...exampleSecurityGroup,
        ingress: [],
        ingressThroughPrefixLists: [{ protocol: 'tcp', fromPort: 3306, toPort: 3306, ranges: ['::/0'], internetRanges: ['::/0'] }],
      },
    },
  },
});
