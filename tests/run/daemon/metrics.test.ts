import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OutcomeCounts, Statement, StatementOf } from '../../../src/model/statement.ts';
import type { DaemonHealth } from '../../../src/run/daemon/health.ts';
import { createMetrics } from '../../../src/run/daemon/metrics.ts';
import { type Families, parseExposition } from '../../http/parse-exposition.ts';

const health: DaemonHealth = {
  role: 'serve',
  version: '1.2.3',
  startedAt: '2026-03-01T00:00:00.000Z',
  stopping: false,
  loop: { sinceMs: 1500, everyMs: 1000 },
  log: { open: true, writable: true, entries: 77 },
  queue: { kind: 'embedded', reachable: true, counts: { waiting: 3, active: 2, delayed: 1, failed: 4 } },
  late: [{ schedule: 'production/critical', due: '2026-03-01T00:00:00.000Z', lateMs: 90_000, limitMs: 60_000 }],
};
const collection = (of: Partial<StatementOf<'collection'>>): Statement =>
  ({
    kind: 'collection',
    kindOf: 'state',
    completeness: { kind: 'complete' },
    durationMs: 700,
    requests: { count: 10, failed: 0, pages: 10, root: '', kept: null, keptAll: true },
    ...of,
  }) as unknown as Statement;
const counts = (of: Partial<OutcomeCounts>): OutcomeCounts => ({
  pass: 0,
  fail: 0,
  'not-applicable': 0,
  empty: 0,
  'no-evidence': 0,
  waived: 0,
  ...of,
});

/** Every name, type and set of labels: what dashboards and alerts are written against. Changed only with a line in CHANGELOG.md. */
const golden: Record<string, string> = {
  proofline_anchor_age_seconds: 'gauge anchor',
  proofline_anchors_total: 'counter result',
  proofline_build_info: 'gauge node,version',
  proofline_clock_moves_total: 'counter ',
  proofline_collection_duration_seconds: 'histogram kind',
  proofline_collection_gaps_total: 'counter reason',
  proofline_collections_total: 'counter completeness,kind',
  proofline_conditions_open: 'gauge kind,severity',
  proofline_conditions_waived: 'gauge ',
  proofline_configuration_reloads_total: 'counter outcome',
  proofline_control_evidence_age_seconds: 'gauge control,status',
  proofline_controls_without_evidence: 'gauge status',
  proofline_daemon_troubles_total: 'counter ',
  proofline_deliveries_total: 'counter channel,outcome',
  proofline_delivery_delay_seconds: 'histogram ',
  proofline_evaluations_total: 'counter ',
  proofline_log_entries: 'gauge ',
  proofline_loop_age_seconds: 'gauge ',
  proofline_messages_waiting: 'gauge ',
  proofline_notices_total: 'counter kind',
  proofline_notifier_telling: 'gauge ',
  proofline_notifier_warnings_total: 'counter ',
  proofline_queue_jobs: 'gauge state',
  proofline_queue_up: 'gauge ',
  proofline_resources: 'gauge source',
  proofline_results: 'gauge outcome,severity',
  proofline_schedule_late_seconds: 'gauge schedule',
  proofline_source_calls_total: 'counter result',
  proofline_source_throttles_total: 'counter ',
  proofline_sources_unreachable_total: 'counter ',
  proofline_standing_age_seconds: 'gauge ',
  proofline_standing_failures_total: 'counter ',
  proofline_turn_duration_seconds: 'histogram outcome',
  proofline_turn_retries_total: 'counter ',
  proofline_turn_stalls_total: 'counter ',
  proofline_turns_done_total: 'counter ',
  proofline_turns_failed_total: 'counter ',
  proofline_turns_missed_total: 'counter ',
};

describe('the figures of a daemon', () => {
  const metricsOf = (of: { health?: () => DaemonHealth | undefined; now?: () => string } = {}) =>
    createMetrics({ version: '1.2.3', now: () => '2026-03-01T12:00:00.000Z', health: () => health, process: false, ...of });
  const scrape = async (metrics: ReturnType<typeof createMetrics>): Promise<Families> => parseExposition(await metrics.text());
  const value = (families: Families, name: string, labels: Record<string, string> = {}) =>
    families
      .get(name)
      ?.samples.find((sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value;
  afterEach(() => vi.restoreAllMocks());

  it('have names, types and labels that somebody may rely on', async () => {
    const metrics = metricsOf();
    metrics.event({ kind: 'sealed', index: 1, statement: collection({}), throttled: 0 });
    metrics.event({
      kind: 'sealed',
      index: 2,
      statement: { kind: 'delivery', channel: 'team', outcome: 'delivered' } as Statement,
      throttled: 0,
    });
    metrics.event({ kind: 'notifier', event: { kind: 'conditions', open: [] } });
    metrics.event({ kind: 'notifier', event: { kind: 'telling' } });
    metrics.event({ kind: 'notifier', event: { kind: 'waiting', dispatches: 2, oldest: null } });
    metrics.standing({
      at: '2026-03-01T11:59:00.000Z',
      results: [],
      resources: [{ source: 'aws:111122223333', count: 4 }],
      controls: [{ control: 'AC-01', status: 'adopted', evidenceAsOf: '2026-03-01T11:00:00.000Z' }],
      anchors: [{ anchor: 'witness', at: '2026-03-01T11:30:00.000Z' }],
    });
    const families = await scrape(metrics);
    const found = Object.fromEntries(
      [...families].map(([name, { type, samples }]) => {
        const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
        labels.delete('le');
        return [name, `${type} ${[...labels].sort().join(',')}`];
      }),
    );
    expect(found).toEqual(golden);
    for (const [name, { type, help }] of families) {
      expect(help, name).toMatch(/^[A-Z0-9]/);
      // What Prometheus’s own naming rules ask for: totals are counters, times are seconds.
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(name, name).not.toMatch(/_(?:ms|milliseconds|minutes|hours|days)(?:_|$)/);
    }
  });

  it('are those that the README alerts on', () => {
    const named = new Set(readFileSync(path.join(import.meta.dirname, '../../../README.md'), 'utf8').match(/\bproofline_[a-z_]+/g));
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !Object.hasOwn(golden, name))).toEqual([]);
  });

  it('count what was sealed, by whichever process', async () => {
    const metrics = metricsOf();
    const seal = (statement: Statement, throttled = 0) => metrics.event({ kind: 'sealed', index: 0, statement, throttled });
    seal(collection({}));
    seal(
      collection({
        kindOf: 'events',
        completeness: { kind: 'incomplete', reasons: ['rate-limited', 'truncated'] },
        requests: { count: 9, failed: 4, pages: 5, root: '', kept: null, keptAll: true },
        durationMs: 61_000,
      }),
      3,
    );
    seal({ kind: 'schedule-miss', count: 5 } as Statement);
    seal({ kind: 'gap', of: { kind: 'turn', name: 'production/critical' } } as Statement);
    seal({ kind: 'gap', of: { kind: 'anchor', name: 'witness' } } as Statement);
    seal({ kind: 'gap', of: { kind: 'source', name: 'production' } } as Statement);
    seal({ kind: 'gap' } as Statement);
    seal({ kind: 'anchor', anchor: 'witness' } as Statement);
    seal({ kind: 'evaluation' } as Statement);
    seal({ kind: 'delivery', channel: 'team', outcome: 'failed' } as Statement);
    const families = await scrape(metrics);
    expect(value(families, 'proofline_collections_total', { kind: 'state', completeness: 'complete' })).toBe(1);
    expect(value(families, 'proofline_collections_total', { kind: 'events', completeness: 'incomplete' })).toBe(1);
    expect(value(families, 'proofline_collections_total', { kind: 'roster', completeness: 'complete' })).toBe(0);
    expect(value(families, 'proofline_collection_gaps_total', { reason: 'rate-limited' })).toBe(1);
    expect(value(families, 'proofline_collection_gaps_total', { reason: 'access-denied' })).toBe(0);
    expect(value(families, 'proofline_source_calls_total', { result: 'answered' })).toBe(15);
    expect(value(families, 'proofline_source_calls_total', { result: 'failed' })).toBe(4);
    expect(value(families, 'proofline_source_throttles_total')).toBe(3);
    expect(value(families, 'proofline_turns_missed_total')).toBe(5);
    expect(value(families, 'proofline_turns_failed_total')).toBe(1);
    expect(value(families, 'proofline_anchors_total', { result: 'failed' })).toBe(1);
    expect(value(families, 'proofline_anchors_total', { result: 'anchored' })).toBe(1);
    expect(value(families, 'proofline_sources_unreachable_total')).toBe(1);
    expect(value(families, 'proofline_deliveries_total', { channel: 'team', outcome: 'failed' })).toBe(1);
    const slow = families.get('proofline_collection_duration_seconds')?.samples.filter(({ labels }) => labels['kind'] === 'events');
    expect(slow?.find(({ labels }) => labels['le'] === '60')?.value).toBe(0);
    expect(slow?.find(({ labels }) => labels['le'] === '120')?.value).toBe(1);
  });

  it('say nothing of what is not known', async () => {
    const metrics = metricsOf({ health: () => undefined });
    const unknown = ['proofline_results', 'proofline_control_evidence_age_seconds', 'proofline_conditions_open', 'proofline_queue_jobs'];
    const never = ['proofline_log_entries', 'proofline_queue_up', 'proofline_standing_age_seconds', 'proofline_notifier_telling'];
    const families = await scrape(metrics);
    for (const name of [...unknown, ...never]) expect(families.get(name)?.samples, name).toEqual([]);
    // Whoever stands by knows of no condition any more.
    metrics.event({ kind: 'notifier', event: { kind: 'conditions', open: [{ kind: 'failing', severity: 'high', count: 3, waived: 1 }] } });
    const told = await scrape(metrics);
    expect(value(told, 'proofline_conditions_open', { kind: 'failing', severity: 'high' })).toBe(2);
    expect(value(told, 'proofline_conditions_open', { kind: 'anchor', severity: 'low' })).toBe(0);
    expect(value(told, 'proofline_conditions_waived')).toBe(1);
    metrics.event({ kind: 'notifier', event: { kind: 'standing-by', heldBy: 'another' } });
    const standingBy = await scrape(metrics);
    expect(standingBy.get('proofline_conditions_open')?.samples).toEqual([]);
    expect(value(standingBy, 'proofline_notifier_telling')).toBe(0);
  });

  it('take ages at the scrape, not when the log was read', async () => {
    let now = '2026-03-01T12:00:00.000Z';
    const metrics = metricsOf({ now: () => now });
    metrics.standing({
      at: now,
      results: [
        { severity: 'critical', counts: counts({ pass: 3, fail: 1 }) },
        { severity: 'critical', counts: counts({ fail: 2 }) },
        { severity: null, counts: counts({ fail: 100 }) },
      ],
      resources: [],
      controls: [
        { control: 'AC-01', status: 'adopted', evidenceAsOf: '2026-03-01T11:00:00.000Z' },
        { control: 'AC-02', status: 'adopted', evidenceAsOf: null },
        { control: 'AC-03', status: 'proposed', evidenceAsOf: null },
        { control: 'AC-04', status: 'proposed', evidenceAsOf: null },
      ],
      anchors: [
        { anchor: 'witness', at: '2026-03-01T11:30:00.000Z' },
        { anchor: 'never', at: null },
      ],
    });
    const first = await scrape(metrics);
    expect(value(first, 'proofline_control_evidence_age_seconds', { control: 'AC-01' })).toBe(3600);
    expect(value(first, 'proofline_results', { severity: 'critical', outcome: 'fail' })).toBe(3);
    expect(value(first, 'proofline_results', { severity: 'low', outcome: 'pass' })).toBe(0);
    expect(value(first, 'proofline_controls_without_evidence', { status: 'adopted' })).toBe(1);
    expect(value(first, 'proofline_controls_without_evidence', { status: 'proposed' })).toBe(2);
    expect(value(first, 'proofline_anchor_age_seconds', { anchor: 'never' })).toBeUndefined();
    now = '2026-03-01T12:10:00.000Z';
    const later = await scrape(metrics);
    expect(value(later, 'proofline_control_evidence_age_seconds', { control: 'AC-01' })).toBe(4200);
    expect(value(later, 'proofline_anchor_age_seconds', { anchor: 'witness' })).toBe(2400);
    expect(value(later, 'proofline_standing_age_seconds')).toBe(600);
  });

  it('count what the queue and the notifier say', async () => {
    const metrics = metricsOf();
    const job = {} as never;
    metrics.event({ kind: 'queue', event: { kind: 'done', job, attempt: 1 } });
    metrics.event({ kind: 'queue', event: { kind: 'retrying', job, attempt: 1, reason: 'x', inMs: 1 } });
    metrics.event({ kind: 'queue', event: { kind: 'stalled', job } });
    metrics.event({ kind: 'turn-ended', job, attempt: 1, outcome: 'known', reason: null, durationMs: 2000 });
    metrics.event({ kind: 'notifier', event: { kind: 'followed', from: 0, to: 9, notices: { 'check-failing': 4 } } });
    const attempt = { kind: 'attempt', channel: 'team', channelKind: 'slack', message: 'M-1', outcome: 'failed', reason: null } as const;
    const told = { fallback: null, durationMs: 1 };
    metrics.event({ kind: 'notifier', event: { ...attempt, ...told, attempt: 1, sinceSealedMs: 900 } });
    metrics.event({ kind: 'notifier', event: { ...attempt, ...told, attempt: 2, sinceSealedMs: 61_000 } });
    const families = await scrape(metrics);
    expect(value(families, 'proofline_turns_done_total')).toBe(1);
    expect(value(families, 'proofline_turn_retries_total')).toBe(1);
    expect(value(families, 'proofline_turn_stalls_total')).toBe(1);
    expect(value(families, 'proofline_notices_total', { kind: 'check-failing' })).toBe(4);
    expect(value(families, 'proofline_queue_jobs', { state: 'delayed' })).toBe(1);
    expect(value(families, 'proofline_schedule_late_seconds', { schedule: 'production/critical' })).toBe(90);
    const delays = families.get('proofline_delivery_delay_seconds')?.samples;
    expect(delays?.find(({ name }) => name.endsWith('_count'))?.value).toBe(1);
    expect(delays?.find(({ labels }) => labels['le'] === '1')?.value).toBe(1);
  });

  it('bring what Node says of the process, in a registry of their own', async () => {
    const shared = vi.spyOn(Registry.prototype, 'registerMetric');
    const metrics = createMetrics({ version: '1.2.3', now: () => '2026-03-01T12:00:00.000Z', health: () => undefined });
    expect(new Set(shared.mock.contexts).size).toBe(1);
    const names = [...(await scrape(metrics)).keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'process_cpu_seconds_total',
        'nodejs_heap_size_used_bytes',
        'nodejs_eventloop_lag_seconds',
        'nodejs_active_handles',
      ]),
    );
  });
});
