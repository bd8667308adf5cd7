import { AwsIamInlinePolicy, exampleInlinePolicy } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/inline-policy-has-no-full-administration',
  claim: 'The inline policy does not allow everything on everything',
  subject: AwsIamInlinePolicy,
  severity: 'critical',
  rationale:
    'An inline policy appears in no list of policies, so that administration given through it is found by nobody who reviews attachments.',
  remediation: {
    console: 'IAM, the user, group or role, Permissions: remove the inline policy, and attach a managed one with what is needed.',
    cli: 'aws iam delete-role-policy --role-name <role> --policy-name <name> (delete-user-policy, delete-group-policy for the others)',
    terraform:
      'Replace aws_iam_role_policy, aws_iam_user_policy or aws_iam_group_policy with actions = ["*"] by a narrow aws_iam_policy and its attachment.',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html'],
  parameters: z.object({}),
  test: (policy) =>
    policy.fullAdministration
      ? fail(`${policy.policyName} lets the ${policy.ownerKind} ${policy.owner} do everything`)
      : pass('the policy does not allow everything'),
  examples: {
    pass: { 'named actions': exampleInlinePolicy },
    fail: { everything: { ...exampleInlinePolicy, fullAdministration: true } },
  },
});
