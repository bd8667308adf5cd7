import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-bucket-logs-access',
  claim: 'The bucket has server access logging on',
  subject: AwsS3Bucket,
  severity: 'low',
  rationale:
    'Access logs tell afterwards who read or changed which object. A bucket that receives the logs of others is left out: logging it to itself would feed on itself. Data events in CloudTrail serve the same end and are not looked at here.',
  remediation: {
    console: 'S3 > the bucket > Properties > Server access logging > Edit: enable it and choose a target bucket of the same region.',
    cli: `aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status '{"LoggingEnabled":{"TargetBucket":"LOG_BUCKET","TargetPrefix":"BUCKET/"}}'`,
    terraform: `resource "aws_s3_bucket_logging" "this" {
  bucket        = aws_s3_bucket.this.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "BUCKET/"
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html'],
  parameters: z.object({}),
  test(bucket) {
    const { accessLogs } = bucket;
    if (accessLogs !== null) return pass(`access logs go to ${accessLogs.bucket}`);
    if (bucket.receivesAccessLogs) return notApplicable('the bucket receives the access logs of others');
    return fail('server access logging is off');
  },
  examples: {
    pass: { 'logging to another bucket': exampleBucket },
    fail: { 'logging off': { ...exampleBucket, accessLogs: null } },
    notApplicable: { 'the bucket that receives the logs': { ...exampleBucket, accessLogs: null, receivesAccessLogs: true } },
  },
});
