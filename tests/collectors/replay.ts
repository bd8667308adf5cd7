import { createHash } from 'node:crypto';
import type { Collector, Exchange, ExchangeScope, JsonObject, SourceDefinition } from '../../src/authoring.ts';
import { SourceError } from '../../src/authoring.ts';
import { unlimited } from '../../src/collect/limiter.ts';
import { type Normalised, normaliseItems } from '../../src/collect/normalise-items.ts';
import { defaultRetry } from '../../src/collect/retry.ts';
import { runCollector } from '../../src/collect/run-collector.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { ReadResource } from '../../src/model/resource.ts';
import { mergeVolatile } from '../../src/model/volatile.ts';

/** What one operation answers: an output, or the error with which it does not. Called once per request. */
export type Answer = (input: JsonObject, scope: ExchangeScope) => unknown;

export interface ReplayedCall {
  readonly operation: string;
  readonly input: JsonObject;
  readonly region: string | undefined;
}
export interface Replay {
  readonly exchange: Exchange;
  /** Every request that reached the exchange, in order. */
  readonly calls: readonly ReplayedCall[];
  count(operation?: string): number;
}

/**
 * An exchange that answers from a map of operations. A value that is a function is asked with input and scope; anything else is
 * the output. A SourceError, returned or thrown, is how the source refuses. An operation that is not in the map is a test's mistake.
 */
export function replay(answers: Readonly<Record<string, Answer | object | null>>, options: { host?: string } = {}): Replay {
  const calls: ReplayedCall[] = [];
  const exchange: Exchange = async (operation, input, scope) => {
    calls.push({ operation, input, region: scope.region });
    if (!Object.hasOwn(answers, operation)) throw new TypeError(`the replay has no answer for ${operation}`);
    const answer = answers[operation];
    const output = typeof answer === 'function' ? await (answer as Answer)(input, scope) : answer;
    if (output instanceof SourceError) throw output;
    const bytes = new TextEncoder().encode(
      JSON.stringify(output, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
    return {
      output,
      status: 200,
      headers: {
        date: 'Thu, 15 Jan 2026 12:00:00 GMT',
        'x-amzn-requestid': createHash('sha256').update(String(calls.length)).digest('hex').slice(0, 32),
      },
      bytes,
      host: options.host ?? 'replay.invalid',
    };
  };
  return { exchange, calls, count: (operation) => calls.filter((call) => operation === undefined || call.operation === operation).length };
}

/** Refused: this principal may not ask this. */
export function denied(operation: string, code = 'AccessDenied'): SourceError {
  return new SourceError('access-denied', operation, { sourceCode: code, status: 403 });
}
/** The source's word for "there is none". */
export function notThere(operation: string, code: string): SourceError {
  return new SourceError('not-collected', operation, { sourceCode: code, status: 404 });
}
/** The source broke down. */
export function unavailable(operation: string): SourceError {
  return new SourceError('source-unavailable', operation, { sourceCode: 'InternalFailure', status: 500 });
}
/** Answers page after page by the token that each page hands out; the list is cut into pages of `size`. */
export function paged<T>(
  list: readonly T[],
  options: { size: number; into: string; request: string; reply: string; more?: string; deniedFrom?: number; operation: string },
): Answer {
  return (input) => {
    const from = Number(input[options.request] ?? 0);
    const page = from / options.size + 1;
    if (options.deniedFrom !== undefined && page >= options.deniedFrom) return denied(options.operation);
    const rest = from + options.size < list.length;
    return {
      [options.into]: list.slice(from, from + options.size),
      ...(options.more === undefined ? {} : { [options.more]: rest }),
      ...(rest ? { [options.reply]: String(from + options.size) } : {}),
    };
  };
}

export interface CollectOptions {
  readonly account?: string;
  readonly region?: string;
  readonly settings?: JsonObject;
  readonly concurrency?: number;
  readonly now?: string;
  /** Of a collector of kind `events`; default: the day before `now`. */
  readonly window?: NonNullable<Evidence['window']>;
  /** Counts of other collectors, by `collector field`. */
  readonly expected?: Readonly<Record<string, number>>;
}
export interface Collected extends Normalised {
  readonly evidence: Evidence;
  /** The resources of one type. */
  of(type: string): readonly ReadResource[];
  /** The only resource of a type; throws when there is another number of them. */
  one(type: string): ReadResource;
}

function dayBefore(now: string) {
  return { from: new Date(Date.parse(now) - 86_400_000).toISOString(), to: now, backfill: false };
}

/** Runs a collector the way the product does, against an exchange, and normalises what it saw. Nothing waits. */
export async function collectWith<Client>(
  collector: Collector<Client>,
  source: SourceDefinition<Client>,
  exchange: Exchange,
  options: CollectOptions = {},
): Promise<Collected> {
  const tenant = options.account ?? '111122223333';
  const sourceId = `${source.kind}:${tenant}`;
  const now = options.now ?? '2026-01-15T12:00:00.000Z';
  const region = options.region ?? (collector.scope === 'region' ? 'us-east-1' : undefined);
  const settings = options.settings ?? {};
  const evidence = await runCollector({
    collector,
    source,
    exchange,
    sourceId,
    tenant,
    region,
    settings,
    window: collector.kind === 'events' ? (options.window ?? dayBefore(now)) : undefined,
    logic: `sha256:${'0'.repeat(64)}`,
    session: 'proofline-test',
    principal: null,
    trigger: { name: 'test', authentication: 'none' },
    concurrency: options.concurrency ?? 4,
    now: () => now,
    monotonic: () => 0,
    limiter: unlimited,
    retry: { ...defaultRetry, attempts: 2, firstWaitMs: 0, longestWaitMs: 0 },
    expectedCount: (of, field) => options.expected?.[`${of} ${field}`] ?? null,
  });
  const normalised = normaliseItems(
    collector,
    evidence.items.map((item) => ({ ...item, body: mergeVolatile(item.body, item.volatile) })),
    { source: sourceId, tenant, region: region ?? null, settings },
  );
  const of = (type: string) => normalised.resources.filter((resource) => resource.type === type);
  return {
    ...normalised,
    evidence,
    of,
    one(type) {
      const [only, ...others] = of(type);
      if (only === undefined || others.length > 0) throw new Error(`${others.length + (only ? 1 : 0)} resources of ${type}, expected one`);
      return only;
    },
  };
}
