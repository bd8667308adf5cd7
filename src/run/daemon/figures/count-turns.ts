import { Counter, Histogram, type Registry } from 'prom-client';
import type { DaemonEvent } from '../daemon-contract.ts';

/** What became of turns and jobs, as the queue and the process itself say it. */
export function countTurns(registry: Registry): { event(event: DaemonEvent): void } {
  const registers = [registry];
  const done = new Counter({ name: 'proofline_turns_done_total', help: 'Jobs of the queue that were done, by any process', registers });
  const retries = new Counter({
    name: 'proofline_turn_retries_total',
    help: 'Attempts at a job that failed and are made again',
    registers,
  });
  const stalls = new Counter({
    name: 'proofline_turn_stalls_total',
    help: 'Jobs whose worker was gone and that were put in line again',
    registers,
  });
  const durations = new Histogram({
    name: 'proofline_turn_duration_seconds',
    help: 'How long an attempt at a job took in this process, by what came of it; known: the log had it already',
    labelNames: ['outcome'],
    buckets: [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600],
    registers,
  });
  const trouble = new Counter({
    name: 'proofline_daemon_troubles_total',
    help: 'Times that something of the daemon’s own did not work and was put off (a full disk, a log that is busy)',
    registers,
  });
  const clock = new Counter({ name: 'proofline_clock_moves_total', help: 'Times that the clock of the machine was moved', registers });
  const reloads = new Counter({
    name: 'proofline_configuration_reloads_total',
    help: 'Times that the configuration was read again, by what came of it',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['done', 'known', 'failed']) durations.zero({ outcome });
  for (const outcome of ['reloaded', 'refused']) reloads.inc({ outcome }, 0);

  return {
    event(event) {
      switch (event.kind) {
        case 'queue':
          if (event.event.kind === 'done') done.inc();
          if (event.event.kind === 'retrying') retries.inc();
          if (event.event.kind === 'stalled') stalls.inc();
          return;
        case 'turn-ended':
          durations.observe({ outcome: event.outcome }, event.durationMs / 1000);
          return;
        case 'trouble':
          trouble.inc();
          return;
        case 'clock-moved':
          clock.inc();
          return;
        case 'configuration':
          reloads.inc({ outcome: event.outcome });
          return;
        default:
      }
    },
  };
}
