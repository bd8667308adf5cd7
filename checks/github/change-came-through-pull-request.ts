import {
  changeScope,
  exampleChange,
  exemptChange,
  firstChange,
  GithubChange,
  pushedChange,
} from '../../collectors/github/production-changes/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/change-came-through-pull-request',
  claim: 'The change reached the production branch through a pull request that was merged into it',
  subject: GithubChange,
  severity: 'high',
  rationale:
    'What is pushed to a production branch was seen by nobody and tested by nothing before it was there. The branch is read here, and not the list of pull requests, because that list cannot show what went past it.',
  remediation: {
    console:
      'Review what was pushed and record what was found; then Settings, Rules, Rulesets: "Require a pull request before merging" for the branch, and nobody in the bypass list.',
    cli: 'gh api repos/OWNER/REPO/commits/OID/pulls; gh api "repos/OWNER/REPO/activity?ref=refs/heads/BRANCH"',
    terraform: 'github_repository_ruleset: enforcement = "active", rules { pull_request {} }, no bypass_actors.',
  },
  references: [
    'https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
  ],
  parameters: z.object(changeScope),
  test(change, { parameters }) {
    const why = exemptChange(change, parameters);
    if (why !== undefined) return notApplicable(why);
    const { pullRequest } = change;
    if (pullRequest !== null) return pass(`merged by #${pullRequest.number}`);
    const others = change.otherPullRequests.length === 0 ? '' : `; it also belongs to ${change.otherPullRequests.join(', ')}`;
    return fail(
      `pushed to ${change.branch} by ${change.authors.map(({ name }) => name).join(', ')} without a pull request into it${others}`,
    );
  },
  examples: {
    pass: { 'merged by a pull request': exampleChange },
    fail: {
      'pushed to the branch': pushedChange,
      'merged elsewhere and pushed here': { ...pushedChange, otherPullRequests: ['#7 into develop'] },
      'a new history, pushed over the old one': { ...pushedChange, parents: 0 },
    },
    notApplicable: {
      'a fork': { ...pushedChange, fork: true },
      'the first commit of a repository': firstChange,
    },
  },
});
