import type { Json } from './json.ts';

interface Tree {
  [key: string]: unknown;
}
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/**
 * Takes the fields at `paths` (dotted; arrays on the way are entered at every position) out of a body.
 * @returns a new body without them, and each of them by its concrete path (`Keys.0.LastUsed`), or null when none was there.
 */
export function separateVolatile(
  body: Json,
  paths: readonly string[],
): { readonly stable: Json; readonly volatile: Readonly<Record<string, Json>> | null } {
  if (paths.length === 0 || !isTree(body)) return { stable: body, volatile: null };
  const stable = structuredClone(body);
  const volatile: Record<string, Json> = {};
  for (const path of paths) take(stable, path.split('.'), '', volatile);
  return Object.keys(volatile).length === 0 ? { stable: body, volatile: null } : { stable, volatile };
}

function take(node: unknown, segments: readonly string[], at: string, into: Record<string, Json>): void {
  const [segment, ...rest] = segments;
  if (!isTree(node) || segment === undefined) return;
  if (Array.isArray(node)) {
    for (const [position, member] of node.entries()) take(member, segments, `${at}${position}.`, into);
    return;
  }
  if (!Object.hasOwn(node, segment)) return;
  if (rest.length > 0) {
    take(node[segment], rest, `${at}${segment}.`, into);
    return;
  }
  into[at + segment] = node[segment] as Json;
  delete node[segment];
}

/** Puts volatile fields back where they were. What no longer fits into the body is left out. */
export function mergeVolatile(body: Json, volatile: Readonly<Record<string, unknown>> | null): Json {
  if (volatile === null || !isTree(body)) return body;
  const merged = structuredClone(body) as Tree;
  for (const [path, value] of Object.entries(volatile)) {
    const segments = path.split('.');
    const last = segments.pop();
    let node: unknown = merged;
    for (const segment of segments) node = isTree(node) && Object.hasOwn(node, segment) ? node[segment] : undefined;
    if (last === undefined || !isTree(node)) continue;
    Object.defineProperty(node, last, { value, writable: true, enumerable: true, configurable: true });
  }
  return merged as Json;
}
