import type { Index } from '../index/open-index.ts';
import { type ChannelSummary, type ProcessRun, readChannels, readRuns } from '../index/read-operation.ts';
import { readTurns, type TurnSummary } from '../index/read-turns.ts';
import type { State } from '../store/state.ts';
import { readHeartbeat } from './daemon/process-life.ts';

/** How the collecting itself goes, as far as the log shows. */
export interface DescribedOperation {
  readonly turns: TurnSummary['counts'];
  readonly lastMissed: (NonNullable<TurnSummary['missed']> & { readonly schedule: string }) | null;
  readonly lastFailed: (NonNullable<TurnSummary['failed']> & { readonly schedule: string }) | null;
  /** The daemon that was heard of last; null: none ever ran. */
  readonly daemon: {
    readonly state: 'running' | 'stopped' | 'ended-unseen';
    readonly run: ProcessRun;
    /** When it was last known to live, or stopped. */
    readonly heardAt: string;
  } | null;
  readonly channels: readonly ChannelSummary[];
}

/** A daemon says more often than this that it lives. */
const silentAfterMs = 2 * 60_000;

/** From aggregates alone: no statement of the log is read. What a daemon says between its records it says in what may be lost. */
export async function describeOperation(index: Index, values: State['values'], now: string): Promise<DescribedOperation> {
  const [turns, [last], channels] = await Promise.all([readTurns(index), readRuns(index, 'serve', 1), readChannels(index)]);
  const sum = (of: keyof TurnSummary['counts']) => turns.reduce((total, { counts }) => total + counts[of], 0);
  return {
    turns: { done: sum('done'), failed: sum('failed'), missed: sum('missed'), late: sum('late') },
    lastMissed: latest(turns.flatMap(({ schedule, missed }) => (missed === null ? [] : [{ schedule, ...missed }]))),
    lastFailed: latest(turns.flatMap(({ schedule, failed }) => (failed === null ? [] : [{ schedule, ...failed }]))),
    daemon: last === undefined ? null : { run: last, ...standingOf(last, values, now) },
    channels,
  };
}

function standingOf(
  last: ProcessRun,
  values: State['values'],
  now: string,
): Pick<NonNullable<DescribedOperation['daemon']>, 'state' | 'heardAt'> {
  if (last.stopped !== null && !last.stopped.unseen) return { state: 'stopped', heardAt: last.stopped.at };
  const heartbeat = readHeartbeat(values);
  const heardAt = heartbeat?.run === last.run && heartbeat.at > last.last.at ? heartbeat.at : last.last.at;
  const isRunning = last.stopped === null && heartbeat?.stopped !== true && Date.parse(now) - Date.parse(heardAt) <= silentAfterMs;
  return { state: isRunning ? 'running' : 'ended-unseen', heardAt };
}

function latest<Of extends { readonly index: number }>(all: readonly Of[]): Of | null {
  return all.reduce<Of | null>((found, one) => (found === null || one.index > found.index ? one : found), null);
}
