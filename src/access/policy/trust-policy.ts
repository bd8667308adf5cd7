import { type StaticContext, weighConditions } from './condition.ts';
import { effectiveRight, type Principal, staticContextOf, touchesAction } from './effective-rights.ts';
import type { Condition, PolicyDocument, PolicyStatement, PrincipalName } from './policy-document.ts';
import { isSatisfiable, matchesWildcard } from './wildcard.ts';

/** A role and whom its trust policy lets in. */
export interface TrustedRole {
  readonly arn: string;
  readonly account: string;
  /** null: it was not read, or is no policy document. */
  readonly trust: PolicyDocument | null;
}
/** `unknown`: nothing that was read lets the principal in, and something was not read. */
export type Assumption =
  | { readonly answer: 'yes'; readonly because: string; readonly notEvaluated: readonly string[] }
  | { readonly answer: 'no' | 'unknown' };

/**
 * Whether a principal may assume a role. Within an account a trust policy that names the principal is enough; one that names the account
 * leaves it to identity policies; across accounts both sides have to allow it. An explicit denial on either side takes it off.
 */
export function mayAssume(principal: Principal, role: TrustedRole): Assumption {
  if (principal.arn === role.arn) return { answer: 'no' };
  if (role.trust === null) return { answer: 'unknown' };
  const context = staticContextOf(principal);
  const open: string[] = [];
  let named: 'principal' | 'account' | undefined;
  for (const statement of role.trust.statements) {
    if (!touchesAction(statement.actions, 'sts:assumerole')) continue;
    const match = namesPrincipal(statement, principal);
    if (match === undefined) continue;
    const { answer, open: names } = weighConditions(statement.conditions, context);
    if (answer === 'not-met') continue;
    if (statement.effect === 'Deny') {
      if (answer === 'met') return { answer: 'no' };
      open.push(...names.map((name) => `deny under ${name}`));
      continue;
    }
    open.push(...names);
    named = named === 'principal' ? named : match;
  }
  if (named === undefined) return { answer: 'no' };

  const right = effectiveRight(principal, 'sts:AssumeRole', [role.arn]);
  if (right.answer === 'yes') {
    const [grant] = right.grants;
    const notEvaluated = [...new Set([...open, ...grant!.notEvaluated])].sort();
    return { answer: 'yes', because: `${grant!.policy.name} allows sts:AssumeRole, and its trust policy lets it in`, notEvaluated };
  }
  if (named === 'principal' && principal.account === role.account && !isDeniedOutright(principal, role.arn))
    return { answer: 'yes', because: 'its trust policy names it', notEvaluated: [...new Set(open)].sort() };
  return { answer: right.answer };
}

/** With everything allowed beside, only an explicit denial is left to say no. A user's boundary does not limit what is given to him by name. */
function isDeniedOutright(principal: Principal, role: string): boolean {
  const boundary = principal.boundary;
  const limits = principal.kind === 'role' && boundary !== null && boundary.document !== null ? boundary : null;
  const widened: Principal = { ...principal, policies: [...principal.policies, allowEverything], boundary: limits };
  if (effectiveRight(widened, 'sts:AssumeRole', [role]).answer !== 'yes') return true;
  if (limits !== null || boundary === null) return false;
  const denials = (boundary.document?.statements ?? []).filter(({ effect }) => effect === 'Deny');
  const denying = { ...boundary, document: { statements: denials } };
  return effectiveRight({ ...widened, policies: [...widened.policies, denying] }, 'sts:AssumeRole', [role]).answer !== 'yes';
}
const allowEverything = {
  name: 'everything',
  arn: null,
  group: null,
  document: {
    statements: [
      {
        effect: 'Allow' as const,
        actions: { patterns: ['*'], except: false },
        resources: { patterns: ['*'], except: false },
        principals: null,
        conditions: [],
        variables: false,
      },
    ],
  },
};

/** Whether a statement is about a principal, by its own name or by that of its account; undefined: it is not. */
function namesPrincipal({ effect, principals }: PolicyStatement, principal: Principal): 'principal' | 'account' | undefined {
  if (principals === null) return undefined;
  const found = principals.names.map((name) => matchPrincipal(name, principal)).filter((one) => one !== undefined);
  if (principals.except) {
    // A denial of all but these: naming the account does not exempt its users and roles, naming them does.
    if (effect === 'Deny') return found.includes('principal') ? undefined : 'principal';
    return found.length > 0 ? undefined : 'account';
  }
  if (found.length === 0) return undefined;
  // A denial of an account is one of everybody in it.
  return found.includes('principal') || effect === 'Deny' ? 'principal' : 'account';
}
function matchPrincipal({ kind, value }: PrincipalName, principal: Principal): 'principal' | 'account' | undefined {
  if (kind !== 'AWS') return undefined;
  if (value === '*' || value === principal.arn) return 'principal';
  if (value === principal.account || /^arn:[^:]+:iam::(\d{12}):root$/.exec(value)?.[1] === principal.account) return 'account';
  // A session is the role's, whatever it is called.
  const session = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(value);
  if (session && principal.kind === 'role' && session[2] === principal.account && session[3] === principal.name) return 'principal';
  return undefined;
}

/** Whom a role could let in. Spares the whole question for all others. */
export interface TrustedParties {
  /** Anybody at all. */
  readonly everyone: boolean;
  /** Accounts whose identity policies decide, and those of principals that are named. */
  readonly accounts: ReadonlySet<string>;
  /** ARNs of principals; of a session the beginning of its ARN. */
  readonly names: readonly string[];
}
export function trustedParties({ trust }: TrustedRole): TrustedParties {
  const accounts = new Set<string>();
  const names: string[] = [];
  let everyone = false;
  for (const { effect, principals, actions } of trust?.statements ?? []) {
    if (effect !== 'Allow' || principals === null || !touchesAction(actions, 'sts:assumerole')) continue;
    everyone ||= principals.except || principals.names.some(({ kind, value }) => kind === 'AWS' && value === '*');
    for (const { kind, value } of principals.names) {
      const account = kind === 'AWS' ? /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::.*)?$/.exec(value)?.[1] : undefined;
      if (account === undefined) continue;
      accounts.add(account);
      if (/:(?:user|role|assumed-role)\//.test(value)) names.push(value);
    }
  }
  return { everyone, accounts, names };
}

/** Federated identities a trust policy lets in, by the provider that vouches for them. */
export interface FederatedTrust {
  /** ARN of the provider, or its domain. */
  readonly provider: string;
  readonly action: 'sts:AssumeRoleWithSAML' | 'sts:AssumeRoleWithWebIdentity';
  readonly statement: PolicyStatement;
}
export function federatedTrusts({ trust }: TrustedRole): readonly FederatedTrust[] {
  return (trust?.statements ?? []).flatMap((statement): FederatedTrust[] => {
    if (statement.effect !== 'Allow' || statement.principals === null || statement.principals.except) return [];
    return statement.principals.names.flatMap(({ kind, value }) => {
      if (kind !== 'Federated') return [];
      const action = /:saml-provider\//.test(value) ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity';
      return touchesAction(statement.actions, action.toLowerCase()) ? [{ provider: value, action, statement }] : [];
    });
  });
}

export const githubTokens = 'token.actions.githubusercontent.com';
export const isGithubProvider = (provider: string) =>
  provider === githubTokens || new RegExp(`:oidc-provider/${githubTokens.replaceAll('.', '\\.')}(?:/|$)`).test(provider);

/** What a workflow's token says of it. The subject is a pattern of all that a workflow of the repository can have made for it. */
export interface WorkflowToken {
  /** `repo:acme/payroll:ref:refs/heads/*`, `repo:acme/payroll:environment:production`. */
  readonly subject: string;
  /** `acme/payroll`. */
  readonly repository: string;
}

/**
 * Whether a role trusts some workflow token of this kind: of the conditions on its claims only subject, repository and owner are decided,
 * the others are named. A trust without any condition on them trusts every workflow of GitHub.
 */
export function trustsWorkflow(
  { statement }: FederatedTrust,
  role: TrustedRole,
  { subject, repository }: WorkflowToken,
): { readonly notEvaluated: readonly string[] } | undefined {
  const owner = repository.split('/')[0] ?? '';
  const claims = new Map<string, string>([
    [`${githubTokens}:repository`, repository],
    [`${githubTokens}:repository_owner`, owner],
  ]);
  const weighed = weighToken(statement.conditions, subject, claims);
  if (weighed === undefined) return undefined;
  const denied = (role.trust?.statements ?? []).filter(
    ({ effect, actions }) => effect === 'Deny' && touchesAction(actions, 'sts:assumerolewithwebidentity'),
  );
  const open = [...weighed];
  for (const denial of denied) {
    const conditions = weighToken(denial.conditions, subject, claims);
    if (conditions === undefined) continue;
    // Without conditions it is about everyone it names; with any, a token that it leaves out may be had.
    if (denial.conditions.length === 0 && (denial.principals?.names.some(({ value }) => value === '*') ?? false)) return undefined;
    open.push(...denial.conditions.map(({ operator, key }) => `deny under condition ${operator} ${key}`));
  }
  return { notEvaluated: [...new Set(open)].sort() };
}

/**
 * What the subjects that a trust names begin with, up to the first wildcard; null: it names none. Spares the question for all other
 * repositories.
 */
export function subjectBeginnings({ statement }: FederatedTrust): readonly string[] | null {
  const named = statement.conditions.find(
    ({ operator, key }) => /^(?:ForAnyValue:)?String(?:Like|Equals)$/i.test(operator) && key.toLowerCase() === `${githubTokens}:sub`,
  );
  return named === undefined ? null : named.values.map((value) => /^[^*?]*/.exec(value)![0]);
}

/** Names of the conditions that stay open; undefined when one of them cannot be met. */
function weighToken(conditions: readonly Condition[], subject: string, claims: ReadonlyMap<string, string>): readonly string[] | undefined {
  const open: string[] = [];
  const context: StaticContext = { values: claims };
  for (const condition of conditions) {
    const key = condition.key.toLowerCase();
    // Tokens are asked for with the audience that AWS wants; who writes a workflow chooses it.
    if (key === `${githubTokens}:aud`) continue;
    const operator = condition.operator
      .replace(/^ForAnyValue:/i, '')
      .replace(/IfExists$/i, '')
      .toLowerCase();
    if (key === `${githubTokens}:sub` && (operator === 'stringlike' || operator === 'stringequals')) {
      const values = operator === 'stringlike' ? condition.values : condition.values.filter((value) => !/[*?]/.test(value));
      if (!isSatisfiable([values, [subject]], [])) return undefined;
      continue;
    }
    if (key === `${githubTokens}:sub` && operator === 'stringequalsignorecase') {
      if (!condition.values.some((value) => matchesWildcard(subject.toLowerCase(), value.toLowerCase()))) return undefined;
      continue;
    }
    const { answer, open: names } = weighConditions(
      [{ ...condition, operator: condition.operator.replace(/^ForAnyValue:/i, '') }],
      context,
    );
    if (answer === 'not-met') return undefined;
    open.push(...names);
  }
  return open;
}
