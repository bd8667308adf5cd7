import type { ItemRule, Reply } from '../../src/authoring.ts';
import type { GithubClient } from './client.ts';

const organisation = 'GET /orgs/{org}';
const installation = 'GET /installation/repositories';

/** Rules for what `seeAll` asks. */
export const visibilityItems: Readonly<Record<string, ItemRule>> = {
  [organisation]: { keep: ['id', 'login', 'public_repos', 'total_private_repos'] },
  [installation]: { keep: ['total_count', 'repository_selection'] },
};

/**
 * Records a gap when the organisation has more repositories than we were shown: a token or App that was given some of them is answered
 * as if the others did not exist, totals included. The organisation's own count (GitHub tells it to members), or that an App is
 * installed on all repositories, shows that we saw all; without either, nothing does. `seen`: how many `operation` listed.
 */
export async function* seeAll(client: GithubClient, operation: string, seen: number): AsyncGenerator<Reply, void, undefined> {
  const counted = await client.call(organisation);
  if (counted) yield counted;
  // A list that broke off says so itself; that it is shorter than the count would hide why.
  if (!client.isWhole(operation)) return;
  const open = counted?.output?.['public_repos'];
  const closed = counted?.output?.['total_private_repos'];
  if (typeof open === 'number' && typeof closed === 'number') {
    if (open + closed > seen) client.miss('access-denied', operation, undefined, 'repositories-not-shown');
    return;
  }
  if (client.settings['authentication'] === 'app') {
    const installed = await client.call(installation, { per_page: 1 }, { firstPageOnly: true });
    if (installed) yield installed;
    if (installed?.output?.['repository_selection'] === 'all') return;
  }
  client.miss('access-denied', operation, undefined, 'repository-count-not-shown');
}
