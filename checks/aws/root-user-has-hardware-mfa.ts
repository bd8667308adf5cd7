import { AwsIamCredential, exampleRoot } from '../../collectors/aws/iam-credential-report/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/root-user-has-hardware-mfa',
  claim: 'The second factor of the root user is hardware or a passkey, not an authenticator app',
  subject: AwsIamCredential,
  appliesTo: (user) => user.isRoot,
  severity: 'high',
  rationale:
    'The seed of an authenticator app can be copied, and its codes can be asked for by a false page. A security key or a passkey is bound to the genuine site. One app among several factors is enough to sign in with.',
  remediation: {
    console:
      'As the root user, open Security credentials, assign a passkey, security key or hardware TOTP token, and then remove the authenticator app.',
    cli: 'Assign the hardware factor in the console as the root user. Virtual devices in use are listed by: aws iam list-virtual-mfa-devices --assignment-status Assigned',
    terraform: 'Terraform cannot assign a factor to the root user; use the console.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-fido-mfa-for-root.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-hw-mfa-for-root.html',
  ],
  parameters: z.object({}),
  test(user) {
    if (!user.mfaActive) {
      return user.passwordEnabled
        ? fail('the root user has no second factor at all')
        : notApplicable('the root user has no password to sign in with');
    }
    return user.hasVirtualMfa
      ? fail('the root user can sign in with an authenticator app')
      : pass('the root user signs in with hardware or a passkey');
  },
  examples: {
    pass: { 'a security key': exampleRoot },
    fail: {
      'an authenticator app': { ...exampleRoot, hasVirtualMfa: true },
      'no factor': { ...exampleRoot, mfaActive: false },
    },
    notApplicable: { 'no password': { ...exampleRoot, mfaActive: false, passwordEnabled: false } },
  },
});
