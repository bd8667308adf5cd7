import { Temporal } from 'temporal-polyfill';
import type { ReviewDefinition } from '../../model/review-settings.ts';

/** A stretch of time for which a review is to be held. */
export interface Occasion {
  /** `2026-q1`, `2026-03`, `2026-h1`, `2026`. */
  readonly id: string;
  /** First day, and the day after the last. */
  readonly from: string;
  readonly to: string;
  /** ISO-8601 UTC: by when every line is decided, and from when on it counts as not held. */
  readonly due: string;
  readonly lateAfter: string;
}
type Dated = Pick<ReviewDefinition, 'frequency' | 'first' | 'dueDays' | 'lateDays'>;

const monthsIn = { monthly: 1, quarterly: 3, semiannual: 6, annual: 12 } as const;

function idOf(first: Temporal.PlainDate, frequency: Dated['frequency']): string {
  const year = String(first.year);
  switch (frequency) {
    case 'monthly':
      return `${year}-${String(first.month).padStart(2, '0')}`;
    case 'quarterly':
      return `${year}-q${(first.month + 2) / 3}`;
    case 'semiannual':
      return `${year}-h${first.month === 1 ? 1 : 2}`;
    case 'annual':
      return year;
  }
}
/** The end of the last of so many days after a day: nobody is late on the day itself. */
const endOf = (day: Temporal.PlainDate, days: number, zone: string): string =>
  new Date(day.add({ days }).toZonedDateTime(zone).epochMilliseconds).toISOString();

/**
 * The occasions of a review that have begun, oldest first: those that were due within the last `backDays` days, and the one that runs.
 * Occasions are months, quarters, halves and years of the calendar, of which the first is the first that begins on or after `first`.
 */
export function occasionsOf(definition: Dated, at: string, zone: string, backDays = 400): readonly Occasion[] {
  const months = monthsIn[definition.frequency];
  const today = Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate();
  const first = Temporal.PlainDate.from(definition.first);
  let begin = Temporal.PlainDate.from({ year: first.year, month: first.month - ((first.month - 1) % months), day: 1 });
  if (Temporal.PlainDate.compare(begin, first) < 0) begin = begin.add({ months });
  const earliest = today.subtract({ days: backDays });
  const found: Occasion[] = [];
  for (; Temporal.PlainDate.compare(begin, today) <= 0; begin = begin.add({ months })) {
    const to = begin.add({ months });
    if (Temporal.PlainDate.compare(to.add({ days: definition.dueDays }), earliest) < 0) continue;
    found.push({
      id: idOf(begin, definition.frequency),
      from: begin.toString(),
      to: to.toString(),
      due: endOf(to, definition.dueDays, zone),
      lateAfter: endOf(to, definition.dueDays + definition.lateDays, zone),
    });
  }
  return found;
}

/** The end of the last of so many business days after an instant (ISO-8601 UTC). */
export function afterBusinessDays(
  from: string,
  days: number,
  { workingDays, holidays }: { readonly workingDays: readonly number[]; readonly holidays: readonly string[] },
  zone: string,
): string {
  let day = Temporal.Instant.from(from).toZonedDateTimeISO(zone).toPlainDate();
  const off = new Set(holidays);
  for (let left = days; left > 0; ) {
    day = day.add({ days: 1 });
    if (workingDays.includes(day.dayOfWeek) && !off.has(day.toString())) left -= 1;
  }
  return endOf(day, 1, zone);
}

/** The day (ISO date) that an instant belongs to in a zone. */
export function dayIn(instant: string, zone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The instant (ISO-8601 UTC) at which a day ends in a zone. */
export function endOfDay(day: string, zone: string): string {
  return endOf(Temporal.PlainDate.from(day), 1, zone);
}
