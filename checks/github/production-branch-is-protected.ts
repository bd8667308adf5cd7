import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

const production = {
  ...protectedBranch,
  id: 'github:9919/branch/R_kgDOA/release%2F1.0',
  display: 'acme/payroll release/1.0',
  branch: 'release/1.0',
  default: false,
  production: true,
};
const open = {
  ...unprotectedBranch,
  id: production.id,
  display: production.display,
  branch: production.branch,
  default: false,
  production: true,
};

export default defineCheck({
  id: 'github/production-branch-is-protected',
  claim: 'The production branch requires an approval and keeps its history',
  subject: GithubBranch,
  appliesTo: ({ production: isProduction }) => isProduction,
  severity: 'high',
  rationale:
    'Branches that are deployed from, such as release branches, carry the same risk as the default branch and are forgotten more often. Which they are is configuration: productionBranches of the source.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets: a branch ruleset whose target includes the production branches by pattern, enforcement "Active", "Require a pull request before merging" with at least 1 approval, "Block force pushes", "Restrict deletions".',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"production branches","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["refs/heads/release/**"],"exclude":[]}},"rules":[{"type":"pull_request","parameters":{"required_approving_review_count":1,"dismiss_stale_reviews_on_push":false,"require_last_push_approval":false,"require_code_owner_review":false,"required_review_thread_resolution":false}},{"type":"non_fast_forward"},{"type":"deletion"}]}\'',
    terraform:
      'github_organization_ruleset: conditions { ref_name { include = ["refs/heads/release/**"] } } with rules { pull_request { required_approving_review_count = 1 } non_fast_forward = true deletion = true }.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({ ...branchScope, /** Approvals a change needs. */ minimum: z.int().positive().default(1) }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    const enough = parameters.minimum <= 1 ? branch.approvalRequired : branch.requiredApprovals >= parameters.minimum;
    const missing = [
      ...(branch.pullRequestRequired && enough ? [] : [`${parameters.minimum} approval${parameters.minimum === 1 ? '' : 's'}`]),
      ...(branch.forcePushBlocked ? [] : ['a block on force pushes']),
      ...(branch.deletionBlocked ? [] : ['a block on deletion']),
    ];
    return missing.length === 0 ? pass('approval required, force pushes and deletion blocked') : fail(`it lacks ${missing.join(', ')}`);
  },
  examples: {
    pass: {
      'demanded by a ruleset': production,
    },
    fail: {
      'no protection at all': open,
      'no approval': { ...production, approvalRequired: false, requiredApprovals: 0 },
      'force pushes allowed': { ...production, forcePushBlocked: false },
      'deletion allowed': { ...production, deletionBlocked: false },
    },
    notApplicable: {
      'an archived repository': { ...open, archived: true },
      'a fork': { ...open, fork: true },
    },
  },
});
