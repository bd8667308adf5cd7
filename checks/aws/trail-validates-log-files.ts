import { AwsCloudTrailTrail, exampleTrail } from '../../collectors/aws/cloudtrail-trails/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/trail-validates-log-files',
  claim: 'The trail writes digest files by which its log files can be verified',
  subject: AwsCloudTrailTrail,
  severity: 'medium',
  rationale:
    'Digest files, signed and chained by AWS, show whether a log file was changed, deleted or added afterwards. They cannot be made for the past.',
  remediation: {
    console: 'CloudTrail, the trail, General details, Edit: Log file validation, Enabled.',
    cli: 'aws cloudtrail update-trail --name <arn> --enable-log-file-validation',
    terraform: 'In the aws_cloudtrail, enable_log_file_validation = true',
  },
  references: ['https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html'],
  parameters: z.object({}),
  test: (trail) => (trail.validatesLogFiles ? pass('digest files are written') : fail('changed or deleted log files would not be noticed')),
  examples: { pass: { on: exampleTrail }, fail: { off: { ...exampleTrail, validatesLogFiles: false } } },
});
