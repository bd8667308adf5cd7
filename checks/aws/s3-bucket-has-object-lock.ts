import { AwsS3Bucket, exampleBucket } from '../../collectors/aws/s3-buckets/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-bucket-has-object-lock',
  claim: 'New objects of the bucket cannot be changed or deleted for a fixed time',
  subject: AwsS3Bucket,
  severity: 'low',
  rationale:
    'Object Lock with a default retention keeps every new version of an object unchanged until its time is over; in compliance mode not even the root user can lift it, in governance mode a special right can. Without a default retention only objects whose writer asked for it are kept. Meant for records, logs and backups: use scope rules, or `names`, for the rest.',
  remediation: {
    console: 'S3 > the bucket > Properties > Object Lock > Edit: enable it with a default retention (versioning has to be on).',
    cli: `aws s3api put-object-lock-configuration --bucket BUCKET --object-lock-configuration '{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"GOVERNANCE","Days":365}}}'`,
    terraform: `resource "aws_s3_bucket_object_lock_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 365
    }
  }
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html'],
  parameters: z.object({
    /** Buckets this is asked of: names, `*` for any run of characters. */
    names: z.array(z.string()).default(['*']),
    minDays: z.int().positive().default(1),
    modes: z.array(z.enum(['GOVERNANCE', 'COMPLIANCE'])).default(['GOVERNANCE', 'COMPLIANCE']),
  }),
  appliesTo: (bucket, { parameters }) => parameters.names.some((pattern) => isNamed(pattern, bucket.name)),
  test({ objectLock }, { parameters: { minDays, modes } }) {
    if (objectLock === null) return fail('Object Lock is off');
    const { mode, days } = objectLock;
    if (mode === null || days === null) return fail('Object Lock is on, but there is no default retention');
    if (!modes.includes(mode)) return fail(`the default retention is in ${mode} mode`);
    if (days < minDays) return fail(`the default retention is ${days} days, less than ${minDays}`);
    return pass(`new objects are kept for ${days} days in ${mode} mode`);
  },
  examples: {
    pass: { 'a default retention': exampleBucket },
    fail: {
      'Object Lock off': { ...exampleBucket, objectLock: null },
      'no default retention': { ...exampleBucket, objectLock: { mode: null, days: null } },
    },
  },
});

function isNamed(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
