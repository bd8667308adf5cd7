import { defineCollector, type Reading, unread, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { counting } from '../people.ts';
import { body, given, stated } from '../readings.ts';
import { seeAll, visibilityItems } from '../visibility.ts';
import { GithubRepositorySecurity } from './resource.ts';

const repositories = 'GET /orgs/{org}/repos';

const feature = given(body({ status: z.enum(['enabled', 'disabled']) }));
const repository = body({
  node_id: z.string(),
  full_name: z.string(),
  private: given(z.boolean()),
  visibility: given(z.enum(['public', 'internal', 'private'])),
  archived: given(z.boolean()),
  fork: given(z.boolean()),
  security_and_analysis: given(
    body({
      secret_scanning: feature,
      secret_scanning_push_protection: feature,
      secret_scanning_non_provider_patterns: feature,
      secret_scanning_validity_checks: feature,
      dependabot_security_updates: feature,
    }).nullable(),
  ),
});
type Security = z.output<typeof repository>['security_and_analysis'];

/** GitHub tells these to owners, security managers and repository administrators and leaves them out for everybody else. */
export default defineCollector<GithubClient>({
  id: 'github/repository-security',
  title: 'Security features of repositories',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubRepositorySecurity],
  permissions: ['administration:read', 'metadata:read', 'organization_administration:read'],
  items: {
    ...visibilityItems,
    [repositories]: {
      list: 'items',
      key: 'node_id',
      keep: ['id', 'node_id', 'full_name', 'private', 'visibility', 'archived', 'disabled', 'fork', 'security_and_analysis'],
    },
  },
  async *collect(client) {
    let seen = 0;
    // Oldest first: a repository that is created meanwhile is appended and moves nothing to another page.
    yield* counting(client.pages(repositories, { type: 'all', sort: 'created', direction: 'asc' }), (items) => {
      seen += items;
    });
    yield* seeAll(client, repositories, seen);
  },
  normalise: (view) =>
    view.each(repositories, repository, (found) =>
      GithubRepositorySecurity.draft(
        { id: view.id('repository-security', found.node_id), display: found.full_name },
        {
          repository: found.full_name,
          visibility: stated(found.visibility),
          archived: stated(found.archived),
          fork: stated(found.fork),
          secretScanning: state(found.security_and_analysis, 'secret_scanning'),
          pushProtection: state(found.security_and_analysis, 'secret_scanning_push_protection'),
          nonProviderPatterns: state(found.security_and_analysis, 'secret_scanning_non_provider_patterns'),
          validityChecks: state(found.security_and_analysis, 'secret_scanning_validity_checks'),
          dependabotSecurityUpdates: state(found.security_and_analysis, 'dependabot_security_updates'),
        },
      ),
    ),
});

type Feature =
  | 'secret_scanning'
  | 'secret_scanning_push_protection'
  | 'secret_scanning_non_provider_patterns'
  | 'secret_scanning_validity_checks'
  | 'dependabot_security_updates';
/** A feature that is left out was not shown to us, or is not sold with this plan: either way it is not known to be on. */
function state(security: Security, feature: Feature): Reading<boolean> {
  const status = security?.[feature]?.status;
  return status === undefined ? unread('access-denied') : status === 'enabled';
}
