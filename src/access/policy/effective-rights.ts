import { type Answer, type StaticContext, weighConditions } from './condition.ts';
import type { Names, PolicyDocument, PolicyStatement } from './policy-document.ts';
import { isSatisfiable, matchesWildcard } from './wildcard.ts';

/** A policy that applies to a principal. */
export interface HeldPolicy {
  readonly name: string;
  /** ARN of a managed one; null: it is inline. */
  readonly arn: string | null;
  /** Name of the group it comes by; null: it is the principal's own. */
  readonly group: string | null;
  /** null: what was sent is not a policy document, or was not read. */
  readonly document: PolicyDocument | null;
}
/** An IAM user or role with everything of its own that decides what it may do. */
export interface Principal {
  readonly kind: 'user' | 'role';
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly policies: readonly HeldPolicy[];
  readonly boundary: HeldPolicy | null;
  /** null: not known. Those of a role may be others in each session. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** What gives a right: the policy, and what of it could only narrow it and was not evaluated. */
export interface Grant {
  readonly policy: HeldPolicy;
  /** Resource patterns of the statement as far as they say something: none means any. */
  readonly on: readonly string[];
  readonly notEvaluated: readonly string[];
}
/** `unknown`: nothing that was read gives it, and something was not read. */
export type Right = { readonly answer: 'yes'; readonly grants: readonly Grant[] } | { readonly answer: 'no' | 'unknown' };

/** What is never evaluated of a right within one account, and can only narrow it. */
export const neverEvaluated: readonly string[] = ['service control policies', 'resource control policies', 'session policies'];

/**
 * Whether a principal may do an action on anything that `on` names, by its identity policies within its permissions boundary, denials
 * taken off. A condition only the request could decide does not narrow an Allow, and takes a Deny out; both are named.
 *
 * @param action e.g. `cloudtrail:StopLogging`; `*` for any characters
 * @param on ARNs with wildcards; undefined: any
 */
export function effectiveRight(principal: Principal, action: string, on: readonly string[] | undefined): Right {
  const known = contextOf(principal);
  const asked: Asked = { action: action.toLowerCase(), on, own: ownResources(action, principal.arn.split(':')[1] ?? 'aws'), known };
  const held = principal.policies.flatMap((policy) => covering(policy, asked));
  const allows = held.filter(({ statement }) => statement.effect === 'Allow');
  const unread = principal.policies.some(({ document }) => document === null);
  if (allows.length === 0) return { answer: unread ? 'unknown' : 'no' };

  const bounding = principal.boundary === null ? [] : covering(principal.boundary, asked);
  // A boundary that was not read cannot narrow: what it would take off is said.
  const boundaryUnread = principal.boundary !== null && principal.boundary.document === null;
  const limits = principal.boundary === null || boundaryUnread ? [null] : bounding.filter(({ statement }) => statement.effect === 'Allow');
  const denials = [...held, ...bounding].filter(({ statement }) => statement.effect === 'Deny');
  const open = denials.filter(({ answer }) => answer === 'open').flatMap(({ open: names }) => names.map((name) => `deny under ${name}`));
  const sure = denials.filter(({ answer }) => answer === 'met').map(({ statement }) => statement);

  const grants = allows.flatMap((allow): Grant[] => {
    const limit = limits.find((one) => isLeft(asked, one === null ? [allow.statement] : [allow.statement, one.statement], sure));
    if (limit === undefined) return [];
    const notEvaluated = [
      ...allow.open,
      ...(limit?.open ?? []),
      ...open,
      ...(boundaryUnread ? [`permissions boundary ${principal.boundary!.name}`] : []),
    ];
    return [{ policy: allow.policy, on: narrowing(allow.statement), notEvaluated: [...new Set(notEvaluated)].sort() }];
  });
  if (grants.length > 0) return { answer: 'yes', grants };
  return { answer: unread ? 'unknown' : 'no' };
}

interface Asked {
  readonly action: string;
  readonly on: readonly string[] | undefined;
  /** What the service's actions are done on, where that is certain; undefined: anything. */
  readonly own: readonly string[] | undefined;
  readonly known: StaticContext;
}
interface Covering {
  readonly policy: HeldPolicy;
  readonly statement: PolicyStatement;
  readonly answer: Answer;
  readonly open: readonly string[];
}

/** Statements that have something to say of the action, with their variables filled in and their conditions weighed. */
function covering(policy: HeldPolicy, asked: Asked): Covering[] {
  const found: Covering[] = [];
  for (const written of policy.document === null ? [] : statementsOn(policy.document, asked.action)) {
    const { answer, open } = weighConditions(written.conditions, asked.known);
    if (answer === 'not-met') continue;
    const { statement, variables } = fillIn(written, asked.known);
    found.push({ policy, statement, answer, open: [...open, ...variables] });
  }
  return found;
}

/** Asked once per document, however many principals hold it. */
const byAction = new WeakMap<PolicyDocument, Map<string, readonly PolicyStatement[]>>();
function statementsOn(document: PolicyDocument, action: string): readonly PolicyStatement[] {
  let known = byAction.get(document);
  if (known === undefined) {
    known = new Map();
    byAction.set(document, known);
  }
  let statements = known.get(action);
  if (statements === undefined) {
    statements = document.statements.filter(({ actions }) => touchesAction(actions, action));
    known.set(action, statements);
  }
  return statements;
}

/** Whether some action that is asked about is among those named. */
export function touchesAction({ patterns, except }: Names, action: string): boolean {
  if (!action.includes('*')) return patterns.some((pattern) => matchesWildcard(pattern, action)) !== except;
  return except ? isSatisfiable([[action]], patterns) : isSatisfiable([[action], patterns], []);
}

/** Whether anything is left of what these statements allow together once the denials are taken off. */
function isLeft(asked: Asked, allowing: readonly PolicyStatement[], denials: readonly PolicyStatement[]): boolean {
  const actions = new Space([[asked.action]]);
  const resources = new Space([asked.on, asked.own].filter((group) => group !== undefined));
  for (const statement of allowing) {
    actions.within(statement.actions);
    // An identity policy's statement has resources; one without says nothing of any.
    resources.within(statement.resources ?? { patterns: [], except: false });
  }
  for (const denial of denials) {
    if (isEveryResource(denial.resources)) actions.without(denial.actions);
    else if (actions.isInside(denial.actions)) resources.without(denial.resources ?? { patterns: [], except: false });
    // A denial of some of the actions on some of the resources leaves the others: it narrows nothing for certain.
  }
  return actions.isSomething() && resources.isSomething();
}

/** Texts that are in each of several groups of patterns and in none of the exceptions. */
class Space {
  readonly #groups: (readonly string[])[];
  readonly #exceptions: string[] = [];
  constructor(groups: readonly (readonly string[])[]) {
    this.#groups = [...groups];
  }
  within({ patterns, except }: Names): void {
    if (except) this.#exceptions.push(...patterns);
    else this.#groups.push(patterns);
  }
  without({ patterns, except }: Names): void {
    this.within({ patterns, except: !except });
  }
  isInside({ patterns, except }: Names): boolean {
    return except
      ? !isSatisfiable([...this.#groups, patterns], this.#exceptions)
      : !isSatisfiable(this.#groups, [...this.#exceptions, ...patterns]);
  }
  isSomething(): boolean {
    return isSatisfiable(this.#groups, this.#exceptions);
  }
}

const isEveryResource = (resources: Names | null) =>
  resources !== null && !resources.except && resources.patterns.some((pattern) => /^\*+$/.test(pattern));
const narrowing = ({ resources }: PolicyStatement): readonly string[] =>
  resources === null || resources.except || isEveryResource(resources) ? [] : resources.patterns;

/**
 * What is known of a principal whatever it asks for. Tags of a role are its session's, which may be others; a user's are his own.
 */
function contextOf(principal: Principal): StaticContext {
  const known = contexts.get(principal);
  if (known) return known;
  const values = new Map<string, string | null>([
    ['aws:principalarn', principal.arn],
    ['aws:principalaccount', principal.account],
    ['aws:principaltype', principal.kind === 'user' ? 'User' : 'AssumedRole'],
    ['aws:principalisawsservice', 'false'],
  ]);
  if (principal.kind === 'user') values.set('aws:username', principal.name);
  else values.set('aws:username', null);
  const context: StaticContext =
    principal.kind === 'user' && principal.tags !== null ? { values: new TaggedValues(values, principal.tags) } : { values };
  contexts.set(principal, context);
  return context;
}
const contexts = new WeakMap<Principal, StaticContext>();
export const staticContextOf = contextOf;

/** Tags of a user are all known, so one that is not there is known not to be. */
class TaggedValues extends Map<string, string | null> {
  readonly #tags: ReadonlyMap<string, string>;
  constructor(values: ReadonlyMap<string, string | null>, tags: Readonly<Record<string, string>>) {
    super(values);
    this.#tags = new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value]));
  }
  override get(key: string): string | null | undefined {
    const tag = /^aws:principaltag\/(.+)$/.exec(key)?.[1];
    return tag === undefined ? super.get(key) : (this.#tags.get(tag) ?? null);
  }
}

/**
 * Puts what is known in the place of variables. An unknown one is anything in what is allowed and nothing in what is denied, so that it
 * widens in both.
 */
function fillIn(statement: PolicyStatement, known: StaticContext): { statement: PolicyStatement; variables: readonly string[] } {
  const { resources } = statement;
  if (!statement.variables || resources === null || !resources.patterns.some((pattern) => pattern.includes('${')))
    return { statement, variables: [] };
  const unknown = new Set<string>();
  const widens = (statement.effect === 'Allow') !== resources.except;
  const patterns = resources.patterns.flatMap((pattern) => {
    let open = false;
    const filled = pattern.replaceAll(/\$\{([^}]*)\}/g, (_, inside: string) => {
      if (inside === '$') return '$';
      // `${*}` is a star that is meant. The search has no word for it: `?` lets it in, and more, which is only good where more is allowed.
      if (inside === '*' || inside === '?') {
        open ||= !widens;
        return '?';
      }
      const [, key = '', , fallback] = /^([^,\s]+)\s*(,\s*'([^']*)')?$/.exec(inside) ?? [];
      const value = known.values.get(key.toLowerCase());
      if (value !== undefined && value !== null) return value;
      if (value === null && fallback !== undefined) return fallback;
      unknown.add(`policy variable ${key === '' ? inside : key}`);
      open = true;
      return '*';
    });
    return open && !widens ? [] : [filled];
  });
  return { statement: { ...statement, resources: { ...resources, patterns } }, variables: [...unknown].sort() };
}

/**
 * Services all of whose resources have the service's own ARNs, so that a statement about buckets gives nothing on trails. Services that
 * act on others' resources are not here: nothing is taken off where it is not certain.
 */
function ownResources(action: string, partition: string): readonly string[] | undefined {
  const service = action.slice(0, action.indexOf(':')).toLowerCase();
  if (service === 'sts') return [`arn:${partition}:iam::*`, `arn:${partition}:sts:*`];
  return selfContained.has(service) ? [`arn:${partition}:${service}:*`] : undefined;
}
const selfContained = new Set([
  'cloudtrail',
  'dynamodb',
  'ec2',
  'guardduty',
  'iam',
  'kms',
  'lambda',
  'logs',
  'organizations',
  'rds',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
]);
