import type { Hop, PermissionPattern } from '../../model/access.ts';
import { federatedTrusts, isGithubProvider, subjectBeginnings, trustsWorkflow } from '../policy/trust-policy.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { AwsPart, AwsPrincipal } from './aws-graph.ts';
import { type GithubPart, type Workflow, workflowLinks, workflowsOf } from './github-graph.ts';
import { type Holding, type Link, principalNode } from './graph.ts';
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
  const links: Link[] = [];
  const known = new Set<string>();
  const workflows = github.organisations.map((organisation) => ({
    organisation,
    byRepository: Map.groupBy(workflowsOf(organisation), ({ repository }) => `repo:${repository}:`),
    trusted: new Map<string, Workflow>(),
  }));
  for (const { role, principal, system, permissionSet } of aws.principals) {
    if (role === null) continue;
    for (const trust of federatedTrusts(role)) {
      // Identity Center lets people in by a provider of its own, and its assignments say whom.
      if (permissionSet !== null) continue;
      if (!isGithubProvider(trust.provider)) {
        if (trust.action === 'sts:AssumeRoleWithSAML') unseen.add(system, 'not-collected');
        continue;
      }
      const beginnings = subjectBeginnings(trust);
      for (const { byRepository, trusted } of workflows) {
        const could = [...byRepository].filter(([start]) => beginnings === null || beginnings.some((one) => agree(start, one)));
        for (const workflow of could.flatMap(([, all]) => all)) {
          const match = trustsWorkflow(trust, role, workflow);
          if (match === undefined || known.has(`${workflow.node} ${role.arn}`)) continue;
          known.add(`${workflow.node} ${role.arn}`);
          trusted.set(workflow.node, workflow);
          const says = `the trust policy of ${principal.name} in ${principal.account} lets ${workflow.name} in`;
          const hop: Hop = { kind: 'trust', id: role.arn, name: principal.name, says };
          links.push({ from: workflow.node, to: principalNode(role.arn), hops: [hop], notEvaluated: match.notEvaluated, bundle: 'assume' });
        }
      }
    }
  }
  for (const { organisation, trusted } of workflows) links.push(...workflowLinks(organisation, [...trusted.values()]));
  return links;
}

/** Whether one is the beginning of the other. */
const agree = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);
