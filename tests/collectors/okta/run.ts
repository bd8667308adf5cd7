import type { OktaClient } from '../../../collectors/okta/client.ts';
import { connectOkta, type OktaConnection } from '../../../collectors/okta/connect.ts';
import source from '../../../collectors/okta/source.ts';
import type { Collector } from '../../../src/authoring.ts';
import { unlimited } from '../../../src/collect/limiter.ts';
import { normaliseItems } from '../../../src/collect/normalise-items.ts';
import { defaultRetry } from '../../../src/collect/retry.ts';
import { runCollector } from '../../../src/collect/run-collector.ts';
import type { ReadResource } from '../../../src/model/resource.ts';
import { type OktaServer, token } from './server.ts';

export const asOf = '2026-01-15T12:00:00.000Z';

export function connectTo(server: OktaServer, credentials: OktaConnection['credentials'] = { kind: 'token', token }) {
  return connectOkta(
    { name: 'acme', organisation: 'acme.okta.com', baseUrl: server.baseUrl, credentials },
    { version: '0.0.0', now: () => Date.parse(asOf) },
  );
}

/** Runs a collector through the real transport, recorder and normaliser. */
export async function runOn(
  server: OktaServer,
  collector: Collector<OktaClient>,
  options: { credentials?: OktaConnection['credentials']; pipeline?: string | null } = {},
) {
  const settings = { pipeline: options.pipeline ?? 'idx' };
  const evidence = await runCollector({
    collector,
    source,
    exchange: connectTo(server, options.credentials).open('session-1').exchange,
    sourceId: 'okta:00o1acme',
    tenant: 'acme.okta.com',
    settings,
    logic: `sha256:${'0'.repeat(64)}`,
    session: 'session-1',
    principal: 'auditor',
    trigger: { name: 'test', authentication: 'none' },
    concurrency: 4,
    now: () => asOf,
    monotonic: () => 0,
    limiter: unlimited,
    retry: { ...defaultRetry, attempts: 3, firstWaitMs: 1, longestWaitMs: 2, patienceMs: 1500 },
  });
  const normalised = normaliseItems(collector, evidence.items, {
    source: 'okta:00o1acme',
    tenant: 'acme.okta.com',
    region: null,
    settings,
  });
  return {
    ...evidence,
    ...normalised,
    of: (type: string) => normalised.resources.filter((resource) => resource.type === type),
    one: (type: string, display: string): ReadResource => {
      const found = normalised.resources.filter((resource) => resource.type === type && resource.display === display);
      if (found.length !== 1)
        throw new Error(`${found.length} of ${type} ${display}: ${normalised.resources.map((one) => one.display).join(', ')}`);
      return found[0]!;
    },
  };
}
