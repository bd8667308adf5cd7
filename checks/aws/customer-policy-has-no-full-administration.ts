import { AwsIamPolicy, examplePolicy } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/customer-policy-has-no-full-administration',
  claim: 'The customer-managed policy does not allow everything on everything',
  subject: AwsIamPolicy,
  severity: 'critical',
  rationale:
    'A policy that allows every action on every resource hides administration under a name of its own. `NotAction` that leaves IAM in is the same thing in other words. One that is attached to nobody is one click away.',
  remediation: {
    console:
      'IAM, Policies, the policy, Edit: name the actions and resources that are needed, or delete it and use AdministratorAccess for approved roles.',
    cli: 'aws iam create-policy-version --policy-arn <arn> --policy-document file://policy.json --set-as-default',
    terraform: 'In the aws_iam_policy_document of the aws_iam_policy, replace actions = ["*"] and resources = ["*"] by what is needed.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html',
  ],
  parameters: z.object({ approvedPolicies: z.array(z.string()).default([]) }),
  test(policy, { parameters }) {
    if (!policy.fullAdministration) return pass('the policy does not allow everything');
    return parameters.approvedPolicies.includes(policy.policyName)
      ? pass('the policy allows everything and is approved')
      : fail(`the policy allows everything on everything; it is attached ${policy.attachments} time(s)`);
  },
  examples: {
    pass: { 'named actions': examplePolicy },
    fail: {
      everything: { ...examplePolicy, fullAdministration: true },
      'everything, attached to nobody': { ...examplePolicy, fullAdministration: true, attachments: 0 },
    },
  },
});
