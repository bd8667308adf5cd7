import { defineResource, z } from '../../../src/authoring.ts';

export const ManagementEvents = z.enum(['all', 'read-only', 'write-only', 'none']);

export const AwsCloudTrailTrail = defineResource({
  type: 'aws.cloudtrail.trail',
  title: 'CloudTrail trail',
  shape: {
    name: z.string(),
    arn: z.string(),
    homeRegion: z.string(),
    multiRegion: z.boolean(),
    organizationTrail: z.boolean(),
    bucket: z.string(),
    logging: z.boolean(),
    validatesLogFiles: z.boolean(),
    /** Error code of the latest delivery of log files; null: it went through. */
    deliveryError: z.string().nullable(),
    digestDeliveryError: z.string().nullable(),
    /** ISO-8601 UTC; null: nothing was delivered yet. */
    lastDelivery: z.string().nullable(),
    kmsKeyId: z.string().nullable(),
    managementEvents: ManagementEvents,
    /** Event sources left out of the management events, e.g. `kms.amazonaws.com`. */
    excludedSources: z.array(z.string()),
  },
});

/** What all trails of an account record together. Always there, also in an account without any trail. */
export const AwsCloudTrailCoverage = defineResource({
  type: 'aws.cloudtrail.coverage',
  title: 'Recording of an account by CloudTrail',
  aggregate: true,
  shape: {
    trails: z.int(),
    /** Names of the trails that record every region and are switched on. */
    loggingMultiRegionTrails: z.array(z.string()),
    /** Of those, the ones that record all management events of reading and writing. */
    recordingManagementEvents: z.array(z.string()),
  },
});
