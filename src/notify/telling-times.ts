import { Temporal } from 'temporal-polyfill';
import type { NotifySettings } from '../config/notify-settings.ts';

type Times = Pick<NotifySettings, 'zone' | 'digestAt' | 'digestOn' | 'quiet'>;
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** The first time of a digest after `after` (ISO-8601 UTC). What the clocks skip is told when they have gone on; what they repeat, once. */
export function nextDigest(digest: 'daily' | 'weekly', after: string, { zone, digestAt, digestOn }: Times): string {
  const instant = Temporal.Instant.from(after);
  const wanted = digest === 'weekly' ? weekdays.indexOf(digestOn) + 1 : null;
  for (let day = instant.toZonedDateTimeISO(zone).toPlainDate(); ; day = day.add({ days: 1 })) {
    if (wanted !== null && day.dayOfWeek !== wanted) continue;
    const at = atLocal(day, digestAt, zone);
    if (Temporal.Instant.compare(at, instant) > 0) return iso(at);
  }
}

/** When the quiet hours end that `at` lies in; null: it lies in none. Those that begin when others end are one. */
export function quietUntil(at: string, times: Times): string | null {
  let until: string | null = null;
  for (let next = quietEnd(at, times); next !== null && next !== until; next = quietEnd(next, times)) {
    until = next;
    // A whole week without an end is no quiet but silence: the first end counts.
    if (Date.parse(next) - Date.parse(at) > 7 * 24 * 3_600_000) return quietEnd(at, times);
  }
  return until;
}

function quietEnd(at: string, { quiet, zone }: Times): string | null {
  if (quiet === undefined) return null;
  const instant = Temporal.Instant.from(at);
  const today = instant.toZonedDateTimeISO(zone).toPlainDate();
  for (const day of [today.subtract({ days: 1 }), today]) {
    if (quiet.days !== undefined && !quiet.days.includes(weekdays[day.dayOfWeek - 1] ?? 'monday')) continue;
    const from = atLocal(day, quiet.from, zone);
    const to = atLocal(quiet.from < quiet.to ? day : day.add({ days: 1 }), quiet.to, zone);
    if (Temporal.Instant.compare(from, instant) <= 0 && Temporal.Instant.compare(instant, to) < 0) return iso(to);
  }
  return null;
}

function atLocal(day: Temporal.PlainDate, clock: string, zone: string): Temporal.Instant {
  return day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(clock) }).toInstant();
}
const iso = (instant: Temporal.Instant): string => instant.toString({ smallestUnit: 'millisecond' });
