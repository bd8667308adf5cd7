import { type ItemView, isUnread, type Reading, type ResourceDraft, read, readAll, unread } from '../../../src/authoring.ts';
import { part, stated } from '../readings.ts';
import { whyUnread } from '../replies.ts';
import { type Account, type Change, GithubChange, GithubMergeCount } from './resource.ts';
import {
  type Actor,
  type Association,
  type CheckContext,
  type Commit,
  change,
  type GitActor,
  headChecks,
  mergeCount as mergeCountReply,
  type PullRequest,
  type PullRequestCommit,
  pullRequest,
  type Repository,
  repository,
} from './shapes.ts';

export const operations = {
  branches: 'graphql:change-branches',
  production: 'graphql:change-production-branches',
  moreProduction: 'graphql:repository-change-branches',
  commits: 'graphql:branch-changes',
  pullRequests: 'graphql:change-pull-requests',
  checks: 'graphql:change-checks',
  mergeCount: 'graphql:merged-pull-requests',
} as const;

/** One resource per commit and branch. */
export function changesOf(view: ItemView): ResourceDraft[] {
  const repositories = new Map(
    [operations.production, operations.branches].flatMap((operation) =>
      view.list(operation, repository).map(({ body }) => [body.id, body] as const),
    ),
  );
  const pulls = new Map(view.list(operations.pullRequests, pullRequest).map(({ body }) => [body.id, body] as const));
  const routes = new Routes(view, pulls);
  return view.each(operations.commits, change, ({ repository: id, branch, commit, unread: parts }) => {
    const of = repositories.get(id);
    const isDefault = of?.defaultBranchRef?.name === branch;
    const associated = part(parts, 'associatedPullRequests', () => whole(commit.associatedPullRequests));
    const route = read(associated, (list) =>
      routes.of(list, commit, { repository: id, branch, defaultBranch: of?.defaultBranchRef?.name }),
    );
    const pull: Reading<PullRequest | null> = read(route, (found) =>
      found === null ? null : (pulls.get(found.id) ?? unread(view.gapIn(operations.pullRequests) ?? 'access-denied')),
    );
    const ofPull = <T>(fn: (found: PullRequest) => Reading<T>): Reading<T | null> =>
      read(pull, (found) => (found === null ? null : fn(found)));
    return GithubChange.draft(
      {
        // The name of the default branch may change; the branch stays the one it is.
        id: isDefault ? view.id('change', id, commit.oid) : view.id('change', id, branch, commit.oid),
        display: `${of?.nameWithOwner ?? id} ${branch} ${commit.oid.slice(0, 12)}`,
      },
      {
        repository: known(of, (found) => found.nameWithOwner),
        branch,
        default: known(of, () => isDefault),
        fork: known(of, (found) => found.isFork),
        oid: commit.oid,
        headline: part(parts, 'messageHeadline', () => stated(commit.messageHeadline)),
        committedAt: commit.committedDate,
        parents: commit.parents.totalCount,
        repositoryCreatedAt: known(of, (found) => found.createdAt),
        pullRequest: read(route, (found) =>
          found === null ? null : { number: found.number, base: found.baseRefName, mergedAt: found.mergedAt },
        ),
        otherPullRequests: readAll<[readonly Association[], Route | null], string[]>([associated, route], (list, found) =>
          list
            .filter((one) => one.id !== found?.id)
            .map(inWords)
            .sort(),
        ),
        authors: read(pull, (found) => authorsOf(commit, found)),
        reviews: read(pull, (found) => (found === null ? [] : reviewsOf(found))),
        head: ofPull((found) => stated(found.headRefOid)),
        lastCommitAt: ofPull((found) => read(commitsOf(found), (list) => list.at(-1)?.commit.committedDate ?? unread('malformed-reply'))),
        mergedBy: ofPull((found) => part(found.unread, 'mergedBy', () => read(stated(found.mergedBy), accountOf))),
        checks: read(pull, (found) => (found === null ? [] : checksOf(view, found))),
      },
    );
  });
}

/** How many pull requests GitHub's search finds merged, by the name of the branch they went into. */
export function mergeCounts(view: ItemView): ResourceDraft[] {
  return view.each(operations.mergeCount, mergeCountReply, (found, { subject }) =>
    GithubMergeCount.draft(
      { id: view.id('merge-count', subject ?? ''), display: `merged into ${subject ?? ''}` },
      { branch: subject ?? '', merged: found.data.search.issueCount },
    ),
  );
}

function known<T>(of: Repository | undefined, fn: (found: Repository) => T): Reading<T> {
  return of === undefined ? unread('malformed-reply') : fn(of);
}

/** All nodes of a connection that was asked for once. */
function whole<T>(list: { totalCount: number; nodes: (T | null)[] } | null): Reading<T[]> {
  if (list === null) return unread('malformed-reply');
  const nodes = list.nodes.filter((node) => node !== null);
  return nodes.length === list.totalCount ? nodes : unread('truncated');
}

interface Route {
  readonly id: string;
  readonly number: number;
  readonly baseRefName: string;
  readonly mergedAt: string;
}

interface Destination {
  readonly repository: string;
  readonly branch: string;
  /** Surely there, whatever is said of it. */
  readonly defaultBranch: string | undefined;
}

/** By which pull request a commit came to a branch. */
class Routes {
  readonly #view: ItemView;
  /** Merged pull requests by repository, base and commit. */
  readonly #byCommit = new Map<string, Route>();
  /** Branches into which a pull request went whose commits are not all known. */
  readonly #unsure = new Set<string>();
  /** A pull request of which it is not even known where it went. */
  #lost = false;

  constructor(view: ItemView, pulls: ReadonlyMap<string, PullRequest>) {
    this.#view = view;
    for (const pull of pulls.values()) this.#note(pull);
  }

  #note(pull: PullRequest): void {
    const { repository: of, baseRefName, mergedAt, state } = pull;
    if (of === undefined || baseRefName === undefined || mergedAt === undefined || state === undefined) {
      this.#lost = true;
      return;
    }
    if (state !== 'MERGED' || mergedAt === null) return;
    const branch = `${of.id}/${baseRefName}`;
    const commits = commitsOf(pull);
    if (isUnread(commits)) {
      this.#unsure.add(branch);
      return;
    }
    const route = { id: pull.id, number: pull.number, baseRefName, mergedAt };
    for (const oid of [pull.mergeCommit?.oid, ...commits.map(({ commit }) => commit.oid)]) {
      const key = `${branch}/${oid}`;
      const former = this.#byCommit.get(key);
      if (oid !== undefined && (former === undefined || mergedAt < former.mergedAt)) this.#byCommit.set(key, route);
    }
  }

  /**
   * The merged pull request into this branch that names the commit; of several the first one. One that went into a branch which is not
   * there any more, and whose merge is this very commit, went into this branch under its former name. Null: there is none, it was pushed.
   */
  of(associated: readonly Association[], commit: Commit, to: Destination): Reading<Route | null> {
    const here = associated
      .flatMap((found) =>
        found.state === 'MERGED' && found.mergedAt !== null && found.repository.id === to.repository
          ? [{ ...found, mergedAt: found.mergedAt }]
          : [],
      )
      .sort((one, other) => (one.mergedAt < other.mergedAt ? -1 : 1));
    const direct = here.find(({ baseRefName }) => baseRefName === to.branch);
    const through = direct ?? this.#byCommit.get(`${to.repository}/${to.branch}/${commit.oid}`);
    if (through !== undefined) return through;
    const renamed = here.find(
      ({ baseRef, baseRefName, mergeCommit }) => baseRef === null && baseRefName !== to.defaultBranch && mergeCommit?.oid === commit.oid,
    );
    if (renamed !== undefined) return renamed;
    if (this.#unsure.has(`${to.repository}/${to.branch}`)) return unread('truncated');
    const gap = this.#view.gapIn(operations.pullRequests) ?? (this.#lost ? 'malformed-reply' : undefined);
    return gap !== undefined && here.length > 0 ? unread(gap) : null;
  }
}

function inWords({ number, state, baseRefName }: Association): string {
  return `#${number} ${state === 'MERGED' ? `into ${baseRefName}` : `(${state.toLowerCase()})`}`;
}

function commitsOf(pull: PullRequest): Reading<PullRequestCommit[]> {
  return part(pull.unread, 'commits', () => read(stated(pull.commits), whole));
}

const kinds: Readonly<Record<NonNullable<Actor>['__typename'], Account['kind']>> = {
  User: 'user',
  Bot: 'bot',
  Mannequin: 'unknown',
  Organization: 'other',
  EnterpriseUserAccount: 'user',
};
/** Null: the account was deleted, and nobody can say whose it was. */
function accountOf(actor: Actor): Account {
  return actor === null
    ? { id: null, kind: 'unknown', name: 'a deleted account' }
    : { id: actor.id, kind: kinds[actor.__typename], name: actor.login };
}
const botAddress = /^(?:\d+\+)?([\w.-]+\[bot\])@users\.noreply\.github\.com$/;
/** Bots have no user account: their address says what they are. */
function statedBy({ name, email, user }: GitActor): Account {
  if (user !== null) return { id: user.id, kind: 'user', name: user.login };
  const bot = botAddress.exec(email ?? '')?.[1];
  return bot === undefined ? { id: null, kind: 'unknown', name: `${name ?? '?'} <${email ?? '?'}>` } : { id: null, kind: 'bot', name: bot };
}

/** Whether GitHub itself committed it, for whoever pressed the button. */
function isByGithub({ committedViaWeb, committer }: Pick<Commit, 'committedViaWeb' | 'committer'>): boolean {
  return committedViaWeb || committer?.email === 'noreply@github.com';
}

/** Authors and co-authors of a commit, and who committed it. */
function writersOf(commit: Pick<Commit, 'committedViaWeb' | 'committer' | 'authors'>, withCommitter: boolean): Reading<Account[]> {
  return read(whole(commit.authors), (authors) => [
    ...authors.map(statedBy),
    ...(withCommitter && !isByGithub(commit) && commit.committer !== null ? [statedBy(commit.committer)] : []),
  ]);
}

/**
 * Who counts as author. The commit by which a merge, squash or rebase landed was made for whoever merged; he is no author by that, unless
 * he made the merge by hand, when it may hold anything.
 */
function authorsOf(commit: Commit, pull: PullRequest | null): Reading<Account[]> {
  if (pull === null) return read(writersOf(commit, true), distinct);
  return readAll<[Account, PullRequestCommit[]], Account[]>(
    [part(pull.unread, 'author', () => read(stated(pull.author), accountOf)), commitsOf(pull)],
    (author, commits) => {
      const written = commits.map((one) => writersOf(one.commit, true));
      const isOwn = commits.some((one) => one.commit.oid === commit.oid);
      const isMerge = commit.parents.totalCount > 1;
      if (!isOwn && !isMerge) written.push(writersOf(commit, false));
      if (!isOwn && isMerge && !isByGithub(commit)) written.push(writersOf(commit, true));
      const missing = written.find(isUnread);
      return missing ?? distinct([author, ...(written as Account[][]).flat()]);
    },
  );
}

function distinct(accounts: readonly Account[]): Account[] {
  const found = new Map(accounts.map((account) => [account.id ?? account.name.toLowerCase(), account]));
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

const states = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
} as const;

function reviewsOf(pull: PullRequest): Reading<Change['reviews']> {
  return readAll<[NonNullable<PullRequest['reviews']>['nodes'], NonNullable<PullRequest['timelineItems']>['nodes']], Change['reviews']>(
    [
      part(pull.unread, 'reviews', () => read(stated(pull.reviews), whole)),
      part(pull.unread, 'timelineItems', () => read(stated(pull.timelineItems), whole)),
    ],
    (reviews, dismissals) => {
      const dismissed = new Map(dismissals.map((one) => [one.review?.id, one]));
      return reviews
        .flatMap(({ id, state, submittedAt, author, commit }) => {
          // Begun and never sent: nobody but its author knows of it.
          if (state === 'PENDING' || submittedAt === null) return [];
          const how = dismissed.get(id);
          return [
            {
              reviewer: accountOf(author),
              state: states[state],
              at: submittedAt,
              commit: commit?.oid ?? null,
              dismissed: how === undefined ? null : { from: states[how.previousReviewState], at: how.createdAt, by: accountOf(how.actor) },
            },
          ];
        })
        .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
    },
  );
}

const runResults: Readonly<Record<string, Change['checks'][number]['result']>> = {
  SUCCESS: 'success',
  NEUTRAL: 'neutral',
  SKIPPED: 'neutral',
};

/** Checks of the commit that was merged. They are those of now: one that was run again later tells its later times. */
function checksOf(view: ItemView, pull: PullRequest): Reading<Change['checks']> {
  return read(view.part(operations.checks, pull.id, headChecks), (found) => {
    if (found === null) return unread('malformed-reply');
    const why = whyUnread(found.unread, 'commits');
    if (why !== undefined) return unread(why);
    const head = found.commits?.nodes[0]?.commit;
    if (head === undefined || head.oid !== pull.headRefOid) return unread('malformed-reply');
    if (head.statusCheckRollup === null) return [];
    return read(whole(head.statusCheckRollup.contexts), (contexts) =>
      contexts.map(checkOf).sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)),
    );
  });
}
function checkOf(context: CheckContext): Change['checks'][number] {
  if (context.__typename === 'StatusContext') {
    const { context: name, state, createdAt } = context;
    const isPending = state === 'PENDING' || state === 'EXPECTED';
    return {
      name,
      result: state === 'SUCCESS' ? 'success' : isPending ? 'pending' : 'failure',
      startedAt: createdAt,
      completedAt: isPending ? null : createdAt,
    };
  }
  const { name, status, conclusion, startedAt, completedAt } = context;
  const result = status !== 'COMPLETED' || conclusion === null ? 'pending' : (runResults[conclusion] ?? 'failure');
  return { name, result, startedAt, completedAt };
}
