import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import administrators from '../../../collectors/okta/administrators/collector.ts';
import applications from '../../../collectors/okta/applications/collector.ts';
import type { OktaClient } from '../../../collectors/okta/client.ts';
import { connectOkta } from '../../../collectors/okta/connect.ts';
import groups from '../../../collectors/okta/groups/collector.ts';
import policies from '../../../collectors/okta/policies/collector.ts';
import source from '../../../collectors/okta/source.ts';
import users from '../../../collectors/okta/users/collector.ts';
import type { Collector } from '../../../src/authoring.ts';
import { ProoflineError } from '../../../src/authoring.ts';
import { acme, user } from './described.ts';
import { connectTo, runOn } from './run.ts';
import { type Answer, clientId, issued, listen, type OktaServer, refused, token } from './server.ts';

const all: readonly Collector<OktaClient>[] = [users, groups, applications, administrators, policies];
const opened: OktaServer[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});
async function serve(world = acme(), options: Parameters<typeof listen>[1] = {}): Promise<OktaServer> {
  const server = await listen(world, options);
  opened.push(server);
  return server;
}
/** Who cannot get in is not asked about one by one. */
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => user(`n${String(index).padStart(4, '0')}`, { status: 'SUSPENDED' }));

describe('an organisation that answers', () => {
  test('is called by the id that never changes, and tells who asks', async () => {
    const access = connectTo(await serve());
    expect(await access.organisation()).toEqual({ id: '00o1acme', pipeline: 'idx' });
    expect(await access.principal()).toBe('auditor@acme.example');
  });

  test.each(all.map((collector) => [collector.id, collector] as const))(
    '%s is read whole, and no field is left unread',
    async (_, collector) => {
      const seen = await runOn(await serve(), collector);
      expect(seen.completeness).toEqual({ kind: 'complete' });
      expect(seen.incomplete).toEqual([]);
      expect(seen.resources.flatMap((resource) => Object.keys(resource.unread))).toEqual([]);
      expect(seen.resources.length).toBeGreaterThan(0);
    },
  );

  test('users: those who are gone too, each with the factors that are a second one', async () => {
    const seen = await runOn(await serve(), users);
    expect(seen.one('idp.user', 'ana@acme.example').fields).toMatchObject({
      userId: '00u1ana',
      emails: ['ana@acme.example'],
      emailVerified: true,
      employeeNumber: 'E-ana',
      status: 'active',
      live: true,
      factors: [{ kind: 'webauthn', provider: 'FIDO', phishingResistant: true }],
    });
    expect(seen.one('idp.user', 'ben@acme.example').fields['factors']).toEqual([]);
    expect(seen.one('idp.user', 'cyd@acme.example').fields).toMatchObject({ status: 'staged', live: false, factors: null });
    expect(seen.one('idp.user', 'dee@acme.example').fields).toMatchObject({ status: 'deactivated', live: false });
    expect(seen.of('idp.factor').map(({ display, fields }) => [display, fields['active']])).toEqual([
      ['question of ana@acme.example', true],
      ['sms of ana@acme.example', false],
      ['webauthn of ana@acme.example', true],
      ['email of ben@acme.example', true],
    ]);
    // What is nobody's business stays where it is.
    expect(JSON.stringify(seen.items)).not.toMatch(/555 0100|private@home/);
  });

  test('groups, assignments and administrators, by themselves and through groups', async () => {
    expect((await runOn(await serve(), groups)).one('idp.group', 'Everyone').fields).toMatchObject({
      managedBy: 'built-in',
      members: ['00u1ana', '00u1ben', '00u1cyd'],
    });
    const assigned = (await runOn(await serve(), applications))
      .of('idp.assignment')
      .map(({ fields }) => [fields['principalType'], fields['principalId']]);
    expect(assigned).toEqual([
      ['group', '00g1ops'],
      ['user', '00u1ana'],
    ]);
    const seen = await runOn(await serve(), administrators);
    expect(seen.one('idp.administrator', 'ana@acme.example: Help of the help desk').fields).toMatchObject({
      roleType: 'CUSTOM',
      unlimited: false,
      may: ['reset-factor'],
      resourceSet: 'iam1',
    });
    expect(seen.one('idp.administrator', 'Operations: Super Administrator').fields).toMatchObject({
      principalType: 'group',
      unlimited: true,
    });
    expect(seen.one('idp.administrators', 'acme.okta.com').fields).toEqual({
      unlimited: ['ana@acme.example', 'ben@acme.example'],
      throughGroups: ['Operations'],
    });
  });

  test('policies: rules in the order in which they are asked, and which policy decides', async () => {
    const seen = await runOn(await serve(), policies);
    const app = seen.one('idp.policy', 'Any two factors').fields as { rules: { name: string; asksForSecondFactor: boolean }[] };
    expect(app.rules.map(({ name, asksForSecondFactor }) => [name, asksForSecondFactor])).toEqual([
      ['Staff', true],
      ['Catch-all Rule', false],
    ]);
    const decides = (of: typeof seen) => of.of('idp.policy').map(({ fields }) => [fields['kind'], fields['decidesSecondFactor']]);
    expect(decides(seen)).toEqual([
      ['application', true],
      ['password', false],
      ['session', false],
    ]);
    const before = await runOn(await serve(acme({ pipeline: 'v1' })), policies, { pipeline: 'v1' });
    expect(before.completeness).toEqual({ kind: 'complete' });
    expect(decides(before)).toContainEqual(['session', true]);
    const unknown = acme();
    Object.assign(unknown.policies[0]!.rules[0]!, {
      actions: { appSignOn: { access: 'ALLOW', verificationMethod: { type: 'SOMETHING_NEW' } } },
    });
    expect((await runOn(await serve(unknown), policies)).one('idp.policy', 'Any two factors').unread).toEqual({ rules: 'malformed-reply' });
  });

  test('is read page by page to the end', async () => {
    const server = await serve(acme({ users: many(450), factors: {} }));
    const seen = await runOn(server, users);
    expect(seen.completeness).toEqual({ kind: 'complete' });
    expect(seen.of('idp.user')).toHaveLength(450);
    expect(seen.requests.filter(({ operation }) => operation === 'GET /api/v1/users').map(({ page }) => page)).toEqual([1, 2, 3]);
  });
});

describe('a page that goes astray', () => {
  const astray = async (change: (answer: Answer) => Answer) => {
    const server = await serve(acme({ users: many(450), factors: {} }));
    server.fault = (path, query, answer) => (path === '/api/v1/users' && !query.has('filter') ? change(answer()) : undefined);
    const seen = await runOn(server, users);
    expect(seen.incomplete.length).toBeGreaterThan(0);
    expect(server.requests.every(({ headers }) => headers.host === new URL(server.baseUrl).host)).toBe(true);
    return { gaps: seen.gaps, found: seen.of('idp.user').length };
  };
  const linked = (answer: Answer, link: string): Answer => ({ ...answer, headers: { link } });

  test.each([
    ['to another host', '<https://evil.example/api/v1/users?after=x>; rel="next"', 'next-page-foreign-host'],
    ['to another path', '</api/v1/logs?after=x>; rel="next"', 'next-page-other-path'],
    ['to nowhere', '</api/v1/users?limit=200>; rel="next"', 'next-page-without-cursor'],
    ['in circles', '</api/v1/users?after=00u1n0001&limit=200>; rel="next"', 'next-page-cycle'],
  ])('%s is a gap, and what came before is kept', async (_, link, code) => {
    const { gaps, found } = await astray((answer) => linked(answer, link));
    expect(gaps).toContainEqual(expect.objectContaining({ reason: 'truncated', code }));
    // What came twice is two things under one name, and left out.
    expect(found).toBeGreaterThanOrEqual(code === 'next-page-cycle' ? 2 : 200);
  });

  test('without a word, though it is full, is a gap', async () => {
    const { gaps } = await astray((answer) => ({ ...answer, headers: {} }));
    expect(gaps).toContainEqual(expect.objectContaining({ reason: 'truncated', code: 'link-header-missing' }));
  });
});

describe('an organisation that refuses', () => {
  const deny = (status: number, code: string) => () => refused(status, code);

  test.each(all.map((collector) => [collector.id, collector] as const))('%s: a refused token is no empty list', async (_, collector) => {
    const server = await serve();
    server.fault = deny(401, 'E0000011');
    const seen = await runOn(server, collector);
    expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'access-denied', code: 'E0000011' }));
    expect(seen.incomplete.length).toBeGreaterThan(0);
    for (const aggregate of seen.of('idp.administrators')) expect(Object.keys(aggregate.unread)).toEqual(['unlimited', 'throughGroups']);
  });

  test('one user whose factors it does not tell leaves the others known', async () => {
    const server = await serve();
    server.fault = (path) => (path === '/api/v1/users/00u1ben/factors' ? refused(403, 'E0000006') : undefined);
    const seen = await runOn(server, users);
    expect(seen.one('idp.user', 'ben@acme.example').unread).toEqual({ factors: 'access-denied' });
    expect(seen.one('idp.user', 'ana@acme.example').unread).toEqual({});
  });

  test('a limit is waited for as long as it says, and given up beyond that', async () => {
    const server = await serve();
    let times = 0;
    const limited = (seconds: number): Answer => ({
      ...refused(429, 'E0000047'),
      headers: {
        'x-rate-limit-remaining': '0',
        'x-rate-limit-reset': String(Date.parse('2026-01-15T12:00:00Z') / 1000 + seconds),
        date: 'Thu, 15 Jan 2026 12:00:00 GMT',
      },
    });
    server.fault = (path) => {
      if (path !== '/api/v1/groups') return undefined;
      times += 1;
      return times === 1 ? { ...limited(0) } : undefined;
    };
    expect((await runOn(server, groups)).completeness).toEqual({ kind: 'complete' });
    server.fault = (path) => (path === '/api/v1/groups' ? limited(3600) : undefined);
    const before = server.requests.length;
    const seen = await runOn(server, groups);
    expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'rate-limited' }));
    expect(server.requests.length - before).toBe(1);
  });

  test('what is down is tried again, then said', async () => {
    const server = await serve();
    server.fault = () => ({ status: 503, body: 'down for maintenance' });
    const seen = await runOn(server, groups);
    expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'source-unavailable', code: 'http-503' }));
    expect(server.requests).toHaveLength(3);
  });
});

describe('bodies nobody expects', () => {
  test.each([
    ['a page of HTML', '<html>'],
    ['half a list', '[{"id":"00u1a"'],
    ['bytes that are no text', '[\u0000]'],
    ['nothing', ''],
    ['a number', '42'],
    ['null', 'null'],
    ['an object in place of a list', '{"users":[]}'],
    ['a list of numbers', '[1,2]'],
    ['things without ids', '[{"status":"ACTIVE"}]'],
    ['other shapes', '[{"id":7,"status":{},"profile":[]}]'],
  ])('%s makes no list of users, and is told', async (_, body) => {
    for (const collector of all) {
      const server = await serve();
      server.fault = () => ({ status: 200, body });
      const seen = await runOn(server, collector);
      expect(seen.completeness.kind, collector.id).toBe('incomplete');
      expect(seen.resources.filter(({ type }) => type !== 'idp.administrators')).toEqual([]);
    }
  });

  test('a redirect is not followed', async () => {
    const server = await serve();
    server.fault = (path) => (path === '/elsewhere' ? undefined : { status: 302, headers: { location: '/elsewhere' }, body: '' });
    const seen = await runOn(server, groups);
    expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'malformed-reply', code: 'redirect-refused' }));
    expect(server.requests.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  test('an organisation without an id is not entered', async () => {
    const server = await serve();
    server.fault = () => ({ status: 200, body: { id: '../../x' } });
    await expect(connectTo(server).organisation()).rejects.toMatchObject({ reason: 'malformed-reply', sourceCode: 'no-organisation-id' });
  });
});

describe('secrets', () => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const app = { kind: 'app' as const, clientId, privateKey: pair.privateKey };

  test('the token goes into one header and into nothing that is kept', async () => {
    const server = await serve();
    for (const collector of all) {
      const seen = await runOn(server, collector);
      expect(JSON.stringify([seen.items, seen.requests, seen.gaps, seen.resources])).not.toContain(token);
    }
    expect(
      server.requests.every(({ path, query, headers }) => !`${path}?${query}`.includes(token) && headers.authorization === `SSWS ${token}`),
    ).toBe(true);
    expect(source.equivalentCommand('GET /api/v1/groups/{groupId}/users', { groupId: "00g'1", limit: 1000 }, {})).toBe(
      `curl -sS -H "Authorization: SSWS $OKTA_TOKEN" -H 'Accept: application/json' "https://$OKTA_DOMAIN"'/api/v1/groups/00g'\\''1/users?limit=1000'`,
    );
  });

  test('a service app signs who it is, asks for one scope at a time, and is kept out of nothing but what it was not granted', async () => {
    const server = await serve(acme(), { publicKey: pair.publicKey, grantedScopes: ['okta.users.read', 'okta.groups.read'] });
    const seen = await runOn(server, users, { credentials: app });
    expect(seen.completeness).toEqual({ kind: 'complete' });
    expect(server.requests.filter(({ path }) => path === '/oauth2/v1/token')).toHaveLength(1);
    expect(JSON.stringify([seen.items, seen.requests, seen.resources])).not.toContain(issued);
    const kept = await runOn(server, applications, { credentials: app });
    expect(kept.gaps).toContainEqual(expect.objectContaining({ reason: 'access-denied', code: 'invalid_scope' }));
    expect(await connectTo(server, app).principal()).toBe(`app ${clientId}`);
  });

  test('a key that is none is refused without a word of it', async () => {
    const open = () => connectTo({ baseUrl: 'http://127.0.0.1:9' } as OktaServer, { ...app, privateKey: 'hunter2-not-a-key' });
    expect(open).toThrow(ProoflineError);
    expect(open).toThrow(/neither a PEM private key nor a JSON Web Key$/);
    const wrong = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const seen = await runOn(await serve(acme(), { publicKey: pair.publicKey }), groups, { credentials: { ...app, privateKey: wrong } });
    expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'access-denied', code: 'invalid_client' }));
  });

  test.each(['http://acme.okta.com', 'https://me:secret@acme.okta.com', 'https://acme.okta.com/path'])(
    '%s is no address to send a token to',
    (baseUrl) => {
      const open = () =>
        connectOkta({ name: 'a', organisation: 'acme.okta.com', baseUrl, credentials: { kind: 'token', token } }, { version: '0' });
      expect(open).toThrow(ProoflineError);
    },
  );

  test.each([
    ['acme.okta.com', true],
    ['acme.oktapreview.com', true],
    ['acme.okta-gov.com:443', true],
    ['acme.okta.com.evil.example', false],
    ['okta.com', false],
    ['127.0.0.1:8080', false],
  ])('%s: the provider’s own host? %s', (host, own) => {
    expect(source.isOfficialHost(host)).toBe(own);
  });
});
