import type { GithubClient } from '../../../collectors/github/client.ts';
import { connectGithub, type GithubConnection, type GithubReplyCache } from '../../../collectors/github/connect.ts';
import source from '../../../collectors/github/source.ts';
import type { Collector, Exchange } from '../../../src/authoring.ts';
import { unlimited } from '../../../src/collect/limiter.ts';
import { normaliseItems } from '../../../src/collect/normalise-items.ts';
import { defaultRetry } from '../../../src/collect/retry.ts';
import { runCollector } from '../../../src/collect/run-collector.ts';
import type { ReadResource } from '../../../src/model/resource.ts';
import type { Server } from './world.ts';

export const token = 'not-a-real-token';
export const asOf = '2026-01-15T12:00:00.000Z';
/** What a collector of kind `events` is asked for. */
export const window = { from: '2026-01-14T00:00:00.000Z', to: '2026-01-15T00:00:00.000Z', backfill: false };

export function connectTo(
  server: Server,
  options: { cache?: GithubReplyCache; baseUrl?: string; connection?: Partial<GithubConnection> } = {},
) {
  const connection = {
    name: 'acme',
    credentials: { kind: 'token', token },
    ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}),
    ...options.connection,
  } as const;
  return connectGithub(connection, {
    version: '0.0.0',
    now: () => Date.parse(asOf),
    fetch: server.fetch,
    ...(options.cache ? { cache: options.cache } : {}),
  });
}

/** Runs a collector through the real recorder and normaliser. */
export async function run(
  collector: Collector<GithubClient>,
  exchange: Exchange,
  options: { settings?: Record<string, string | string[]> } = {},
) {
  const settings = { authentication: 'token', ...options.settings };
  const evidence = await runCollector({
    collector,
    source,
    exchange,
    sourceId: 'github:9919',
    tenant: 'acme',
    settings,
    logic: `sha256:${'0'.repeat(64)}`,
    session: 'session-1',
    principal: 'auditor',
    trigger: { name: 'test', authentication: 'none' },
    concurrency: 4,
    now: () => asOf,
    monotonic: () => 0,
    limiter: unlimited,
    ...(collector.kind === 'events' ? { window } : {}),
    retry: { ...defaultRetry, attempts: 3, firstWaitMs: 1, longestWaitMs: 2, patienceMs: 5 },
  });
  const normalised = normaliseItems(collector, evidence.items, { source: 'github:9919', tenant: 'acme', region: null, settings });
  return {
    ...evidence,
    ...normalised,
    requests: evidence.requests,
    of: (type: string) => normalised.resources.filter((resource) => resource.type === type),
    one: (type: string, display?: string): ReadResource => {
      const found = normalised.resources.filter(
        (resource) => resource.type === type && (display === undefined || resource.display === display),
      );
      if (found.length !== 1)
        throw new Error(
          `${found.length} resources ${type} ${display ?? ''}: ${normalised.resources.map((resource) => resource.display).join(', ')}`,
        );
      return found[0]!;
    },
  };
}

export function runOn(
  server: Server,
  collector: Collector<GithubClient>,
  options: { settings?: Record<string, string | string[]>; cache?: GithubReplyCache } = {},
) {
  return run(collector, connectTo(server, options).open('session-1').exchange, options);
}

/** A cache as the store's: by who asked and for what. */
export function memoryCache(): GithubReplyCache & { readonly size: number } {
  const kept = new Map<string, NonNullable<ReturnType<GithubReplyCache['get']>>>();
  return {
    get: (principal, endpoint) => kept.get(`${principal} ${endpoint}`),
    set: (principal, endpoint, reply) => {
      kept.set(`${principal} ${endpoint}`, reply);
    },
    get size() {
      return kept.size;
    },
  };
}
