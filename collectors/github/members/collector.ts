import { defineCollector, read, readAll } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { counting, filtered, listed, missConcealed, people, person } from '../people.ts';
import { GithubMember, GithubMembership } from './resource.ts';

const all = 'GET /orgs/{org}/members';
const owners = 'GET /orgs/{org}/members?role=admin';
const withoutFactor = 'GET /orgs/{org}/members?filter=2fa_disabled';
const withInsecureFactor = 'GET /orgs/{org}/members?filter=2fa_insecure';
const membership = 'graphql:organisation-membership';

export default defineCollector<GithubClient>({
  id: 'github/members',
  title: 'Members, their roles and second factors',
  kind: 'roster',
  scope: 'organisation',
  yields: [GithubMember, GithubMembership],
  permissions: ['members:read'],
  items: {
    [all]: people,
    [owners]: people,
    [withoutFactor]: people,
    [withInsecureFactor]: people,
    [membership]: {
      keep: ['data.organization.viewerIsAMember', 'data.organization.viewerCanAdminister', 'data.organization.membersWithRole.totalCount'],
    },
  },
  async *collect(client) {
    let seen = 0;
    let filterAnswered = false;
    yield* counting(client.pages(all), (items) => {
      seen += items;
    });
    yield* client.pages(owners);
    yield* counting(client.pages(withoutFactor), (items) => {
      filterAnswered ||= items < seen;
    });
    yield* client.pages(withInsecureFactor);
    const reply = await client.graphql('organisation-membership');
    if (!reply) return;
    missConcealed(client, all, reply.output, seen, filterAnswered);
    yield reply;
  },
  normalise(view) {
    const everybody = listed(view, all);
    const admins = listed(view, owners);
    const disabled = filtered(view, everybody, withoutFactor, withInsecureFactor);
    const insecure = filtered(view, everybody, withInsecureFactor, withoutFactor);
    const members = view.each(all, person, (member) =>
      GithubMember.draft(
        { id: view.id('member', member.node_id), display: member.login },
        {
          login: member.login,
          role: read(admins, (ids) => (ids.has(member.node_id) ? 'admin' : 'member')),
          twoFactor: read(disabled, (ids) => !ids.has(member.node_id)),
          twoFactorInsecure: read(insecure, (ids) => ids.has(member.node_id)),
        },
      ),
    );
    const logins = new Map(view.list(all, person).map(({ body }) => [body.node_id, body.login]));
    return [
      ...members,
      GithubMembership.draft(
        { id: view.id('membership'), display: view.tenant },
        {
          members: read(everybody, (ids) => ids.size),
          owners: readAll([everybody, admins], (_, ids) => [...ids].map((id) => logins.get(id) ?? id).sort()),
        },
      ),
    ];
  },
});
