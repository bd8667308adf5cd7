import type { AbsentType } from '../config/absent-types.ts';
import { configuredSources } from '../config/configured-sources.ts';
import type { LoadedControl } from '../config/load-controls.ts';
import type { Scope } from '../config/scope.ts';
import type { JsonObject } from '../model/json.ts';
import type { PlanDetail } from '../model/plan.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Actor } from '../model/statement.ts';
import type { Store } from '../store/contract.ts';
import { absentNow } from './absent-now.ts';
import type { Composition } from './composition.ts';
import { formerPlan, formerVersion } from './former-plan.ts';
import { type PlannedCheck, planChecks } from './plan-checks.ts';
import type { Registries } from './registries.ts';
import { describePlan, sealPlan } from './seal-plan.ts';
import type { SourceMember } from './source-access.ts';

/** What the configuration and the control files come to today, ready to be recorded. */
export interface PreparedPlan {
  readonly checks: readonly PlannedCheck[];
  /** What would be recorded now. Writes nothing. */
  describe(store: PlanStore, known: KnownNow): PlanDetail;
  /**
   * Log index of the plan in force; a new entry only where it says something else than the former. Where another version of the program
   * recorded that, what changes by the upgrade is recorded first.
   */
  sealWith(store: Store, known: KnownNow, actor: Actor): Promise<number>;
}
type PlanStore = Pick<Store, 'latest' | 'blob'>;
/** What only a look at the sources tells; what is left out stays as the former plan has it. */
export interface KnownNow {
  readonly absent?: readonly AbsentType[] | undefined;
  /** Per name of a configured source what was found in it. */
  readonly members?: ReadonlyMap<string, readonly KnownMember[]> | undefined;
}

export type KnownMember = Pick<SourceMember, 'id' | 'tenant' | 'display' | 'settings'>;

interface PlanParts {
  readonly registries: Registries;
  readonly scope: Scope;
  readonly schedules: readonly Schedule[];
  readonly plan: PreparedPlan;
}
/** By the controls in force: a process that runs for days prepares the same plan over and over. */
const prepared = new WeakMap<readonly LoadedControl[], PlanParts>();

/** @throws ProoflineError `configuration` with every problem of the control files, the scope and the schedules. */
export async function preparePlan(app: Composition): Promise<PreparedPlan> {
  const [registries, controls, scope, schedules] = await Promise.all([app.registries(), app.controls(), app.scope(), schedulesOf(app)]);
  const known = prepared.get(controls);
  if (known?.registries === registries && known.scope === scope && known.schedules === schedules) return known.plan;
  const plan = planOf(app, registries, controls, scope, schedules);
  prepared.set(controls, { registries, scope, schedules, plan });
  return plan;
}

/** A described year is lived through at its own times: no schedule of the configuration is promised there. */
const nothingScheduled: readonly Schedule[] = [];
async function schedulesOf(app: Composition): Promise<readonly Schedule[]> {
  return app.demonstration ? nothingScheduled : await app.schedules();
}

function planOf(
  app: Composition,
  registries: Registries,
  controls: readonly LoadedControl[],
  scope: Scope,
  schedules: readonly Schedule[],
): PreparedPlan {
  /** Per log and what was known: the entry that says so. It holds while it is the latest plan of that log. */
  const sealed = new WeakMap<Store, Map<string, number>>();
  const inForce = controls.map(({ control }) => control);
  const checks = planChecks(registries, inForce);
  const { criteria, objectives } = app.frameworks();
  const describe: PreparedPlan['describe'] = (store, known) => {
    const former = formerPlan(store);
    const foundIn = (kind: string, name: string): PlanDetail['sources'][number] => {
      const members = known.members?.get(name);
      const carried = former?.sources.find((source) => source.kind === kind && source.name === name);
      if (members === undefined) return carried ?? { kind, name, members: null };
      return { kind, name, members: members.map(({ id }) => id).sort(), settings: settingsOf(members) };
    };
    return describePlan({
      version: app.version,
      configuration: app.configuration.declared as unknown as JsonObject,
      sources: configuredSources(app.configuration).map(({ kind, name }) => foundIn(kind, name)),
      registries,
      checks,
      controls: inForce,
      criteria,
      objectives,
      absentTypes:
        sinceWhen(known.absent, former?.absentTypes) ??
        former?.absentTypes ??
        absentNow([], app.uncollectedTypes(), scope, app.now().slice(0, 10)),
      scopeRules: scope.rules as unknown as readonly JsonObject[],
      scopeEnvironments: scope.environments as unknown as readonly JsonObject[],
      schedules,
    });
  };
  return {
    checks,
    describe,
    async sealWith(store, known, actor) {
      const members = [...(known.members ?? [])].map(([name, found]) => [name, found.map(({ id }) => id), settingsOf(found)]);
      // Since when something is known to be absent is not what is known now.
      const what = JSON.stringify([members, known.absent?.map(({ type, reason, by }) => [type, reason, by]) ?? null]);
      const before = sealed.get(store) ?? new Map<string, number>();
      sealed.set(store, before);
      const latest = store.latest('plan')?.index;
      if (latest !== undefined && before.get(what) === latest) return latest;
      const version = formerVersion(store);
      if (version !== undefined && version !== app.version) {
        const { recordUpgrade } = await import('./upgrade/record-upgrade.ts');
        await recordUpgrade(app, store, { checks, describe }, actor);
      }
      const index = await sealPlan(store, describe(store, known), actor);
      before.set(what, index);
      return index;
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

/** What was absent for the same reason before has been since then: a plan that differs by today's date alone is no other plan. */
function sinceWhen(now: readonly AbsentType[] | undefined, before: readonly AbsentType[] | undefined): readonly AbsentType[] | undefined {
  return now?.map((absent) => {
    const former = before?.find(({ type, reason, by }) => type === absent.type && reason === absent.reason && by === absent.by);
    return former !== undefined && former.from < absent.from ? former : absent;
  });
}

/** What `normalise` is told of each member: recompute has nothing but the plan to know it from. */
function settingsOf(members: readonly KnownMember[]): NonNullable<PlanDetail['sources'][number]['settings']> {
  return Object.fromEntries(
    members.map(({ id, tenant, display, settings }) => [id, { tenant, display, settings: settings as Record<string, never> }]),
  );
}
