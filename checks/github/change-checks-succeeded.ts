import {
  changeScope,
  exampleChange,
  exemptChange,
  firstChange,
  GithubChange,
  pushedChange,
} from '../../collectors/github/production-changes/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

const [build] = exampleChange.checks;

export default defineCheck({
  id: 'github/change-checks-succeeded',
  claim: 'The automated checks of the change had succeeded on its last commit before it was merged',
  subject: GithubChange,
  severity: 'high',
  rationale:
    'A test that was still running, was skipped or had failed when the change was merged guarded nothing. Checks that only began after the merge are left aside: they are of what came of it. A check that was run again later shows its later times, so it may fail here although an earlier run had succeeded.',
  remediation: {
    console:
      'Run the tests on the branch as it is now and mend what fails; then Settings, Rules, Rulesets: "Require status checks to pass", with the checks named, and nobody in the bypass list.',
    cli: 'gh pr checks NUMBER --repo OWNER/REPO; gh api repos/OWNER/REPO/commits/OID/check-runs',
    terraform: 'github_repository_ruleset: rules { required_status_checks { required_check { context = "build" } } }.',
  },
  references: [
    'https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks',
    'https://docs.github.com/en/graphql/reference/objects#statuscheckrollup',
  ],
  parameters: z.object({
    ...changeScope,
    /** Names of checks that must be among those that succeeded; whatever else ran must have succeeded too. */
    required: z.array(z.string()).default([]),
  }),
  test(change, { parameters }) {
    const why = exemptChange(change, parameters);
    if (why !== undefined) return notApplicable(why);
    const { pullRequest } = change;
    if (pullRequest === null) return fail('pushed without a pull request: nothing had to succeed');
    const merged = Date.parse(pullRequest.mergedAt);
    const before = change.checks.filter(({ startedAt }) => startedAt !== null && Date.parse(startedAt) <= merged);
    const done = before.filter(({ completedAt }) => completedAt !== null && Date.parse(completedAt) <= merged);
    const succeeded = done.filter(({ result }) => result === 'success').map(({ name }) => name);
    const failed = done.filter(({ result }) => result !== 'success' && result !== 'neutral').map(({ name }) => name);
    const late = before.filter((check) => !done.includes(check)).map(({ name }) => name);
    const missing = parameters.required.filter((name) => !succeeded.includes(name));
    const number = `#${pullRequest.number}`;
    if (failed.length > 0) return fail(`${number} was merged although ${failed.join(', ')} had failed`);
    if (late.length > 0) return fail(`${number} was merged before ${late.join(', ')} had ended`);
    if (missing.length > 0) return fail(`${number} was merged without ${missing.join(', ')}`);
    return succeeded.length > 0
      ? pass(`${number}: ${succeeded.join(', ')} succeeded`)
      : fail(`${number} was merged without a check that had succeeded`);
  },
  examples: {
    pass: {
      'tested before the merge': exampleChange,
      'deployed after it': {
        ...exampleChange,
        checks: [build!, { name: 'deploy', result: 'failure', startedAt: '2026-01-14T10:31:00Z', completedAt: '2026-01-14T10:40:00Z' }],
      },
      'one skipped': { ...exampleChange, checks: [build!, { ...build!, name: 'nightly', result: 'neutral' }] },
    },
    fail: {
      'pushed past the pull requests': pushedChange,
      'no check at all': { ...exampleChange, checks: [] },
      'a check that failed': { ...exampleChange, checks: [{ ...build!, result: 'failure' }] },
      'a check that had not ended': { ...exampleChange, checks: [{ ...build!, completedAt: '2026-01-14T11:00:00Z' }] },
      'a check that never ended': { ...exampleChange, checks: [build!, { ...build!, name: 'e2e', result: 'pending', completedAt: null }] },
      'all skipped': { ...exampleChange, checks: [{ ...build!, result: 'neutral' }] },
    },
    notApplicable: { 'a fork': { ...exampleChange, fork: true }, 'the first commit of a repository': firstChange },
  },
});
