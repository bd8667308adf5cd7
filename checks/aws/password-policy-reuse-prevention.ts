import { AwsIamPasswordPolicy, exampleNoPasswordPolicy, examplePasswordPolicy } from '../../collectors/aws/iam-password-policy/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/password-policy-reuse-prevention',
  claim: 'IAM users cannot use their last passwords again',
  subject: AwsIamPasswordPolicy,
  severity: 'low',
  rationale: 'A password that had to be changed because it may be known must not come back.',
  remediation: {
    console: 'IAM, Account settings, Password policy: prevent password reuse, 24.',
    cli: 'aws iam update-account-password-policy --password-reuse-prevention 24 (name every other rule of the policy too: what is left out is reset)',
    terraform: 'resource "aws_iam_account_password_policy" "this" { password_reuse_prevention = 24 }',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html'],
  changes: { breaks: ['iam.amazonaws.com:DeleteAccountPasswordPolicy'], mends: [] },
  parameters: z.object({ rememberedPasswords: z.int().min(1).max(24).default(24) }),
  test(policy, { parameters }) {
    if (!policy.isSet) return fail("no password policy is set: IAM's default applies");
    if (policy.reusePrevention === null) return fail('former passwords can be used again');
    return policy.reusePrevention >= parameters.rememberedPasswords
      ? pass(`the last ${policy.reusePrevention} passwords cannot be used again`)
      : fail(`only the last ${policy.reusePrevention} passwords cannot be used again; ${parameters.rememberedPasswords} are required`);
  },
  examples: {
    pass: { 'the last 24': examplePasswordPolicy },
    fail: {
      'the last five': { ...examplePasswordPolicy, reusePrevention: 5 },
      'no memory': { ...examplePasswordPolicy, reusePrevention: null },
      'no policy': exampleNoPasswordPolicy,
    },
  },
});
