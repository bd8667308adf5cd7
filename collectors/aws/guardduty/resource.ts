import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

/** For the examples of checks. */
export const exampleDetector: ResourceOf<typeof AwsGuardDutyDetector> = {
  id: 'aws:111122223333/eu-central-1/guardduty-detector',
  display: 'eu-central-1',
  region: 'eu-central-1',
  detectorId: '12abc34d567e8fa901bc2d34e56789f0',
  enabled: true,
  plansOn: ['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'EBS_MALWARE_PROTECTION', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'],
  plansOff: ['RUNTIME_MONITORING'],
  publishingFrequency: 'FIFTEEN_MINUTES',
};
