import type { Schedule } from '../../model/schedule.ts';
import type { Turn } from '../../model/statement.ts';
import { nextDue } from '../../schedule/next-due.ts';
import type { StatementDraft } from '../../store/contract.ts';
import type { OpenedLog } from '../opened-log.ts';
import { whyMissed } from './outages.ts';
import { schedulesSince } from './schedule-since.ts';
import { turnStanding } from './turn-standing.ts';

/**
 * Says what became of the turns before one that is about to end, so that none is left of which the log says nothing: those nobody took are
 * missed, and one that was judged for a part of its source has failed. Only under the lease of the schedule.
 */
export async function settleEarlier({ store, state }: OpenedLog, schedule: Schedule, turn: Turn, now: string): Promise<void> {
  const [record] = store.lastTurns([schedule.id]);
  if (record === undefined) return;
  const drafts: StatementDraft[] = [];
  const { done } = record;
  if (done !== null && done.due < turn.due) {
    const earlier = { schedule: schedule.id, due: done.due };
    if (turnStanding(store, earlier, now).kind === 'partial')
      drafts.push(failedTurn(earlier, 1, 'it ended before all of its source was judged'));
  }
  const [due] = nextDue([schedule], [record], turn.due, schedulesSince(state.values, [schedule]));
  if (due?.missed != null && due.missed.to < turn.due) {
    const { from, to, count } = due.missed;
    const reason = whyMissed(state.values, record, to);
    drafts.push({ kind: 'schedule-miss', schedule: schedule.id, source: schedule.source, from, to, count, reason, late: false });
  }
  if (drafts.length > 0) await store.appendAll(drafts);
}

/** What the log says of a turn that will not be tried again. */
export function failedTurn(turn: Turn, attempts: number, reason: string): StatementDraft<'gap'> {
  return {
    kind: 'gap',
    subject: `turn ${turn.schedule} of ${turn.due}`,
    reason,
    from: turn.due,
    to: null,
    of: { kind: 'turn', name: turn.schedule },
    turn,
    attempts,
  };
}
