import type { SourceReading, TransitionContext, Transitions } from './source-reading.ts';

/** What an evaluation changed: only changes of state are told. */
export function findTransitions(_reading: SourceReading, _context: TransitionContext): Transitions {
  throw new Error('not built yet');
}
