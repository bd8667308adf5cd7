import type { UntakenTurn } from '../history/explain-silence.ts';
import type { Index } from '../index/open-index.ts';
import type { MissReason } from '../model/statement.ts';
import { missReasonWords } from '../model/turn-record.ts';
import type { PlanVersion } from './control-versions.ts';

/**
 * What was missed and what finally failed of the turns due in `[from, to)` (ISO-8601), with what each would have looked at as the plans of that
 * time say: a schedule that no plan names is taken for all of its source. Turns of anchors look at nothing and are left out.
 */
export function untakenTurns({ database }: Index, plans: readonly PlanVersion[], from: string, to: string): UntakenTurn[] {
  const reach = reachOf(plans);
  const missed = database
    .prepare('SELECT * FROM miss WHERE to_at >= ? AND from_at < ? ORDER BY idx')
    .all(from, to)
    .map((row) => ({
      ...reach(String(row['schedule']), row['source'] === null ? null : String(row['source'])),
      schedule: String(row['schedule']),
      kind: 'missed' as const,
      from: Date.parse(String(row['from_at'])),
      to: Date.parse(String(row['to_at'])),
      count: Number(row['count']),
      because: missReasonWords[String(row['reason']) as MissReason],
      index: Number(row['idx']),
    }));
  const failed = database
    .prepare('SELECT * FROM turn WHERE failed_idx > coalesce(done_idx, -1) AND due >= ? AND due < ? ORDER BY failed_idx')
    .all(from, to)
    .map((row) => ({
      ...reach(String(row['schedule']), sourceIn(String(row['schedule']))),
      schedule: String(row['schedule']),
      kind: 'failed' as const,
      from: Date.parse(String(row['due'])),
      to: Date.parse(String(row['due'])),
      count: 1,
      because: String(row['reason']),
      index: Number(row['failed_idx']),
    }));
  return [...missed, ...failed].filter(({ sources }) => sources.size > 0);
}

/** A schedule is called by its source and a name of its own. */
function sourceIn(schedule: string): string | null {
  const slash = schedule.lastIndexOf('/');
  return slash === -1 ? null : schedule.slice(0, slash);
}

function reachOf(plans: readonly PlanVersion[]): (schedule: string, source: string | null) => Pick<UntakenTurn, 'sources' | 'types'> {
  const known = new Map<string, Pick<UntakenTurn, 'sources' | 'types'>>();
  return (schedule, source) => {
    const found = known.get(schedule) ?? {
      sources: new Set(
        plans.flatMap(({ detail }) => detail.sources.flatMap(({ name, members }) => (name === source ? (members ?? []) : []))),
      ),
      types: typesOf(plans, schedule),
    };
    known.set(schedule, found);
    return found;
  };
}

function typesOf(plans: readonly PlanVersion[], schedule: string): ReadonlySet<string> | null {
  const types = plans.flatMap(({ detail }) => {
    const collectors = detail.schedules?.find(({ id }) => id === schedule)?.collectors ?? [];
    return detail.collectors.filter(({ id }) => collectors.includes(id)).flatMap(({ yields }) => yields);
  });
  return types.length === 0 ? null : new Set(types);
}
