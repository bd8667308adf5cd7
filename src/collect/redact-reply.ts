import type { ItemRule } from '../model/collector.ts';
import type { Json, JsonObject } from '../model/json.ts';

export interface Redacted {
  readonly body: Json;
  /** Dotted paths of the fields that were there and are not kept; array positions are left out. Sorted, each once. */
  readonly withheld: readonly string[];
}

interface Allowed {
  /** Kept whole from here on. */
  whole: boolean;
  readonly fields: Map<string, Allowed>;
}
const compiled = new WeakMap<ItemRule, Allowed>();

function allowedBy(rule: ItemRule): Allowed {
  const known = compiled.get(rule);
  if (known) return known;
  const root: Allowed = { whole: rule.keep.length === 1 && rule.keep[0] === '*', fields: new Map() };
  for (const path of rule.keep) {
    let node = root;
    for (const segment of path.split('.')) {
      const next = node.fields.get(segment) ?? { whole: false, fields: new Map<string, Allowed>() };
      node.fields.set(segment, next);
      node = next;
    }
    node.whole = true;
  }
  compiled.set(rule, root);
  return root;
}

/** Keeps of an item what its rule names, and says what was there beside it. Lists on the way are entered at every position. */
export function redactReply(body: Json, rule: ItemRule): Redacted {
  const allowed = allowedBy(rule);
  if (allowed.whole || body === null) return { body, withheld: [] };
  const withheld = new Set<string>();
  return { body: keepIn(body, allowed, '', withheld), withheld: [...withheld].sort() };
}

function keepIn(value: Json, allowed: Allowed, path: string, withheld: Set<string>): Json {
  if (allowed.whole) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((member) => keepIn(member, allowed, path, withheld));
  if (typeof value !== 'object' || value === null) {
    // A path leads into this field, but it is not what the rule's author knew: null says nothing, anything else may be anything.
    if (value === null) return null;
    withheld.add(path === '' ? '*' : path);
    return { $redacted: 'not-allowed' };
  }
  const kept: [string, Json][] = [];
  for (const [key, member] of Object.entries(value as JsonObject)) {
    const at = path === '' ? key : `${path}.${key}`;
    const rest = allowed.fields.get(key);
    if (rest === undefined) withheld.add(at);
    else kept.push([key, keepIn(member, rest, at, withheld)]);
  }
  return Object.fromEntries(kept);
}
