import type { UntakenTurns } from '../model/history.ts';
import type { Stretch } from './spans.ts';

/** Turns of one schedule that nobody took, or one that finally failed; `from` and `to`: due times of the first and the last, both included. */
export interface UntakenTurn extends Stretch {
  readonly schedule: string;
  readonly kind: 'missed' | 'failed';
  readonly count: number;
  readonly because: string;
  /** Log index of what says so. */
  readonly index: number;
  /** Accounts and organisations it would have looked at, and types of resources; null: of its source all. */
  readonly sources: ReadonlySet<string>;
  readonly types: ReadonlySet<string> | null;
}

/** Of many the first stand for all; the counts are whole. */
const entriesListed = 20;

/**
 * Which turns would have ended a silence, had they been taken: those due within it, or on its end. They say why it is there and never how
 * long it is: that follows from what was read alone.
 * @returns undefined when none would have.
 */
export function explainSilence(
  silence: Stretch,
  turns: readonly UntakenTurn[],
  of: { readonly source: string; readonly type?: string },
): UntakenTurns | undefined {
  const due = turns.filter(
    ({ from, to, sources, types }) =>
      from <= silence.to && to > silence.from && sources.has(of.source) && (of.type === undefined || types === null || types.has(of.type)),
  );
  if (due.length === 0) return undefined;
  const sum = (kind: UntakenTurn['kind']) => due.reduce((total, turn) => total + (turn.kind === kind ? turn.count : 0), 0);
  return {
    missed: sum('missed'),
    failed: sum('failed'),
    because: [...new Set(due.map(({ schedule, because }) => `${schedule}: ${because}`))],
    entries: [...new Set(due.map(({ index }) => index))].sort((left, right) => left - right).slice(0, entriesListed),
  };
}
