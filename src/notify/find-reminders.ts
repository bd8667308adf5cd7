import type { Notice, Owner, Tracked } from '../model/notification.ts';
import { conditionKey } from './identity.ts';
import type { SourceReading, Transitions } from './source-reading.ts';
import { type About, Tracking } from './tracking.ts';

/** Something that people have to do by a day: hold a review, hand in a document. */
export interface Awaited extends Pick<Notice, 'subject' | 'controls' | 'criteria' | 'objectives'> {
  /** It is done: since when, in words; null: it is still awaited. */
  readonly done: string | null;
  /** ISO-8601 UTC: the first moment at which it is late. */
  readonly due: string;
  /** ISO-8601 UTC, ascending: when somebody is reminded, once each. */
  readonly remindAt: readonly string[];
  /** What is due, what is missing of it and what to do, in a sentence or two. */
  readonly message: string;
  readonly owner: Owner;
  /** A check fails as soon as it is late and says so itself: the same is not said twice. */
  readonly saidByCheck: boolean;
}

/** A mark that is never told for what a check says. */
const passed = 'due-passed';

/**
 * Reminds of what is due soon: when the first of its times has come, and once more at each that follows; says that it is late, and that it is
 * done. `awaited`: all that is asked for now; what was awaited and is not in it is asked for no longer.
 */
export function findReminders(
  awaited: readonly Awaited[],
  { source, at, evidence, first }: Pick<SourceReading, 'source' | 'at' | 'evidence' | 'first'>,
  { known, damping }: { readonly known: readonly Tracked[]; readonly damping: { readonly withinMs: number; readonly times: number } },
): Transitions {
  const tracking = new Tracking(known, at, damping);
  const asked = new Set<string>();
  for (const one of awaited) {
    const key = conditionKey('due', { source: source.id, subject: one.subject.id });
    asked.add(key);
    const { subject, controls, criteria, objectives, message, owner } = one;
    const about: About = { severity: 'medium', source, check: null, subject, message, controls, criteria, objectives, owner, evidence };
    const condition = tracking.opened(key);
    if (one.done !== null) {
      if (condition !== undefined) tracking.end(condition, 'reading', `${one.done}; before: ${condition.notice.message}`, evidence);
      continue;
    }
    const marks = one.remindAt.filter((time) => time <= at);
    const late = one.due <= at;
    if (condition === undefined) {
      if (marks.length === 0 && !late) continue;
      if (late && one.saidByCheck) continue;
      const told = [...marks, ...(late || one.saidByCheck ? [passed] : [])];
      const cause = first ? 'first-collection' : 'reading';
      tracking.begin(key, 'due', late ? 'due-passed' : 'due-soon', cause, about, { due: () => one.due, told });
      continue;
    }
    const updated = tracking.update(condition, about);
    const fresh = marks.filter((mark) => !updated.told.includes(mark));
    const [mark] = fresh.slice(-1);
    if (mark !== undefined && !late) tracking.tell(updated, 'due-soon', 'time', message, mark, fresh);
  }
  for (const condition of tracking.open()) {
    if (condition.kind !== 'due' || condition.notice.source?.id !== source.id || asked.has(condition.key)) continue;
    tracking.end(condition, 'reading', `it is asked for no longer; before: ${condition.notice.message}`, evidence, 'withdrawn');
  }
  return tracking.transitions();
}
