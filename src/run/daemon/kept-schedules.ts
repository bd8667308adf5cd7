import type { Schedule } from '../../model/schedule.ts';
import type { Composition } from '../composition.ts';

/** The schedules that are kept. Without anchors the head of the log is shown to nobody, and no turn of that could end. */
export async function keptSchedules(app: Pick<Composition, 'schedules' | 'anchors'>): Promise<readonly Schedule[]> {
  const [schedules, anchors] = await Promise.all([app.schedules(), app.anchors()]);
  return schedules.filter(({ kind }) => kind !== 'anchor' || anchors.length > 0);
}
