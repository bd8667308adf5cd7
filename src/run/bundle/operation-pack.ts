import type { DatasetRecord, OperationPack } from '../../model/bundle-content.ts';
import type { LogReader } from '../../model/log-reader.ts';
import type { PlanDetail } from '../../model/plan.ts';
import { Delivery, type StatementOf } from '../../model/statement.ts';
import { missReasonWords } from '../../model/turn-record.ts';
import { dueAfter } from '../../schedule/cron.ts';
import type { LogSurvey } from './survey-log.ts';

type PlannedSchedule = NonNullable<PlanDetail['schedules']>[number];
type Schedules = OperationPack['schedules'];
interface Bounds {
  readonly from: string;
  readonly to: string;
  /** What came after is not known. */
  readonly through: string;
}

/** How Proofline itself was run in a period: what the plans promise, what the log says became of it, who did it, and whom it told. */
export function operationPack(reader: LogReader, survey: LogSurvey, bounds: Bounds): OperationPack {
  const schedules = schedulesOf(survey.plans, bounds);
  const misses = survey.misses.filter(({ statement: { from, to } }) => to >= bounds.from && from < bounds.to);
  const servedFrom = firstServed(survey);
  return {
    schedules,
    servedFrom,
    turns: turnsOf(schedules, survey, misses, { ...bounds, servedFrom }),
    misses: misses.map(({ index, statement: { at, schedule, source, from, to, count, reason, late } }) => ({
      ...{ index, at, schedule, source, from, to, count, late },
      because: missReasonWords[reason],
      taken: late && isTaken(survey, schedule, to),
      failed: late && hasFailed(survey, schedule, to),
    })),
    failedTurns: [...survey.turns].flatMap(([schedule, turns]) =>
      [...turns].flatMap(([due, { failed }]) =>
        failed === null || due < bounds.from || due >= bounds.to ? [] : [{ schedule, due, ...failed }],
      ),
    ),
    processes: processesOf(survey, bounds),
    processEvents: survey.lifecycle.flatMap(({ index, statement: { at, event, detail, process } }) =>
      process === undefined || at < bounds.from || at >= bounds.to ? [] : [{ index, at, event, detail, ...shownOf(process) }],
    ),
    channels: survey.channels,
    deliveries: {
      *[Symbol.iterator]() {
        for (const index of survey.deliveries)
          for (const { bytes } of reader.entries(index, index + 1)) {
            const { v: _, kind: __, id: ___, ...said } = Delivery.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
            const { at, message, channel, channelKind, route, notices, about, attempt, outcome, reason, fallback } = said;
            yield { index, at, message, channel, channelKind, route, notices, about, attempt, outcome, reason, fallback };
          }
      },
    },
  };
}

/** Schedules that would have collected a dataset, by the plans of the period. */
export function schedulesOfDataset(
  plans: LogSurvey['plans'],
  { collector, source }: Pick<DatasetRecord, 'collector' | 'source'>,
): readonly string[] {
  const ids = plans.flatMap(({ detail }) => {
    const names = new Set(detail.sources.flatMap(({ name, members }) => (members?.includes(source) === true ? [name] : [])));
    return (detail.schedules ?? []).filter((one) => one.source !== null && names.has(one.source) && one.collectors.includes(collector));
  });
  return [...new Set(ids.map(({ id }) => id))].sort();
}

/** Each schedule as the plans word it, from when its plan was recorded: nothing was promised before. */
function schedulesOf(plans: LogSurvey['plans'], { from, to }: Bounds): Schedules {
  const found = new Map<string, Schedules[number][]>();
  for (const [n, { at, index, detail }] of plans.entries()) {
    const begin = at < from ? from : at;
    const next = plans[n + 1]?.at ?? to;
    const end = next < to ? next : to;
    if (begin >= end) continue;
    for (const { from: declared, ...schedule } of detail.schedules ?? []) {
      const list = found.get(schedule.id) ?? [];
      found.set(schedule.id, list);
      const last = list.at(-1);
      if (last?.to === begin && isSame(last, { ...schedule, declared })) list[list.length - 1] = { ...last, to: end };
      else list.push({ ...schedule, declared, from: begin, to: end, plan: index });
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, list]) => list);
}

function isSame(one: Schedules[number], other: Omit<PlannedSchedule, 'from'> & { readonly declared: PlannedSchedule['from'] }): boolean {
  const words = ({ cron, zone, jitterMs, source, declared, collectors }: typeof other) =>
    JSON.stringify([cron, zone, jitterMs, source, declared, collectors]);
  return words({ ...one, collectors: [...one.collectors] }) === words(other);
}

/** Since when anything is known to serve the schedules; null: nothing ever was. */
function firstServed({ lifecycle, turns, misses }: LogSurvey): string | null {
  const times = [
    ...lifecycle.flatMap(({ statement: { at, process } }) => (process?.role === 'serve' ? [at] : [])),
    ...[...turns.values()].flatMap((of) => [...of.keys()]),
    ...misses.map(({ statement }) => statement.from),
  ];
  return times.reduce<string | null>((first, time) => (first === null || time < first ? time : first), null);
}

function isTaken({ turns }: LogSurvey, schedule: string, due: string): boolean {
  const turn = turns.get(schedule)?.get(due);
  return turn !== undefined && turn.takenAt !== null && turn.failed === null;
}

function hasFailed({ turns }: LogSurvey, schedule: string, due: string): boolean {
  return turns.get(schedule)?.get(due)?.failed != null;
}

function turnsOf(
  schedules: Schedules,
  survey: LogSurvey,
  misses: LogSurvey['misses'],
  bounds: Bounds & { readonly servedFrom: string | null },
): OperationPack['turns'] {
  const ids = new Set([...schedules.map(({ id }) => id), ...survey.turns.keys(), ...misses.map(({ statement: { schedule } }) => schedule)]);
  const dueCounts = new Map<string, number>();
  return [...ids].sort().map((id) => {
    const stretches = schedules.filter((one) => one.id === id);
    const own = misses.filter(({ statement: { schedule } }) => schedule === id).map(({ statement }) => statement);
    const within = [...(survey.turns.get(id) ?? [])].filter(([due]) => due >= bounds.from && due < bounds.to);
    const taken = within.filter(([, { takenAt, failed }]) => takenAt !== null && failed === null);
    // What was to be taken late has an end of its own, and is counted by that.
    const tried = own.filter((miss) => miss.late && miss.to >= bounds.from && miss.to < bounds.to);
    const late = tried.filter((miss) => isTaken(survey, id, miss.to)).length;
    const failedLate = tried.filter((miss) => hasFailed(survey, id, miss.to)).length;
    const missed = own.reduce((sum, miss) => sum + missedWithin(miss, bounds, stretches), 0) - late - failedLate;
    const failed = within.filter(([, turn]) => turn.failed !== null).length;
    const planned =
      bounds.servedFrom === null || stretches.length === 0 ? null : plannedIn(stretches, bounds.servedFrom, bounds, dueCounts);
    return {
      schedule: id,
      planned,
      taken: taken.length,
      late,
      missed,
      failed,
      unaccounted: planned === null ? null : planned - taken.length - missed - failed,
      longestWaitMs: taken.reduce<number | null>(
        (longest, [due, { takenAt }]) => Math.max(longest ?? 0, Date.parse(takenAt ?? due) - Date.parse(due)),
        null,
      ),
    };
  });
}

/** Of a miss that reaches beyond the period, the turns that were due in it, as far as a plan says when that was. */
function missedWithin(
  { from, to, count }: StatementOf<'schedule-miss'>,
  bounds: Bounds,
  stretches: readonly Pick<Schedules[number], 'cron' | 'zone'>[],
): number {
  const timing = stretches.at(-1);
  if ((from >= bounds.from && to < bounds.to) || timing === undefined) return count;
  const [begin, end] = [from < bounds.from ? bounds.from : from, to < bounds.to ? Date.parse(to) + 1 : Date.parse(bounds.to)];
  return Math.min(count, countDue(timing, Date.parse(begin), end));
}

/** How often the schedule was due while it was promised and something is known to have served schedules. */
function plannedIn(stretches: Schedules, servedFrom: string, { to, through }: Bounds, known: Map<string, number>): number {
  return stretches.reduce((sum, { cron, zone, from, to: until }) => {
    const begin = Date.parse(from < servedFrom ? servedFrom : from);
    const end = Math.min(Date.parse(until), Date.parse(to), Date.parse(through));
    const key = JSON.stringify([cron, zone, begin, end]);
    const count = known.get(key) ?? countDue({ cron, zone }, begin, end);
    known.set(key, count);
    return sum + count;
  }, 0);
}

/** Times due in `[from, to)`, milliseconds. */
function countDue(timing: { readonly cron: string; readonly zone: string }, from: number, to: number): number {
  let count = 0;
  for (const due of dueAfter(timing, from - 1)) {
    if (due >= to) break;
    count += 1;
  }
  return count;
}

type Process = NonNullable<StatementOf<'lifecycle'>['process']>;
const shownOf = ({ run, role, host, pid, version, node, configuration, by }: Process) => ({
  ...{ run, role, host, pid, version, node, configuration, by },
});

/** Processes of which anything was heard in the period, or that went on through it. */
function processesOf({ lifecycle }: LogSurvey, { from, to }: Bounds): OperationPack['processes'] {
  const runs = new Map<
    string,
    { -readonly [K in keyof OperationPack['processes'][number]]: OperationPack['processes'][number][K] } & { last: number }
  >();
  for (const {
    index,
    statement: { at, event, detail, process },
  } of lifecycle) {
    if (process === undefined) continue;
    const known = runs.get(process.run);
    const own = event !== 'ended-unseen';
    const run = known ?? {
      ...{ ...shownOf(process), index, startedAt: event === 'started' ? at : null, heardAt: at, endedAt: null },
      ...{ ended: 'not-recorded' as const, detail: '', reloads: 0, last: index },
    };
    runs.set(process.run, run);
    if (own) Object.assign(run, { heardAt: at, last: index, configuration: process.configuration });
    if (event === 'reloaded') run.reloads += 1;
    if (event === 'stopped') Object.assign(run, { ended: 'stopped', endedAt: at, detail });
    if (event === 'ended-unseen') Object.assign(run, { ended: 'unseen', endedAt: null, detail });
  }
  const all = [...runs.values()];
  // There is one daemon at a time: where another one started after the last of this, nobody saw it end.
  for (const run of all)
    if (run.ended === 'not-recorded' && run.role === 'serve' && all.some((other) => other.role === 'serve' && other.index > run.last))
      run.ended = 'unseen';
  return all
    .filter(({ startedAt, heardAt, ended }) => (startedAt ?? heardAt) < to && (ended === 'not-recorded' || heardAt >= from))
    .map(({ last: _, ...run }) => run);
}
