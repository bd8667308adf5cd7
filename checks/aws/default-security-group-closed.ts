import { AwsEc2SecurityGroup, exampleSecurityGroup } from '../../collectors/aws/ec2-security-groups/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const closed = {
  ...exampleSecurityGroup,
  display: 'default (sg-0a1b2c3d4e5f60001)',
  name: 'default',
  isDefault: true,
  ingress: [],
  ingressRuleCount: 0,
  egressRuleCount: 0,
};

export default defineCheck({
  id: 'aws/default-security-group-closed',
  claim: 'The default security group of the VPC has no rules, so what is put into it by accident can talk to nothing',
  subject: AwsEc2SecurityGroup,
  appliesTo: (group) => group.isDefault,
  severity: 'medium',
  rationale:
    'Whatever is started without naming a security group lands in the default one. As AWS makes it, it lets its members talk to each other and out to everywhere, and it cannot be deleted: it can only be emptied.',
  remediation: {
    console: 'EC2 > Security groups > the default group of the VPC: delete all inbound and all outbound rules.',
    cli: 'aws ec2 describe-security-group-rules --filters Name=group-id,Values=GROUP  # then: aws ec2 revoke-security-group-ingress and revoke-security-group-egress --group-id GROUP --security-group-rule-ids RULES',
    terraform: 'resource "aws_default_security_group" "this" { vpc_id = aws_vpc.this.id }  # without rules: Terraform removes them',
  },
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html'],
  parameters: z.object({}),
  test({ ingressRuleCount: inbound, egressRuleCount: outbound }) {
    return inbound + outbound === 0
      ? pass('the group has no rules')
      : fail(`the group has ${inbound} inbound and ${outbound} outbound rules`);
  },
  examples: {
    pass: { 'no rules': closed },
    fail: {
      'as AWS makes it': { ...closed, ingressRuleCount: 1, egressRuleCount: 1 },
      'outbound rules only': { ...closed, egressRuleCount: 1 },
    },
  },
});
