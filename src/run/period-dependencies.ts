import type { Index } from '../index/open-index.ts';
import type { Period } from '../model/engagement.ts';
import { readDecisions } from './decisions/read-decisions.ts';
import { normaliseEvidence } from './normalise-evidence.ts';
import { collectedItems } from './populations/collected-items.ts';
import { populationDefinitions } from './populations/definitions.ts';
import type { PopulationSource } from './populations/read-populations.ts';
import { ToldMembers } from './populations/told-members.ts';
import { readChanges } from './read-changes.ts';
import type { PeriodDependencies } from './read-period.ts';
import type { Registries } from './registries.ts';

/** What a period's history is made of beside the index, read from the same log with the collectors that are installed. */
export function periodDependencies(
  reader: PopulationSource,
  index: Index,
  registries: Pick<Registries, 'collectors'>,
  period: Pick<Period, 'from' | 'to'>,
): PeriodDependencies {
  const times = occurrenceTimes(reader, index, registries, period);
  return {
    decisions: readDecisions(reader),
    changes: readChanges(reader, registries, { from: period.from, to: period.to }),
    occurredAt: (source, type, subject) => times.get(`${source} ${type} ${subject}`),
  };
}

/** When what happened in a period happened, by the field that its population's definition names. */
function occurrenceTimes(
  reader: PopulationSource,
  { database }: Index,
  registries: Pick<Registries, 'collectors'>,
  period: Pick<Period, 'from' | 'to'>,
): ReadonlyMap<string, string> {
  const times = new Map<string, string>();
  const members = new ToldMembers(reader);
  const since = database.prepare('SELECT idx FROM collection WHERE collector = ? AND finished_at >= ? ORDER BY idx');
  for (const { collector: id, type, at } of populationDefinitions) {
    const collector = registries.collectors.find((one) => one.id === id);
    if (at === null || collector === undefined || collector.kind !== 'events') continue;
    const indexes = since.all(id, period.from).map(({ idx }) => Number(idx));
    for (const { statement, items } of collectedItems(reader, indexes).values()) {
      const member = members.of(statement);
      const isBeside = statement.window !== undefined && (statement.window.to <= period.from || statement.window.from >= period.to);
      if (items === null || member === undefined || isBeside) continue;
      for (const resource of normaliseEvidence(collector, items, member, statement.scope).resources) {
        const time = resource.fields[at];
        if (resource.type === type && typeof time === 'string') times.set(`${statement.source} ${type} ${resource.id}`, time);
      }
    }
  }
  return times;
}
