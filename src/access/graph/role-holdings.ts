import type { Hop, PermissionPattern } from '../../model/access.ts';
import { federatedTrusts, isGithubProvider, subjectBeginnings, trustsWorkflow } from '../policy/trust-policy.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { AwsPart, AwsPrincipal } from './aws-graph.ts';
import { type GithubPart, type Workflow, workflowLinks, workflowsOf } from './github-graph.ts';
import { type Holding, type Link, principalNode } from './graph.ts';
import { kept } from './kept.ts';
import type { Unseen } from './read-resources.ts';

type AwsPattern = Extract<PermissionPattern, { system: 'aws' }>;
const assuming = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];

/** Who has become a role has assumed it, by whatever way: of these actions the way is the right. */
export function assumedHoldings(principals: readonly AwsPrincipal[], pattern: AwsPattern): [string, readonly Holding[]][] {
  const action = pattern.actions.find((one) => assuming.some((known) => matchesWildcard(one.toLowerCase(), known.toLowerCase())));
  if (action === undefined) return [];
  return principals.flatMap(({ role, system, principal }): [string, readonly Holding[]][] => {
    if (role === null || !(pattern.on?.some((name) => matchesWildcard(name, role.arn)) ?? true)) return [];
    return [
      [principalNode(principal.arn), [{ system, permission: action, on: role.arn, hops: [], notEvaluated: ['service control policies'] }]],
    ];
  });
}

/** Roles that a workflow's token opens, and who can make such a workflow run. Of other providers nobody here knows whom they let in. */
export function federationLinks(aws: AwsPart, github: GithubPart, unseen: Unseen): Link[] {
  const links = new Map<string, Link>();
  const workflows = kept(workflowsOfPart, github, () => github.organisations.flatMap(byRepositoryOf));
  const opened = kept(openedBy, github, () => new WeakMap<AwsPrincipal, Opened>());
  const trusted = new Map<string, { readonly organisation: Organisation; readonly workflow: Workflow }>();
  for (const one of aws.principals) {
    if (one.role === null) continue;
    const { isUnknown, ways } = kept(opened, one, () => openedWith(one, workflows));
    if (isUnknown) unseen.add(one.system, 'not-collected');
    for (const { link, organisation, workflow } of ways) {
      const key = `${link.from} ${link.to}`;
      if (links.has(key)) continue;
      links.set(key, link);
      trusted.set(workflow.node, { organisation, workflow });
    }
  }
  const running = Map.groupBy(trusted.values(), ({ organisation }) => organisation);
  return [
    ...links.values(),
    ...github.organisations.flatMap((organisation) =>
      workflowLinks(
        organisation,
        (running.get(organisation) ?? []).map(({ workflow }) => workflow),
      ),
    ),
  ];
}

type Organisation = GithubPart['organisations'][number];
interface Repository {
  /** What the subjects of its workflows begin with. */
  readonly start: string;
  readonly organisation: Organisation;
  readonly workflows: readonly Workflow[];
}
function byRepositoryOf(organisation: Organisation): Repository[] {
  const byStart = Map.groupBy(workflowsOf(organisation), ({ repository }) => `repo:${repository}:`);
  return [...byStart].map(([start, workflows]) => ({ start, organisation, workflows }));
}
const workflowsOfPart = new WeakMap<GithubPart, readonly Repository[]>();

/** Which workflows open a role. */
interface Opened {
  /** It lets in whom a provider vouches for that nobody reads. */
  readonly isUnknown: boolean;
  readonly ways: readonly { readonly link: Link; readonly organisation: Organisation; readonly workflow: Workflow }[];
}
const openedBy = new WeakMap<GithubPart, WeakMap<AwsPrincipal, Opened>>();

function openedWith({ role, principal, permissionSet }: AwsPrincipal, repositories: readonly Repository[]): Opened {
  // Identity Center lets people in by a provider of its own, and its assignments say whom.
  if (role === null || permissionSet !== null) return { isUnknown: false, ways: [] };
  const trusts = federatedTrusts(role);
  const ways = trusts
    .filter(({ provider }) => isGithubProvider(provider))
    .flatMap((trust) => {
      const beginnings = subjectBeginnings(trust);
      const could = repositories.filter(({ start }) => beginnings === null || beginnings.some((one) => agree(start, one)));
      return could.flatMap(({ organisation, workflows }) =>
        workflows.flatMap((workflow) => {
          const match = trustsWorkflow(trust, role, workflow);
          if (match === undefined) return [];
          const says = `the trust policy of ${principal.name} in ${principal.account} lets ${workflow.name} in`;
          const hop: Hop = { kind: 'trust', id: role.arn, name: principal.name, says };
          const { notEvaluated } = match;
          const link: Link = { from: workflow.node, to: principalNode(role.arn), hops: [hop], notEvaluated, bundle: 'assume' };
          return [{ link, organisation, workflow }];
        }),
      );
    });
  const isUnknown = trusts.some(({ provider, action }) => !isGithubProvider(provider) && action === 'sts:AssumeRoleWithSAML');
  return { isUnknown, ways };
}

/** Whether one is the beginning of the other. */
const agree = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);
