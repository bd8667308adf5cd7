import { z } from '../../src/authoring.ts';

/** Policy documents of AWS (IAM, trust, key and bucket policies) read into one shape. Pure. */
const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === 'string' ? [value] : value));
const Principal = z.union([z.literal('*').transform((): Record<string, string[]> => ({ AWS: ['*'] })), z.record(z.string(), oneOrMany)]);
const ConditionValue = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))])
  .transform((value) => (Array.isArray(value) ? value : [value]).map(String));
export const Statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany.optional(),
  NotAction: oneOrMany.optional(),
  Resource: oneOrMany.optional(),
  NotResource: oneOrMany.optional(),
  Principal: Principal.optional(),
  NotPrincipal: Principal.optional(),
  Condition: z.record(z.string(), z.record(z.string(), ConditionValue)).optional(),
});
export type Statement = z.output<typeof Statement>;
const Document = z.object({
  Version: z.string().optional(),
  Statement: z.union([Statement.transform((statement) => [statement]), z.array(Statement)]),
});
/** `Version` decides whether `${aws:username}` is a variable (2012-10-17) or those very characters. */
export type PolicyDocument = z.output<typeof Document>;

/**
 * A policy document as AWS sends it (JSON text, sometimes URL-encoded) as statements. A document that is none fails the shape it is
 * part of: a policy that cannot be read must never look like one that allows nothing.
 */
export const PolicyDocumentText = z.string().transform((text, context): PolicyDocument => {
  const document = parseJson(text);
  const parsed = Document.safeParse(document);
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: 'not a policy document' });
  return z.NEVER;
});
/** The same, by what it says alone. */
export const PolicyText = PolicyDocumentText.transform((document): readonly Statement[] => document.Statement);

function parseJson(text: string): unknown {
  for (const read of [() => text, () => decodeURIComponent(text)]) {
    try {
      return JSON.parse(read());
    } catch {
      // The other spelling; when neither is JSON, the caller sees undefined, which no shape accepts.
    }
  }
  return undefined;
}

/** `s3:Get*`, `arn:aws:iam::*:role/x?`: `*` any run of characters, `?` one. */
export function matchesPattern(pattern: string, text: string, options: { readonly ignoreCase?: boolean } = {}): boolean {
  if (pattern === '*') return true;
  if (!/[*?]/.test(pattern)) return options.ignoreCase ? pattern.toLowerCase() === text.toLowerCase() : pattern === text;
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, options.ignoreCase ? 'is' : 's').test(text);
}

export function coversAction(statement: Statement, action: string): boolean {
  const matches = (pattern: string) => matchesPattern(pattern, action, { ignoreCase: true });
  if (statement.Action) return statement.Action.some(matches);
  if (statement.NotAction) return !statement.NotAction.some(matches);
  return false;
}
export function coversResource(statement: Statement, resource: string): boolean {
  const matches = (pattern: string) => matchesPattern(pattern, resource);
  if (statement.Resource) return statement.Resource.some(matches);
  if (statement.NotResource) return !statement.NotResource.some(matches);
  return false;
}

/**
 * Whether statements of identity policies allow an action on a resource. Conditions on an Allow are taken as met (who holds the
 * right may meet them one day); a Deny counts only when it has none.
 */
export function allows(statements: readonly Statement[], action: string, resource: string): boolean {
  const covering = statements.filter((statement) => coversAction(statement, action) && coversResource(statement, resource));
  return (
    covering.some((statement) => statement.Effect === 'Allow') &&
    !covering.some((statement) => statement.Effect === 'Deny' && statement.Condition === undefined)
  );
}

/** Every action on every resource, in one statement: `Action: "*"`, or a `NotAction` that leaves IAM in. */
export function isFullAdministration(statement: Statement): boolean {
  if (statement.Effect !== 'Allow' || !statement.Resource?.some((resource) => /^\*+$/.test(resource))) return false;
  if (statement.Action) return statement.Action.some((action) => /^\*+(?::\*+)?$/.test(action));
  return ['iam:AttachRolePolicy', 'iam:CreatePolicyVersion', 'iam:PutUserPolicy'].every((action) => coversAction(statement, action));
}

/** Who a resource policy lets in: everyone, accounts, services, federated providers. Only Allow statements are looked at. */
export interface Grantee {
  readonly kind: 'everyone' | 'account' | 'service' | 'federated' | 'other';
  /** Account id, service or provider; for `everyone` `*`. */
  readonly id: string;
  /** As written. */
  readonly principal: string;
}
export function granteesOf(statement: Statement): readonly Grantee[] {
  if (statement.Effect !== 'Allow') return [];
  // Allow with NotPrincipal lets in everyone but those.
  if (statement.NotPrincipal) return [{ kind: 'everyone', id: '*', principal: 'NotPrincipal' }];
  return Object.entries(statement.Principal ?? {}).flatMap(([type, principals]) => principals.map((principal) => grantee(type, principal)));
}
function grantee(type: string, principal: string): Grantee {
  if (principal === '*') return { kind: 'everyone', id: '*', principal };
  if (type === 'Service') return { kind: 'service', id: principal, principal };
  if (type === 'Federated') return { kind: 'federated', id: principal, principal };
  const account = /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::.*)?$/.exec(principal)?.[1];
  return account === undefined ? { kind: 'other', id: principal, principal } : { kind: 'account', id: account, principal };
}

/** Condition keys that tie a request to an account, organisation, network or person; their values must not be wildcards. */
const bindingKeys = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'kms:calleraccount',
  'kms:viaservice',
  's3:dataaccesspointaccount',
]);
const bindingOperators = /^(?:ForAnyValue:)?(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))$/i;
/** Whether the conditions of a statement leave only certain callers: at least one binding key, compared with something certain. */
export function isBound(statement: Statement): boolean {
  return Object.entries(statement.Condition ?? {}).some(([operator, keys]) =>
    Object.entries(keys).some(([key, values]) => {
      if (values.length === 0) return false;
      if (operator.toLowerCase() === 'ipaddress' && key.toLowerCase() === 'aws:sourceip')
        return !values.some((value) => value.endsWith('/0'));
      return bindingOperators.test(operator) && bindingKeys.has(key.toLowerCase()) && values.every(isCertain);
    }),
  );
}
/** Of an ARN the account (or, where a service has none in its ARNs, the name) must be there; of anything else what it begins with. */
function isCertain(value: string): boolean {
  if (value.startsWith('arn:')) {
    const [, , , , account = '', ...resource] = value.split(':');
    return /^\d{12}$/.test(account) || (account === '' && /^[^*?]/.test(resource.join(':')));
  }
  return !/[*?]/.test(value) || /^[^*?]{12}/.test(value);
}
/** Whether a resource policy lets in callers that nothing ties down. */
export function isPublic(statements: readonly Statement[]): boolean {
  return statements.some((statement) => !isBound(statement) && granteesOf(statement).some((one) => one.kind === 'everyone'));
}
