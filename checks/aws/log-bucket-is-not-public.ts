import { AwsCloudTrailLogBucket, exampleLogBucket } from '../../collectors/aws/cloudtrail-log-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/log-bucket-is-not-public',
  claim: 'The bucket with the log files is not open to everyone',
  subject: AwsCloudTrailLogBucket,
  severity: 'critical',
  rationale:
    'Logs name principals, resources and addresses: a plan of the account for whoever wants in. A block of the account counts as much as one of the bucket.',
  remediation: {
    console: 'S3, the bucket, Permissions: Block all public access; or do so for the whole account.',
    cli: 'aws s3api put-public-access-block --bucket <bucket> --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
    terraform: 'resource "aws_s3_bucket_public_access_block" "logs" with all four set to true',
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html'],
  parameters: z.object({}),
  test(bucket) {
    if (bucket.blocksPublicAccess) return pass('public access is blocked');
    if (bucket.policyIsPublic) return fail('the bucket policy lets everyone in');
    return bucket.aclIsPublic
      ? fail('the access control list lets everyone in')
      : pass('neither policy nor access control list lets everyone in');
  },
  examples: {
    pass: {
      blocked: exampleLogBucket,
      'a public policy behind a block': { ...exampleLogBucket, policyIsPublic: true },
      'not blocked and not open': { ...exampleLogBucket, blocksPublicAccess: false },
    },
    fail: {
      'a public policy': { ...exampleLogBucket, blocksPublicAccess: false, policyIsPublic: true },
      'a public list': { ...exampleLogBucket, blocksPublicAccess: false, aclIsPublic: true },
    },
  },
});
