import { AwsIamPasswordPolicy, exampleNoPasswordPolicy, examplePasswordPolicy } from '../../collectors/aws/iam-password-policy/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/password-policy-complexity',
  claim: 'Passwords of IAM users need every required kind of character',
  subject: AwsIamPasswordPolicy,
  severity: 'low',
  rationale: 'Where a policy of the company or a customer asks for kinds of characters, IAM can enforce them. Length matters more.',
  remediation: {
    console: 'IAM, Account settings, Password policy: tick the kinds of characters.',
    cli: 'aws iam update-account-password-policy --minimum-password-length 14 --require-symbols --require-numbers --require-uppercase-characters --require-lowercase-characters (name every other rule of the policy too: what is left out is reset)',
    terraform: `resource "aws_iam_account_password_policy" "this" {
  # ...
  require_symbols              = true
  require_numbers              = true
  require_uppercase_characters = true
  require_lowercase_characters = true
}`,
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html'],
  changes: { breaks: ['iam.amazonaws.com:DeleteAccountPasswordPolicy'], mends: [] },
  parameters: z.object({
    uppercase: z.boolean().default(true),
    lowercase: z.boolean().default(true),
    numbers: z.boolean().default(true),
    symbols: z.boolean().default(true),
  }),
  test(policy, { parameters }) {
    if (!policy.isSet) return fail("no password policy is set: IAM's default applies");
    const missing = [
      parameters.uppercase && policy.requiresUppercase !== true ? 'upper case' : [],
      parameters.lowercase && policy.requiresLowercase !== true ? 'lower case' : [],
      parameters.numbers && policy.requiresNumbers !== true ? 'numbers' : [],
      parameters.symbols && policy.requiresSymbols !== true ? 'symbols' : [],
    ].flat();
    return missing.length === 0 ? pass('every required kind of character is asked for') : fail(`not asked for: ${missing.join(', ')}`);
  },
  examples: {
    pass: { 'all four kinds': examplePasswordPolicy },
    fail: { 'no symbols': { ...examplePasswordPolicy, requiresSymbols: false }, 'no policy': exampleNoPasswordPolicy },
  },
});
