import { defineCollector, type ItemRule, type ItemView, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { OktaClient } from '../client.ts';
import { idsIn } from '../replies.ts';
import { IdpPolicy } from './resource.ts';

const kinds = {
  'GET /api/v1/policies?type=OKTA_SIGN_ON': 'session',
  'GET /api/v1/policies?type=ACCESS_POLICY': 'application',
  'GET /api/v1/policies?type=PASSWORD': 'password',
  'GET /api/v1/policies?type=MFA_ENROLL': 'enrolment',
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];
const ofApplications = 'GET /api/v1/policies?type=ACCESS_POLICY';
const rules = 'GET /api/v1/policies/{policyId}/rules';

const count = z.int().nonnegative();
const Policy = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  priority: z.int().optional(),
  settings: z
    .object({
      password: z
        .object({
          complexity: z
            .object({ minLength: count, minLowerCase: count, minUpperCase: count, minNumber: count, minSymbol: count })
            .optional(),
          age: z.object({ maxAgeDays: count, historyCount: count }).optional(),
          lockout: z.object({ maxAttempts: count }).optional(),
        })
        .optional(),
    })
    .nullish(),
});
type Policy = z.output<typeof Policy>;
const Rule = z.object({
  name: z.string(),
  status: z.enum(['ACTIVE', 'INACTIVE']),
  priority: z.int().nullish(),
  system: z.boolean().optional(),
  actions: z.object({
    signon: z
      .object({
        access: z.enum(['ALLOW', 'DENY', 'CHALLENGE']),
        requireFactor: z.boolean().optional(),
        session: z.object({ maxSessionIdleMinutes: count.nullish(), maxSessionLifetimeMinutes: count.nullish() }).nullish(),
      })
      .optional(),
    appSignOn: z
      .object({
        access: z.enum(['ALLOW', 'DENY']),
        verificationMethod: z
          .object({ type: z.string(), factorMode: z.string().optional(), chains: z.array(z.unknown()).optional() })
          .nullish(),
      })
      .optional(),
  }),
});
type Rule = z.output<typeof Rule>;
const Rules = z.object({ items: z.array(Rule) });

const policyRule: ItemRule = {
  list: 'items',
  key: 'id',
  keep: ['id', 'name', 'status', 'priority', 'system', 'type', 'created', 'lastUpdated', 'conditions', 'settings'],
};

export default defineCollector<OktaClient>({
  id: 'okta/policies',
  title: 'Policies of sign-in, passwords and enrolment',
  kind: 'state',
  scope: 'organisation',
  yields: [IdpPolicy],
  permissions: ['okta.policies.read'],
  items: {
    ...Object.fromEntries(Object.keys(kinds).map((operation) => [operation, policyRule])),
    [rules]: {
      namesSubjects: false,
      keep: ['items.id', 'items.name', 'items.status', 'items.priority', 'items.system', 'items.conditions', 'items.actions'],
      split: (output, reply) => {
        if (!Array.isArray(output['items'])) throw new TypeError('rules are no list');
        return [{ subject: reply.subject ?? '', body: { items: output['items'] } }];
      },
    },
  },
  async *collect(client) {
    const found: string[] = [];
    for (const operation of Object.keys(kinds)) {
      // Before the Identity Engine applications have no such policies, and Okta refuses the question.
      if (operation === ofApplications && client.settings['pipeline'] === 'v1') continue;
      for await (const reply of client.pages(operation)) {
        yield reply;
        found.push(...idsIn(reply));
      }
    }
    yield* client.each(found, async (policyId) => [await client.call(rules, { policyId }, { subject: policyId })]);
  },
  normalise: (view) =>
    Object.entries(kinds).flatMap(([operation, kind]) => view.each(operation, Policy, (policy) => draftOf(view, kind, policy))),
});

function draftOf(view: ItemView, kind: Kind, policy: Policy) {
  const { pipeline } = view.settings;
  return IdpPolicy.draft(
    { id: view.id('policy', policy.id), display: policy.name },
    {
      policyId: policy.id,
      name: policy.name,
      kind,
      active: policy.status === 'ACTIVE',
      priority: policy.priority ?? unread('malformed-reply'),
      decidesSecondFactor:
        kind === 'application'
          ? true
          : kind !== 'session'
            ? false
            : pipeline === 'v1' || pipeline === 'idx'
              ? pipeline === 'v1'
              : unread('malformed-reply'),
      rules: read(view.part(rules, policy.id, Rules), (found) => (found === null ? unread('malformed-reply') : rulesOf(kind, found.items))),
      password: kind === 'password' ? passwordOf(policy) : null,
    },
  );
}

/** In the order in which Okta asks them: the one that comes with the policy is last. */
function rulesOf(
  kind: Kind,
  all: readonly Rule[],
): Reading<
  { name: string; allows: boolean; asksForSecondFactor: boolean | null; sessionMinutes: number | null; idleMinutes: number | null }[]
> {
  const order = ({ priority, system }: Rule) => (system === true ? Number.MAX_SAFE_INTEGER : (priority ?? 0));
  const made: {
    name: string;
    allows: boolean;
    asksForSecondFactor: boolean | null;
    sessionMinutes: number | null;
    idleMinutes: number | null;
  }[] = [];
  for (const rule of [...all].sort((one, other) => order(one) - order(other))) {
    if (rule.status !== 'ACTIVE') continue;
    const { signon, appSignOn } = rule.actions;
    const none = { sessionMinutes: null, idleMinutes: null };
    if (kind === 'session') {
      if (signon === undefined) return unread('malformed-reply');
      const allows = signon.access !== 'DENY';
      if (allows && signon.requireFactor === undefined) return unread('malformed-reply');
      made.push({
        name: rule.name,
        allows,
        asksForSecondFactor: allows ? signon.requireFactor === true : null,
        // Okta writes 0 for "no limit".
        sessionMinutes: signon.session?.maxSessionLifetimeMinutes || null,
        idleMinutes: signon.session?.maxSessionIdleMinutes || null,
      });
    } else if (kind === 'application') {
      if (appSignOn === undefined) return unread('malformed-reply');
      const asks = appSignOn.access === 'DENY' ? null : asksForTwo(appSignOn.verificationMethod ?? undefined);
      if (asks === undefined) return unread('malformed-reply');
      made.push({ name: rule.name, allows: appSignOn.access !== 'DENY', asksForSecondFactor: asks, ...none });
    } else {
      made.push({ name: rule.name, allows: false, asksForSecondFactor: null, ...none });
    }
  }
  return made;
}

/** Undefined: a way of asking that is not known here, and may ask for anything. */
function asksForTwo(
  method: { type: string; factorMode?: string | undefined; chains?: unknown[] | undefined } | undefined,
): boolean | undefined {
  if (method?.type === 'ASSURANCE' && (method.factorMode === '1FA' || method.factorMode === '2FA')) return method.factorMode === '2FA';
  // Chains of methods: each has to go on after its first.
  if (method?.type === 'AUTH_METHOD_CHAIN' && method.chains !== undefined && method.chains.length > 0)
    return method.chains.every(
      (chain) => typeof chain === 'object' && chain !== null && 'next' in chain && Array.isArray(chain.next) && chain.next.length > 0,
    );
  return undefined;
}

function passwordOf({ settings }: Policy) {
  const { complexity, age, lockout } = settings?.password ?? {};
  if (complexity === undefined || age === undefined || lockout === undefined) return unread('malformed-reply');
  return {
    minLength: complexity.minLength,
    lowerCase: complexity.minLowerCase > 0,
    upperCase: complexity.minUpperCase > 0,
    numbers: complexity.minNumber > 0,
    symbols: complexity.minSymbol > 0,
    history: age.historyCount,
    maxAgeDays: age.maxAgeDays,
    lockoutAttempts: lockout.maxAttempts,
  };
}
