import { configuredSources, entitySource } from '../../config/configured-sources.ts';
import type { TurnJob } from '../../model/schedule.ts';
import type { Composition } from '../composition.ts';
import type { OpenedLog } from '../opened-log.ts';
import { dueNow } from './line-up.ts';

/**
 * The entity as a whole is worked out of what its sources last showed, so that its turn comes after theirs: read before them, whoever left
 * today would be found tomorrow. A schedule of another source comes before when its turn is due no later, or when it was never taken.
 * @returns ids of the schedules whose turns nobody has taken yet; of every other job none
 */
export async function turnsBefore(app: Composition, log: OpenedLog, { turn, source }: TurnJob): Promise<readonly string[]> {
  if (turn === null || source === null) return [];
  const kinds = new Map(configuredSources(app.configuration).map(({ name, kind }) => [name, kind]));
  if (kinds.get(source) !== entitySource) return [];
  const others = (await app.schedules()).filter((one) => one.kind === 'collect' && one.source !== source);
  return dueNow(others, { log, now: app.now }).flatMap(({ schedule, turn: due, first }) =>
    due !== null && (first || due.due <= turn.due) ? [schedule.id] : [],
  );
}
