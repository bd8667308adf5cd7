import { AwsIamCredential, exampleUser } from '../../collectors/aws/iam-credential-report/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/console-password-used-recently',
  claim: 'The console password of the user was used, or set, within the limit',
  subject: AwsIamCredential,
  appliesTo: (user) => !user.isRoot && user.passwordEnabled,
  severity: 'medium',
  rationale: 'A login that nobody uses is often one of a person who left or changed duties. Nobody would notice that another uses it.',
  remediation: {
    console: 'IAM, Users, the user, Security credentials: disable console access.',
    cli: 'aws iam delete-login-profile --user-name <user>',
    terraform: 'Remove the aws_iam_user_login_profile of the user.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html',
  ],
  parameters: z.object({ maxUnusedDays: z.int().positive().default(90) }),
  test(user, { asOf, parameters }) {
    const since =
      [user.passwordLastUsed, user.passwordLastChanged, user.createdAt]
        .filter((time) => time !== null)
        .sort()
        .at(-1) ?? user.createdAt;
    const until = addDays(since, parameters.maxUnusedDays);
    return Date.parse(until) <= Date.parse(asOf)
      ? fail(`the password was not used for ${parameters.maxUnusedDays} days (last sign of it: ${since.slice(0, 10)})`)
      : pass(`the password was used or set on ${since.slice(0, 10)}`, { until });
  },
  examples: {
    pass: {
      'used this week': exampleUser,
      'a new user who has not signed in yet': {
        ...exampleUser,
        createdAt: '2026-01-10T09:00:00.000Z',
        passwordLastUsed: null,
        passwordLastChanged: '2026-01-10T09:00:00.000Z',
      },
    },
    fail: {
      'not used for a year': {
        ...exampleUser,
        passwordLastUsed: '2025-01-05T08:00:00.000Z',
        passwordLastChanged: '2024-12-01T08:00:00.000Z',
      },
      'never used in two years': { ...exampleUser, passwordLastUsed: null, passwordLastChanged: '2024-02-01T09:00:00.000Z' },
    },
  },
});
