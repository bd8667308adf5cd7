import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-requires-pull-request',
  claim: 'The default branch is changed through pull requests only',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'high',
  rationale:
    'A push that goes straight to the branch from which everything is built leaves nobody a chance to look, and no record of who agreed.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets (for all repositories), or repository, Settings, Rules, Rulesets: a branch ruleset for the default branch, enforcement "Active", "Require a pull request before merging".',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"default branch","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"pull_request","parameters":{"required_approving_review_count":0,"dismiss_stale_reviews_on_push":false,"require_last_push_approval":false,"require_code_owner_review":false,"required_review_thread_resolution":false}}]}\'',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: rules { pull_request {} }; or github_branch_protection: required_pull_request_reviews {}.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({ ...branchScope }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    return branch.pullRequestRequired ? pass('a pull request is required') : fail('anybody with write access may push to it directly');
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
      'demanded by classic protection': { ...protectedBranch, protectedBy: ['classic rule main'] },
    },
    fail: {
      'no protection at all': unprotectedBranch,
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
