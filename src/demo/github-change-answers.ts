import type { Json, JsonObject } from '../model/json.ts';
import type { Repository } from './github-estate.ts';
import { bypasses, type MergedPull, type ReachedCommit, reachedCommits } from './merges.ts';
import { githubId, nodeId } from './native-id.ts';

/** What GitHub answers about commits, pull requests and pushes of the described company. */

const github = { name: 'GitHub', email: 'noreply@github.com', user: null } as const;
/** A person, or with `[bot]` behind its name a bot: GraphQL leaves that away and says what it is. */
const person = (login: string) => {
  const bot = /^(.+)\[bot\]$/.exec(login)?.[1];
  return bot === undefined
    ? { __typename: 'User', login, id: nodeId('U', login) }
    : { __typename: 'Bot', login: bot, id: nodeId('BOT', login) };
};
const gitPerson = (login: string) => ({
  name: login,
  email: `${login}@northwind-payroll.example`,
  user: { id: nodeId('U', login), login },
});
const all = (nodes: readonly object[]) => ({ totalCount: nodes.length, nodes });
const repositoryNode = (name: string) => nodeId('R', name);

/** The commits of a branch in GitHub's range: whole seconds, both ends in it, newest first. */
function commitsIn(repository: string, branch: string, input: JsonObject, now: string): readonly ReachedCommit[] {
  const since = Date.parse(String(input['since']));
  const until = Math.min(Date.parse(String(input['until'])), Date.parse(now));
  return reachedCommits
    .filter((one) => one.repository === repository && one.branch === branch && Date.parse(one.at) >= since && Date.parse(one.at) <= until)
    .reverse();
}

/** A branch with its head, and how much happened on it in the range. */
export function changedRef(repository: Repository, name: string, input: JsonObject, now: string): object {
  const latest = reachedCommits.findLast((one) => one.repository === repository.name && one.branch === name && one.at <= now);
  return {
    name,
    target: {
      __typename: 'Commit',
      oid: latest?.oid ?? nodeId('C', `${repository.name} ${name}`),
      history: { totalCount: commitsIn(repository.name, name, input, now).length },
    },
  };
}

/** A page of the history of the branch whose head was asked for. */
export function historyOf(repository: Repository, input: JsonObject, now: string): object {
  const head = reachedCommits.find(({ oid }) => oid === input['head']);
  const found = head === undefined ? [] : commitsIn(repository.name, head.branch, input, now).filter(({ at }) => at <= head.at);
  const from = typeof input['after'] === 'string' ? Number(input['after']) : 0;
  const size = typeof input['first'] === 'number' ? input['first'] : 50;
  const to = Math.min(from + size, found.length);
  return {
    totalCount: found.length,
    pageInfo: { hasNextPage: to < found.length, endCursor: to > from ? String(to) : null },
    nodes: found.slice(from, to).map((commit) => ({
      id: nodeId('C', commit.oid),
      messageHeadline: commit.headline,
      parents: { totalCount: commit.parents },
      oid: commit.oid,
      committedDate: commit.at,
      committedViaWeb: commit.pull !== null,
      committer: commit.pull === null ? gitPerson(commit.author) : github,
      authors: all([gitPerson(commit.author)]),
      associatedPullRequests: all(
        commit.pull === null
          ? []
          : [
              {
                id: commit.pull.id,
                number: commit.pull.number,
                state: 'MERGED',
                mergedAt: commit.at,
                baseRefName: commit.branch,
                baseRef: { name: commit.branch },
                mergeCommit: { oid: commit.oid },
                repository: { id: repositoryNode(commit.repository) },
              },
            ],
      ),
    })),
  };
}

const byPull = new Map(reachedCommits.flatMap((commit) => (commit.pull === null ? [] : [[commit.pull.id, { commit, pull: commit.pull }]])));
function pullsOf(ids: Json | undefined): { commit: ReachedCommit; pull: MergedPull }[] {
  return Array.isArray(ids) ? ids.flatMap((id) => byPull.get(String(id)) ?? []) : [];
}

export function pullRequests(ids: Json | undefined): object {
  return {
    nodes: pullsOf(ids).map(({ commit, pull }) => ({
      id: pull.id,
      number: pull.number,
      title: commit.headline,
      state: 'MERGED',
      mergedAt: commit.at,
      baseRefName: commit.branch,
      headRefOid: pull.commits.at(-1)?.oid,
      mergeCommit: { oid: commit.oid },
      repository: { id: repositoryNode(commit.repository) },
      author: person(pull.author),
      mergedBy: person(pull.mergedBy),
      reviews: all(
        pull.reviews.map((review) => ({
          id: review.id,
          state: 'APPROVED',
          submittedAt: review.at,
          author: person(review.by),
          commit: { oid: review.commit },
        })),
      ),
      timelineItems: all([]),
      commits: all(
        pull.commits.map(({ oid, at }) => ({
          commit: {
            oid,
            committedDate: at,
            committedViaWeb: false,
            committer: gitPerson(pull.author),
            authors: all([gitPerson(pull.author)]),
          },
        })),
      ),
    })),
  };
}
export function pullRequestChecks(ids: Json | undefined): object {
  return {
    nodes: pullsOf(ids).map(({ pull }) => {
      const head = pull.commits.at(-1);
      const started = Date.parse(head?.at ?? '');
      const time = (minutes: number) => `${new Date(started + minutes * 60_000).toISOString().slice(0, 19)}Z`;
      return {
        id: pull.id,
        commits: {
          nodes: [
            {
              commit: {
                oid: head?.oid,
                statusCheckRollup: {
                  contexts: all(
                    pull.checks.map((name, index) => ({
                      __typename: 'CheckRun',
                      name,
                      status: 'COMPLETED',
                      conclusion: 'SUCCESS',
                      startedAt: time(1),
                      completedAt: time(6 + 4 * index),
                    })),
                  ),
                },
              },
            },
          ],
        },
      };
    }),
  };
}

/** How many merged pull requests GitHub's search finds: `org:... is:pr is:merged base:"main" merged:A..B`. */
export function mergedCount(search: string, now: string): number {
  const [, base, since, until] = /base:"([^"]*)" merged:([^.]+)\.\.(\S+)$/.exec(search) ?? [];
  if (base === undefined || since === undefined || until === undefined)
    throw new TypeError(`the demonstration cannot search for ${search}`);
  return reachedCommits.filter((one) => one.pull !== null && one.branch === base && one.at >= since && one.at <= until && one.at <= now)
    .length;
}

const lookBack: Readonly<Record<string, number>> = { hour: 1, day: 24, week: 168, month: 720 };
/** Pushes that bypassed a ruleset, newest first. */
export function bypassedSuites(input: JsonObject, now: string): object[] {
  const from = Date.parse(now) - (lookBack[String(input['time_period'])] ?? 24) * 3_600_000;
  return bypasses
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= Date.parse(now))
    .map(({ at, by, repository }) => {
      const commit = reachedCommits.find((one) => one.repository === repository && one.at === at);
      return {
        id: githubId(`suite ${repository} ${at}`),
        actor_id: githubId(by),
        actor_name: by,
        before_sha: nodeId('C', `before ${at}`),
        after_sha: commit?.oid ?? '',
        ref: 'refs/heads/main',
        repository_id: githubId(repository),
        repository_name: repository,
        pushed_at: at,
        result: 'bypass',
        evaluation_result: 'fail',
      };
    })
    .reverse();
}
