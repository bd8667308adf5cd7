import { z } from 'zod';
import type { Hop, PermissionPattern } from '../../model/access.ts';
import { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { effectiveRight, type Grant, type HeldPolicy, neverEvaluated, type Principal, type Right } from '../policy/effective-rights.ts';
import { readPolicyDocument } from '../policy/policy-document.ts';
import { type Assumption, mayAssume, type TrustedParties, type TrustedRole, trustedParties } from '../policy/trust-policy.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { GraphAccount } from './accounts.ts';
import { accountNode, type Holding, type Link, principalNode } from './graph.ts';
import { kept } from './kept.ts';
import { type Found, type KeptFields, readResources, Unseen } from './read-resources.ts';

const Document = z.union([z.looseObject({ unread: z.string() }), z.looseObject({ Statement: z.array(z.unknown()) })]);
const Grants = z.looseObject({
  kind: z.enum(['user', 'role', 'group']),
  principalId: z.string(),
  name: z.string(),
  arn: z.string(),
  accountId: z.string(),
  policies: z.array(z.looseObject({ name: z.string(), arn: z.string().nullable(), through: z.string(), document: Document })),
  boundary: z.looseObject({ arn: z.string(), document: Document }).nullable(),
  trust: Document.nullable(),
  tags: z.record(z.string(), z.string()).optional(),
  groups: z.array(z.string()).optional(),
  permissionSet: z.string().nullable().optional(),
});
type Grants = z.output<typeof Grants>;
const PermissionSet = z.looseObject({ arn: z.string(), name: z.string() });
const Assignment = z.looseObject({
  accountId: z.string(),
  permissionSet: z.string(),
  principalType: z.enum(['USER', 'GROUP']),
  principalId: z.string(),
});
const CenterUser = z.looseObject({ userId: z.string(), userName: z.string(), groups: z.array(z.string()) });
const CenterGroup = z.looseObject({ groupId: z.string(), name: z.string() });

export const awsTypes = [
  'aws.iam.grants',
  'aws.identity-center.assignment',
  'aws.identity-center.group',
  'aws.identity-center.permission-set',
  'aws.identity-center.user',
] as const;

/** An IAM user or role as it is evaluated. */
export interface AwsPrincipal {
  readonly id: string;
  readonly system: string;
  readonly principal: Principal;
  /** null: nobody becomes a user. */
  readonly role: TrustedRole | null;
  readonly permissionSet: string | null;
  readonly principalId: string;
  /** Names of a user's groups, those without policies too. */
  readonly groups: readonly string[];
  /** Why some of its documents are not known. */
  readonly gaps: readonly GapReason[];
  /** What was worked out of its documents, and holds while they are the same. */
  readonly known: {
    readonly rights: Map<string, Right>;
    readonly holdings: Map<string, readonly Holding[]>;
    readonly links: Map<TrustedRole, Link | null>;
    /** ARNs of roles that its policies let it assume; undefined: not asked yet. */
    assumable?: readonly string[];
    trusts?: TrustedParties;
  };
}
export interface AwsPart {
  readonly principals: readonly AwsPrincipal[];
  readonly links: readonly Link[];
}

export function awsPart(input: DerivedInput, accounts: readonly GraphAccount[], unseen: Unseen): AwsPart {
  const principals = readResources(input, 'aws.iam.grants', Grants, unseen, keptGrants).flatMap((found) => toPrincipal(found) ?? []);
  for (const { system, gaps } of principals) for (const gap of gaps) unseen.add(system, gap);
  return {
    principals,
    links: [...ownAccounts(principals, accounts), ...assumptions(principals), ...centerLinks(input, principals, accounts, unseen)],
  };
}

const keptGrants: KeptFields<Grants> = new Map();
/** The same object for the same fields, so that what was worked out of it can be kept with it. */
const compiled = new WeakMap<Grants, AwsPrincipal>();
function toPrincipal({ id, member, fields }: Found<Grants>): AwsPrincipal | undefined {
  if (fields.kind === 'group') return undefined;
  const known = compiled.get(fields);
  if (known) return known;
  const gaps = new Set<GapReason>();
  const held = (name: string, arn: string | null, through: string, sent: z.output<typeof Document>): HeldPolicy => {
    const document = documentOf(sent, arn);
    if (typeof document === 'string') gaps.add(document);
    return {
      name,
      arn,
      group: through.startsWith('group:') ? through.slice('group:'.length) : null,
      document: typeof document === 'string' ? null : document,
    };
  };
  const trust = fields.trust === null ? null : documentOf(fields.trust, null);
  if (typeof trust === 'string') gaps.add(trust);
  const boundary = fields.boundary;
  const made: AwsPrincipal = {
    id,
    system: member,
    principal: {
      kind: fields.kind,
      arn: fields.arn,
      name: fields.name,
      account: fields.accountId,
      policies: fields.policies.map(({ name, arn, through, document }) => held(name, arn, through, document)),
      boundary: boundary === null ? null : held(boundary.arn.split('/').at(-1) ?? boundary.arn, boundary.arn, 'direct', boundary.document),
      tags: fields.tags ?? null,
    },
    role: fields.kind === 'role' ? { arn: fields.arn, account: fields.accountId, trust: typeof trust === 'string' ? null : trust } : null,
    permissionSet: fields.permissionSet ?? null,
    principalId: fields.principalId,
    groups: fields.groups ?? [],
    gaps: [...gaps].sort(),
    known: { rights: new Map(), holdings: new Map(), links: new Map() },
  };
  compiled.set(fields, made);
  return made;
}
/** The document, or why there is none. What one policy of AWS says is known without it. */
function documentOf(sent: z.output<typeof Document>, arn: string | null) {
  if (arn !== null && /^arn:[^:]+:iam::aws:policy\/AdministratorAccess$/.test(arn))
    return readPolicyDocument({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })!;
  if ('unread' in sent) return GapReason.safeParse(sent.unread).data ?? 'malformed-reply';
  return readPolicyDocument(sent) ?? 'malformed-reply';
}

/** The account of an IAM user is that user. */
function ownAccounts(principals: readonly AwsPrincipal[], accounts: readonly GraphAccount[]): Link[] {
  const users = new Map(principals.map((one) => [`${one.system} ${one.principalId}`, one]));
  return accounts.flatMap((account) => {
    if (account.type !== 'aws.iam.user') return [];
    const user = users.get(`${account.system} ${account.id.split('/').at(-1)}`);
    if (user === undefined) return [];
    return [{ from: accountNode(account.id), to: principalNode(user.principal.arn), hops: [], notEvaluated: [], bundle: null }];
  });
}

/** Who becomes which role. Asked only of those who could: whom the role's trust could mean, and whose policies allow it or whom it names. */
function assumptions(principals: readonly AwsPrincipal[]): Link[] {
  const byAccount = Map.groupBy(principals, ({ principal }) => principal.account);
  // Many hold the same policies, and may assume the same.
  const assumers = new Map(
    [...byAccount].map(([account, ones]) => [
      account,
      Map.groupBy(
        ones.filter((one) => assumableBy(one).length > 0),
        (one) => assumableBy(one).join(' '),
      ),
    ]),
  );
  return principals.flatMap((target) => {
    const { role, known } = target;
    if (role === null || role.trust === null) return [];
    known.trusts ??= trustedParties(role);
    const { everyone, accounts, names } = known.trusts;
    const here = everyone || names.length > 0 ? (byAccount.get(role.account) ?? []) : [];
    const named = here.filter(({ principal }) => everyone || names.some((name) => isOf(principal, name)));
    const allowed = (everyone ? [...assumers.keys()] : [...accounts])
      .flatMap((account) => [...(assumers.get(account) ?? [])])
      .flatMap(([patterns, ones]) => (patterns.split(' ').some((pattern) => matchesWildcard(pattern, role.arn)) ? ones : []));
    return [...new Set([...named, ...allowed])].flatMap(
      ({ principal, known: { links } }) =>
        kept(links, role, () => assumptionLink(principal, mayAssume(principal, role), target.principal)) ?? [],
    );
  });
}
const isOf = ({ arn, name }: Principal, written: string) => written === arn || written.includes(`:assumed-role/${name}/`);
function assumableBy({ principal, known }: AwsPrincipal): readonly string[] {
  if (known.assumable === undefined) {
    const right = effectiveRight(principal, 'sts:AssumeRole', undefined);
    known.assumable = right.answer === 'yes' ? [...new Set(right.grants.flatMap(({ on }) => (on.length === 0 ? ['*'] : on)))] : [];
  }
  return known.assumable;
}
function assumptionLink(principal: Principal, assumption: Assumption, target: Principal): Link | null {
  if (assumption.answer !== 'yes') return null;
  const hop: Hop = {
    kind: 'role',
    id: target.arn,
    name: target.name,
    says: `${principal.name} can assume ${target.name} in ${target.account}: ${assumption.because}`,
  };
  return {
    from: principalNode(principal.arn),
    to: principalNode(target.arn),
    hops: [hop],
    notEvaluated: assumption.notEvaluated,
    bundle: 'assume',
  };
}

/** Identity Center: user, group, permission set, and in the account the role that stands for it. */
function centerLinks(input: DerivedInput, principals: readonly AwsPrincipal[], accounts: readonly GraphAccount[], unseen: Unseen): Link[] {
  // Who is assigned what is known in one account and counts in all of them.
  const here = new Unseen();
  const sets = new Map(
    readResources(input, 'aws.identity-center.permission-set', PermissionSet, here).map(({ fields }) => [fields.arn, fields.name]),
  );
  const groups = new Map(
    readResources(input, 'aws.identity-center.group', CenterGroup, here).map(({ fields }) => [fields.groupId, fields.name]),
  );
  const users = readResources(input, 'aws.identity-center.user', CenterUser, here);
  const assignments = readResources(input, 'aws.identity-center.assignment', Assignment, here);
  unseen.addToAll('aws', here);
  // A role that stands for a permission set nobody read: who is assigned it, the account that owns Identity Center would say.
  const names = new Set(sets.values());
  for (const { system, permissionSet } of principals)
    if (permissionSet !== null && !names.has(permissionSet)) unseen.add(system, 'not-collected');
  const reserved = new Map<string, AwsPrincipal>();
  for (const one of principals) if (one.permissionSet !== null) reserved.set(`${one.principal.account} ${one.permissionSet}`, one);
  const byHolder = Map.groupBy(assignments, ({ fields }) => `${fields.principalType} ${fields.principalId}`);
  const known = new Set(accounts.map(({ id }) => id));

  return users.flatMap(({ id, member, fields: user }): Link[] => {
    if (!known.has(id)) return [];
    const linksOf = (holder: string, before: readonly Hop[]): Link[] =>
      (byHolder.get(holder) ?? []).flatMap(({ fields: { accountId, permissionSet } }) => {
        const name = sets.get(permissionSet);
        const role = name === undefined ? undefined : reserved.get(`${accountId} ${name}`);
        if (role === undefined) {
          // The account is not read, or the role in it is not: what the permission set allows there is not known.
          unseen.add(`aws:${accountId}`, 'not-collected');
          if (name === undefined) unseen.add(member, 'malformed-reply');
          return [];
        }
        const hop: Hop = {
          kind: 'permission-set',
          id: permissionSet,
          name: name!,
          says: `is assigned the permission set ${name} in ${accountId}, which is the role ${role.principal.name}`,
        };
        const hops = [...before, hop];
        return [{ from: accountNode(id), to: principalNode(role.principal.arn), hops, notEvaluated: [], bundle: null }];
      });
    return [
      ...linksOf(`USER ${user.userId}`, []),
      ...user.groups.flatMap((group) => {
        const name = groups.get(group) ?? group;
        return linksOf(`GROUP ${group}`, [{ kind: 'group', id: group, name, says: `is in the Identity Center group ${name}` }]);
      }),
    ];
  });
}

type AwsPattern = Extract<PermissionPattern, { system: 'aws' }>;

const none: readonly Holding[] = [];

/**
 * What a principal holds of a pattern; worked out once while it holds the same documents. Assuming a role in an account that is read is not
 * here: whether it is possible is the graph's to say, since the role has to let it in.
 */
export function awsHoldings(one: AwsPrincipal, pattern: AwsPattern, readAccounts: ReadonlySet<string>): readonly Holding[] {
  const key = keyOf(pattern);
  const { principal, system, known } = one;
  const always = kept(known.holdings, key, () => {
    const found = pattern.actions.flatMap((action) => {
      const right = isAssumption(action) ? undefined : rightTo(one, action, pattern.on);
      return right?.answer === 'yes' ? holdingsOf(principal, system, action, right.grants) : none;
    });
    return found.length === 0 ? none : found;
  });
  const assuming = pattern.actions.filter(isAssumption);
  if (assuming.length === 0) return always;
  const outside = assuming.flatMap((action) => {
    const right = rightTo(one, action, pattern.on);
    return right.answer === 'yes' ? outsideHoldings(principal, system, action, right.grants, readAccounts) : none;
  });
  return outside.length === 0 ? always : [...always, ...outside];
}
function rightTo({ principal, known }: AwsPrincipal, action: string, on: readonly string[] | undefined): Right {
  return kept(known.rights, `${action} ${on?.join(' ') ?? ''}`, () => {
    evaluations.count += 1;
    return effectiveRight(principal, action, on);
  });
}
const keys = new WeakMap<AwsPattern, string>();
const keyOf = (pattern: AwsPattern) => kept(keys, pattern, () => JSON.stringify([pattern.actions, pattern.on ?? null]));
/** How often rights were worked out since the process began: a figure that does not depend on the machine. */
export const evaluations = { count: 0 };

const isAssumption = (action: string) => /^sts:assumerole/i.test(action);

/** Roles in accounts that nobody reads: their trust is not known, so that what is allowed counts. */
function outsideHoldings(
  principal: Principal,
  system: string,
  action: string,
  grants: readonly Grant[],
  readAccounts: ReadonlySet<string>,
): Holding[] {
  const outside = grants.flatMap((grant): Grant[] => {
    const on = grant.on.filter((arn) => {
      const account = /^arn:[^:]*:iam::(\d{12}):role\//.exec(arn)?.[1];
      return account !== undefined && !readAccounts.has(account);
    });
    return on.length === 0
      ? []
      : [{ ...grant, on, notEvaluated: [...grant.notEvaluated, 'trust policy of a role in an account that is not read'] }];
  });
  return holdingsOf(principal, system, action, outside);
}
function holdingsOf(principal: Principal, system: string, action: string, grants: readonly Grant[]): Holding[] {
  const byPolicy = Map.groupBy(grants, ({ policy }) => policy);
  return [...byPolicy].map(([policy, given]) => {
    const on = [...new Set(given.flatMap((grant) => grant.on))].sort();
    const everywhere = given.some((grant) => grant.on.length === 0);
    const hops: Hop[] = [];
    if (policy.group !== null)
      hops.push({ kind: 'group', id: policy.group, name: policy.group, says: `${principal.name} is in the IAM group ${policy.group}` });
    const over = everywhere ? '' : ` on ${on[0]}${on.length > 1 ? ` and ${on.length - 1} more` : ''}`;
    hops.push({
      kind: 'policy',
      id: policy.arn ?? `${principal.arn}/${policy.name}`,
      name: policy.name,
      says: `${policy.name} allows ${action}${over} in ${principal.account}`,
    });
    return {
      system,
      permission: action,
      on: everywhere || on.length !== 1 ? null : on[0]!,
      hops,
      notEvaluated: [...new Set([...given.flatMap((grant) => grant.notEvaluated), ...neverEvaluated])].sort(),
    };
  });
}
