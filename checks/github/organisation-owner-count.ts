import { exampleOwners, GithubOwners } from '../../collectors/github/owners/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/organisation-owner-count',
  claim: 'The organisation has neither too few nor too many owners',
  subject: GithubOwners,
  severity: 'high',
  rationale:
    'One owner alone is a single point of failure; many owners means that many accounts can switch off every other control at once.',
  remediation: {
    console: 'Organisation, People, role filter "Owners": change the role of whoever needs no ownership; keep at least two.',
    cli: 'gh api -X PUT orgs/ORG/memberships/LOGIN -f role=member',
    terraform: 'github_membership: role = "member"; keep role = "admin" for the approved owners only.',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-peoples-access-to-your-organization-with-roles/roles-in-an-organization',
    'https://docs.github.com/en/organizations/managing-peoples-access-to-your-organization-with-roles/maintaining-ownership-continuity-for-your-organization',
  ],
  parameters: z.object({ least: z.int().nonnegative().default(2), most: z.int().positive().default(5) }),
  test({ owners }, { parameters }) {
    const count = owners.length;
    const named = `${count} ${count === 1 ? 'owner' : 'owners'}: ${owners.join(', ')}`;
    if (count < parameters.least) return fail(`fewer than ${parameters.least}: ${named}`);
    if (count > parameters.most) return fail(`more than ${parameters.most}: ${named}`);
    return pass(named);
  },
  examples: {
    pass: { two: exampleOwners },
    fail: {
      one: { ...exampleOwners, owners: ['ann'] },
      six: { ...exampleOwners, owners: ['ann', 'bob', 'cyd', 'dee', 'eve', 'fay'] },
    },
  },
});
