import { configuredSources } from '../../config/configured-sources.ts';
import type { Schedule } from '../../model/schedule.ts';
import type { StillConfigured } from '../../notify/find-entry-transitions.ts';
import type { Composition } from '../composition.ts';

/** What somebody is told of while the configuration has it. */
export function stillConfigured(
  app: Pick<Composition, 'configuration'>,
  schedules: readonly Schedule[],
  channels: Iterable<string>,
): StillConfigured {
  return {
    sources: new Set(configuredSources(app.configuration).map(({ name }) => name)),
    schedules: new Set(schedules.map(({ id }) => id)),
    anchors: new Set(app.configuration.anchors.map(({ name }) => name)),
    channels: new Set(channels),
  };
}
