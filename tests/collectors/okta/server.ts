import { createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string | string[]>;
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
}
export interface OktaWorld {
  readonly pipeline: 'idx' | 'v1';
  readonly users: Record<string, unknown>[];
  /** By user id. */
  readonly factors: Record<string, Record<string, unknown>[]>;
  readonly groups: (Record<string, unknown> & {
    readonly id: string;
    readonly members: string[];
    readonly roles?: Record<string, unknown>[];
  })[];
  readonly applications: (Record<string, unknown> & {
    readonly id: string;
    readonly users: Record<string, unknown>[];
    readonly groups: string[];
  })[];
  /** Roles by user id. */
  readonly administrators: Record<string, Record<string, unknown>[]>;
  /** Permissions by id of a role of the organisation's own. */
  readonly customRoles: Record<string, string[]>;
  readonly policies: (Record<string, unknown> & {
    readonly id: string;
    readonly type: string;
    readonly rules: Record<string, unknown>[];
  })[];
}
export interface OktaServer {
  readonly baseUrl: string;
  readonly requests: { readonly path: string; readonly query: URLSearchParams; readonly headers: IncomingMessage['headers'] }[];
  /** Answers instead of the organisation; undefined lets it answer. */
  fault: ((path: string, query: URLSearchParams, answer: () => Answer) => Answer | undefined) | undefined;
  close(): Promise<void>;
}

export const token = '00notARealOktaTokenButLooksLikeOne12345678';
export const issued = 'issued-access-token-of-';
export const clientId = '0oa1service';

/**
 * An Okta organisation behind a socket of this machine: what its reference says of paths, pages (200 users at most, the cursor in a Link
 * header), limits and errors, and no more. A service app is let in when its assertion is signed by `publicKey`.
 */
export async function listen(world: OktaWorld, options: { publicKey?: string; grantedScopes?: string[] } = {}): Promise<OktaServer> {
  const requests: OktaServer['requests'] = [];
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', server.baseUrl);
      requests.push({ path: url.pathname, query: url.searchParams, headers: request.headers });
      const answer = () => answerTo(world, options, server.baseUrl, request, url, Buffer.concat(chunks).toString());
      const { status, headers, body } = server.fault?.(url.pathname, url.searchParams, answer) ?? answer();
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-okta-request-id': `req${requests.length}`,
        'x-rate-limit-limit': '600',
        'x-rate-limit-remaining': '599',
        'x-rate-limit-reset': '1768478460',
        ...headers,
      });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const server: OktaServer = {
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    fault: undefined,
    close: () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
  return server;
}

export function refused(status: number, errorCode: string): Answer {
  return { status, body: { errorCode, errorSummary: 'said in words', errorLink: errorCode, errorId: 'oae1', errorCauses: [] } };
}

function answerTo(
  world: OktaWorld,
  { publicKey, grantedScopes = [] }: { publicKey?: string; grantedScopes?: string[] },
  baseUrl: string,
  { method, headers }: IncomingMessage,
  url: URL,
  body: string,
): Answer {
  const { pathname } = url;
  if (pathname === '/.well-known/okta-organization') return { status: 200, body: { id: '00o1acme', pipeline: world.pipeline } };
  if (method === 'POST' && pathname === '/oauth2/v1/token') return tokenFor(publicKey, grantedScopes, new URLSearchParams(body));
  if (method !== 'GET') return refused(405, 'E0000022');
  const { authorization = '' } = headers;
  if (authorization !== `SSWS ${token}` && !authorization.startsWith(`Bearer ${issued}`)) return refused(401, 'E0000011');
  const page = (list: readonly unknown[], most: number) =>
    paged(list, Math.min(most, Number(url.searchParams.get('limit') ?? most)), url, baseUrl);
  const whole = (list: readonly unknown[] | undefined) => (list === undefined ? refused(404, 'E0000007') : { status: 200, body: list });
  const [, , , kind, id = '', part, , last] = pathname.split('/');
  const group = world.groups.find((one) => one.id === id);
  const application = world.applications.find((one) => one.id === id);
  switch (`${kind}${id === '' ? '' : '/*'}${part === undefined ? '' : `/${part}`}`) {
    case 'users': {
      const gone = url.searchParams.get('filter') === 'status eq "DEPROVISIONED"';
      return page(
        world.users.filter(({ status }) => (status === 'DEPROVISIONED') === gone),
        200,
      );
    }
    case 'users/*':
      return { status: 200, body: { id: '00u1ana', profile: { login: 'auditor@acme.example' } } };
    case 'users/*/factors':
      return whole(world.factors[id] ?? []);
    case 'users/*/roles':
      return whole(world.administrators[id] ?? []);
    case 'groups':
      return page(
        world.groups.map(({ members: _, roles: __, ...rest }) => rest),
        200,
      );
    case 'groups/*/users':
      return group
        ? page(
            world.users.filter((user) => group.members.includes(String(user['id']))),
            1000,
          )
        : refused(404, 'E0000007');
    case 'groups/*/roles':
      return whole(group && (group.roles ?? []));
    case 'apps':
      return page(
        world.applications.map(({ users: _, groups: __, ...rest }) => rest),
        200,
      );
    case 'apps/*/users':
      return application ? page(application.users, 500) : refused(404, 'E0000007');
    case 'apps/*/groups':
      return application
        ? page(
            application.groups.map((of) => ({ id: of, priority: 0 })),
            200,
          )
        : refused(404, 'E0000007');
    case 'iam/*/users':
      return { status: 200, body: { value: Object.keys(world.administrators).map((of) => ({ id: of })), _links: {} } };
    case `iam/*/${part}`:
      if (last !== undefined || !pathname.endsWith('/permissions')) return refused(404, 'E0000007');
      return { status: 200, body: { permissions: (world.customRoles[part ?? ''] ?? []).map((label) => ({ label })) } };
    case 'policies':
      if (url.searchParams.get('type') === 'ACCESS_POLICY' && world.pipeline === 'v1') return refused(400, 'E0000001');
      return whole(world.policies.filter(({ type }) => type === url.searchParams.get('type')).map(({ rules: _, ...rest }) => rest));
    case 'policies/*/rules':
      return whole(world.policies.find((one) => one.id === id)?.rules);
    default:
      return refused(404, 'E0000022');
  }
}

/** As Okta: two Link headers, `self` always and `next` while there is more; the cursor is the id of the last one shown. */
function paged(list: readonly unknown[], limit: number, url: URL, baseUrl: string): Answer {
  const idOf = (item: unknown) => String((item as { id: unknown }).id);
  const from = list.findIndex((item) => idOf(item) === url.searchParams.get('after')) + 1;
  const page = list.slice(from, from + limit);
  const links = [`<${baseUrl}${url.pathname}${url.search}>; rel="self"`];
  if (from + limit < list.length) {
    const next = new URL(url);
    next.searchParams.set('after', idOf(page.at(-1)));
    links.push(`<${next.href}>; rel="next"`);
  }
  return { status: 200, headers: { link: links }, body: page };
}

function tokenFor(publicKey: string | undefined, granted: readonly string[], form: URLSearchParams): Answer {
  const [header = '', claims = '', signature = ''] = (form.get('client_assertion') ?? '').split('.');
  const { iss, aud } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string; aud: string };
  const genuine =
    publicKey !== undefined &&
    iss === clientId &&
    aud === 'https://acme.okta.com/oauth2/v1/token' &&
    verify('sha256', Buffer.from(`${header}.${claims}`), createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
  if (!genuine) return { status: 401, body: { error: 'invalid_client' } };
  const scope = form.get('scope') ?? '';
  if (!granted.includes(scope)) return { status: 400, body: { error: 'invalid_scope' } };
  return { status: 200, body: { access_token: `${issued}${scope}`, token_type: 'Bearer', expires_in: 3600, scope } };
}
