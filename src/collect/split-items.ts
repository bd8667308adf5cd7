import type { ItemRule, Reply } from '../model/collector.ts';
import type { Json, JsonObject } from '../model/json.ts';

export interface Part {
  readonly subject: string | null;
  readonly body: Json;
}
export interface Split {
  readonly parts: readonly Part[];
  /** Why not all of the reply could be split: a short code for the gap, undefined when it could. */
  readonly problem?: string;
}

/**
 * The parts of a reply that belong to one subject each. What does not look as the rule expects is a problem with a code, never an
 * exception: it is the source's doing, and what else the reply holds is kept.
 */
export function splitItems(reply: Reply, rule: ItemRule): Split {
  const { output } = reply;
  if (output === null) return { parts: [{ subject: reply.subject ?? null, body: null }] };
  if (rule.split) return splitBy(rule.split, output, reply);
  if (rule.list === undefined) return { parts: [{ subject: reply.subject ?? null, body: output }] };
  const list = valueAt(output, rule.list);
  if (list === undefined && rule.listMayBeAbsent === true) return { parts: [] };
  if (!Array.isArray(list)) return { parts: [], problem: list === undefined ? 'list-missing' : 'list-malformed' };
  const parts: Part[] = [];
  let problem: string | undefined;
  for (const element of list as readonly Json[]) {
    const subject = keyOf(element, rule.key, reply);
    if (subject === undefined) problem = 'key-missing';
    else parts.push({ subject, body: element });
  }
  return problem === undefined ? { parts } : { parts, problem };
}

function splitBy(split: NonNullable<ItemRule['split']>, output: JsonObject, reply: Reply): Split {
  try {
    const parts = split(output, reply);
    return parts.every((part) => typeof part.subject === 'string' && part.subject !== '')
      ? { parts }
      : { parts: [], problem: 'key-missing' };
  } catch (error) {
    return { parts: [], problem: `split-${error instanceof Error ? error.name : 'failed'}` };
  }
}

function keyOf(element: Json, key: ItemRule['key'], reply: Reply): string | undefined {
  if (typeof element === 'string' && typeof key !== 'function') return element === '' ? undefined : element;
  if (typeof element !== 'object' || element === null || Array.isArray(element) || key === undefined) return undefined;
  const object = element as JsonObject;
  const named = typeof key === 'function' ? attempt(() => key(object, reply)) : valueAt(object, key);
  if (typeof named === 'number') return String(named);
  return typeof named === 'string' && named !== '' ? named : undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The value at a dotted path of plain members; undefined when there is none. */
export function valueAt(value: Json, path: string): Json | undefined {
  let node: Json | undefined = value;
  for (const segment of path.split('.')) {
    if (typeof node !== 'object' || node === null || Array.isArray(node) || !Object.hasOwn(node, segment)) return undefined;
    node = (node as JsonObject)[segment];
  }
  return node;
}
