import {
  defineCollector,
  type ItemView,
  type JsonObject,
  type Reading,
  type ResourceDraft,
  read,
  unread,
  z,
} from '../../../src/authoring.ts';
import type { OktaClient } from '../client.ts';
import { itemsOf } from '../replies.ts';
import { IdpFactor, IdpUser } from './resource.ts';

const present = 'GET /api/v1/users';
const deactivated = 'GET /api/v1/users?filter=status eq "DEPROVISIONED"';
const factors = 'GET /api/v1/users/{userId}/factors';

/** Okta's words and ours. `PROVISIONED`, `RECOVERY` and `PASSWORD_EXPIRED` let one in as soon as he has set his password. */
const statuses = {
  STAGED: 'staged',
  PROVISIONED: 'active',
  ACTIVE: 'active',
  RECOVERY: 'active',
  PASSWORD_EXPIRED: 'active',
  LOCKED_OUT: 'locked',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
} as const;
const statusWords = Object.keys(statuses) as [keyof typeof statuses, ...(keyof typeof statuses)[]];
const live = new Set<string>(['active', 'locked']);

/** Factors that are bound to the address they were made for. */
const resistant = new Set(['webauthn', 'u2f', 'signed_nonce']);
/** Another thing one knows, or the mail box that also resets the password: no second factor. */
const notSecond = new Set(['question', 'email', 'password']);

const text = z.string().nullish();
const User = z.object({
  id: z.string(),
  status: z.enum(statusWords),
  created: text,
  activated: text,
  statusChanged: text,
  lastLogin: text,
  passwordChanged: text,
  profile: z.object({
    login: z.string(),
    email: text,
    firstName: text,
    lastName: text,
    displayName: text,
    employeeNumber: text,
    title: text,
    department: text,
    manager: text,
    managerId: text,
    userType: text,
  }),
  credentials: z
    .object({
      provider: z.object({ type: z.string() }).optional(),
      emails: z.array(z.object({ value: z.string(), status: z.string(), type: z.string() })).optional(),
    })
    .optional(),
});
type User = z.output<typeof User>;
const Factors = z.object({
  items: z.array(z.object({ id: z.string(), factorType: z.string(), provider: z.string(), status: z.string(), created: text })),
});
type Factor = z.output<typeof Factors>['items'][number];

const userRule = {
  list: 'items',
  key: 'id',
  keep: [
    ...['id', 'status', 'created', 'activated', 'statusChanged', 'lastLogin', 'lastUpdated', 'passwordChanged'],
    // What an access review matches people by; telephone numbers, postal addresses and the second, private address stay out.
    ...['login', 'email', 'firstName', 'lastName', 'displayName', 'employeeNumber', 'title'].map((name) => `profile.${name}`),
    ...['department', 'manager', 'managerId', 'userType'].map((name) => `profile.${name}`),
    ...['credentials.provider.type', 'credentials.emails.value', 'credentials.emails.status', 'credentials.emails.type'],
  ],
  volatile: ['lastLogin', 'lastUpdated'],
};

export default defineCollector<OktaClient>({
  id: 'okta/users',
  title: 'Users and their second factors',
  kind: 'roster',
  scope: 'organisation',
  yields: [IdpUser, IdpFactor],
  permissions: ['okta.users.read'],
  items: {
    [present]: userRule,
    [deactivated]: userRule,
    // One item per user, so that one who could not be asked about leaves the others known. What is behind a factor (a number, a device) stays out.
    [factors]: {
      namesSubjects: false,
      keep: ['items.id', 'items.factorType', 'items.provider', 'items.status', 'items.created'],
      split: (output, reply) => {
        if (!Array.isArray(output['items'])) throw new TypeError('factors are no list');
        return [{ subject: reply.subject ?? '', body: { items: output['items'] } }];
      },
    },
  },
  async *collect(client) {
    const asked: string[] = [];
    for await (const reply of client.pages(present)) {
      yield reply;
      asked.push(...itemsOf(reply.output).flatMap(liveIds));
    }
    yield* client.pages(deactivated);
    yield* client.each(asked, async (userId) => [await client.call(factors, { userId }, { subject: userId })]);
  },
  normalise(view) {
    // A user may be deactivated between the two lists; the later one is then right.
    const users = new Map(view.list(present, User).map(({ body }) => [body.id, body]));
    for (const { body } of view.list(deactivated, User)) users.set(body.id, body);
    return [...users.values()].flatMap((user) => draftsOf(view, user));
  },
});

function liveIds(user: JsonObject): string[] {
  const status = statuses[user['status'] as keyof typeof statuses];
  return typeof user['id'] === 'string' && live.has(status) ? [user['id']] : [];
}

function draftsOf(view: ItemView, user: User): ResourceDraft[] {
  const { profile, credentials } = user;
  const status = statuses[user.status];
  const enrolled: Reading<Factor[] | null> = live.has(status)
    ? read(view.part(factors, user.id, Factors), (found) => found?.items ?? unread('malformed-reply'))
    : null;
  const primary = credentials?.emails?.find(({ type }) => type === 'PRIMARY');
  const names = [profile.firstName, profile.lastName].filter((part) => part !== undefined && part !== null && part !== '');
  const drafts: ResourceDraft[] = [
    IdpUser.draft(
      { id: view.id('user', user.id), display: profile.login },
      {
        userId: user.id,
        login: profile.login,
        name: profile.displayName ?? names.join(' '),
        emails: profile.email ? [profile.email] : [],
        emailVerified: primary === undefined ? unread('not-collected') : primary.status === 'VERIFIED',
        status,
        live: live.has(status),
        createdAt: user.created ?? unread('malformed-reply'),
        activatedAt: user.activated ?? null,
        statusChangedAt: user.statusChanged ?? null,
        lastLogin: user.lastLogin ?? null,
        passwordChangedAt: user.passwordChanged ?? null,
        credentialsFrom: credentials?.provider?.type ?? unread('malformed-reply'),
        employeeNumber: profile.employeeNumber ?? null,
        title: profile.title ?? null,
        department: profile.department ?? null,
        manager: profile.manager ?? null,
        managerId: profile.managerId ?? null,
        userType: profile.userType ?? null,
        factors: read(enrolled, (all) =>
          all === null
            ? null
            : all
                .filter(isSecond)
                .map(factOf)
                .sort((one, other) => (one.kind < other.kind ? -1 : 1)),
        ),
      },
    ),
  ];
  if (!Array.isArray(enrolled)) return drafts;
  for (const factor of enrolled) {
    drafts.push(
      IdpFactor.draft(
        { id: view.id('factor', user.id, factor.id), display: `${factor.factorType} of ${profile.login}` },
        { userId: user.id, login: profile.login, ...factOf(factor), active: factor.status === 'ACTIVE', createdAt: factor.created ?? null },
      ),
    );
  }
  return drafts;
}

function isSecond({ factorType, status }: Factor): boolean {
  return status === 'ACTIVE' && !notSecond.has(factorType);
}
function factOf({ factorType, provider }: Factor) {
  return { kind: factorType, provider, phishingResistant: resistant.has(factorType) };
}
