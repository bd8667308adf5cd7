import { exampleAdministrator, IdpAdministrator } from '../../collectors/okta/administrators/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const reader = { ...exampleAdministrator, role: 'Read-only Administrator', roleType: 'READ_ONLY_ADMIN', unlimited: false, may: [] };

export default defineCheck({
  id: 'okta/administrator-is-approved',
  claim: 'The administrator changes nothing of others’ access, or is on the approved list',
  subject: IdpAdministrator,
  severity: 'high',
  rationale:
    'Whoever resets a factor, or puts himself into a group, holds the access of others as well as his own. The list of those who may is short, known and approved; of a group it is the group that is approved, and who is in it is reviewed.',
  remediation: {
    console:
      'Security, Administrators: take the role away, or enter the login or the name of the group as approvedAdministrators in the control (`*` stands for any run of characters).',
    cli: 'curl -X DELETE -H "Authorization: SSWS $OKTA_TOKEN" "https://$OKTA_DOMAIN/api/v1/users/<userId>/roles/<roleId>" (with a token of an administrator)',
    terraform: 'Remove the role from okta_user_admin_roles, okta_group_role or okta_admin_role_custom_assignments.',
  },
  references: [
    'https://help.okta.com/en-us/content/topics/security/administrators-admin-comparison.htm',
    'https://developer.okta.com/docs/api/openapi/okta-management/guides/roles/',
  ],
  parameters: z.object({ approvedAdministrators: z.array(z.string()).default([]) }),
  test(administrator, { parameters }) {
    if (!administrator.unlimited && administrator.may.length === 0) return pass(`${administrator.role} changes nothing of others’ access`);
    return parameters.approvedAdministrators.some((pattern) => matches(pattern, administrator.principal))
      ? pass(`${administrator.role} is approved`)
      : fail(
          `the ${administrator.principalType} is ${administrator.role} (${administrator.unlimited ? 'everything' : administrator.may.join(', ')})`,
        );
  },
  examples: {
    pass: { 'one who only looks': reader },
    fail: {
      'a super administrator nobody approved': exampleAdministrator,
      'a group that resets factors': {
        ...exampleAdministrator,
        principalType: 'group',
        principal: 'Help desk',
        role: 'Help Desk Administrator',
        roleType: 'HELP_DESK_ADMIN',
        unlimited: false,
        may: ['reset-factor'],
      },
    },
  },
});

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
