import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-bucket-encrypted-with-kms',
  claim: 'The bucket encrypts new objects by default with a KMS key',
  subject: AwsS3Bucket,
  severity: 'low',
  rationale:
    'With a KMS key, reading an object needs a right to the key as well as to the bucket, and every use of the key is logged. The claim is about KMS as such: a bucket that names no key uses the AWS-managed key of S3, whose policy nobody can change.',
  remediation: {
    console: 'S3 > the bucket > Properties > Default encryption > Edit: choose server-side encryption with AWS KMS keys and pick a key.',
    cli: `aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"KEY_ARN"},"BucketKeyEnabled":true}]}'`,
    terraform: `resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
    bucket_key_enabled = true
  }
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html'],
  changes: { breaks: ['s3.amazonaws.com:DeleteBucketEncryption'], mends: [] },
  parameters: z.object({
    /** Require that the bucket names its key, so that the AWS-managed one is not enough. */
    requireNamedKey: z.boolean().default(false),
  }),
  test({ encryption }, { parameters }) {
    if (encryption === null) return fail('no default encryption is configured');
    if (encryption.algorithm !== 'aws:kms' && encryption.algorithm !== 'aws:kms:dsse') {
      return fail(`new objects are encrypted with ${encryption.algorithm}`);
    }
    const { kmsKeyId: key } = encryption;
    if (parameters.requireNamedKey && (key === null || key.endsWith('alias/aws/s3'))) return fail('the AWS-managed key of S3 is used');
    return pass(`new objects are encrypted with ${key ?? 'the AWS-managed key of S3'}`);
  },
  examples: {
    pass: {
      'a key of the account': exampleBucket,
      'the AWS-managed key': { ...exampleBucket, encryption: { algorithm: 'aws:kms', kmsKeyId: null } },
      'two layers': { ...exampleBucket, encryption: { algorithm: 'aws:kms:dsse', kmsKeyId: null } },
    },
    fail: {
      "S3's own key": { ...exampleBucket, encryption: { algorithm: 'AES256', kmsKeyId: null } },
      'no configuration': { ...exampleBucket, encryption: null },
    },
  },
});
