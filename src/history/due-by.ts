import { Temporal } from 'temporal-polyfill';
import type { Ruler, Sla } from '../model/engagement.ts';

const hourMs = 3_600_000;

/**
 * By when something that was found at `at` (milliseconds) is to be put right. Hours are hours; business days are those of the ruler's
 * calendar in the period's zone, the day on which it was found not counted, and end with the last of them: whatever the clocks do.
 */
export function dueBy(at: number, sla: Sla, calendar: Ruler['calendar'], zone: string): number {
  if ('hours' in sla) return at + sla.hours * hourMs;
  const holidays = new Set(calendar.holidays);
  const isWorked = (day: Temporal.PlainDate) => calendar.workingDays.includes(day.dayOfWeek) && !holidays.has(day.toString());
  let day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  for (let left = sla.businessDays; left > 0; ) {
    day = day.add({ days: 1 });
    if (isWorked(day)) left -= 1;
  }
  return day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
}
