import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-bucket-encrypted',
  claim: 'The bucket encrypts new objects by default',
  subject: AwsS3Bucket,
  severity: 'high',
  rationale:
    'An object that is stored without encryption can be read by whoever gets hold of the storage. S3 has encrypted every new object with its own key since January 2023 unless something stronger is configured; objects from before that date and never rewritten are not covered by this setting.',
  remediation: {
    console: 'S3 > the bucket > Properties > Default encryption > Edit: choose a type of encryption and save.',
    cli: `aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'`,
    terraform: `resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}`,
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html',
  ],
  parameters: z.object({}),
  test: ({ encryption }) =>
    encryption === null ? fail('no default encryption is configured') : pass(`new objects are encrypted with ${encryption.algorithm}`),
  examples: {
    pass: {
      'a KMS key': exampleBucket,
      "S3's own key": { ...exampleBucket, encryption: { algorithm: 'AES256', kmsKeyId: null } },
    },
    fail: { 'no configuration': { ...exampleBucket, encryption: null } },
  },
});
