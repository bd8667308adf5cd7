import { defineCollector, type ItemView, isUnread, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { further, furtherItems, inner, unfinished, whole } from '../connections.ts';
import { counting, filtered, listed, people, person } from '../people.ts';
import { body, unreadParts } from '../readings.ts';
import { nodeItems, whyUnread } from '../replies.ts';
import { GithubOutsideCollaborator } from './resource.ts';

const all = 'GET /orgs/{org}/outside_collaborators';
const withoutFactor = 'GET /orgs/{org}/outside_collaborators?filter=2fa_disabled';
const withInsecureFactor = 'GET /orgs/{org}/outside_collaborators?filter=2fa_insecure';
const grants = 'graphql:outside-collaborator-grants';
const moreGrants = 'graphql:repository-outside-collaborator-grants';
const repositories = 'organization.repositories';

const permission = z
  .enum(['READ', 'TRIAGE', 'WRITE', 'MAINTAIN', 'ADMIN'])
  .transform((word) => word.toLowerCase() as Lowercase<typeof word>);
const edge = body({ permission, node: body({ id: z.string() }) });
const repository = body({
  nameWithOwner: z.string(),
  isArchived: z.boolean(),
  collaborators: inner(edge).nullable(),
  unread: unreadParts,
});
type Grant = { repository: string; permission: z.output<typeof permission>; archived: boolean };

export default defineCollector<GithubClient>({
  id: 'github/outside-collaborators',
  title: 'Outside collaborators, their grants and second factors',
  kind: 'roster',
  scope: 'organisation',
  yields: [GithubOutsideCollaborator],
  permissions: ['members:read', 'metadata:read'],
  items: {
    [all]: people,
    [withoutFactor]: people,
    [withInsecureFactor]: people,
    [grants]: {
      keep: ['id', 'nameWithOwner', 'isArchived', 'collaborators', 'unread'],
      split: (output) => nodeItems(output, repositories),
    },
    [moreGrants]: furtherItems('collaborators.edges', 'node.id', ['permission', 'node']),
  },
  async *collect(client) {
    let seen = 0;
    yield* counting(client.pages(all), (items) => {
      seen += items;
    });
    // GitHub has no list of an outside collaborator's repositories; without any collaborator there is nothing to ask.
    if (seen === 0) return;
    yield* client.pages(withoutFactor);
    yield* client.pages(withInsecureFactor);
    const more: string[] = [];
    for await (const reply of client.graphqlPages('outside-collaborator-grants', {}, repositories)) {
      yield reply;
      more.push(...unfinished(reply.output, repositories, 'collaborators'));
    }
    for (const id of more) {
      yield* client.graphqlPages('repository-outside-collaborator-grants', { repository: id }, 'node.collaborators', { subject: id });
    }
  },
  normalise(view) {
    const everybody = listed(view, all);
    const disabled = filtered(view, everybody, withoutFactor, withInsecureFactor);
    const insecure = filtered(view, everybody, withInsecureFactor, withoutFactor);
    const held = grantsIn(view);
    return view.each(all, person, (collaborator) =>
      GithubOutsideCollaborator.draft(
        { id: view.id('outside-collaborator', collaborator.node_id), display: collaborator.login },
        {
          login: collaborator.login,
          twoFactor: read(disabled, (ids) => !ids.has(collaborator.node_id)),
          twoFactorInsecure: read(insecure, (ids) => ids.has(collaborator.node_id)),
          // GitHub lists a collaborator only for what he was given: none in any repository is an answer.
          grants: read(held, (byPerson) => byPerson.get(collaborator.node_id) ?? []),
        },
      ),
    );
  },
});

/** Grants by collaborator; one repository that could not be read leaves open what everybody has there. */
function grantsIn(view: ItemView): Reading<ReadonlyMap<string, Grant[]>> {
  const more = further(view, moreGrants, edge);
  const nodes = view.list(grants, repository);
  // Asked last: an item that does not fit is a gap from then on.
  const gap = view.gapIn(grants);
  if (gap !== undefined) return unread(gap);
  const held = new Map<string, Grant[]>();
  for (const { subject, body: node } of nodes) {
    const reason = whyUnread(node.unread, 'collaborators') ?? (node.collaborators === null ? 'access-denied' : undefined);
    if (reason !== undefined || node.collaborators === null) return unread(reason ?? 'access-denied');
    const edges = whole(view, moreGrants, subject, node.collaborators, more);
    if (isUnread(edges)) return edges;
    for (const { permission: given, node: person } of edges) {
      const grant = { repository: node.nameWithOwner, permission: given, archived: node.isArchived };
      held.set(
        person.id,
        [...(held.get(person.id) ?? []), grant].sort((one, other) => (one.repository < other.repository ? -1 : 1)),
      );
    }
  }
  return held;
}
