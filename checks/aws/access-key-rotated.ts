import { AwsIamCredential, exampleUser } from '../../collectors/aws/iam-credential-report/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

const [key, other] = exampleUser.accessKeys;

export default defineCheck({
  id: 'aws/access-key-rotated',
  claim: 'Every active access key of the user is younger than the limit',
  subject: AwsIamCredential,
  appliesTo: (user) => user.accessKeys.some(({ active }) => active),
  severity: 'medium',
  rationale:
    'A long-lived key is copied to laptops, pipelines and backups over the years. Its age bounds how long a copy that nobody knows of still works.',
  remediation: {
    console:
      'IAM, Users, the user, Security credentials: create a second key, move everything to it, deactivate the old one, and delete it after some days. Better: replace the key by a role.',
    cli: 'aws iam create-access-key --user-name <user>; then aws iam update-access-key --user-name <user> --access-key-id <old> --status Inactive; then aws iam delete-access-key --user-name <user> --access-key-id <old>',
    terraform: 'Replace aws_iam_access_key by a role that the workload assumes; where a key has to stay, taint it on a schedule.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html',
  ],
  parameters: z.object({ maxKeyAgeDays: z.int().positive().default(90) }),
  test(user, { asOf, parameters }) {
    const limits = user.accessKeys
      .filter(({ active }) => active)
      .flatMap(({ slot, lastRotated }) => (lastRotated === null ? [] : [{ slot, until: addDays(lastRotated, parameters.maxKeyAgeDays) }]))
      .sort((left, right) => (left.until < right.until ? -1 : 1));
    const old = limits.filter(({ until }) => Date.parse(until) <= Date.parse(asOf));
    if (old.length > 0)
      return fail(`active access key ${old.map(({ slot }) => slot).join(' and ')} is older than ${parameters.maxKeyAgeDays} days`);
    const first = limits[0]?.until;
    return pass(`no active access key is older than ${parameters.maxKeyAgeDays} days`, first === undefined ? {} : { until: first });
  },
  examples: {
    pass: {
      'a key of six weeks': exampleUser,
      'an old key that is not active': { ...exampleUser, accessKeys: [key!, { ...other!, lastRotated: '2022-01-01T00:00:00.000Z' }] },
    },
    fail: {
      'a key of two years': { ...exampleUser, accessKeys: [{ ...key!, lastRotated: '2024-01-01T00:00:00.000Z' }, other!] },
      'exactly at the limit': { ...exampleUser, accessKeys: [{ ...key!, lastRotated: '2025-10-17T12:00:00.000Z' }, other!] },
      'an old second key': { ...exampleUser, accessKeys: [key!, { ...other!, active: true, lastRotated: '2024-01-01T00:00:00.000Z' }] },
    },
  },
});
