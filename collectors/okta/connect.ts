import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Exchange, ExchangeReply, JsonObject } from '../../src/authoring.ts';
import { ProoflineError, SourceError } from '../../src/authoring.ts';
import { cursorIn, nextPage } from './link.ts';
import { addressOf, findOperation } from './operations.ts';

/** What configuration gives for one Okta organisation. Secrets are resolved by the caller and never written anywhere. */
export interface OktaConnection {
  readonly name: string;
  /** `acme.okta.com`. */
  readonly organisation: string;
  /** Of an emulator on this machine; default `https://<organisation>`. */
  readonly baseUrl?: string;
  readonly credentials:
    | { readonly kind: 'token'; readonly token: string }
    /** A service app; the key as PEM or as the JSON Web Key that Okta showed when it was made. */
    | { readonly kind: 'app'; readonly clientId: string; readonly privateKey: string };
}
export interface OktaOrganisation {
  /** Immutable: what the member is called by. */
  readonly id: string;
  /** `idx`: the Identity Engine; `v1`: before it. */
  readonly pipeline: string | null;
}
export interface OktaAccess {
  /** Host (with port) every request goes to. */
  readonly host: string;
  /** Asked without credentials: Okta tells everybody. @throws SourceError */
  organisation(): Promise<OktaOrganisation>;
  /** Who we are there: a user's login, or `app <client id>`. @throws SourceError */
  principal(): Promise<string>;
  /** `session`: the collection's name, told in the user agent. */
  open(session: string): { readonly exchange: Exchange };
}
export interface OktaOptions {
  readonly version: string;
  /** Milliseconds since the epoch; for limits and the life of access tokens. */
  readonly now?: () => number;
}

const timeoutMs = 60_000;
/** Largest reply that is read; a page of 200 users with every attribute has far less. */
const maxBytes = 64 * 1024 * 1024;
const assertionSeconds = 300;
const wellKnown = 'GET /.well-known/okta-organization';
const keptHeaders = /^(?:date|etag|link|retry-after|x-okta-request-id|x-rate-limit-.+)$/;

interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/**
 * The real way into Okta. Nothing is sent before the first exchange. Every attempt is the recorder's to make and to record: nothing
 * is retried and nothing is waited for here, a redirect is never followed, and a request that a known limit would refuse is not sent.
 * @throws ProoflineError 'configuration' for an address that is neither HTTPS nor loopback, or a private key that is none.
 */
export function connectOkta(connection: OktaConnection, options: OktaOptions): OktaAccess {
  const base = checkedBase(connection);
  const now = options.now ?? Date.now;
  const { credentials } = connection;
  const key = credentials.kind === 'app' ? privateKeyOf(credentials.privateKey, connection.name) : undefined;
  /** Access tokens by scope: one that was not granted keeps out only who needs it. */
  const tokens = new Map<string, { readonly value: string; readonly until: number }>();
  /** When a spent budget is filled again, in seconds since the epoch, by operation. */
  const exhausted = new Map<string, number>();

  async function send(operation: string, url: URL, init: RequestInit): Promise<RawReply> {
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      const bytes = await readBounded(response);
      const headers = Object.fromEntries([...response.headers].filter(([name]) => keptHeaders.test(name)));
      if (bytes === undefined) {
        throw new SourceError('malformed-reply', operation, {
          sourceCode: 'reply-too-large',
          status: response.status,
          headers,
          host: base.host,
        });
      }
      return { status: response.status, headers: { ...headers, ...limitsIn(headers) }, bytes };
    } catch (cause) {
      if (cause instanceof SourceError || !isNetworkError(cause)) throw cause;
      throw new SourceError('source-unavailable', operation, { cause, sourceCode: networkCode(cause), host: base.host });
    }
  }

  async function authorization(operation: string, scope: string, headers: Record<string, string>): Promise<string> {
    if (credentials.kind === 'token') return `SSWS ${credentials.token}`;
    const known = tokens.get(scope);
    if (known !== undefined && known.until > now()) return `Bearer ${known.value}`;
    const url = new URL('/oauth2/v1/token', base);
    const audience = connection.baseUrl === undefined ? url.href : `https://${connection.organisation}/oauth2/v1/token`;
    const reply = await send(operation, url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertionOf(key!, credentials.clientId, audience, now()),
      }),
    });
    const seen = { status: reply.status, headers: { ...reply.headers }, host: base.host };
    const body = reply.status === 200 ? objectIn(operation, reply, base.host) : objectOr(reply);
    if (reply.status === 429) throw new SourceError('rate-limited', operation, { ...seen, sourceCode: 'token-endpoint' });
    if (reply.status >= 500) throw new SourceError('source-unavailable', operation, { ...seen, sourceCode: `http-${reply.status}` });
    const token = body['access_token'];
    const seconds = body['expires_in'];
    if (reply.status !== 200)
      throw new SourceError('access-denied', operation, { ...seen, sourceCode: codeIn(body['error']) ?? 'bad-credentials' });
    if (typeof token !== 'string' || token === '' || typeof seconds !== 'number') {
      throw new SourceError('malformed-reply', operation, { ...seen, sourceCode: 'no-access-token' });
    }
    // A minute early, so that none runs out on its way.
    tokens.set(scope, { value: token, until: now() + (seconds - 60) * 1000 });
    return `Bearer ${token}`;
  }

  async function get(operation: string, input: JsonObject, session: string): Promise<ExchangeReply> {
    const found = findOperation(operation);
    if (!found) throw new TypeError(`${operation} is not declared in collectors/okta/operations.ts`);
    return await ask(operation, new URL(addressOf(operation, input), base), found.permission, session);
  }

  async function ask(operation: string, url: URL, scope: string | null, session: string): Promise<ExchangeReply> {
    const reset = exhausted.get(operation);
    if (reset !== undefined && reset * 1000 > now()) {
      throw new SourceError('rate-limited', operation, {
        sourceCode: 'spent',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
        host: base.host,
      });
    }
    const headers = {
      accept: 'application/json',
      'user-agent': `proofline/${options.version}${session === '' ? '' : ` session/${session}`}`,
    };
    const reply = await send(operation, url, {
      headers: scope === null ? headers : { ...headers, authorization: await authorization(operation, scope, headers) },
    });
    const limit = Number(reply.headers['x-ratelimit-reset']);
    if (reply.headers['x-ratelimit-remaining'] === '0' && limit > 0) exhausted.set(operation, limit);
    else exhausted.delete(operation);
    if (reply.status !== 200) {
      // Okta ends a token that it refuses; whether the next is taken is the next request's to see.
      if (reply.status === 401) tokens.clear();
      throw refusal(operation, reply, base.host);
    }
    return {
      output: outputOf(operation, reply, url, base.host),
      status: reply.status,
      headers: reply.headers,
      bytes: reply.bytes,
      host: base.host,
    };
  }

  return {
    host: base.host,
    async organisation() {
      const { output, status } = await ask(wellKnown, new URL('/.well-known/okta-organization', base), null, '');
      const { id, pipeline } = output as JsonObject;
      if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
        throw new SourceError('malformed-reply', wellKnown, { status, sourceCode: 'no-organisation-id', host: base.host });
      }
      return { id, pipeline: typeof pipeline === 'string' ? pipeline : null };
    },
    async principal() {
      if (credentials.kind === 'app') return `app ${credentials.clientId}`;
      const operation = 'GET /api/v1/users/me';
      const { output, status } = await ask(operation, new URL('/api/v1/users/me', base), 'okta.users.read', '');
      const profile = (output as JsonObject)['profile'];
      const login = typeof profile === 'object' && profile !== null && 'login' in profile ? profile['login'] : undefined;
      if (typeof login !== 'string') throw new SourceError('malformed-reply', operation, { status, host: base.host });
      return login;
    },
    open: (session) => ({ exchange: (operation, input) => get(operation, input, session) }),
  };
}

/** HTTPS to the organisation, or an emulator on this machine; no credentials in an address, where logs and process lists would show them. */
function checkedBase({ baseUrl, organisation, name }: OktaConnection): URL {
  const refuse = (why: string) => new ProoflineError('configuration', `okta source ${name}: baseUrl ${why}`);
  const address = baseUrl ?? `https://${organisation}`;
  if (!URL.canParse(address)) throw refuse('is not a URL');
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') throw refuse('must not carry credentials');
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw refuse('must be HTTPS (HTTP only on the loopback interface)');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw refuse('must be a host alone, without a path');
  return url;
}

interface SigningKey {
  readonly key: KeyObject;
  readonly id: string | null;
}
/** The cause is left out of the message: it may quote the key. */
function privateKeyOf(text: string, name: string): SigningKey {
  try {
    if (!text.trimStart().startsWith('{')) return { key: createPrivateKey(text), id: null };
    const jwk = JSON.parse(text) as JsonObject;
    return { key: createPrivateKey({ key: jwk, format: 'jwk' }), id: typeof jwk['kid'] === 'string' ? jwk['kid'] : null };
  } catch {
    throw new ProoflineError('configuration', `okta source ${name}: app.privateKey is neither a PEM private key nor a JSON Web Key`);
  }
}

/** RFC 7523: who we are, signed, for this token endpoint, for five minutes, once. */
function assertionOf({ key, id }: SigningKey, clientId: string, audience: string, nowMs: number): string {
  const elliptic = key.asymmetricKeyType === 'ec';
  const seconds = Math.floor(nowMs / 1000);
  const header = { alg: elliptic ? 'ES256' : 'RS256', typ: 'JWT', ...(id === null ? {} : { kid: id }) };
  const claims = { iss: clientId, sub: clientId, aud: audience, iat: seconds, exp: seconds + assertionSeconds, jti: randomUUID() };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signed), elliptic ? { key, dsaEncoding: 'ieee-p1363' } : key);
  return `${signed}.${signature.toString('base64url')}`;
}

/** Undefined when there is more of it than any page has. */
async function readBounded(response: Response): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Okta's names for its limits, as everybody else writes them. */
function limitsIn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-rate-limit-') ? [[name.replace('x-rate-limit-', 'x-ratelimit-'), value]] : [],
    ),
  );
}

/** What a refused or failed request means. */
function refusal(operation: string, reply: RawReply, host: string): SourceError {
  const { status, headers } = reply;
  const code = codeIn(objectOr(reply)['errorCode']);
  const make = (reason: SourceError['reason'], sourceCode: string, kept: Readonly<Record<string, string>> = headers) =>
    new SourceError(reason, operation, { sourceCode, status, headers: { ...kept }, host });
  if (status === 429) {
    // E0000047 with its reset told; a limit on requests at once tells none, and is over as soon as they are.
    return make('rate-limited', code ?? 'too-many-requests', {
      ...headers,
      ...(headers['x-ratelimit-reset'] === undefined ? { 'retry-after': '10' } : { 'x-ratelimit-remaining': '0' }),
    });
  }
  if (status >= 300 && status < 400) return make('malformed-reply', 'redirect-refused');
  if (status === 401) return make('access-denied', code ?? 'bad-credentials');
  if (status === 403) return make('access-denied', code ?? 'forbidden');
  // What is asked about was listed a moment ago: gone, or hidden from this administrator.
  if (status === 404) return make('access-denied', code ?? 'not-found');
  if (status >= 400 && status < 500 && status !== 408) return make('access-denied', code ?? `http-${status}`);
  if (status >= 500 || status === 408) return make('source-unavailable', code ?? `http-${status}`);
  return make('malformed-reply', `http-${status}`);
}

/** A code as Okta or OAuth writes them; text that is none is not repeated. */
function codeIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^(?:E\d{7}|[a-z_]{3,40})$/.test(value) ? value : undefined;
}

function outputOf(operation: string, reply: RawReply, requested: URL, host: string): JsonObject {
  const body = parsed(operation, reply, host);
  if (typeof body !== 'object' || body === null) {
    throw new SourceError('malformed-reply', operation, {
      sourceCode: 'not-an-object',
      status: reply.status,
      headers: { ...reply.headers },
      host,
    });
  }
  if (Array.isArray(body)) {
    const link = reply.headers['link'];
    return { items: body, ...(link === undefined ? {} : { next: nextPage(link, requested) }) } as JsonObject;
  }
  const object = body as Readonly<Record<string, unknown>>;
  // Lists of administration have their links in the body: `{ value: [...], _links: { next: { href } } }`.
  const list = object['value'] ?? object['permissions'];
  if (!Array.isArray(list)) return object as JsonObject;
  const href = hrefOf(object['_links']);
  return { items: list, next: href === undefined ? { after: null } : cursorIn(href, requested) } as JsonObject;
}
function hrefOf(links: unknown): string | undefined {
  const next = typeof links === 'object' && links !== null && 'next' in links ? links.next : undefined;
  const href = typeof next === 'object' && next !== null && 'href' in next ? next.href : undefined;
  return typeof href === 'string' ? href : undefined;
}

function parsed(operation: string, { bytes, status, headers }: RawReply, host: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (!(cause instanceof SyntaxError) && !(cause instanceof TypeError)) throw cause;
    // The cause quotes what it could not read, which may be anything: it is left behind.
    throw new SourceError('malformed-reply', operation, { sourceCode: 'not-json', status, headers: { ...headers }, host });
  }
}
function objectIn(operation: string, reply: RawReply, host: string): Readonly<Record<string, unknown>> {
  const body = parsed(operation, reply, host);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Readonly<Record<string, unknown>>;
  throw new SourceError('malformed-reply', operation, {
    sourceCode: 'not-an-object',
    status: reply.status,
    headers: { ...reply.headers },
    host,
  });
}
function objectOr(reply: RawReply): Readonly<Record<string, unknown>> {
  try {
    return objectIn('', reply, '');
  } catch (error) {
    if (error instanceof SourceError) return {};
    throw error;
  }
}

/** fetch reports the network as TypeError with a cause, a time-out as DOMException. */
function isNetworkError(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === 'TimeoutError' || error.name === 'AbortError';
  return error instanceof TypeError && (error.cause !== undefined || error.message === 'terminated' || error.message === 'fetch failed');
}
function networkCode(error: unknown): string {
  if (error instanceof DOMException) return error.name;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'fetch-failed';
}
