import { defineCollector, read } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { counting, filtered, listed, membership, missConcealed, people, person } from '../people.ts';
import { GithubMember } from './resource.ts';

const all = 'GET /orgs/{org}/members';
const owners = 'GET /orgs/{org}/members?role=admin';
const withoutFactor = 'GET /orgs/{org}/members?filter=2fa_disabled';
const withInsecureFactor = 'GET /orgs/{org}/members?filter=2fa_insecure';
const viewer = 'graphql:organisation-membership';

export default defineCollector<GithubClient>({
  id: 'github/members',
  title: 'Members, their roles and second factors',
  kind: 'roster',
  scope: 'organisation',
  yields: [GithubMember],
  permissions: ['members:read'],
  items: {
    [all]: people,
    [owners]: people,
    [withoutFactor]: people,
    [withInsecureFactor]: people,
    [viewer]: membership,
  },
  async *collect(client) {
    let seen = 0;
    yield* counting(client.pages(all), (items) => {
      seen += items;
    });
    yield* client.pages(owners);
    let named = 0;
    let answered = false;
    yield* counting(client.pages(withoutFactor), (items) => {
      named += items;
      answered = true;
    });
    // Owners alone are answered; a server that ignores the filter names everybody.
    const filterAnswered = answered && named < seen;
    yield* client.pages(withInsecureFactor);
    const reply = await client.graphql('organisation-membership');
    missConcealed(client, all, reply?.output ?? null, seen, filterAnswered);
    if (reply) yield reply;
  },
  normalise(view) {
    const everybody = listed(view, all);
    const admins = listed(view, owners);
    const disabled = filtered(view, everybody, withoutFactor, withInsecureFactor);
    const insecure = filtered(view, everybody, withInsecureFactor, withoutFactor);
    return view.each(all, person, (member) =>
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
  },
});
