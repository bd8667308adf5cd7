import type { Hop, PermissionPattern, Reached } from '../../model/access.ts';
import { type GapReason, gapReasons } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { GraphAccount } from './accounts.ts';
import { applicationHoldings, applicationTypes } from './application-graph.ts';
import { awsHoldings, awsTypes } from './aws-graph.ts';
import { githubHoldings, githubTypes } from './github-graph.ts';
import { accountNode, type Graph, type Holding, principalNode, shortestWays, type Told, type Way, waysFrom } from './graph.ts';
import { idpHoldings, idpTypes } from './idp-graph.ts';
import { kept } from './kept.ts';
import { prooflineHoldings } from './proofline-graph.ts';
import { isSame, isSameHop, readParts } from './read-parts.ts';
import type { Unseen } from './read-resources.ts';
import { assumedHoldings } from './role-holdings.ts';

/** What a collector asks for to have the graph made; `entity.account` comes beside them. */
export const graphTypes: readonly string[] = [...awsTypes, ...githubTypes, ...idpTypes, ...applicationTypes].sort();

export interface AccessGraph {
  /** Every way in which an account reaches what the pattern looks for; none: it does not, as far as was seen (`unseen`). */
  reach(account: string, pattern: PermissionPattern): readonly Reached[];
  /** All accounts that reach it, by id. Map and lists are the same objects as at an earlier reading while they say the same. */
  reaching(pattern: PermissionPattern): ReadonlyMap<string, readonly Reached[]>;
  /** Why there may be more in a system than was seen; none: all of it was. */
  unknown(system: string): readonly GapReason[];
  /** The same for all systems a pattern is about. `reason` null: nothing that is configured reads it. */
  unseen(pattern: PermissionPattern): readonly { readonly what: string; readonly reason: GapReason | null }[];
}

/**
 * Who can do what, over all sources at once. Pure; what was worked out of one policy, principal or pattern is kept while the process lives, so
 * that after a change only what it touches is worked out again.
 */
export function accessGraph(input: DerivedInput, accounts: readonly GraphAccount[]): AccessGraph {
  const { sorted, aws, github, idp, application, graph, unseen } = readParts(input, accounts);
  const environments = environmentsOf(input);
  const readAccounts = new Set(aws.principals.map(({ principal }) => principal.account));

  const patterns = new Map<string, PatternReach>();
  const byIdentity = new WeakMap<PermissionPattern, PatternReach>();
  function reachOf(pattern: PermissionPattern): PatternReach {
    return kept(byIdentity, pattern, () => {
      const key = JSON.stringify(pattern);
      return kept(patterns, key, () => patternReach(key, graph, holdingsOf(pattern)));
    });
  }
  function holdingsOf(pattern: PermissionPattern): Holdings {
    switch (pattern.system) {
      case 'aws': {
        const inside = accountsIn(pattern.environments, environments);
        const principals = aws.principals.filter(({ principal }) => inside?.has(principal.account) ?? true);
        return merge([
          ...principals.flatMap((one): [string, readonly Holding[]][] => {
            const holdings = awsHoldings(one, pattern, readAccounts);
            return holdings.length === 0 ? [] : [[principalNode(one.principal.arn), holdings]];
          }),
          ...assumedHoldings(principals, pattern),
          ...sorted
            .filter(({ isRoot, system }) => isRoot && (inside?.has(system.slice('aws:'.length)) ?? true))
            .map((root): [string, readonly Holding[]] => [accountNode(root.id), rootHoldings(root, pattern.actions)]),
        ]);
      }
      case 'github':
        return heldIn(github, pattern, () =>
          merge(github.organisations.flatMap((organisation) => [...githubHoldings(organisation, pattern)])),
        );
      case 'idp':
        return heldIn(idp, pattern, () => idpHoldings(idp, pattern));
      case 'application':
        return heldIn(application, pattern, () => applicationHoldings(application, pattern));
      case 'proofline':
        return prooflineHoldings(input, sorted, pattern);
    }
  }
  const nodes = kept(nodesOf, sorted, () => sorted.map((account) => ({ account, node: accountNode(account.id) })));
  const byId = kept(nodesById, nodes, () => new Map(nodes.map((one) => [one.account.id, one])));
  const reach = (account: string, pattern: PermissionPattern): readonly Reached[] => {
    const known = byId.get(account);
    return known === undefined ? none : reachedFrom(known.account, known.node, reachOf(pattern), graph);
  };
  const reaching = (pattern: PermissionPattern): ReadonlyMap<string, readonly Reached[]> => {
    const found = reachOf(pattern);
    if (found.everybody?.nodes === nodes) return found.everybody.reaching;
    const all = new Map<string, readonly Reached[]>();
    for (const { account, node } of nodes) {
      const reached = reachedFrom(account, node, found, graph);
      if (reached.length > 0) all.set(account.id, reached);
    }
    found.everybody = { nodes, reaching: all };
    return all;
  };

  return {
    reach,
    reaching,
    unknown: (system) => unseen.of(system),
    unseen: (pattern) =>
      unseenOf(pattern, input, unseen, accountsIn(pattern.system === 'aws' ? pattern.environments : undefined, environments)),
  };
}

interface AccountNode {
  readonly account: GraphAccount;
  readonly node: string;
}
const nodesOf = new WeakMap<readonly GraphAccount[], readonly AccountNode[]>();
const nodesById = new WeakMap<readonly AccountNode[], ReadonlyMap<string, AccountNode>>();

type Holdings = ReadonlyMap<string, readonly Holding[]>;
const none: readonly Reached[] = [];

/** Once for as long as nothing of these sources has changed: then it is the same part. */
function heldIn(part: object, pattern: PermissionPattern, make: () => Holdings): Holdings {
  return kept(
    kept(heldByPart, part, () => new Map<string, Holdings>()),
    JSON.stringify(pattern),
    make,
  );
}
const heldByPart = new WeakMap<object, Map<string, Holdings>>();

function merge(entries: Iterable<[string, readonly Holding[]]>): Holdings {
  const merged = new Map<string, readonly Holding[]>();
  for (const [node, holdings] of entries) {
    if (holdings.length === 0) continue;
    const known = merged.get(node);
    merged.set(node, known === undefined ? holdings : [...known, ...holdings]);
  }
  return merged;
}

function rootHoldings({ system, login }: GraphAccount, actions: readonly string[]): readonly Holding[] {
  const hop: Hop = {
    kind: 'administrator',
    id: system,
    name: login,
    says: `is the root user of ${system}, whom no policy of the account limits`,
  };
  return actions.map((permission) => ({ system, permission, on: null, hops: [hop], notEvaluated: ['service control policies'] }));
}

const isSameHolding = (one: Holding, other: Holding) =>
  one === other ||
  (one.system === other.system &&
    one.permission === other.permission &&
    one.on === other.on &&
    isSame(one.hops, other.hops, isSameHop) &&
    isSame(one.notEvaluated, other.notEvaluated, Object.is));

/** A pattern with everything that reaches it. */
interface PatternReach {
  readonly holdings: Holdings;
  readonly ways: ReadonlyMap<string, Way>;
  /** What is told of an account names it: one that is called something else is another object. */
  readonly byAccount: WeakMap<GraphAccount, readonly Reached[]>;
  /** All that reach it, of the accounts that were asked about last. */
  everybody?: { readonly nodes: readonly AccountNode[]; readonly reaching: ReadonlyMap<string, readonly Reached[]> };
}
const reaches = new WeakMap<Graph, Map<string, PatternReach>>();
/** As it was, where the graph and all that is held are the same. */
function patternReach(key: string, graph: Graph, holdings: Holdings): PatternReach {
  const known = kept(reaches, graph, () => new Map<string, PatternReach>());
  const before = known.get(key);
  if (before !== undefined && isSameHoldings(before.holdings, holdings)) return before;
  const found: PatternReach = { holdings, ways: shortestWays(graph, holdings), byAccount: new WeakMap() };
  known.set(key, found);
  return found;
}
function isSameHoldings(one: Holdings, other: Holdings): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const [node, holdings] of one) {
    const others = other.get(node);
    if (others === undefined || (others !== holdings && !isSame(holdings, others, isSameHolding))) return false;
  }
  return true;
}

function reachedFrom(account: GraphAccount, node: string, reach: PatternReach, graph: Graph): readonly Reached[] {
  if (!reach.ways.has(node)) return none;
  return kept(reach.byAccount, account, () => toReached(account, waysFrom(node, graph, reach.holdings, reach.ways)));
}
function toReached(account: GraphAccount, told: readonly Told[]): readonly Reached[] {
  const first: Hop = { kind: 'account', id: account.id, name: account.login, says: `signs in to ${account.system} as ${account.login}` };
  return told
    .map(
      ({ holding, hops, notEvaluated }): Reached => ({
        account: account.id,
        system: holding.system,
        permission: holding.permission,
        on: holding.on,
        path: [first, ...hops],
        notEvaluated,
      }),
    )
    .sort((a, b) => a.path.length - b.path.length || compare(tellingOf(a), tellingOf(b)));
}
const tellingOf = ({ system, permission, on, path }: Reached) => [system, permission, on ?? '', ...path.map(({ id }) => id)].join('\n');
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Accounts of each environment of the scope file; written with or without `aws:`. */
function environmentsOf({ settings }: DerivedInput): ReadonlyMap<string, readonly string[]> {
  const declared = Array.isArray(settings['environments']) ? settings['environments'] : [];
  return new Map(
    declared.flatMap((one) => {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) return [];
      const { name, accounts } = one;
      if (typeof name !== 'string' || !Array.isArray(accounts)) return [];
      return [[name, accounts.map((account) => String(account).replace(/^aws:/, ''))] as const];
    }),
  );
}
/** null: every account. An environment that nobody declared has no accounts to tell apart, so that all count. */
function accountsIn(
  names: readonly string[] | undefined,
  environments: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> | null {
  if (names === undefined) return null;
  const declared = [...environments].filter(([name]) => names.some((wanted) => matchesWildcard(wanted, name)));
  return declared.length === 0 ? null : new Set(declared.flatMap(([, accounts]) => accounts));
}

const kindsOf: Readonly<Record<'aws' | 'github' | 'idp', readonly string[]>> = { aws: awsTypes, github: githubTypes, idp: idpTypes };
function unseenOf(
  pattern: PermissionPattern,
  input: DerivedInput,
  unseen: Unseen,
  inside: ReadonlySet<string> | null,
): readonly { readonly what: string; readonly reason: GapReason | null }[] {
  if (pattern.system === 'proofline') return [];
  const types = pattern.system === 'application' ? applicationTypes : kindsOf[pattern.system];
  const members = new Set(
    [...input.seen, ...input.missing].filter(({ type }) => (types as readonly string[]).includes(type)).map(({ member }) => member),
  );
  if (pattern.system === 'application') {
    const member = `tabular:${pattern.table}`;
    const reads = members.has(member) || [...members].some((one) => pattern.table.startsWith(`${one.replace(/^tabular:/, '')}.`));
    return reads
      ? reasonsOf(
          [member, ...members].filter((one) => pattern.table.startsWith(one.replace(/^tabular:/, ''))),
          unseen,
        )
      : [{ what: `table ${pattern.table}`, reason: null }];
  }
  if (members.size === 0) return [{ what: pattern.system === 'idp' ? 'an identity provider' : pattern.system, reason: null }];
  const asked = [...members].filter((member) => inside?.has(member.replace(/^aws:/, '')) ?? true);
  const absent = [...(inside ?? [])]
    .filter((account) => !members.has(`aws:${account}`))
    .map((account) => ({ what: `aws:${account}`, reason: null }));
  return [...absent, ...reasonsOf(asked, unseen)];
}
function reasonsOf(members: readonly string[], unseen: Unseen): { what: string; reason: GapReason }[] {
  return [...new Set(members)].sort().flatMap((what) => {
    const [reason] = gapReasons.filter((one) => unseen.of(what).includes(one));
    return reason === undefined ? [] : [{ what, reason }];
  });
}
