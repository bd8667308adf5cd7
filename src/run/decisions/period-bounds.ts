import { Temporal } from 'temporal-polyfill';
import { ProoflineError } from '../../model/errors.ts';

/** Days as people say them, first and last included, in a time zone. */
export interface PeriodDays {
  readonly start: string;
  readonly end: string;
  /** IANA time zone. */
  readonly zone: string;
}

/** The instant at which a day begins in a zone (ISO-8601 UTC): where clocks skip midnight, the first that there is. */
export function startOfDay(day: string, zone: string): string {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds).toISOString();
}
export function dayAfter(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}
/** The day (ISO date) that an instant belongs to in a zone. */
export function dayOf(instant: string, zone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/**
 * The same as instants, half-open: from where the first day begins to where the day after the last begins. A day on which clocks
 * change is 23 or 25 hours long and counts whole.
 */
export function periodBounds({ start, end, zone }: PeriodDays): { readonly from: string; readonly to: string } {
  return { from: startOfDay(start, zone), to: startOfDay(dayAfter(end), zone) };
}

/** Whether a text is a day that there is. */
export function isDay(text: string): boolean {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
/** Whether a text names a zone of the IANA data base: a fixed offset is none, as it knows no daylight saving. */
export function isZone(text: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(text);
    return !/^[+-]?\d/.test(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
/** Whether a period is shorter than so many months of the calendar. */
export function isShorterThan({ start, end }: Pick<PeriodDays, 'start' | 'end'>, months: number): boolean {
  return Temporal.PlainDate.compare(Temporal.PlainDate.from(dayAfter(end)), Temporal.PlainDate.from(start).add({ months })) < 0;
}

/** @throws ProoflineError `usage` with everything that is wrong, when anything is. */
export function refuseProblems(problems: readonly string[], what = 'nothing was recorded'): void {
  if (problems.length > 0) throw new ProoflineError('usage', what, { problems: problems.map((message) => ({ message })) });
}
