import { defineCollector, type ItemView, type JsonObject, type Reading, read, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given, part, stated, unreadParts } from '../readings.ts';
import { at, isObject, nodeItems } from '../replies.ts';
import { seeAll, visibilityItems } from '../visibility.ts';
import { GithubRepository } from './resource.ts';

const repositories = 'graphql:repositories';
const alerts = 'GET /repos/{owner}/{repo}/vulnerability-alerts';
const connection = 'organization.repositories';

const repository = body({
  id: z.string(),
  nameWithOwner: z.string(),
  visibility: given(z.enum(['PUBLIC', 'INTERNAL', 'PRIVATE'])),
  isArchived: given(z.boolean()),
  isFork: given(z.boolean()),
  isDisabled: given(z.boolean()),
  isEmpty: given(z.boolean()),
  viewerCanAdminister: given(z.boolean()),
  createdAt: given(z.iso.datetime()),
  forkingAllowed: given(z.boolean()),
  hasVulnerabilityAlertsEnabled: given(z.boolean()),
  isSecurityPolicyEnabled: given(z.boolean().nullable()),
  defaultBranchRef: given(body({ name: z.string() }).nullable()),
  unread: unreadParts,
});
type Repository = z.output<typeof repository>;

export default defineCollector<GithubClient>({
  id: 'github/repositories',
  title: 'Repositories',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubRepository],
  permissions: ['administration:read', 'contents:read', 'metadata:read', 'organization_administration:read'],
  items: {
    ...visibilityItems,
    [repositories]: {
      keep: [
        'id',
        'databaseId',
        'nameWithOwner',
        'visibility',
        'isArchived',
        'isFork',
        'isDisabled',
        'isEmpty',
        'isTemplate',
        'viewerCanAdminister',
        'createdAt',
        'pushedAt',
        'updatedAt',
        'forkingAllowed',
        'deleteBranchOnMerge',
        'webCommitSignoffRequired',
        'hasVulnerabilityAlertsEnabled',
        'isSecurityPolicyEnabled',
        'defaultBranchRef',
        'unread',
      ],
      volatile: ['pushedAt', 'updatedAt'],
      split: (output) => nodeItems(output, connection),
    },
    [alerts]: { keep: [], absent: ['vulnerability-alerts-disabled'] },
  },
  async *collect(client) {
    let seen = 0;
    const doubtful: { id: string; owner: string; repo: string }[] = [];
    for await (const reply of client.graphqlPages('repositories', {}, connection)) {
      yield reply;
      const nodes = at(reply.output, ['data', 'organization', 'repositories', 'nodes']);
      for (const node of Array.isArray(nodes) ? nodes : []) {
        seen += 1;
        if (isObject(node) && isDoubtful(node)) {
          const [owner = '', repo = ''] = String(node['nameWithOwner']).split('/');
          doubtful.push({ id: String(node['id']), owner, repo });
        }
      }
    }
    yield* seeAll(client, repositories, seen);
    // One request per repository that GraphQL cannot give: to a caller without administrator rights it says "off" whatever is set.
    yield* client.each(doubtful, async ({ id, owner, repo }) => [await client.call(alerts, { owner, repo }, { subject: id })]);
  },
  normalise: (view) =>
    view.each(repositories, repository, (found) =>
      GithubRepository.draft(
        { id: view.id('repository', found.id), display: found.nameWithOwner },
        {
          name: found.nameWithOwner,
          visibility: stated(found.visibility?.toLowerCase() as Lowercase<NonNullable<Repository['visibility']>> | undefined),
          archived: stated(found.isArchived),
          fork: stated(found.isFork),
          disabled: stated(found.isDisabled),
          empty: stated(found.isEmpty),
          defaultBranch: part<string | null>(found.unread, 'defaultBranchRef', () =>
            read(stated(found.defaultBranchRef), (ref) => ref?.name ?? null),
          ),
          dependabotAlerts: part(found.unread, 'hasVulnerabilityAlertsEnabled', () => alertsOf(view, found)),
          securityPolicy: part(found.unread, 'isSecurityPolicyEnabled', () => stated(found.isSecurityPolicyEnabled ?? undefined)),
          forkingAllowed: stated(found.forkingAllowed),
          createdAt: stated(found.createdAt),
        },
      ),
    ),
});

function isDoubtful(node: JsonObject): boolean {
  return node['hasVulnerabilityAlertsEnabled'] === false && node['viewerCanAdminister'] !== true && node['isArchived'] !== true;
}

function alertsOf(view: ItemView, found: Repository): Reading<boolean> {
  if (found.hasVulnerabilityAlertsEnabled !== false || found.viewerCanAdminister === true)
    return stated(found.hasVulnerabilityAlertsEnabled);
  return read(view.part(alerts, found.id, body({})), (answer) => answer !== null);
}
