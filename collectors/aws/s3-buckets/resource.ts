import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { accountPublicAccessEvents, bucketEvents } from '../change-events.ts';

export const AwsS3Bucket = defineResource({
  type: 'aws.s3.bucket',
  title: 'S3 bucket',
  changedBy: [...bucketEvents, ...accountPublicAccessEvents],
  shape: {
    name: z.string(),
    region: z.string().nullable(),
    /** Null where S3 does not tell (partitions other than the commercial one). */
    createdAt: z.iso.datetime().nullable(),
    /** How new objects are encrypted unless the request says otherwise; null: S3 says there is no such configuration. */
    encryption: z
      .object({
        /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
        algorithm: z.string(),
        /** As configured: an id, ARN or alias; null: S3's own key, or the AWS-managed `aws/s3` when the algorithm is KMS. */
        kmsKeyId: z.string().nullable(),
      })
      .nullable(),
    /** The bucket's or the account's setting; the account's covers buckets that have none. */
    publicAclsIgnored: z.boolean(),
    /** The bucket's or the account's setting: a public policy then lets in only the owner's account and services. */
    publicPolicyRestricted: z.boolean(),
    hasPolicy: z.boolean(),
    /** The policy denies every request without TLS, to the bucket and to every object. */
    insecureTransportDenied: z.boolean(),
    /** The policy by itself lets everybody in. */
    policyIsPublic: z.boolean(),
    /** Who is not of this account and is granted something by the policy: account ids and the like; `*` = everybody. */
    grantedOutside: z.array(z.string()),
    /** Null: nobody set it. Read only where public ACLs are not ignored; `not-needed` elsewhere. */
    objectOwnership: z.enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter', 'not-needed']).nullable(),
    /** The bucket ACL grants something to everybody, or to everybody who has an AWS account. Without effect when ACLs are ignored or off. */
    aclIsPublic: z.boolean(),
    /** `never` = versioning was never on. */
    versioning: z.enum(['Enabled', 'Suspended', 'never']),
    mfaDelete: z.boolean(),
    accessLogs: z.object({ bucket: z.string(), prefix: z.string() }).nullable(),
    /** Another bucket delivers its access logs here. */
    receivesAccessLogs: z.boolean(),
    lifecycle: z.array(
      z.object({
        id: z.string(),
        enabled: z.boolean(),
        /** The rule has no filter by prefix, tag or size. */
        wholeBucket: z.boolean(),
        /** Days after which current objects expire, or the date on which they do. */
        expiresAfterDays: z.int().positive().nullable(),
        expiresOn: z.string().nullable(),
        /** Days after which versions that are not current any more expire. */
        oldVersionsExpireAfterDays: z.int().positive().nullable(),
      }),
    ),
    /** Null: Object Lock is off. */
    objectLock: z
      .object({
        /** Applied to every new object; null: only what a writer asks for. */
        mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).nullable(),
        days: z.int().positive().nullable(),
      })
      .nullable(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleBucket: ResourceOf<typeof AwsS3Bucket> = {
  id: 'aws:111122223333/s3-bucket/payslips/2024-03-01T09:00:00.000Z',
  display: 'payslips',
  name: 'payslips',
  region: 'eu-central-1',
  createdAt: '2024-03-01T09:00:00.000Z',
  encryption: { algorithm: 'aws:kms', kmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/5d1d9a5c-1f6c-4a0f-9c2b-0a4a4f6f2b11' },
  publicAclsIgnored: true,
  publicPolicyRestricted: true,
  hasPolicy: true,
  insecureTransportDenied: true,
  policyIsPublic: false,
  grantedOutside: [],
  objectOwnership: 'not-needed',
  aclIsPublic: false,
  versioning: 'Enabled',
  mfaDelete: false,
  accessLogs: { bucket: 'access-logs', prefix: 'payslips/' },
  receivesAccessLogs: false,
  lifecycle: [
    { id: 'seven-years', enabled: true, wholeBucket: true, expiresAfterDays: 2557, expiresOn: null, oldVersionsExpireAfterDays: 30 },
  ],
  objectLock: { mode: 'GOVERNANCE', days: 365 },
};
