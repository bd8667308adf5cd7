import type { Tracked } from '../model/notification.ts';
import type { TransitionContext, Transitions } from './source-reading.ts';

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
 * waiver (silently), flapping that stood still. To be asked after every decision in the log, at `next`, and at every start.
 */
export function findDueMarks(_known: readonly Tracked[], _context: DueMarksContext): DueMarks {
  throw new Error('not built yet');
}
