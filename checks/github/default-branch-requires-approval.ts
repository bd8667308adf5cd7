import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-requires-approval',
  claim: 'The default branch requires another person’s approval',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'high',
  rationale:
    'GitHub does not count an author’s approval of his own pull request, so one required approval means two persons. This is the setting; whether each change had it is another question.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets (for all repositories), or repository, Settings, Rules, Rulesets: a branch ruleset for the default branch, enforcement "Active", "Require a pull request before merging", "Required approvals": at least 1.',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"default branch","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"pull_request","parameters":{"required_approving_review_count":1,"dismiss_stale_reviews_on_push":false,"require_last_push_approval":false,"require_code_owner_review":false,"required_review_thread_resolution":false}}]}\'',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: rules { pull_request { required_approving_review_count = 1 } }; or github_branch_protection: required_pull_request_reviews { required_approving_review_count = 1 }.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({ ...branchScope, /** Approvals a change needs. */ minimum: z.int().positive().default(1) }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    // One approval is known even where not every protection could be read: the rest can only demand more.
    const enough = parameters.minimum <= 1 ? branch.approvalRequired : branch.requiredApprovals >= parameters.minimum;
    return enough ? pass(`at least ${parameters.minimum} required`) : fail(`fewer than ${parameters.minimum} required`);
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
    },
    fail: {
      'no protection at all': unprotectedBranch,
      'a pull request without an approval': { ...protectedBranch, approvalRequired: false, requiredApprovals: 0 },
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
