import type { PlanDetail } from '../../model/plan.ts';

/**
 * Resource types that are made of the same items by another logic under `after` than under `before`: what a check says of them may change
 * although neither it nor the source did.
 */
export function typesReadOtherwise(before: Pick<PlanDetail, 'collectors'>, after: Pick<PlanDetail, 'collectors'>): ReadonlySet<string> {
  const former = new Map(before.collectors.map(({ id, logic }) => [id, logic]));
  return new Set(after.collectors.filter(({ id, logic }) => former.has(id) && former.get(id) !== logic).flatMap(({ yields }) => yields));
}
