import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

/** An account of the source, or an identity that a commit only states. */
const account = z.strictObject({
  /** Node id; null for an identity that belongs to no account, and for an account that was deleted. */
  id: z.string().nullable(),
  /** `unknown`: nobody can say which account, if any, it is. */
  kind: z.enum(['user', 'bot', 'other', 'unknown']),
  /** The login, or what the commit states: `Ann <ann@example.com>`. */
  name: z.string(),
});
export type Account = z.infer<typeof account>;

/**
 * One commit that a production branch came to contain, with the pull request that brought it there. Commits are those of the branch's
 * history by the time they were committed, second parents included: a merge brings the commits of its branch with it. A commit whose
 * date was set to another time is in the window of that time.
 */
export const GithubChange = defineResource({
  type: 'github.change',
  title: 'Commit that reached a production branch',
  shape: {
    /** `acme/payroll`. */
    repository: z.string(),
    branch: z.string(),
    /** The repository's default branch; otherwise one that configuration calls a production branch. */
    default: z.boolean(),
    fork: z.boolean(),
    oid: z.string(),
    headline: z.string(),
    /** What the commit says, which is also what the source sorts its history by. */
    committedAt: z.iso.datetime(),
    /** 0 for the first commit of a history, 2 and more for a merge. */
    parents: z.int().nonnegative(),
    repositoryCreatedAt: z.iso.datetime(),
    /** The merged pull request that brought it to this branch; null: it was pushed. */
    pullRequest: z.strictObject({ number: z.int().positive(), base: z.string(), mergedAt: z.iso.datetime() }).nullable(),
    /** Pull requests it also belongs to, which did not bring it here: `#7 into develop`, `#9 (open)`. Sorted. */
    otherPullRequests: z.array(z.string()),
    /** Everyone who counts as author: of the pull request, of each of its commits, co-authors, and who committed what he did not write. */
    authors: z.array(account),
    /** Every review, oldest first, also those that were dismissed. */
    reviews: z.array(
      z.strictObject({
        reviewer: account,
        state: z.enum(['approved', 'changes-requested', 'commented', 'dismissed']),
        at: z.iso.datetime(),
        /** The commit it was given on; null when the source does not know it any more. */
        commit: z.string().nullable(),
        /** Of a dismissed one: what it was before, when it was dismissed and by whom. */
        dismissed: z
          .strictObject({
            from: z.enum(['approved', 'changes-requested', 'commented', 'dismissed', 'pending']),
            at: z.iso.datetime(),
            by: account,
          })
          .nullable(),
      }),
    ),
    /** The last commit of the pull request as it was merged; null without a pull request. */
    head: z.string().nullable(),
    lastCommitAt: z.iso.datetime().nullable(),
    mergedBy: account.nullable(),
    /** Checks and statuses of that commit. */
    checks: z.array(
      z.strictObject({
        name: z.string(),
        result: z.enum(['success', 'neutral', 'failure', 'pending']),
        startedAt: z.iso.datetime().nullable(),
        completedAt: z.iso.datetime().nullable(),
      }),
    ),
  },
});
export type Change = ResourceOf<typeof GithubChange>;

/** What GitHub's search counts, as a second source for the population of changes. */
export const GithubMergeCount = defineResource({
  type: 'github.merge-count',
  title: 'Pull requests merged into branches of one name, as GitHub counts them',
  shape: { branch: z.string(), merged: z.int().nonnegative() },
});

const hourMs = 3_600_000;

/** Why nothing is asked of a change; undefined when it must be as the check says. */
export function exemptChange(
  change: Pick<Change, 'fork' | 'pullRequest' | 'parents' | 'committedAt' | 'repositoryCreatedAt'>,
  parameters: { includeForks: boolean; firstCommitWithinHours: number },
): string | undefined {
  if (change.fork && !parameters.includeForks) return 'the repository is a fork; set includeForks when forks reach production';
  if (change.pullRequest !== null || change.parents > 0) return undefined;
  const age = Date.parse(change.committedAt) - Date.parse(change.repositoryCreatedAt);
  return Math.abs(age) <= parameters.firstCommitWithinHours * hourMs ? 'the first commit of a new repository changes nothing' : undefined;
}
/** Parameters every check of changes has. */
export const changeScope = {
  includeForks: z.boolean().default(false),
  /** A commit without a parent begins a repository when it was made so many hours around its creation; later it is a history pushed over another. */
  firstCommitWithinHours: z.number().nonnegative().default(24),
};

/** Whether two accounts are one. Persons with several accounts are not known here: accounts are compared. */
export function isSameAccount(one: Account, other: Account): boolean {
  return one.id !== null && other.id !== null ? one.id === other.id : one.name.toLowerCase() === other.name.toLowerCase();
}

/** The approvals that stood when the pull request was merged: each reviewer's last word, if it was one and had not been dismissed by then. */
export function approvalsAtMerge(change: Pick<Change, 'reviews'>, mergedAt: string): Change['reviews'] {
  const until = Date.parse(mergedAt);
  const last = new Map<string, Change['reviews'][number]>();
  for (const review of change.reviews) {
    if (Date.parse(review.at) > until || review.state === 'commented') continue;
    last.set(review.reviewer.id ?? review.reviewer.name, review);
  }
  return [...last.values()].filter(({ state, dismissed }) => {
    if (state === 'approved') return true;
    // Dismissed since: while the pull request was open it stood.
    return state === 'dismissed' && dismissed !== null && dismissed.from === 'approved' && Date.parse(dismissed.at) > until;
  });
}

const ann: Account = { id: 'U_ann', kind: 'user', name: 'ann' };
const bob: Account = { id: 'U_bob', kind: 'user', name: 'bob' };
const head = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

/** A change as it should be: written by ann, approved by bob on its last commit, tested, merged by ann. */
export const exampleChange: Change = {
  id: 'github:9919/change/R_kgDOA/7638417db6d59f3c431d3e1f261cc637155684cd',
  display: 'acme/payroll main 7638417db6d5',
  repository: 'acme/payroll',
  branch: 'main',
  default: true,
  fork: false,
  oid: '7638417db6d59f3c431d3e1f261cc637155684cd',
  headline: 'Round net pay to the cent (#12)',
  committedAt: '2026-01-14T10:30:00Z',
  parents: 1,
  repositoryCreatedAt: '2024-01-01T00:00:00Z',
  pullRequest: { number: 12, base: 'main', mergedAt: '2026-01-14T10:30:00Z' },
  otherPullRequests: [],
  authors: [ann],
  reviews: [{ reviewer: bob, state: 'approved', at: '2026-01-14T10:00:00Z', commit: head, dismissed: null }],
  head,
  lastCommitAt: '2026-01-14T09:00:00Z',
  mergedBy: ann,
  checks: [{ name: 'build', result: 'success', startedAt: '2026-01-14T09:01:00Z', completedAt: '2026-01-14T09:06:00Z' }],
};
/** A commit that was pushed to the branch. */
export const pushedChange: Change = {
  ...exampleChange,
  pullRequest: null,
  reviews: [],
  head: null,
  lastCommitAt: null,
  mergedBy: null,
  checks: [],
};
/** The commit a repository began with. */
export const firstChange: Change = { ...pushedChange, parents: 0, repositoryCreatedAt: '2026-01-14T10:29:00Z' };
