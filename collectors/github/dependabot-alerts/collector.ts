import { defineCollector, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given, stated } from '../readings.ts';
import { GithubDependabotAlert } from './resource.ts';

const route = 'GET /orgs/{org}/dependabot/alerts';
const alert = body({
  number: z.int(),
  created_at: given(z.iso.datetime()),
  html_url: given(z.string()),
  dependency: given(
    body({
      package: given(body({ ecosystem: z.string(), name: z.string() })),
      manifest_path: given(z.string()),
      scope: given(z.enum(['development', 'runtime']).nullable()),
    }),
  ),
  security_advisory: given(body({ ghsa_id: given(z.string()), severity: given(z.enum(['low', 'medium', 'high', 'critical'])) })),
  repository: body({ node_id: z.string(), full_name: z.string() }),
});

export default defineCollector<GithubClient>({
  id: 'github/dependabot-alerts',
  title: 'Open Dependabot alerts',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubDependabotAlert],
  permissions: ['vulnerability_alerts:read'],
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
        'state',
        'created_at',
        'updated_at',
        'html_url',
        'dependency.package',
        'dependency.manifest_path',
        'dependency.scope',
        'security_advisory.ghsa_id',
        'security_advisory.cve_id',
        'security_advisory.severity',
        'security_vulnerability.first_patched_version',
        'security_vulnerability.vulnerable_version_range',
        'repository.id',
        'repository.node_id',
        'repository.full_name',
      ],
      volatile: ['updated_at'],
    },
  },
  async *collect(client) {
    yield* client.pages(route, { state: 'open', sort: 'created', direction: 'asc' });
  },
  normalise: (view) =>
    view.each(route, alert, (found) => {
      const { dependency, security_advisory: advisory } = found;
      return GithubDependabotAlert.draft(
        {
          id: view.id('dependabot-alert', found.repository.node_id, String(found.number)),
          display: `${found.repository.full_name} #${found.number}`,
        },
        {
          repository: found.repository.full_name,
          number: found.number,
          severity: stated(advisory?.severity),
          dependency: stated(dependency?.package === undefined ? undefined : `${dependency.package.ecosystem} ${dependency.package.name}`),
          manifest: stated(dependency?.manifest_path),
          scope: stated(dependency?.scope),
          advisory: stated(advisory?.ghsa_id),
          createdAt: stated(found.created_at),
          url: stated(found.html_url),
        },
      );
    }),
});
