import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-requires-last-push-approval',
  claim: 'Whoever pushed last to a change of the default branch cannot be its only approver',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'high',
  rationale:
    'Without it a reviewer pushes a commit of his own to somebody else’s pull request and approves it: one person then wrote and approved what is merged.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets (for all repositories), or repository, Settings, Rules, Rulesets: a branch ruleset for the default branch, enforcement "Active", "Require a pull request before merging", "Require approval of the most recent reviewable push".',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"default branch","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"pull_request","parameters":{"required_approving_review_count":1,"dismiss_stale_reviews_on_push":false,"require_last_push_approval":true,"require_code_owner_review":false,"required_review_thread_resolution":false}}]}\'',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: rules { pull_request { require_last_push_approval = true } }; or github_branch_protection: required_pull_request_reviews { require_last_push_approval = true }.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({ ...branchScope }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    if (!branch.approvalRequired) return fail('no approval is required at all');
    return branch.lastPushApprovalRequired
      ? pass('the last push needs another person’s approval')
      : fail('who pushed last may be the only approver');
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
    },
    fail: {
      'no protection at all': unprotectedBranch,
      'not demanded': { ...protectedBranch, lastPushApprovalRequired: false },
      'demanded, but no approval is': { ...protectedBranch, approvalRequired: false, requiredApprovals: 0 },
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
