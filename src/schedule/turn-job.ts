import { createHash } from 'node:crypto';
import type { Schedule, TurnJob } from '../model/schedule.ts';

/** The job of one turn: whoever puts it in line, it is the same. `due`: ISO-8601 UTC. */
export function turnJob(schedule: Schedule, due: string): TurnJob {
  return {
    id: `${schedule.id}@${due}`,
    kind: schedule.kind,
    turn: { schedule: schedule.id, due },
    source: schedule.source,
    collectors: schedule.kind === 'anchor' ? null : schedule.collectors,
    trigger: { name: schedule.id, authentication: 'schedule' },
    priority: 'scheduled',
  };
}

/** How long after it is due a turn begins, in whole milliseconds below the schedule's jitter. */
export function jitterOf(schedule: Pick<Schedule, 'id' | 'jitterMs'>, due: string): number {
  const part = createHash('sha256').update(`${schedule.id}\n${due}`).digest().readUIntBE(0, 6) / 2 ** 48;
  return Math.floor(part * schedule.jitterMs);
}
