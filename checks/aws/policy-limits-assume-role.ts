import { AwsIamPolicy, examplePolicy } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/policy-limits-assume-role',
  claim: 'The customer-managed policy names the roles that may be assumed',
  subject: AwsIamPolicy,
  severity: 'high',
  rationale:
    'A right to assume any role reaches every role that trusts the account, in this account and in others, also those made later for something more sensitive.',
  remediation: {
    console: 'IAM, Policies, the policy, Edit: put the ARNs of the roles into Resource of the statement with sts:AssumeRole.',
    cli: 'aws iam create-policy-version --policy-arn <arn> --policy-document file://policy.json --set-as-default',
    terraform: 'In the aws_iam_policy_document, set resources of the statement with sts:AssumeRole to the ARNs of the roles.',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html'],
  parameters: z.object({}),
  test: (policy) => (policy.assumesAnyRole ? fail(`${policy.policyName} allows to assume any role`) : pass('no right to assume any role')),
  examples: {
    pass: { 'named roles': examplePolicy },
    fail: { 'any role': { ...examplePolicy, assumesAnyRole: true } },
  },
});
