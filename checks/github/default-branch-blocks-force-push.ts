import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-blocks-force-push',
  claim: 'The history of the default branch cannot be rewritten',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'high',
  rationale: 'A force push replaces commits that were reviewed, and with them the record that they were there.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets (for all repositories), or repository, Settings, Rules, Rulesets: a branch ruleset for the default branch, enforcement "Active", "Block force pushes".',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"default branch","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"non_fast_forward"}]}\'',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: rules { non_fast_forward = true }; or github_branch_protection: allows_force_pushes = false.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({ ...branchScope }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    return branch.forcePushBlocked ? pass('force pushes are blocked') : fail('its history may be rewritten by a force push');
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
    },
    fail: {
      'no protection at all': unprotectedBranch,
      allowed: { ...protectedBranch, forcePushBlocked: false },
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
