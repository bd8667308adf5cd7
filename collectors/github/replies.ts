import type { GapReason, Json, JsonObject } from '../../src/authoring.ts';

/**
 * How a reply of GitHub looks to a collector. REST: the object as sent, or `{ items }` for an array, each with `link` (see `NextPage`) when
 * the reply had a Link header. GraphQL: `{ data, errors? }` as sent, or `{ tooLarge: true }` when the page has to be asked again, smaller.
 */
export const tooLarge: JsonObject = { tooLarge: true };
export function isTooLarge(output: JsonObject | null): boolean {
  return output?.['tooLarge'] === true;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** What lies at a path of members; undefined when there is nothing. */
export function at(value: Json | null | undefined, path: readonly (string | number)[]): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path) {
    if (Array.isArray(found) && typeof step === 'number') found = (found as readonly Json[])[step];
    else if (isObject(found) && Object.hasOwn(found, step)) found = found[step];
    else return undefined;
  }
  return found;
}

/** One entry of a GraphQL reply's `errors`: what kind it is, in GitHub's word, and which part of the answer it is about. */
export interface GraphqlError {
  readonly code: string;
  readonly path: readonly (string | number)[];
}
/** An entry that is not an error as GraphQL describes it counts as one about everything. */
export function graphqlErrors(output: JsonObject | null): readonly GraphqlError[] {
  const errors = output?.['errors'];
  if (errors === undefined || errors === null) return [];
  if (!Array.isArray(errors)) return [{ code: 'malformed-errors', path: [] }];
  return errors.map((error: Json) => {
    const type = at(error, ['type']) ?? at(error, ['extensions', 'code']);
    const path = at(error, ['path']);
    return {
      code: typeof type === 'string' ? type : 'unknown-error',
      path: Array.isArray(path) ? path.filter((step) => typeof step === 'string' || typeof step === 'number') : [],
    };
  });
}

const errorReasons: Readonly<Record<string, GapReason>> = {
  FORBIDDEN: 'access-denied',
  INSUFFICIENT_SCOPES: 'access-denied',
  NOT_FOUND: 'access-denied',
  UNAUTHENTICATED: 'access-denied',
  RATE_LIMITED: 'rate-limited',
  RATE_LIMIT: 'rate-limited',
  RESOURCE_LIMITS_EXCEEDED: 'source-unavailable',
  MAX_NODE_LIMIT_EXCEEDED: 'source-unavailable',
  SERVICE_UNAVAILABLE: 'source-unavailable',
  INTERNAL: 'source-unavailable',
  undefinedField: 'malformed-reply',
  'malformed-errors': 'malformed-reply',
};
/** NOT_FOUND counts as denied: GitHub hides what a caller may not see. */
export function reasonOf(error: GraphqlError): GapReason {
  return errorReasons[error.code] ?? 'source-unavailable';
}

/** Parts of a node that GitHub did not answer: dotted path below the node, and why. */
export type UnreadParts = Readonly<Record<string, GapReason>>;

/**
 * The nodes of a GraphQL connection as items. What an error names is written into the node's item as `unread` (path -> reason): GraphQL
 * answers null there, and a null alone would read as "there is none".
 */
export function nodeItems(output: JsonObject, connection: string): { subject: string; body: JsonObject }[] {
  const path = ['data', ...connection.split('.'), 'nodes'];
  const nodes = at(output, path);
  const errors = graphqlErrors(output);
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: Json, index) => {
    if (!isObject(node) || typeof node['id'] !== 'string') return [];
    const unread = unreadBelow(errors, [...path.slice(1), index]);
    return [{ subject: node['id'], body: unread === undefined ? node : { ...node, unread } }];
  });
}

/** What errors name below a path of the answer; undefined when nothing. */
export function unreadBelow(errors: readonly GraphqlError[], path: readonly (string | number)[]): UnreadParts | undefined {
  const parts = errors
    .filter((error) => error.path.length > path.length && path.every((step, index) => error.path[index] === step))
    .map((error) => [error.path.slice(path.length).join('.'), reasonOf(error)] as const);
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/** Why a part was not read: the first unread path that is the part, lies in it or contains it. */
export function whyUnread(unread: UnreadParts | undefined, part: string): GapReason | undefined {
  for (const [path, reason] of Object.entries(unread ?? {})) {
    if (path === part || path.startsWith(`${part}.`) || part.startsWith(`${path}.`)) return reason;
  }
  return undefined;
}
