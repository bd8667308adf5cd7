import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

/** For the examples of checks. */
export const exampleFinding: ResourceOf<typeof AwsGuardDutyFinding> = {
  id: 'aws:111122223333/eu-central-1/guardduty-finding/16afba5c5c43e07c9e3e5e2e544e95df',
  display: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
  findingId: '16afba5c5c43e07c9e3e5e2e544e95df',
  findingType: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
  region: 'eu-central-1',
  severity: 8,
  createdAt: '2026-01-14T06:00:00.000Z',
};
