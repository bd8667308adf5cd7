import { AwsIamCredential, exampleUser } from '../../collectors/aws/iam-credential-report/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

const [key, other] = exampleUser.accessKeys;

export default defineCheck({
  id: 'aws/access-key-used-recently',
  claim: 'Every active access key of the user was used, or made, within the limit',
  subject: AwsIamCredential,
  appliesTo: (user) => user.accessKeys.some(({ active }) => active),
  severity: 'medium',
  rationale:
    'A key that nothing uses protects nothing and still opens everything it may. It is found by whoever searches old disks and repositories.',
  remediation: {
    console: 'IAM, Users, the user, Security credentials: deactivate the key that is not used, and delete it when nothing broke.',
    cli: 'aws iam get-access-key-last-used --access-key-id <id>; aws iam update-access-key --user-name <user> --access-key-id <id> --status Inactive',
    terraform: 'Remove the aws_iam_access_key, or set its status to "Inactive".',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html',
  ],
  parameters: z.object({ maxUnusedDays: z.int().positive().default(90) }),
  test(user, { asOf, parameters }) {
    const limits = user.accessKeys
      .filter(({ active }) => active)
      .flatMap(({ slot, lastUsed, lastRotated }) => {
        const since = lastUsed ?? lastRotated;
        return since === null ? [] : [{ slot, until: addDays(since, parameters.maxUnusedDays) }];
      })
      .sort((left, right) => (left.until < right.until ? -1 : 1));
    const unused = limits.filter(({ until }) => Date.parse(until) <= Date.parse(asOf));
    if (unused.length > 0)
      return fail(`active access key ${unused.map(({ slot }) => slot).join(' and ')} was not used for ${parameters.maxUnusedDays} days`);
    const first = limits[0]?.until;
    return pass(
      `every active access key was used or made in the last ${parameters.maxUnusedDays} days`,
      first === undefined ? {} : { until: first },
    );
  },
  examples: {
    pass: {
      'used yesterday': exampleUser,
      'new and not used yet': { ...exampleUser, accessKeys: [{ ...key!, lastUsed: null }, other!] },
    },
    fail: {
      'not used for half a year': { ...exampleUser, accessKeys: [{ ...key!, lastUsed: '2025-07-01T00:00:00.000Z' }, other!] },
      'never used since it was made a year ago': {
        ...exampleUser,
        accessKeys: [{ ...key!, lastRotated: '2025-01-01T00:00:00.000Z', lastUsed: null }, other!],
      },
    },
  },
});
