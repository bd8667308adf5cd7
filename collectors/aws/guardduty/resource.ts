import { defineResource, z } from '../../../src/authoring.ts';

/** GuardDuty in one region, switched on or not. */
export const AwsGuardDutyDetector = defineResource({
  type: 'aws.guardduty.detector',
  title: 'GuardDuty in a region',
  aggregate: true,
  shape: {
    region: z.string(),
    /** Null: GuardDuty was never switched on here. */
    detectorId: z.string().nullable(),
    enabled: z.boolean(),
    /** Protection plans that are on, by their AWS names (`S3_DATA_EVENTS`). */
    plansOn: z.array(z.string()),
    plansOff: z.array(z.string()),
    publishingFrequency: z.string().nullable(),
  },
});
