import { hash } from 'node:crypto';
import type { Entitlement, Hop } from '../../model/access.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { neverEvaluated } from '../policy/effective-rights.ts';
import type { Names, PolicyDocument } from '../policy/policy-document.ts';
import { type GraphAccount, readAccounts } from './accounts.ts';
import { type AwsPrincipal, awsHoldings } from './aws-graph.ts';
import { accountNode, type Link, principalNode } from './graph.ts';
import { type Parts, readParts } from './read-parts.ts';

/** By each of these somebody can change what others may do, or what is recorded of it. */
const privilegedActions = [
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:CreatePolicyVersion',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateAssumeRolePolicy',
  'cloudtrail:StopLogging',
  'cloudtrail:DeleteTrail',
  'cloudtrail:UpdateTrail',
  'cloudtrail:PutEventSelectors',
];
const privilegedPattern = { system: 'aws' as const, actions: privilegedActions };

type Draft = Omit<Entitlement, 'id' | 'account'>;

/**
 * The grants that accounts hold, one by one, as a reviewer can keep or revoke them: memberships, attached policies, assignments, roles. What a
 * grant leads to is said with it. By account and id.
 */
export function listEntitlements(input: DerivedInput): readonly Entitlement[] {
  const parts = readParts(input, readAccounts(input));
  const look = lookAt(parts);
  const { graph, github, idp, application } = parts;
  const isSame = last?.graph === graph && last.github === github && last.idp === idp && last.application === application;
  const listed = isSame ? last!.listed : new WeakMap<GraphAccount, Listed>();
  last = { graph, github, idp, application, listed };
  return parts.sorted.flatMap((account) => {
    const before = listed.get(account);
    if (before?.principals.every((one) => look.principals.get(principalNode(one.principal.arn)) === one)) return before.entitlements;
    look.used.clear();
    const entitlements = entitlementsOf(account, parts, look);
    listed.set(account, { principals: [...look.used], entitlements });
    return entitlements;
  });
}

/** What was listed for an account, and the IAM principals that it depends on. */
interface Listed {
  readonly principals: readonly AwsPrincipal[];
  readonly entitlements: readonly Entitlement[];
}
let last: (Pick<Parts, 'graph' | 'github' | 'idp' | 'application'> & { readonly listed: WeakMap<GraphAccount, Listed> }) | undefined;

function entitlementsOf(account: GraphAccount, parts: Parts, look: Look): readonly Entitlement[] {
  const found = new Map(draftsOf(account, parts, look).map((draft) => [idOf(account, draft), draft]));
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, draft]): Entitlement => ({ id, account: account.id, ...draft, path: [firstHop(account), ...draft.path] }));
}

const firstHop = ({ id, system, login }: GraphAccount): Hop => ({
  kind: 'account',
  id,
  name: login,
  says: `signs in to ${system} as ${login}`,
});
/** Of what does not change when something is called otherwise. */
function idOf({ id }: GraphAccount, { permission, on, path }: Draft): string {
  return hash('sha256', JSON.stringify([id, permission, on, ...path.map((hop) => [hop.kind, hop.id])]), 'hex').slice(0, 32);
}

type Look = ReturnType<typeof lookAt>;
function lookAt({ aws, github, idp, application }: Parts) {
  const readAccounts = new Set(aws.principals.map(({ principal }) => principal.account));
  const principals = new Map(aws.principals.map((one) => [principalNode(one.principal.arn), one]));
  const used = new Set<AwsPrincipal>();
  return {
    readAccounts,
    principals,
    /** Those that were asked for since it was last emptied. */
    used,
    principalAt(node: string): AwsPrincipal | undefined {
      const found = principals.get(node);
      if (found !== undefined) used.add(found);
      return found;
    },
    repositories: new Map(github.organisations.flatMap(({ grants }) => [...Map.groupBy(grants, ({ node }) => node)])),
    bypasses: Map.groupBy(github.organisations.flatMap(bypassesOf), ({ node }) => node),
    assigned: Map.groupBy(idp.assignments, ({ member, fields }) => idp.nodeOf(member, fields)),
    administering: Map.groupBy(idp.administrators, ({ member, fields }) => idp.nodeOf(member, fields)),
    rolesOf: new Map(application.users.map((user) => [user.id, user])),
  };
}

/** Entries of bypass lists that name a user; teams and owners have them by what they are. */
function bypassesOf({ branches, nodeOfUser }: Parts['github']['organisations'][number]) {
  return branches
    .filter(({ archived }) => !archived)
    .flatMap((branch) =>
      branch.bypass.flatMap(({ actor, through }) => {
        const node = actor.startsWith('user ') ? nodeOfUser(actor.slice('user '.length)) : undefined;
        return node === undefined ? [] : [{ node, branch, through }];
      }),
    );
}

function draftsOf(account: GraphAccount, parts: Parts, look: Look): readonly Draft[] {
  const node = accountNode(account.id);
  const drafts: Draft[] = [];
  const assumed: Link[] = [];
  if (account.isRoot) drafts.push(rootDraft(account));
  for (const at of nodesOf(node, parts)) {
    const principal = look.principalAt(at);
    if (principal !== undefined) drafts.push(...policyDrafts(account, principal, look));
    drafts.push(...repositoryDrafts(account, at, look), ...identityDrafts(account, at, look));
    for (const link of parts.graph.out.get(at) ?? []) {
      if (link.hops.length === 0) continue;
      if (link.bundle === 'assume') assumed.push(link);
      else drafts.push(...linkDraft(account, link, look));
    }
  }
  if (assumed.length > 0) drafts.push(assumedDraft(account, assumed, parts, look));
  const user = look.rolesOf.get(account.id);
  for (const role of user?.fields.roles ?? []) {
    const table = user!.fields.table;
    drafts.push({
      system: account.system,
      permission: role,
      on: table,
      path: [{ kind: 'application', id: `${table} ${role}`, name: role, says: `has the role ${role} in ${table}` }],
      privileged: /admin|superuser|root/i.test(role),
      means: `${role} in ${table}`,
      notEvaluated: [],
    });
  }
  return drafts;
}

/** The account's node and those that are the same thing. */
function nodesOf(node: string, { graph }: Parts): readonly string[] {
  return [node, ...(graph.out.get(node) ?? []).filter(({ hops }) => hops.length === 0).map(({ to }) => to)];
}

function rootDraft({ system, login }: GraphAccount): Draft {
  const says = `is the root user of ${system}, whom no policy of the account limits`;
  return {
    system,
    permission: 'root user',
    on: null,
    path: [{ kind: 'administrator', id: system, name: login, says }],
    privileged: true,
    means: 'everything in the account, closing it included',
    notEvaluated: ['service control policies'],
  };
}

/** Attached policies, and memberships of groups with what their policies give. */
function policyDrafts({ system }: GraphAccount, one: AwsPrincipal, look: Look): Draft[] {
  const { principal } = one;
  const privileged = privilegedPolicies(one, look);
  const own = principal.policies.filter(({ group }) => group === null);
  const byGroup = Map.groupBy(
    principal.policies.filter(({ group }) => group !== null),
    ({ group }) => group!,
  );
  const bounded = principal.boundary === null ? [] : [`permissions boundary ${principal.boundary.name}`];
  return [
    ...own.map(
      (policy): Draft => ({
        system,
        permission: policy.name,
        on: null,
        path: [
          { kind: 'policy', id: policy.arn ?? `inline ${policy.name}`, name: policy.name, says: `is given the policy ${policy.name}` },
        ],
        privileged: privileged.has(policy.name),
        means: meaningOf(policy.document),
        notEvaluated: [...neverEvaluated, ...bounded].sort(),
      }),
    ),
    ...[...new Set([...one.groups, ...byGroup.keys()])].sort().map((group): Draft => {
      const policies = byGroup.get(group) ?? [];
      const means = policies.map(({ name, document }) => `${name}: ${meaningOf(document)}`).join('; ');
      return {
        system,
        permission: `group ${group}`,
        on: null,
        path: [{ kind: 'group', id: group, name: group, says: `is in the IAM group ${group}` }],
        privileged: policies.some(({ name }) => privileged.has(`${group}/${name}`)),
        means: means === '' ? 'no policy of its own' : means,
        notEvaluated: [...neverEvaluated, ...bounded].sort(),
      };
    }),
  ];
}
/** `name` or `group/name` of policies by which the principal can do something privileged; what was not read may be. */
function privilegedPolicies(one: AwsPrincipal, { readAccounts }: Look): ReadonlySet<string> {
  const names = awsHoldings(one, privilegedPattern, readAccounts).map(({ hops }) => hops.map(({ name }) => name).join('/'));
  const unread = one.principal.policies.filter(({ document }) => document === null);
  return new Set([...names, ...unread.map(({ group, name }) => (group === null ? name : `${group}/${name}`))]);
}

/** Roles an account can become, as one line: what gives it is another line. */
function assumedDraft({ system }: GraphAccount, links: readonly Link[], { graph }: Parts, look: Look): Draft {
  const reached = new Set(links.map(({ to }) => to));
  for (const node of reached) for (const link of graph.out.get(node) ?? []) if (link.bundle === 'assume') reached.add(link.to);
  const roles = [...reached].flatMap((node) => look.principalAt(node) ?? []);
  const names = roles.map(({ principal }) => `${principal.name} in ${principal.account}`).sort();
  const direct = links.map(({ hops }) => hops[0]!).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    system,
    permission: 'sts:AssumeRole',
    on: null,
    path: [
      { ...direct[0]!, id: 'roles', says: direct.length === 1 ? direct[0]!.says : `${direct[0]!.says}, and ${direct.length - 1} more` },
    ],
    privileged: roles.some((one) => awsHoldings(one, privilegedPattern, look.readAccounts).length > 0),
    means: `can become ${listed(names, 5)}${names.length > direct.length ? ', some by way of others' : ''}`,
    notEvaluated: [...new Set([...neverEvaluated, ...links.flatMap(({ notEvaluated }) => notEvaluated)])].sort(),
  };
}

/** Memberships of teams, groups and organisations, and assignments of permission sets. */
function linkDraft({ system }: GraphAccount, { hops, to, notEvaluated }: Link, look: Look): Draft[] {
  const last = hops.at(-1)!;
  if (last.kind === 'permission-set') {
    const role = look.principalAt(to);
    if (role === undefined) return [];
    const policies = role.principal.policies.map(({ name, document }) => `${name}: ${meaningOf(document)}`).join('; ');
    return [
      {
        system,
        permission: last.name,
        on: role.principal.account,
        path: [...hops],
        privileged: privilegedPolicies(role, look).size > 0,
        means: policies === '' ? 'no policy' : policies,
        notEvaluated: [...neverEvaluated],
      },
    ];
  }
  const path = [...hops];
  if (last.kind === 'team' || last.kind === 'organisation') {
    const grants = look.repositories.get(to) ?? [];
    const owner = to === `owners ${system}`;
    return [
      {
        system,
        permission: last.kind === 'team' ? `team ${last.name}` : owner ? 'owner' : 'member',
        on: null,
        path,
        privileged: owner || grants.some(({ level }) => level === 'admin'),
        means: owner ? 'everything in the organisation and all its repositories' : grantsMean(grants),
        notEvaluated: [...notEvaluated],
      },
    ];
  }
  if (last.kind === 'group') {
    const applications = (look.assigned.get(to) ?? []).map(({ fields }) => fields.application).sort();
    const roles = (look.administering.get(to) ?? []).map(({ fields }) => fields.role).sort();
    const means = [applications.length > 0 ? `uses ${listed(applications, 5)}` : '', roles.length > 0 ? `is ${roles.join(', ')}` : ''];
    return [
      {
        system,
        permission: `group ${last.name}`,
        on: null,
        path,
        privileged: roles.length > 0,
        means: means.filter((one) => one !== '').join('; ') || 'nothing that was read',
        notEvaluated: [...notEvaluated],
      },
    ];
  }
  // What else leads on (workflows, factors of others) comes of a grant that is told already.
  return [];
}

/** Repositories given to the account itself, and where it is let past their protection. */
function repositoryDrafts({ system }: GraphAccount, node: string, look: Look): Draft[] {
  const direct = (look.repositories.get(node) ?? []).map(
    ({ repository, level, says }): Draft => ({
      system,
      permission: level,
      on: repository,
      path: [
        { kind: 'repository', id: repository ?? system, name: repository ?? system, says: `${says} ${repository ?? 'every repository'}` },
      ],
      privileged: level === 'admin',
      means: `${level} on ${repository ?? 'every repository'}`,
      notEvaluated: [],
    }),
  );
  const bypasses = (look.bypasses.get(node) ?? []).map(({ branch, through }): Draft => {
    const over = `${branch.branch} of ${branch.repository}`;
    const id = `${branch.repository} ${branch.branch} ${through}`;
    return {
      system,
      permission: `bypass ${through}`,
      on: branch.repository,
      path: [{ kind: 'bypass', id, name: through, says: `${through} lets him past what ${over} requires` }],
      privileged: true,
      means: `may change ${over} without what it requires`,
      notEvaluated: [],
    };
  });
  return [...direct, ...bypasses];
}

/** Applications and administration that an identity provider gives to the account itself. */
function identityDrafts({ system }: GraphAccount, node: string, look: Look): Draft[] {
  return [
    ...(look.assigned.get(node) ?? []).map(
      ({ id, fields }): Draft => ({
        system,
        permission: 'use',
        on: fields.application,
        path: [{ kind: 'application', id, name: fields.application, says: `is assigned the application ${fields.application}` }],
        privileged: false,
        means: `uses ${fields.application}`,
        notEvaluated: [],
      }),
    ),
    ...(look.administering.get(node) ?? []).map(
      ({ id, fields }): Draft => ({
        system,
        permission: fields.role,
        on: null,
        path: [{ kind: 'administrator', id, name: fields.role, says: `is ${fields.role} of the identity provider` }],
        privileged: true,
        means: fields.unlimited
          ? 'everything at the identity provider, and so what any of its users can do'
          : fields.may.length === 0
            ? 'administers what does not decide on access'
            : fields.may.join(', '),
        notEvaluated: fields.unlimited ? [] : [`whom the role ${fields.role} is bound to`],
      }),
    ),
  ];
}

const listed = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

function grantsMean(grants: readonly { readonly repository: string | null; readonly level: string }[]): string {
  if (grants.length === 0) return 'no repository';
  return [...Map.groupBy(grants, ({ level }) => level)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([level, given]) => `${level} on ${listed([...new Set(given.map(({ repository }) => repository ?? 'every repository'))].sort(), 5)}`,
    )
    .join('; ');
}

/** What a policy allows, for somebody who does not read JSON. */
function meaningOf(document: PolicyDocument | null): string {
  if (document === null) return 'not known: its document was not read';
  const allowed = document.statements.filter(({ effect }) => effect === 'Allow');
  if (allowed.some(({ actions, resources }) => isAll(actions) && resources !== null && isAll(resources))) return 'everything on everything';
  const names = allowed.flatMap(({ actions }) => (actions.except ? [`everything but ${listed(actions.patterns, 3)}`] : actions.patterns));
  if (names.length === 0) return 'allows nothing';
  return `allows ${listed([...new Set(names)], 5)}`;
}
const isAll = ({ patterns, except }: Names) => !except && patterns.some((pattern) => /^\*+(?::\*+)?$/.test(pattern));
