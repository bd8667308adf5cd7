import { AwsIamCredential, exampleUser } from '../../collectors/aws/iam-credential-report/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const [key, other] = exampleUser.accessKeys;

export default defineCheck({
  id: 'aws/user-has-at-most-one-active-key',
  claim: 'The user has at most one active access key',
  subject: AwsIamCredential,
  appliesTo: (user) => !user.isRoot,
  severity: 'low',
  rationale:
    'The second key is there for the days of a rotation. One that stays doubles what can leak, and usually means that a rotation was never finished.',
  remediation: {
    console: 'IAM, Users, the user, Security credentials: deactivate the older key and delete it when nothing broke.',
    cli: 'aws iam list-access-keys --user-name <user>; aws iam update-access-key --user-name <user> --access-key-id <old> --status Inactive',
    terraform: 'Keep one aws_iam_access_key per user, or none: a role is better.',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html'],
  parameters: z.object({}),
  test(user) {
    const active = user.accessKeys.filter((one) => one.active).length;
    return active <= 1 ? pass(`${active} active access key(s)`) : fail(`${active} access keys are active at the same time`);
  },
  examples: {
    pass: { 'one key': exampleUser, 'no key': { ...exampleUser, accessKeys: [{ ...key!, active: false }, other!] } },
    fail: { 'two keys': { ...exampleUser, accessKeys: [key!, { ...other!, active: true, lastRotated: '2025-12-20T08:00:00.000Z' }] } },
  },
});
