import { defineResource, z } from '../../../src/authoring.ts';

/** A finding of high severity that nobody has archived. */
export const AwsGuardDutyFinding = defineResource({
  type: 'aws.guardduty.finding',
  title: 'Open GuardDuty finding of high severity',
  shape: {
    findingId: z.string(),
    findingType: z.string(),
    region: z.string(),
    /** 7.0 to 10. */
    severity: z.number(),
    createdAt: z.string(),
  },
});
