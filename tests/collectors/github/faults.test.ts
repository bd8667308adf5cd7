import { glob } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import branches from '../../../collectors/github/branches/collector.ts';
import type { GithubClient } from '../../../collectors/github/client.ts';
import dependabot from '../../../collectors/github/dependabot-alerts/collector.ts';
import members from '../../../collectors/github/members/collector.ts';
import { queries } from '../../../collectors/github/queries.ts';
import repositories from '../../../collectors/github/repositories/collector.ts';
import secrets from '../../../collectors/github/secret-alerts/collector.ts';
import { type Collector, type Exchange, SourceError } from '../../../src/authoring.ts';
import { evaluateCheck } from '../../../src/evaluate/evaluate-check.ts';
import type { Check } from '../../../src/model/check.ts';
import { collectors } from './collectors.ts';
import { acme, baseline, dependabotAlert, secretAlert } from './described.ts';
import { asOf, connectTo, memoryCache, run, runOn } from './run.ts';
import { type Answer, createServer, type Repository, type World, type WorldRequest } from './world.ts';

const root = new URL('../../../', import.meta.url);
const files = (await Array.fromAsync(glob('checks/github/*.ts', { cwd: root.pathname }))).sort();
const checks = await Promise.all(
  files.map(async (file) => ((await import(/* @vite-ignore */ new URL(file, root).href)) as { default: Check }).default),
);

const settings = { productionBranches: ['release/*'], authentication: 'app' };
const all = collectors.map((collector) => [collector.id, collector] as const);
const crowd: Repository[] = Array.from({ length: 230 }, (_, index) => ({
  name: `r${String(index).padStart(3, '0')}`,
  id: index + 1,
  branches: { main: {} },
}));

/** Which operation of ours a request is. */
function operationOf({ method, path, query, graphql }: WorldRequest): string {
  if (graphql) {
    const name = Object.entries(queries).find(([, text]) => text.replace(/\s+/g, ' ') === graphql.query)?.[0];
    return `graphql:${name}`;
  }
  const template = (path: string) =>
    path
      .replace(/^\/orgs\/acme/, '/orgs/{org}')
      .replace(/^\/repos\/acme\/[^/]+/, '/repos/{owner}/{repo}')
      .replace(/\/branches\/[^/]+\//, '/branches/{branch}/')
      .replace(/\/environments\/[^/]+$/, '/environments/{environment_name}')
      .replace(/\/rulesets\/\d+(?=$|\/history$)/, '/rulesets/{ruleset_id}');
  const fixed = query.has('filter') ? `?filter=${query.get('filter')}` : query.has('role') ? `?role=${query.get('role')}` : '';
  return `${method} ${template(path)}${fixed}`;
}
/** All an assurance needs: no check of the collected passes where its population was not whole, or its field not read. */
function outcomes(seen: Awaited<ReturnType<typeof run>>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const check of checks.filter(({ subject }) => seen.types.includes(subject.type))) {
    const incomplete = seen.incomplete
      .filter(({ type }) => type === check.subject.type)
      .map(({ reason }) => ({ scope: 'github:9919', reason }));
    const results = evaluateCheck(check, { resources: seen.resources, incomplete }, { asOf, parameters: {} });
    found.set(
      check.id,
      results.map(({ outcome }) => outcome),
    );
  }
  return found;
}

const lots = (kind: string, count: number) => Array.from({ length: count }, (_, index) => ({ name: `${kind}-${index}`, id: 5000 + index }));
/** Organisations that between them make the collectors use every operation they have. */
const worlds: Readonly<Record<string, () => World>> = {
  'seen by an owner': () => acme(),
  'seen by a member': () => {
    const world = acme({ viewer: { owner: false, member: true, repositoryAdmin: false } });
    world.repositories[0]!.rulesets = [{ ...baseline, id: 77, branches: ['main'] }];
    return world;
  },
  'seen by an App': () => acme({ viewer: { owner: false, member: false, repositoryAdmin: true } }),
  'with much of everything': () => {
    const world = acme({ actions: { enabled: 'all', allowed: 'all', token: 'write', approve: true } });
    const people = lots('p', 60).map(({ name, id }) => ({ login: name, id, role: 'member' as const, factor: 'secure' as const }));
    world.members = [...world.members, ...people];
    world.outside = lots('guest', 120).map(({ name, id }) => ({
      login: name,
      id: id + 1000,
      factor: 'secure' as const,
      grants: { payroll: 'READ' },
    }));
    world.repositories = [...world.repositories, ...lots('r', 60).map(({ name, id }) => ({ name, id, branches: { main: {} } }))];
    world.teams[0]!.members = people.map(({ login }) => ({ login, role: 'MEMBER' as const }));
    world.teams[0]!.repositories = world.repositories.map(({ name }) => ({ name, permission: 'READ' }));
    const [payroll] = world.repositories;
    payroll!.rulesets = lots('ruleset', 12).map(({ name, id }) => ({ ...baseline, name, id }));
    payroll!.environments = [...payroll!.environments!, ...lots('review', 30)];
    payroll!.branches = { ...payroll!.branches, ...Object.fromEntries(lots('release/', 15).map(({ name }) => [name, {}])) };
    return world;
  },
};
const eachOperation = collectors.flatMap((collector) =>
  Object.keys(collector.items).map((operation) => [collector.id, operation, collector] as const),
);
const used = new Map<string, string[]>();
/** What checks say of each world, undisturbed. */
const undisturbed = new Map<string, ReturnType<typeof outcomes>>();
beforeAll(async () => {
  for (const [name, world] of Object.entries(worlds)) {
    for (const collector of collectors) {
      const server = createServer(world());
      const seen = await runOn(server, collector, { settings });
      undisturbed.set(`${collector.id} ${name}`, outcomes(seen));
      for (const { operation } of seen.requests) {
        const key = `${collector.id} ${operation}`;
        used.set(key, [...new Set([...(used.get(key) ?? []), name])]);
      }
    }
  }
}, 240_000);
const denials: [string, Answer][] = [
  ['403', { status: 403, body: { message: 'Resource not accessible by integration', documentation_url: 'https://docs.github.com/rest' } }],
  ['404', { status: 404, body: { message: 'Not Found' } }],
  ['500', { status: 500, body: 'oops' }],
  ['no JSON', { status: 200, body: '<html>maintenance</html>' }],
  ['another shape', { status: 200, body: '"a string"' }],
];

test.each(eachOperation)('%s with %s denied ends incomplete, without a false pass or fail', async (_, operation, collector) => {
  const names = used.get(`${collector.id} ${operation}`) ?? [];
  expect(names, 'no world makes the collector ask this').not.toEqual([]);
  for (const name of names) {
    const whole = undisturbed.get(`${collector.id} ${name}`)!;
    for (const [how, answer] of denials) {
      const server = createServer(worlds[name]!());
      server.fault = (request) => (operationOf(request) === operation ? answer : undefined);
      const seen = await runOn(server, collector, { settings });
      expect(seen.completeness.kind, how).toBe('incomplete');
      for (const [check, now] of outcomes(seen)) {
        const before = whole.get(check) ?? [];
        const count = (list: readonly string[], outcome: string) => list.filter((found) => found === outcome).length;
        expect(now, `${check} ${how}, ${name}`).not.toEqual(['empty']);
        expect(count(now, 'pass'), `${check} ${how}, ${name}`).toBeLessThanOrEqual(count(before, 'pass'));
        expect(count(now, 'fail'), `${check} ${how}, ${name}`).toBeLessThanOrEqual(count(before, 'fail'));
      }
    }
  }
});

test.each(all)('%s answered with empty objects ends in no evidence', async (_, collector) => {
  const server = createServer(acme());
  server.fault = () => ({ status: 200, body: {} });
  const seen = await runOn(server, collector, { settings });
  for (const [check, now] of outcomes(seen)) {
    expect(now, check).not.toContain('pass');
    expect(now, check).not.toContain('fail');
    expect(now, check).not.toContain('empty');
  }
});

test.each([
  ['github/repositories', repositories],
  ['github/branches', branches],
] as const)('%s with the second page denied keeps the first, and says that it is not all', async (_, collector) => {
  const server = createServer(acme({ repositories: crowd }));
  server.fault = ({ graphql }) => (graphql?.variables['after'] ? { status: 403, body: { message: 'Forbidden' } } : undefined);
  const seen = await runOn(server, collector);
  expect(seen.resources.filter(({ type }) => /branch|repository/.test(type))).toHaveLength(100);
  expect(seen.incomplete).toContainEqual(expect.objectContaining({ reason: 'access-denied' }));
});
test('secret alerts with the second page denied', async () => {
  const server = createServer(acme({ secretAlerts: Array.from({ length: 120 }, (_, index) => secretAlert(index + 1, asOf)) }));
  server.fault = ({ query }) => (query.get('page') === '2' ? { status: 403, body: { message: 'Forbidden' } } : undefined);
  const seen = await runOn(server, secrets);
  expect(seen.of('github.secret-alert')).toHaveLength(100);
  expect(seen.incomplete).toEqual([{ type: 'github.secret-alert', reason: 'access-denied' }]);
});

const twoPages = () => acme({ secretAlerts: Array.from({ length: 120 }, (_, index) => secretAlert(index + 1, asOf)) });
test.each([
  ['on another host', '<https://example.com/organizations/9919/secret-scanning/alerts?page=2>; rel="next"', 'next-page-foreign-host'],
  ['of another list', '<https://api.github.com/organizations/9919/members?page=2>; rel="next"', 'next-page-other-path'],
  [
    'without a position',
    '<https://api.github.com/organizations/9919/secret-scanning/alerts?state=open>; rel="next"',
    'next-page-unreadable',
  ],
])('a next page %s is not followed, and is a gap', async (_, link, code) => {
  const server = createServer(twoPages());
  server.fault = (__, answer) => ({ ...answer(), headers: { link } });
  const seen = await runOn(server, secrets);
  expect(server.requests).toHaveLength(1);
  expect(seen.gaps).toEqual([{ reason: 'truncated', operation: 'GET /orgs/{org}/secret-scanning/alerts', code }]);
  expect(seen.incomplete).toEqual([{ type: 'github.secret-alert', reason: 'truncated' }]);
});
test('a next page that was had before ends the list with a gap', async () => {
  const server = createServer(twoPages());
  server.fault = (__, answer) => ({
    ...answer(),
    headers: { link: '<https://api.github.com/organizations/9919/secret-scanning/alerts?page=2>; rel="next"' },
  });
  const seen = await runOn(server, secrets);
  expect(server.requests).toHaveLength(2);
  expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'truncated', code: 'next-page-cycle' }));
});
test('a Link header that was lost on the way does not end a list early', async () => {
  const server = createServer(twoPages());
  server.fault = (__, answer) => ({ ...answer(), headers: {} });
  const seen = await runOn(server, secrets);
  expect(seen.of('github.secret-alert')).toHaveLength(120);
  const cursors = createServer(
    acme({ dependabotAlerts: Array.from({ length: 120 }, (_, index) => dependabotAlert(index + 1, 'low', asOf)) }),
  );
  cursors.fault = (__, answer) => ({ ...answer(), headers: {} });
  expect((await runOn(cursors, dependabot)).gaps).toContainEqual(
    expect.objectContaining({ reason: 'truncated', code: 'link-header-missing' }),
  );
});

/** GraphQL with a change made to what the world answers. */
function changed(change: (body: { data: never; errors?: unknown[] }, request: WorldRequest) => void) {
  const server = createServer(acme({ repositories: crowd, rulesets: [] }));
  server.fault = (request, answer) => {
    if (!request.graphql) return undefined;
    const { body } = answer() as { body: { data: never } };
    change(body, request);
    return { status: 200, body };
  };
  return server;
}
type Page = {
  organization: {
    repositories: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: (Record<string, unknown> | null)[] };
  };
};

test('a total that is not reached is a gap', async () => {
  const server = changed(({ data }) => {
    const list = (data as Page).organization?.repositories;
    if (list) list.totalCount += 1;
  });
  expect((await runOn(server, repositories)).gaps).toContainEqual({
    reason: 'truncated',
    operation: 'graphql:repositories',
    code: 'total-mismatch',
  });
});
test('a cursor that was had before, or is missing, is a gap', async () => {
  for (const cursor of ['same', '']) {
    const server = changed(({ data }) => {
      const list = (data as Page).organization?.repositories;
      if (list) list.pageInfo = { hasNextPage: true, endCursor: cursor };
    });
    const seen = await runOn(server, repositories);
    expect(seen.gaps).toContainEqual({ reason: 'truncated', operation: 'graphql:repositories', code: 'next-page-cycle' });
    expect(server.requests.length).toBeLessThan(5);
  }
});
test('a part that a GraphQL error names is unread, and the null beside it is not taken for "none"', async () => {
  const server = changed((body, { graphql }) => {
    const list = (body.data as Page).organization?.repositories;
    if (!list || graphql?.variables['after']) return;
    const node = list.nodes[3] as { defaultBranchRef: Record<string, unknown> };
    node.defaultBranchRef = { ...node.defaultBranchRef, branchProtectionRule: null };
    body.errors = [
      { type: 'FORBIDDEN', path: ['organization', 'repositories', 'nodes', 3, 'defaultBranchRef', 'branchProtectionRule'], message: 'no' },
    ];
  });
  const seen = await runOn(server, branches);
  const found = seen.one('github.branch', 'acme/r003 main');
  expect(found.unread).toMatchObject({ pullRequestRequired: 'access-denied', protectedBy: 'access-denied' });
  expect(seen.one('github.branch', 'acme/r004 main').unread).toEqual({});
  expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'access-denied', operation: 'graphql:branches', code: 'FORBIDDEN' }));
});
test('a node that is missing from its page is a gap', async () => {
  const server = changed((body, { graphql }) => {
    const list = (body.data as Page).organization?.repositories;
    if (!list || graphql?.variables['after']) return;
    list.nodes[5] = null;
    body.errors = [{ type: 'NOT_FOUND', path: ['organization', 'repositories', 'nodes', 5], message: 'no' }];
  });
  const seen = await runOn(server, repositories);
  expect(seen.of('github.repository')).toHaveLength(229);
  expect(seen.incomplete).toEqual([{ type: 'github.repository', reason: 'access-denied' }]);
});
test.each([
  ['NOT_FOUND', 'access-denied'],
  ['FORBIDDEN', 'access-denied'],
  ['INSUFFICIENT_SCOPES', 'access-denied'],
])('GraphQL answered with %s alone is %s', async (type, reason) => {
  const server = createServer(acme());
  server.fault = ({ graphql }) =>
    graphql
      ? { status: 200, body: { data: { organization: null }, errors: [{ type, path: ['organization'], message: 'no' }] } }
      : undefined;
  const seen = await runOn(server, repositories);
  expect(seen.of('github.repository')).toEqual([]);
  expect(seen.incomplete).toEqual([{ type: 'github.repository', reason }]);
});

test.each([
  ['502', { status: 502, body: '<html>' }],
  ['504', { status: 504, body: '' }],
  ['a resource limit', { status: 200, body: { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'too much' }] } }],
  ['no answer in time', { status: 200, body: { errors: [{ message: 'Something went wrong while executing your query.' }] } }],
] as [string, Answer][])('a page that is too large for GitHub (%s) is asked for again, smaller', async (_, answer) => {
  const server = createServer(acme({ repositories: crowd }));
  const sizes: unknown[] = [];
  server.fault = ({ graphql }) => {
    if (!graphql) return undefined;
    sizes.push(graphql.variables['first']);
    return Number(graphql.variables['first']) > 30 ? answer : undefined;
  };
  const seen = await runOn(server, repositories);
  expect(sizes.slice(0, 4)).toEqual([100, 50, 25, 25]);
  expect(seen.of('github.repository')).toHaveLength(230);
  expect(seen.completeness).toEqual({ kind: 'complete' });
});
test('a server that is down altogether is tried a bounded number of times', async () => {
  const server = createServer(acme());
  server.fault = ({ graphql }) => (graphql ? { status: 502, body: '' } : undefined);
  const seen = await runOn(server, repositories);
  expect(seen.incomplete).toEqual([{ type: 'github.repository', reason: 'source-unavailable' }]);
  expect(server.requests.length).toBeLessThan(12);
});

test('a bad token ends the collection at once', async () => {
  const server = createServer(acme());
  server.fault = () => ({ status: 401, body: { message: 'Bad credentials' } });
  const seen = await runOn(server, members);
  expect(server.requests).toHaveLength(1);
  expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'access-denied', code: 'bad-credentials' }));
  expect(seen.gaps.filter(({ reason }) => reason === 'not-collected').length).toBeGreaterThan(0);
});

async function refusal(answer: Answer, operation = 'GET /orgs/{org}/members'): Promise<SourceError> {
  const server = createServer(acme());
  server.fault = () => answer;
  const { exchange } = connectTo(server).open('session-1');
  const error = await exchange(operation, { org: 'acme' }, {}).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}
const limits = (more: Record<string, string>) => ({ 'x-ratelimit-limit': '5000', 'x-ratelimit-resource': 'core', ...more });

test('an exhausted primary limit tells until when, and nothing is sent before', async () => {
  const reset = String(Date.parse(asOf) / 1000 + 600);
  const error = await refusal({
    status: 403,
    headers: limits({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }),
    body: { message: 'API rate limit exceeded' },
  });
  expect(error).toMatchObject({ reason: 'rate-limited', sourceCode: 'primary-limit', status: 403 });
  expect(error.headers).toMatchObject({ 'x-ratelimit-reset': reset });

  const server = createServer(acme());
  server.fault = (_, answer) => ({ ...answer(), headers: limits({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }) });
  const { exchange } = connectTo(server).open('session-1');
  await exchange('GET /orgs/{org}', { org: 'acme' }, {});
  await expect(exchange('GET /orgs/{org}', { org: 'acme' }, {})).rejects.toMatchObject({
    reason: 'rate-limited',
    headers: { 'x-ratelimit-reset': reset },
  });
  expect(server.requests).toHaveLength(1);
  // GraphQL has a budget of its own.
  await exchange('graphql:organisation-membership', { organisation: 'acme' }, {});
  expect(server.requests).toHaveLength(2);
});
test('secondary limits: with a time to wait, without one, and as a status of their own', async () => {
  const documentation_url = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits';
  expect(await refusal({ status: 403, headers: { 'retry-after': '7' }, body: { message: 'slow down' } })).toMatchObject({
    reason: 'rate-limited',
    sourceCode: 'secondary-limit',
    headers: { 'retry-after': '7' },
  });
  expect(await refusal({ status: 403, body: { message: 'You have exceeded a secondary rate limit', documentation_url } })).toMatchObject({
    reason: 'rate-limited',
    headers: { 'retry-after': '60' },
  });
  expect(await refusal({ status: 429, body: {} })).toMatchObject({ reason: 'rate-limited', headers: { 'retry-after': '60' } });
  const graphql = { status: 200, body: { errors: [{ type: 'RATE_LIMITED', message: 'no' }] } };
  expect(await refusal(graphql, 'graphql:organisation-membership')).toMatchObject({ reason: 'rate-limited', sourceCode: 'RATE_LIMITED' });
});
test('a limit is waited for, and the collection is whole afterwards', async () => {
  const server = createServer(acme());
  let refused = 0;
  server.fault = () => {
    refused += 1;
    return refused === 1 ? { status: 429, headers: { 'retry-after': '0' }, body: {} } : undefined;
  };
  const seen = await runOn(server, members);
  expect(seen.completeness).toEqual({ kind: 'complete' });
  expect(seen.requests.filter(({ gap }) => gap === 'rate-limited')).toHaveLength(1);
});
test.each([
  [{ status: 403, body: { message: 'Must have admin rights' } }, 'access-denied', 'forbidden'],
  [
    { status: 403, headers: { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso' }, body: {} },
    'access-denied',
    'sso-required',
  ],
  [{ status: 404, body: { message: 'Not Found' } }, 'access-denied', 'not-found'],
  [{ status: 422, body: { message: 'Validation Failed' } }, 'access-denied', 'validation-failed'],
  [{ status: 451, body: {} }, 'access-denied', 'http-451'],
  [{ status: 503, body: {} }, 'source-unavailable', 'http-503'],
  [{ status: 202, body: {} }, 'source-unavailable', 'not-ready'],
  [{ status: 200, body: 'null' }, 'malformed-reply', 'not-an-object'],
  [{ status: 200, body: '{"id":' }, 'malformed-reply', 'not-json'],
  [{ status: 304 }, 'malformed-reply', 'not-modified-unasked'],
  [{ status: 200, headers: { 'x-github-sso': 'partial-results; organizations=1,2' }, body: [] }, 'access-denied', 'sso-partial-results'],
] as [Answer, string, string][])('%j means %s (%s)', async (answer, reason, sourceCode) => {
  expect(await refusal(answer)).toMatchObject({ reason, sourceCode, host: 'api.github.com' });
});
test('only GitHub’s own words for "there is none" are believed', async () => {
  const route = 'GET /repos/{owner}/{repo}/branches/{branch}/protection';
  expect(await refusal({ status: 404, body: { message: 'Branch not protected' } }, route)).toMatchObject({
    reason: 'not-collected',
    sourceCode: 'branch-not-protected',
  });
  expect(await refusal({ status: 404, body: { message: 'Branch not found' } }, route)).toMatchObject({ reason: 'access-denied' });
  expect(await refusal({ status: 404, body: { message: 'Branch not protected' } })).toMatchObject({ reason: 'access-denied' });
});

test('a second collection of what did not change is answered with 304 and sees the same', async () => {
  const cache = memoryCache();
  const server = createServer(twoPages());
  const first = await runOn(server, secrets, { cache });
  const second = await runOn(server, secrets, { cache });
  expect(first.requests.map(({ status }) => status)).toEqual([200, 200]);
  expect(second.requests.map(({ status, notModified }) => [status, notModified])).toEqual([
    [304, true],
    [304, true],
  ]);
  expect(second.items).toEqual(first.items);
  server.world.secretAlerts.push(secretAlert(500, asOf));
  const third = await runOn(server, secrets, { cache });
  expect(third.requests.map(({ status }) => status)).toEqual([304, 200]);
  expect(third.of('github.secret-alert')).toHaveLength(121);
});

test('a defect of ours is not taken for the source’s', async () => {
  const broken: Exchange = () => Promise.reject(new RangeError('a bug'));
  await expect(run(members, broken)).rejects.toThrow('a bug');
  const server = createServer(acme());
  server.fault = () => {
    throw new RangeError('a bug in transport');
  };
  await expect(runOn(server, members)).rejects.toThrow('a bug in transport');
  const undeclared: Collector<GithubClient> = { ...members, items: {} };
  await expect(runOn(createServer(acme()), undeclared)).rejects.toThrow(TypeError);
  await expect(connectTo(createServer(acme())).open('s').exchange('DELETE /orgs/{org}', { org: 'acme' }, {})).rejects.toThrow(TypeError);
});
