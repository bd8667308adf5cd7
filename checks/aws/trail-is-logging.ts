import { AwsCloudTrailTrail, exampleTrail } from '../../collectors/aws/cloudtrail-trails/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/trail-is-logging',
  claim: 'The trail is switched on',
  subject: AwsCloudTrailTrail,
  severity: 'critical',
  rationale:
    'A trail that is stopped records nothing of what is done meanwhile, and stopping it is what somebody does first who wants to leave no trace. Another trail may still record: that is for the coverage of the account to say.',
  remediation: {
    console: 'CloudTrail, Trails, select the trail, Start logging; or delete it when another one takes its place.',
    cli: 'aws cloudtrail start-logging --name <arn>',
    terraform: 'resource "aws_cloudtrail" "audit" {\n  # ...\n  enable_logging = true\n}',
  },
  references: ['https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html'],
  changes: { breaks: ['cloudtrail.amazonaws.com:StopLogging'], mends: ['cloudtrail.amazonaws.com:StartLogging'] },
  parameters: z.object({}),
  test: (trail) => (trail.logging ? pass('the trail records') : fail('the trail is switched off')),
  examples: { pass: { 'switched on': exampleTrail }, fail: { stopped: { ...exampleTrail, logging: false } } },
});
