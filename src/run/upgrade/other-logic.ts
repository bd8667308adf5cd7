import type { ReadsBlob, ResultsListBlob } from '../../model/blobs.ts';
import type { PlanDetail } from '../../model/plan.ts';
import type { PlannedCheck } from '../plan-checks.ts';
import { type Registries, sourceKindOf } from '../registries.ts';
import type { ReadAgain } from './read-again.ts';

/** A unit that is installed in another version than the one that was used. */
export interface OtherLogic {
  readonly kind: 'check' | 'collector';
  readonly id: string;
  readonly sealed: string;
  /** null: it is not installed. */
  readonly installed: string | null;
}

export interface OtherCollector extends OtherLogic {
  readonly types: ReadonlySet<string>;
  readonly reaches: (check: string, checks: readonly PlannedCheck[]) => boolean;
}
export function otherCollectorsOf(read: readonly ReadAgain[], plan: PlanDetail, subjects: ReadonlyMap<string, unknown>): OtherCollector[] {
  const others = new Map<string, OtherCollector>();
  const looked = new Set(read.flatMap(({ types }) => types));
  const unlooked = [...subjects.keys()].filter((type) => !looked.has(type));
  for (const { collector, sealed, installed, types } of read) {
    if (sealed === installed) continue;
    // What one that is gone yielded, its plan says; failing that, it may be whatever nobody looks at any more.
    const former = plan.collectors.find(({ id }) => id === collector)?.yields ?? unlooked;
    const yielded = new Set(installed === null ? former : types);
    others.set(`${collector} ${sealed}`, {
      kind: 'collector',
      id: collector,
      sealed,
      installed,
      types: yielded,
      reaches: (check, checks) => checks.some((use) => use.check.id === check && yielded.has(use.check.subject.type)),
    });
  }
  return [...others.values()];
}

export function otherChecksOf(list: ResultsListBlob, registries: Registries): OtherLogic[] {
  const others = new Map<string, OtherLogic>();
  for (const { check, logic } of list) {
    const installed = registries.checks.some(({ id }) => id === check) ? registries.logicOf('check', check) : null;
    if (installed !== logic) others.set(`${check} ${logic}`, { kind: 'check', id: check, sealed: logic, installed });
  }
  return [...others.values()];
}

/** What a source of this kind was never read by; sentences. */
export function newCollectors(
  { registries, before }: { readonly registries: Registries; readonly before: PlanDetail | undefined },
  kind: string,
  reads: ReadsBlob,
): string[] {
  const known = new Set([...(before?.collectors ?? []).map(({ id }) => id), ...reads.map(({ collector }) => collector)]);
  const fresh = registries.collectors.filter((one) => !known.has(one.id) && sourceKindOf(one) === kind).map(({ id }) => id);
  return fresh.length === 0
    ? []
    : [`new collectors: ${fresh.join(', ')}; what nothing else reads is no evidence until they have collected`];
}
