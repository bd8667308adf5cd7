import type { TurnRecord } from '../../model/turn-record.ts';
import { type DueSchedule, nextDue } from '../../schedule/next-due.ts';
import type { Composition } from '../composition.ts';
import { keptSchedules } from './kept-schedules.ts';
import { schedulesSince } from './schedule-since.ts';

export interface ListedSchedule {
  readonly due: DueSchedule;
  readonly record: TurnRecord;
}

/** Every schedule with what the log says of its turns and what is due by it now. Writes nothing. */
export async function listSchedules(app: Composition): Promise<readonly ListedSchedule[]> {
  const schedules = await keptSchedules(app);
  const ids = schedules.map(({ id }) => id);
  const store = app.hasStore() ? await app.openStore({ readOnly: true }) : undefined;
  try {
    const records = store === undefined ? ids.map(nothingOf) : store.lastTurns(ids);
    const since = store === undefined ? undefined : schedulesSince(store.state.values, schedules);
    return nextDue(schedules, records, app.now(), since).map((due, at) => ({ due, record: records[at] ?? nothingOf(due.schedule.id) }));
  } finally {
    await store?.close();
  }
}

function nothingOf(schedule: string): TurnRecord {
  return { schedule, done: null, failed: null, missed: null };
}
