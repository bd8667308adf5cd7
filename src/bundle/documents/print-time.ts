import { Temporal } from 'temporal-polyfill';

/** `2025-06-10 08:12 UTC`; with seconds where there are any, which keeps an instant that an event gave apart from a reading's. */
export function printTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, time.slice(17, 19) === '00' ? 16 : 19)} UTC`;
}
/** `10 June 2025`, of a date or of the UTC day of a time. */
export function printDay(date: string): string {
  const [year, month, day] = date.slice(0, 10).split('-');
  return `${Number(day)} ${months[Number(month) - 1]} ${year}`;
}
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Offsets change on a quarter of an hour at the earliest, so that one look into the zone's rules serves a whole quarter. */
const quarter = 15 * 60_000;

/** Prints times in one IANA zone, with their offset: `2025-06-10T10:12:00+02:00`. */
export function localTime(zone: string): (time: string) => string {
  const offsets = new Map<number, { readonly ms: number; readonly text: string }>();
  return (time) => {
    const ms = Date.parse(time);
    const slot = Math.floor(ms / quarter);
    let offset = offsets.get(slot);
    if (offset === undefined) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
      offset = { ms: zoned.offsetNanoseconds / 1e6, text: zoned.offset };
      offsets.set(slot, offset);
    }
    return `${new Date(ms + offset.ms).toISOString().slice(0, 19)}${offset.text}`;
  };
}
/** `10:12 local`, or with its day where that differs from the one in UTC. */
export function printLocal(time: string, local: (time: string) => string): string {
  const text = local(time);
  const clock = text.slice(11, text.slice(17, 19) === '00' ? 16 : 19);
  return text.slice(0, 10) === time.slice(0, 10) ? `${clock} local` : `${text.slice(0, 10)} ${clock} local`;
}
