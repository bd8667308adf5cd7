import { PolicyText } from './policy-document.ts';

/**
 * Weighs policies that are attached to resources (buckets, search domains). Every question has three answers: what the reader does
 * not understand it calls unclear, and nobody may take that for a yes or a no.
 */
export type Answer = 'yes' | 'no' | 'unclear';

export interface Condition {
  /** Lower case: `bool`, `stringequals`, `foranyvalue:stringlike`. */
  readonly operator: string;
  /** Lower case: `aws:securetransport`. */
  readonly key: string;
  readonly values: readonly string[];
}
export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`. */
  readonly kind: string;
  readonly value: string;
}
/** A member is null when the statement names it by its opposite (`NotPrincipal`, `NotAction`, `NotResource`). */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly principals: readonly Principal[] | null;
  readonly actions: readonly string[] | null;
  readonly resources: readonly string[] | null;
  readonly conditions: readonly Condition[];
}

/** The statements of a resource's policy, or undefined when the text is not one that can be read whole. */
export function readPolicy(text: string): readonly PolicyStatement[] | undefined {
  const parsed = PolicyText.safeParse(text);
  if (!parsed.success) return undefined;
  const statements: PolicyStatement[] = [];
  for (const statement of parsed.data) {
    // Exactly one of each pair is what AWS accepts; anything else is not a policy we know how to read.
    if ((statement.Principal === undefined) === (statement.NotPrincipal === undefined)) return undefined;
    if ((statement.Action === undefined) === (statement.NotAction === undefined)) return undefined;
    if (statement.Resource !== undefined && statement.NotResource !== undefined) return undefined;
    statements.push({
      effect: statement.Effect,
      principals: statement.Principal
        ? Object.entries(statement.Principal).flatMap(([kind, values]) => values.map((value) => ({ kind, value })))
        : null,
      actions: statement.Action ?? null,
      resources: statement.Resource ?? null,
      conditions: Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => ({ operator: operator.toLowerCase(), key: key.toLowerCase(), values })),
      ),
    });
  }
  return statements;
}

const namesEveryone = (statement: PolicyStatement) =>
  statement.principals?.some(({ kind, value }) => kind === 'AWS' && value === '*') ?? false;
/** `*` and `s3:*`: patterns that leave no action of the service out. */
const namesEveryAction = (statement: PolicyStatement, service: string) =>
  statement.actions?.some((action) => action === '*' || action.toLowerCase() === `${service}:*`) ?? false;

/**
 * Whether the policy denies every request to the bucket and to every object in it that does not come over TLS: `Deny`, everyone,
 * every action, `aws:SecureTransport` false and no further condition, in one statement or in two.
 */
export function deniesInsecureTransport(statements: readonly PolicyStatement[], bucket: string): Answer {
  const arn = `arn:aws:s3:::${bucket}`;
  const aboutTransport = statements.filter(
    ({ effect, conditions }) => effect === 'Deny' && conditions.some(({ key }) => transportKeys.has(key)),
  );
  const whole = aboutTransport.filter(
    (statement) => namesEveryone(statement) && namesEveryAction(statement, 's3') && isInsecureOnly(statement.conditions),
  );
  const resources = whole.flatMap((statement) => statement.resources ?? []).map(inCommonPartition);
  if (resources.some((pattern) => matches(pattern, arn)) && resources.some((pattern) => matchesAllBelow(pattern, `${arn}/`))) return 'yes';
  return aboutTransport.every((statement) => isPlainlyNarrower(statement, arn)) ? 'no' : 'unclear';
}
const transportKeys = new Set(['aws:securetransport', 's3:tlsversion']);

/** `IfExists` denies a request without the key as well: more, never less. */
function isInsecureOnly(conditions: readonly Condition[]): boolean {
  const [only, ...others] = conditions;
  return (
    only !== undefined &&
    others.length === 0 &&
    (only.operator === 'bool' || only.operator === 'boolifexists') &&
    only.key === 'aws:securetransport' &&
    only.values.some((value) => value.toLowerCase() === 'false')
  );
}
/** A denial that we understand and that leaves something out: other principals, other actions, other resources, a further condition. */
function isPlainlyNarrower(statement: PolicyStatement, arn: string): boolean {
  if (statement.principals === null || statement.actions === null || statement.resources === null) return false;
  if (statement.resources.some((pattern) => pattern.includes('${'))) return false;
  const [only, ...others] = statement.conditions;
  if (only === undefined || !namesEveryone(statement) || others.length > 0) return true;
  // Without `IfExists`, a condition on the TLS version says nothing about a request that has none.
  if (only.key === 's3:tlsversion') return only.operator === 'numericlessthan' || only.operator === 'numericlessthanequals';
  if (only.operator !== 'bool' && only.operator !== 'boolifexists') return false;
  if (!isInsecureOnly([only])) return true;
  const patterns = statement.resources.map(inCommonPartition);
  // Many actions named one by one may be all of them; we do not keep a list of what S3 can do.
  return (
    !patterns.some((pattern) => matches(pattern, arn)) ||
    !patterns.some((pattern) => matchesAllBelow(pattern, `${arn}/`)) ||
    (statement.actions.length <= 10 && !statement.actions.some((action) => /^s3:\*./i.test(action)))
  );
}
/** S3 accepts policies for its own partition only, so the partition tells nothing. */
const inCommonPartition = (pattern: string) => pattern.replace(/^arn:[^:]*:s3:::/, 'arn:aws:s3:::');

/** Whether a pattern with `*` and `?` names exactly this. Linear in practice: a policy is somebody else's text. */
export function matches(pattern: string, text: string): boolean {
  // A policy variable stands for something only the request knows.
  if (pattern.includes('${')) return false;
  let at = 0;
  let star = -1;
  let resume = 0;
  let position = 0;
  while (position < text.length) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      position = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
/** Whether a pattern names everything that begins with `prefix`. */
function matchesAllBelow(pattern: string, prefix: string): boolean {
  if (!pattern.endsWith('*')) return false;
  const stem = pattern.replace(/\*+$/, '');
  return Array.from({ length: prefix.length + 1 }, (_, length) => prefix.slice(0, length)).some((start) => matches(stem, start));
}

/** Keys that S3 itself accepts as closing a grant to everyone, when their values are fixed. */
const closingKeys = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceorgid',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]);
/** Conditions anybody can meet. */
const harmlessKeys = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:referer',
  'aws:securetransport',
  'aws:useragent',
  's3:delimiter',
  's3:max-keys',
  's3:prefix',
  's3:tlsversion',
  's3:x-amz-acl',
]);
const equalities = new Set(['stringequals', 'stringequalsignorecase', 'stringlike', 'arnequals', 'arnlike', 'ipaddress']);

/** Whether a condition keeps the public out. */
function closes({ operator, key, values }: Condition): Answer {
  const bare = operator.replace(/^foranyvalue:/, '');
  if (!closingKeys.has(key)) return harmlessKeys.has(key) ? 'no' : 'unclear';
  if (!equalities.has(bare)) return 'unclear';
  if (key === 'aws:sourceip') return bare === 'ipaddress' ? all(values.map(isNarrowRange)) : 'unclear';
  if (bare === 'ipaddress') return 'unclear';
  return all(values.map((value) => (value === '*' ? 'no' : /[*?]|\$\{/.test(value) ? 'unclear' : 'yes')));
}
/** Values are alternatives, so each has to be fixed. */
function all(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('unclear') || answers.length === 0 ? 'unclear' : 'yes';
}
/** S3 takes ranges wider than /8 (IPv4) and /32 (IPv6) for everybody. */
function isNarrowRange(range: string): Answer {
  const [, address, length] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(range) ?? [];
  if (address === undefined) return 'unclear';
  if (length === undefined) return 'yes';
  return Number(length) >= (address.includes(':') ? 32 : 8) ? 'yes' : 'no';
}

/**
 * Whether the policy lets everybody in. Service principals are fixed and do not count. `unclear` when a grant to everyone is
 * narrowed by something we cannot weigh, or may be taken back by a denial.
 */
export function isOpen(statements: readonly PolicyStatement[]): Answer {
  const answers = statements.filter(({ effect }) => effect === 'Allow').map(isOpenGrant);
  if (!answers.includes('yes')) return answers.includes('unclear') ? 'unclear' : 'no';
  const mayBeTakenBack = statements.some(
    ({ effect, conditions }) => effect === 'Deny' && !(conditions.length > 0 && conditions.every(({ key }) => transportKeys.has(key))),
  );
  return mayBeTakenBack ? 'unclear' : 'yes';
}
function isOpenGrant(statement: PolicyStatement): Answer {
  // A grant to everyone but the named ones is still one to everyone.
  if (statement.principals !== null && !namesEveryone(statement)) {
    const fixed = statement.principals.every(({ kind, value }) => fixedKinds.has(kind) && !value.includes('*'));
    return fixed ? 'no' : 'unclear';
  }
  const answers = statement.conditions.map(closes);
  // Conditions are all required: one that closes the grant is enough.
  if (answers.includes('yes')) return 'no';
  return answers.includes('unclear') ? 'unclear' : 'yes';
}
const fixedKinds = new Set(['AWS', 'Service', 'CanonicalUser']);

/** Everybody, as a grantee. */
export const anyone = '*';

/**
 * Whom the policy grants something and who is not known to be of `account`: account ids, organisation ids, VPCs and their endpoints,
 * address ranges, canonical users, federated providers and identities whose account is not visible, sorted; `*` for everybody.
 * Services and identities that no longer exist are left out. Undefined when a grant is not understood.
 */
export function grantsOutside(statements: readonly PolicyStatement[], account: string): readonly string[] | undefined {
  const outside = new Set<string>();
  for (const statement of statements) {
    if (statement.effect !== 'Allow') continue;
    const everyone = statement.principals === null || namesEveryone(statement);
    const named = everyone ? throughConditions(statement.conditions, account) : (statement.principals ?? []).map(granteeOf);
    if (named === undefined) return undefined;
    for (const grantee of named) if (grantee !== undefined && grantee !== account) outside.add(grantee);
  }
  return [...outside].sort();
}
const accountInArn = (arn: string) => /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];

function granteeOf({ kind, value }: Principal): string | undefined {
  if (kind === 'Service') return undefined;
  if (kind !== 'AWS') return value;
  // The unique id of a deleted user or role stays behind in a policy and can never sign in again.
  if (/^(?:AIDA|AROA)[A-Z0-9]+$/.test(value)) return undefined;
  return accountInArn(value) ?? value;
}
/** Who is meant by a grant to everyone under conditions: all are required, so one that is of this account alone decides. */
function throughConditions(conditions: readonly Condition[], account: string): readonly string[] | undefined {
  const readings = conditions
    .filter((condition) => closes(condition) === 'yes')
    .map(({ values }) => values.map((value) => accountInArn(value) ?? value));
  if (readings.some((grantees) => grantees.every((grantee) => grantee === account))) return [];
  if (readings[0]) return readings[0];
  return conditions.every((condition) => closes(condition) === 'no') ? [anyone] : undefined;
}
