import { z } from 'zod';
import type { Hop, PermissionPattern } from '../../model/access.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { GraphAccount } from './accounts.ts';
import { accountNode, type Holding, type Link } from './graph.ts';
import { readResources, type Unseen } from './read-resources.ts';

const levels = ['read', 'triage', 'write', 'maintain', 'admin'] as const;
const Level = z.enum(levels);
type Level = z.output<typeof Level>;
const rank = (level: Level | 'none') => levels.indexOf(level as Level);

const Repository = z.looseObject({ name: z.string(), archived: z.boolean() });
const Member = z.looseObject({ login: z.string(), role: z.enum(['admin', 'member']) });
const Outside = z.looseObject({ login: z.string(), grants: z.array(z.looseObject({ repository: z.string(), permission: Level })) });
const Team = z.looseObject({
  name: z.string(),
  slug: z.string(),
  members: z.array(z.looseObject({ login: z.string() })),
  grants: z.array(z.looseObject({ repository: z.string(), permission: Level })),
});
const Access = z.looseObject({
  repository: z.string(),
  account: z.string(),
  sources: z.array(
    z.looseObject({ kind: z.enum(['direct', 'team', 'organisation', 'owner']), team: z.string().nullable(), permission: Level }),
  ),
});
const Roster = z.looseObject({ repository: z.string(), members: z.array(z.looseObject({ permission: Level })) });
const Organisation = z.looseObject({ login: z.string(), basePermission: z.enum(['none', 'read', 'write', 'admin']) });
const Branch = z.looseObject({
  repository: z.string(),
  branch: z.string(),
  archived: z.boolean(),
  approvalRequired: z.boolean(),
  codeOwnerReviewRequired: z.boolean(),
  bypass: z.array(z.looseObject({ actor: z.string(), mode: z.string(), through: z.string() })),
  protectedBy: z.array(z.string()),
});
const Environment = z.looseObject({
  repository: z.string(),
  name: z.string(),
  archived: z.boolean(),
  reviewRequired: z.boolean(),
  reviewers: z.array(z.string()),
  administratorsMayBypass: z.boolean(),
});

export const githubTypes = [
  'github.branch',
  'github.environment',
  'github.member',
  'github.organisation',
  'github.outside-collaborator',
  'github.repository',
  'github.repository-access',
  'github.repository-roster',
  'github.team',
] as const;

/** What a node (an account, a team, everybody in the organisation) may do in repositories. */
interface Grant {
  readonly node: string;
  /** null: every repository there is. */
  readonly repository: string | null;
  readonly level: Level;
  /** `is given`, `its members have`: what the sentence of a hop begins with. */
  readonly says: string;
}
/** One organisation. */
interface Organisation {
  readonly system: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  /** Of repositories that are not archived. */
  readonly byRepository: ReadonlyMap<string, readonly Grant[]>;
  readonly repositories: readonly string[];
  readonly branches: readonly z.output<typeof Branch>[];
  readonly environments: readonly z.output<typeof Environment>[];
  /** Environments were seen whole, so that one that is not there is none. */
  readonly nodeOfUser: (login: string) => string | undefined;
  readonly nodeOfTeam: (name: string) => string | undefined;
}
export interface GithubPart {
  readonly organisations: readonly Organisation[];
  readonly links: readonly Link[];
}

const teamNode = (system: string, slug: string) => `team ${system} ${slug}`;
const membersNode = (system: string) => `members ${system}`;
const ownersNode = (system: string) => `owners ${system}`;

export function githubPart(input: DerivedInput, accounts: readonly GraphAccount[], unseen: Unseen): GithubPart {
  const of = <T extends { readonly member: string }>(found: readonly T[]) => Map.groupBy(found, ({ member }) => member);
  const repositories = of(readResources(input, 'github.repository', Repository, unseen));
  const members = of(readResources(input, 'github.member', Member, unseen));
  const outside = of(readResources(input, 'github.outside-collaborator', Outside, unseen));
  const teams = of(readResources(input, 'github.team', Team, unseen));
  const access = of(readResources(input, 'github.repository-access', Access, unseen));
  const rosters = of(readResources(input, 'github.repository-roster', Roster, unseen));
  const organisations = of(readResources(input, 'github.organisation', Organisation, unseen));
  const branches = of(readResources(input, 'github.branch', Branch, unseen));
  const environments = of(readResources(input, 'github.environment', Environment, unseen));
  const bySystem = Map.groupBy(accounts, ({ system }) => system);

  const links: Link[] = [];
  const parts = [...new Set([repositories, members, outside, teams, organisations].flatMap((map) => [...map.keys()]))]
    .sort()
    .map((system) => {
      const byLogin = new Map((bySystem.get(system) ?? []).map((one) => [one.login.toLowerCase(), accountNode(one.id)]));
      const byNodeId = new Map((bySystem.get(system) ?? []).map((one) => [one.id.split('/').at(-1) ?? '', accountNode(one.id)]));
      const name = organisations.get(system)?.[0]?.fields.login ?? system;
      const grants: Grant[] = [{ node: ownersNode(system), repository: null, level: 'admin', says: 'owners administer' }];
      const link = (from: string | undefined, to: string, hop: Hop) => {
        if (from !== undefined) links.push({ from, to, hops: [hop], notEvaluated: [], bundle: null });
      };
      const base = organisations.get(system)?.[0]?.fields.basePermission ?? 'none';
      if (base !== 'none')
        grants.push({ node: membersNode(system), repository: null, level: base, says: `every member of ${name} has ${base} on` });
      for (const { id, fields } of members.get(system) ?? []) {
        const node = byLogin.get(fields.login.toLowerCase()) ?? byNodeId.get(id.split('/').at(-1) ?? '');
        if (fields.role === 'admin')
          link(node, ownersNode(system), { kind: 'organisation', id: system, name, says: `owns the organisation ${name}` });
        link(node, membersNode(system), { kind: 'organisation', id: system, name, says: `is a member of ${name}` });
      }
      for (const { fields } of rosters.get(system) ?? []) {
        for (const { permission } of fields.members) {
          if (rank(permission) <= rank(base)) continue;
          grants.push({
            node: membersNode(system),
            repository: fields.repository,
            level: permission,
            says: `every member of ${name} has ${permission} on`,
          });
        }
      }
      const slugs = new Map<string, string>();
      const seenTeams = teams.get(system) ?? [];
      for (const { id, fields: team } of seenTeams) {
        const node = teamNode(system, team.slug);
        slugs.set(team.slug, node).set(team.name, node);
        const hop: Hop = { kind: 'team', id, name: team.slug, says: `is in the team ${team.name}` };
        for (const { login } of team.members) link(byLogin.get(login.toLowerCase()), node, hop);
        for (const { repository, permission } of team.grants)
          grants.push({ node, repository, level: permission, says: `the team ${team.slug} has ${permission} on` });
      }
      const seenDirect = new Set<string>();
      for (const { fields } of access.get(system) ?? []) {
        const node = byNodeId.get(fields.account);
        if (node === undefined) continue;
        for (const { kind, team, permission } of fields.sources) {
          // Teams and the organisation are told once, above, unless the teams themselves were not read.
          if (kind === 'team' && seenTeams.length === 0)
            grants.push({ node, repository: fields.repository, level: permission, says: `by the team ${team ?? ''} has ${permission} on` });
          if (kind !== 'direct') continue;
          seenDirect.add(`${node} ${fields.repository}`);
          grants.push({ node, repository: fields.repository, level: permission, says: `was given ${permission} on` });
        }
      }
      for (const { fields } of outside.get(system) ?? []) {
        const node = byLogin.get(fields.login.toLowerCase());
        if (node === undefined) continue;
        for (const { repository, permission } of fields.grants)
          if (!seenDirect.has(`${node} ${repository}`))
            grants.push({ node, repository, level: permission, says: `was given ${permission} on` });
      }
      const live = (repositories.get(system) ?? []).map(({ fields }) => fields);
      return {
        system,
        name,
        grants,
        byRepository: grantsByRepository(grants, live),
        repositories: live.filter(({ archived }) => !archived).map((one) => one.name),
        branches: (branches.get(system) ?? []).map(({ fields }) => fields),
        environments: (environments.get(system) ?? []).map(({ fields }) => fields),
        nodeOfUser: (login: string) => byLogin.get(login.toLowerCase()),
        nodeOfTeam: (team: string) => slugs.get(team),
      };
    });
  return { organisations: parts, links };
}

/** In an archived repository nobody can change anything, whatever he was given. */
function grantsByRepository(grants: readonly Grant[], repositories: readonly { name: string; archived: boolean }[]) {
  const archived = new Set(repositories.filter((one) => one.archived).map(({ name }) => name));
  const found = new Map<string, Grant[]>();
  for (const grant of grants) {
    if (grant.repository === null || archived.has(grant.repository)) continue;
    const list = found.get(grant.repository);
    if (list) list.push(grant);
    else found.set(grant.repository, [grant]);
  }
  return found;
}

/** Nodes that may do at least so much in a repository. */
export function nodesWith(organisation: Organisation, repository: string, least: Level): readonly Grant[] {
  const everywhere = organisation.grants.filter((grant) => grant.repository === null);
  return [...everywhere, ...(organisation.byRepository.get(repository) ?? [])].filter(({ level }) => rank(level) >= rank(least));
}

type GithubPattern = Extract<PermissionPattern, { system: 'github' }>;

/** What is held of a pattern in one organisation, by node. */
export function githubHoldings(organisation: Organisation, pattern: GithubPattern): ReadonlyMap<string, readonly Holding[]> {
  const found = new Map<string, Holding[]>();
  const add = (node: string | undefined, holding: Omit<Holding, 'system' | 'permission'>) => {
    if (node === undefined) return;
    const list = found.get(node) ?? [];
    found.set(node, list);
    list.push({ system: organisation.system, permission: pattern.permission, ...holding });
  };
  const asked = (repository: string) => pattern.repositories?.some((name) => matchesWildcard(name, repository)) ?? true;
  switch (pattern.permission) {
    case 'owner': {
      const hop: Hop = {
        kind: 'organisation',
        id: organisation.system,
        name: organisation.name,
        says: `may do everything in ${organisation.name}`,
      };
      add(ownersNode(organisation.system), { on: null, hops: [hop], notEvaluated: [] });
      break;
    }
    case 'read':
    case 'write':
    case 'maintain':
    case 'admin':
      addLevel(pattern.permission, `${pattern.permission} is enough`, () => []);
      break;
    case 'approve-change':
      addLevel('write', 'approves changes', () => []);
      break;
    case 'edit-workflow':
      addLevel('write', 'edits workflows', (repository) => limitsOf(organisation, repository));
      break;
    case 'lift-protection':
      addLevel('admin', 'changes and lifts the protection of branches', () => [], isLiftedByAdministrators);
      break;
    case 'bypass-protection':
      for (const branch of organisation.branches.filter((one) => !one.archived && asked(one.repository))) {
        for (const { actor, mode, through } of branch.bypass) {
          const hop: Hop = {
            kind: 'bypass',
            id: `${branch.repository} ${branch.branch} ${through}`,
            name: actor,
            says: `${through} lets ${actor} past what ${branch.branch} of ${branch.repository} requires${mode === 'pull-request' ? ', by merging a pull request' : ''}`,
          };
          for (const node of actorNodes(organisation, branch.repository, actor))
            add(node, { on: branch.repository, hops: [hop], notEvaluated: [] });
        }
      }
      break;
    case 'approve-deployment':
      for (const environment of organisation.environments.filter((one) => !one.archived && asked(one.repository))) {
        if (!(pattern.environments?.some((name) => matchesWildcard(name, environment.name)) ?? true)) continue;
        for (const { node, hop } of approvers(organisation, environment))
          add(node, { on: environment.repository, hops: [hop], notEvaluated: [] });
      }
      break;
  }
  return found;

  function addLevel(
    least: Level,
    what: string,
    limits: (repository: string) => readonly string[],
    counts: (organisation: Organisation, grant: Grant, repository: string) => boolean = () => true,
  ): void {
    for (const [node, all] of Map.groupBy(organisation.grants, (grant) => grant.node)) {
      for (const [says, grants] of Map.groupBy(all, (grant) => grant.says)) {
        const enough = grants.filter(({ level }) => rank(level) >= rank(least));
        const everywhere = enough.some(({ repository }) => repository === null);
        const named = (everywhere ? organisation.repositories : enough.flatMap(({ repository }) => repository ?? []))
          .filter((name) => asked(name) && (least === 'read' || everywhere || organisation.byRepository.has(name)))
          .filter((name) => counts(organisation, enough[0]!, name))
          .sort();
        if (named.length === 0) continue;
        const whole = everywhere && pattern.repositories === undefined;
        const over = whole ? `every repository of ${organisation.name}` : listed(named);
        const hop: Hop = {
          kind: 'repository',
          id: named.length === 1 ? named[0]! : organisation.system,
          name: named.length === 1 ? named[0]! : over,
          says: `${says} ${over}, which ${what}`,
        };
        const notEvaluated = [...new Set(named.slice(0, mostLimits).flatMap(limits))].sort();
        add(node, { on: named.length === 1 ? named[0]! : null, hops: [hop], notEvaluated });
      }
    }
  }
}
/** Names of what may limit a right over a thousand repositories are not all of use to a reader. */
const mostLimits = 50;
const listed = (names: readonly string[]) =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

/** Rules of the organisation hold in a repository whatever its administrators want. */
function isLiftedByAdministrators(organisation: Organisation, grant: Grant, repository: string): boolean {
  if (grant.node === ownersNode(organisation.system)) return true;
  const protections = organisation.branches.filter((one) => one.repository === repository).flatMap(({ protectedBy }) => protectedBy);
  return protections.length === 0 || protections.some((name) => !/\((?:organisation|enterprise)\)$/.test(name));
}
/** What stands between who can push to a repository and what its workflows do on a protected branch. */
export function limitsOf(organisation: Organisation, repository: string): readonly string[] {
  const branches = organisation.branches.filter((one) => one.repository === repository);
  if (branches.length === 0) return ['branch protection'];
  return [
    ...(branches.some(({ codeOwnerReviewRequired }) => codeOwnerReviewRequired) ? ['review by code owners of workflow files'] : []),
    ...(branches.some(({ approvalRequired }) => approvalRequired) ? ["another person's approval on protected branches"] : []),
  ];
}

/** `user ann`, `team security`, `organisation owners`, `repository administrators`, `role maintain`; apps and deploy keys are no accounts. */
function actorNodes(organisation: Organisation, repository: string, actor: string): readonly string[] {
  const [kind = '', name = ''] = [actor.slice(0, actor.indexOf(' ')), actor.slice(actor.indexOf(' ') + 1)];
  if (actor === 'organisation owners') return [ownersNode(organisation.system)];
  if (actor === 'repository administrators') return nodesWith(organisation, repository, 'admin').map(({ node }) => node);
  if (kind === 'user') return [organisation.nodeOfUser(name)].filter((node) => node !== undefined);
  if (kind === 'team') return [organisation.nodeOfTeam(name)].filter((node) => node !== undefined);
  // A role of the organisation's own can at least write: whoever can might hold it.
  if (kind === 'role') return nodesWith(organisation, repository, Level.safeParse(name).data ?? 'write').map(({ node }) => node);
  return [];
}

function approvers(organisation: Organisation, environment: z.output<typeof Environment>): readonly { node: string; hop: Hop }[] {
  const { repository, name } = environment;
  const id = `${repository} ${name}`;
  const reviewing = environment.reviewers.flatMap((reviewer) =>
    actorNodes(organisation, repository, reviewer).map((node) => ({
      node,
      hop: { kind: 'repository' as const, id, name: id, says: `${reviewer} approves deployments of ${repository} to ${name}` },
    })),
  );
  if (!environment.reviewRequired || !environment.administratorsMayBypass) return reviewing;
  return [
    ...reviewing,
    ...nodesWith(organisation, repository, 'admin').map(({ node }) => ({
      node,
      hop: { kind: 'bypass' as const, id, name: id, says: `administrators of ${repository} deploy to ${name} without its review` },
    })),
  ];
}

const workflowNode = (system: string, repository: string) => `workflow ${system} ${repository}`;
const deploymentNode = (system: string, repository: string, environment: string) => `deployment ${system} ${repository} ${environment}`;

/** What a role may trust in an organisation: a workflow on branches and tags, or one that runs in an environment. */
export interface Workflow {
  readonly node: string;
  readonly repository: string;
  /** Pattern of the subjects its tokens have. */
  readonly subject: string;
  readonly name: string;
}
export function workflowsOf(organisation: Organisation): readonly Workflow[] {
  const { system } = organisation;
  return organisation.repositories.flatMap((repository): Workflow[] => [
    ...['ref:refs/heads/*', 'ref:refs/tags/*', 'pull_request'].map((rest) => ({
      node: workflowNode(system, repository),
      repository,
      subject: `repo:${repository}:${rest}`,
      name: `workflows of ${repository}`,
    })),
    ...environmentsOf(organisation, repository).map(({ name }) => ({
      node: deploymentNode(system, repository, name),
      repository,
      subject: `repo:${repository}:environment:${name}`,
      name: `deployments of ${repository} to ${name}`,
    })),
  ]);
}
const environmentsOf = ({ environments }: Organisation, repository: string) => environments.filter((one) => one.repository === repository);

/** Who can make a workflow that a role trusts run what he wants. Only of those that are trusted: most are not. */
export function workflowLinks(organisation: Organisation, trusted: readonly Workflow[]): Link[] {
  const once = new Map(trusted.map((workflow) => [workflow.node, workflow]));
  return [...once.values()].flatMap((workflow): Link[] => {
    const { repository, node: to } = workflow;
    const limits = limitsOf(organisation, repository);
    const environment = environmentsOf(organisation, repository).find(
      ({ name }) => to === deploymentNode(organisation.system, repository, name),
    );
    const hop = (says: string): Hop => ({ kind: 'workflow', id: workflow.subject, name: workflow.name, says });
    const writers = nodesWith(organisation, repository, 'write').map(
      ({ node }): Link => ({
        from: node,
        to,
        hops: [hop(`can write to ${repository}, and so edit and start ${workflow.name}`)],
        notEvaluated: limits,
        bundle: null,
      }),
    );
    if (environment === undefined || !environment.reviewRequired) return writers;
    return approvers(organisation, environment).map(
      ({ node, hop: approval }): Link => ({ from: node, to, hops: [approval], notEvaluated: ['who starts the deployment'], bundle: null }),
    );
  });
}
