import type { Emulator } from 'emulate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import hasTwoFactor from '../../checks/github/member-has-two-factor.ts';
import branches from '../../collectors/github/branches/collector.ts';
import { restClassicLayer } from '../../collectors/github/branches/layers.ts';
import { restProtection } from '../../collectors/github/branches/shapes.ts';
import { connectGithub } from '../../collectors/github/connect.ts';
import members from '../../collectors/github/members/collector.ts';
import organisation from '../../collectors/github/organisation/collector.ts';
import { evaluateCheck } from '../../src/evaluate/evaluate-check.ts';
import type { Check } from '../../src/model/check.ts';
import { collectors } from '../collectors/github/collectors.ts';
import { acme, secretAlert } from '../collectors/github/described.ts';
import { memoryCache, run } from '../collectors/github/run.ts';
import { startEmulator } from './emulator.ts';
import { listen } from './github-server.ts';

/*
 * Two servers over real sockets. `emulate` is somebody else's GitHub: stateful, and wrong in ways ours would not think of. What it does
 * not have (GraphQL, rulesets, environments, alerts) comes from the described GitHub, which executes GraphQL against the published
 * schema. The larger emulator (@simulacrum/github-api-simulator) answers from examples alone and brings 154 packages: it could not
 * make a check fail, and every `npm ci` would pay for it.
 */

const people = ['ann', 'bob', ...Array.from({ length: 210 }, (_, index) => `member-${index}`)];
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator('github', {
    tokens: { 'emulator-token': { login: 'ann', scopes: ['admin:org', 'repo'] } },
    github: {
      users: people.map((login) => ({ login })),
      orgs: [
        {
          login: 'acme',
          name: 'Acme',
          members: people.map((login) => ({ login, role: login === 'ann' || login === 'bob' ? 'admin' : 'member' })),
        },
      ],
      repos: [{ owner: 'acme', name: 'payroll', private: true, auto_init: true }],
    },
  });
});
afterAll(() => emulator.close());

const emulated = () =>
  connectGithub({ name: 'acme', baseUrl: emulator.url, credentials: { kind: 'token', token: 'emulator-token' } }, { version: '0.0.0' });

test('emulator: who we are and what the organisation is called', async () => {
  expect((await emulated().identity()).login).toBe('ann');
  expect(await emulated().organisation('acme')).toMatchObject({ login: 'acme', id: expect.any(Number) });
});

test('emulator: pages over its own Link headers to the end, and tells owners from members', async () => {
  const seen = await run(members, emulated().open('live').exchange);
  expect(seen.of('github.member')).toHaveLength(people.length);
  expect(seen.requests.filter(({ operation }) => operation === 'GET /orgs/{org}/members').map(({ page }) => page)).toEqual([1, 2, 3]);
  expect(seen.of('github.member').filter(({ fields }) => fields['role'] === 'admin')).toHaveLength(2);
  expect(seen.officialHosts).toEqual({ [new URL(emulator.url).host]: false });
});

test('emulator: it ignores the two-factor filters and names everybody, and nobody passes or fails for it', async () => {
  // As an App, which need not be a member to see all of them: the emulator has no GraphQL to say whether we are one.
  const seen = await run(members, emulated().open('live').exchange, { settings: { authentication: 'app' } });
  expect(seen.requests.filter(({ operation, status }) => operation.includes('2fa_disabled') && status === 200)).toHaveLength(3);
  for (const found of seen.of('github.member'))
    expect(found.unread).toMatchObject({ twoFactor: 'malformed-reply', twoFactorInsecure: 'malformed-reply' });
  const results = evaluateCheck(
    hasTwoFactor as unknown as Check,
    { resources: seen.resources, incomplete: [] },
    { asOf: '2026-01-15T12:00:00.000Z', parameters: {} },
  );
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['no-evidence']));
});

test('emulator: settings that it leaves out are unread', async () => {
  const seen = await run(organisation, emulated().open('live').exchange);
  expect(seen.one('github.organisation').fields).toMatchObject({ login: 'acme', basePermission: 'read' });
  expect(seen.one('github.organisation').unread).toMatchObject({
    twoFactorRequired: 'access-denied',
    membersDeleteRepositories: 'access-denied',
  });
});

test('emulator: what it does not have is a gap in every collector that needs it', async () => {
  for (const collector of collectors.filter(({ id }) => !['github/organisation', 'github/members', 'github/owners'].includes(id))) {
    const seen = await run(collector, emulated().open('live').exchange);
    expect(seen.completeness, collector.id).toMatchObject({ kind: 'incomplete' });
    for (const { unread, type } of seen.resources) expect(Object.keys(unread), type).not.toEqual([]);
  }
});

test('emulator: protection that is put there is read back; its 404 is not GitHub’s word for "not protected"', async () => {
  const { exchange } = emulated().open('live');
  const where = { owner: 'acme', repo: 'payroll', branch: 'main' };
  const route = 'GET /repos/{owner}/{repo}/branches/{branch}/protection';
  await expect(exchange(route, where, {})).rejects.toMatchObject({ reason: 'access-denied', status: 404 });
  const put = await fetch(`${emulator.url}/repos/acme/payroll/branches/main/protection`, {
    method: 'PUT',
    headers: { authorization: 'token emulator-token', 'content-type': 'application/json' },
    body: JSON.stringify({
      required_status_checks: { strict: true, contexts: ['build'] },
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 2, dismiss_stale_reviews: true },
      restrictions: null,
    }),
  });
  expect(put.status).toBe(200);
  const { output } = await exchange(route, where, {});
  const layer = restClassicLayer('main', restProtection.parse(output));
  expect(layer).toMatchObject({
    pullRequestRequired: true,
    requiredApprovals: 2,
    dismissesStaleApprovals: true,
    requiredChecks: ['build'],
  });
  expect(layer.bypass('review')).toEqual([]);
});

const described = (baseUrl: string, cache = memoryCache()) =>
  connectGithub({ name: 'acme', baseUrl, credentials: { kind: 'token', token: 'not-a-real-token' } }, { version: '0.0.0', cache });

test.each([
  ['as GitHub.com', ''],
  ['as an Enterprise Server', '/api/v3'],
])('described GitHub over a socket, %s: every collector, twice, the second time by ETag', async (_, prefix) => {
  const many = acme({ secretAlerts: Array.from({ length: 230 }, (__, index) => secretAlert(index + 1, '2026-01-10T00:00:00Z')) });
  const { server, baseUrl, close } = await listen(many, prefix);
  try {
    const access = described(baseUrl);
    expect(await access.organisation('acme')).toEqual({ id: 9919, login: 'acme' });
    for (const collector of collectors) {
      const { exchange } = access.open('live');
      const first = await run(collector, exchange);
      const second = await run(collector, exchange);
      expect(first.completeness, collector.id).toEqual({ kind: 'complete' });
      expect(second.items, collector.id).toEqual(first.items);
      for (const { operation, status, notModified, bytes } of second.requests) {
        expect([status, notModified, bytes === 0], operation).toEqual(
          operation.startsWith('graphql:') ? [200, false, false] : [304, true, true],
        );
      }
    }
    expect(server.requests.every(({ headers }) => headers.get('user-agent')?.startsWith('proofline/0.0.0') === true)).toBe(true);
  } finally {
    await close();
  }
});

test('described GitHub over a socket: limits, broken connections and a restart on the way', async () => {
  const { server, baseUrl, close } = await listen(acme());
  try {
    let requests = 0;
    server.fault = () => {
      requests += 1;
      if (requests === 1)
        return { status: 403, headers: { 'retry-after': '0' }, body: { message: 'You have exceeded a secondary rate limit' } };
      if (requests === 2) return { status: 503, body: 'restarting' };
      return undefined;
    };
    const seen = await run(branches, described(baseUrl).open('live').exchange);
    expect(seen.completeness).toEqual({ kind: 'complete' });
    expect(seen.requests.slice(0, 2).map(({ status, gap }) => [status, gap])).toEqual([
      [403, 'rate-limited'],
      [503, 'source-unavailable'],
    ]);
  } finally {
    await close();
  }
  const gone = await run(organisation, described(baseUrl).open('live').exchange);
  expect(gone.completeness).toEqual({ kind: 'incomplete', reasons: ['source-unavailable'] });
  expect(gone.resources).toEqual([]);
});
