import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-bucket-cross-account-access-is-approved',
  claim: 'The bucket policy grants nothing to accounts or identities outside this account that are not on the approved list',
  subject: AwsS3Bucket,
  severity: 'medium',
  rationale:
    'A grant to another account hands its administrators the right to decide who reads the data. Grants in access points and in ACLs are not looked at. An identity whose account the policy does not show (a CloudFront origin access identity, a canonical user id) counts as outside until it is approved.',
  remediation: {
    console:
      'S3 > the bucket > Permissions > Bucket policy > Edit: remove the principal, or have it approved and added to the list of this check.',
    cli: 'aws s3api get-bucket-policy --bucket BUCKET --query Policy --output text > policy.json  # edit, then: aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json',
    terraform: 'Remove the principal from the aws_s3_bucket_policy of the bucket.',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  ],
  changes: { breaks: [], mends: ['s3.amazonaws.com:DeleteBucketPolicy'] },
  parameters: z.object({
    /** Account ids, organisation ids (`o-...`), VPC endpoints and other grantees as the policy names them. */
    approved: z.array(z.string()).default([]),
  }),
  test(bucket, { parameters }) {
    const open = bucket.grantedOutside.filter((grantee) => !parameters.approved.includes(grantee));
    if (open.length > 0) return fail(`not approved: ${open.map((grantee) => (grantee === '*' ? 'everybody' : grantee)).join(', ')}`);
    return pass(
      bucket.grantedOutside.length === 0
        ? 'nobody outside the account is granted anything'
        : 'everybody outside the account who is granted something is approved',
    );
  },
  examples: {
    pass: { 'no grant outside the account': exampleBucket },
    fail: {
      'another account': { ...exampleBucket, grantedOutside: ['444455556666'] },
      everybody: { ...exampleBucket, publicPolicyRestricted: false, policyIsPublic: true, grantedOutside: ['*'] },
      'an organisation nobody approved': { ...exampleBucket, grantedOutside: ['o-a1b2c3d4e5'] },
    },
  },
});
