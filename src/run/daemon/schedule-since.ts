import { z } from 'zod';
import type { Schedule } from '../../model/schedule.ts';
import { Time } from '../../model/statement.ts';
import type { State } from '../../store/state.ts';

/** What a schedule was when it was last looked at, and since when; what its cron said before that is nothing that was due. */
const Kept = z.strictObject({ cron: z.string(), zone: z.string(), since: Time.nullable() });

const keyOf = (schedule: string) => `schedule ${schedule}`;

/** Since when each schedule stands as it does, for those of which that is known. */
export function schedulesSince(values: State['values'], schedules: readonly Schedule[]): ReadonlyMap<string, string> {
  return new Map(
    schedules.flatMap((schedule) => {
      const since = read(values, schedule.id)?.since;
      return since == null ? [] : [[schedule.id, since] as const];
    }),
  );
}

/** Notes schedules that are due at other times than before. `changedAt` (ISO-8601 UTC): when that was said. */
export function noteSchedules(values: State['values'], schedules: readonly Schedule[], changedAt: string): void {
  for (const { id, cron, zone } of schedules) {
    const former = read(values, id);
    if (former?.cron === cron && former.zone === zone) continue;
    values.set(keyOf(id), JSON.stringify({ cron, zone, since: former === undefined ? null : changedAt } satisfies z.infer<typeof Kept>));
  }
}

function read(values: State['values'], schedule: string): z.infer<typeof Kept> | undefined {
  const text = values.get(keyOf(schedule));
  return text === undefined ? undefined : Kept.safeParse(JSON.parse(text)).data;
}
