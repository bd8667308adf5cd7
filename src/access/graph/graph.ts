import type { Hop } from '../../model/access.ts';

/**
 * Nodes are where somebody can get to: an account, an IAM principal, a repository in which a workflow runs. A link leads from one to the
 * next by hops, which is how it is told. Names of nodes are text, so that what changes between two readings changes nothing else.
 */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** None: both are the same thing (an IAM user's account and the principal). */
  readonly hops: readonly Hop[];
  readonly notEvaluated: readonly string[];
  /** Links of one bundle lead to many places by one grant: the shortest of each kind is told, not each. */
  readonly bundle: string | null;
}

/** A right held at a node itself. */
export interface Holding {
  /** Member: `aws:111122223333`. */
  readonly system: string;
  readonly permission: string;
  readonly on: string | null;
  readonly hops: readonly Hop[];
  readonly notEvaluated: readonly string[];
}

export const accountNode = (account: string) => `account ${account}`;
export const principalNode = (arn: string) => `principal ${arn}`;

export interface Graph {
  readonly out: ReadonlyMap<string, readonly Link[]>;
  readonly into: ReadonlyMap<string, readonly Link[]>;
}
export function toGraph(links: readonly Link[]): Graph {
  const out = new Map<string, Link[]>();
  const into = new Map<string, Link[]>();
  for (const link of links) {
    push(out, link.from, link);
    push(into, link.to, link);
  }
  return { out, into };
}
function push(map: Map<string, Link[]>, key: string, link: Link): void {
  const list = map.get(key);
  if (list) list.push(link);
  else map.set(key, [link]);
}

/** The best way from a node to a holding: the holding itself, or a link to a node that is nearer. */
export interface Way {
  readonly distance: number;
  readonly link: Link | null;
  readonly next: Way | null;
  readonly holding: Holding;
}

/** Every node from which a holding can be reached, with its shortest way. Cycles end: a node is reached once. */
export function shortestWays(graph: Graph, holdings: ReadonlyMap<string, readonly Holding[]>): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  let front: string[] = [];
  for (const [node, [first]] of holdings) {
    if (first === undefined) continue;
    ways.set(node, { distance: 0, link: null, next: null, holding: first });
    front.push(node);
  }
  for (let distance = 1; front.length > 0; distance += 1) {
    const found: string[] = [];
    // In the order of names, so that of two ways of one length it is always the same.
    for (const node of front.sort()) {
      const next = ways.get(node)!;
      for (const link of graph.into.get(node) ?? []) {
        if (ways.has(link.from)) continue;
        ways.set(link.from, { distance, link, next, holding: next.holding });
        found.push(link.from);
      }
    }
    front = found;
  }
  return ways;
}

export interface Told {
  readonly holding: Holding;
  readonly hops: readonly Hop[];
  readonly notEvaluated: readonly string[];
}

/**
 * The ways from one node: all that it holds itself, the shortest through each link that is a grant of its own, and of a bundle the shortest of
 * each kind of way.
 */
export function waysFrom(
  node: string,
  graph: Graph,
  holdings: ReadonlyMap<string, readonly Holding[]>,
  ways: ReadonlyMap<string, Way>,
): readonly Told[] {
  if (!ways.has(node)) return [];
  const told: Told[] = [];
  const bundles = new Map<string, Told>();
  const here = new Set<string>();
  (function from(at: string): void {
    if (here.has(at)) return;
    here.add(at);
    for (const holding of holdings.get(at) ?? []) told.push({ holding, hops: holding.hops, notEvaluated: holding.notEvaluated });
    for (const link of graph.out.get(at) ?? []) {
      if (link.hops.length === 0) {
        from(link.to);
        continue;
      }
      const next = ways.get(link.to);
      if (next === undefined || here.has(link.to)) continue;
      const one = follow(link, next, here);
      if (one === undefined) continue;
      if (link.bundle === null) {
        told.push(one);
        continue;
      }
      const kind = `${link.bundle} ${one.hops.map((hop) => hop.kind).join(' ')}`;
      const known = bundles.get(kind);
      if (known === undefined || one.hops.length < known.hops.length) bundles.set(kind, one);
    }
  })(node);
  return [...told, ...bundles.values()];
}

/** The way through a link; undefined when it comes back to where it began, since then it is another way's longer self. */
function follow(first: Link, next: Way, from: ReadonlySet<string>): Told | undefined {
  const hops = [...first.hops];
  const notEvaluated = new Set(first.notEvaluated);
  let way: Way = next;
  for (; way.link !== null && way.next !== null; way = way.next) {
    if (from.has(way.link.to)) return undefined;
    hops.push(...way.link.hops);
    for (const name of way.link.notEvaluated) notEvaluated.add(name);
  }
  hops.push(...way.holding.hops);
  for (const name of way.holding.notEvaluated) notEvaluated.add(name);
  return { holding: way.holding, hops, notEvaluated: [...notEvaluated].sort() };
}
