import type { Control, Criterion, Objective } from '../model/control.ts';
import type { JsonObject } from '../model/json.ts';
import { PlanDetail } from '../model/plan.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Actor } from '../model/statement.ts';
import { digestOf } from '../seal/digest.ts';
import type { Store } from '../store/contract.ts';
import type { PlannedCheck } from './plan-checks.ts';
import { type Registries, sourceKindOf } from './registries.ts';

export interface PlanInput {
  readonly version: string;
  /** As written, secrets as references. */
  readonly configuration: JsonObject;
  readonly sources: Readonly<PlanDetail['sources']>;
  readonly registries: Registries;
  readonly checks: readonly PlannedCheck[];
  readonly controls: readonly Control[];
  readonly criteria: readonly Criterion[];
  readonly objectives: readonly Objective[];
  readonly absentTypes: Readonly<PlanDetail['absentTypes']>;
  readonly scopeRules: readonly JsonObject[];
  readonly scopeEnvironments?: readonly JsonObject[];
  readonly schedules?: readonly Schedule[];
}

/** What a plan says, in the order that makes equal plans equal bytes. */
export function describePlan(input: PlanInput): PlanDetail {
  return PlanDetail.parse({
    v: 1,
    version: input.version,
    configuration: input.configuration,
    sources: input.sources.map(({ kind, name, members, settings }) => ({
      kind,
      name,
      members,
      ...(settings === undefined ? {} : { settings }),
    })),
    collectors: input.registries.collectors
      .filter((collector) => input.sources.some((source) => source.kind === sourceKindOf(collector) && hasMemberFor(source, collector)))
      .map((collector) => ({
        id: collector.id,
        title: collector.title,
        kind: collector.kind,
        scope: collector.scope,
        yields: collector.yields.map(({ type }) => type),
        ...changedByOf(collector),
        ...(collector.carries === undefined ? {} : { carries: [...new Set(collector.carries)].sort() }),
        permissions: [...collector.permissions],
        logic: input.registries.logicOf('collector', collector.id),
        grade: input.registries.gradeOf('collector', collector.id),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    checks: input.checks.map(({ check, parameters, parametersDigest, logic, controls }) => ({
      id: check.id,
      claim: check.claim,
      ...(check.changes === undefined ? {} : { changes: { breaks: [...check.changes.breaks], mends: [...check.changes.mends] } }),
      ...(check.unrecorded === true ? { unrecorded: true as const } : {}),
      severity: check.severity,
      subject: check.subject.type,
      parameters,
      parametersDigest,
      logic,
      remediation: check.remediation,
      controls: [...controls],
    })),
    controls: input.controls,
    criteria: input.criteria.map(({ id, area, text }) => ({ id, area, text })),
    objectives: input.objectives.map(({ id, area, text }) => ({ id, area, text })),
    absentTypes: input.absentTypes.map(({ type, reason, by, from }) => ({ type, reason, by, from })),
    scopeRules: input.scopeRules,
    ...((input.schedules ?? []).length === 0 ? {} : { schedules: input.schedules?.map(plannedSchedule) }),
    ...((input.scopeEnvironments ?? []).length === 0 ? {} : { scopeEnvironments: input.scopeEnvironments }),
  });
}

/** A source that was never entered may have any. */
function hasMemberFor({ settings }: PlanDetail['sources'][number], { member }: Pick<Registries['collectors'][number], 'member'>): boolean {
  return member === undefined || settings === undefined || Object.values(settings).some((one) => member(one.settings));
}

function plannedSchedule({ id, kind, source, collectors, cron, zone, jitterMs, from }: Schedule) {
  return { id, kind, source, collectors: [...collectors], cron, zone, jitterMs, from };
}

/** Per yielded type what can change it; absent when that is said of none, so that plans of before stay the same bytes. */
function changedByOf({ yields }: Pick<Registries['collectors'][number], 'yields'>): { changedBy?: Record<string, string[]> } {
  const changedBy = yields.flatMap(({ type, changedBy: names }) =>
    names === undefined ? [] : [[type, [...new Set(names)].sort()] as const],
  );
  return changedBy.length === 0 ? {} : { changedBy: Object.fromEntries(changedBy) };
}

/**
 * Records the plan before it applies, and a change of the configuration with who made it. Returns the log index of the plan in force;
 * nothing is written when the one in force says the same.
 */
export async function sealPlan(store: Store, plan: PlanDetail, actor: Actor): Promise<number> {
  const former = store.latest('plan');
  const configuration = digestOf(plan.configuration);
  const detail = await store.putBlob('plan', plan);
  if (former?.statement.detail === detail) return former.index;
  if (former !== undefined && former.statement.configuration !== configuration) {
    await store.append<'config-change'>({ kind: 'config-change', from: former.statement.configuration, to: configuration, actor });
  }
  const sealed = await store.append<'plan'>({
    kind: 'plan',
    configuration,
    collectors: plan.collectors.map(({ id, logic }) => ({ id, logic })),
    checks: { count: plan.checks.length, digest: digestOf(plan.checks) },
    controls: { count: plan.controls.length, digest: digestOf(plan.controls) },
    detail,
  });
  return sealed.index;
}
