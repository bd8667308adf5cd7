import { AwsIamCredential, exampleRoot } from '../../collectors/aws/iam-credential-report/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/root-user-not-used-recently',
  claim: 'The root user was not used within the limit',
  subject: AwsIamCredential,
  appliesTo: (user) => user.isRoot,
  severity: 'high',
  rationale:
    'The root user is for the few tasks that nobody else can do. Each use should have a reason and a review; use as a habit means that daily work runs without any limit.',
  remediation: {
    console: 'Find out in CloudTrail event history (user name root) what it was used for, record the reason, and give that task to a role.',
    cli: 'aws cloudtrail lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=root --region us-east-1',
    terraform:
      'Use of the root user is no resource; alarm on it with aws_cloudwatch_event_rule for the event pattern userIdentity.type = "Root".',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-tasks.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html',
  ],
  parameters: z.object({ days: z.int().positive().default(90) }),
  test(user, { asOf, parameters }) {
    const uses = [user.passwordLastUsed, ...user.accessKeys.map((key) => key.lastUsed)].filter((use) => use !== null).sort();
    const last = uses.at(-1);
    if (last === undefined) return pass('no use of the root user is known');
    const until = addDays(last, parameters.days);
    return Date.parse(until) <= Date.parse(asOf)
      ? pass(`the root user was last used on ${last.slice(0, 10)}`)
      : fail(`the root user was used on ${last.slice(0, 10)}`, { until });
  },
  examples: {
    pass: { 'used long ago': exampleRoot, 'never used': { ...exampleRoot, passwordLastUsed: null } },
    fail: {
      'signed in last week': { ...exampleRoot, passwordLastUsed: '2026-01-08T08:00:00.000Z' },
      'a key used yesterday': {
        ...exampleRoot,
        accessKeys: [
          { slot: 1, active: true, lastRotated: '2021-03-01T09:00:00.000Z', lastUsed: '2026-01-14T08:00:00.000Z' },
          exampleRoot.accessKeys[1]!,
        ],
      },
    },
  },
});
