import { setTimeout } from 'node:timers/promises';
import limitConcurrency from 'p-limit';
import type { CallOptions, ClientContext, EventWindow, GapReason, JsonObject, Reply } from '../../src/authoring.ts';
import { findOperation, type Paging, saysMore } from './operations.ts';

/** More pages than any account has; beyond it the source is sending us in circles with ever new tokens. */
const maxPages = 10_000;

/**
 * What an AWS collector speaks to. Refused and failed requests are recorded by the exchange beneath and come back as undefined;
 * pages that are missing are recorded here. Throws TypeError for an operation that is not declared in operations.ts (a bug).
 */
export class AwsClient {
  /** `aws:111122223333`. */
  readonly source: string;
  /** The account's 12 digits. */
  readonly account: string;
  /** Set for a collection of scope `region`. */
  readonly region: string | undefined;
  readonly settings: JsonObject;
  readonly #context: ClientContext;
  readonly #limit: ReturnType<typeof limitConcurrency>;

  constructor(context: ClientContext) {
    this.source = context.source;
    this.account = context.tenant;
    this.region = context.region;
    this.settings = context.settings;
    this.#context = context;
    this.#limit = limitConcurrency(Math.max(1, context.concurrency));
  }

  /** The stretch of the source's record to read. Throws TypeError for a collector that is not of kind `events`: a bug. */
  get window(): EventWindow {
    if (this.#context.window === undefined) throw new TypeError('only a collector of kind events has a window');
    return this.#context.window;
  }

  /** One request. Undefined: refused or failed, and recorded. A reply with a null output: the source said there is none. */
  async call(operation: string, input: JsonObject = {}, options: CallOptions = {}): Promise<Reply | undefined> {
    const { paging } = known(operation);
    const reply = await this.#send(operation, input, options);
    // A collector that calls a list operation once would lose its other pages without a word.
    if (reply?.output && !(paging && paging.request in input) && saysMore(reply.output)) this.miss('truncated', operation, options);
    return reply;
  }

  /**
   * All pages of an operation, to the end. Ends early, with the gap recorded, when a page is refused, when the source says that
   * there is more but not where, and when it sends a token it has sent before.
   */
  async *pages(operation: string, input: JsonObject = {}, options: CallOptions = {}): AsyncGenerator<Reply, void, undefined> {
    const { paging } = known(operation);
    if (!paging) {
      const reply = await this.call(operation, input, options);
      if (reply) yield reply;
      return;
    }
    const seen = new Set<string>();
    let next: JsonObject = paging.size && !(paging.size.field in input) ? { [paging.size.field]: paging.size.value, ...input } : input;
    for (let page = 1; ; page += 1) {
      const reply = await this.#send(operation, next, { ...options, page });
      if (!reply) return;
      yield reply;
      if (reply.output === null) return;
      const token = tokenIn(reply.output, paging);
      if (token === undefined) {
        if (saysMore(reply.output)) this.miss('truncated', operation, options);
        return;
      }
      if (seen.has(token) || page >= maxPages) {
        this.miss('truncated', operation, options);
        return;
      }
      seen.add(token);
      next = { ...next, [paging.request]: token };
    }
  }

  /**
   * Asks about many subjects at once, within the bound on concurrency, and yields the good replies in the order of `items`.
   * What `work` throws ends it all: refusals never throw, so that is a bug.
   */
  async *each<T>(items: readonly T[], work: (item: T) => Promise<readonly (Reply | undefined)[]>): AsyncGenerator<Reply, void, undefined> {
    const limit = limitConcurrency(Math.max(1, this.#context.concurrency));
    let stopped = false;
    const jobs = items.map((item) => {
      const job = limit(async () => {
        if (stopped) return [];
        try {
          return await work(item);
        } catch (error) {
          stopped = true;
          throw error;
        }
      });
      // Awaited in order below; until its turn comes, a job that threw must not count as unhandled.
      job.catch(() => undefined);
      return job;
    });
    try {
      for (const job of jobs) {
        for (const reply of await job) if (reply) yield reply;
      }
    } finally {
      stopped = true;
    }
  }

  /** Waits for a source that prepares its answer. */
  pause(milliseconds: number): Promise<void> {
    return setTimeout(milliseconds);
  }

  #send(operation: string, input: JsonObject, options: CallOptions & { page?: number }): Promise<Reply | undefined> {
    const region = options.region ?? this.region;
    const scoped = region === undefined ? options : { ...options, region };
    return this.#limit(() => this.#context.exchange(operation, input, scoped));
  }

  /** Records that something was not seen although no single request failed. */
  miss(reason: GapReason, operation: string, options: CallOptions = {}): void {
    const region = options.region ?? this.region;
    this.#context.miss({
      reason,
      operation,
      ...(options.subject === undefined ? {} : { subject: options.subject }),
      ...(region === undefined ? {} : { region }),
    });
  }
}

function known(operation: string): { readonly paging: Paging | undefined } {
  const found = findOperation(operation);
  if (!found) throw new TypeError(`${operation} is not declared in collectors/aws/operations.ts`);
  return { paging: found.facts.paging };
}

function tokenIn(output: JsonObject, paging: Paging): string | undefined {
  const token = output[paging.reply];
  return typeof token === 'string' && token !== '' ? token : undefined;
}
