import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { Exchange, JsonObject } from '../../src/authoring.ts';
import { ProoflineError, SourceError } from '../../src/authoring.ts';
import { findOperation } from './operations.ts';
import { type Seen, translateError } from './translate-error.ts';

/** What configuration gives for one way into AWS. */
export interface AwsConnection {
  readonly name: string;
  /** A profile of the shared AWS files; without it the SDK's default chain decides. */
  readonly profile?: string;
  /** Assumed before anything is read. */
  readonly roleArn?: string;
  readonly externalId?: string;
  /** Seconds, 900 to 43200; default 3600. */
  readonly sessionDuration?: number;
  /** An emulator's or a private endpoint. HTTPS, or HTTP on the loopback interface. AWS_ENDPOINT_URL of the environment is ignored. */
  readonly endpointUrl?: string;
  /** Asked for what has no region; default AWS_REGION, then us-east-1. */
  readonly region?: string;
  /** Limits region-scoped collections; default: every region the account has enabled. */
  readonly regions?: readonly string[];
  /** More accounts, each read through a role that the credentials above may assume. */
  readonly accounts?: readonly { readonly id: string; readonly name?: string; readonly roleArn: string }[];
  /** Every account of the organisation, each through the role of this name; the accounts listed above keep their own role. */
  readonly discover?: { readonly roleName: string };
}

/** One account to collect from. Its source id is `aws:` + id. */
export interface AwsAccount {
  readonly id: string;
  readonly name: string | null;
  /** Assumed to get into it; null for the account that the credentials are of. */
  readonly roleArn: string | null;
  /** As Organizations says; a suspended account cannot be entered. Null when it was not asked. */
  readonly status: string | null;
}
export interface AwsIdentity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}
/** A way into one account for one collection: its own role session (where a role is assumed) and user agent. */
export interface AwsSession {
  readonly exchange: Exchange;
  /** Who we are there. @throws SourceError */
  identity(): Promise<AwsIdentity>;
  close(): void;
}
export interface AwsAccess {
  /** Asked for what has no region of its own; tells which partition of AWS this is. */
  readonly region: string;
  /**
   * The account of the credentials, the listed ones and, with `discover`, all of the organisation.
   * @throws SourceError when they could not all be found: half a list would pass for a whole one.
   */
  accounts(): Promise<readonly AwsAccount[]>;
  /** `session`: the collection's session name, 2 to 64 characters of `[A-Za-z0-9_=,.@-]`. */
  open(account: Pick<AwsAccount, 'id' | 'roleArn'> | null, session: string): AwsSession;
  close(): void;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
type CredentialsProvider = () => Promise<Credentials>;
interface HttpMessage {
  hostname: string;
  port?: number;
  statusCode?: number;
  headers?: Record<string, string>;
  body?: unknown;
}
type Next = (args: { request: HttpMessage }) => Promise<{ response: HttpMessage }>;
interface SdkCommand {
  readonly middlewareStack: {
    add(middleware: (next: Next) => Next, options: Readonly<Record<string, unknown>>): void;
    addRelativeTo(middleware: (next: Next) => Next, options: Readonly<Record<string, unknown>>): void;
  };
}
interface SdkClient {
  send(command: SdkCommand): Promise<Record<string, unknown>>;
}
type SdkModule = Readonly<Record<string, unknown>>;

/** One package per service, loaded when the service is first asked. */
const sdk: Readonly<Record<string, readonly [client: string, load: () => Promise<SdkModule>]>> = {
  cloudtrail: ['CloudTrailClient', () => import('@aws-sdk/client-cloudtrail')],
  config: ['ConfigServiceClient', () => import('@aws-sdk/client-config-service')],
  dynamodb: ['DynamoDBClient', () => import('@aws-sdk/client-dynamodb')],
  ec2: ['EC2Client', () => import('@aws-sdk/client-ec2')],
  efs: ['EFSClient', () => import('@aws-sdk/client-efs')],
  elasticache: ['ElastiCacheClient', () => import('@aws-sdk/client-elasticache')],
  guardduty: ['GuardDutyClient', () => import('@aws-sdk/client-guardduty')],
  iam: ['IAMClient', () => import('@aws-sdk/client-iam')],
  identitystore: ['IdentitystoreClient', () => import('@aws-sdk/client-identitystore')],
  kms: ['KMSClient', () => import('@aws-sdk/client-kms')],
  opensearch: ['OpenSearchClient', () => import('@aws-sdk/client-opensearch')],
  organizations: ['OrganizationsClient', () => import('@aws-sdk/client-organizations')],
  rds: ['RDSClient', () => import('@aws-sdk/client-rds')],
  redshift: ['RedshiftClient', () => import('@aws-sdk/client-redshift')],
  s3: ['S3Client', () => import('@aws-sdk/client-s3')],
  s3control: ['S3ControlClient', () => import('@aws-sdk/client-s3-control')],
  sso: ['SSOAdminClient', () => import('@aws-sdk/client-sso-admin')],
  sts: ['STSClient', () => import('@aws-sdk/client-sts')],
};

const connectTimeoutMs = 10_000;
const requestTimeoutMs = 50_000;
const sessionPattern = /^[\w+=,.@-]{2,64}$/;

/**
 * The real way into AWS. Nothing is sent before the first exchange. Retries are the recorder's, which records every attempt; the
 * SDK makes one.
 * @throws ProoflineError 'configuration' for an endpoint that is neither HTTPS nor loopback, or that carries credentials.
 */
export function connectAws(connection: AwsConnection, options: { readonly version: string }): AwsAccess {
  const endpoint = connection.endpointUrl === undefined ? undefined : checkedEndpoint(connection.endpointUrl, connection.name);
  // AWS's own switch: an endpoint in the environment or in a shared file must not redirect what we call evidence.
  process.env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] = 'true';
  const region =
    connection.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? connection.regions?.[0] ?? 'us-east-1';
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 64 }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 64 }),
  };
  const open = (credentials: CredentialsProvider, session: string) =>
    openSession({ credentials, session, region, endpoint, agents, version: options.version });
  const own = () => ambientCredentials(connection.profile);

  function sessionFor(account: Pick<AwsAccount, 'id' | 'roleArn'> | null, session: string): AwsSession {
    if (!sessionPattern.test(session)) throw new TypeError(`not a role session name: ${session}`);
    let credentials = own();
    const roles = [connection.roleArn, account?.roleArn ?? undefined].filter((role) => role !== undefined && role !== null);
    for (const [index, roleArn] of [...new Set(roles)].entries()) {
      // The external id was agreed with the owner of the role that configuration names; a listed account's role gets it as well.
      credentials = assumedRole(open(credentials, session), { roleArn, session, connection, chained: index > 0 });
    }
    const opened = open(credentials, session);
    return account === null ? opened : { ...opened, identity: () => checkedIdentity(opened, account.id) };
  }

  return {
    region,
    async accounts() {
      const session = sessionFor(null, 'proofline-accounts');
      try {
        const self = await session.identity();
        const found = new Map<string, AwsAccount>([[self.account, { id: self.account, name: null, roleArn: null, status: null }]]);
        if (connection.discover) {
          for (const account of await organisationAccounts(session.exchange)) {
            const roleArn =
              account.id === self.account
                ? null
                : `${self.arn.split(':').slice(0, 2).join(':')}:iam::${account.id}:role/${connection.discover.roleName}`;
            found.set(account.id, { ...account, roleArn });
          }
        }
        for (const { id, name, roleArn } of connection.accounts ?? []) {
          const known = found.get(id);
          found.set(id, { id, name: name ?? known?.name ?? null, roleArn, status: known?.status ?? null });
        }
        return [...found.values()];
      } finally {
        session.close();
      }
    },
    open: sessionFor,
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** All accounts, to the last page. @throws SourceError */
async function organisationAccounts(exchange: Exchange): Promise<Omit<AwsAccount, 'roleArn'>[]> {
  const operation = 'organizations:ListAccounts';
  const accounts: Omit<AwsAccount, 'roleArn'>[] = [];
  const seen = new Set<string>();
  for (let input: JsonObject = { MaxResults: 20 }; ; ) {
    const { output } = await exchange(operation, input, {});
    const { Accounts: page, NextToken: token } = (output ?? {}) as { Accounts?: unknown; NextToken?: unknown };
    if (!Array.isArray(page)) throw new SourceError('malformed-reply', operation);
    for (const account of page as readonly { Id?: unknown; Name?: unknown; Status?: unknown; State?: unknown }[]) {
      if (typeof account.Id !== 'string') throw new SourceError('malformed-reply', operation);
      const status = account.State ?? account.Status;
      accounts.push({
        id: account.Id,
        name: typeof account.Name === 'string' ? account.Name : null,
        status: typeof status === 'string' ? status : null,
      });
    }
    if (typeof token !== 'string' || token === '') return accounts;
    if (seen.has(token)) throw new SourceError('truncated', operation);
    seen.add(token);
    input = { ...input, NextToken: token };
  }
}

async function checkedIdentity(session: AwsSession, account: string): Promise<AwsIdentity> {
  const identity = await session.identity();
  if (identity.account !== account) {
    throw new ProoflineError('source-refused', `the credentials for account ${account} belong to account ${identity.account}`);
  }
  return identity;
}

function ambientCredentials(profile: string | undefined): CredentialsProvider {
  let chain: Promise<CredentialsProvider> | undefined;
  return async () => {
    chain ??= import('@aws-sdk/credential-providers').then((providers) =>
      providers.fromNodeProviderChain(profile === undefined ? {} : { profile }),
    );
    return (await chain)();
  };
}

function assumedRole(
  through: AwsSession,
  role: { roleArn: string; session: string; connection: AwsConnection; chained: boolean },
): CredentialsProvider {
  const { connection } = role;
  // A role reached through another role lives for one hour at most.
  const duration = Math.min(connection.sessionDuration ?? 3600, role.chained ? 3600 : 43_200);
  let assumed: { readonly credentials: Promise<Credentials>; readonly at: number } | undefined;
  // One session for all clients of a collection, renewed before it ends; monotonic, so that a clock set back does not keep it.
  return () => {
    if (assumed === undefined || performance.now() - assumed.at > (duration - 300) * 1000) {
      assumed = { credentials: assume(), at: performance.now() };
      assumed.credentials.catch(() => {
        assumed = undefined;
      });
    }
    return assumed.credentials;
  };
  async function assume(): Promise<Credentials> {
    const { output } = await through.exchange(
      'sts:AssumeRole',
      {
        RoleArn: role.roleArn,
        RoleSessionName: role.session,
        DurationSeconds: duration,
        ...(connection.externalId === undefined ? {} : { ExternalId: connection.externalId }),
      },
      {},
    );
    const given = (output as { Credentials?: Record<string, unknown> }).Credentials;
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string' || typeof SessionToken !== 'string') {
      throw new SourceError('malformed-reply', 'sts:AssumeRole');
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration instanceof Date ? { expiration: Expiration } : {}),
    };
  }
}

interface SessionOptions {
  readonly credentials: CredentialsProvider;
  readonly session: string;
  readonly region: string;
  readonly endpoint: URL | undefined;
  readonly agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent };
  readonly version: string;
}
function openSession(options: SessionOptions): AwsSession {
  const { endpoint } = options;
  const clients = new Map<string, Promise<{ client: SdkClient; module: SdkModule }>>();

  async function load(service: string, region: string): Promise<{ client: SdkClient; module: SdkModule }> {
    const [name, importModule] = sdk[service] ?? unknownService(service);
    const module = await importModule();
    const Client = module[name] as new (configuration: Readonly<Record<string, unknown>>) => SdkClient;
    const client = new Client({
      region,
      credentials: options.credentials,
      maxAttempts: 1,
      customUserAgent: [
        ['proofline', options.version],
        ['session', options.session],
      ],
      requestHandler: {
        connectionTimeout: connectTimeoutMs,
        requestTimeout: requestTimeoutMs,
        throwOnRequestTimeout: true,
        ...options.agents,
      },
      ...(endpoint === undefined ? {} : { endpoint: prefixable(endpoint), forcePathStyle: true }),
    });
    return { client, module };
  }
  /** One client per service and region: a client limits and corrects itself, and that must not spill over to another service. */
  function clientFor(service: string, region: string) {
    const key = `${service} ${region}`;
    const found = clients.get(key) ?? load(service, region);
    clients.set(key, found);
    return found;
  }

  const exchange: Exchange = async (operation, input, scope) => {
    const { service, name } = callable(operation);
    const { client, module } = await clientFor(service, scope.region ?? options.region);
    const Command = module[`${name}Command`] as (new (input: Readonly<Record<string, unknown>>) => SdkCommand) | undefined;
    if (Command === undefined) throw new TypeError(`the SDK has no operation ${operation}`);
    const command = new Command(withDates(input, findOperation(operation)?.facts.instants ?? []));
    const seen: Seen = { headers: {} };
    command.middlewareStack.add(witness(seen), { step: 'deserialize', priority: 'low', name: 'prooflineWitness' });
    if (endpoint !== undefined) {
      // Some services put an account id before the host; an emulator has one host, and nothing may leave it.
      command.middlewareStack.addRelativeTo(pinHost(endpoint), {
        relation: 'before',
        toMiddleware: 'httpSigningMiddleware',
        name: 'prooflinePinHost',
      });
    }
    try {
      const { $metadata: _, ...output } = await client.send(command);
      // An object's content is a stream; what came over the wire has been read already.
      if (isIterable(output['Body'])) output['Body'] = seen.bytes ?? new Uint8Array();
      return { output, status: seen.status ?? 200, headers: seen.headers, bytes: seen.bytes ?? new Uint8Array(), host: seen.host ?? '' };
    } catch (error) {
      // Of the credentials (a role refused): it has its own operation and code already.
      if (error instanceof SourceError) throw error;
      throw translateError(operation, error, seen) ?? error;
    }
  };

  return {
    exchange,
    async identity() {
      const { output } = await exchange('sts:GetCallerIdentity', {}, {});
      const { Account, Arn, UserId } = output as { Account?: unknown; Arn?: unknown; UserId?: unknown };
      if (typeof Account !== 'string' || typeof Arn !== 'string' || typeof UserId !== 'string') {
        throw new SourceError('malformed-reply', 'sts:GetCallerIdentity');
      }
      return { account: Account, arn: Arn, userId: UserId };
    },
    close() {
      // Not client.destroy(): it would take the sockets of other sessions with it.
      clients.clear();
    },
  };
}

/** The SDK takes an instant as a Date; what we record, and an auditor repeats, is text. */
function withDates(input: JsonObject, instants: readonly string[]): Readonly<Record<string, unknown>> {
  const dates = instants.flatMap((field) => (typeof input[field] === 'string' ? [[field, new Date(input[field])] as const] : []));
  return { ...input, ...Object.fromEntries(dates) };
}

/** Besides the declared read operations only the one that gives us the credentials to make them. */
function callable(operation: string): { readonly service: string; readonly name: string } {
  if (operation === 'sts:AssumeRole') return { service: 'sts', name: 'AssumeRole' };
  return findOperation(operation) ?? unknownService(operation);
}
function unknownService(what: string): never {
  throw new TypeError(`${what} is not declared in collectors/aws/operations.ts`);
}

/** Keeps the bytes of the answer and its headers before the SDK parses them, and hands the SDK the same bytes. */
function witness(seen: Seen): (next: Next) => Next {
  return (next) => async (args) => {
    seen.host = args.request.hostname + (args.request.port === undefined ? '' : `:${args.request.port}`);
    const result = await next(args);
    const { response } = result;
    if (response.statusCode !== undefined) seen.status = response.statusCode;
    seen.headers = Object.fromEntries(Object.entries(response.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    if (isIterable(response.body)) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      seen.bytes = Buffer.concat(chunks);
      response.body = Readable.from([seen.bytes]);
    }
    return result;
  };
}
function isIterable(body: unknown): body is AsyncIterable<Uint8Array | string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** With a name for a host, so that a service that puts an account id before it still gets a valid URL; `pinHost` undoes both. */
function prefixable(endpoint: URL): string {
  const url = new URL(endpoint);
  url.hostname = 'endpoint.invalid';
  return url.href;
}
function pinHost(endpoint: URL): (next: Next) => Next {
  return (next) => (args) => {
    args.request.hostname = endpoint.hostname;
    if (args.request.headers && 'host' in args.request.headers) args.request.headers['host'] = endpoint.host;
    return next(args);
  };
}

function checkedEndpoint(text: string, name: string): URL {
  const refuse = (why: string): never => {
    throw new ProoflineError('configuration', `the endpointUrl of AWS connection "${name}" ${why}`);
  };
  const url = URL.canParse(text) ? new URL(text) : refuse('is not a URL');
  if (url.username !== '' || url.password !== '') refuse('must not carry credentials');
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) refuse('must be HTTPS, or HTTP on the loopback interface');
  return url;
}
