import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const other = {
  id: 'archive',
  enabled: true,
  wholeBucket: true,
  expiresAfterDays: null,
  expiresOn: null,
  oldVersionsExpireAfterDays: null,
};

export default defineCheck({
  id: 'aws/s3-bucket-has-lifecycle',
  claim: 'An enabled lifecycle rule of the bucket expires objects, and their old versions where versions are kept',
  subject: AwsS3Bucket,
  severity: 'low',
  rationale:
    'Data that nothing deletes is kept for ever, whatever the retention schedule says. In a bucket with versioning an expired object stays as an old version, so old versions have to expire too. Which objects a rule is for, and whether its term is that of the schedule, is for the reader of the schedule; `wholeBucket` and `maxDays` make it part of the claim.',
  remediation: {
    console: 'S3 > the bucket > Management > Create lifecycle rule: expire current versions, and delete noncurrent versions permanently.',
    cli: `aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration '{"Rules":[{"ID":"retention","Status":"Enabled","Filter":{},"Expiration":{"Days":365},"NoncurrentVersionExpiration":{"NoncurrentDays":30}}]}'`,
    terraform: `resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    id     = "retention"
    status = "Enabled"
    filter {}
    expiration { days = 365 }
    noncurrent_version_expiration { noncurrent_days = 30 }
  }
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html'],
  changes: { breaks: ['s3.amazonaws.com:DeleteBucketLifecycle'], mends: [] },
  parameters: z.object({
    /** Count only rules that are for every object of the bucket. */
    wholeBucket: z.boolean().default(false),
    /** The longest term, in days, after which objects may expire; null: any. */
    maxDays: z.int().positive().nullable().default(null),
  }),
  test(bucket, { parameters: { wholeBucket, maxDays } }) {
    const rules = bucket.lifecycle.filter((one) => one.enabled && (one.wholeBucket || !wholeBucket));
    const inTime = (days: number | null) => days !== null && (maxDays === null || days <= maxDays);
    const expiring = rules.find((one) => one.expiresOn !== null || inTime(one.expiresAfterDays));
    const within = maxDays === null ? '' : ` within ${maxDays} days`;
    if (expiring === undefined) return fail(`no enabled rule expires objects${within}`);
    if (bucket.versioning !== 'never' && !rules.some((one) => inTime(one.oldVersionsExpireAfterDays))) {
      return fail(`objects expire, but no enabled rule expires their old versions${within}`);
    }
    return pass(`rule "${expiring.id}" expires objects${expiring.wholeBucket ? '' : ' of a part of the bucket'}`);
  },
  examples: {
    pass: {
      'objects and old versions expire': exampleBucket,
      'no versions are kept': { ...exampleBucket, versioning: 'never', lifecycle: [{ ...other, id: 'one-year', expiresAfterDays: 365 }] },
      'two rules share the work': {
        ...exampleBucket,
        lifecycle: [
          { ...other, id: 'one-year', expiresAfterDays: 365 },
          { ...other, id: 'versions', oldVersionsExpireAfterDays: 30 },
        ],
      },
    },
    fail: {
      'no rule': { ...exampleBucket, lifecycle: [] },
      'the rule is disabled': {
        ...exampleBucket,
        lifecycle: [{ ...other, id: 'one-year', enabled: false, expiresAfterDays: 365, oldVersionsExpireAfterDays: 30 }],
      },
      'a rule that only moves objects to cheaper storage': { ...exampleBucket, lifecycle: [other] },
      'old versions stay for ever': { ...exampleBucket, lifecycle: [{ ...other, id: 'one-year', expiresAfterDays: 365 }] },
    },
  },
});
