import { AwsIamUser, exampleIamUser } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/user-has-no-direct-policies',
  claim: 'The IAM user has its rights through groups, not through policies of its own',
  subject: AwsIamUser,
  severity: 'low',
  rationale:
    'Rights given by group follow the duty and can be reviewed as such. A policy on one person is forgotten when the duty changes.',
  remediation: {
    console:
      'IAM, Users, the user, Permissions: add the user to a group with the rights, then remove the policies that are attached directly.',
    cli: 'aws iam add-user-to-group --user-name <user> --group-name <group>; aws iam detach-user-policy --user-name <user> --policy-arn <arn>; aws iam delete-user-policy --user-name <user> --policy-name <name>',
    terraform:
      'Replace aws_iam_user_policy and aws_iam_user_policy_attachment by aws_iam_group_policy_attachment and aws_iam_user_group_membership.',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html'],
  changes: { breaks: ['iam.amazonaws.com:AttachUserPolicy', 'iam.amazonaws.com:PutUserPolicy'], mends: [] },
  parameters: z.object({}),
  test(user) {
    const direct = [...user.attachedPolicies, ...user.inlinePolicies];
    return direct.length === 0 ? pass('no policy is attached to the user') : fail(`policies of its own: ${direct.join(', ')}`);
  },
  examples: {
    pass: { 'rights by group': exampleIamUser },
    fail: {
      'a managed policy': { ...exampleIamUser, attachedPolicies: ['ReadOnlyAccess'] },
      'an inline policy': { ...exampleIamUser, inlinePolicies: ['temporary'] },
    },
  },
});
