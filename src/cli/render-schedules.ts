import { missReasonWords } from '../model/turn-record.ts';
import type { Cli } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { ScheduleListOutput } from './shapes.ts';
import { ageOf, counted } from './words.ts';

type Listed = ScheduleListOutput['schedules'][number];

/** One row per schedule, and beneath what was missed or failed and why. */
export function renderSchedules({ at, schedules }: ScheduleListOutput, { colours, columns }: Pick<Cli, 'colours' | 'columns'>): string {
  if (schedules.length === 0) return 'Nothing is scheduled: no source is configured.';
  const { bold, dim, red, yellow } = colours;
  // Seconds where there are any: of a schedule that counts in them two turns would read alike.
  const minute = (time: string) => `${time.slice(0, time.slice(17, 19) === '00' ? 16 : 19).replace('T', ' ')}Z`;
  const rows = schedules.map((schedule) => [
    bold(schedule.id),
    schedule.zone === 'UTC' ? schedule.cron : `${schedule.cron} ${dim(schedule.zone)}`,
    schedule.kind === 'anchor' ? dim('the head of the log') : counted(schedule.collectors.length, 'collector'),
    schedule.done === null ? dim('never') : `${minute(schedule.done.due)} ${dim(`done ${ago(schedule.done.at, at)}`)}`,
    schedule.due === null ? nextOf(schedule, minute) : yellow('due now'),
  ]);
  const table = renderTable(
    [{ title: 'schedule' }, { title: 'when' }, { title: 'what', flexible: true }, { title: 'last turn' }, { title: 'next' }],
    rows,
    columns,
  );
  const notes = schedules.flatMap(({ id, failed, done, missed, unrecorded }) => [
    ...(failed === null || (done !== null && done.due > failed.due)
      ? []
      : [
          `${red('failed')}  ${id}: the turn of ${minute(failed.due)}, after ${counted(failed.attempts, 'attempt')}: ${failed.reason} (entry ${failed.entry})`,
        ]),
    ...(missed === null
      ? []
      : [
          `${yellow('missed')}  ${id}: ${span(missed, minute)}: ${missReasonWords[missed.reason]}${missed.late ? '; the last of them late' : ''} (entry ${missed.entry})`,
        ]),
    ...(unrecorded === null ? [] : [`${yellow('missed')}  ${id}: ${span(unrecorded, minute)}: no daemon has looked since`]),
  ]);
  return [table, ...(notes.length === 0 ? [] : ['', ...notes]), '', dim('Times are UTC.')].join('\n');
}

function nextOf({ next }: Listed, minute: (time: string) => string): string {
  return next === null ? 'never again' : minute(next.due);
}
function ago(time: string, now: string): string {
  const age = ageOf(time, now);
  return age === 'now' ? 'just now' : `${age} ago`;
}
function span(
  { from, to, count }: { readonly from: string; readonly to: string; readonly count: number },
  minute: (time: string) => string,
): string {
  return count === 1 ? `the turn of ${minute(from)}` : `${counted(count, 'turn')} of ${minute(from)} to ${minute(to)}`;
}
