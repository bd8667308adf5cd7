import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { gapReasons } from '../../model/completeness.ts';
import { conditionKinds } from '../../model/notification.ts';
import { type Outcome, outcomes, type Severity, severities } from '../../model/outcome.ts';
import type { Statement } from '../../model/statement.ts';
import type { QueueCounts, QueueEvent } from '../../schedule/contract.ts';

/** What the log says at one time, as figures; worked out beside the scrapes (read-standing.ts). */
export interface Standing {
  /** When it was worked out, ISO-8601 UTC. */
  readonly at: string;
  readonly results: readonly { readonly severity: Severity; readonly outcome: Outcome; readonly count: number }[];
  /** Judged subjects by id of the account or organisation. */
  readonly resources: readonly { readonly source: string; readonly count: number }[];
  /** As-of time of the oldest evidence each control rests on; null: on none. */
  readonly controls: readonly { readonly control: string; readonly evidenceAsOf: string | null }[];
  /** When the log recorded the latest receipt of each configured anchor; null: it has none. */
  readonly anchors: readonly { readonly anchor: string; readonly at: string | null }[];
}
/** What is untrue now and was told, or waits to be told. */
export interface OpenCondition {
  readonly kind: (typeof conditionKinds)[number];
  readonly severity: Severity;
}

export interface MetricsOptions {
  readonly version: string;
  /** ISO-8601 UTC. */
  readonly now: () => string;
  /** What Node says of the process; default true. Left out where many are made in one process. */
  readonly process?: boolean;
}
export interface Metrics {
  readonly contentType: string;
  /** The Prometheus text format. Reads memory alone. */
  text(): Promise<string>;
  /** An entry of the log that anybody appended since this process began. `throttled`: requests of a collection that its source put off. */
  entry(statement: Statement, throttled: number): void;
  queueEvent(event: QueueEvent): void;
  /** Null: the queue does not answer. */
  queueCounts(counts: QueueCounts | null): void;
  logSize(entries: number): void;
  standing(standing: Standing): void;
  conditions(open: readonly OpenCondition[]): void;
  lateSchedules(late: readonly { readonly schedule: string; readonly lateMs: number }[]): void;
  /** Something that these figures are made of could not be read: they are as old as `proofline_standing_age_seconds` says. */
  refreshFailed(): void;
}

/**
 * The figures of a process, in a registry of its own. What is counted is counted from the log since the process began, so that what workers
 * and people did counts as well, and counts once.
 *
 * Every label takes one of few values. `kind`, `completeness`, `reason`, `severity`, `outcome`, `state`, `result`: closed lists of the
 * program. `control`, `anchor`, `channel`, `schedule`: names that the configuration gives. `source`: the accounts and organisations that are
 * collected from. None is of a resource, a person or an error's text.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const secondsSince = (time: string) => Math.max(0, (Date.parse(options.now()) - Date.parse(time)) / 1000);
  let standing: Standing | undefined;

  if (options.process !== false) collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'proofline_build_info',
    help: 'Always 1: which release runs, and on which Node',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: options.version, node: process.versions.node }, 1);

  const collections = new Counter({
    name: 'proofline_collections_total',
    help: 'Collections that were sealed, by kind of collector and whether the whole population was seen',
    labelNames: ['kind', 'completeness'],
    registers,
  });
  for (const kind of ['state', 'roster', 'events']) {
    for (const completeness of ['complete', 'incomplete']) collections.inc({ kind, completeness }, 0);
  }
  const gaps = new Counter({
    name: 'proofline_collection_gaps_total',
    help: 'Collections that missed something, by why; one that missed for two reasons counts under both',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of gapReasons) gaps.inc({ reason }, 0);
  const calls = new Counter({
    name: 'proofline_source_calls_total',
    help: 'Requests to sources, retries included; failed: refused, put off or not answered',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['answered', 'failed']) calls.inc({ result }, 0);
  const throttles = new Counter({
    name: 'proofline_source_throttles_total',
    help: 'Requests that a source put off because it was asked too often',
    registers,
  });
  const durations = new Histogram({
    name: 'proofline_collection_duration_seconds',
    help: 'How long one collector took over one scope',
    labelNames: ['kind'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900],
    registers,
  });
  for (const kind of ['state', 'roster', 'events']) durations.zero({ kind });
  const evaluations = new Counter({ name: 'proofline_evaluations_total', help: 'Times that a source was judged', registers });

  const turns = new Counter({
    name: 'proofline_turns_total',
    help: 'Turns of schedules that were done, finally failed, or were not taken when due',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['done', 'failed', 'missed']) turns.inc({ outcome }, 0);
  const retries = new Counter({
    name: 'proofline_turn_retries_total',
    help: 'Attempts at a turn that failed and are made again',
    registers,
  });
  const stalls = new Counter({
    name: 'proofline_turn_stalls_total',
    help: 'Turns whose worker was gone and that were put in line again',
    registers,
  });
  const queueJobs = new Gauge({
    name: 'proofline_queue_jobs',
    help: 'Jobs in the queue by state, when last asked; absent while it does not answer',
    labelNames: ['state'],
    registers,
  });
  const queueUp = new Gauge({ name: 'proofline_queue_up', help: '1 while the queue answers', registers });

  const deliveries = new Counter({
    name: 'proofline_deliveries_total',
    help: 'Attempts to tell somebody, by channel and what came of it',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const conditionsOpen = new Gauge({
    name: 'proofline_conditions_open',
    help: 'What is untrue now and somebody is or will be told of, by kind and severity',
    labelNames: ['kind', 'severity'],
    registers,
  });
  const anchors = new Counter({
    name: 'proofline_anchors_total',
    help: 'Times that the head of the log was shown to an anchor, by what came of it',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['anchored', 'failed']) anchors.inc({ result }, 0);

  const entries = new Gauge({ name: 'proofline_log_entries', help: 'Entries of the log when last looked', registers });
  const late = new Gauge({
    name: 'proofline_schedule_late_seconds',
    help: 'How long the oldest turn of a schedule of critical checks is overdue; only of those that are late',
    labelNames: ['schedule'],
    registers,
  });
  const refreshFailures = new Counter({
    name: 'proofline_standing_failures_total',
    help: 'Times that the log could not be read for these figures',
    registers,
  });

  /** A gauge of what was last worked out; ages are of the time of the scrape. Absent while nothing is known: unknown is not zero. */
  const gaugeOf = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    values: (of: Standing) => readonly (readonly [labels: Record<Label, string>, value: number])[],
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        this.reset();
        for (const [labels, value] of standing === undefined ? [] : values(standing)) this.set(labels, value);
      },
    });
  gaugeOf('proofline_results', 'Results that stand now, by severity of the check and outcome', ['severity', 'outcome'], (of) =>
    of.results.map(({ severity, outcome, count }) => [{ severity, outcome }, count]),
  );
  gaugeOf('proofline_resources', 'Resources that were judged last', ['source'], (of) =>
    of.resources.map(({ source, count }) => [{ source }, count]),
  );
  gaugeOf('proofline_control_evidence_age_seconds', 'Age of the oldest evidence a control rests on; absent: on none', ['control'], (of) =>
    of.controls.flatMap(({ control, evidenceAsOf }) => (evidenceAsOf === null ? [] : [[{ control }, secondsSince(evidenceAsOf)] as const])),
  );
  gaugeOf('proofline_controls_without_evidence', 'Controls that rest on no evidence at all', [], (of) => [
    [{}, of.controls.filter(({ evidenceAsOf }) => evidenceAsOf === null).length],
  ]);
  gaugeOf(
    'proofline_anchor_age_seconds',
    'Time since the log recorded the latest receipt of an anchor; absent: it has none',
    ['anchor'],
    (of) => of.anchors.flatMap(({ anchor, at }) => (at === null ? [] : [[{ anchor }, secondsSince(at)] as const])),
  );
  gaugeOf('proofline_standing_age_seconds', 'How long ago results, resources, evidence and anchors were last worked out', [], (of) => [
    [{}, secondsSince(of.at)],
  ]);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    entry(statement, throttled) {
      switch (statement.kind) {
        case 'collection': {
          const { kindOf: kind, completeness, requests, durationMs } = statement;
          collections.inc({ kind, completeness: completeness.kind });
          if (completeness.kind === 'incomplete') for (const reason of completeness.reasons) gaps.inc({ reason });
          calls.inc({ result: 'answered' }, requests.count - requests.failed);
          calls.inc({ result: 'failed' }, requests.failed);
          throttles.inc(throttled);
          durations.observe({ kind }, durationMs / 1000);
          return;
        }
        case 'evaluation':
          evaluations.inc();
          return;
        case 'schedule-miss':
          turns.inc({ outcome: 'missed' }, statement.count);
          return;
        case 'gap':
          if (statement.of?.kind === 'turn') turns.inc({ outcome: 'failed' });
          if (statement.of?.kind === 'anchor') anchors.inc({ result: 'failed' });
          return;
        case 'anchor':
          anchors.inc({ result: 'anchored' });
          return;
        case 'delivery':
          deliveries.inc({ channel: statement.channel, outcome: statement.outcome });
          return;
        default:
      }
    },
    queueEvent(event) {
      if (event.kind === 'done') turns.inc({ outcome: 'done' });
      else if (event.kind === 'retrying') retries.inc();
      else if (event.kind === 'stalled') stalls.inc();
      else if (event.kind === 'unavailable') queueUp.set(0);
      else if (event.kind === 'available' || event.kind === 'emptied') queueUp.set(1);
    },
    queueCounts(counts) {
      queueUp.set(counts === null ? 0 : 1);
      queueJobs.reset();
      for (const state of counts === null ? [] : (['waiting', 'active', 'delayed', 'failed'] as const))
        queueJobs.set({ state }, counts?.[state] ?? 0);
    },
    logSize: (size) => entries.set(size),
    standing(next) {
      standing = next;
    },
    conditions(open) {
      const counted = Map.groupBy(open, ({ kind, severity }) => `${kind} ${severity}`);
      for (const kind of conditionKinds) {
        for (const severity of severities) conditionsOpen.set({ kind, severity }, counted.get(`${kind} ${severity}`)?.length ?? 0);
      }
    },
    lateSchedules(schedules) {
      late.reset();
      for (const { schedule, lateMs } of schedules) late.set({ schedule }, lateMs / 1000);
    },
    refreshFailed: () => refreshFailures.inc(),
  };
}

/** Of results by severity and outcome every pair, also those that are none. */
export function countResults(
  checks: readonly { readonly severity: Severity | null; readonly counts: Readonly<Record<Outcome, number>> }[],
): Standing['results'] {
  return severities.flatMap((severity) =>
    outcomes.map((outcome) => ({
      severity,
      outcome,
      count: checks.filter((check) => check.severity === severity).reduce((sum, { counts }) => sum + counts[outcome], 0),
    })),
  );
}
