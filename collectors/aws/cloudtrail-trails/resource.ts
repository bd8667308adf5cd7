import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { trailEvents } from '../change-events.ts';

export const ManagementEvents = z.enum(['all', 'read-only', 'write-only', 'none']);

export const AwsCloudTrailTrail = defineResource({
  type: 'aws.cloudtrail.trail',
  title: 'CloudTrail trail',
  changedBy: trailEvents,
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
  changedBy: trailEvents,
  shape: {
    trails: z.int(),
    /** Names of the trails that record every region and are switched on. */
    loggingMultiRegionTrails: z.array(z.string()),
    /** Of those, the ones that record all management events of reading and writing. */
    recordingManagementEvents: z.array(z.string()),
  },
});

/** Ordinary ones, for the examples of checks. */
export const exampleTrail: ResourceOf<typeof AwsCloudTrailTrail> = {
  id: 'aws:111122223333/cloudtrail-trail/arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit',
  display: 'audit',
  name: 'audit',
  arn: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit',
  homeRegion: 'eu-central-1',
  multiRegion: true,
  organizationTrail: false,
  bucket: 'acme-audit-logs',
  logging: true,
  validatesLogFiles: true,
  deliveryError: null,
  digestDeliveryError: null,
  lastDelivery: '2026-01-15T11:55:00.000Z',
  kmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1a2b3c4d-5678-90ab-cdef-1234567890ab',
  managementEvents: 'all',
  excludedSources: [],
};
export const exampleCoverage: ResourceOf<typeof AwsCloudTrailCoverage> = {
  id: 'aws:111122223333/cloudtrail-coverage',
  display: '111122223333',
  trails: 1,
  loggingMultiRegionTrails: ['audit'],
  recordingManagementEvents: ['audit'],
};
