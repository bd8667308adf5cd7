import { AwsEc2SecurityGroup, describeRule, exampleSecurityGroup } from '../../collectors/aws/ec2-security-groups/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const everyone = { ranges: ['0.0.0.0/0'], internetRanges: ['0.0.0.0/0'] };

export default defineCheck({
  id: 'aws/security-group-not-open-to-internet',
  claim: 'The security group opens only approved ports to the internet',
  subject: AwsEc2SecurityGroup,
  severity: 'medium',
  rationale:
    'What faces the internet should be few ports that somebody decided on. Counted as the internet: 0.0.0.0/0, ::/0, and ranges nearly as wide (IPv4 wider than /8, IPv6 wider than /16), named in the rule itself or through a prefix list. A range of ports counts as approved only when every port in it is.',
  remediation: {
    console:
      'EC2 > Security groups > the group > Edit inbound rules: limit source and ports, or have the port approved and added to the list of this check.',
    cli: 'aws ec2 describe-security-group-rules --filters Name=group-id,Values=GROUP  # then: aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE',
    terraform: `resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.this.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}`,
  },
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html'],
  parameters: z.object({
    /** TCP and UDP ports that may face the internet. */
    approvedPorts: z.array(z.int().min(0).max(65_535)).default([80, 443]),
    /** Ping, path discovery and the like. */
    allowIcmp: z.boolean().default(true),
  }),
  test(group, { parameters: { approvedPorts, allowIcmp } }) {
    const isApproved = ({ protocol, fromPort, toPort }: (typeof group.ingress)[number]) => {
      if (protocol === 'icmp' || protocol === 'icmpv6') return allowIcmp;
      if ((protocol !== 'tcp' && protocol !== 'udp') || fromPort === null || toPort === null) return false;
      const inRange = new Set(approvedPorts.filter((port) => fromPort <= port && port <= toPort));
      return inRange.size === toPort - fromPort + 1;
    };
    const open = (rules: typeof group.ingress) => rules.filter((rule) => rule.internetRanges.length > 0 && !isApproved(rule));
    const [direct] = open(group.ingress);
    if (direct) return fail(`not approved: ${describeRule(direct)}`);
    const [listed] = open(group.ingressThroughPrefixLists);
    if (listed) return fail(`not approved, through a prefix list: ${describeRule(listed)}`);
    return pass('nothing but approved ports is open to the internet');
  },
  examples: {
    pass: {
      'HTTPS from everywhere': exampleSecurityGroup,
      'ping from everywhere': { ...exampleSecurityGroup, ingress: [{ protocol: 'icmp', fromPort: 8, toPort: -1, ...everyone }] },
      'anything from inside': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'all', fromPort: null, toPort: null, ranges: ['10.0.0.0/8'], internetRanges: [] }],
      },
    },
    fail: {
      'another port': { ...exampleSecurityGroup, ingress: [{ protocol: 'tcp', fromPort: 8080, toPort: 8080, ...everyone }] },
      'a range around an approved port': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'tcp', fromPort: 400, toPort: 500, ...everyone }],
      },
      'all traffic': { ...exampleSecurityGroup, ingress: [{ protocol: 'all', fromPort: null, toPort: null, ...everyone }] },
      'a protocol without ports': { ...exampleSecurityGroup, ingress: [{ protocol: '50', fromPort: null, toPort: null, ...everyone }] },
    },
  },
});
