import { Temporal } from 'temporal-polyfill';
import type { DerivedInput } from '../../model/derived.ts';
import { PeopleSettings } from '../../model/people-settings.ts';

/**
 * What the configuration says of people, as it was sealed.
 * @throws ZodError when what was sealed is not what it says
 */
export function peopleSettings({ settings }: Pick<DerivedInput, 'settings'>): PeopleSettings | null {
  const people = settings['people'];
  return people === null || people === undefined ? null : PeopleSettings.parse(people);
}

/** The day it is in a zone. */
export function dayIn(instant: string, zone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}
/** Days and zones are few, and the calendar of a zone takes long. */
const beginnings = new Map<string, string>();

/** ISO-8601 UTC: when a day begins in a zone. */
export function beginningOf(day: string, zone: string): string {
  const key = `${day} ${zone}`;
  const known = beginnings.get(key);
  if (known !== undefined) return known;
  const found = Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant().toString({ smallestUnit: 'millisecond' });
  beginnings.set(key, found);
  return found;
}
/** ISO-8601 UTC: when a day is over in a zone. */
export function endOf(day: string, zone: string): string {
  return beginningOf(Temporal.PlainDate.from(day).add({ days: 1 }).toString(), zone);
}
/** ISO-8601 UTC: so many days before an instant. */
export function daysBefore(instant: string, days: number): string {
  return Temporal.Instant.from(instant)
    .subtract({ hours: days * 24 })
    .toString({ smallestUnit: 'millisecond' });
}
/** How long what happened to people is carried on from one reading to the next: longer than the longest period that is examined. */
export const carriedDays = 400;

/** By code units: the same on every machine. */
export function inOrder<T>(list: Iterable<T>, key: (one: T) => string): T[] {
  return Array.from(list, (one) => ({ one, at: key(one) }))
    .sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0))
    .map(({ one }) => one);
}
