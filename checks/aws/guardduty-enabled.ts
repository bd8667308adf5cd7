import { AwsGuardDutyDetector, exampleDetector } from '../../collectors/aws/guardduty/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/guardduty-enabled',
  claim: 'GuardDuty is switched on in the region',
  subject: AwsGuardDutyDetector,
  severity: 'high',
  rationale: 'Attackers use the regions that nobody looks at. GuardDuty sees only the region it is on in.',
  remediation: {
    console: 'GuardDuty, the region, Get started, Enable; or for the whole organisation, with auto-enable for new accounts.',
    cli: 'aws guardduty create-detector --enable --region <region>; a suspended one: aws guardduty update-detector --detector-id <id> --enable --region <region>',
    terraform: 'resource "aws_guardduty_detector" "this" { enable = true }, once per region',
  },
  references: [
    'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html',
    'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_regions.html',
  ],
  parameters: z.object({}),
  test(detector) {
    if (detector.detectorId === null) return fail('GuardDuty was never switched on here');
    return detector.enabled ? pass('GuardDuty is on') : fail('GuardDuty is suspended');
  },
  examples: {
    pass: { on: exampleDetector },
    fail: {
      'never switched on': { ...exampleDetector, detectorId: null, enabled: false, plansOn: [], plansOff: [], publishingFrequency: null },
      suspended: { ...exampleDetector, enabled: false },
    },
  },
});
