import type { JsonObject } from '../../src/authoring.ts';
import type { GithubClient } from './client.ts';

/**
 * Records a gap when the organisation counts more repositories than we were shown: a token or App that was given some of them is
 * answered as if the others did not exist, totals included. Without the count (GitHub tells it to members) nothing shows that we
 * saw all.
 */
export function missInvisible(client: GithubClient, operation: string, organisation: JsonObject | null, seen: number): void {
  // A list that broke off says so itself; that it is shorter than the count would hide why.
  if (!client.isWhole(operation)) return;
  const visible = organisation?.['public_repos'];
  const hidden = organisation?.['total_private_repos'];
  if (typeof visible !== 'number' || typeof hidden !== 'number')
    client.miss('access-denied', operation, undefined, 'repository-count-not-shown');
  else if (visible + hidden > seen) client.miss('access-denied', operation, undefined, 'repositories-not-shown');
}
