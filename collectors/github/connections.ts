import { type ItemRule, type ItemView, type Json, type JsonObject, type Reading, unread, z } from '../../src/authoring.ts';
import { body } from './readings.ts';
import { at, isObject } from './replies.ts';

/*
 * Connections inside the nodes of a connection: members of teams, environments of repositories. The first page comes with the outer
 * node; where it has more, the inner one is asked for by the node's id, from its start, and replaces what came with the node.
 */

/** The first page of an inner connection. */
export const inner = <T extends z.ZodType>(member: T) =>
  body({
    totalCount: z.int(),
    pageInfo: body({ hasNextPage: z.boolean() }),
    nodes: z.array(member).optional(),
    edges: z.array(member).optional(),
  });

/** Whether what came is all there is, or says that there is more. */
export function isAccountedFor(first: {
  totalCount: number;
  pageInfo: { hasNextPage: boolean };
  nodes?: unknown[] | undefined;
  edges?: unknown[] | undefined;
}): boolean {
  return first.pageInfo.hasNextPage || (first.nodes ?? first.edges)?.length === first.totalCount;
}

/** Ids of the nodes of a page whose inner connection has more than came with them. */
export function unfinished(output: JsonObject | null, connection: string, name: string): string[] {
  const nodes = at(output, ['data', ...connection.split('.'), 'nodes']);
  return (Array.isArray(nodes) ? nodes : []).flatMap((node: Json) =>
    isObject(node) && typeof node['id'] === 'string' && at(node, [name, 'pageInfo', 'hasNextPage']) === true ? [node['id']] : [],
  );
}

/** Rule for the query that asks for an inner connection by itself: one item per member, named by the outer node and its own id. */
export function furtherItems(list: string, id: 'id' | 'node.id' | 'name', keep: readonly string[]): ItemRule {
  return {
    keep,
    list: `data.node.${list}`,
    key: (item, reply) => {
      const own = at(item, id.split('.'));
      return reply.subject === undefined || typeof own !== 'string' ? '' : `${reply.subject}/${own}`;
    },
  };
}

/** What `furtherItems` made, by outer node. */
export function further<T extends z.ZodType>(view: ItemView, operation: string, member: T): ReadonlyMap<string, z.output<T>[]> {
  const found = new Map<string, z.output<T>[]>();
  for (const { subject, body: read } of view.list(operation, member)) {
    const outer = subject.slice(0, subject.indexOf('/'));
    found.set(outer, [...(found.get(outer) ?? []), read]);
  }
  return found;
}

/** All members of an inner connection, or why they are not all there. */
export function whole<T>(
  view: ItemView,
  operation: string,
  outer: string,
  first: { totalCount: number; pageInfo: { hasNextPage: boolean }; nodes?: T[] | undefined; edges?: T[] | undefined },
  more: ReadonlyMap<string, T[]>,
): Reading<T[]> {
  if (!first.pageInfo.hasNextPage) {
    const members = first.nodes ?? first.edges;
    return members?.length === first.totalCount ? members : unread('truncated');
  }
  const gap = view.gapIn(operation);
  if (gap !== undefined) return unread(gap);
  const members = more.get(outer);
  return members === undefined || members.length < first.totalCount ? unread('truncated') : members;
}
