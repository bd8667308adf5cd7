import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { accountPublicAccessEvents, bucketEvents, trailEvents } from '../change-events.ts';

export const AwsCloudTrailLogBucket = defineResource({
  type: 'aws.cloudtrail.log-bucket',
  title: 'Bucket that receives CloudTrail log files',
  changedBy: [...trailEvents, ...bucketEvents, ...accountPublicAccessEvents],
  shape: {
    name: z.string(),
    /** Trails of this account that write to it; empty for a bucket that configuration names. */
    trails: z.array(z.string()),
    versioned: z.boolean(),
    mfaDelete: z.boolean(),
    /** What Object Lock keeps every new object for; null: no Object Lock, or none by default. */
    defaultRetention: z.object({ mode: z.enum(['COMPLIANCE', 'GOVERNANCE']), days: z.int() }).nullable(),
    /** Public access blocked wholly, by the bucket or by its account. */
    blocksPublicAccess: z.boolean(),
    policyIsPublic: z.boolean(),
    aclIsPublic: z.boolean(),
  },
});

/** For the examples of checks. */
export const exampleLogBucket: ResourceOf<typeof AwsCloudTrailLogBucket> = {
  id: 'aws:111122223333/cloudtrail-log-bucket/acme-audit-logs',
  display: 'acme-audit-logs',
  name: 'acme-audit-logs',
  trails: ['audit'],
  versioned: true,
  mfaDelete: false,
  defaultRetention: { mode: 'COMPLIANCE', days: 400 },
  blocksPublicAccess: true,
  policyIsPublic: false,
  aclIsPublic: false,
};
