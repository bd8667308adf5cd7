import dns from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsAccess, type AwsConnection, connectAws } from '../../../collectors/aws/connect.ts';
import { translateError } from '../../../collectors/aws/translate-error.ts';
import { SourceError } from '../../../src/authoring.ts';

interface Seen {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Handler = (seen: Seen, response: ServerResponse) => void;

let server: Server;
let url: string;
let seen: Seen[];
let handler: Handler;
let access: AwsAccess | undefined;

const summary =
  '<GetAccountSummaryResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountSummaryResult><SummaryMap>' +
  '<entry><key>Users</key><value>31</value></entry></SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>';
const answer =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml', ...headers });
    response.end(body);
  };
const identity = (account: string) =>
  answer(
    200,
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/ana</Arn>` +
      `<UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
const xmlError = (code: string) =>
  `<ErrorResponse><Error><Code>${code}</Code><Message>arn:aws:iam::1:user/secret</Message></Error></ErrorResponse>`;

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const at = { url: request.url ?? '', headers: request.headers, body };
      seen.push(at);
      handler(at, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
});
afterEach(async () => {
  access?.close();
  access = undefined;
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
function connect(more: Partial<AwsConnection> = {}): AwsAccess {
  access = connectAws({ name: 'test', endpointUrl: url, ...more }, { version: '1.2.3' });
  return access;
}
const caught = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an exchange', () => {
  it('hands over what was parsed, and the bytes, status, headers and host it was parsed from', async () => {
    handler = answer(200, summary, { 'x-amzn-RequestId': 'R1', date: 'Thu, 15 Jan 2026 12:00:00 GMT' });
    const reply = await connect().open(null, 'proofline-abc').exchange('iam:GetAccountSummary', {}, {});
    expect(reply.output).toEqual({ SummaryMap: { Users: 31 } });
    expect(new TextDecoder().decode(reply.bytes)).toBe(summary);
    expect(reply).toMatchObject({ status: 200, host: new URL(url).host });
    expect(reply.headers).toMatchObject({ date: 'Thu, 15 Jan 2026 12:00:00 GMT', 'x-amzn-requestid': 'R1' });
  });
  it('says in the user agent what it is and for which collection', async () => {
    handler = answer(200, summary);
    const opened = connect();
    await opened.open(null, 'proofline-one').exchange('iam:GetAccountSummary', {}, {});
    await opened.open(null, 'proofline-two').exchange('iam:GetAccountSummary', {}, {});
    expect(seen.map(({ headers }) => headers['user-agent'])).toEqual([
      expect.stringContaining('proofline/1.2.3 session/proofline-one'),
      expect.stringContaining('proofline/1.2.3 session/proofline-two'),
    ]);
  });
  it('makes one attempt: asking again is the recorder’s', async () => {
    handler = answer(503, xmlError('ServiceUnavailable'));
    expect(await caught(connect().open(null, 'proofline-abc').exchange('iam:GetAccountSummary', {}, {}))).toMatchObject({
      reason: 'source-unavailable',
    });
    expect(seen).toHaveLength(1);
  });
  it('stays on the host it was given, also where a service puts an account before it', async () => {
    handler = answer(
      200,
      '<PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>',
    );
    const reply = await connect()
      .open(null, 'proofline-abc')
      .exchange('s3control:GetPublicAccessBlock', { AccountId: '111122223333' }, { region: 'eu-central-1' });
    expect(reply.host).toBe(new URL(url).host);
    expect(seen[0]?.headers.host).toBe(new URL(url).host);
    expect(seen[0]?.headers['x-amz-account-id']).toBe('111122223333');
  });
  it('does not listen to endpoints of the environment or of a profile', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'proofline-aws-'));
    try {
      handler = answer(200, summary);
      writeFileSync(join(directory, 'config'), `[default]\nregion = us-east-1\nendpoint_url = ${url}\n`);
      vi.stubEnv('AWS_CONFIG_FILE', join(directory, 'config'));
      vi.stubEnv('AWS_ENDPOINT_URL', url);
      vi.stubEnv('AWS_ENDPOINT_URL_IAM', url);
      const looked: string[] = [];
      vi.spyOn(dns, 'lookup').mockImplementation(((name: string, _: unknown, done: (error: Error) => void) => {
        looked.push(name);
        done(Object.assign(new Error('not from a test'), { code: 'ENOTFOUND' }));
      }) as typeof dns.lookup);
      access = connectAws({ name: 'aws', region: 'us-east-1' }, { version: '1.2.3' });
      const error = await caught(access.open(null, 'proofline-abc').exchange('iam:GetAccountSummary', {}, {}));
      expect(error).toMatchObject({ reason: 'source-unavailable', sourceCode: 'ENOTFOUND', host: 'iam.amazonaws.com' });
      expect(looked).toEqual(['iam.amazonaws.com']);
      expect(seen).toEqual([]);
    } finally {
      vi.restoreAllMocks();
      rmSync(directory, { recursive: true });
    }
  });
  it('sends nothing that was not declared, and nothing that writes', async () => {
    const { exchange } = connect().open(null, 'proofline-abc');
    await expect(exchange('iam:DeleteUser', { UserName: 'ana' }, {})).rejects.toThrow(TypeError);
    await expect(exchange('constructor:x', {}, {})).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  });
});

describe('what the source answers', () => {
  const cases: readonly (readonly [string, Handler, object])[] = [
    ['refuses', answer(403, xmlError('AccessDenied')), { reason: 'access-denied', sourceCode: 'AccessDenied', status: 403 }],
    ['says the session is over', answer(403, xmlError('ExpiredToken')), { reason: 'access-denied', sourceCode: 'ExpiredToken' }],
    [
      'does not know the key',
      answer(403, xmlError('InvalidClientTokenId')),
      { reason: 'access-denied', sourceCode: 'InvalidClientTokenId' },
    ],
    ['is asked too often', answer(400, xmlError('Throttling')), { reason: 'rate-limited', sourceCode: 'Throttling', status: 400 }],
    ['has no such thing', answer(404, xmlError('NoSuchEntity')), { reason: 'not-collected', sourceCode: 'NoSuchEntity', status: 404 }],
    ['finds our clock wrong', answer(403, xmlError('RequestTimeTooSkewed')), { reason: 'source-unavailable' }],
    [
      'is broken, in HTML',
      answer(500, '<html><body>Internal error</body></html>', { 'content-type': 'text/html' }),
      { reason: 'source-unavailable', status: 500 },
    ],
    ['answers in HTML as if all were well', answer(200, '<html><body>Sign in'), { reason: 'malformed-reply', status: 200 }],
    ['answers with half of it', answer(200, summary.slice(0, 150)), { reason: 'malformed-reply' }],
    ['hangs up', (_, response) => response.destroy(), { reason: 'source-unavailable', status: undefined }],
    [
      'hangs up in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('<x>');
        setTimeout(() => response.destroy(), 10);
      },
      { reason: 'source-unavailable' },
    ],
  ];
  it.each(cases)('when it %s', async (_, how, expected) => {
    handler = how;
    const error = await caught(connect().open(null, 'proofline-abc').exchange('iam:GetAccountSummary', {}, {}));
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ operation: 'iam:GetAccountSummary', ...expected });
    // Messages of the source name people and resources.
    expect((error as SourceError).message).not.toContain('secret');
  });
  it.each([
    ['a refusal in another language', answer(403, xmlError('AccessDenied')), 'access-denied'],
    ['a page', answer(500, '<html>', { 'content-type': 'text/html' }), 'source-unavailable'],
    ['no JSON though all were well', answer(200, 'null and void'), 'malformed-reply'],
    ['an error of its own', answer(400, '{"__type":"com.amazonaws.kms#NotFoundException","message":"x"}'), 'not-collected'],
    ['throttling', answer(400, '{"__type":"ThrottlingException"}'), 'rate-limited'],
  ])('a JSON service gives %s', async (_, how, reason) => {
    handler = how;
    expect(await caught(connect().open(null, 'proofline-abc').exchange('kms:ListKeys', {}, {}))).toMatchObject({ reason });
  });
  it('a bug of ours stays one', () => {
    expect(translateError('iam:ListUsers', new TypeError('x is not a function'), { headers: {} })).toBeUndefined();
    expect(translateError('iam:ListUsers', 'a string', { headers: {} })).toBeUndefined();
    const badUrl = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });
    expect(translateError('iam:ListUsers', badUrl, { headers: {} })).toBeUndefined();
  });
});

describe('roles', () => {
  const assumed = (id: string) =>
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${id}</AccessKeyId>` +
    '<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';

  it('are assumed once a collection, under its name, with the external id, one through the other', async () => {
    let count = 0;
    handler = (at, response) => {
      if (at.body.includes('Action=AssumeRole')) count += 1;
      answer(200, at.body.includes('Action=AssumeRole') ? assumed(`ASIA${count}`) : summary)(at, response);
    };
    const opened = connect({ roleArn: 'arn:aws:iam::111122223333:role/Hub', externalId: 'e-1', sessionDuration: 7200 });
    const { exchange } = opened.open({ id: '444455556666', roleArn: 'arn:aws:iam::444455556666:role/Audit' }, 'proofline-c1');
    await Promise.all([exchange('iam:GetAccountSummary', {}, {}), exchange('iam:GetAccountSummary', {}, { region: 'eu-central-1' })]);
    const asked = seen
      .filter(({ body }) => body.includes('Action=AssumeRole'))
      .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(asked).toEqual([
      expect.objectContaining({
        RoleArn: 'arn:aws:iam::111122223333:role/Hub',
        RoleSessionName: 'proofline-c1',
        ExternalId: 'e-1',
        DurationSeconds: '7200',
      }),
      expect.objectContaining({
        RoleArn: 'arn:aws:iam::444455556666:role/Audit',
        RoleSessionName: 'proofline-c1',
        DurationSeconds: '3600',
      }),
    ]);
    const signedBy = seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]);
    expect(signedBy).toEqual(['AKIDEXAMPLE', 'ASIA1', 'ASIA2', 'ASIA2']);
    await opened
      .open({ id: '444455556666', roleArn: 'arn:aws:iam::444455556666:role/Audit' }, 'proofline-c2')
      .exchange('iam:GetAccountSummary', {}, {});
    expect(seen.filter(({ body }) => body.includes('RoleSessionName=proofline-c2'))).toHaveLength(2);
  });
  it('that may not be assumed are a refusal of AssumeRole, and it is tried anew', async () => {
    handler = answer(403, xmlError('AccessDenied'));
    const { exchange } = connect({ roleArn: 'arn:aws:iam::111122223333:role/Hub' }).open(null, 'proofline-c1');
    const refusal = { reason: 'access-denied', operation: 'sts:AssumeRole', sourceCode: 'AccessDenied' };
    expect(await caught(exchange('iam:GetAccountSummary', {}, {}))).toMatchObject(refusal);
    expect(await caught(exchange('iam:GetAccountSummary', {}, {}))).toMatchObject(refusal);
    expect(seen).toHaveLength(2);
  });
  it('names of sessions are what AWS allows', () => {
    expect(() => connect().open(null, 'a b')).toThrow(TypeError);
    expect(() => connect().open(null, 'x'.repeat(65))).toThrow(TypeError);
  });
});

describe('credentials and endpoints', () => {
  it('of another account than the one asked for are refused', async () => {
    handler = identity('999999999999');
    const session = connect().open({ id: '111122223333', roleArn: null }, 'proofline-abc');
    expect(await caught(session.identity())).toMatchObject({ code: 'source-refused' });
    expect(await connect().open(null, 'proofline-abc').identity()).toMatchObject({ account: '999999999999' });
  });
  it('that are not there are a refusal, not a bug', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
    expect(await caught(connect().open(null, 'proofline-abc').exchange('iam:GetAccountSummary', {}, {}))).toMatchObject({
      reason: 'access-denied',
      sourceCode: 'CredentialsProviderError',
    });
  });
  it.each([
    'http://198.51.100.7:5000',
    'http://aws.example',
    'https://user:secret@aws.example',
    'ftp://127.0.0.1',
    'not a url',
    'http://127.0.0.1.evil.example',
  ])('refuses %s', (endpointUrl) => {
    const attempt = () => connectAws({ name: 'test', endpointUrl }, { version: '0' });
    expect(attempt).toThrow(expect.objectContaining({ code: 'configuration' }));
    expect(attempt).not.toThrow(/secret/);
  });
  it.each(['https://vpce-1.iam.us-east-1.vpce.amazonaws.com', 'http://localhost:5000', 'http://[::1]:5000'])('takes %s', (endpointUrl) => {
    expect(() => connectAws({ name: 'test', endpointUrl }, { version: '0' }).close()).not.toThrow();
  });
  it('does not take half a list of accounts for a whole one', async () => {
    handler = (at, response) => {
      if (at.body.includes('GetCallerIdentity')) return identity('111122223333')(at, response);
      const page = at.body.includes('NextToken')
        ? { status: 403, body: '{"__type":"AccessDeniedException"}' }
        : { status: 200, body: '{"Accounts":[{"Id":"444455556666","Name":"b","Status":"ACTIVE"}],"NextToken":"n"}' };
      answer(page.status, page.body, { 'content-type': 'application/x-amz-json-1.1' })(at, response);
    };
    expect(await caught(connect({ discover: { roleName: 'Audit' } }).accounts())).toMatchObject({
      reason: 'access-denied',
      operation: 'organizations:ListAccounts',
    });
  });
});
