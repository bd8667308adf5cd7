import type { Registry } from 'prom-client';
import type { DaemonHealth } from '../health.ts';
import { gaugeOf } from './gauge-of.ts';

const queueStates = ['waiting', 'active', 'delayed', 'failed'] as const;

/** How the process stands at the time of a scrape. */
export function showHealth(registry: Registry, health: () => DaemonHealth | undefined): void {
  gaugeOf(registry, { name: 'proofline_log_entries', help: 'Entries of the log when last looked' }, () => {
    const log = health()?.log;
    return log?.open === true ? [[{}, log.entries]] : [];
  });
  gaugeOf(registry, { name: 'proofline_loop_age_seconds', help: 'Time since the loop of the process last came round' }, () => {
    const loop = health()?.loop;
    return loop === undefined ? [] : [[{}, loop.sinceMs / 1000]];
  });
  gaugeOf(registry, { name: 'proofline_queue_up', help: '1 while the queue answers' }, () => {
    const queue = health()?.queue;
    return queue === undefined ? [] : [[{}, queue.reachable ? 1 : 0]];
  });
  gaugeOf(
    registry,
    { name: 'proofline_queue_jobs', help: 'Jobs in the queue by state; absent while it does not answer', labels: ['state'] },
    () => {
      const counts = health()?.queue.counts ?? null;
      return counts === null ? [] : queueStates.map((state) => [{ state }, counts[state]] as const);
    },
  );
  gaugeOf(
    registry,
    {
      name: 'proofline_schedule_late_seconds',
      help: 'How long the oldest turn of a schedule of critical checks is overdue; only of those past their limit',
      labels: ['schedule'],
    },
    () => (health()?.late ?? []).map(({ schedule, lateMs }) => [{ schedule }, lateMs / 1000] as const),
  );
}
