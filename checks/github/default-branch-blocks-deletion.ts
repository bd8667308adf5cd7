import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-blocks-deletion',
  claim: 'The default branch cannot be deleted',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'medium',
  rationale:
    'GitHub itself does not let a branch be deleted while it is the default; without this rule, making another one the default first is all it takes.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets (for all repositories), or repository, Settings, Rules, Rulesets: a branch ruleset for the default branch, enforcement "Active", "Restrict deletions".',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"default branch","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"deletion"}]}\'',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: rules { deletion = true }; or github_branch_protection: allows_deletions = false.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({ ...branchScope }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    return branch.deletionBlocked ? pass('deletion is blocked') : fail('it may be deleted');
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
    },
    fail: {
      'no protection at all': unprotectedBranch,
      allowed: { ...protectedBranch, deletionBlocked: false },
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
