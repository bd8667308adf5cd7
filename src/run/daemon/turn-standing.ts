import { PlanDetail } from '../../model/plan.ts';
import { Statement, type Turn } from '../../model/statement.ts';
import type { TurnRecord } from '../../model/turn-record.ts';
import type { Store } from '../../store/contract.ts';

/**
 * What the log says of one turn. `open`: nothing yet. `partial`: some accounts or organisations of its source were judged for it, and whoever
 * did it did not get to the others. `missed`: recorded as not taken, for good. `superseded`: a later turn of its schedule has ended.
 */
export type TurnStanding =
  | { readonly kind: 'open' }
  | { readonly kind: 'partial'; readonly judged: ReadonlySet<string> }
  | { readonly kind: 'done' | 'failed' | 'missed' | 'superseded' };

/** @param now ISO-8601 UTC: what the log says of turns after it was written by a clock that was ahead, and counts for nothing. */
export function turnStanding(store: Store, turn: Turn, now: string): TurnStanding {
  const sealed = store.turn(turn);
  if (sealed.some(({ statement }) => statement.kind === 'gap')) return { kind: 'failed' };
  const [record] = store.lastTurns([turn.schedule]);
  const { missed = null } = record ?? {};
  if (missed !== null && missed.from <= turn.due && (missed.late ? turn.due < missed.to : turn.due <= missed.to)) return { kind: 'missed' };
  const last = sealed.at(-1);
  if (last?.statement.kind === 'anchor') return { kind: 'done' };
  const judged = new Set(sealed.flatMap(({ statement }) => (statement.kind === 'evaluation' ? [statement.source] : [])));
  const wanted = last?.statement.kind === 'evaluation' ? membersIn(store, last.statement.plan, judged) : undefined;
  if (wanted?.every((member) => judged.has(member)) === true) return { kind: 'done' };
  if (judged.size > 0) return { kind: 'partial', judged };
  const later = lastEnded(record, now);
  return { kind: later !== undefined && later > turn.due ? 'superseded' : 'open' };
}

/** Due time of the last turn that ended or was given up, by now. */
function lastEnded(record: TurnRecord | undefined, now: string): string | undefined {
  const times = [record?.done?.due, record?.failed?.due, record?.missed?.to];
  return times
    .filter((due) => due !== undefined && due <= now)
    .sort()
    .at(-1);
}

/** The accounts or organisations of the source that these are of, as the plan they were judged under names them. */
function membersIn(store: Store, plan: number | null, judged: ReadonlySet<string>): readonly string[] | undefined {
  const entry = plan === null ? undefined : store.entry(plan);
  const statement = entry === undefined ? undefined : Statement.safeParse(JSON.parse(new TextDecoder().decode(entry.bytes))).data;
  const blob = statement?.kind === 'plan' ? store.blob(statement.detail) : undefined;
  if (blob?.kind !== 'open') return undefined;
  const detail = PlanDetail.safeParse(JSON.parse(new TextDecoder().decode(blob.bytes))).data;
  return detail?.sources.find(({ members }) => members?.some((member) => judged.has(member)) === true)?.members ?? undefined;
}
