import { createHash } from 'node:crypto';
import { schema as published } from '@octokit/graphql-schema';
import { buildASTSchema, type DocumentNode, executeSync, type GraphQLSchema, parse, validate } from 'graphql';

/**
 * A GitHub in memory: a described organisation that answers as GitHub's published schemas say. GraphQL is executed against the schema
 * GitHub publishes, so a query that is not valid there, or a reply that the schema does not allow, fails. REST answers have the
 * members that GitHub's OpenAPI description names. It tells owners, members and strangers what GitHub tells them.
 */
export interface World {
  organisation: { id: number; login: string; settings: Record<string, unknown> };
  /** Who asks. */
  viewer: { owner: boolean; member: boolean; repositoryAdmin: boolean };
  members: Person[];
  outside: (Person & { grants?: Record<string, string> })[];
  teams: Team[];
  repositories: Repository[];
  rulesets: Ruleset[];
  actions: { enabled: string; allowed: string; selected?: Record<string, unknown>; token: 'read' | 'write'; approve: boolean };
  secretAlerts: Record<string, unknown>[];
  dependabotAlerts: Record<string, unknown>[];
  /** Entries of the audit log, oldest first; null: the plan has none. */
  auditLog: Record<string, unknown>[] | null;
  ruleSuites: Record<string, unknown>[];
  /** Of each ruleset of the organisation. */
  rulesetVersions: Record<string, unknown>[];
}
export interface Person {
  login: string;
  id: number;
  role?: 'admin' | 'member';
  factor: 'secure' | 'insecure' | 'none';
}
export interface Team {
  slug: string;
  parent?: string;
  members: { login: string; role: 'MEMBER' | 'MAINTAINER' }[];
  repositories: { name: string; permission: string }[];
}
export interface Classic {
  pattern: string;
  admins?: boolean;
  reviews?: { count: number; stale?: boolean; lastPush?: boolean; owners?: boolean; bypass?: Actor[] };
  checks?: string[];
  forcePush?: boolean;
  forcePushBypass?: Actor[];
  deletions?: boolean;
}
export type Actor = { __typename: 'App' | 'Team'; slug: string } | { __typename: 'User'; login: string };
export interface Ruleset {
  id: number;
  name: string;
  enforcement?: 'ACTIVE' | 'EVALUATE' | 'DISABLED';
  /** Names of branches, or all. */
  branches?: string[];
  rules: { type: string; parameters?: Record<string, unknown> }[];
  bypass?: Record<string, unknown>[];
}
export interface Repository {
  name: string;
  id: number;
  visibility?: 'PUBLIC' | 'PRIVATE' | 'INTERNAL';
  archived?: boolean;
  fork?: boolean;
  empty?: boolean;
  default?: string;
  branches?: Record<string, { classic?: Classic }>;
  rulesets?: Ruleset[];
  environments?: { id: number; name: string; reviewers?: string[]; preventSelfReview?: boolean; adminsBypass?: boolean; wait?: number }[];
  alerts?: boolean;
  security?: Record<string, { status: string }>;
  actions?: { enabled: boolean; token: 'read' | 'write'; approve: boolean };
  /** What branches hold, newest first. */
  commits?: Record<string, Commit[]>;
  pulls?: Pull[];
  /** Text of files at the head of the default branch, by path; null: a directory. */
  files?: Record<string, string | null>;
  /** What GitHub cannot use of the CODEOWNERS file. */
  codeownersErrors?: { kind: string; line: number }[];
}
/** Whom a commit names: a login of the organisation, or an identity of no account. */
export type Writer = string | { name: string; email: string };
export interface Commit {
  oid: string;
  at: string;
  /** The first one is the author, the others come from trailers. */
  authors: Writer[];
  /** `github`: made by a button of GitHub's; default: the author. */
  committer?: Writer | 'github';
  parents?: number;
  /** Numbers of the pull requests that GitHub names with it. */
  pulls?: number[];
}
export interface Pull {
  number: number;
  base: string;
  /** The branch it went into is not there any more. */
  baseGone?: boolean;
  state?: 'OPEN' | 'CLOSED' | 'MERGED';
  mergedAt: string | null;
  mergeCommit?: string;
  author: string | null;
  /** Default: the author. */
  mergedBy?: string | null;
  commits: Commit[];
  reviews?: {
    by: string | null;
    state: string;
    at: string | null;
    commit: string | null;
    dismissed?: { from: string; at: string; by: string };
  }[];
  checks?: object[] | null;
}

export interface WorldRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Of a GraphQL request. */
  readonly graphql?: { readonly name: string; readonly query: string; readonly variables: Record<string, unknown> };
}
export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
}
/** Answers instead of the world; undefined lets it answer. */
export type Fault = (request: WorldRequest, answer: () => Answer) => Answer | undefined;

export interface Server {
  readonly world: World;
  /** Every request in order, GraphQL as `graphql:<first selected field path>`. */
  readonly requests: WorldRequest[];
  fault: Fault | undefined;
  readonly fetch: typeof fetch;
  handle(method: string, url: URL, headers: Headers, body: string): Answer;
}

let schema: GraphQLSchema | undefined;
/** The schema as GitHub publishes it; it has fields twice, which its own server does not mind either. */
export function publishedSchema(): GraphQLSchema {
  schema ??= buildASTSchema(parse(published.idl, { noLocation: true }), { assumeValidSDL: true });
  return schema;
}

export const nodeId = (kind: string, id: number) => `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
export const base = 'https://api.github.com';

export function createServer(world: World, options: { baseUrl?: string } = {}): Server {
  const requests: WorldRequest[] = [];
  const baseUrl = new URL(options.baseUrl ?? base);
  const server: Server = {
    world,
    requests,
    fault: undefined,
    handle(method, url, headers, body) {
      const prefix = baseUrl.pathname.replace(/\/$/, '');
      const path = url.pathname.slice(prefix.length);
      const graphql = path === '/graphql' ? asked(body) : undefined;
      const request: WorldRequest = { method, path, query: url.searchParams, headers, ...(graphql ? { graphql } : {}) };
      requests.push(request);
      const answer = () => (graphql ? answerGraphql(world, graphql) : answerRest(world, request, new URL(`${url.origin}${prefix}`)));
      const given = server.fault?.(request, answer) ?? answer();
      return withEtag(given, headers);
    },
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const answer = server.handle(init?.method ?? 'GET', url, new Headers(init?.headers), String(init?.body ?? ''));
      return toResponse(answer);
    },
  };
  return server;
}

export function toResponse(answer: Answer): Response {
  const text = answer.body === undefined ? null : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const headers = {
    date: 'Thu, 15 Jan 2026 12:00:00 GMT',
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': 'A1B2:3C4D',
    ...answer.headers,
  };
  return new Response([204, 304].includes(answer.status) ? null : text, { status: answer.status, headers });
}

function withEtag(answer: Answer, headers: Headers): Answer {
  if (answer.status !== 200 || typeof answer.body === 'string' || answer.headers?.['etag'] !== undefined) return answer;
  const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex')}"`;
  if (headers.get('if-none-match') === etag) return { status: 304, headers: { etag } };
  return { ...answer, headers: { ...answer.headers, etag } };
}

function asked(body: string): NonNullable<WorldRequest['graphql']> {
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
  return { name: query, query, variables };
}

// --- GraphQL -------------------------------------------------------------------------------------------------------------------

type Args = { first?: number; after?: string | null; query?: string | null; affiliation?: string };
function connection<T extends object>(list: readonly T[], edge: (item: T) => object = () => ({})) {
  return ({ first = 30, after }: Args) => {
    const from = after ? Number(Buffer.from(after, 'base64url').toString()) : 0;
    const page = list.slice(from, from + first);
    const end = from + page.length;
    return {
      totalCount: list.length,
      pageInfo: { hasNextPage: end < list.length, endCursor: page.length === 0 ? null : Buffer.from(String(end)).toString('base64url') },
      nodes: page,
      edges: page.map((node) => ({ node, ...edge(node) })),
    };
  };
}

/** Parsed and validated once per text: the schema is large. */
const documents = new Map<string, { readonly document: DocumentNode; readonly invalid: readonly string[] }>();
function answerGraphql(world: World, request: NonNullable<WorldRequest['graphql']>): Answer {
  let known = documents.get(request.query);
  if (!known) {
    const document = parse(request.query);
    known = { document, invalid: validate(publishedSchema(), document).map((error) => error.message) };
    documents.set(request.query, known);
  }
  const { document, invalid } = known;
  if (invalid.length > 0)
    return { status: 200, body: { errors: invalid.map((message) => ({ message, extensions: { code: 'undefinedField' } })) } };
  const { data, errors } = executeSync({ schema: publishedSchema(), document, variableValues: request.variables, rootValue: root(world) });
  return { status: 200, body: JSON.parse(JSON.stringify(errors ? { data, errors } : { data })) };
}

function root(world: World) {
  const people = new Map([...world.members, ...world.outside].map((person) => [person.login, userNode(person)]));
  const repositories = world.repositories.map((repository) => repositoryNode(world, repository));
  const byName = new Map(repositories.map((repository) => [repository.nameWithOwner, repository]));
  const teams = world.teams.map((team, index) => teamNode(world, team, index, people, byName));
  for (const [index, team] of teams.entries()) {
    const parent = world.teams.findIndex(({ slug }) => slug === world.teams[index]?.parent);
    team.parentTeam = parent === -1 ? null : (teams[parent] as never);
  }
  return {
    organization: ({ login }: { login: string }) => {
      if (login.toLowerCase() !== world.organisation.login.toLowerCase()) return null;
      return {
        id: nodeId('O', world.organisation.id),
        databaseId: world.organisation.id,
        viewerIsAMember: world.viewer.member,
        viewerCanAdminister: world.viewer.owner,
        membersWithRole: connection(world.members.map(userNode)),
        repositories: connection(repositories),
        teams: connection(teams),
        rulesets: connection(world.rulesets.map((ruleset) => rulesetNode(ruleset, organisationSource(world), world.viewer.owner))),
      };
    },
    node: ({ id }: { id: string }) => [...repositories, ...teams].find((node) => node.id === id) ?? null,
    nodes: ({ ids }: { ids: string[] }) => {
      const pulls = new Map(
        world.repositories.flatMap((repository) =>
          (repository.pulls ?? []).map((pull) => [pullId(repository, pull), pullNode(world, repository, pull)]),
        ),
      );
      return ids.map((id) => pulls.get(id) ?? null);
    },
    search: ({ query }: { query: string }) => {
      const [, base, since = '', until = ''] = /^org:\S+ is:pr is:merged base:"([^"]*)" merged:(\S+)\.\.(\S+)$/.exec(query) ?? [];
      const merged = world.repositories
        .flatMap(({ pulls }) => pulls ?? [])
        .filter((pull) => pull.base === base && pull.mergedAt !== null && pull.mergedAt >= since && pull.mergedAt <= until);
      return { issueCount: merged.length };
    },
  };
}

/** Accounts that are not members: bots by their login's ending. */
function accountNode(world: World, login: string | null) {
  if (login === null) return null;
  const person = [...world.members, ...world.outside].find((one) => one.login === login);
  if (person) return userNode(person);
  return login.endsWith('[bot]')
    ? { __typename: 'Bot', id: `BOT_${login}`, login: login.replace('[bot]', '') }
    : { __typename: 'User', id: `U_${login}`, login };
}
function gitActor(world: World, writer: Writer | 'github') {
  if (writer === 'github')
    return { name: 'GitHub', email: 'noreply@github.com', user: { __typename: 'User', id: 'U_webflow', login: 'web-flow' } };
  if (typeof writer !== 'string') return { ...writer, user: null };
  const user = writer.endsWith('[bot]') ? null : accountNode(world, writer);
  return { name: writer, email: user === null ? `1+${writer}@users.noreply.github.com` : `${writer}@acme.example`, user };
}
const pullId = (repository: Repository, pull: Pull) => `PR_${repository.id}_${pull.number}`;
function pullNode(world: World, repository: Repository, pull: Pull): Record<string, unknown> {
  const { mergedAt } = pull;
  const state = pull.state ?? (mergedAt === null ? 'OPEN' : 'MERGED');
  const head = pull.commits.at(-1)?.oid ?? '';
  const reviews = (pull.reviews ?? []).map((review, index) => ({
    __typename: 'PullRequestReview',
    id: `PRR_${repository.id}_${pull.number}_${index}`,
    state: review.state,
    submittedAt: review.at,
    author: accountNode(world, review.by),
    commit: review.commit === null ? null : { oid: review.commit },
  }));
  const contexts = pull.checks === undefined ? [check('build', mergedAt ?? '2026-01-14T09:00:00Z')] : pull.checks;
  return {
    __typename: 'PullRequest',
    id: pullId(repository, pull),
    number: pull.number,
    title: `Change ${pull.number}`,
    state,
    mergedAt,
    baseRefName: pull.base,
    baseRef: pull.baseGone ? null : { name: pull.base },
    headRefOid: head,
    mergeCommit: pull.mergeCommit === undefined ? null : { oid: pull.mergeCommit },
    repository: { id: nodeId('R', repository.id) },
    author: accountNode(world, pull.author),
    mergedBy: mergedAt === null ? null : accountNode(world, pull.mergedBy === undefined ? pull.author : pull.mergedBy),
    reviews: connection(reviews),
    timelineItems: connection(
      (pull.reviews ?? []).flatMap(({ dismissed }, index) =>
        dismissed
          ? [
              {
                __typename: 'ReviewDismissedEvent',
                createdAt: dismissed.at,
                previousReviewState: dismissed.from,
                actor: accountNode(world, dismissed.by),
                review: reviews[index],
              },
            ]
          : [],
      ),
    ),
    commits: (args: Args & { last?: number }) => {
      const nodes = pull.commits.map((commit) => ({ commit: commitNode(world, repository, commit, contexts) }));
      return args.last === undefined ? connection(nodes)(args) : { ...connection(nodes)({ first: 100 }), nodes: nodes.slice(-args.last) };
    },
  };
}
/** A check that ended well a minute before. */
export function check(name: string, before: string, change: object = {}): object {
  const at = (minutes: number) => new Date(Date.parse(before) - minutes * 60_000).toISOString().replace('.000Z', 'Z');
  return { __typename: 'CheckRun', name, status: 'COMPLETED', conclusion: 'SUCCESS', startedAt: at(10), completedAt: at(1), ...change };
}
function commitNode(world: World, repository: Repository, commit: Commit, contexts: object[] | null = null): Record<string, unknown> {
  const committer = commit.committer ?? commit.authors[0]!;
  return {
    __typename: 'Commit',
    id: `C_${repository.id}_${commit.oid}`,
    oid: commit.oid,
    messageHeadline: `Commit ${commit.oid}`,
    committedDate: commit.at,
    committedViaWeb: committer === 'github',
    committer: gitActor(world, committer),
    authors: connection(commit.authors.map((writer) => gitActor(world, writer))),
    parents: { totalCount: commit.parents ?? 1 },
    associatedPullRequests: connection(
      (repository.pulls ?? []).filter(({ number }) => commit.pulls?.includes(number)).map((pull) => pullNode(world, repository, pull)),
    ),
    statusCheckRollup: contexts === null ? null : { contexts: connection(contexts) },
  };
}
/** The head of a branch, from which its history is read. */
function headNode(world: World, repository: Repository, branch: string) {
  const commits = repository.commits?.[branch] ?? [];
  return {
    __typename: 'Commit',
    oid: commits[0]?.oid ?? `head-of-${branch}`,
    history: (args: Args & { since?: string; until?: string }) =>
      connection(
        commits
          .filter(({ at }) => (args.since === undefined || at >= args.since) && (args.until === undefined || at <= args.until))
          .map((commit) => commitNode(world, repository, commit)),
      )(args),
  };
}

const userNode = (person: Person) => ({ __typename: 'User', id: nodeId('U', person.id), databaseId: person.id, login: person.login });
const organisationSource = (world: World) => ({ __typename: 'Organization', login: world.organisation.login });

function teamNode(
  world: World,
  team: Team,
  index: number,
  people: ReadonlyMap<string, ReturnType<typeof userNode>>,
  repositories: ReadonlyMap<string, ReturnType<typeof repositoryNode>>,
) {
  const roles = new Map(team.members.map(({ login, role }) => [login, role]));
  const permissions = new Map(team.repositories.map(({ name, permission }) => [`${world.organisation.login}/${name}`, permission]));
  return {
    __typename: 'Team',
    id: nodeId('T', index + 1),
    databaseId: index + 1,
    name: team.slug,
    slug: team.slug,
    privacy: 'VISIBLE',
    parentTeam: null,
    members: connection(
      team.members.map(({ login }) => people.get(login)!),
      (node) => ({ role: roles.get(node.login) }),
    ),
    repositories: connection(
      team.repositories.map(({ name }) => repositories.get(`${world.organisation.login}/${name}`)!),
      (node) => ({ permission: permissions.get(node.nameWithOwner) }),
    ),
  };
}

function repositoryNode(world: World, repository: Repository) {
  const nameWithOwner = `${world.organisation.login}/${repository.name}`;
  const admin = world.viewer.repositoryAdmin;
  const source = { __typename: 'Repository', nameWithOwner };
  const main = repository.default ?? 'main';
  const branches = repository.branches ?? { [main]: {} };
  const ref = (name: string) => {
    const classic = branches[name]?.classic;
    const applying = [
      ...world.rulesets.map((ruleset) => ({ ruleset, from: organisationSource(world), administered: world.viewer.owner })),
      ...(repository.rulesets ?? []).map((ruleset) => ({ ruleset, from: source, administered: admin })),
    ].filter(
      ({ ruleset }) =>
        (ruleset.enforcement ?? 'ACTIVE') === 'ACTIVE' && (ruleset.branches === undefined || ruleset.branches.includes(name)),
    );
    return {
      __typename: 'Ref',
      prefix: 'refs/heads/',
      name,
      target: headNode(world, repository, name),
      // To whoever is not an administrator GitHub answers null here, whether there is a rule or not.
      branchProtectionRule: classic && admin ? classicNode(classic) : null,
      rules: connection(
        applying.flatMap(({ ruleset, from, administered }) =>
          ruleset.rules.map((rule) => ({
            type: rule.type,
            parameters: rule.parameters === undefined ? null : { __typename: parametersOf[rule.type], ...rule.parameters },
            repositoryRuleset: rulesetNode(ruleset, from, administered),
          })),
        ),
      ),
    };
  };
  const outside = world.outside.filter((person) => person.grants?.[repository.name] !== undefined);
  return {
    __typename: 'Repository',
    id: nodeId('R', repository.id),
    databaseId: repository.id,
    nameWithOwner,
    visibility: repository.visibility ?? 'PRIVATE',
    isArchived: repository.archived ?? false,
    isFork: repository.fork ?? false,
    isDisabled: false,
    isEmpty: repository.empty ?? false,
    isTemplate: false,
    viewerCanAdminister: admin,
    createdAt: '2024-01-01T00:00:00Z',
    pushedAt: '2026-01-14T00:00:00Z',
    updatedAt: '2026-01-14T00:00:00Z',
    forkingAllowed: false,
    deleteBranchOnMerge: true,
    webCommitSignoffRequired: false,
    hasVulnerabilityAlertsEnabled: admin && (repository.alerts ?? true),
    isSecurityPolicyEnabled: true,
    defaultBranchRef: repository.empty ? null : ref(main),
    refs: ({ query, ...args }: Args) =>
      connection(
        Object.keys(branches)
          .filter((name) => !query || name.includes(query))
          .map(ref),
      )(args),
    object: ({ oid, expression }: { oid?: string; expression?: string }) =>
      expression === undefined
        ? (Object.keys(branches)
            .map((name) => headNode(world, repository, name))
            .find((head) => head.oid === oid) ?? null)
        : fileNode(repository, expression.replace(/^HEAD:/, '')),
    codeowners: Object.keys(repository.files ?? {}).some((path) => path.endsWith('CODEOWNERS'))
      ? { errors: repository.codeownersErrors ?? [] }
      : null,
    rulesets: connection((repository.rulesets ?? []).map((ruleset) => rulesetNode(ruleset, source, admin))),
    environments: connection(
      (repository.environments ?? []).map((environment) => ({
        id: nodeId('EN', environment.id),
        databaseId: environment.id,
        name: environment.name,
        protectionRules: connection([
          ...(environment.reviewers
            ? [{ type: 'REQUIRED_REVIEWERS', timeout: 43_200, preventSelfReview: environment.preventSelfReview ?? false }]
            : []),
          ...(environment.wait ? [{ type: 'WAIT_TIMER', timeout: environment.wait, preventSelfReview: false }] : []),
        ]),
      })),
    ),
    collaborators: ({ affiliation, ...args }: Args) =>
      affiliation === 'OUTSIDE'
        ? connection(outside.map(userNode), (node) => ({
            permission: outside.find((person) => person.login === node.login)?.grants?.[repository.name],
          }))(args)
        : accessTo(world, repository)(args),
  };
}

const levels = ['READ', 'TRIAGE', 'WRITE', 'MAINTAIN', 'ADMIN'];
/** GitHub words the sources of what somebody may do by the four default permissions, with the role beside them. */
const defaultOf: Readonly<Record<string, string>> = { TRIAGE: 'READ', MAINTAIN: 'WRITE' };

/** Everybody who may do something in a repository: owners, who has it through a team, who was given it, and all members where the organisation gives it. */
function accessTo(world: World, repository: Repository) {
  const held = new Map<string, { person: Person; sources: { permission: string; source: object }[] }>();
  const give = (person: Person, permission: string, source: object) => {
    const entry = held.get(person.login) ?? { person, sources: [] };
    entry.sources.push({ permission, source });
    held.set(person.login, entry);
  };
  const organisation = organisationSource(world);
  const base = String(world.organisation.settings['default_repository_permission'] ?? 'none').toUpperCase();
  for (const member of world.members) {
    if (member.role === 'admin') give(member, 'ADMIN', organisation);
    else if (base !== 'NONE') give(member, base, organisation);
  }
  world.teams.forEach((team) => {
    const grant = team.repositories.find(({ name }) => name === repository.name);
    for (const { login } of grant === undefined ? [] : team.members) {
      const person = world.members.find((one) => one.login === login);
      if (person && grant) give(person, grant.permission, { __typename: 'Team', id: `T_${team.slug}`, slug: team.slug });
    }
  });
  const here = { __typename: 'Repository', nameWithOwner: repository.name };
  for (const person of world.outside) {
    const permission = person.grants?.[repository.name];
    if (permission !== undefined) give(person, permission, here);
  }
  const all = [...held.values()];
  return connection(
    all.map(({ person }) => userNode(person)),
    (node) => {
      const sources = all.find(({ person }) => person.login === node.login)?.sources ?? [];
      return {
        permission: levels[Math.max(...sources.map(({ permission }) => levels.indexOf(permission)))],
        permissionSources: sources.map(({ permission, source }) => ({
          permission: defaultOf[permission] ?? permission,
          roleName: permission.toLowerCase(),
          source,
        })),
      };
    },
  );
}

function fileNode({ files = {} }: Repository, path: string) {
  const text = files[path];
  if (text === undefined) return null;
  if (text === null) return { __typename: 'Tree', id: `T_${path}` };
  return { __typename: 'Blob', id: `B_${path}`, isTruncated: false, isBinary: false, byteSize: Buffer.byteLength(text), text };
}

const parametersOf: Readonly<Record<string, string>> = {
  PULL_REQUEST: 'PullRequestParameters',
  REQUIRED_STATUS_CHECKS: 'RequiredStatusChecksParameters',
  WORKFLOWS: 'WorkflowsParameters',
};

function rulesetNode(ruleset: Ruleset, source: object, administered: boolean) {
  const bypass = (ruleset.bypass ?? []).map((actor) => ({
    bypassMode: 'ALWAYS',
    deployKey: false,
    enterpriseOwner: false,
    organizationAdmin: false,
    repositoryRoleName: null,
    actor: null,
    ...actor,
  }));
  return {
    __typename: 'RepositoryRuleset',
    id: nodeId('RRS', ruleset.id),
    databaseId: ruleset.id,
    name: ruleset.name,
    enforcement: ruleset.enforcement ?? 'ACTIVE',
    target: 'BRANCH',
    createdAt: '2025-01-01T00:00:00Z',
    updatedAt: '2025-06-01T00:00:00Z',
    source,
    conditions: {
      refName: { include: ruleset.branches ?? ['~ALL'], exclude: [] },
      repositoryName: null,
      repositoryId: null,
      repositoryProperty: null,
    },
    rules: connection(ruleset.rules.map(({ type }) => ({ type }))),
    // What GitHub shows to whoever may not change the ruleset: as many as there are, and none of them.
    bypassActors: (args: Args) => {
      const shown = connection(bypass)(args);
      return administered ? shown : { ...shown, nodes: shown.nodes.map(() => null) };
    },
  };
}

function classicNode(classic: Classic) {
  const allowances = (actors: Actor[] = []) => connection(actors.map((actor) => ({ actor })));
  return {
    id: 'BPR_1',
    pattern: classic.pattern,
    isAdminEnforced: classic.admins ?? false,
    requiresApprovingReviews: classic.reviews !== undefined,
    requiredApprovingReviewCount: classic.reviews?.count ?? null,
    dismissesStaleReviews: classic.reviews?.stale ?? false,
    requireLastPushApproval: classic.reviews?.lastPush ?? false,
    requiresCodeOwnerReviews: classic.reviews?.owners ?? false,
    requiresStatusChecks: classic.checks !== undefined,
    requiresStrictStatusChecks: false,
    requiredStatusCheckContexts: classic.checks ?? [],
    allowsForcePushes: classic.forcePush ?? false,
    allowsDeletions: classic.deletions ?? false,
    lockBranch: false,
    restrictsPushes: false,
    requiresCommitSignatures: false,
    requiresLinearHistory: false,
    requiresConversationResolution: false,
    bypassPullRequestAllowances: allowances(classic.reviews?.bypass),
    bypassForcePushAllowances: allowances(classic.forcePushBypass),
  };
}

// --- REST ----------------------------------------------------------------------------------------------------------------------

const notFound: Answer = { status: 404, body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' } };
const restUser = (person: Person) => ({
  id: person.id,
  node_id: nodeId('U', person.id),
  login: person.login,
  type: 'User',
  site_admin: false,
  avatar_url: 'https://avatars.githubusercontent.com/u/1',
  html_url: `https://github.com/${person.login}`,
});

function answerRest(world: World, { path, query }: WorldRequest, root: URL): Answer {
  const { organisation, viewer } = world;
  if (path === '/installation/repositories') {
    return {
      status: 200,
      body: {
        total_count: world.repositories.length,
        repository_selection: 'all',
        repositories: world.repositories.slice(0, 1).map(({ id }) => ({ id })),
      },
      headers: { link: `<${root.href}installation/repositories?per_page=1&page=2>; rel="next"` },
    };
  }
  if (path === '/user') return { status: 200, body: { id: 42, login: 'auditor', node_id: 'U_42' } };
  const inOrganisation = new RegExp(`^/(?:orgs/${organisation.login}|organizations/${organisation.id})(/.*)?$`, 'i').exec(path);
  if (inOrganisation) return answerOrganisation(world, inOrganisation[1] ?? '', query, root);
  const inRepository = new RegExp(`^/repos/${organisation.login}/([^/]+)(/.*)$`, 'i').exec(path);
  const repository = world.repositories.find(({ name }) => name === inRepository?.[1]);
  if (!repository || !inRepository) return notFound;
  return answerRepository(viewer, repository, decodeURIComponent(inRepository[2] ?? ''));
}

function answerOrganisation(world: World, path: string, query: URLSearchParams, root: URL): Answer {
  const { organisation, viewer } = world;
  const list = (items: readonly unknown[]) => pageOf(items, `/organizations/${organisation.id}${path}`, query, root);
  const ownersOnly = (answer: () => Answer): Answer => (viewer.owner ? answer() : notFound);
  const visible = world.members;
  switch (path) {
    case '': {
      const open = {
        id: organisation.id,
        node_id: nodeId('O', organisation.id),
        login: organisation.login,
        public_repos: countOf(world, true),
        created_at: '2020-01-01T00:00:00Z',
        is_verified: true,
      };
      const inside = viewer.member || viewer.owner ? { total_private_repos: countOf(world, false) } : {};
      return {
        status: 200,
        body: {
          ...open,
          ...inside,
          ...(viewer.owner
            ? { ...organisation.settings, plan: { name: world.auditLog === null ? 'team' : 'enterprise', seats: 100 } }
            : {}),
        },
      };
    }
    case '/members':
      return filteredPeople(visible, query, viewer.owner, list);
    case '/outside_collaborators':
      return filteredPeople(world.outside, query, viewer.owner, list);
    case '/repos':
      return list(world.repositories.map((repository) => restRepository(world, repository)));
    case '/actions/permissions':
      return ownersOnly(() => ({
        status: 200,
        body: {
          enabled_repositories: world.actions.enabled,
          ...(world.actions.enabled === 'none' ? {} : { allowed_actions: world.actions.allowed }),
          ...(world.actions.selected
            ? { selected_actions_url: `${root.href}orgs/${organisation.login}/actions/permissions/selected-actions` }
            : {}),
        },
      }));
    case '/actions/permissions/selected-actions':
      return ownersOnly(() =>
        world.actions.selected ? { status: 200, body: world.actions.selected } : { status: 409, body: { message: 'Conflict' } },
      );
    case '/actions/permissions/workflow':
      return ownersOnly(() => ({
        status: 200,
        body: { default_workflow_permissions: world.actions.token, can_approve_pull_request_reviews: world.actions.approve },
      }));
    case '/secret-scanning/alerts':
      if (query.get('hide_secret') !== 'true') return { status: 200, body: [{ secret: 'this must never be asked for' }] };
      return ownersOnly(() => list(world.secretAlerts));
    case '/audit-log': {
      const { auditLog } = world;
      return auditLog === null ? notFound : ownersOnly(() => cursorPage(auditLog, `/organizations/${organisation.id}${path}`, query, root));
    }
    case '/rulesets':
      return ownersOnly(() => list(world.rulesets.map(({ id, name }) => ({ id, name, target: 'branch', source_type: 'Organization' }))));
    case '/rulesets/rule-suites':
      return ownersOnly(() => list(world.ruleSuites.filter(({ result }) => result === query.get('rule_suite_result'))));
    case '/dependabot/alerts':
      return ownersOnly(() => cursorPage(world.dependabotAlerts, `/organizations/${organisation.id}${path}`, query, root));
  }
  if (world.rulesets.some(({ id }) => path === `/rulesets/${id}/history`)) return ownersOnly(() => list(world.rulesetVersions));
  const ruleset = world.rulesets.find(({ id }) => path === `/rulesets/${id}`);
  return ruleset ? restRuleset(ruleset, 'Organization', organisation.login, viewer.owner) : notFound;
}

function countOf(world: World, open: boolean): number {
  return world.repositories.filter(({ visibility }) => (visibility === 'PUBLIC') === open).length;
}

function filteredPeople(
  people: readonly Person[],
  query: URLSearchParams,
  owner: boolean,
  list: (items: readonly unknown[]) => Answer,
): Answer {
  const filter = query.get('filter') ?? 'all';
  if (filter !== 'all' && !owner) {
    return {
      status: 422,
      body: { message: 'Validation Failed', documentation_url: 'https://docs.github.com/rest/orgs/members#list-organization-members' },
    };
  }
  const factor = { '2fa_disabled': 'none', '2fa_insecure': 'insecure' }[filter];
  const role = query.get('role') ?? 'all';
  return list(
    people.filter((person) => (factor === undefined || person.factor === factor) && (role === 'all' || person.role === role)).map(restUser),
  );
}

function restRepository(world: World, repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: `${world.organisation.login}/${repository.name}`,
    private: repository.visibility !== 'PUBLIC',
    visibility: (repository.visibility ?? 'PRIVATE').toLowerCase(),
    archived: repository.archived ?? false,
    disabled: false,
    fork: repository.fork ?? false,
    description: 'not asked for',
    ...(world.viewer.repositoryAdmin
      ? {
          security_and_analysis: repository.security ?? {
            secret_scanning: { status: 'enabled' },
            secret_scanning_push_protection: { status: 'enabled' },
            secret_scanning_non_provider_patterns: { status: 'disabled' },
            secret_scanning_validity_checks: { status: 'disabled' },
            dependabot_security_updates: { status: 'enabled' },
          },
        }
      : {}),
  };
}

function restRuleset(ruleset: Ruleset, type: string, source: string, writable: boolean): Answer {
  return {
    status: 200,
    body: {
      id: ruleset.id,
      node_id: nodeId('RRS', ruleset.id),
      name: ruleset.name,
      target: 'branch',
      source_type: type,
      source,
      enforcement: (ruleset.enforcement ?? 'ACTIVE').toLowerCase(),
      conditions: { ref_name: { include: ['~ALL'], exclude: [] } },
      rules: ruleset.rules.map(({ type: rule }) => ({ type: rule.toLowerCase() })),
      ...(writable
        ? {
            bypass_actors: (ruleset.bypass ?? []).map((actor) =>
              actor['organizationAdmin'] === true
                ? { actor_id: 1, actor_type: 'OrganizationAdmin', bypass_mode: 'always' }
                : { actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' },
            ),
          }
        : {}),
    },
  };
}

function answerRepository(viewer: World['viewer'], repository: Repository, path: string): Answer {
  const administrators = (answer: () => Answer): Answer => (viewer.repositoryAdmin ? answer() : notFound);
  const branch = /^\/branches\/(.+)\/protection$/.exec(path)?.[1];
  if (branch !== undefined) {
    const classic = repository.branches?.[branch]?.classic;
    return administrators(() =>
      classic
        ? { status: 200, body: restProtection(classic) }
        : {
            status: 404,
            body: {
              message: 'Branch not protected',
              documentation_url: 'https://docs.github.com/rest/branches/branch-protection',
              status: '404',
            },
          },
    );
  }
  const named = /^\/environments\/(.+)$/.exec(path)?.[1];
  const environment = repository.environments?.find(({ name }) => name === named);
  if (environment) return { status: 200, body: restEnvironment(environment) };
  const ruleset = repository.rulesets?.find(({ id }) => path === `/rulesets/${id}`);
  if (ruleset) return restRuleset(ruleset, 'Repository', repository.name, viewer.repositoryAdmin);
  switch (path) {
    case '/vulnerability-alerts':
      return administrators(() =>
        repository.alerts === false
          ? { status: 404, body: { message: 'Vulnerability alerts are disabled.', status: '404' } }
          : { status: 204 },
      );
    case '/actions/permissions':
      return administrators(() => ({ status: 200, body: { enabled: repository.actions?.enabled ?? true, allowed_actions: 'all' } }));
    case '/actions/permissions/workflow':
      return administrators(() => ({
        status: 200,
        body: {
          default_workflow_permissions: repository.actions?.token ?? 'read',
          can_approve_pull_request_reviews: repository.actions?.approve ?? false,
        },
      }));
  }
  return notFound;
}

function restProtection(classic: Classic) {
  return {
    url: 'https://api.github.com/repos/acme/payroll/branches/main/protection',
    enforce_admins: { url: 'https://api.github.com', enabled: classic.admins ?? false },
    ...(classic.reviews
      ? {
          required_pull_request_reviews: {
            required_approving_review_count: classic.reviews.count,
            dismiss_stale_reviews: classic.reviews.stale ?? false,
            require_last_push_approval: classic.reviews.lastPush ?? false,
            require_code_owner_reviews: classic.reviews.owners ?? false,
          },
        }
      : {}),
    ...(classic.checks ? { required_status_checks: { strict: false, contexts: classic.checks, checks: [] } } : {}),
    allow_force_pushes: { enabled: classic.forcePush ?? false },
    allow_deletions: { enabled: classic.deletions ?? false },
    lock_branch: { enabled: false },
  };
}

function restEnvironment(environment: NonNullable<Repository['environments']>[number]) {
  return {
    id: environment.id,
    node_id: nodeId('EN', environment.id),
    name: environment.name,
    can_admins_bypass: environment.adminsBypass ?? true,
    deployment_branch_policy: null,
    protection_rules: [
      ...(environment.reviewers
        ? [
            {
              id: 1,
              type: 'required_reviewers',
              prevent_self_review: environment.preventSelfReview ?? false,
              reviewers: environment.reviewers.map((login, index) => ({
                type: 'User',
                reviewer: { id: index, login, email: 'not@asked.for' },
              })),
            },
          ]
        : []),
    ],
  };
}

function pageOf(items: readonly unknown[], path: string, query: URLSearchParams, root: URL): Answer {
  const size = Number(query.get('per_page') ?? 30);
  const page = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const to = (number: number, relation: string) => {
    const next = new URLSearchParams(query);
    next.set('page', String(number));
    return `<${root.href.replace(/\/$/, '')}${path}?${next}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ];
  return { status: 200, body: items.slice((page - 1) * size, page * size), headers: links.length === 0 ? {} : { link: links.join(', ') } };
}

function cursorPage(items: readonly unknown[], path: string, query: URLSearchParams, root: URL): Answer {
  const size = Number(query.get('per_page') ?? 30);
  const from = Number(Buffer.from(query.get('after') ?? '', 'base64url').toString() || 0);
  const next = new URLSearchParams(query);
  next.set('after', Buffer.from(String(from + size)).toString('base64url'));
  const link = from + size < items.length ? { link: `<${root.href.replace(/\/$/, '')}${path}?${next}>; rel="next"` } : {};
  return { status: 200, body: items.slice(from, from + size), headers: link };
}
