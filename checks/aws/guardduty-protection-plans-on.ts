import { AwsGuardDutyDetector, exampleDetector } from '../../collectors/aws/guardduty/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

const defaultPlans = ['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'EBS_MALWARE_PROTECTION', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'];

export default defineCheck({
  id: 'aws/guardduty-protection-plans-on',
  claim: 'Every required protection plan that GuardDuty offers in the region is on',
  subject: AwsGuardDutyDetector,
  appliesTo: (detector) => detector.enabled,
  severity: 'medium',
  rationale:
    'The foundation of GuardDuty looks at API calls, flow logs and DNS. Attacks on data in S3, on databases, clusters and functions show only in the plans, each of which is switched on by itself.',
  remediation: {
    console: 'GuardDuty, the region, Protection plans: enable each required one.',
    cli: `aws guardduty update-detector --detector-id <id> --features '[{"Name":"S3_DATA_EVENTS","Status":"ENABLED"}]' --region <region>`,
    terraform: `resource "aws_guardduty_detector_feature" "s3" {
  detector_id = aws_guardduty_detector.this.id
  name        = "S3_DATA_EVENTS"
  status      = "ENABLED"
}`,
  },
  references: ['https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html'],
  parameters: z.object({ plans: z.array(z.string()).default(defaultPlans) }),
  test(detector, { parameters }) {
    const off = parameters.plans.filter((plan) => detector.plansOff.includes(plan));
    if (off.length > 0) return fail(`off: ${off.join(', ')}`);
    const offered = parameters.plans.filter((plan) => detector.plansOn.includes(plan));
    if (offered.length === parameters.plans.length) return pass('every required plan is on');
    return notApplicable(
      `the region does not offer ${parameters.plans.filter((plan) => !offered.includes(plan)).join(', ')}; the others are on`,
    );
  },
  examples: {
    pass: { 'all that are required': exampleDetector },
    fail: { 'one is off': { ...exampleDetector, plansOn: defaultPlans.slice(1), plansOff: ['S3_DATA_EVENTS'] } },
    notApplicable: { 'a region that lacks one': { ...exampleDetector, plansOn: defaultPlans.slice(1), plansOff: [] } },
  },
});
