import { AwsIamUser, exampleIamUser } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const administrator = { ...exampleIamUser, fullAdministration: true, administersIam: true, canStopTrails: true };

export default defineCheck({
  id: 'aws/administrator-user-has-mfa',
  claim: 'An IAM user with full administration has a second factor',
  subject: AwsIamUser,
  appliesTo: (user) => user.fullAdministration,
  severity: 'critical',
  rationale:
    'A user who may do everything is worth as much as the root user. A factor counts for users with access keys as well: policies can ask for it. Rights come from all policies and groups, bounded by the permissions boundary.',
  remediation: {
    console:
      'IAM, Users, the user, Security credentials: assign an MFA device; or take the administration away and let the person assume a role for it.',
    cli: 'aws iam enable-mfa-device --user-name <user> --serial-number <arn> --authentication-code1 <code> --authentication-code2 <code>',
    terraform:
      'Detach the administrator policy (aws_iam_user_policy_attachment, aws_iam_user_group_membership) and give the right to a role that asks for aws:MultiFactorAuthPresent.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_overview.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html',
  ],
  changes: { breaks: [], mends: ['iam.amazonaws.com:EnableMFADevice'] },
  parameters: z.object({}),
  test: (user) =>
    user.mfaActive ? pass(`${user.userName} has a second factor`) : fail(`${user.userName} may do everything and has no second factor`),
  examples: {
    pass: { 'an administrator with a factor': administrator },
    fail: {
      'a password alone': { ...administrator, mfaActive: false },
      'keys alone': { ...administrator, mfaActive: false, passwordEnabled: false },
    },
  },
});
