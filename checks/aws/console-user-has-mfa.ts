import { AwsIamCredential, exampleUser } from '../../collectors/aws/iam-credential-report/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/console-user-has-mfa',
  claim: 'An IAM user who can sign in to the console has a second factor',
  subject: AwsIamCredential,
  appliesTo: (user) => !user.isRoot && user.passwordEnabled,
  severity: 'critical',
  rationale:
    'A password can be guessed, reused and phished. The report that shows the factor is up to four hours old, so that a factor just assigned can still look missing.',
  remediation: {
    console:
      'IAM, Users, the user, Security credentials: assign an MFA device, or disable console access. Let a policy deny everything but assigning a factor until aws:MultiFactorAuthPresent is true.',
    cli: 'aws iam enable-mfa-device --user-name <user> --serial-number <arn> --authentication-code1 <code> --authentication-code2 <code>; or aws iam delete-login-profile --user-name <user>',
    terraform:
      'Remove aws_iam_user_login_profile of the user, or require a factor by an aws_iam_policy that denies all actions unless aws:MultiFactorAuthPresent is true; the device itself is assigned by the user.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html',
  ],
  changes: { breaks: [], mends: ['iam.amazonaws.com:EnableMFADevice'] },
  parameters: z.object({}),
  test: (user) =>
    user.mfaActive ? pass(`${user.userName} has a second factor`) : fail(`${user.userName} can sign in with a password alone`),
  examples: {
    pass: { 'an authenticator app': exampleUser },
    fail: { 'a password alone': { ...exampleUser, mfaActive: false, hasVirtualMfa: false } },
  },
});
