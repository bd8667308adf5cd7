import { AwsIdentityCenterUser, exampleIdentityCenterUser } from '../../collectors/aws/identity-center/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/identity-center-user-has-mfa',
  claim: 'The Identity Center user has a second factor',
  subject: AwsIdentityCenterUser,
  severity: 'critical',
  rationale:
    'Most people reach AWS through Identity Center. No operation of AWS shows their factors or the rule that asks for one, so that this says "no evidence" for everyone who can sign in, and never passes by silence: give the evidence of the identity provider instead.',
  remediation: {
    console:
      'IAM Identity Center, Settings, Authentication, Multi-factor authentication: prompt every time, require registration at sign-in. Keep a dated screenshot or export as evidence. With an external provider, the rule is there.',
    cli: 'The AWS command line has no operation for it.',
    terraform: 'The AWS provider has no resource for it; manage the rule in the identity provider.',
  },
  references: [
    'https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-mfa.html',
    'https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html',
  ],
  parameters: z.object({}),
  test(user) {
    if (!user.enabled) return notApplicable('the user is disabled and cannot sign in');
    return user.hasSecondFactor ? pass(`${user.userName} has a second factor`) : fail(`${user.userName} has no second factor`);
  },
  examples: {
    pass: { 'a factor': exampleIdentityCenterUser },
    fail: { none: { ...exampleIdentityCenterUser, hasSecondFactor: false } },
    notApplicable: { 'a disabled user': { ...exampleIdentityCenterUser, enabled: false, hasSecondFactor: false } },
  },
});
