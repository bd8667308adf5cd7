import type { ExaminationOf } from './examination.ts';
import { dayMs, offsetOf } from './read-cell.ts';
import { isWorkingDay } from './working-days.ts';

type Due = Exclude<ExaminationOf<'calendar'>['due'], { table: string }>;
interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Day of the month and day of the week are alternatives when both are given, as cron has it. */
  readonly either: boolean;
}

/** What is wrong with a cron expression, or undefined. */
export function cronProblem(text: string): string | undefined {
  return typeof parseCron(text) === 'string' ? String(parseCron(text)) : undefined;
}

/**
 * Every instant at which something was due, from the first to the last day (counted from 1970, both included). Milliseconds, oldest first.
 * Times are those of the zone; a time that a zone skips is due right after the gap.
 */
export function dueTimes(due: Due, first: number, last: number, zone: string, holidays: ReadonlySet<string>): number[] {
  const times: number[] = [];
  if ('dates' in due) {
    for (const date of due.dates) {
      const day = Date.parse(date) / dayMs;
      if (day >= first && day <= last) times.push(instantOf(day, minutesOf(due.time), zone));
    }
    return times.sort((a, b) => a - b);
  }
  const cron = 'cron' in due ? parseCron(due.cron) : null;
  if (typeof cron === 'string') throw new Error(cron);
  for (let day = first; day <= last; day += 1) {
    if ('workingDay' in due) {
      if (isDueWorkingDay(due.workingDay, day, holidays)) times.push(instantOf(day, minutesOf(due.time), zone));
    } else if (cron !== null && matchesDay(cron, day)) {
      for (const hour of cron.hours) for (const minute of cron.minutes) times.push(instantOf(day, hour * 60 + minute, zone));
    }
  }
  return [...new Set(times)].sort((a, b) => a - b);
}

function instantOf(day: number, minutes: number, zone: string): number {
  const local = day * dayMs + minutes * 60_000;
  if (zone === 'UTC') return local;
  const guess = local - offsetOf(local, zone);
  return local - offsetOf(guess, zone);
}
/** Without a time a day is due as it begins. */
function minutesOf(time: string | undefined): number {
  const [hours, minutes] = (time ?? '00:00').split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function isDueWorkingDay(which: 'every' | number, day: number, holidays: ReadonlySet<string>): boolean {
  if (!isWorkingDay(day, holidays)) return false;
  if (which === 'every') return true;
  const date = new Date(day * dayMs);
  const [year, month, ofMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const [from, to] = which > 0 ? [day - ofMonth + 1, day] : [day, day - ofMonth + length];
  let count = 0;
  for (let at = from; at <= to; at += 1) if (isWorkingDay(at, holidays)) count += 1;
  return count === Math.abs(which);
}

function matchesDay({ days, months, weekdays, either }: Cron, day: number): boolean {
  const date = new Date(day * dayMs);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [ofMonth, ofWeek] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return either ? ofMonth || ofWeek : ofMonth && ofWeek;
}

function parseCron(text: string): Cron | string {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (
    fields.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === undefined
  ) {
    return `expected five fields (minute hour day month weekday), found ${fields.length}`;
  }
  const ranges = [
    numbersOf(minute, 0, 59),
    numbersOf(hour, 0, 23),
    numbersOf(day, 1, 31),
    numbersOf(month, 1, 12),
    numbersOf(weekday, 0, 7),
  ] as const;
  const [minutes, hours, days, months, weekdays] = ranges;
  if (minutes === null || hours === null || days === null || months === null || weekdays === null) {
    const wrong = fields[ranges.indexOf(null)] ?? '';
    return `"${wrong}" cannot be read as numbers, lists, ranges and steps`;
  }
  return {
    minutes,
    hours,
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(weekdays.map((each) => each % 7)),
    either: day !== '*' && weekday !== '*',
  };
}
function numbersOf(field: string, least: number, most: number): number[] | null {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return null;
    const [, low, high, step] = match;
    const from = low === undefined ? least : Number(low);
    const to = high !== undefined ? Number(high) : low === undefined || step !== undefined ? most : from;
    const by = step === undefined ? 1 : Number(step);
    if (from < least || to > most || from > to || by < 1) return null;
    for (let at = from; at <= to; at += by) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}
