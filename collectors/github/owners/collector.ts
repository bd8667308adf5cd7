import { defineCollector } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { membership, missConcealed, people, person } from '../people.ts';
import { GithubOwners } from './resource.ts';

const owners = 'GET /orgs/{org}/members?role=admin';
const viewer = 'graphql:organisation-membership';

/** By itself, so that an organisation's owners can be counted with rights that do not let one see its members' second factors. */
export default defineCollector<GithubClient>({
  id: 'github/owners',
  title: 'Owners of the organisation',
  kind: 'roster',
  scope: 'organisation',
  yields: [GithubOwners],
  permissions: ['members:read'],
  items: { [owners]: people, [viewer]: membership },
  async *collect(client) {
    yield* client.pages(owners);
    const reply = await client.graphql('organisation-membership');
    missConcealed(client, owners, reply?.output ?? null, null, false);
    if (reply) yield reply;
  },
  normalise: (view) => [
    GithubOwners.draft(
      { id: view.id('owners'), display: view.tenant },
      {
        owners: view
          .list(owners, person)
          .map(({ body }) => body.login)
          .sort(),
      },
    ),
  ],
});
