import { z } from '../../../src/authoring.ts';
import { body, given, unreadParts } from '../readings.ts';

const list = <T extends z.ZodType>(node: T) => body({ totalCount: z.int(), nodes: z.array(node) });

/** Who did something: an account, or null for one that was deleted. */
export const actor = body({
  __typename: z.enum(['User', 'Bot', 'Mannequin', 'Organization', 'EnterpriseUserAccount']),
  login: z.string(),
  id: z.string(),
}).nullable();
export type Actor = z.output<typeof actor>;

/** Whom a commit names: an account only when the address belongs to one. */
export const gitActor = body({
  name: z.string().nullable(),
  email: z.string().nullable(),
  user: body({ id: z.string(), login: z.string() }).nullable(),
});
export type GitActor = z.output<typeof gitActor>;

export const repository = body({
  id: z.string(),
  nameWithOwner: z.string(),
  isFork: z.boolean(),
  createdAt: z.iso.datetime(),
  defaultBranchRef: body({ name: z.string() }).nullable(),
});
export type Repository = z.output<typeof repository>;

/** A pull request as a commit names it. */
const association = body({
  id: z.string(),
  number: z.int().positive(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  mergedAt: z.iso.datetime().nullable(),
  baseRefName: z.string(),
  baseRef: body({ name: z.string() }).nullable(),
  mergeCommit: body({ oid: z.string() }).nullable(),
  repository: body({ id: z.string() }),
});
export type Association = z.output<typeof association>;

const commitFields = {
  oid: z.string(),
  committedViaWeb: z.boolean(),
  committer: gitActor.nullable(),
  authors: list(gitActor.nullable()),
};
export const change = body({
  repository: z.string(),
  branch: z.string(),
  commit: body({
    ...commitFields,
    messageHeadline: given(z.string()),
    committedDate: z.iso.datetime(),
    parents: body({ totalCount: z.int().nonnegative() }),
    associatedPullRequests: list(association.nullable()).nullable(),
  }),
  unread: unreadParts,
});
export type Commit = z.output<typeof change>['commit'];
export type PullRequestCommit = z.output<typeof pullRequestCommit>;
const pullRequestCommit = body({ commit: body({ ...commitFields, committedDate: z.iso.datetime() }) });

const reviewState = z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING']);
/** A pull request in full. What does not fit leaves its field unread, so that the change stays in its population. */
export const pullRequest = body({
  id: z.string(),
  number: z.int().positive(),
  state: given(z.enum(['OPEN', 'CLOSED', 'MERGED'])),
  mergedAt: given(z.iso.datetime().nullable()),
  baseRefName: given(z.string()),
  headRefOid: given(z.string()),
  mergeCommit: given(body({ oid: z.string() }).nullable()),
  repository: given(body({ id: z.string() })),
  author: given(actor),
  mergedBy: given(actor),
  reviews: given(
    list(
      body({
        id: z.string(),
        state: reviewState,
        submittedAt: z.iso.datetime().nullable(),
        author: actor,
        commit: body({ oid: z.string() }).nullable(),
      }),
    ),
  ),
  timelineItems: given(
    list(
      body({
        createdAt: z.iso.datetime(),
        previousReviewState: reviewState,
        actor,
        review: body({ id: z.string() }).nullable(),
      }),
    ),
  ),
  commits: given(list(pullRequestCommit)),
  unread: unreadParts,
});
export type PullRequest = z.output<typeof pullRequest>;

const context = z.discriminatedUnion('__typename', [
  body({
    __typename: z.literal('CheckRun'),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    startedAt: z.iso.datetime().nullable(),
    completedAt: z.iso.datetime().nullable(),
  }),
  body({ __typename: z.literal('StatusContext'), context: z.string(), state: z.string(), createdAt: z.iso.datetime() }),
]);
export type CheckContext = z.output<typeof context>;
export const headChecks = body({
  commits: given(
    body({
      nodes: z.array(body({ commit: body({ oid: z.string(), statusCheckRollup: body({ contexts: list(context) }).nullable() }) })),
    }),
  ),
  unread: unreadParts,
});

export const mergeCount = body({ data: body({ search: body({ issueCount: z.int().nonnegative() }) }) });
