import { generateKeyPairSync } from 'node:crypto';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectGithub, type GithubConnection } from '../../../collectors/github/connect.ts';
import { SourceError } from '../../../src/authoring.ts';
import { memoryCache } from './run.ts';

const token: GithubConnection['credentials'] = { kind: 'token', token: 'not-a-real-token' };
const connect = (connection: Partial<GithubConnection> = {}, options: Partial<Parameters<typeof connectGithub>[1]> = {}) =>
  connectGithub({ name: 'acme', credentials: token, ...connection }, { version: '1.2.3', ...options });
const ask = (connection: Partial<GithubConnection> = {}, options: Partial<Parameters<typeof connectGithub>[1]> = {}) =>
  connect(connection, options).open('session-7').exchange;
const caught = async (work: Promise<unknown>): Promise<SourceError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
};

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  const open = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(open).toEqual([]);
});

test('sends what GitHub asks for, and hands over bytes, headers and host as they came', async () => {
  const text = '{"id":9919, "login":"acme"}';
  nock('https://api.github.com', {
    reqheaders: {
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'proofline/1.2.3 session/session-7',
      authorization: 'token not-a-real-token',
    },
  })
    .get('/orgs/acme')
    .reply(200, text, {
      'content-type': 'application/json',
      etag: 'W/"1"',
      'x-github-request-id': 'AB:1',
      'x-ratelimit-remaining': '4999',
      'set-cookie': 'a=b',
      server: 'x',
    });
  const reply = await ask()('GET /orgs/{org}', { org: 'acme' }, {});
  expect(reply).toMatchObject({ status: 200, host: 'api.github.com', output: { id: 9919, login: 'acme' } });
  expect(new TextDecoder().decode(reply.bytes)).toBe(text);
  expect(reply.headers).toEqual({ etag: 'W/"1"', 'x-github-request-id': 'AB:1', 'x-ratelimit-remaining': '4999' });
});

test('keeps integers that JavaScript cannot hold', async () => {
  nock('https://api.github.com')
    .get('/orgs/acme')
    .reply(200, '{"id":12345678901234567890,"small":-3,"text":"12345678901234567890","half":1.5,"big":-9007199254740993}');
  const { output } = await ask()('GET /orgs/{org}', { org: 'acme' }, {});
  expect(output).toEqual({ id: 12345678901234567890n, small: -3, text: '12345678901234567890', half: 1.5, big: -9007199254740993n });
});

test('a list becomes items, with where it goes on', async () => {
  nock('https://api.github.com')
    .get('/orgs/acme/members')
    .query({ filter: '2fa_disabled', per_page: 100, page: 2 })
    .reply(200, [{ login: 'ann' }], { link: '<https://api.github.com/organizations/9919/members?filter=2fa_disabled&page=3>; rel="next"' });
  const { output } = await ask()('GET /orgs/{org}/members?filter=2fa_disabled', { org: 'acme', per_page: 100, page: 2 }, {});
  expect(output).toEqual({ items: [{ login: 'ann' }], link: { next: { filter: '2fa_disabled', page: '3' } } });
});

test('encodes what goes into a path', async () => {
  nock('https://api.github.com')
    .get('/repos/acme/a%20b/branches/release%2F1.0%3Fx/protection')
    .reply(404, { message: 'Branch not protected' });
  const error = await caught(
    ask()('GET /repos/{owner}/{repo}/branches/{branch}/protection', { owner: 'acme', repo: 'a b', branch: 'release/1.0?x' }, {}),
  );
  expect(error.sourceCode).toBe('branch-not-protected');
});

test('GraphQL is asked where the installation has it', async () => {
  const asked: unknown[] = [];
  const note = (body: unknown) => {
    asked.push(body);
    return true;
  };
  const answer = { data: { organization: { id: 'O' } } };
  nock('https://api.github.com').post('/graphql', note).reply(200, answer);
  nock('https://github.example.com').post('/api/graphql', note).reply(200, answer);
  nock('https://api.acme.ghe.com').post('/graphql', note).reply(200, answer);
  for (const baseUrl of [undefined, 'https://github.example.com/api/v3/', 'https://api.acme.ghe.com']) {
    const { output } = await ask(baseUrl === undefined ? {} : { baseUrl })('graphql:organisation-membership', { organisation: 'acme' }, {});
    expect(output).toEqual({ data: { organization: { id: 'O' } } });
  }
  expect(asked[0]).toMatchObject({ variables: { organisation: 'acme' } });
  expect(JSON.stringify(asked[0])).toContain('viewerIsAMember');
});

test('a redirect is followed on the same host, and nowhere else', async () => {
  nock('https://api.github.com').get('/orgs/old').reply(301, {}, { location: 'https://api.github.com/organizations/9919' });
  nock('https://api.github.com').get('/organizations/9919').reply(200, { id: 9919 });
  expect((await ask()('GET /orgs/{org}', { org: 'old' }, {})).output).toEqual({ id: 9919 });
  for (const location of ['https://example.com/organizations/9919', 'http://api.github.com/organizations/9919', '//example.com/']) {
    // Nothing answers there: had it been followed, nock would refuse the connection.
    nock('https://api.github.com').get('/orgs/old').reply(302, {}, { location });
    expect(await caught(ask()('GET /orgs/{org}', { org: 'old' }, {}))).toMatchObject({
      reason: 'malformed-reply',
      sourceCode: 'redirect-refused',
      status: 302,
    });
  }
  nock('https://api.github.com').get('/orgs/old').times(4).reply(302, {}, { location: 'https://api.github.com/orgs/old' });
  expect(await caught(ask()('GET /orgs/{org}', { org: 'old' }, {}))).toMatchObject({ sourceCode: 'redirect-refused' });
});

test('conditional requests are per principal, and 304 is answered from what was kept', async () => {
  const cache = memoryCache();
  nock('https://api.github.com').get('/orgs/acme').reply(200, { id: 9919 }, { etag: 'W/"1"' });
  await ask({}, { cache })('GET /orgs/{org}', { org: 'acme' }, {});
  nock('https://api.github.com', { reqheaders: { 'if-none-match': 'W/"1"' } })
    .get('/orgs/acme')
    .reply(304, undefined, { etag: 'W/"1"', date: 'Thu, 15 Jan 2026 12:00:00 GMT' });
  const again = await ask({}, { cache })('GET /orgs/{org}', { org: 'acme' }, {});
  expect(again).toMatchObject({ status: 304, output: { id: 9919 }, headers: { date: 'Thu, 15 Jan 2026 12:00:00 GMT' } });
  expect(again.bytes).toHaveLength(0);
  nock('https://api.github.com', { badheaders: ['if-none-match'] })
    .get('/orgs/acme')
    .reply(200, { id: 9919 });
  const other = await ask({ credentials: { kind: 'token', token: 'somebody-else' } }, { cache })('GET /orgs/{org}', { org: 'acme' }, {});
  expect(other.status).toBe(200);
});

test('an App signs in as its installation, once, and says who it is', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const credentials = { kind: 'app', appId: 12, privateKey, installationId: 34 } as const;
  nock('https://api.github.com', { reqheaders: { authorization: /^bearer eyJ/ } })
    .post('/app/installations/34/access_tokens')
    .reply(201, {
      token: 'installation-token',
      expires_at: '2099-01-01T00:00:00Z',
      permissions: { members: 'read' },
      repository_selection: 'all',
    });
  nock('https://api.github.com', { reqheaders: { authorization: 'token installation-token' } })
    .get('/orgs/acme')
    .twice()
    .reply(200, { id: 9919, login: 'acme' });
  nock('https://api.github.com', { reqheaders: { authorization: /^bearer eyJ/ } })
    .get('/app')
    .reply(200, { id: 12, slug: 'proofline-acme' });
  const access = connect({ credentials });
  const { exchange } = access.open('session-7');
  await exchange('GET /orgs/{org}', { org: 'acme' }, {});
  expect(await access.organisation('acme')).toEqual({ id: 9919, login: 'acme' });
  expect(await access.identity()).toEqual({ kind: 'app', id: 12, login: 'proofline-acme' });
  expect(access.settings).toEqual({ authentication: 'app' });
});

test('an App whose key or installation is refused has no way in', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const exchange = ask({ credentials: { kind: 'app', appId: 12, privateKey, installationId: 34 } });
  nock('https://api.github.com').post('/app/installations/34/access_tokens').reply(404, { message: 'Not Found' });
  expect(await caught(exchange('GET /orgs/{org}', { org: 'acme' }, {}))).toMatchObject({
    reason: 'access-denied',
    sourceCode: 'bad-credentials',
    operation: 'GET /orgs/{org}',
  });
  const broken = ask({ credentials: { kind: 'app', appId: 12, privateKey: 'no key', installationId: 34 } });
  expect(await caught(broken('GET /orgs/{org}', { org: 'acme' }, {}))).toMatchObject({
    reason: 'access-denied',
    sourceCode: 'bad-credentials',
  });
});

test('a token says who it is', async () => {
  nock('https://api.github.com').get('/user').reply(200, { id: 5, login: 'auditor' });
  expect(await connect().identity()).toEqual({ kind: 'token', id: 5, login: 'auditor' });
  nock('https://api.github.com').get('/user').reply(200, { message: 'hello' });
  expect(await caught(connect().identity())).toMatchObject({ reason: 'malformed-reply' });
});

test('what happens on the way is the source being unavailable', async () => {
  nock('https://api.github.com')
    .get('/orgs/acme')
    .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  expect(await caught(ask()('GET /orgs/{org}', { org: 'acme' }, {}))).toMatchObject({
    reason: 'source-unavailable',
    host: 'api.github.com',
  });
});

test('no error carries the token', async () => {
  nock('https://api.github.com').get('/orgs/acme').reply(401, { message: 'Bad credentials' });
  const error = await caught(ask()('GET /orgs/{org}', { org: 'acme' }, {}));
  expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('not-a-real-token');
});

test.each([
  ['http://github.example.com', /HTTPS/],
  ['http://127.0.0.1.example.com', /HTTPS/],
  ['https://user:pass@github.example.com', /credentials/],
  ['ftp://github.example.com', /HTTPS/],
  ['github.example.com', /not a URL/],
  ['https://github.example.com/api/v3?x=1', /query/],
])('refuses %s as an address', (baseUrl, why) => {
  expect(() => connect({ baseUrl })).toThrowError(expect.objectContaining({ code: 'configuration', message: expect.stringMatching(why) }));
});
test.each(['http://127.0.0.1:4010', 'http://localhost:4010/api/v3', 'http://[::1]:4010', 'https://github.example.com/api/v3'])(
  'accepts %s as an address',
  (baseUrl) => {
    expect(connect({ baseUrl }).host).toBe(new URL(baseUrl).host);
  },
);
