import { defineCollector, read, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { further, furtherItems, inner, unfinished, whole } from '../connections.ts';
import { body, part, unreadParts } from '../readings.ts';
import { nodeItems } from '../replies.ts';
import { GithubTeam } from './resource.ts';

const teams = 'graphql:teams';
const moreMembers = 'graphql:team-members';
const moreRepositories = 'graphql:team-repositories';
const connection = 'organization.teams';

const lower = <const T extends readonly string[]>(words: T) =>
  z.enum(words).transform((word) => (word as string).toLowerCase() as Lowercase<T[number]>);
const member = body({ role: lower(['MEMBER', 'MAINTAINER']), node: body({ id: z.string(), login: z.string() }) });
const grant = body({
  permission: lower(['READ', 'TRIAGE', 'WRITE', 'MAINTAIN', 'ADMIN']),
  node: body({ id: z.string(), nameWithOwner: z.string() }),
});
const team = body({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  privacy: lower(['VISIBLE', 'SECRET']),
  parentTeam: body({ slug: z.string() }).nullable(),
  members: inner(member),
  repositories: inner(grant),
  unread: unreadParts,
});

export default defineCollector<GithubClient>({
  id: 'github/teams',
  title: 'Teams, their members and grants',
  kind: 'roster',
  scope: 'organisation',
  yields: [GithubTeam],
  permissions: ['members:read', 'metadata:read'],
  items: {
    [teams]: {
      keep: ['id', 'databaseId', 'name', 'slug', 'privacy', 'parentTeam', 'members', 'repositories', 'unread'],
      split: (output) => nodeItems(output, connection),
    },
    [moreMembers]: furtherItems('members.edges', 'node.id', ['role', 'node']),
    [moreRepositories]: furtherItems('repositories.edges', 'node.id', ['permission', 'node']),
  },
  async *collect(client) {
    const members: string[] = [];
    const repositories: string[] = [];
    // 50 teams with 50 of each inside: a page of GitHub's own 100 would be answered too, but costs four times as much.
    for await (const reply of client.graphqlPages('teams', {}, connection, { first: 50 })) {
      yield reply;
      members.push(...unfinished(reply.output, connection, 'members'));
      repositories.push(...unfinished(reply.output, connection, 'repositories'));
    }
    for (const id of members) yield* client.graphqlPages('team-members', { team: id }, 'node.members', { subject: id });
    for (const id of repositories) yield* client.graphqlPages('team-repositories', { team: id }, 'node.repositories', { subject: id });
  },
  normalise(view) {
    const members = further(view, moreMembers, member);
    const grants = further(view, moreRepositories, grant);
    return view.each(teams, team, (found) =>
      GithubTeam.draft(
        { id: view.id('team', found.id), display: found.name },
        {
          name: found.name,
          slug: found.slug,
          privacy: found.privacy,
          parent: part(found.unread, 'parentTeam', () => found.parentTeam?.slug ?? null),
          members: part(found.unread, 'members', () =>
            read(whole(view, moreMembers, found.id, found.members, members), (edges) =>
              edges.map(({ node, role }) => ({ login: node.login, role })).sort((one, other) => (one.login < other.login ? -1 : 1)),
            ),
          ),
          grants: part(found.unread, 'repositories', () =>
            read(whole(view, moreRepositories, found.id, found.repositories, grants), (edges) =>
              edges
                .map(({ node, permission }) => ({ repository: node.nameWithOwner, permission }))
                .sort((one, other) => (one.repository < other.repository ? -1 : 1)),
            ),
          ),
        },
      ),
    );
  },
});
