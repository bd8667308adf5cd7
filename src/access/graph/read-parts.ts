import type { Hop } from '../../model/access.ts';
import type { DerivedInput, SeenType } from '../../model/derived.ts';
import type { GraphAccount } from './accounts.ts';
import { type ApplicationPart, applicationPart, applicationTypes } from './application-graph.ts';
import { type AwsPart, awsPart, awsTypes } from './aws-graph.ts';
import { type GithubPart, githubPart, githubTypes } from './github-graph.ts';
import { type Graph, type Link, toGraph } from './graph.ts';
import { type IdpPart, idpPart, idpTypes } from './idp-graph.ts';
import { Unseen } from './read-resources.ts';
import { federationLinks } from './role-holdings.ts';

/** All sources with the links between them. */
export interface Parts {
  /** By id. */
  readonly sorted: readonly GraphAccount[];
  readonly aws: AwsPart;
  readonly github: GithubPart;
  readonly idp: IdpPart;
  readonly application: ApplicationPart;
  readonly graph: Graph;
  readonly unseen: Unseen;
}

const types: readonly string[] = [...awsTypes, ...githubTypes, ...idpTypes, ...applicationTypes];

/** Two datasets of one run ask the same. */
export function readParts(input: DerivedInput, accounts: readonly GraphAccount[]): Parts {
  const seen = input.seen.filter(({ type }) => types.includes(type));
  const missing = input.missing.filter(({ type }) => types.includes(type));
  const sorted = sameAccounts(accounts);
  const isAsBefore =
    lastParts?.parts.sorted === sorted && isSameJson(lastParts.missing, missing) && isSame(lastParts.seen, seen, isHandedOverAgain);
  if (lastParts === undefined || !isAsBefore) lastParts = { seen, missing, parts: makeParts(input, sorted) };
  return lastParts.parts;
}
let lastParts: { readonly seen: readonly SeenType[]; readonly missing: DerivedInput['missing']; readonly parts: Parts } | undefined;
const isHandedOverAgain = (one: SeenType, other: SeenType) =>
  one.resources === other.resources && one.type === other.type && one.member === other.member && one.incomplete === other.incomplete;

function makeParts(input: DerivedInput, sorted: readonly GraphAccount[]): Parts {
  const unseen = new Unseen();
  const aws = awsPart(input, sorted, unseen);
  const github = keptPart(keptGithub, githubTypes, input, sorted, unseen, githubPart);
  const idp = keptPart(keptIdp, [...idpTypes, 'aws.identity-center.user'], input, sorted, unseen, idpPart);
  const application = keptPart(keptApplication, applicationTypes, input, sorted, unseen, (read, _, gaps) => applicationPart(read, gaps));
  const graph = graphOf([...aws.links, ...github.links, ...idp.links, ...federationLinks(aws, github, unseen)]);
  return { sorted, aws, github, idp, application, graph, unseen };
}

/** What was made of the last reading of some types; it is the same object while they say the same. */
interface Kept<T> {
  last?: {
    readonly seen: readonly SeenType[];
    readonly missing: DerivedInput['missing'];
    readonly accounts: readonly GraphAccount[];
    readonly part: T;
    readonly unseen: Unseen;
  };
}
const keptGithub: Kept<GithubPart> = {};
const keptIdp: Kept<IdpPart> = {};
const keptApplication: Kept<ApplicationPart> = {};

function keptPart<T>(
  slot: Kept<T>,
  types: readonly string[],
  input: DerivedInput,
  accounts: readonly GraphAccount[],
  unseen: Unseen,
  make: (input: DerivedInput, accounts: readonly GraphAccount[], unseen: Unseen) => T,
): T {
  const seen = input.seen.filter(({ type }) => types.includes(type));
  const missing = input.missing.filter(({ type }) => types.includes(type));
  const { last } = slot;
  if (last === undefined || last.accounts !== accounts || !isSameJson(last.missing, missing) || !isSame(last.seen, seen, saysSame)) {
    const own = new Unseen();
    slot.last = { seen, missing, accounts, part: make(input, accounts, own), unseen: own };
  }
  unseen.addAll(slot.last!.unseen);
  return slot.last!.part;
}
const saysSame = (one: SeenType, other: SeenType) =>
  one === other ||
  (one.type === other.type &&
    one.member === other.member &&
    one.incomplete === other.incomplete &&
    (one.resources === other.resources || isSame(one.resources, other.resources, isSameJson)));

/** By id. An account of which the same is said is the same object as at the last reading, and so is the list of them. */
function sameAccounts(accounts: readonly GraphAccount[]): readonly GraphAccount[] {
  if (accounts === lastAccounts.given) return lastAccounts.sorted;
  const before = new Map(lastAccounts.sorted.map((account) => [account.id, account]));
  const sorted = accounts
    .map((account) => {
      const known = before.get(account.id);
      return known !== undefined && isSameJson(known, account) ? known : account;
    })
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  lastAccounts = { given: accounts, sorted: isSame(lastAccounts.sorted, sorted, Object.is) ? lastAccounts.sorted : sorted };
  return lastAccounts.sorted;
}
let lastAccounts: { readonly given: readonly GraphAccount[]; readonly sorted: readonly GraphAccount[] } = { given: [], sorted: [] };

/** Of what came out of JSON, properties in whatever order. */
function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) return Array.isArray(other) && isSame(one, other, isSameJson);
  const [mine, theirs] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = Object.keys(mine);
  return (
    names.length === Object.keys(theirs).length &&
    names.every((name) => Object.hasOwn(theirs, name) && isSameJson(mine[name], theirs[name]))
  );
}

/** The graph as it was at the last reading where all of it is the same, and with it everything that was found in it. */
let last: { readonly links: readonly Link[]; readonly graph: Graph } | undefined;
function graphOf(links: readonly Link[]): Graph {
  if (last !== undefined && isSame(last.links, links, isSameLink)) return last.graph;
  const graph = toGraph(links);
  last = { links, graph };
  return graph;
}
export function isSame<T>(one: readonly T[], other: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return one.length === other.length && one.every((item, index) => same(item, other[index]!));
}
function isSameLink(one: Link, other: Link): boolean {
  return (
    one === other ||
    (one.from === other.from &&
      one.to === other.to &&
      one.bundle === other.bundle &&
      isSame(one.hops, other.hops, isSameHop) &&
      isSame(one.notEvaluated, other.notEvaluated, Object.is))
  );
}
export const isSameHop = (one: Hop, other: Hop): boolean =>
  one === other || (one.kind === other.kind && one.id === other.id && one.name === other.name && one.says === other.says);
