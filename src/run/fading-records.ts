import type { Collector } from '../model/collector.ts';
import type { StatementOf } from '../model/statement.ts';

/** A source's record of events that was last read to its end so long ago that it will soon forget what came since. */
export interface FadingRecord {
  readonly collector: string;
  readonly scope: string;
  /** From here on nothing was read to its end. ISO-8601 UTC. */
  readonly since: string;
  /** When the source forgets it. */
  readonly forgets: string;
}

const dayMs = 86_400_000;

/** Records of which more than half of what the source remembers has not been read to its end; what it forgets nobody can collect later. */
export function fadingRecords(
  latest: readonly Pick<StatementOf<'collection'>, 'collector' | 'scope' | 'window' | 'completeness'>[],
  collectors: readonly Pick<Collector<never>, 'id' | 'remembersDays'>[],
  now: string,
): readonly FadingRecord[] {
  const memory = new Map(collectors.map(({ id, remembersDays }) => [id, remembersDays]));
  return latest.flatMap(({ collector, scope, window, completeness }) => {
    const days = memory.get(collector);
    if (window === undefined || days === undefined) return [];
    const since = completeness.kind === 'complete' ? window.to : window.from;
    const forgetsAt = Date.parse(since) + days * dayMs;
    return forgetsAt - Date.parse(now) >= (days * dayMs) / 2
      ? []
      : [{ collector, scope, since, forgets: new Date(forgetsAt).toISOString() }];
  });
}
