import { AwsEc2Vpc, exampleVpc } from '../../collectors/aws/ec2-vpcs/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const flowLog = { id: 'fl-0a1b2c3d4e5f60002', status: 'ACTIVE', traffic: 'ALL', delivery: 'SUCCESS' };

export default defineCheck({
  id: 'aws/vpc-has-flow-logs',
  claim: 'A flow log of the VPC records its traffic and is being delivered',
  subject: AwsEc2Vpc,
  // A VPC that another account shares with this one is logged, and judged, there.
  appliesTo: (vpc) => vpc.isOwn,
  severity: 'medium',
  rationale:
    'Flow logs tell afterwards who talked to whom. Those of single subnets or interfaces do not cover the VPC, and one whose delivery fails records nothing. Rejected traffic at least is what shows attempts.',
  remediation: {
    console: 'VPC > Your VPCs > the VPC > Flow logs > Create flow log: all traffic, to S3 or CloudWatch Logs.',
    cli: 'aws ec2 create-flow-logs --resource-type VPC --resource-ids VPC --traffic-type ALL --log-destination-type s3 --log-destination BUCKET_ARN',
    terraform: `resource "aws_flow_log" "this" {
  vpc_id               = aws_vpc.this.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.logs.arn
}`,
  },
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html'],
  parameters: z.object({
    /** Kinds of traffic that are enough. */
    traffic: z.array(z.enum(['ALL', 'REJECT', 'ACCEPT'])).default(['ALL', 'REJECT']),
  }),
  test({ flowLogs }, { parameters }) {
    if (flowLogs.length === 0) return fail('the VPC has no flow log');
    const enough = flowLogs.filter((one) => parameters.traffic.some((kind) => kind === one.traffic));
    if (enough.length === 0) return fail(`no flow log records ${parameters.traffic.join(' or ')} traffic`);
    const working = enough.find((one) => one.status === 'ACTIVE' && one.delivery === 'SUCCESS');
    return working
      ? pass(`flow log ${working.id} records ${working.traffic} traffic`)
      : fail('the flow log is not active, or its delivery fails');
  },
  examples: {
    pass: {
      'all traffic': exampleVpc,
      'rejected traffic': { ...exampleVpc, flowLogs: [{ ...flowLog, traffic: 'REJECT' }] },
      'one of two works': { ...exampleVpc, flowLogs: [{ ...flowLog, delivery: 'FAILED' }, flowLog] },
    },
    fail: {
      'no flow log': { ...exampleVpc, flowLogs: [] },
      'accepted traffic only': { ...exampleVpc, flowLogs: [{ ...flowLog, traffic: 'ACCEPT' }] },
      'not active': { ...exampleVpc, flowLogs: [{ ...flowLog, status: 'INACTIVE' }] },
      'delivery fails': { ...exampleVpc, flowLogs: [{ ...flowLog, delivery: 'FAILED' }] },
    },
  },
});
