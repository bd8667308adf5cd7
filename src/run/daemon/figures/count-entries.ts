import { Counter, Histogram, type Registry } from 'prom-client';
import { gapReasons } from '../../../model/completeness.ts';
import type { Statement } from '../../../model/statement.ts';

const collectorKinds = ['state', 'roster', 'events'] as const;

/**
 * What was appended to the log since the process began, whoever appended it: what workers and people did counts as well, and counts once.
 * Counters that can take few values begin at zero, so that the first one is seen as an increase.
 */
export function countEntries(registry: Registry): {
  /** `throttled`: of a collection, requests that its source put off. */
  entry(statement: Statement, throttled: number): void;
  /** Names of the channels that are configured. */
  channels(names: readonly string[]): void;
} {
  const registers = [registry];
  const collections = new Counter({
    name: 'proofline_collections_total',
    help: 'Collections that were sealed, by kind of collector and whether the whole population was seen',
    labelNames: ['kind', 'completeness'],
    registers,
  });
  const gaps = new Counter({
    name: 'proofline_collection_gaps_total',
    help: 'Collections that missed something, by why; one that missed for two reasons counts under both',
    labelNames: ['reason'],
    registers,
  });
  const calls = new Counter({
    name: 'proofline_source_calls_total',
    help: 'Requests to sources, retries included; failed: refused, put off or not answered',
    labelNames: ['result'],
    registers,
  });
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
  const unreachable = new Counter({
    name: 'proofline_sources_unreachable_total',
    help: 'Times that a source as a whole could not be entered',
    registers,
  });
  const evaluations = new Counter({ name: 'proofline_evaluations_total', help: 'Times that a source was judged', registers });
  const failed = new Counter({ name: 'proofline_turns_failed_total', help: 'Turns of schedules that finally failed', registers });
  const missed = new Counter({
    name: 'proofline_turns_missed_total',
    help: 'Turns of schedules that were not taken when they were due',
    registers,
  });
  const anchors = new Counter({
    name: 'proofline_anchors_total',
    help: 'Times that the head of the log was shown to an anchor, by what came of it',
    labelNames: ['result'],
    registers,
  });
  const deliveries = new Counter({
    name: 'proofline_deliveries_total',
    help: 'Attempts to tell somebody, by channel and what came of it',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  for (const kind of collectorKinds) {
    durations.zero({ kind });
    for (const completeness of ['complete', 'incomplete']) collections.inc({ kind, completeness }, 0);
  }
  for (const reason of gapReasons) gaps.inc({ reason }, 0);
  for (const result of ['answered', 'failed']) calls.inc({ result }, 0);
  for (const result of ['anchored', 'failed']) anchors.inc({ result }, 0);

  return {
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
          missed.inc(statement.count);
          return;
        case 'gap':
          if (statement.of?.kind === 'turn') failed.inc();
          if (statement.of?.kind === 'source') unreachable.inc();
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
    channels(names) {
      for (const channel of names) for (const outcome of ['delivered', 'failed', 'given-up']) deliveries.inc({ channel, outcome }, 0);
    },
  };
}
