import {
  defineCollector,
  type ItemView,
  isUnread,
  type JsonObject,
  type Reading,
  type Reply,
  read,
  unread,
  z,
} from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, objectsIn, pageSubject, pagesAbout, stated, textIn } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsEc2SecurityGroup } from './resource.ts';

const withPorts = new Set(['tcp', 'udp', '6', '17']);
const Permission = body({
  IpProtocol: z.string(),
  FromPort: z.int().optional(),
  ToPort: z.int().optional(),
  // EC2 sends every kind of peer, empty where there is none: a rule that lacks one is not known whole.
  IpRanges: z.array(body({ CidrIp: z.cidrv4() })),
  Ipv6Ranges: z.array(body({ CidrIpv6: z.cidrv6() })),
  PrefixListIds: z.array(body({ PrefixListId: z.string() })),
}).refine((rule) => !withPorts.has(rule.IpProtocol) || (rule.FromPort !== undefined && rule.ToPort !== undefined));
type Permission = z.output<typeof Permission>;
const Group = body({
  GroupId: z.string(),
  GroupName: given(z.string()),
  VpcId: z.string().optional(),
  Tags,
  IpPermissions: given(z.array(Permission)),
  IpPermissionsEgress: given(z.array(Permission)),
});
const Ranges = body({ Cidrs: z.array(z.union([z.cidrv4(), z.cidrv6()])) });
interface Rule {
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly ranges: string[];
  readonly internetRanges: string[];
}

/** A prefix list may hold 0.0.0.0/0 like any rule, so those that let traffic in are looked up: one call per list, not per rule. */
export default defineCollector<AwsClient>({
  id: 'aws/ec2-security-groups',
  title: 'Security groups',
  kind: 'state',
  scope: 'region',
  yields: [AwsEc2SecurityGroup],
  permissions: ['ec2:DescribeSecurityGroups', 'ec2:GetManagedPrefixListEntries'],
  items: {
    'ec2:DescribeSecurityGroups': {
      list: 'SecurityGroups',
      key: 'GroupId',
      keep: ['GroupId', 'GroupName', 'VpcId', 'IpPermissions', 'IpPermissionsEgress', 'Tags'],
    },
    'ec2:GetManagedPrefixListEntries': { split: splitEntries, namesSubjects: false, keep: ['Cidrs'] },
  },
  async *collect(client) {
    const lists = new Set<string>();
    for await (const page of client.pages('ec2:DescribeSecurityGroups')) {
      yield page;
      for (const id of prefixListsIn(page)) lists.add(id);
    }
    for (const id of [...lists].sort()) yield* client.pages('ec2:GetManagedPrefixListEntries', { PrefixListId: id }, { subject: id });
  },
  normalise(view) {
    return view.each('ec2:DescribeSecurityGroups', Group, (group) => {
      const { GroupId: groupId, GroupName: name, IpPermissions: ingress, IpPermissionsEgress: egress } = group;
      return AwsEc2SecurityGroup.draft(
        {
          id: view.id('ec2-security-group', groupId),
          display: name === undefined ? groupId : `${name} (${groupId})`,
          ...tagged(group.Tags),
        },
        {
          groupId,
          name: stated(name),
          vpcId: group.VpcId ?? null,
          // Nobody can create, rename or delete a group of this name: it comes with the VPC.
          isDefault: stated(name === undefined ? undefined : name === 'default'),
          ingress: stated(ingress?.map((permission) => ruleOf(permission, rangesOf(permission))).filter((rule) => rule.ranges.length > 0)),
          ingressThroughPrefixLists: ingress === undefined ? unread('malformed-reply') : throughPrefixLists(view, ingress),
          ingressRuleCount: stated(ingress?.length),
          egressRuleCount: stated(egress?.length),
        },
      );
    });
  },
});

function prefixListsIn(page: Reply): string[] {
  const groups = objectsIn(page.output ?? {}, 'SecurityGroups')?.map((entry) => Group.safeParse(entry));
  return groups?.flatMap((group) => group.data?.IpPermissions?.flatMap(listsOf) ?? []) ?? [];
}
/** One item per page, so that an empty list is an answer and not a silence. */
function splitEntries(output: JsonObject, reply: Reply): { subject: string; body: JsonObject }[] {
  const entries = objectsIn(output, 'Entries')?.map((entry) => entry['Cidr']);
  const subject = pageSubject(textIn(reply.input, 'PrefixListId'), reply.page);
  return [{ subject, body: entries?.every((cidr) => typeof cidr === 'string') ? { Cidrs: entries } : {} }];
}

const listsOf = (permission: Permission) => permission.PrefixListIds.map(({ PrefixListId: id }) => id);
const rangesOf = (permission: Permission) => [
  ...permission.IpRanges.map(({ CidrIp: range }) => range),
  ...permission.Ipv6Ranges.map(({ CidrIpv6: range }) => range),
];

function ruleOf(permission: Permission, ranges: string[]): Rule {
  const protocol = protocolNames[permission.IpProtocol] ?? permission.IpProtocol;
  return {
    protocol,
    fromPort: permission.FromPort ?? null,
    toPort: permission.ToPort ?? null,
    ranges,
    internetRanges: ranges.filter(isInternet),
  };
}
/** No private range is this wide, so whatever is this wide takes in public addresses; halves and quarters of the internet are internet too. */
function isInternet(range: string): boolean {
  const [address = '', length] = range.split('/');
  if (!address.includes(':')) return Number(length) < 8;
  return Number(length) < 16 && !/^f[c-f]/i.test(address);
}
const protocolNames: Readonly<Record<string, string>> = { '-1': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

function throughPrefixLists(view: ItemView, ingress: readonly Permission[]): Reading<Rule[]> {
  const rules: Rule[] = [];
  for (const permission of ingress) {
    for (const list of listsOf(permission)) {
      const ranges = rangesOfList(view, list);
      if (isUnread(ranges)) return ranges;
      rules.push(ruleOf(permission, ranges));
    }
  }
  return rules;
}
function rangesOfList(view: ItemView, list: string): Reading<string[]> {
  return read(pagesAbout(view, 'ec2:GetManagedPrefixListEntries', list, Ranges), (pages) => pages.flatMap((page) => page.Cidrs));
}
