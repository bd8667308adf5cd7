import type { Hop } from '../../model/access.ts';
import type { DerivedInput } from '../../model/derived.ts';
import type { GraphAccount } from './accounts.ts';
import { type ApplicationPart, applicationPart } from './application-graph.ts';
import { type AwsPart, awsPart } from './aws-graph.ts';
import { type GithubPart, githubPart } from './github-graph.ts';
import { type Graph, type Link, toGraph } from './graph.ts';
import { type IdpPart, idpPart } from './idp-graph.ts';
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

export function readParts(input: DerivedInput, accounts: readonly GraphAccount[]): Parts {
  const unseen = new Unseen();
  const sorted = [...accounts].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const aws = awsPart(input, sorted, unseen);
  const github = githubPart(input, sorted, unseen);
  const idp = idpPart(input, sorted, unseen);
  const application = applicationPart(input, unseen);
  const graph = graphOf([...aws.links, ...github.links, ...idp.links, ...federationLinks(aws, github, unseen)]);
  return { sorted, aws, github, idp, application, graph, unseen };
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
