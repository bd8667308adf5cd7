import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-bucket-requires-tls',
  claim: 'The bucket policy denies every request without TLS, to the bucket and to its objects',
  subject: AwsS3Bucket,
  severity: 'medium',
  rationale:
    'S3 answers plain HTTP as well as HTTPS. Only a denial that names everyone, every action, the bucket and all its objects keeps credentials and data off plain connections; one that covers the objects alone leaves listing open, one that covers the bucket alone leaves the data open.',
  remediation: {
    console:
      'S3 > the bucket > Permissions > Bucket policy > Edit: add a statement that denies Principal "*" the action "s3:*" on the bucket and on BUCKET/* when aws:SecureTransport is false.',
    cli: `aws s3api put-bucket-policy --bucket BUCKET --policy '{"Version":"2012-10-17","Statement":[{"Sid":"RequireTls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::BUCKET","arn:aws:s3:::BUCKET/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'  # replaces the policy: merge with what is there`,
    terraform: `data "aws_iam_policy_document" "tls_only" {
  statement {
    sid     = "RequireTls"
    effect  = "Deny"
    actions = ["s3:*"]
    resources = [aws_s3_bucket.this.arn, "\${aws_s3_bucket.this.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}`,
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport',
  ],
  changes: { breaks: ['s3.amazonaws.com:DeleteBucketPolicy'], mends: [] },
  parameters: z.object({}),
  test(bucket) {
    if (!bucket.hasPolicy) return fail('there is no bucket policy, so plain HTTP is answered');
    return bucket.insecureTransportDenied
      ? pass('the policy denies requests without TLS')
      : fail('no statement of the policy denies every request without TLS');
  },
  examples: {
    pass: { 'a denial of everything that comes without TLS': exampleBucket },
    fail: {
      'no policy': { ...exampleBucket, hasPolicy: false, insecureTransportDenied: false },
      'a policy that denies less, or nothing': { ...exampleBucket, insecureTransportDenied: false },
    },
  },
});
