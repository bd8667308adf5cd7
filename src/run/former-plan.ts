import { z } from 'zod';
import { PlanDetail } from '../model/plan.ts';
import type { Store } from '../store/contract.ts';

type PlanStore = Pick<Store, 'latest' | 'blob'>;

/** The plan in force, in full; undefined when there is none, or it is of a form that is not known here. */
export function formerPlan(store: PlanStore): PlanDetail | undefined {
  // A plan of an older release may lack what this one adds; then nothing of it is carried on.
  return PlanDetail.safeParse(latestDetail(store)).data;
}

/** Version that recorded the plan in force, also where a newer one did, whose plan says more than is known here. */
export function formerVersion(store: PlanStore): string | undefined {
  return Versioned.safeParse(latestDetail(store)).data?.version;
}
const Versioned = z.looseObject({ version: z.string() });

function latestDetail(store: PlanStore): unknown {
  const plan = store.latest('plan');
  const blob = plan === undefined ? undefined : store.blob(plan.statement.detail);
  return blob?.kind === 'open' ? JSON.parse(new TextDecoder().decode(blob.bytes)) : undefined;
}
