import type { MissReason } from './statement.ts';

/** Why a turn was not taken, as people read it. */
export const missReasonWords: Readonly<Record<MissReason, string>> = {
  'not-running': 'no daemon was running',
  overlap: 'the turn before it was still going on',
  'queue-full': 'too many jobs were in line',
  'queue-unavailable': 'the queue could not be reached',
  'clock-moved': 'the clock was put forward',
  'not-known': 'nothing that was recorded says why',
};

/** What the log says of the turns of one schedule: of each end a turn can come to, the latest. Times are ISO-8601 UTC. */
export interface TurnRecord {
  readonly schedule: string;
  /** The turn that was due last of those that something was sealed for: an evaluation of at least one member, or an anchor. */
  readonly done: { readonly due: string; readonly at: string; readonly index: number } | null;
  /** The turn that was due last of those that finally failed. */
  readonly failed: {
    readonly due: string;
    readonly at: string;
    readonly index: number;
    readonly attempts: number;
    readonly reason: string;
  } | null;
  /** The miss that was recorded last. */
  readonly missed: {
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly reason: MissReason;
    readonly late: boolean;
    readonly at: string;
    readonly index: number;
  } | null;
}
