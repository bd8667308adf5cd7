import { ProoflineError } from '../../model/errors.ts';
import type { Schedule } from '../../model/schedule.ts';
import type { JobQueue } from '../../schedule/contract.ts';
import { type DueSchedule, nextDue } from '../../schedule/next-due.ts';
import { turnJob } from '../../schedule/turn-job.ts';
import { leaseNames } from '../lease-names.ts';
import type { OpenedLog } from '../opened-log.ts';
import { noteOutage, whyMissed } from './outages.ts';
import { schedulesSince } from './schedule-since.ts';
import { turnStanding } from './turn-standing.ts';

export interface LineUpParts {
  readonly log: OpenedLog;
  readonly queue: JobQueue;
  readonly now: () => string;
  /** By schedule, the turn that is known to be done for all of its source; kept from look to look. */
  readonly whole: Map<string, string>;
}

/**
 * Puts in line what is due by what the log says and is not there yet, and records what was missed: once, and under the lease of its schedule,
 * so that nobody takes a turn meanwhile. What waits in line or is being taken is not missed. Returns how each schedule stands.
 * @throws QueueUnavailable
 */
export async function lineUp(schedules: readonly Schedule[], parts: LineUpParts): Promise<readonly DueSchedule[]> {
  const { log } = parts;
  const due = dueNow(schedules, parts);
  for (const one of due) {
    if (one.turn === null && !isBrokenOff(one.schedule, parts)) continue;
    try {
      await log.store.withLease(leaseNames.turn(one.schedule.id), () => lineUpOne(one.schedule, parts));
    } catch (error) {
      // A turn of it is being taken at this moment.
      if (!(error instanceof ProoflineError) || error.code !== 'store-busy') throw error;
    }
  }
  return due;
}

export function dueNow(schedules: readonly Schedule[], { log, now }: Pick<LineUpParts, 'log' | 'now'>): readonly DueSchedule[] {
  return nextDue(schedules, log.store.lastTurns(schedules.map(({ id }) => id)), now(), schedulesSince(log.state.values, schedules));
}

async function lineUpOne(schedule: Schedule, parts: LineUpParts): Promise<void> {
  const { log, queue, now } = parts;
  const [due] = dueNow([schedule], parts);
  if (due === undefined) return;
  if (due.turn === null) {
    const done = log.store.lastTurns([schedule.id])[0]?.done;
    if (done != null && isBrokenOff(schedule, parts)) await queue.add(turnJob(schedule, done.due));
    return;
  }
  const added = await queue.add(turnJob(schedule, due.turn.due));
  if (added === 'full') noteOutage(log.state.values, { reason: 'queue-full', from: due.turn.due, to: now() });
  if (added !== 'added' || due.missed === null) return;
  const { from, to, count, late } = due.missed;
  const reason = whyMissed(log.state.values, log.store.lastTurns([schedule.id])[0], to);
  await log.store.append<'schedule-miss'>({
    kind: 'schedule-miss',
    schedule: schedule.id,
    source: schedule.source,
    from,
    to,
    count,
    reason,
    late,
  });
}

/** The last turn that was taken ended before all of its source was judged. */
function isBrokenOff(schedule: Schedule, { log, now, whole }: LineUpParts): boolean {
  const [record] = log.store.lastTurns([schedule.id]);
  const done = record?.done;
  if (done == null || whole.get(schedule.id) === done.due) return false;
  const { kind } = turnStanding(log.store, { schedule: schedule.id, due: done.due }, now());
  if (kind !== 'partial') whole.set(schedule.id, done.due);
  return kind === 'partial' && (record?.missed == null || record.missed.to <= done.due);
}
