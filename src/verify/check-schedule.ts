import type { Statement, StatementOf, Turn } from '../model/statement.ts';
import type { ClaimSheet } from './report.ts';

interface Run {
  readonly role: string;
  readonly place: string;
  readonly startedAt: string | null;
  readonly first: number;
  last: number;
  lastAt: string;
  end: 'stopped' | 'ended-unseen' | null;
}
interface Miss extends Pick<StatementOf<'schedule-miss'>, 'schedule' | 'from' | 'to' | 'count' | 'reason' | 'late'> {
  readonly index: number;
}
/** A word that a schedule, a due time and the name of a source or anchor cannot give another way. */
const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/**
 * What a log says of its own making: turns of schedules that were taken, missed and failed, and the lives of the processes that took them.
 * Nothing of it makes the log another than it says but a miss that contradicts itself; the rest is what somebody should know.
 */
export class ScheduleChecker {
  readonly #sheet: ClaimSheet;
  readonly #fromStart: boolean;
  readonly #found: { readonly entry: number; readonly message: string }[] = [];
  /** Turn and what ended it -> entry. */
  readonly #ended = new Map<string, number>();
  /** Schedule -> due times of turns that something was sealed for. */
  readonly #done = new Map<string, Set<string>>();
  readonly #failed = new Map<string, number>();
  readonly #misses = new Map<string, Miss[]>();
  readonly #runs = new Map<string, Run>();

  /** @param fromStart false: of a part that does not begin with the log, what came before is not known */
  constructor(sheet: ClaimSheet, fromStart: boolean) {
    this.#sheet = sheet;
    this.#fromStart = fromStart;
  }

  take(statement: Statement, index: number): void {
    switch (statement.kind) {
      case 'evaluation':
        if (statement.turn !== undefined) this.#taken(statement.turn, statement.source, statement.at, index);
        return;
      case 'anchor':
        if (statement.turn !== undefined) this.#taken(statement.turn, `anchor ${statement.anchor}`, statement.at, index);
        return;
      case 'gap':
        if (statement.turn !== undefined) this.#gaveOver(statement.turn, index);
        return;
      case 'schedule-miss':
        this.#missed(statement, index);
        return;
      case 'lifecycle':
        this.#lived(statement, index);
        return;
      default:
    }
  }

  #taken({ schedule, due }: Turn, by: string, at: string, entry: number): void {
    const warn = (message: string): void => void this.#found.push({ entry, message: `the turn of ${schedule} due at ${due} ${message}` });
    const key = keyOf(schedule, due, by);
    const before = this.#ended.get(key);
    if (before !== undefined) warn(`is taken twice for ${by}: entry ${before} ended it`);
    this.#ended.set(key, entry);
    if (at < due) warn('is ended before it was due');
    if (this.#misses.get(schedule)?.some((miss) => gaveUp(miss, due)) === true) warn('is taken, and is said to be missed');
    this.#done.set(schedule, (this.#done.get(schedule) ?? new Set()).add(due));
    // It had failed, and somebody took it after all.
    this.#failed.delete(keyOf(schedule, due));
  }

  /** What had been sealed for it was of a part of its source. */
  #gaveOver({ schedule, due }: Turn, entry: number): void {
    this.#failed.set(keyOf(schedule, due), entry);
    this.#done.get(schedule)?.delete(due);
  }

  #missed(statement: StatementOf<'schedule-miss'>, entry: number): void {
    const { schedule, from, to, count, reason, late, at } = statement;
    if (from > to || (count === 1) !== (from === to))
      this.#sheet.fail('schedule', entry, `${count} turns of ${schedule} cannot be due from ${from} to ${to}`);
    const warn = (message: string): void => void this.#found.push({ entry, message });
    warn(`${count} turns of ${schedule} missed: ${reason}, due ${from} to ${to}`);
    if (at < to) warn(`turns of ${schedule} are called missed before they were due`);
    const miss = { schedule, from, to, count, reason, late, index: entry };
    if ([...(this.#done.get(schedule) ?? [])].some((due) => gaveUp(miss, due)))
      warn(`a turn of ${schedule} is said to be missed, and is taken`);
    const known = this.#misses.get(schedule) ?? [];
    this.#misses.set(schedule, [...known, miss]);
  }

  #lived({ event, at, process }: StatementOf<'lifecycle'>, entry: number): void {
    if (process === undefined) return;
    const { run, role, host, pid } = process;
    const warn = (message: string): void => void this.#found.push({ entry, message: `run ${run} (${role}) ${message}` });
    const place = keyOf(role, host, String(pid));
    const known = this.#runs.get(run);
    if (known === undefined) {
      if (event !== 'started' && this.#fromStart) warn('is not said to have started');
      const startedAt = event === 'started' ? at : null;
      this.#runs.set(run, { role, place, startedAt, first: entry, last: entry, lastAt: at, end: endOf(event) });
      return;
    }
    if (event === 'started') warn('starts twice');
    if (known.end !== null) warn('goes on after it stopped');
    if (known.place !== place) warn('is two processes');
    known.end ??= endOf(event);
    // That it is gone is said by another.
    if (event === 'ended-unseen') return;
    known.last = entry;
    known.lastAt = at;
  }

  finish(): void {
    const runs = [...this.#runs].map(([run, life]) => ({ run, ...life }));
    for (const { run, role, last, lastAt } of runs.filter((one) => endedUnseen(one, runs)))
      this.#found.push({ entry: last, message: `run ${run} (${role}) ended unseen: this is the last of it, at ${lastAt}` });
    const done = [...this.#done.values()].reduce((sum, { size }) => sum + size, 0);
    const misses = [...this.#misses.values()].flat();
    const missed = misses.reduce((sum, { count }) => sum + count, 0);
    const late = misses.filter((miss) => miss.late && this.#done.get(miss.schedule)?.has(miss.to) === true).length;
    for (const [key, entry] of this.#failed) {
      const [schedule, due] = JSON.parse(key) as [string, string];
      this.#found.push({ entry, message: `the turn of ${schedule} due at ${due} finally failed` });
    }
    const failing = [...this.#failed.keys()].map((key) => (JSON.parse(key) as string[])[0]);
    const schedules = new Set([...this.#done.keys(), ...this.#misses.keys(), ...failing]);
    const open = runs.filter(({ end }) => end !== 'stopped').length;
    const said =
      schedules.size + runs.length === 0
        ? 'nothing in it is said to be done by a schedule'
        : `of ${schedules.size} schedules ${done} turns were taken, ${missed} missed (${late} of them taken late) and ${this.#failed.size} finally failed; ` +
          `${runs.length} runs of a process, ${open} without a stop. Only what was recorded: hold the schedules of the plans against it`;
    this.#sheet.holds('schedule', said);
    if (this.#found.length === 0) return;
    this.#sheet.warn('schedule', null, said);
    for (const { entry, message } of this.#found) this.#sheet.warn('schedule', entry, message);
  }
}

function endOf(event: string): Run['end'] {
  return event === 'stopped' || event === 'ended-unseen' ? event : null;
}

/** Of what was missed the last alone may be taken after all, if it is said so. */
function gaveUp({ from, to, late }: Miss, due: string): boolean {
  return due >= from && due <= to && !(late && due === to);
}

/** Somebody found so; or there is one daemon at a time, and another has started after the last that was heard of this one. */
function endedUnseen(run: Run, all: readonly Run[]): boolean {
  if (run.end !== null) return run.end === 'ended-unseen';
  return run.role === 'serve' && all.some((other) => other.role === 'serve' && other.first > run.last);
}
