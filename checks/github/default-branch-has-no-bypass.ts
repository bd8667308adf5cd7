import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-has-no-bypass',
  claim: 'Nobody but the approved escapes the default branch’s protection',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'high',
  rationale:
    'Protection that administrators may step over protects against everybody but those who can do most. Where GitHub does not show who may bypass, nothing is known; an empty list one may not read is not an empty list.',
  remediation: {
    console:
      'Organisation or repository, Rulesets, the ruleset, Bypass list: remove everybody who is not approved. Classic protection: tick "Do not allow bypassing the above settings" and empty "Allow specified actors to bypass required pull requests".',
    cli: 'gh api -X PUT orgs/ORG/rulesets/ID --input - <<< \'{"bypass_actors":[]}\'; classic: gh api -X POST repos/OWNER/REPO/branches/BRANCH/protection/enforce_admins',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: no bypass_actors block; or github_branch_protection: enforce_admins = true and no pull_request_bypassers.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches#do-not-allow-bypassing-the-above-settings',
    'https://docs.github.com/en/rest/orgs/rules#get-an-organization-repository-ruleset',
  ],
  parameters: z.object({
    ...branchScope,
    /** Actors that may bypass, as the resource words them (`app release-bot`, `organisation owners`). */ approved: z
      .array(z.string())
      .default([]),
  }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    const { bypass, protectedBy } = branch;
    if (protectedBy.length === 0) return fail('there is no protection to keep to');
    const others = bypass.filter(({ actor }) => !parameters.approved.includes(actor));
    const said = [...new Set(others.map(({ actor, requirement, through }) => `${actor} (${requirement}, through ${through})`))];
    return others.length === 0 ? pass('nobody else escapes it') : fail(`may escape it: ${said.join('; ')}`);
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
    },
    fail: {
      'no protection at all': unprotectedBranch,
      'administrators are not held': {
        ...protectedBranch,
        bypass: [{ requirement: 'review', actor: 'repository administrators', mode: 'always', through: 'classic rule main' }],
      },
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
