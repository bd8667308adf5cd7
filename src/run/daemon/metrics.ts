import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Composition } from '../composition.ts';
import type { DaemonEvent } from './daemon-contract.ts';
import { countEntries } from './figures/count-entries.ts';
import { countNotices } from './figures/count-notices.ts';
import { countTurns } from './figures/count-turns.ts';
import { showHealth } from './figures/show-health.ts';
import { type Standing, showStanding } from './figures/show-standing.ts';
import type { DaemonHealth } from './health.ts';

export interface MetricsOptions {
  readonly version: string;
  /** ISO-8601 UTC. */
  readonly now: () => string;
  /** How the process stands at the time of a scrape. Undefined: it has not begun. */
  readonly health: () => DaemonHealth | undefined;
  /** What Node says of the process; default true. Left out where many are made in one process. */
  readonly process?: boolean;
}
export interface Metrics {
  readonly contentType: string;
  /** The Prometheus text format. Reads memory alone. */
  text(): Promise<string>;
  /** Whatever the process says that it does. */
  event(event: DaemonEvent): void;
  standing(standing: Standing): void;
  /** What stands could not be worked out: the figures are as old as `proofline_standing_age_seconds` says. */
  standingFailed(): void;
}

/**
 * The figures of a process, in a registry of its own.
 *
 * Every label takes one of few values. `kind`, `completeness`, `reason`, `severity`, `outcome`, `state`, `result`: closed lists of the
 * program. `control`, `anchor`, `channel`, `schedule`: names that the configuration gives. `source`: the accounts and organisations that are
 * collected from. `version`, `node`: one each. None is of a resource, a person or an error's text.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  if (options.process !== false) collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'proofline_build_info',
    help: 'Always 1: which release runs, and on which Node',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: options.version, node: process.versions.node }, 1);
  const { entry, channels } = countEntries(registry);
  const turns = countTurns(registry);
  const notices = countNotices(registry);
  const shown = showStanding(registry, options.now);
  showHealth(registry, options.health);
  const configured = ({ configuration }: Composition) => channels((configuration.notify?.channels ?? []).map(({ name }) => name));

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    event(event) {
      if (event.kind === 'sealed') entry(event.statement, event.throttled);
      if (event.kind === 'notifier') notices.event(event.event);
      if (event.kind === 'started') configured(event.app);
      if (event.kind === 'configuration' && event.app !== null) configured(event.app);
      turns.event(event);
    },
    ...shown,
  };
}
