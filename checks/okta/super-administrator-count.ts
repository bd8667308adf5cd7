import { exampleAdministrators, IdpAdministrators } from '../../collectors/okta/administrators/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'okta/super-administrator-count',
  claim: 'There are neither too few nor too many super administrators',
  subject: IdpAdministrators,
  severity: 'high',
  rationale:
    'A super administrator can become anybody: he resets factors, changes policies and signs in as others. One alone is a single point of failure; many are many ways in.',
  remediation: {
    console: 'Security, Administrators: replace Super Administrator by a role that is enough; keep at least two.',
    cli: 'curl -X DELETE -H "Authorization: SSWS $OKTA_TOKEN" "https://$OKTA_DOMAIN/api/v1/users/<userId>/roles/<roleId>" (with a token of an administrator)',
    terraform: 'okta_user_admin_roles and okta_group_role: SUPER_ADMIN for the approved few only.',
  },
  references: [
    'https://help.okta.com/en-us/content/topics/security/administrators-super-admin.htm',
    'https://developer.okta.com/docs/api/openapi/okta-management/guides/roles/',
  ],
  parameters: z.object({ least: z.int().nonnegative().default(2), most: z.int().positive().default(5) }),
  test({ unlimited }, { parameters }) {
    const named = `${unlimited.length} super ${unlimited.length === 1 ? 'administrator' : 'administrators'}: ${unlimited.join(', ')}`;
    if (unlimited.length < parameters.least) return fail(`fewer than ${parameters.least}: ${named}`);
    if (unlimited.length > parameters.most) return fail(`more than ${parameters.most}: ${named}`);
    return pass(named);
  },
  examples: {
    pass: { two: exampleAdministrators },
    fail: {
      one: { ...exampleAdministrators, unlimited: ['ana@example.com'] },
      'six of them, through a group': {
        ...exampleAdministrators,
        unlimited: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.com`),
        throughGroups: ['Operations'],
      },
    },
  },
});
