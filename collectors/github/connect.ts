import { createHash } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Exchange, ExchangeReply, JsonObject } from '../../src/authoring.ts';
import { ProoflineError, SourceError } from '../../src/authoring.ts';
import { nextPage } from './link.ts';
import { findOperation, queryOf } from './operations.ts';
import { at, graphqlErrors, reasonOf, tooLarge } from './replies.ts';

/** What configuration gives for one way into GitHub. Secrets are resolved by the caller and never written anywhere. */
export interface GithubConnection {
  readonly name: string;
  /** Of an Enterprise Server (`https://github.example.com/api/v3`) or `https://api.SUBDOMAIN.ghe.com`; default GitHub.com. */
  readonly baseUrl?: string;
  readonly credentials:
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'app'; readonly appId: number | string; readonly privateKey: string; readonly installationId: number | string };
}
/** Replies kept for conditional requests; whoever asked is part of the key. Losing it costs calls, not evidence. */
export interface GithubReplyCache {
  get(
    principal: string,
    endpoint: string,
  ): { readonly etag: string; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array } | undefined;
  set(principal: string, endpoint: string, reply: { etag: string; headers: Readonly<Record<string, string>>; body: Uint8Array }): void;
}
export interface GithubIdentity {
  readonly kind: 'token' | 'app';
  /** A user's login or an App's slug. */
  readonly login: string;
  readonly id: number;
}
export interface GithubOrganisation {
  readonly id: number;
  readonly login: string;
}
export interface GithubAccess {
  /** Host (with port) every request goes to. */
  readonly host: string;
  /** What collectors may know of us: `{ authentication: 'token' | 'app' }`, for the client's settings. */
  readonly settings: JsonObject;
  /** Who we are there. @throws SourceError */
  identity(): Promise<GithubIdentity>;
  /** The organisation's database id, which its source id is made of, and present login. @throws SourceError */
  organisation(login: string): Promise<GithubOrganisation>;
  /** `session`: the collection's name, told in the user agent. */
  open(session: string): { readonly exchange: Exchange };
}
export interface GithubOptions {
  readonly version: string;
  readonly cache?: GithubReplyCache;
  /** Milliseconds since the epoch; for rate-limit resets only. */
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
}

const timeoutMs = 60_000;
const maxRedirects = 3;
/** Below this a page is not cut any further: then it is the source that is down, and the recorder's to try again. */
const smallestPage = 10;
const keptHeaders =
  /^(?:date|etag|link|retry-after|location|x-github-request-id|x-github-sso|x-oauth-scopes|x-accepted-github-permissions|x-ratelimit-.+)$/;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly url: URL;
}

/**
 * The real way into GitHub. Nothing is sent before the first exchange. Every attempt is the recorder's to make and to record: nothing
 * is retried and nothing is waited for here, and a request that a known limit would refuse is not sent.
 * @throws ProoflineError 'configuration' for an address that is neither HTTPS nor loopback, or that carries credentials.
 */
export function connectGithub(connection: GithubConnection, options: GithubOptions): GithubAccess {
  const base = checkedBase(connection.baseUrl ?? 'https://api.github.com', connection.name);
  const graphqlUrl = new URL(base);
  graphqlUrl.pathname = base.pathname.endsWith('/api/v3')
    ? base.pathname.replace(/\/v3$/, '/graphql')
    : `${base.pathname.replace(/\/+$/, '')}/graphql`;
  const now = options.now ?? Date.now;
  const exhausted = new Map<string, number>();
  const send = options.fetch ?? fetch;
  const baseUrl = base.href.replace(/\/+$/, '');
  const userAgent = (session: string) => `proofline/${options.version}${session === '' ? '' : ` session/${session}`}`;

  /** One HTTP exchange below the base address; redirects are followed only there. @throws SourceError */
  async function exchangeBytes(operation: string, url: string, init: RequestInit): Promise<RawReply> {
    let target = new URL(url);
    for (let hop = 0; ; hop += 1) {
      let response: Response;
      let bytes: Uint8Array;
      try {
        response = await send(target.href, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
        bytes = new Uint8Array(await response.arrayBuffer());
      } catch (cause) {
        if (!isNetworkError(cause)) throw cause;
        throw new SourceError('source-unavailable', operation, { cause, sourceCode: networkCode(cause), host: base.host });
      }
      const headers = Object.fromEntries([...response.headers].filter(([name]) => keptHeaders.test(name)));
      const location = response.headers.get('location');
      if (![301, 302, 307, 308].includes(response.status) || location === null)
        return { status: response.status, headers, bytes, url: target };
      const next = URL.canParse(location, target.href) ? new URL(location, target) : undefined;
      // A renamed organisation or repository is answered with a redirect to its id on the same host; anything else would take our token along.
      if (
        hop >= maxRedirects ||
        next?.origin !== base.origin ||
        !next.pathname.startsWith(`${base.pathname.replace(/\/+$/, '')}/`) ||
        next.username !== ''
      ) {
        throw new SourceError('malformed-reply', operation, {
          sourceCode: 'redirect-refused',
          status: response.status,
          headers,
          host: base.host,
        });
      }
      target = next;
    }
  }

  const octokit = new Octokit({ baseUrl, log: silent });
  const appAuth =
    connection.credentials.kind === 'app'
      ? createAppAuth({
          appId: connection.credentials.appId,
          privateKey: connection.credentials.privateKey,
          installationId: connection.credentials.installationId,
          log: silent,
          request: octokit.request.defaults({ baseUrl, request: { fetch: pinnedFetch } }),
        })
      : undefined;
  function pinnedFetch(url: string, init: RequestInit): Promise<Response> {
    return exchangeBytes('App authentication', url, init).then(toResponse);
  }

  async function authorization(operation: string, as: 'app' | 'installation'): Promise<string> {
    const { credentials } = connection;
    if (credentials.kind === 'token') return `token ${credentials.token}`;
    try {
      const authentication = as === 'app' ? await appAuth!({ type: 'app' }) : await appAuth!({ type: 'installation' });
      return `${as === 'app' ? 'bearer' : 'token'} ${authentication.token}`;
    } catch (cause) {
      if (cause instanceof SourceError) throw new SourceError(cause.reason, operation, rethrown(cause));
      const status = statusOf(cause);
      if (status !== undefined && status >= 500) throw new SourceError('source-unavailable', operation, { cause, status, host: base.host });
      // A key that does not sign and an installation that is gone end alike: there is no way in.
      throw new SourceError('access-denied', operation, {
        cause,
        sourceCode: 'bad-credentials',
        host: base.host,
        ...(status === undefined ? {} : { status }),
      });
    }
  }

  async function request(
    operation: string,
    route: string,
    input: Readonly<Record<string, unknown>>,
    session: string,
    as: 'app' | 'installation' = 'installation',
  ): Promise<{ reply: RawReply; endpoint: string; cached: ReturnType<GithubReplyCache['get']> }> {
    const bucket = route.startsWith('POST') ? 'graphql' : 'core';
    const reset = exhausted.get(bucket);
    if (reset !== undefined && reset * 1000 > now()) {
      throw new SourceError('rate-limited', operation, {
        sourceCode: 'primary-limit',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
        host: base.host,
      });
    }
    const { url, ...endpoint } = octokit.request.endpoint(route, { ...input });
    const key = url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url;
    const cached = route.startsWith('GET') ? options.cache?.get(principal, key) : undefined;
    const headers: Record<string, string> = {
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': userAgent(session),
      authorization: await authorization(operation, as),
      ...(cached ? { 'if-none-match': cached.etag } : {}),
      ...(endpoint.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    let reply: RawReply | undefined;
    try {
      await octokit.request({
        method: endpoint.method,
        url,
        headers,
        ...(endpoint.body === undefined ? {} : { data: endpoint.body as unknown }),
        request: {
          // Octokit parses a copy; ours are the bytes as they came, and integers that JavaScript cannot hold.
          fetch: async (target: string, init: RequestInit) => {
            reply = await exchangeBytes(operation, target, init);
            return toResponse(reply);
          },
        },
      });
    } catch (error) {
      // Octokit throws on every status that is not a success, and wraps what our own fetch threw.
      if (reply === undefined) throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
    }
    if (reply === undefined) throw new TypeError(`${operation}: no request was made`);
    noteLimit(reply, bucket);
    return { reply, endpoint: key, cached };
  }

  function noteLimit({ headers }: RawReply, bucket: string): void {
    const resource = headers['x-ratelimit-resource'] ?? bucket;
    if (resource !== bucket) return;
    const reset = Number(headers['x-ratelimit-reset']);
    if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset) && reset > 0) exhausted.set(bucket, reset);
    else exhausted.delete(bucket);
  }

  async function rest(
    operation: string,
    input: JsonObject,
    session: string,
    as: 'app' | 'installation' = 'installation',
  ): Promise<ExchangeReply> {
    const { reply, endpoint, cached } = await request(operation, operation, input, session, as);
    const seen = { status: reply.status, headers: reply.headers, host: base.host };
    if (reply.status === 304) {
      if (!cached) throw new SourceError('malformed-reply', operation, { ...seen, sourceCode: 'not-modified-unasked' });
      const headers = { ...pick(cached.headers, ['link']), ...reply.headers };
      return { ...seen, headers, bytes: reply.bytes, output: outputOf(operation, cached.body, headers['link'], reply.url, base) };
    }
    if (reply.status === 204) return { ...seen, bytes: reply.bytes, output: {} };
    if (reply.status === 202) throw new SourceError('source-unavailable', operation, { ...seen, sourceCode: 'not-ready' });
    if (reply.status < 200 || reply.status > 299) throw refusal(operation, reply, base.host);
    if (/partial-results/i.test(reply.headers['x-github-sso'] ?? '')) {
      throw new SourceError('access-denied', operation, { ...seen, sourceCode: 'sso-partial-results' });
    }
    const output = outputOf(operation, reply.bytes, reply.headers['link'], reply.url, base);
    const etag = reply.headers['etag'];
    if (etag !== undefined) options.cache?.set(principal, endpoint, { etag, headers: pick(reply.headers, ['link']), body: reply.bytes });
    return { ...seen, bytes: reply.bytes, output };
  }

  async function graphql(operation: string, query: string, input: JsonObject, session: string): Promise<ExchangeReply> {
    const { reply } = await request(operation, `POST ${graphqlUrl.href}`, { query: query.replace(/\s+/g, ' '), variables: input }, session);
    const seen = { status: reply.status, headers: reply.headers, host: base.host, bytes: reply.bytes };
    const first = input['first'];
    const divisible = typeof first === 'number' && first > smallestPage;
    if ((reply.status === 502 || reply.status === 504) && divisible) return { ...seen, output: tooLarge };
    if (reply.status < 200 || reply.status > 299) throw refusal(operation, reply, base.host);
    const output = parsed(operation, reply.bytes, seen);
    if (typeof output !== 'object' || output === null || Array.isArray(output)) throw new SourceError('malformed-reply', operation, seen);
    const body = output as JsonObject;
    const errors = graphqlErrors(body);
    const worst = errors.find((error) => reasonOf(error) === 'rate-limited');
    if (worst) throw new SourceError('rate-limited', operation, { ...seen, sourceCode: worst.code, headers: waitable(reply.headers) });
    const beyond = errors.find(
      (error) => reasonOf(error) === 'source-unavailable' && (error.path.length === 0 || /LIMIT/.test(error.code)),
    );
    if (beyond && divisible) return { ...seen, output: tooLarge };
    const root = body['data'];
    const answered = root !== null && typeof root === 'object' && Object.values(root).some((part) => part !== null);
    if (errors[0] && !answered) throw new SourceError(reasonOf(errors[0]), operation, { ...seen, sourceCode: errors[0].code });
    if (!answered) throw new SourceError('malformed-reply', operation, { ...seen, sourceCode: 'no-data' });
    return { ...seen, output: body };
  }

  const principal = principalOf(connection.credentials);
  return {
    host: base.host,
    settings: { authentication: connection.credentials.kind },
    async identity() {
      const route = connection.credentials.kind === 'app' ? 'GET /app' : 'GET /user';
      const { output, status } = await rest(route, {}, '', 'app');
      const id = at(output as JsonObject, ['id']);
      const login = at(output as JsonObject, [connection.credentials.kind === 'app' ? 'slug' : 'login']);
      if (typeof id !== 'number' || typeof login !== 'string') throw new SourceError('malformed-reply', route, { status, host: base.host });
      return { kind: connection.credentials.kind, id, login };
    },
    async organisation(name) {
      const route = 'GET /orgs/{org}';
      const { output, status } = await rest(route, { org: name }, '');
      const id = at(output as JsonObject, ['id']);
      const login = at(output as JsonObject, ['login']);
      if (typeof id !== 'number' || typeof login !== 'string') throw new SourceError('malformed-reply', route, { status, host: base.host });
      return { id, login };
    },
    open: (session) => ({
      exchange: async (operation, input) => {
        if (!findOperation(operation)) throw new TypeError(`${operation} is not declared in collectors/github/operations.ts`);
        const query = queryOf(operation);
        return query === undefined ? rest(operation, input, session) : graphql(operation, query, input, session);
      },
    }),
  };
}

/** HTTPS, or HTTP to this machine; no credentials in an address, where logs and process lists would show them. */
function checkedBase(address: string, name: string): URL {
  const refuse = (why: string) => new ProoflineError('configuration', `github source ${name}: baseUrl ${why}`);
  if (!URL.canParse(address)) throw refuse('is not a URL');
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') throw refuse('must not carry credentials');
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw refuse('must be HTTPS (HTTP only on the loopback interface)');
  if (url.search !== '' || url.hash !== '') throw refuse('must not have a query or a fragment');
  url.pathname = url.pathname.replace(/\/+$/, '') || '/';
  return url;
}

function principalOf(credentials: GithubConnection['credentials']): string {
  if (credentials.kind === 'app') return `app/${credentials.appId}/installation/${credentials.installationId}`;
  return `token/${createHash('sha256').update(credentials.token).digest('hex').slice(0, 16)}`;
}

/** What a refused or failed request means. `absent` codes are told apart by the collector's item rule. */
function refusal(operation: string, reply: RawReply, host: string): SourceError {
  const { status, headers } = reply;
  const said = errorBody(reply.bytes);
  const make = (reason: SourceError['reason'], sourceCode: string, kept: Readonly<Record<string, string>> = headers) =>
    new SourceError(reason, operation, { sourceCode, status, headers: kept, host });
  if (status === 429 || (status === 403 && isLimited(headers, said))) {
    return make('rate-limited', headers['x-ratelimit-remaining'] === '0' ? 'primary-limit' : 'secondary-limit', waitable(headers));
  }
  const absent = status === 404 ? findOperation(operation)?.absent?.[said.message] : undefined;
  if (absent !== undefined) return make('not-collected', absent);
  if (status === 401) return make('access-denied', 'bad-credentials');
  if (status === 403 && /^required/i.test(headers['x-github-sso'] ?? '')) return make('access-denied', 'sso-required');
  if (status === 403) return make('access-denied', 'forbidden');
  if (status === 404) return make('access-denied', 'not-found');
  if (status === 422) return make('access-denied', 'validation-failed');
  if (status >= 400 && status < 500 && status !== 408) return make('access-denied', `http-${status}`);
  if (status >= 500 || status === 408) return make('source-unavailable', `http-${status}`);
  return make('malformed-reply', `http-${status}`);
}

/** GitHub says it in a header, or, for some secondary limits, only in the address of the page that explains them. */
function isLimited(headers: Readonly<Record<string, string>>, said: { documentation: string }): boolean {
  return headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined || /rate-limit/.test(said.documentation);
}
/** A limit without a word on how long: GitHub's rule is then to wait for at least a minute. */
function waitable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const told =
    headers['retry-after'] !== undefined || (headers['x-ratelimit-remaining'] === '0' && headers['x-ratelimit-reset'] !== undefined);
  return told ? { ...headers } : { ...headers, 'retry-after': '60' };
}

function errorBody(bytes: Uint8Array): { message: string; documentation: string } {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const member = (name: string) => {
    const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { message: member('message'), documentation: member('documentation_url') };
}

function outputOf(operation: string, bytes: Uint8Array, link: string | undefined, requested: URL, base: URL): JsonObject {
  const body = parsed(operation, bytes, { host: base.host });
  if (typeof body !== 'object' || body === null)
    throw new SourceError('malformed-reply', operation, { sourceCode: 'not-an-object', host: base.host });
  const next = link === undefined ? {} : { link: nextPage(link, requested, base) };
  return (Array.isArray(body) ? { items: body, ...next } : { ...body, ...next }) as JsonObject;
}

/** JSON with every integer as it was written: beyond 2^53 as a bigint, which the recorder tags. */
function parsed(
  operation: string,
  bytes: Uint8Array,
  seen: { status?: number; headers?: Readonly<Record<string, string>>; host: string },
): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const { headers, ...rest } = seen;
    throw new SourceError('malformed-reply', operation, {
      ...rest,
      ...(headers ? { headers: { ...headers } } : {}),
      sourceCode: 'not-json',
      cause,
    });
  }
}
function exactly(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(context?.source ?? '')) return value;
  return BigInt(context!.source!);
}

function toResponse({ status, headers, bytes }: RawReply): Response {
  const empty = [101, 204, 205, 304].includes(status);
  return new Response(empty ? null : new Uint8Array(bytes), { status, headers: { ...headers, 'content-type': 'application/json' } });
}

function pick(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}
function rethrown(error: SourceError) {
  return {
    cause: error,
    headers: { ...error.headers },
    ...(error.sourceCode === undefined ? {} : { sourceCode: error.sourceCode }),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.host === undefined ? {} : { host: error.host }),
  };
}
function statusOf(error: unknown): number | undefined {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : undefined;
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
