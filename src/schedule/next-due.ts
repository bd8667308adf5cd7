import type { Schedule } from '../model/schedule.ts';
import type { Turn } from '../model/statement.ts';
import type { TurnRecord } from '../model/turn-record.ts';
import { dueAfter } from './cron.ts';
import { jitterOf } from './turn-job.ts';

/** What one schedule wants now. All times ISO-8601 UTC. */
export interface DueSchedule {
  readonly schedule: Schedule;
  /** To be put in line now; null: nothing is, or its jitter has not passed. */
  readonly turn: Turn | null;
  /** It is the first turn ever, and due because evidence starts now. */
  readonly first: boolean;
  /** Turns that nobody took and no record speaks of yet. `late`: the last of them is `turn`; otherwise none of them will be taken. */
  readonly missed: { readonly from: string; readonly to: string; readonly count: number; readonly late: boolean } | null;
  /** The turn after that, and when it begins; null: the expression names a day that comes no more. */
  readonly next: { readonly due: string; readonly begins: string } | null;
  /** The log has a turn that lies in the future: this clock went back, or that one was ahead. Nothing is counted as missed. */
  readonly clockBehind: boolean;
}

/** A turn counts as missed when it was not taken so long after it was to begin. */
export function graceOf({ jitterMs }: Pick<Schedule, 'jitterMs'>): number {
  return Math.max(5 * 60_000, jitterMs);
}

/** A daemon that was away for years does not reckon for minutes: of more turns than this the count is left at it. */
const countAtMost = 20_000;
/** How far back the due time of a first turn is looked for. */
const firstWithinDays = [1, 8, 32, 367];
const dayMs = 86_400_000;

/**
 * Which turns are due and which were missed. Of each schedule at most one turn is due: the latest, because what lies before it can be
 * collected no more. A schedule of which nothing is known is due at once.
 * @param records what the log says of the schedules (`store.lastTurns`); one that is not named has no turns.
 * @param now ISO-8601 UTC.
 * @param since by schedule: from when on it stands as it does (ISO-8601 UTC). Before that nothing was due by it, whatever its cron says.
 */
export function nextDue(
  schedules: readonly Schedule[],
  records: readonly TurnRecord[],
  now: string,
  since: ReadonlyMap<string, string> = new Map(),
): readonly DueSchedule[] {
  const known = new Map(records.map((record) => [record.schedule, record]));
  return schedules.map((schedule) => dueOf(schedule, known.get(schedule.id), Date.parse(now), since.get(schedule.id)));
}

function dueOf(schedule: Schedule, record: TurnRecord | undefined, now: number, since: string | undefined): DueSchedule {
  const { done = null, failed = null, missed = null } = record ?? {};
  const taken = latestOf(done?.due, failed?.due);
  const told = latestOf(missed?.to);
  if (taken === undefined && told === undefined) return firstTurn(schedule, now);
  const last = Math.max(taken ?? 0, told ?? 0);
  if (last > now) return behind(schedule, last, now);

  const after = since === undefined ? last : Math.max(last, Math.min(Date.parse(since), now));
  const runs = runsBetween(schedule, after, now);
  const latest = runs.at(-1);
  const base = { schedule, first: false, next: nextAfter(schedule, now), clockBehind: false };
  if (latest === undefined) {
    // Recorded as missed, to be taken late, and not taken yet: it stays due until it is.
    const owed = missed?.late === true && told !== undefined && told > (taken ?? 0);
    return { ...base, turn: owed ? { schedule: schedule.id, due: isoOf(told) } : null, missed: null };
  }
  const turn = { schedule: schedule.id, due: isoOf(latest) };
  const begins = latest + jitterOf(schedule, turn.due);
  const isLate = now > begins + graceOf(schedule);
  const lost = isLate ? runs : runs.slice(0, -1);
  const [from, to] = [lost[0], lost.at(-1)];
  return {
    ...base,
    turn: now >= begins ? turn : null,
    missed: from === undefined || to === undefined ? null : { from: isoOf(from), to: isoOf(to), count: lost.length, late: isLate },
    next: now >= begins ? base.next : { due: turn.due, begins: isoOf(begins) },
  };
}

/** Evidence starts now. It is named after the last time it would have been due, so that every process names it alike. */
function firstTurn(schedule: Schedule, now: number): DueSchedule {
  let due: number | undefined;
  for (const days of firstWithinDays) {
    due = runsBetween(schedule, now - days * dayMs, now).at(-1);
    if (due !== undefined) break;
  }
  due ??= Math.floor(now / dayMs) * dayMs;
  const turn = { schedule: schedule.id, due: isoOf(due) };
  return { schedule, turn, first: true, missed: null, next: nextAfter(schedule, now), clockBehind: false };
}

/**
 * The log is ahead of the clock. If it is no further than the turn that comes next, that is waited for. If it is, a clock was wrong by more
 * than one turn, and waiting for it could take years: turns go on by this clock, and what lies between the two is not counted.
 */
function behind(schedule: Schedule, last: number, now: number): DueSchedule {
  const base = { schedule, first: false, missed: null, clockBehind: true };
  const coming = dueAfter(schedule, now).next().value;
  if (coming === undefined || last <= coming) return { ...base, turn: null, next: nextAfter(schedule, last) };
  const latest = runsBetween(schedule, now - 2 * graceOf(schedule), now).at(-1);
  const due = latest === undefined ? undefined : isoOf(latest);
  const begins = latest === undefined || due === undefined ? undefined : latest + jitterOf(schedule, due);
  const isDue = begins !== undefined && now >= begins && now <= begins + graceOf(schedule);
  return { ...base, turn: isDue && due !== undefined ? { schedule: schedule.id, due } : null, next: nextAfter(schedule, now) };
}

/** Times at which it is due in `(after, until]`, oldest first. Of more than can be counted the first ones and the last. */
function runsBetween(schedule: Schedule, after: number, until: number): number[] {
  const runs: number[] = [];
  for (const due of dueAfter(schedule, after)) {
    if (due > until) return runs;
    if (runs.length === countAtMost) {
      const last = runsBetween(schedule, Math.max(due, until - dayMs), until).at(-1) ?? due;
      return [...runs.slice(0, -1), last];
    }
    runs.push(due);
  }
  return runs;
}

function nextAfter(schedule: Schedule, after: number): DueSchedule['next'] {
  const due = dueAfter(schedule, after).next().value;
  if (due === undefined) return null;
  const at = isoOf(due);
  return { due: at, begins: isoOf(due + jitterOf(schedule, at)) };
}

function latestOf(...times: readonly (string | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined).map((time) => Date.parse(time));
  return known.length === 0 ? undefined : Math.max(...known);
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
