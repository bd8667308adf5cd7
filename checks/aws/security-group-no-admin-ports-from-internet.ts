import { AwsEc2SecurityGroup, describeRule, exampleSecurityGroup, opens } from '../../collectors/aws/ec2-security-groups/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const everyone = { ranges: ['0.0.0.0/0'], internetRanges: ['0.0.0.0/0'] };

export default defineCheck({
  id: 'aws/security-group-no-admin-ports-from-internet',
  claim: 'The security group lets nobody on the internet reach a port for administration',
  subject: AwsEc2SecurityGroup,
  severity: 'high',
  rationale:
    'Ports for remote administration that face the internet are found and tried within minutes. Counted as the internet: 0.0.0.0/0, ::/0, and ranges nearly as wide (IPv4 wider than /8, IPv6 wider than /16), named in the rule itself or through a prefix list. Unused groups count: attaching one is one click.',
  remediation: {
    console: 'EC2 > Security groups > the group > Edit inbound rules: limit the source, or use Session Manager instead.',
    cli: 'aws ec2 revoke-security-group-ingress --group-id GROUP --protocol tcp --port 22 --cidr 0.0.0.0/0',
    terraform: `resource "aws_vpc_security_group_ingress_rule" "administration" {
  security_group_id = aws_security_group.this.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "10.0.0.0/8"
}`,
  },
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  parameters: z.object({
    /** SSH, Telnet, RDP and WinRM. */
    ports: z.array(z.int().min(0).max(65_535)).default([22, 23, 3389, 5985, 5986]),
  }),
  test(group, { parameters }) {
    const open = (rules: typeof group.ingress) =>
      rules.filter((rule) => rule.internetRanges.length > 0 && parameters.ports.some((port) => opens(rule, port)));
    const [direct] = open(group.ingress);
    if (direct) return fail(`open to the internet: ${describeRule(direct)}`);
    const [listed] = open(group.ingressThroughPrefixLists);
    if (listed) return fail(`open to the internet through a prefix list: ${describeRule(listed)}`);
    return pass('no port for administration is open to the internet');
  },
  examples: {
    pass: {
      'HTTPS from everywhere, SSH from inside': exampleSecurityGroup,
      'no rules at all': { ...exampleSecurityGroup, ingress: [], ingressRuleCount: 0 },
    },
    fail: {
      'SSH from everywhere': { ...exampleSecurityGroup, ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, ...everyone }] },
      'a range of ports that takes RDP in': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'tcp', fromPort: 3000, toPort: 4000, ...everyone }],
      },
      'SSH from every IPv6 address': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, ranges: ['::/0'], internetRanges: ['::/0'] }],
      },
      'all traffic from everywhere': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'all', fromPort: null, toPort: null, ...everyone }],
      },
      'half of the internet': {
        ...exampleSecurityGroup,
        ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, ranges: ['128.0.0.0/1'], internetRanges: ['128.0.0.0/1'] }],
      },
      'through a prefix list': {
        ...exampleSecurityGroup,
        ingress: [],
        ingressThroughPrefixLists: [{ protocol: 'tcp', fromPort: 22, toPort: 22, ...everyone }],
      },
    },
  },
});
