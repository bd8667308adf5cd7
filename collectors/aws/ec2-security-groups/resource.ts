import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { securityGroupEvents } from '../change-events.ts';

const Rule = z.object({
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a protocol number. */
  protocol: z.string(),
  /** Null for `all` and for protocols without ports. For ICMP the type and code, not ports. */
  fromPort: z.int().nullable(),
  toPort: z.int().nullable(),
  /** IPv4 and IPv6 ranges. */
  ranges: z.array(z.string()),
  /** Those of them that take in the internet: 0.0.0.0/0, ::/0 and what is nearly as wide. */
  internetRanges: z.array(z.string()),
});

export const AwsEc2SecurityGroup = defineResource({
  type: 'aws.ec2.security-group',
  title: 'Security group',
  changedBy: securityGroupEvents,
  shape: {
    groupId: z.string(),
    name: z.string(),
    vpcId: z.string().nullable(),
    /** The group that comes with the VPC and is used when nobody names one. */
    isDefault: z.boolean(),
    /** Rules that name address ranges themselves. */
    ingress: z.array(Rule),
    /** The same through prefix lists, with the ranges of each list; not read when one list could not be. */
    ingressThroughPrefixLists: z.array(Rule),
    ingressRuleCount: z.int().nonnegative(),
    egressRuleCount: z.int().nonnegative(),
  },
});

type Rule = z.output<typeof Rule>;

/** Whether a rule lets TCP or UDP through to a port. */
export function opens(rule: Rule, port: number): boolean {
  if (rule.protocol === 'all') return true;
  if (rule.protocol !== 'tcp' && rule.protocol !== 'udp') return false;
  // A rule without ports is about all of them.
  return rule.fromPort === null || rule.toPort === null || (rule.fromPort <= port && port <= rule.toPort);
}
/** A rule as a person would write it: `tcp 22 from 0.0.0.0/0`. */
export function describeRule(rule: Rule): string {
  const ports =
    rule.fromPort === null || rule.protocol === 'all'
      ? ''
      : rule.fromPort === rule.toPort
        ? ` ${rule.fromPort}`
        : ` ${rule.fromPort}-${rule.toPort}`;
  return `${rule.protocol === 'all' ? 'all traffic' : rule.protocol}${ports} from ${rule.internetRanges.join(', ')}`;
}

/** As it should be: the starting point of examples. */
export const exampleSecurityGroup: ResourceOf<typeof AwsEc2SecurityGroup> = {
  id: 'aws:111122223333/eu-central-1/ec2-security-group/sg-0a1b2c3d4e5f60001',
  display: 'web (sg-0a1b2c3d4e5f60001)',
  groupId: 'sg-0a1b2c3d4e5f60001',
  name: 'web',
  vpcId: 'vpc-0a1b2c3d4e5f60001',
  isDefault: false,
  ingress: [
    { protocol: 'tcp', fromPort: 443, toPort: 443, ranges: ['0.0.0.0/0', '::/0'], internetRanges: ['0.0.0.0/0', '::/0'] },
    { protocol: 'tcp', fromPort: 22, toPort: 22, ranges: ['10.20.0.0/16'], internetRanges: [] },
  ],
  ingressThroughPrefixLists: [],
  ingressRuleCount: 2,
  egressRuleCount: 1,
};
