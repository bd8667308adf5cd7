import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-bucket-versioned',
  claim: 'The bucket keeps former versions of its objects',
  subject: AwsS3Bucket,
  severity: 'medium',
  rationale:
    'With versioning, an object that was overwritten or deleted by mistake or on purpose can be brought back. A bucket whose versioning is suspended keeps old versions and makes no new ones.',
  remediation: {
    console: 'S3 > the bucket > Properties > Bucket Versioning > Edit: choose Enable and save.',
    cli: 'aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled',
    terraform: `resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration { status = "Enabled" }
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html'],
  parameters: z.object({
    /** Require that a version can be deleted for good only with a second factor. */
    requireMfaDelete: z.boolean().default(false),
  }),
  test(bucket, { parameters }) {
    if (bucket.versioning !== 'Enabled') {
      return fail(bucket.versioning === 'Suspended' ? 'versioning is suspended' : 'versioning was never switched on');
    }
    if (parameters.requireMfaDelete && !bucket.mfaDelete) return fail('versions can be deleted for good without a second factor');
    return pass('versioning is on');
  },
  examples: {
    pass: { 'versioning on': exampleBucket },
    fail: {
      'versioning suspended': { ...exampleBucket, versioning: 'Suspended' },
      'versioning never switched on': { ...exampleBucket, versioning: 'never' },
    },
  },
});
