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
  sealWith(store: Store, known: KnownNow, actor: Actor): Promise<number>;
}
/** What only a look at the sources tells; what is left out stays as the former plan has it. */
export interface KnownNow {
  readonly absent?: readonly AbsentType[] | undefined;
  /** Per name of a configured source the ids found in it. */
  readonly members?: ReadonlyMap<string, readonly string[]> | undefined;
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
    sealWith(store, known, actor) {
      const former = formerPlan(store);
      const membersOf = (kind: string, name: string) =>
        known.members?.get(name) ?? former?.sources.find((source) => source.kind === kind && source.name === name)?.members ?? null;
      return sealPlan(
        store,
        describePlan({
          version: app.version,
          configuration: app.configuration.declared as unknown as JsonObject,
          sources: [
            ...aws.map(({ name }) => ({ kind: 'aws', name, members: membersOf('aws', name) })),
            ...github.map(({ name }) => ({ kind: 'github', name, members: membersOf('github', name) })),
          ].map((source) => ({ ...source, members: source.members === null ? null : [...source.members].sort() })),
          registries,
          checks,
          controls: inForce,
          criteria,
          objectives,
          absentTypes: known.absent ?? former?.absentTypes ?? absentNow([], app.uncollectedTypes(), scope, app.now().slice(0, 10)),
          scopeRules: scope.rules as unknown as readonly JsonObject[],
        }),
        actor,
      );
    },
  };
}

/**
 * Records what the control files say now, so that `status` shows a decision at once and not with the next collection. What only a
 * look at the sources tells stays as the former plan has it. Returns the log index of the plan in force.
 */
export async function recordPlan(app: Composition, store: Store, actor: Actor): Promise<number> {
  return await (await preparePlan(app)).sealWith(store, {}, actor);
}

function formerPlan(store: Store): PlanDetail | undefined {
  const plan = store.latest('plan');
  const blob = plan === undefined ? undefined : store.blob(plan.statement.detail);
  if (blob?.kind !== 'open') return undefined;
  // A plan of an older release may lack what this one adds; then nothing of it is carried on.
  return PlanDetail.safeParse(JSON.parse(new TextDecoder().decode(blob.bytes))).data;
}
