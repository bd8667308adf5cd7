import { AwsIamPrincipal, examplePrincipal } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const administrator = {
  ...examplePrincipal,
  fullAdministration: true,
  administersIam: true,
  canStopTrails: true,
  administrationThrough: ['AdministratorAccess'],
};

export default defineCheck({
  id: 'aws/administrator-access-is-approved',
  claim: 'The user or role has no full administration, or is on the approved list',
  subject: AwsIamPrincipal,
  severity: 'high',
  rationale:
    'Who may do everything can also undo every other control. The list of them is short, known and approved. Roles that Identity Center makes for a permission set count like any other.',
  remediation: {
    console:
      'IAM, the user or role, Permissions: replace the administrator policy by what is needed. Enter approved administrators as approvedPrincipals in the control (`*` stands for any run of characters).',
    cli: 'aws iam detach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/AdministratorAccess',
    terraform:
      'Remove the aws_iam_role_policy_attachment or aws_iam_user_policy_attachment of AdministratorAccess, or narrow the aws_iam_policy.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
    'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html',
  ],
  parameters: z.object({ approvedPrincipals: z.array(z.string()).default([]) }),
  test(principal, { parameters }) {
    if (!principal.fullAdministration) return pass('holds no full administration');
    return parameters.approvedPrincipals.some((pattern) => matches(pattern, principal.name))
      ? pass('full administration is approved')
      : fail(`the ${principal.kind} may do everything, through ${principal.administrationThrough.join(', ')}`);
  },
  examples: {
    pass: { 'a role for one task': examplePrincipal },
    fail: {
      'an administrator nobody approved': administrator,
      'a role of Identity Center': { ...administrator, name: 'AWSReservedSSO_AdministratorAccess_0123456789abcdef', managedByAws: true },
      'a user through a group': { ...administrator, kind: 'user', name: 'ana', administrationThrough: ['admins/AdministratorAccess'] },
    },
  },
});

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
