import { AwsIamCredential, exampleRoot } from '../../collectors/aws/iam-credential-report/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/root-user-has-no-access-key',
  claim: 'The root user has no active access key',
  subject: AwsIamCredential,
  appliesTo: (user) => user.isRoot,
  severity: 'critical',
  rationale:
    'An access key of the root user gives unlimited and unattended access without a second factor, and cannot be restricted by any policy of the account.',
  remediation: {
    console: 'As the root user, open Security credentials, and under Access keys deactivate and then delete every key.',
    cli: 'With credentials of the root user: aws iam update-access-key --access-key-id <id> --status Inactive, and once nothing broke: aws iam delete-access-key --access-key-id <id>',
    terraform:
      'Terraform cannot remove keys of the root user; aws_iam_organizations_features with RootCredentialsManagement lets the organisation delete those of member accounts.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_delete-key.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html',
  ],
  changes: { breaks: ['iam.amazonaws.com:CreateAccessKey'], mends: [] },
  parameters: z.object({}),
  test(user) {
    const active = user.accessKeys.filter((key) => key.active);
    return active.length === 0
      ? pass('no access key of the root user is active')
      : fail(`${active.length} access key(s) of the root user are active`);
  },
  examples: {
    pass: { 'no keys': exampleRoot },
    fail: {
      'an active key': {
        ...exampleRoot,
        accessKeys: [{ slot: 1, active: true, lastRotated: '2021-03-01T09:00:00.000Z', lastUsed: null }, exampleRoot.accessKeys[1]!],
      },
    },
  },
});
