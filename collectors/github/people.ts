import { type ItemRule, type ItemView, type JsonObject, type Reading, type Reply, unread, z } from '../../src/authoring.ts';
import type { GithubClient } from './client.ts';
import { body } from './readings.ts';
import { at, isObject } from './replies.ts';

/** How members and outside collaborators are listed: an account's login may change, its node id does not. */
export const people: ItemRule = { keep: ['id', 'node_id', 'login', 'type', 'site_admin'], list: 'items', key: 'node_id' };
export const person = body({ node_id: z.string(), login: z.string() });

/** Node ids of one list, or why it is not whole. */
export function listed(view: ItemView, route: string): Reading<ReadonlySet<string>> {
  // Read first: an item that does not fit is a gap from then on.
  const found = new Set(view.list(route, person).map((item) => item.subject));
  const gap = view.gapIn(route);
  return gap === undefined ? found : unread(gap);
}

/**
 * Who a two-factor filter names. GitHub answers it to owners; a server that does not know it answers with everybody, and such an
 * answer says nothing: a filter that lists all, or somebody who is not in the list it filters, or somebody whom the other filter
 * names too (no factor and an insecure one exclude each other), cannot have worked.
 */
export function filtered(
  view: ItemView,
  everybody: Reading<ReadonlySet<string>>,
  route: string,
  otherRoute: string,
): Reading<ReadonlySet<string>> {
  const found = listed(view, route);
  if (!(found instanceof Set)) return found;
  if (!(everybody instanceof Set)) return everybody;
  const other = listed(view, otherRoute);
  const ignored =
    (found.size > 0 && found.size === everybody.size) ||
    [...found].some((id) => !everybody.has(id)) ||
    (other instanceof Set && [...found].some((id) => other.has(id)));
  return ignored ? unread('malformed-reply') : found;
}

/** Yields replies and counts the items of one list on the way. */
export async function* counting(replies: AsyncIterable<Reply>, count: (items: number) => void): AsyncGenerator<Reply, void, undefined> {
  for await (const reply of replies) {
    const items = reply.output?.['items'];
    if (Array.isArray(items)) count(items.length);
    yield reply;
  }
}

/**
 * Records a gap when the caller may see only part of the members: GitHub shows those who conceal their membership to members alone and
 * answers everybody else with the rest, without a word. `membership`: the reply that tells whether we are one; `seen`: how many of all
 * members were listed, null when not all were asked for.
 */
export function missConcealed(
  client: GithubClient,
  route: string,
  membership: JsonObject | null,
  seen: number | null,
  filterAnswered: boolean,
): void {
  if (!client.isWhole(route)) return;
  const found = at(membership, ['data', 'organization']);
  const total = at(found, ['membersWithRole', 'totalCount']);
  if (seen !== null && typeof total === 'number' && total > seen) client.miss('truncated', route, undefined, 'total-mismatch');
  const inside = isObject(found) && (found['viewerIsAMember'] === true || found['viewerCanAdminister'] === true);
  if (!inside && !filterAnswered && client.settings['authentication'] !== 'app')
    client.miss('access-denied', route, undefined, 'concealed-members');
}

/** The query behind `missConcealed`. */
export const membership: ItemRule = {
  keep: ['data.organization.viewerIsAMember', 'data.organization.viewerCanAdminister', 'data.organization.membersWithRole.totalCount'],
};
