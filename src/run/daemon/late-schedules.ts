import type { Schedule } from '../../model/schedule.ts';
import type { DueSchedule } from '../../schedule/next-due.ts';
import type { Registries } from '../registries.ts';
import type { LateSchedule } from './health.ts';

const leastLimitMs = 15 * 60_000;

/**
 * Of the schedules that collect what critical checks look at: those with a turn that should have ended by now. A first turn is named after a
 * time at which nobody waited for it; it is late by how long the daemon has been there (`since`, ISO-8601 UTC).
 */
export function lateSchedules(
  due: readonly DueSchedule[],
  { checks, collectors }: Registries,
  now: string,
  since: string,
): readonly LateSchedule[] {
  const critical = new Set(checks.filter(({ severity }) => severity === 'critical').map(({ subject }) => subject.type));
  const looked = new Set(collectors.filter(({ yields }) => yields.some(({ type }) => critical.has(type))).map(({ id }) => id));
  return due.flatMap(({ schedule, turn, missed, next, first }) => {
    const oldest = missed?.from ?? turn?.due;
    if (oldest === undefined || !schedule.collectors.some((id) => looked.has(id))) return [];
    const from = first ? since : oldest;
    const lateMs = Date.parse(now) - Date.parse(from);
    const limitMs = limitOf(schedule, from, next?.due);
    return lateMs > limitMs ? [{ schedule: schedule.id, due: oldest, lateMs, limitMs }] : [];
  });
}

/** Half of the time to the turn after it: the evidence of one that took longer would be nearly due again. */
function limitOf({ jitterMs }: Schedule, due: string, next: string | undefined): number {
  const half = next === undefined ? 0 : (Date.parse(next) - Date.parse(due)) / 2;
  return jitterMs + Math.max(leastLimitMs, half);
}
