import { branchScope, exempt, GithubBranch, protectedBranch, unprotectedBranch } from '../../collectors/github/branches/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/default-branch-requires-status-checks',
  claim: 'The default branch takes a change only after its checks succeeded',
  subject: GithubBranch,
  appliesTo: ({ default: isDefault }) => isDefault,
  severity: 'high',
  rationale:
    'Tests that run but do not have to succeed stop nothing. "Require status checks" with an empty list demands nothing and does not count here.',
  remediation: {
    console:
      'Organisation, Settings, Repository, Rulesets (for all repositories), or repository, Settings, Rules, Rulesets: a branch ruleset for the default branch, enforcement "Active", "Require status checks to pass", and add the checks by name (or "Require workflows to pass before merging").',
    cli: 'gh api -X POST repos/OWNER/REPO/rulesets --input - <<< \'{"name":"default branch","target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~DEFAULT_BRANCH"],"exclude":[]}},"rules":[{"type":"required_status_checks","parameters":{"strict_required_status_checks_policy":false,"required_status_checks":[{"context":"CHECK"}]}}]}\'',
    terraform:
      'github_organization_ruleset or github_repository_ruleset: rules { required_status_checks { required_check { context = "CHECK" } } }; or github_branch_protection: required_status_checks { contexts = ["CHECK"] }.',
  },
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  parameters: z.object({
    ...branchScope,
    /** Checks that have to be among the required ones; none named: any will do. */ names: z.array(z.string()).default([]),
  }),
  test(branch, { parameters }) {
    const why = exempt(branch, parameters);
    if (why !== undefined) return notApplicable(why);
    const { names } = parameters;
    if (names.length === 0) return branch.checkRequired ? pass('checks must have succeeded') : fail('no check has to succeed');
    const absent = names.filter((name) => !branch.requiredChecks.includes(name));
    return absent.length === 0 ? pass(`${names.join(', ')} must have succeeded`) : fail(`not required: ${absent.join(', ')}`);
  },
  examples: {
    pass: {
      'demanded by a ruleset': protectedBranch,
      'a required workflow': { ...protectedBranch, requiredChecks: ['workflow:.github/workflows/ci.yml'] },
    },
    fail: {
      'no protection at all': unprotectedBranch,
      'a rule without any check': { ...protectedBranch, checkRequired: false, requiredChecks: [] },
    },
    notApplicable: {
      'an archived repository': { ...unprotectedBranch, archived: true },
      'a fork': { ...unprotectedBranch, fork: true },
    },
  },
});
