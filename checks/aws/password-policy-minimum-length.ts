import { AwsIamPasswordPolicy, exampleNoPasswordPolicy, examplePasswordPolicy } from '../../collectors/aws/iam-password-policy/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/password-policy-minimum-length',
  claim: 'Passwords of IAM users have at least the required length',
  subject: AwsIamPasswordPolicy,
  severity: 'medium',
  rationale: 'Length is what makes guessing hopeless. The rule applies to passwords set from then on, not to those already there.',
  remediation: {
    console: 'IAM, Account settings, Password policy: set the minimum length.',
    cli: 'aws iam update-account-password-policy --minimum-password-length 14 (name every other rule of the policy too: what is left out is reset)',
    terraform: 'resource "aws_iam_account_password_policy" "this" { minimum_password_length = 14 }',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html'],
  changes: { breaks: ['iam.amazonaws.com:DeleteAccountPasswordPolicy'], mends: [] },
  parameters: z.object({ minimumLength: z.int().min(6).max(128).default(14) }),
  test(policy, { parameters }) {
    if (policy.minimumLength === null) return fail("no password policy is set: IAM's default applies");
    return policy.minimumLength >= parameters.minimumLength
      ? pass(`passwords have at least ${policy.minimumLength} characters`)
      : fail(`passwords may have ${policy.minimumLength} characters; ${parameters.minimumLength} are required`);
  },
  examples: {
    pass: { fourteen: examplePasswordPolicy },
    fail: { eight: { ...examplePasswordPolicy, minimumLength: 8 }, 'no policy': exampleNoPasswordPolicy },
  },
});
