import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

const exposed = { ...exampleBucket, publicAclsIgnored: false } as const;

export default defineCheck({
  id: 'aws/s3-bucket-acls-disabled',
  claim: 'Where public ACLs are not ignored, the bucket has ACLs switched off',
  subject: AwsS3Bucket,
  severity: 'low',
  rationale:
    'With ACLs off ("bucket owner enforced") the owner owns every object, and policies alone decide who gets in. Ownership is read only where no block makes S3 ignore public ACLs: there a single object may be public by its own ACL.',
  remediation: {
    console: 'S3 > the bucket > Permissions > Object Ownership > Edit: choose ACLs disabled and save.',
    cli: `aws s3api put-bucket-ownership-controls --bucket BUCKET --ownership-controls '{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}'`,
    terraform: `resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule { object_ownership = "BucketOwnerEnforced" }
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html'],
  parameters: z.object({}),
  test({ objectOwnership }) {
    if (objectOwnership === 'not-needed') return notApplicable('public ACLs are ignored by the block of the account or the bucket');
    if (objectOwnership === 'BucketOwnerEnforced') return pass('ACLs are switched off');
    return fail(objectOwnership === null ? 'nobody set who owns objects, so ACLs apply' : `ACLs apply: ownership is ${objectOwnership}`);
  },
  examples: {
    pass: { 'ACLs off': { ...exposed, objectOwnership: 'BucketOwnerEnforced' } },
    fail: {
      'never configured': { ...exposed, objectOwnership: null },
      'the writer owns': { ...exposed, objectOwnership: 'ObjectWriter' },
      'the owner is only preferred': { ...exposed, objectOwnership: 'BucketOwnerPreferred' },
    },
    notApplicable: { 'public ACLs are ignored anyway': exampleBucket },
  },
});
