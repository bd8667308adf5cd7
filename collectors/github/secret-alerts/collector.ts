import { defineCollector, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given, stated } from '../readings.ts';
import { GithubSecretAlert } from './resource.ts';

const route = 'GET /orgs/{org}/secret-scanning/alerts';
const alert = body({
  number: z.int(),
  created_at: given(z.iso.datetime()),
  secret_type: given(z.string()),
  push_protection_bypassed: given(z.boolean().nullable()),
  validity: given(z.enum(['active', 'inactive', 'unknown'])),
  publicly_leaked: given(z.boolean().nullable()),
  html_url: given(z.string()),
  repository: body({ node_id: z.string(), full_name: z.string() }),
});

export default defineCollector<GithubClient>({
  id: 'github/secret-alerts',
  title: 'Open secret scanning alerts',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubSecretAlert],
  permissions: ['secret_scanning_alerts:read'],
  items: {
    [route]: {
      list: 'items',
      key: (item) => {
        const repository = item['repository'];
        const id = typeof repository === 'object' && repository !== null && 'node_id' in repository ? repository.node_id : undefined;
        return typeof id === 'string' && typeof item['number'] === 'number' ? `${id}/${item['number']}` : '';
      },
      keep: [
        'number',
        'created_at',
        'updated_at',
        'html_url',
        'state',
        'secret_type',
        'secret_type_display_name',
        'validity',
        'publicly_leaked',
        'multi_repo',
        'push_protection_bypassed',
        'push_protection_bypassed_at',
        'push_protection_bypassed_by.login',
        'assigned_to.login',
        'repository.id',
        'repository.node_id',
        'repository.full_name',
      ],
      volatile: ['updated_at'],
    },
  },
  async *collect(client) {
    // Oldest first, so that an alert that is raised meanwhile moves nothing to another page.
    yield* client.pages(route, { state: 'open', hide_secret: true, sort: 'created', direction: 'asc' });
  },
  normalise: (view) =>
    view.each(route, alert, (found) =>
      GithubSecretAlert.draft(
        {
          id: view.id('secret-alert', found.repository.node_id, String(found.number)),
          display: `${found.repository.full_name} #${found.number}`,
        },
        {
          repository: found.repository.full_name,
          number: found.number,
          secretType: stated(found.secret_type),
          createdAt: stated(found.created_at),
          pushProtectionBypassed: stated(found.push_protection_bypassed ?? undefined),
          validity: stated(found.validity),
          publiclyLeaked: stated(found.publicly_leaked ?? undefined),
          url: stated(found.html_url),
        },
      ),
    ),
});
