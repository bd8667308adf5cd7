import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-dismisses-stale-approvals',
  claim: 'An approval of the default branch’s changes does not outlive new commits',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'medium',
  rationale: 'Otherwise a change is approved first and written afterwards: what is merged is not what was looked at.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets (for all repositories), or repository, Settings, Rules, Rulesets: a branch ruleset for the default branch, enforcement "Active", "Require a pull request before merging", "Dismiss stale pull request approvals when new commits are pushed".',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"default branch","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"pull_request","parameters":{"required_approving_review_count":1,"dismiss_stale_reviews_on_push":true,"require_last_push_approval":false,"require_code_owner_review":false,"required_review_thread_resolution":false}}]}\'',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: rules { pull_request { dismiss_stale_reviews_on_push = true } }; or github_branch_protection: required_pull_request_reviews { dismiss_stale_reviews = true }.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({ ...branchScope }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    if (!branch.approvalRequired) return fail('no approval is required that could be dismissed');
    return branch.dismissesStaleApprovals ? pass('new commits dismiss approvals') : fail('an approval stays when new commits are pushed');
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
    },
    fail: {
      'no protection at all': unprotectedBranch,
      'approvals stay': { ...protectedBranch, dismissesStaleApprovals: false },
      'dismissed, but none is required': { ...protectedBranch, approvalRequired: false, requiredApprovals: 0 },
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
