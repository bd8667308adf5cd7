import limitConcurrency from 'p-limit';
import type { CallOptions, ClientContext, EventWindow, Gap, GapReason, Json, JsonObject, Reply } from '../../src/authoring.ts';
import { findOperation, queryOf } from './operations.ts';
import { at, type GraphqlError, graphqlErrors, isObject, isTooLarge, reasonOf } from './replies.ts';

/** GitHub's own maximum for a page, REST and GraphQL. */
export const pageSize = 100;
/** More pages than any organisation has; beyond it the source is sending us in circles with ever new addresses. */
const maxPages = 10_000;

/**
 * What a GitHub collector speaks to. Refused and failed requests are recorded by the exchange beneath and come back as undefined; what
 * no single request shows (a page that is missing, a total that is not reached, a part that a GraphQL error names) is recorded here.
 * Throws TypeError for an operation that is not in operations.ts (a bug).
 */
export class GithubClient {
  /** `github:9919`. */
  readonly source: string;
  /** The organisation's current login. */
  readonly organisation: string;
  readonly settings: JsonObject;
  readonly #context: ClientContext;
  readonly #limit: ReturnType<typeof limitConcurrency>;
  /** Operations of which something was not seen. */
  readonly #gapped = new Set<string>();

  constructor(context: ClientContext) {
    this.source = context.source;
    this.organisation = context.tenant;
    this.settings = context.settings;
    this.#context = context;
    this.#limit = limitConcurrency(Math.max(1, context.concurrency));
  }

  /** The stretch of the source's record to read. Throws TypeError for a collector that is not of kind `events`: a bug. */
  get window(): EventWindow {
    if (this.#context.window === undefined) throw new TypeError('only a collector of kind events has a window');
    return this.#context.window;
  }

  /** One request. Undefined: refused or failed, and recorded. A reply with a null output: GitHub said there is none. */
  async call(
    operation: string,
    parameters: JsonObject = {},
    options: CallOptions & { readonly firstPageOnly?: boolean } = {},
  ): Promise<Reply | undefined> {
    const { firstPageOnly = false, ...scope } = options;
    const reply = await this.#send(operation, { ...this.#path(operation), ...parameters }, scope);
    const link = reply?.output?.['link'];
    // A collector that asks for a list once would lose its other pages without a word.
    if (!firstPageOnly && link !== undefined && !endOf(link)) this.#miss('truncated', operation, scope);
    return reply;
  }

  /**
   * All pages of a REST list, to the end: an array's items are under `items` of the reply's output, another list under `options.list`. Ends early,
   * with the gap recorded, when a page is refused, when the next page lies on another host or path, and when it was had before.
   */
  async *pages(
    route: string,
    parameters: JsonObject = {},
    options: CallOptions & { readonly list?: string } = {},
  ): AsyncGenerator<Reply, void, undefined> {
    const { list = 'items', ...scope } = options;
    const operation = known(route);
    const first: JsonObject = { ...this.#path(route), ...parameters, per_page: pageSize };
    const seen = new Set<string>();
    let seenItems = 0;
    let input = first;
    for (let page = 1; ; page += 1) {
      const reply = await this.#send(route, input, { ...scope, page });
      if (!reply) return;
      const items = reply.output?.[list];
      if (!reply.output || !Array.isArray(items)) {
        this.#miss('malformed-reply', route, scope);
        return;
      }
      yield reply;
      seenItems += items.length;
      const next = nextQuery(reply.output['link'], operation.cursor === true, items.length, page);
      if (next === null) {
        const total = reply.output['total_count'];
        if (typeof total === 'number' && total !== seenItems) this.#miss('truncated', route, scope, 'total-mismatch');
        return;
      }
      const key = JSON.stringify(typeof next === 'string' ? next : Object.entries(next).sort());
      if (typeof next === 'string' || seen.has(key) || page >= maxPages) {
        this.#miss('truncated', route, scope, typeof next === 'string' ? next : 'next-page-cycle');
        return;
      }
      seen.add(key);
      input = { ...first, ...next };
    }
  }

  /**
   * All pages of a GraphQL connection (`connection`: dotted path below `data`), 100 a page, fewer where GitHub finds that too much.
   * The number of nodes seen must be the connection's total. What an error of a reply names is recorded as a gap about the
   * node it lies in, and the node itself carries it (see `nodeItems`).
   */
  async *graphqlPages(
    query: string,
    variables: JsonObject,
    connection: string,
    options: CallOptions & { readonly first?: number } = {},
  ): AsyncGenerator<Reply, void, undefined> {
    const operation = `graphql:${query}`;
    const { first: wanted = pageSize, ...scope } = options;
    const cursors = new Set<string>();
    let first = wanted;
    let after: string | null = null;
    let seen = 0;
    for (let page = 1; ; ) {
      const reply = await this.#send(operation, { ...this.#variables(query, variables), first, after }, { ...scope, page });
      if (!reply) return;
      if (isTooLarge(reply.output)) {
        if (first === 1) {
          this.#miss('source-unavailable', operation, scope, 'page-too-large');
          return;
        }
        first = Math.max(1, Math.floor(first / 2));
        continue;
      }
      const path = ['data', ...connection.split('.')];
      const list = at(reply.output, path);
      const nodes = isObject(list) ? (list['nodes'] ?? list['edges']) : undefined;
      const errors = graphqlErrors(reply.output);
      if (!isObject(list) || !Array.isArray(nodes)) {
        this.#miss(errors[0] ? reasonOf(errors[0]) : 'malformed-reply', operation, scope, errors[0]?.code);
        return;
      }
      this.#missErrors(operation, scope, errors, connection.split('.'), nodes);
      yield reply;
      seen += nodes.length;
      page += 1;
      const info = list['pageInfo'];
      const cursor = isObject(info) ? info['endCursor'] : undefined;
      if (!isObject(info) || typeof info['hasNextPage'] !== 'boolean') {
        this.#miss('malformed-reply', operation, scope, 'no-page-info');
        return;
      }
      if (!info['hasNextPage']) {
        if (list['totalCount'] !== seen) this.#miss('truncated', operation, scope, 'total-mismatch');
        return;
      }
      if (typeof cursor !== 'string' || cursor === '' || cursors.has(cursor) || page > maxPages) {
        this.#miss('truncated', operation, scope, 'next-page-cycle');
        return;
      }
      cursors.add(cursor);
      after = cursor;
    }
  }

  /** One GraphQL request that is not a list. Undefined: refused or failed, and recorded. */
  async graphql(query: string, variables: JsonObject = {}, options: CallOptions = {}): Promise<Reply | undefined> {
    const operation = `graphql:${query}`;
    const reply = await this.#send(operation, this.#variables(query, variables), options);
    for (const error of graphqlErrors(reply?.output ?? null)) {
      this.#miss(reasonOf(error), operation, { ...options, subject: partOf(options.subject, error.path) }, error.code);
    }
    return reply;
  }

  /**
   * Asks about many subjects at once, within the bound on concurrency, and yields the good replies in the order of `items`.
   * What `work` throws ends it all: refusals never throw, so that is a bug.
   */
  async *each<T>(items: readonly T[], work: (item: T) => Promise<readonly (Reply | undefined)[]>): AsyncGenerator<Reply, void, undefined> {
    const limit = limitConcurrency(Math.max(1, this.#context.concurrency));
    const jobs = items.map((item) => {
      const job = limit(() => work(item));
      // Awaited in order below; until its turn comes, a job that threw must not count as unhandled.
      job.catch(() => limit.clearQueue());
      return job;
    });
    try {
      for (const job of jobs) {
        for (const reply of await job) if (reply) yield reply;
      }
    } finally {
      limit.clearQueue();
    }
  }

  /** Records that something was not seen although no request failed. */
  miss(reason: GapReason, operation: string, subject?: string, code?: string): void {
    this.#miss(reason, operation, subject === undefined ? {} : { subject }, code);
  }

  /** Whether everything that was asked of an operation so far was answered, to the last page. */
  isWhole(operation: string): boolean {
    return !this.#gapped.has(operation);
  }

  /** `{org}` of a route is always this organisation. */
  #path(route: string): JsonObject {
    return route.includes('{org}') ? { org: this.organisation } : {};
  }
  /** Told only to a query that is about the organisation, and not about nodes it names. */
  #variables(query: string, variables: JsonObject): JsonObject {
    const isAboutOrganisation = queryOf(`graphql:${query}`)?.includes('$organisation:') === true;
    return isAboutOrganisation ? { organisation: this.organisation, ...variables } : variables;
  }

  async #send(operation: string, input: JsonObject, options: CallOptions & { page?: number }): Promise<Reply | undefined> {
    known(operation);
    const reply = await this.#limit(() => this.#context.exchange(operation, input, options));
    if (!reply) this.#gapped.add(operation);
    return reply;
  }

  #miss(reason: GapReason, operation: string, options: CallOptions, code?: string): void {
    const gap: Gap = {
      reason,
      operation,
      ...(options.subject === undefined ? {} : { subject: options.subject }),
      ...(code === undefined ? {} : { code }),
    };
    this.#gapped.add(operation);
    this.#context.miss(gap);
  }

  #missErrors(
    operation: string,
    scope: CallOptions,
    errors: readonly GraphqlError[],
    path: readonly string[],
    nodes: readonly Json[],
  ): void {
    nodes.forEach((node, index) => {
      if (isNamed(node) || errors.some((error) => isWithin(error, [...path, 'nodes', index]))) return;
      // Nobody could say afterwards whom such a node is about: it is lost, and that is recorded.
      this.#miss('malformed-reply', operation, scope, 'node-without-id');
    });
    for (const error of errors) {
      const index = isWithin(error, [...path, 'nodes']) ? error.path[path.length + 1] : undefined;
      const node = typeof index === 'number' ? nodes[index] : undefined;
      const id = isObject(node) && typeof node['id'] === 'string' ? node['id'] : undefined;
      const subject = id === undefined ? partOf(scope.subject, error.path) : partOf(id, error.path.slice(path.length + 2));
      this.#miss(reasonOf(error), operation, { ...scope, subject }, error.code);
    }
  }
}

function known(operation: string) {
  const found = findOperation(operation);
  if (!found) throw new TypeError(`${operation} is not declared in collectors/github/operations.ts`);
  return found;
}

/** Nodes have an id; an edge's is its node's; a ref goes by its name. */
function isNamed(node: Json): boolean {
  return [at(node, ['id']), at(node, ['node', 'id']), at(node, ['name'])].some((id) => typeof id === 'string' && id !== '');
}

/** Names a part of a node, so that the gap about it does not take the place of the node itself. */
function partOf(subject: string | undefined, path: readonly (string | number)[]): string {
  return `${subject ?? ''}#${path.join('.')}`;
}

function isWithin(error: GraphqlError, path: readonly (string | number)[]): boolean {
  return path.every((step, index) => error.path[index] === step);
}

function endOf(link: Json): boolean {
  return isObject(link) && link['next'] === null;
}

/** Query of the next page; null at the end; a code when there is one that we do not follow. */
function nextQuery(link: Json | undefined, cursor: boolean, length: number, page: number): JsonObject | string | null {
  if (isObject(link)) {
    if (typeof link['refused'] === 'string') return `next-page-${link['refused']}`;
    if (!isObject(link['next'])) return null;
    const next = position(link['next']);
    return Object.keys(next).length === 0 ? 'next-page-unreadable' : next;
  }
  // GitHub sends no Link header when all fits on one page. A full page without one may as well have lost it on the way: ask on.
  if (length < pageSize) return null;
  return cursor ? 'link-header-missing' : { page: page + 1 };
}

/** Only what says where: the rest of a next page's query is the request's own, and must not be ours to be told. */
function position(query: JsonObject): JsonObject {
  return Object.fromEntries(
    ['page', 'after', 'before']
      .filter((key) => query[key] !== undefined)
      .map((key) => [key, key === 'page' && /^\d+$/.test(String(query[key])) ? Number(query[key]) : query[key]!]),
  );
}
