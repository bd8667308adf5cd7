import { dayText } from './read-cell.ts';

/** Monday to Friday, and no holiday. Days are counted from 1970-01-01, a Thursday. */
export function isWorkingDay(day: number, holidays: ReadonlySet<string>): boolean {
  const weekday = (((day + 3) % 7) + 7) % 7;
  return weekday < 5 && !holidays.has(dayText(day));
}

/** The day on which so many working days after `day` have passed; `day` itself is not counted. */
export function addWorkingDays(day: number, count: number, holidays: ReadonlySet<string>): number {
  let at = day;
  for (let left = count; left > 0; ) {
    at += 1;
    if (isWorkingDay(at, holidays)) left -= 1;
  }
  return at;
}
