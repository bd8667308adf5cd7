import limitConcurrency from 'p-limit';
import type { CallOptions, ClientContext, Gap, GapReason, JsonObject, Reply } from '../../src/authoring.ts';
import { findOperation } from './operations.ts';
import { isObject } from './replies.ts';

/** More pages than any organisation has; beyond it the source is sending us in circles with ever new cursors. */
const maxPages = 10_000;

/**
 * What an Okta collector speaks to. A reply's output is `{ items, next? }` for a list: `next` is what its Link header says (see
 * `NextPage`). Refused and failed requests are recorded beneath and come back as undefined; what no single request shows (a page that
 * is missing) is recorded here. Throws TypeError for an operation that is not in operations.ts (a bug).
 */
export class OktaClient {
  /** `okta:00o1abc`. */
  readonly source: string;
  readonly settings: JsonObject;
  readonly #context: ClientContext;
  readonly #limit: ReturnType<typeof limitConcurrency>;

  constructor(context: ClientContext) {
    this.source = context.source;
    this.settings = context.settings;
    this.#context = context;
    this.#limit = limitConcurrency(Math.max(1, context.concurrency));
  }

  /** One request for all there is. Undefined: refused or failed, and recorded. A list that turns out to go on is a gap, and is returned. */
  async call(operation: string, parameters: JsonObject = {}, options: CallOptions = {}): Promise<Reply | undefined> {
    const reply = await this.#send(operation, parameters, options);
    const next = reply?.output?.['next'];
    if (isObject(next) && next['after'] !== null) this.#miss('truncated', operation, options, 'list-goes-on');
    return reply;
  }

  /** All pages of a list. Ends early, with the gap recorded, when one is refused or fits nothing, or when the next lies elsewhere or was had before. */
  async *pages(operation: string, parameters: JsonObject = {}, options: CallOptions = {}): AsyncGenerator<Reply, void, undefined> {
    const pageSize = known(operation).pageSize;
    const first = pageSize === undefined ? parameters : { ...parameters, limit: pageSize };
    const cursors = new Set<string>();
    let input: JsonObject = first;
    for (let page = 1; ; page += 1) {
      const reply = await this.#send(operation, input, { ...options, page });
      if (!reply) return;
      const items = reply.output?.['items'];
      if (!Array.isArray(items)) {
        this.#miss('malformed-reply', operation, options);
        return;
      }
      yield reply;
      const next = reply.output?.['next'];
      if (!isObject(next)) {
        // Okta says with every list where it is; a full page without a word may as well have lost it on the way.
        if (pageSize !== undefined && items.length >= pageSize) this.#miss('truncated', operation, options, 'link-header-missing');
        return;
      }
      if (typeof next['refused'] === 'string') {
        this.#miss('truncated', operation, options, `next-page-${next['refused']}`);
        return;
      }
      const after = next['after'];
      if (typeof after !== 'string') return;
      if (cursors.has(after) || page >= maxPages) {
        this.#miss('truncated', operation, options, 'next-page-cycle');
        return;
      }
      cursors.add(after);
      input = { ...first, after };
    }
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

  async #send(operation: string, input: JsonObject, options: CallOptions & { page?: number }): Promise<Reply | undefined> {
    known(operation);
    return this.#limit(() => this.#context.exchange(operation, input, options));
  }

  #miss(reason: GapReason, operation: string, options: CallOptions, code?: string): void {
    const gap: Gap = {
      reason,
      operation,
      ...(options.subject === undefined ? {} : { subject: options.subject }),
      ...(code === undefined ? {} : { code }),
    };
    this.#context.miss(gap);
  }
}

function known(operation: string) {
  const found = findOperation(operation);
  if (!found) throw new TypeError(`${operation} is not declared in collectors/okta/operations.ts`);
  return found;
}
