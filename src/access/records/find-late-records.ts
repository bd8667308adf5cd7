import type { ExaminationOf } from './examination.ts';
import { type Column, columnOf, dayMs, dayOf, dayText, instantIn, offsetOf, timeText } from './read-cell.ts';
import type { Findings, Selection } from './select-records.ts';
import { addWorkingDays } from './working-days.ts';

/**
 * Records whose second time came later after the first than allowed, or has not come although its time is over. Hours are measured between
 * two times; days are calendar days in the zone: what is due within two days of the 5th is in time until the end of the 7th.
 * @param now milliseconds since 1970.
 */
export function findLateRecords(examination: ExaminationOf<'timeliness'>, over: Selection, findings: Findings, now: number): void {
  const { within, zone } = examination;
  const from = columnOf(over.table, examination.from);
  const to = columnOf(over.table, examination.to);
  const holidays = new Set(examination.holidays);
  over.each((row, at) => {
    const fail = (why: string) => findings.fail(over.table.name, row.key, over.shown(at), why);
    const [begun, done] = [instantIn(row, from), instantIn(row, to)];
    if (begun === null) return fail(`${from.name} is empty: it cannot be told from when on its time ran`);
    const due = dueAfter(begun, from, examination, holidays);
    const shown = due.day === null ? new Date(due.before).toISOString() : dayText(due.day);
    if (done === null) {
      if (now < due.before) findings.wait(due.before);
      else fail(`${to.name} is empty: due ${shown}, ${limitText(within)} after ${timeText(begun, from)}`);
      return;
    }
    const late = due.day === null ? done >= due.before : dayOf(done, to, zone) > due.day;
    if (late) fail(`${to.name} ${timeText(done, to)}: due ${shown}, ${limitText(within)} after ${timeText(begun, from)}`);
  });
}

/** The last day on which it is in time, or of hours null; and the first instant at which it is not. */
function dueAfter(
  begun: number,
  from: Column,
  { within, zone }: ExaminationOf<'timeliness'>,
  holidays: ReadonlySet<string>,
): { readonly day: number | null; readonly before: number } {
  if ('hours' in within) return { day: null, before: begun + within.hours * 3_600_000 + 1 };
  const first = dayOf(begun, from, zone);
  const day = 'days' in within ? first + within.days : addWorkingDays(first, within.businessDays, holidays);
  const midnight = (day + 1) * dayMs;
  return { day, before: zone === 'UTC' ? midnight : midnight - offsetOf(midnight, zone) };
}
function limitText(within: ExaminationOf<'timeliness'>['within']): string {
  const [count, noun] =
    'hours' in within ? [within.hours, 'hour'] : 'days' in within ? [within.days, 'day'] : [within.businessDays, 'working day'];
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
