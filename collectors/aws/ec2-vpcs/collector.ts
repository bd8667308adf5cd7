import { defineCollector, type ItemView, type Reading, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsEc2Vpc } from './resource.ts';

const Vpc = body({ VpcId: z.string(), IsDefault: given(z.boolean()), OwnerId: given(z.string()), Tags });
/** Lenient on purpose: a flow log that does not fit must leave its VPC undecided, not without logs. */
const FlowLog = body({
  FlowLogId: given(z.string()),
  ResourceId: given(z.string()),
  FlowLogStatus: given(z.string()),
  TrafficType: given(z.string()),
  DeliverLogsStatus: given(z.string()),
});
interface FlowLogFields {
  readonly id: string;
  readonly status: string;
  readonly traffic: string;
  readonly delivery: string;
}

export default defineCollector<AwsClient>({
  id: 'aws/ec2-vpcs',
  title: 'VPCs and their flow logs',
  kind: 'state',
  scope: 'region',
  yields: [AwsEc2Vpc],
  permissions: ['ec2:DescribeVpcs', 'ec2:DescribeFlowLogs'],
  items: {
    'ec2:DescribeVpcs': { list: 'Vpcs', key: 'VpcId', keep: ['VpcId', 'IsDefault', 'OwnerId', 'CidrBlock', 'Tags'] },
    'ec2:DescribeFlowLogs': {
      list: 'FlowLogs',
      namesSubjects: false,
      key: 'FlowLogId',
      keep: [
        'FlowLogId',
        'ResourceId',
        'FlowLogStatus',
        'TrafficType',
        'DeliverLogsStatus',
        'LogDestinationType',
        'LogDestination',
        'LogGroupName',
      ],
    },
  },
  async *collect(client) {
    yield* client.pages('ec2:DescribeVpcs');
    yield* client.pages('ec2:DescribeFlowLogs');
  },
  normalise(view) {
    return view.each('ec2:DescribeVpcs', Vpc, (vpc) =>
      AwsEc2Vpc.draft(
        { id: view.id('ec2-vpc', vpc.VpcId), display: vpc.VpcId, ...tagged(vpc.Tags) },
        {
          vpcId: vpc.VpcId,
          isDefault: stated(vpc.IsDefault),
          isOwn: stated(vpc.OwnerId === undefined ? undefined : vpc.OwnerId === view.tenant),
          flowLogs: flowLogsOf(view, vpc.VpcId),
        },
      ),
    );
  },
});

function flowLogsOf(view: ItemView, vpcId: string): Reading<FlowLogFields[]> {
  const gap = view.gapIn('ec2:DescribeFlowLogs');
  if (gap !== undefined) return unread(gap);
  const found: FlowLogFields[] = [];
  for (const { body: log } of view.list('ec2:DescribeFlowLogs', FlowLog)) {
    if (log.ResourceId === undefined) return unread('malformed-reply');
    if (log.ResourceId !== vpcId) continue;
    const { FlowLogId: id, FlowLogStatus: status, TrafficType: traffic, DeliverLogsStatus: delivery } = log;
    if (id === undefined || status === undefined || traffic === undefined || delivery === undefined) return unread('malformed-reply');
    found.push({ id, status, traffic, delivery });
  }
  return found;
}
