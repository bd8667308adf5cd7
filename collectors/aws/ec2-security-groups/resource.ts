import { defineResource, z } from '../../../src/authoring.ts';

const Rule = z.object({
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a protocol number. */
  protocol: z.string(),
  /** Null for `all` and for protocols without ports. For ICMP the type and code, not ports. */
  fromPort: z.int().nullable(),
  toPort: z.int().nullable(),
  /** IPv4 and IPv6 ranges. */
  ranges: z.array(z.string()),
});

export const AwsEc2SecurityGroup = defineResource({
  type: 'aws.ec2.security-group',
  title: 'Security group',
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
