import type { Notice, Tracked } from '../model/notification.ts';
import type { Statement } from '../model/statement.ts';
import type { TransitionContext, Transitions } from './source-reading.ts';

export interface EntryContext extends Pick<TransitionContext, 'known' | 'damping' | 'ownerOf'> {
  /** Of a gap or an anchor this is its index; the id is the statement's. */
  readonly index: number;
}

/**
 * What an entry other than an evaluation changed: a gap (source, turn, anchor, channel), missed turns, an anchor, a delivery. Any other
 * entry changes nothing here. `known`: every condition of kind source, turn, anchor or channel.
 */
export function findEntryTransitions(_statement: Statement, _context: EntryContext): Transitions {
  throw new Error('not built yet');
}

export interface StillConfigured {
  /** Names of sources, ids of schedules, names of anchors and channels. */
  readonly sources: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
  readonly anchors: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
}
/** Ends what is about something that left the configuration, without a claim of how it is now. `at`, `evidence`: of the plan that no longer has it. */
export function withdrawConditions(
  _known: readonly Tracked[],
  _configured: StillConfigured,
  _now: { readonly at: string; readonly evidence: Notice['evidence'] },
): Transitions {
  throw new Error('not built yet');
}
