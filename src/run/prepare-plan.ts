import type { AbsentType } from '../config/absent-types.ts';
import type { JsonObject } from '../model/json.ts';
import { PlanDetail } from '../model/plan.ts';
import type { Actor } from '../model/statement.ts';
import type { Store } from '../store/contract.ts';
import { absentNow } from './absent-now.ts';
import type { Composition } from './composition.ts';
import { type PlannedCheck, planChecks } from './plan-checks.ts';
import { describePlan, sealPlan } from './seal-plan.ts';

/** What the configuration and the control files come to today, ready to be recorded. */
export interface PreparedPlan {
  readonly checks: readonly PlannedCheck[];
  /** Log index of the plan in force; a new entry only where it says something else than the former. */
  sealWith(store: Store, absent: readonly AbsentType[], actor: Actor): Promise<number>;
}

/** @throws ProoflineError `configuration` with every problem of the control files and the scope. */
export async function preparePlan(app: Composition): Promise<PreparedPlan> {
  const [registries, controls, scope] = await Promise.all([app.registries(), app.controls(), app.scope()]);
  const inForce = controls.map(({ control }) => control);
  const checks = planChecks(registries, inForce);
  const { criteria, objectives } = app.frameworks();
  const { aws, github } = app.configuration.sources;
  return {
    checks,
    sealWith: (store, absent, actor) =>
      sealPlan(
        store,
        describePlan({
          version: app.version,
          configuration: app.configuration.declared as unknown as JsonObject,
          sources: [...aws.map(({ name }) => ({ kind: 'aws', name })), ...github.map(({ name }) => ({ kind: 'github', name }))],
          registries,
          checks,
          controls: inForce,
          criteria,
          objectives,
          absentTypes: absent,
          scopeRules: scope.rules as unknown as readonly JsonObject[],
        }),
        actor,
      ),
  };
}

/**
 * Records what the control files say now, so that `status` shows a decision at once and not with the next collection. What AWS Config
 * counted stays as the former plan has it. Returns the log index of the plan in force.
 */
export async function recordPlan(app: Composition, store: Store, actor: Actor): Promise<number> {
  const [{ sealWith }, scope] = await Promise.all([preparePlan(app), app.scope()]);
  return await sealWith(store, formerAbsentTypes(store) ?? absentNow([], app.uncollectedTypes(), scope, app.now().slice(0, 10)), actor);
}

/** Of the plan in force: a plan that only forgets what AWS Config counted would be one too many. */
export function formerAbsentTypes(store: Store): readonly AbsentType[] | undefined {
  const plan = store.latest('plan');
  const blob = plan === undefined ? undefined : store.blob(plan.statement.detail);
  return blob?.kind === 'open' ? PlanDetail.parse(JSON.parse(new TextDecoder().decode(blob.bytes))).absentTypes : undefined;
}
