import { dueTimes } from './due-times.ts';
import type { ExaminationOf } from './examination.ts';
import { columnOf, dayMs, instantIn, Undecided } from './read-cell.ts';
import type { Findings, Selection } from './select-records.ts';

interface Run {
  readonly key: string;
  readonly at: number;
}

/**
 * What was expected against what ran: missed, late, and what nobody expected. A run belongs to the due time whose window it lies in: from so
 * much before it until so much before the next.
 * @param calendar table of due times; null: the examination says itself when.
 * @param now milliseconds: what is not due by then, with its grace, is not missed.
 */
export function findMissedRuns(
  examination: ExaminationOf<'calendar'>,
  over: Selection,
  calendar: Selection | null,
  findings: Findings,
  now: number,
): void {
  const runs: Run[] = [];
  over.each((row, at) => {
    if (at === null) throw new Undecided(`${examination.at ?? 'the time'} is empty, so it cannot be told when it ran`);
    runs.push({ key: row.key, at });
  });
  runs.sort((left, right) => left.at - right.at);
  const dues = calendar === null ? expected(examination, runs, now) : listed(examination, calendar);
  const early = examination.earlyHours * 3_600_000;
  const grace = examination.graceHours * 3_600_000;
  const shown = (at: number) => new Date(at).toISOString();

  let next = 0;
  const extra = (run: Run, why: string) => {
    if (examination.extra === 'fail') findings.fail(over.table.name, run.key, over.shown(run.at), `ran ${over.shown(run.at)}, ${why}`);
  };
  const firstWindow = (dues[0] ?? Number.POSITIVE_INFINITY) - early;
  for (; next < runs.length; next += 1) {
    const run = runs[next];
    if (run === undefined || run.at >= firstWindow) break;
    extra(run, 'and nothing was due by then');
  }
  for (const [index, due] of dues.entries()) {
    const end = (dues[index + 1] ?? Number.POSITIVE_INFINITY) - early;
    const mine: Run[] = [];
    for (; next < runs.length && (runs[next]?.at ?? 0) < end; next += 1) mine.push(runs[next] ?? { key: '', at: 0 });
    const [first, ...others] = mine;
    if (first === undefined) {
      if (due + grace > now) findings.wait(due + grace);
      else
        findings.miss(
          over,
          over.table.name,
          `due/${shown(due)}`,
          shown(due),
          `due ${shown(due)}, and nothing ran until ${shown(due + grace)}`,
        );
      continue;
    }
    if (first.at > due + grace)
      findings.fail(over.table.name, first.key, over.shown(first.at), `due ${shown(due)}, ran ${over.shown(first.at)}`);
    for (const other of others) extra(other, `after ${first.key} had run for what was due ${shown(due)}`);
  }
}

function expected({ due, observe, zone, holidays }: ExaminationOf<'calendar'>, runs: readonly Run[], now: number): number[] {
  if ('table' in due) return [];
  const begin = observe?.from === undefined ? (runs[0]?.at ?? now) : Date.parse(observe.from);
  const end = observe?.until === undefined ? now : Math.min(now, Date.parse(observe.until));
  return dueTimes(due, Math.floor(begin / dayMs), Math.floor(end / dayMs), zone, new Set(holidays));
}
function listed({ due }: ExaminationOf<'calendar'>, calendar: Selection): number[] {
  if (!('table' in due)) return [];
  const column = columnOf(calendar.table, due.column);
  const times = new Set<number>();
  calendar.each((row) => {
    const at = instantIn(row, column);
    if (at === null) throw new Undecided(`${column.name} is empty, so it cannot be told when it is due`);
    times.add(at);
  });
  return [...times].sort((a, b) => a - b);
}
