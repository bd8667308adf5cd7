import { exampleIdpUser, IdpUser } from '../../collectors/okta/users/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'okta/user-used-recently',
  claim: 'The user signed in, or was activated, within the limit',
  subject: IdpUser,
  appliesTo: (user) => user.live,
  severity: 'medium',
  rationale:
    'A user nobody signs in as is often one of a person who left or changed duties, and opens every application he is assigned to.',
  remediation: {
    console: 'Directory, People, the user, More Actions: Suspend or Deactivate.',
    cli: 'curl -X POST -H "Authorization: SSWS $OKTA_TOKEN" "https://$OKTA_DOMAIN/api/v1/users/<userId>/lifecycle/suspend" (with a token of an administrator)',
    terraform: 'okta_user: status = "SUSPENDED".',
  },
  references: [
    'https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/',
    'https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-end-user-states.htm',
  ],
  parameters: z.object({ maxUnusedDays: z.int().positive().default(90) }),
  test(user, { asOf, parameters }) {
    const since =
      [user.lastLogin, user.activatedAt, user.createdAt]
        .filter((time) => time !== null)
        .sort()
        .at(-1) ?? user.createdAt;
    const until = addDays(since, parameters.maxUnusedDays);
    return Date.parse(until) <= Date.parse(asOf)
      ? fail(`nobody signed in as this user for ${parameters.maxUnusedDays} days (last sign of it: ${since.slice(0, 10)})`)
      : pass(`used or activated on ${since.slice(0, 10)}`, { until });
  },
  examples: {
    pass: { 'used this week': exampleIdpUser },
    fail: {
      'not used for a year': { ...exampleIdpUser, lastLogin: '2025-01-05T08:00:00.000Z' },
      'never used in two years': { ...exampleIdpUser, lastLogin: null },
    },
    notApplicable: { 'a user who was suspended': { ...exampleIdpUser, status: 'suspended', live: false, factors: null } },
  },
});
