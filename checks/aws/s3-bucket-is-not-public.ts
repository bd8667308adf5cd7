import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const unblocked = {
  ...exampleBucket,
  publicAclsIgnored: false,
  publicPolicyRestricted: false,
  objectOwnership: 'BucketOwnerEnforced',
} as const;

export default defineCheck({
  id: 'aws/s3-bucket-is-not-public',
  claim: 'Neither the policy nor the ACL of the bucket lets everybody in',
  subject: AwsS3Bucket,
  severity: 'critical',
  rationale:
    'What a public bucket holds is published. The block of the account or of the bucket makes S3 ignore public ACLs and restrict public policies; where neither does, policy and ACL themselves decide. ACLs of single objects are not read: where public ACLs are not ignored, an object may have one of its own.',
  remediation: {
    console:
      'S3 > the bucket > Permissions > Block public access > Edit: select Block all public access; then remove the public grant itself.',
    cli: 'aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
    terraform: `resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}`,
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html',
  ],
  parameters: z.object({}),
  test(bucket) {
    if (!bucket.publicPolicyRestricted && bucket.policyIsPublic) return fail('the bucket policy lets everybody in');
    if (!bucket.publicAclsIgnored && bucket.aclIsPublic) return fail('the bucket ACL lets everybody in');
    return pass(
      bucket.publicPolicyRestricted && bucket.publicAclsIgnored
        ? 'public access is blocked by the account or the bucket'
        : 'neither the policy nor the ACL lets everybody in',
    );
  },
  examples: {
    pass: {
      'blocked by the account or the bucket': exampleBucket,
      'a public policy without effect, because it is restricted': { ...exampleBucket, policyIsPublic: true },
      'a public ACL without effect, because it is ignored': { ...exampleBucket, aclIsPublic: true },
      'not blocked, and nothing public': unblocked,
    },
    fail: {
      'a public policy': { ...unblocked, policyIsPublic: true },
      'a public ACL': { ...unblocked, objectOwnership: null, aclIsPublic: true },
      'a public ACL, and only policies are restricted': {
        ...exampleBucket,
        publicAclsIgnored: false,
        objectOwnership: 'ObjectWriter',
        aclIsPublic: true,
      },
    },
  },
});
