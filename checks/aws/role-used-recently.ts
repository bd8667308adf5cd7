import { AwsIamRole, exampleRole } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/role-used-recently',
  claim: 'The role was used, or made, within the limit',
  subject: AwsIamRole,
  appliesTo: (role) => !role.managedByAws,
  severity: 'low',
  rationale:
    'A role that nobody uses keeps its rights and its trust. Roles that AWS makes for its services and for Identity Center are left out: the account cannot remove them.',
  remediation: {
    console: 'IAM, Roles, sort by Last activity: delete the role, or record why it stays (break glass).',
    cli: 'aws iam get-role --role-name <role> --query Role.RoleLastUsed; aws iam delete-role --role-name <role>',
    terraform: 'Remove the aws_iam_role with its attachments.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html',
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html',
  ],
  parameters: z.object({ maxUnusedDays: z.int().positive().max(400).default(90), approvedRoles: z.array(z.string()).default([]) }),
  test(role, { asOf, parameters }) {
    if (parameters.approvedRoles.includes(role.roleName)) return pass('the role may rest: approved');
    const since = role.lastUsed !== null && role.lastUsed > role.createdAt ? role.lastUsed : role.createdAt;
    const until = addDays(since, parameters.maxUnusedDays);
    if (Date.parse(until) > Date.parse(asOf)) return pass(`used or made on ${since.slice(0, 10)}`, { until });
    return fail(
      role.lastUsed === null ? `not used since it was made on ${role.createdAt.slice(0, 10)}` : `last used on ${since.slice(0, 10)}`,
    );
  },
  examples: {
    pass: { 'used yesterday': exampleRole, 'new': { ...exampleRole, createdAt: '2026-01-10T09:00:00.000Z', lastUsed: null } },
    fail: {
      'last used a year ago': { ...exampleRole, lastUsed: '2025-01-14T08:00:00.000Z' },
      'never used': { ...exampleRole, lastUsed: null },
    },
  },
});
