import type { Tracked } from '../model/notification.ts';
import type { TransitionContext, Transitions, WaiverOver } from './source-reading.ts';
import { endingOf, lengthText, Tracking } from './tracking.ts';

export interface DueMarksContext extends Pick<TransitionContext, 'damping' | 'waiverOf' | 'dueOf'> {
  readonly now: string;
  /** How long before a waiver ends, and before a due time, somebody is told. Milliseconds. */
  readonly warnBeforeMs: { readonly waiver: number; readonly sla: number };
}
export interface DueMarks extends Transitions {
  /** Keys of conditions that ended and have stood still: nothing has to be remembered of them. */
  readonly forgotten: readonly string[];
  /** When the next mark is due if nothing else happens; null: none is. */
  readonly next: string | null;
}

/**
 * What time, or a decision about a waiver, brought about: a due time that nears or passed, a waiver that nears its end or ended, a new
 * waiver (silently), flapping that stood still. To be asked after every decision in the log, at `next`, and at every start. Asked again
 * at the same time it finds nothing.
 */
export function findDueMarks(known: readonly Tracked[], context: DueMarksContext): DueMarks {
  const tracking = new Tracking(known, context.now, context.damping);
  const forgotten: string[] = [];
  const upcoming: number[] = [];
  for (const condition of known) {
    const looked = condition.ended === null ? followWaiver(condition, context, tracking, upcoming) : condition;
    const stood = followFlapping(looked, context, tracking, upcoming);
    if (stood.ended === null) followDue(stood, context, tracking, upcoming);
    else if (!stood.told.includes('flapping')) {
      const until = Date.parse(stood.moved) + context.damping.withinMs;
      if (until <= Date.parse(context.now)) forgotten.push(stood.key);
      else upcoming.push(until);
    }
  }
  const gone = new Set(forgotten);
  const { conditions, ...found } = tracking.transitions();
  const next = upcoming.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  return {
    ...found,
    conditions: conditions.filter(({ key }) => !gone.has(key)),
    forgotten,
    next: Number.isFinite(next) ? new Date(next).toISOString() : null,
  };
}

/** A failure that somebody accepted is silent from then on; when nobody accepts it any more it is told as it stands. */
function followWaiver(condition: Tracked, context: DueMarksContext, tracking: Tracking, upcoming: number[]): Tracked {
  const { check, source, subject, controls, severity } = condition.notice;
  if (condition.kind !== 'failing' || check === null || source === null) return condition;
  const ids = controls.map(({ id }) => id);
  const lying = context.waiverOf({ check: check.id, source: source.id, subject: subject.id, controls: ids });
  if (lying === null && condition.waiver === null) return condition;
  if (lying === null) {
    // Until now it was accepted: the time in which it is to be put right begins now, and no mark of it was passed.
    const due = context.dueOf({ severity, controls: ids }, context.now);
    const told = condition.told.filter((mark) => mark === 'flapping');
    const open = { ...condition, waiver: null, told, notice: { ...condition.notice, due } };
    tracking.put(open);
    const message = `waiver ${condition.waiver} ended, and it still fails: ${condition.notice.message}`;
    tracking.tell(open, 'waiver-expired', 'waiver-ended', message, condition.waiver ?? '');
    return open;
  }
  let now = condition;
  if (condition.waiver !== lying.id) {
    now = { ...condition, waiver: lying.id, told: condition.told.filter((mark) => mark !== 'waiver-expiring') };
    tracking.put(now);
  }
  return warnOfEnd(now, lying, context, tracking, upcoming);
}

/** Once per waiver and failure, although the failure itself is silent. */
function warnOfEnd(condition: Tracked, lying: WaiverOver, context: DueMarksContext, tracking: Tracking, upcoming: number[]): Tracked {
  const now = Date.parse(context.now);
  const until = Date.parse(lying.until);
  upcoming.push(...[until].filter((time) => time > now));
  if (condition.told.includes('waiver-expiring')) return condition;
  const warnAt = until - context.warnBeforeMs.waiver;
  if (warnAt > now) {
    upcoming.push(warnAt);
    return condition;
  }
  const told = { ...condition, told: [...condition.told, 'waiver-expiring'] };
  const message = `waiver ${lying.id} ends at ${lying.until}, and it still fails: ${condition.notice.message}`;
  tracking.tell({ ...told, waiver: null }, 'waiver-expiring', 'time', message, lying.id);
  tracking.put(told);
  return told;
}

/** What came and went is told once more when it has stood still for as long as the window: how it stands. */
function followFlapping(condition: Tracked, context: DueMarksContext, tracking: Tracking, upcoming: number[]): Tracked {
  if (!condition.told.includes('flapping')) return condition;
  const until = Date.parse(condition.moved) + context.damping.withinMs;
  if (until > Date.parse(context.now)) {
    upcoming.push(until);
    return condition;
  }
  const still = { ...condition, told: condition.told.filter((mark) => mark !== 'flapping') };
  tracking.put(still);
  const spell = lengthText(context.damping.withinMs);
  if (condition.ended === null) {
    const message = `it has not changed for ${spell} and holds: ${condition.notice.message}`;
    tracking.tell(still, condition.kind === 'failing' ? 'check-failing' : condition.notice.kind, 'time', message, condition.moved);
  } else {
    const message = `it has not come back for ${spell}; before: ${condition.notice.message}`;
    tracking.tell(still, endingOf[condition.kind], 'time', message, condition.moved);
  }
  return still;
}

function followDue(condition: Tracked, context: DueMarksContext, tracking: Tracking, upcoming: number[]): void {
  const { due } = condition.notice;
  const passed = condition.kind === 'due' ? 'due-passed' : 'sla-passed';
  if (due === null || condition.waiver !== null || condition.told.includes(passed)) return;
  const now = Date.parse(context.now);
  const dueAt = Date.parse(due);
  if (dueAt <= now && condition.kind === 'due') {
    tracking.tell(condition, 'due-passed', 'time', condition.notice.message, due, [passed]);
    return;
  }
  if (dueAt <= now) {
    const message = `it was to be put right by ${due}: ${condition.notice.message}`;
    tracking.tell(condition, 'sla-passed', 'time', message, due, ['sla-near', 'sla-passed']);
    return;
  }
  upcoming.push(dueAt);
  if (condition.told.includes('sla-near') || condition.kind === 'due') return;
  const nearAt = nearOf(condition, dueAt, context.warnBeforeMs.sla);
  if (nearAt > now) upcoming.push(nearAt);
  else {
    const message = `it is to be put right by ${due}: ${condition.notice.message}`;
    tracking.tell(condition, 'sla-near', 'time', message, due, ['sla-near']);
  }
}

/** Never before half of the time has gone: what has four hours is not near its end when it is found. */
function nearOf({ since }: Tracked, dueAt: number, warnBefore: number): number {
  const began = Date.parse(since);
  return Math.max(dueAt - warnBefore, began + (dueAt - began) / 2);
}
