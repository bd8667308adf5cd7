import {
  approvalsAtMerge,
  changeScope,
  exampleChange,
  exemptChange,
  firstChange,
  GithubChange,
  isSameAccount,
  pushedChange,
} from '../../collectors/github/production-changes/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

const [approval] = exampleChange.reviews;
const [ann] = exampleChange.authors;
const cyd = { id: 'U_cyd', kind: 'user', name: 'cyd' } as const;

export default defineCheck({
  id: 'github/change-approved-by-another',
  claim: 'The change was approved, before it was merged, by someone other than its authors',
  subject: GithubChange,
  severity: 'critical',
  rationale:
    'A setting can be lifted for an hour; what counts is whether each change that reached production had a second pair of eyes. Whoever opened the pull request, wrote or co-wrote a commit of it, or committed for somebody else, is an author. Accounts are compared, not persons: one person’s two accounts look like two people here.',
  remediation: {
    console:
      'Have another person review the change now and record what he found; then Settings, Rules, Rulesets: require approvals, dismiss stale approvals, require approval of the most recent push, empty the bypass list.',
    cli: 'gh api repos/OWNER/REPO/commits/OID/pulls; gh pr view NUMBER --json author,commits,reviews,mergedBy,mergedAt',
    terraform:
      'github_repository_ruleset: rules { pull_request { required_approving_review_count = 1, dismiss_stale_reviews_on_push = true, require_last_push_approval = true } }.',
  },
  references: [
    'https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/about-pull-request-reviews',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets',
    'https://docs.github.com/en/graphql/reference/objects#pullrequestreview',
  ],
  parameters: z.object({
    ...changeScope,
    /** An approval counts only if it was given on the last commit; otherwise one that nobody dismissed counts, whatever came after it. */
    approvalMustCoverLastCommit: z.boolean().default(true),
    /** An author who belongs to no account may be the one who approved: `fail`, or `accept` that. */
    authorsWithoutAccount: z.enum(['fail', 'accept']).default('fail'),
  }),
  test(change, { parameters }) {
    const why = exemptChange(change, parameters);
    if (why !== undefined) return notApplicable(why);
    const { pullRequest, authors, head } = change;
    if (pullRequest === null) return fail('pushed without a pull request: nobody approved it');
    const approvals = approvalsAtMerge(change, pullRequest.mergedAt);
    const byPeople = approvals.filter(({ reviewer }) => reviewer.kind === 'user');
    const byOthers = byPeople.filter(({ reviewer }) => !authors.some((author) => isSameAccount(author, reviewer)));
    const counted = parameters.approvalMustCoverLastCommit ? byOthers.filter(({ commit }) => commit !== null && commit === head) : byOthers;
    const [first] = counted;
    if (first === undefined) {
      if (approvals.length === 0) return fail(`#${pullRequest.number} was merged without an approval that stood`);
      if (byPeople.length === 0)
        return fail(`#${pullRequest.number} was approved by no person: ${approvals.map(({ reviewer }) => reviewer.name).join(', ')}`);
      if (byOthers.length === 0)
        return fail(
          `#${pullRequest.number} was approved by its own authors alone: ${byPeople.map(({ reviewer }) => reviewer.name).join(', ')}`,
        );
      return fail(
        `#${pullRequest.number} was approved by ${byOthers.map(({ reviewer }) => reviewer.name).join(', ')} before its last commit, and not after it`,
      );
    }
    const strangers = authors.filter(({ kind }) => kind === 'unknown');
    if (strangers.length > 0 && parameters.authorsWithoutAccount === 'fail') {
      return fail(
        `#${pullRequest.number} has an author of no account (${strangers.map(({ name }) => name).join(', ')}): who that is, and whether he approved it himself, nobody can say`,
      );
    }
    return pass(`#${pullRequest.number} was approved by ${first.reviewer.name} at ${first.at}`);
  },
  examples: {
    pass: {
      'approved by another on its last commit': exampleChange,
      'approved again after a dismissal': {
        ...exampleChange,
        reviews: [
          {
            ...approval!,
            at: '2026-01-14T08:00:00Z',
            commit: 'aaaa',
            state: 'dismissed',
            dismissed: { from: 'approved', at: '2026-01-14T09:00:00Z', by: ann! },
          },
          approval!,
        ],
      },
      'dismissed only after the merge': {
        ...exampleChange,
        reviews: [{ ...approval!, state: 'dismissed', dismissed: { from: 'approved', at: '2026-01-14T11:00:00Z', by: ann! } }],
      },
      'written by a bot': { ...exampleChange, authors: [{ id: 'BOT_1', kind: 'bot', name: 'dependabot' }] },
    },
    fail: {
      'pushed past the pull requests': pushedChange,
      'no review': { ...exampleChange, reviews: [] },
      'approved by its author': { ...exampleChange, reviews: [{ ...approval!, reviewer: ann! }] },
      'approved by a co-author': { ...exampleChange, authors: [ann!, approval!.reviewer] },
      'approved before the last commit': { ...exampleChange, reviews: [{ ...approval!, commit: 'aaaa' }] },
      'approved after the merge': { ...exampleChange, reviews: [{ ...approval!, at: '2026-01-14T12:00:00Z' }] },
      'approval dismissed': {
        ...exampleChange,
        reviews: [{ ...approval!, state: 'dismissed', dismissed: { from: 'approved', at: '2026-01-14T10:10:00Z', by: ann! } }],
      },
      'changes requested after the approval': {
        ...exampleChange,
        reviews: [approval!, { ...approval!, state: 'changes-requested', at: '2026-01-14T10:20:00Z' }],
      },
      'approved by a bot': { ...exampleChange, reviews: [{ ...approval!, reviewer: { id: 'BOT_2', kind: 'bot', name: 'approver' } }] },
      'an author whom nobody knows': { ...exampleChange, authors: [ann!, { id: null, kind: 'unknown', name: 'root <root@localhost>' }] },
      'a comment and no more': { ...exampleChange, reviews: [{ ...approval!, reviewer: cyd, state: 'commented' }] },
    },
    notApplicable: { 'a fork': { ...exampleChange, fork: true }, 'the first commit of a repository': firstChange },
  },
});
