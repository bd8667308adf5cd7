import { AwsCloudTrailTrail, exampleTrail } from '../../collectors/aws/cloudtrail-trails/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/trail-encrypted-with-kms',
  claim: 'The log files of the trail are encrypted with a KMS key',
  subject: AwsCloudTrailTrail,
  severity: 'medium',
  rationale:
    'With a KMS key, reading the logs needs a right on the key besides one on the bucket, and each reading leaves an event of its own.',
  remediation: {
    console:
      'CloudTrail, the trail, General details, Edit: Log file SSE-KMS encryption, and choose a key whose policy lets CloudTrail use it.',
    cli: 'aws cloudtrail update-trail --name <arn> --kms-key-id <key arn>',
    terraform: 'In the aws_cloudtrail, kms_key_id = aws_kms_key.trail.arn',
  },
  references: ['https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html'],
  parameters: z.object({}),
  test: (trail) =>
    trail.kmsKeyId === null ? fail('log files are encrypted with keys of S3 only') : pass('log files are encrypted with a KMS key'),
  examples: { pass: { 'a KMS key': exampleTrail }, fail: { 'keys of S3': { ...exampleTrail, kmsKeyId: null } } },
});
