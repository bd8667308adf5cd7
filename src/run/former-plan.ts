import { PlanDetail } from '../model/plan.ts';
import type { Store } from '../store/contract.ts';

/** The plan in force, in full; undefined when there is none, or it is of a form that is not known here. */
export function formerPlan(store: Pick<Store, 'latest' | 'blob'>): PlanDetail | undefined {
  const plan = store.latest('plan');
  const blob = plan === undefined ? undefined : store.blob(plan.statement.detail);
  if (blob?.kind !== 'open') return undefined;
  // A plan of an older release may lack what this one adds; then nothing of it is carried on.
  return PlanDetail.safeParse(JSON.parse(new TextDecoder().decode(blob.bytes))).data;
}
