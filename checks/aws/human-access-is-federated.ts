import { AwsIamCredential, exampleUser } from '../../collectors/aws/iam-credential-report/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/human-access-is-federated',
  claim: 'The IAM user has no console password of its own, or is on the approved list',
  subject: AwsIamCredential,
  appliesTo: (user) => !user.isRoot,
  severity: 'medium',
  rationale:
    'People who sign in through the identity provider lose access to everything on the day they leave. A local password lives on, outside of the joiner and leaver process and of its rules for factors.',
  remediation: {
    console:
      'Give the person access through IAM Identity Center or a SAML provider, then IAM, Users, the user: disable console access. List break-glass users as approvedUsers in the control.',
    cli: 'aws iam delete-login-profile --user-name <user>',
    terraform: 'Remove the aws_iam_user_login_profile; assign access with aws_ssoadmin_account_assignment.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
    'https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html',
  ],
  parameters: z.object({ approvedUsers: z.array(z.string()).default([]) }),
  test(user, { parameters }) {
    if (!user.passwordEnabled) return pass(`${user.userName} has no console password`);
    return parameters.approvedUsers.includes(user.userName)
      ? pass(`the local login of ${user.userName} is approved`)
      : fail(`${user.userName} signs in with a password of its own`);
  },
  examples: {
    pass: { 'a user for a machine, without a password': { ...exampleUser, passwordEnabled: false } },
    fail: { 'a local login, even with a second factor': exampleUser },
  },
});
