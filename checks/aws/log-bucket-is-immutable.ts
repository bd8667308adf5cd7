import { AwsCloudTrailLogBucket, exampleLogBucket } from '../../collectors/aws/cloudtrail-log-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/log-bucket-is-immutable',
  claim: 'Object Lock keeps every new log file for at least the required days, against everyone',
  subject: AwsCloudTrailLogBucket,
  severity: 'high',
  rationale:
    'Whoever breaks in wants the logs gone. In compliance mode nobody, not even the root user, can delete or shorten. Governance mode can be bypassed by whoever holds that right; MFA delete depends on the root user; both are less, and count only if the control says so.',
  remediation: {
    console:
      'S3, the bucket, Properties, Object Lock: enable it and set a default retention in compliance mode. It holds for files delivered from then on.',
    cli: `aws s3api put-object-lock-configuration --bucket <bucket> --object-lock-configuration '{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"COMPLIANCE","Days":400}}}'`,
    terraform: `resource "aws_s3_bucket_object_lock_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 400
    }
  }
}`,
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html',
  ],
  parameters: z.object({
    minimumDays: z.int().positive().default(365),
    acceptGovernance: z.boolean().default(false),
    acceptMfaDelete: z.boolean().default(false),
  }),
  test(bucket, { parameters }) {
    const retention = bucket.defaultRetention;
    const isFirm = retention !== null && (retention.mode === 'COMPLIANCE' || parameters.acceptGovernance);
    if (isFirm && retention.days >= parameters.minimumDays)
      return pass(`kept for ${retention.days} days in ${retention.mode.toLowerCase()} mode`);
    if (parameters.acceptMfaDelete && bucket.versioned && bucket.mfaDelete)
      return pass('versions can be deleted by the root user with its factor only');
    if (retention === null) return fail('log files can be deleted: no default retention of Object Lock');
    if (!isFirm) return fail('log files can be deleted by whoever may bypass governance mode');
    return fail(`log files can be deleted after ${retention.days} days; ${parameters.minimumDays} are required`);
  },
  examples: {
    pass: { 'compliance mode for 400 days': exampleLogBucket },
    fail: {
      'no Object Lock': { ...exampleLogBucket, defaultRetention: null },
      'versioned only': { ...exampleLogBucket, defaultRetention: null, mfaDelete: true },
      'governance mode': { ...exampleLogBucket, defaultRetention: { mode: 'GOVERNANCE', days: 400 } },
      'too short': { ...exampleLogBucket, defaultRetention: { mode: 'COMPLIANCE', days: 30 } },
    },
  },
});
