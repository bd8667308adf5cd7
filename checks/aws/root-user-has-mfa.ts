import { AwsIamCredential, exampleRoot } from '../../collectors/aws/iam-credential-report/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/root-user-has-mfa',
  claim: 'The root user signs in with a second factor',
  subject: AwsIamCredential,
  appliesTo: (user) => user.isRoot,
  severity: 'critical',
  rationale:
    'The root user can do everything, and no policy of the account itself can stop it. With a password alone, one leaked password or one mailbox that can reset it is the whole account.',
  remediation: {
    console:
      'Sign in as the root user, open Security credentials, and assign a passkey or a hardware MFA device under Multi-factor authentication.',
    cli: 'A factor of the root user can only be assigned in the console. For member accounts, remove the root password instead: aws iam enable-organizations-root-credentials-management, then, with a root session for the account, aws iam delete-login-profile.',
    terraform:
      'Terraform cannot assign a factor to the root user. For member accounts, enable central root access with aws_iam_organizations_features { enabled_features = ["RootCredentialsManagement", "RootSessions"] } and delete their root passwords.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_mfa.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html',
  ],
  changes: { breaks: [], mends: ['iam.amazonaws.com:EnableMFADevice'] },
  parameters: z.object({}),
  test(user) {
    if (user.mfaActive) return pass('the root user has a second factor');
    if (!user.passwordEnabled) return notApplicable('the root user has no password to sign in with');
    return fail('the root user can sign in with its password alone');
  },
  examples: {
    pass: { 'a second factor': exampleRoot },
    fail: { 'a password alone': { ...exampleRoot, mfaActive: false } },
    notApplicable: {
      'no password: root access is managed by the organisation': { ...exampleRoot, mfaActive: false, passwordEnabled: false },
    },
  },
});
