import { defineCollector, type Json, type JsonObject, type Reply } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { unfinished } from '../connections.ts';
import { literalPart, matchesPattern, productionPatterns } from '../patterns.ts';
import { at, graphqlErrors, isObject, nodeItems, unreadBelow } from '../replies.ts';
import { seeAll, visibilityItems } from '../visibility.ts';
import { changesOf, mergeCounts, operations } from './changes.ts';
import { GithubChange, GithubMergeCount } from './resource.ts';

const repositories = 'organization.repositories';
const { branches, production, moreProduction, commits, pullRequests, checks, mergeCount } = operations;
/** Ids asked for in one query: with their reviews and commits some 10,000 nodes, of the 500,000 that GitHub allows. */
const idsAtOnce = 20;
/** Looking up the pull requests of a commit is what costs GitHub time. */
const commitsAtOnce = 50;
const repositoryFields = ['id', 'nameWithOwner', 'isArchived', 'isFork', 'isEmpty', 'createdAt', 'defaultBranchRef', 'unread'];

/**
 * Every commit that reached a production branch in the window, read from the branch and not from the list of pull requests, so that
 * what was pushed past them is there too. The history is pinned to the head that was found first, so that its pages belong together.
 * It holds what a merge brought along (second parents), and it is by the date a commit states, which is also all that GitHub sorts by.
 * Archived repositories are read like others: what reached them before they were archived counts.
 */
export default defineCollector<GithubClient>({
  id: 'github/production-changes',
  title: 'Commits that reached a production branch, with pull request, reviews and checks',
  kind: 'events',
  scope: 'organisation',
  yields: [GithubChange, GithubMergeCount],
  permissions: ['checks:read', 'contents:read', 'metadata:read', 'organization_administration:read', 'pull_requests:read', 'statuses:read'],
  items: {
    ...visibilityItems,
    [branches]: { keep: repositoryFields, split: (output) => nodeItems(output, repositories) },
    [production]: { keep: [...repositoryFields, 'refs'], split: (output, reply) => searched(nodeItems(output, repositories), reply) },
    [moreProduction]: { keep: ['id', 'refs'], split: splitMore },
    [commits]: { keep: ['repository', 'branch', 'commit', 'unread'], split: splitCommits },
    [pullRequests]: {
      keep: [
        'id',
        'number',
        'title',
        'state',
        'mergedAt',
        'baseRefName',
        'headRefOid',
        'mergeCommit',
        'repository',
        'author',
        'mergedBy',
        'reviews',
        'timelineItems',
        'commits',
        'unread',
      ],
      split: splitNodes,
      namesSubjects: false,
    },
    [checks]: { keep: ['id', 'commits', 'unread'], split: splitNodes, namesSubjects: false },
    [mergeCount]: { keep: ['data.search.issueCount'] },
  },
  collect,
  normalise: (view) => [...changesOf(view), ...mergeCounts(view)],
});

interface Head {
  readonly repository: string;
  readonly branch: string;
  readonly oid: string;
}

async function* collect(client: GithubClient): AsyncGenerator<Reply, void, undefined> {
  const range = wholeSeconds(client.window);
  const heads = new Map<string, Head>();
  const names = new Set<string>();
  let seen = 0;
  for await (const reply of client.graphqlPages('change-branches', range, repositories)) {
    yield reply;
    for (const node of nodesAt(reply.output, ['data', ...repositories.split('.'), 'nodes'])) {
      seen += 1;
      const found = at(node, ['defaultBranchRef']);
      if (isObject(found)) noteHead(client, branches, node, found, heads, names);
      else if (at(node, ['isEmpty']) !== true) client.miss('malformed-reply', branches, `${String(at(node, ['id']))}#defaultBranchRef`);
    }
  }
  yield* seeAll(client, branches, seen);

  for (const literal of new Set(productionPatterns(client.settings).map(literalPart))) {
    const more: string[] = [];
    for await (const reply of client.graphqlPages('change-production-branches', { ...range, literal }, repositories)) {
      yield reply;
      more.push(...unfinished(reply.output, repositories, 'refs'));
      for (const node of nodesAt(reply.output, ['data', ...repositories.split('.'), 'nodes'])) {
        const refs = at(node, ['refs', 'nodes']);
        if (Array.isArray(refs)) for (const ref of refs as readonly Json[]) noteMatching(client, node, ref, heads, names);
        else client.miss('malformed-reply', production, `${String(at(node, ['id']))}#refs`);
      }
    }
    for (const repository of more) {
      const pages = client.graphqlPages('repository-change-branches', { ...range, repository, literal }, 'node.refs', {
        subject: repository,
      });
      for await (const reply of pages) {
        yield reply;
        const node = at(reply.output, ['data', 'node']) ?? null;
        for (const ref of nodesAt(reply.output, ['data', 'node', 'refs', 'nodes'])) noteMatching(client, node, ref, heads, names);
      }
    }
  }

  const merged = new Set<string>();
  const pages = client.each([...heads.values()], async ({ repository, branch, oid }) =>
    Array.fromAsync(
      client.graphqlPages('branch-changes', { ...range, repository, head: oid }, 'node.object.history', {
        first: commitsAtOnce,
        subject: `${repository}/${branch}`,
      }),
    ),
  );
  for await (const reply of pages) {
    yield reply;
    for (const commit of nodesAt(reply.output, ['data', 'node', 'object', 'history', 'nodes'])) {
      for (const found of nodesAt(commit, ['associatedPullRequests', 'nodes'])) {
        const id = at(found, ['id']);
        if (typeof id === 'string' && at(found, ['state']) !== 'OPEN') merged.add(id);
      }
    }
  }
  const chunks = chunksOf([...merged], idsAtOnce);
  yield* client.each(chunks, async (ids) => [await client.graphql('change-pull-requests', { ids })]);
  yield* client.each(chunks, async (ids) => [await client.graphql('change-checks', { ids })]);
  yield* client.each([...names].sort(), async (name) => [
    await client.graphql('merged-pull-requests', { search: searchFor(client.organisation, name, range) }, { subject: name }),
  ]);
}

/** GitHub's times are whole seconds, both ends of its range are in it, and ours is half-open. */
function wholeSeconds({ from, to }: { readonly from: string; readonly to: string }): { readonly since: string; readonly until: string } {
  const second = (instant: string) => Math.ceil(Date.parse(instant) / 1000);
  const text = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return { since: text(second(from)), until: text(second(to) - 1) };
}
function searchFor(organisation: string, base: string, { since, until }: { readonly since: string; readonly until: string }): string {
  return `org:${organisation} is:pr is:merged base:"${base.replaceAll('"', '')}" merged:${since}..${until}`;
}

/** A branch on which nothing happened in the window is not asked for again; one that does not tell is. */
function noteHead(
  client: GithubClient,
  operation: string,
  node: Json,
  ref: JsonObject,
  heads: Map<string, Head>,
  names: Set<string>,
): void {
  const repository = at(node, ['id']);
  const { name } = ref;
  const oid = at(ref, ['target', 'oid']);
  if (typeof repository !== 'string' || typeof name !== 'string') {
    client.miss('malformed-reply', operation, undefined, 'branch-without-name');
    return;
  }
  names.add(name);
  if (typeof oid !== 'string') client.miss('malformed-reply', operation, `${repository}#${name}`);
  else if (at(ref, ['target', 'history', 'totalCount']) !== 0) heads.set(`${repository}/${name}`, { repository, branch: name, oid });
}
function noteMatching(client: GithubClient, node: Json, ref: Json, heads: Map<string, Head>, names: Set<string>): void {
  const name = at(ref, ['name']);
  if (!isObject(ref) || typeof name !== 'string') client.miss('malformed-reply', production, `${String(at(node, ['id']))}#refs`);
  else if (productionPatterns(client.settings).some((pattern) => matchesPattern(name, pattern)))
    noteHead(client, production, node, ref, heads, names);
}

function nodesAt(value: Json | null | undefined, path: readonly string[]): readonly Json[] {
  const found = at(value, path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}
function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}

type Part = { readonly subject: string; readonly body: JsonObject };

/** Two patterns may find the same repository; the items are told apart by what was searched for. */
function searched(parts: readonly Part[], { input }: Reply): Part[] {
  return parts.map(({ subject, body }) => ({ subject: `${subject}?${String(input['literal'] ?? '')}`, body }));
}

function splitMore(output: JsonObject, { input, page }: Reply): Part[] {
  const node = at(output, ['data', 'node']);
  return isObject(node) ? [{ subject: `${String(node['id'])}?${String(input['literal'] ?? '')}&${page}`, body: node }] : [];
}

/** One item per commit and branch: the same commit may reach several. */
function splitCommits(output: JsonObject, { input, page, subject: place = '' }: Reply): Part[] {
  const path = ['node', 'object', 'history', 'nodes'];
  const errors = graphqlErrors(output);
  const repository = String(input['repository']);
  const branch = place.slice(repository.length + 1);
  return nodesAt(output, ['data', ...path]).map((commit, index): Part => {
    const unread = unreadBelow(errors, [...path, index]);
    // What is not a commit is kept, so that it is counted as something that could not be read.
    const oid = at(commit, ['oid']);
    const subject = `${place}/${typeof oid === 'string' ? oid : `#${index}&${page}`}`;
    return { subject, body: { repository, branch, commit, ...(unread === undefined ? {} : { unread }) } };
  });
}

/** The nodes of a query that asks for many by id. One that is missing is a gap already, or missing where it is looked for. */
function splitNodes(output: JsonObject): Part[] {
  const errors = graphqlErrors(output);
  return nodesAt(output, ['data', 'nodes']).flatMap((node, index): Part[] => {
    if (!isObject(node) || typeof node['id'] !== 'string') return [];
    const unread = unreadBelow(errors, ['nodes', index]);
    return [{ subject: node['id'], body: unread === undefined ? node : { ...node, unread } }];
  });
}
