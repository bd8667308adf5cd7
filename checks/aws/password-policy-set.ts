import { AwsIamPasswordPolicy, exampleNoPasswordPolicy, examplePasswordPolicy } from '../../collectors/aws/iam-password-policy/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/password-policy-set',
  claim: 'The account has a password policy of its own',
  subject: AwsIamPasswordPolicy,
  severity: 'medium',
  rationale:
    'Without one, the default of IAM applies: eight characters, no memory of former passwords. A policy of its own shows that somebody decided.',
  remediation: {
    console: 'IAM, Account settings, Password policy: edit, choose Custom.',
    cli: 'aws iam update-account-password-policy --minimum-password-length 14 --require-symbols --require-numbers --require-uppercase-characters --require-lowercase-characters --password-reuse-prevention 24',
    terraform: 'resource "aws_iam_account_password_policy" "this" { minimum_password_length = 14 }',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html'],
  changes: { breaks: ['iam.amazonaws.com:DeleteAccountPasswordPolicy'], mends: [] },
  parameters: z.object({}),
  test: (policy) => (policy.isSet ? pass('a password policy is set') : fail("no password policy is set: IAM's default applies")),
  examples: { pass: { 'a policy': examplePasswordPolicy }, fail: { none: exampleNoPasswordPolicy } },
});
