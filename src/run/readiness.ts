import type { ReportKind, TrustService } from '../config/configuration.ts';
import { configuredSources, entitySource } from '../config/configured-sources.ts';
import { trustServiceOf } from '../config/frameworks.ts';
import { type GapReason, gapReasons } from '../model/completeness.ts';
import type { Engagement } from '../model/engagement.ts';
import type { JsonObject } from '../model/json.ts';
import type { PlanDetail } from '../model/plan.ts';
import type { Readiness, Unreadable } from '../model/readiness.ts';
import type { StatementOf } from '../model/statement.ts';
import { absentNow } from './absent-now.ts';
import type { Composition } from './composition.ts';
import { type DescribedStatus, describeStatus, typeStateOf } from './describe-status.ts';
import { planChecks } from './plan-checks.ts';
import { describePlan } from './seal-plan.ts';
import { type WantedTopic, weighReadiness } from './weigh-readiness.ts';

/** What one prepares for: an engagement of the configuration, or a kind of report without one. */
export type ReadinessTarget = { readonly engagement: Engagement } | { readonly report: ReportKind };

/**
 * How far the entity is from an observation period, as monitoring and the control files say today. Works before anything was collected.
 * @throws ProoflineError `configuration`, `store-*`
 */
export async function describeReadiness(app: Composition, target: ReadinessTarget): Promise<Readiness> {
  const engagement = 'engagement' in target ? target.engagement : null;
  const report = 'engagement' in target ? target.engagement.report : target.report;
  const services: readonly TrustService[] = engagement?.trustServices ?? app.configuration.trustServices;
  const status = app.hasStore() ? await describeStatus(app) : null;
  const plan = status?.summary.plan?.detail ?? (await planned(app));
  const controls = plan.controls.filter((control) => control.status !== 'retired');
  const weighed = weighReadiness({
    report,
    topics: wantedTopics(report, plan, services, engagement),
    controls,
    plan,
    shows: new Map(status?.controls.map(({ control, state, reasons }) => [control.id, { state, reasons }])),
    failing: failingOf(status),
    unreadable: [...(status === null ? [] : await unreadOf(app, status, plan)), ...uncollectedTypes(app, plan)],
    untouched: (status?.summary.collections.length ?? 0) === 0,
  });
  const states = weighed.topics.map(({ state }) => state);
  const count = (state: (typeof states)[number]) => states.filter((one) => one === state).length;
  return {
    at: status?.at ?? app.now(),
    entity: app.configuration.entity.name,
    demonstration: app.demonstration,
    engagement: engagement?.id ?? null,
    report,
    type: engagement?.type ?? null,
    trustServices: report === 'soc2' ? [...services] : [],
    counts: {
      topics: states.length,
      adopted: count('adopted'),
      proposed: count('proposed'),
      missing: count('missing'),
      showing: weighed.topics.filter(({ shows }) => shows === 'no-failures-observed').length,
    },
    ...(weighed as Pick<Readiness, keyof typeof weighed>),
    warnings: [...(status?.warnings ?? ['Nothing has been collected yet: what is said here comes from the control files alone.'])],
  };
}

/** What would be recorded as the plan if one collected now. */
async function planned(app: Composition): Promise<PlanDetail> {
  const [registries, loaded, scope] = await Promise.all([app.registries(), app.controls(), app.scope()]);
  const controls = loaded.map(({ control }) => control);
  return describePlan({
    version: app.version,
    configuration: app.configuration.declared as unknown as JsonObject,
    sources: configuredSources(app.configuration).map(({ kind, name }) => ({ kind, name, members: null })),
    registries,
    checks: planChecks(registries, controls),
    controls,
    ...app.frameworks(),
    absentTypes: absentNow([], app.uncollectedTypes(), scope, app.now().slice(0, 10)),
    scopeRules: scope.rules as unknown as readonly JsonObject[],
  });
}

function wantedTopics(
  report: ReportKind,
  plan: PlanDetail,
  services: readonly TrustService[],
  engagement: Engagement | null,
): WantedTopic[] {
  if (report === 'soc2') {
    return plan.criteria.filter(({ id }) => services.includes(trustServiceOf(id))).map((criterion) => ({ ...criterion, risk: null }));
  }
  const named = new Map(engagement?.objectives.map(({ id, risk }) => [id, risk]));
  return plan.objectives
    .filter(({ id }) => named.size === 0 || named.has(id))
    .map((objective) => ({ ...objective, risk: named.get(objective.id) ?? null }));
}

function failingOf(status: DescribedStatus | null): Map<string, { subjects: number; sources: string[] }> {
  const failing = new Map<string, { subjects: number; sources: string[] }>();
  for (const { check, parametersDigest, source, counts } of status?.summary.checks ?? []) {
    if (counts.fail === 0) continue;
    const key = `${check} ${parametersDigest}`;
    const known = failing.get(key) ?? { subjects: 0, sources: [] };
    failing.set(key, { subjects: known.subjects + counts.fail, sources: [...known.sources, source] });
  }
  return failing;
}

/** Which controls speak for a type, or judge it. */
function controlsOver(types: readonly string[], plan: PlanDetail): string[] {
  const judging = new Set(plan.checks.filter(({ subject }) => types.includes(subject)).flatMap((check) => check.controls));
  return plan.controls
    .filter((control) => control.status !== 'retired' && (judging.has(control.id) || control.covers.some((type) => types.includes(type))))
    .map(({ id }) => id);
}

/** Types that controls speak for, that no collector reads, and of which nobody said that there are none. */
function uncollectedTypes(app: Composition, plan: PlanDetail): Unreadable[] {
  const titles = new Map(app.uncollectedTypes().map(({ type, title }) => [type, title]));
  const covered = new Set(plan.controls.filter(({ status }) => status !== 'retired').flatMap(({ covers }) => covers));
  return [...covered]
    .filter((type) => typeStateOf(type, plan) === 'not-collected')
    .sort()
    .map((type) => ({
      kind: 'type-not-collected',
      about: titles.has(type) ? `${titles.get(type)} (${type})` : type,
      why: 'nobody reads it, and nobody said that there is none',
      reason: 'not-collected',
      permissions: [],
      controls: controlsOver([type], plan),
    }));
}

/** Sources never entered, evidence too old to count, and what a source refused or did not answer whole. */
async function unreadOf(app: Composition, status: DescribedStatus, plan: PlanDetail): Promise<Unreadable[]> {
  const typesOf = (kind: string) => plan.collectors.filter(({ id }) => id.split('/').includes(kind)).flatMap(({ yields }) => yields);
  const kindOf = (source: string) => source.split(':')[0] ?? source;
  return [
    ...status.unseen.unentered.map(
      ({ kind, name }): Unreadable => ({
        kind: 'never-entered',
        about: `source ${kind} "${name}"`,
        why: 'it has never been entered',
        reason: null,
        permissions: [],
        controls: controlsOver(typesOf(kind), plan),
      }),
    ),
    ...status.unseen.tooOld.map(
      (source): Unreadable => ({
        kind: 'too-old',
        about: source,
        why: 'what it said is too old to speak for today',
        reason: 'stale',
        permissions: [],
        controls: controlsOver(typesOf(kindOf(source)), plan),
      }),
    ),
    ...(await unansweredOf(app, plan)),
  ];
}

interface Unanswered {
  readonly source: string;
  readonly collector: string;
  readonly reason: GapReason;
  readonly scopes: Set<string>;
  readonly operations: Set<string>;
}

/** By source, collector and reason: the latest collections that did not see everything. */
async function unansweredOf(app: Composition, plan: PlanDetail): Promise<Unreadable[]> {
  const found = new Map<string, Unanswered>();
  for (const collection of await incompleteCollections(app)) {
    if (collection.completeness.kind === 'complete') continue;
    for (const reason of collection.completeness.reasons) {
      const { source, collector } = collection;
      const key = `${source} ${collector} ${reason}`;
      const known = found.get(key) ?? { source, collector, reason, scopes: new Set(), operations: new Set() };
      known.scopes.add(collection.scope);
      for (const gap of collection.gaps) if (gap.reason === reason) known.operations.add(gap.operation);
      found.set(key, known);
    }
  }
  const inOrder = [...found.values()].sort(
    (a, b) =>
      gapReasons.indexOf(a.reason) - gapReasons.indexOf(b.reason) || (`${a.source} ${a.collector}` < `${b.source} ${b.collector}` ? -1 : 1),
  );
  return await Promise.all(
    inOrder.map(async ({ source, collector, reason, scopes, operations }): Promise<Unreadable> => {
      const definition = await app.definition(source.split(':')[0] ?? '');
      // What the log lacks another source refused, which is listed beside it; nobody grants anything for the log.
      const isOwn = source.startsWith(`${entitySource}:`);
      const permissions = isOwn ? [] : [...operations].map((operation) => definition.permissionFor(operation) ?? operation);
      return {
        kind: 'not-read',
        about: `${collector} in ${[...scopes].sort().join(', ')}`,
        why: `${reason}${operations.size === 0 ? '' : ` at ${[...operations].sort().join(', ')}`}`,
        reason,
        permissions: reason === 'access-denied' ? [...new Set(permissions)].sort() : [],
        controls: controlsOver(plan.collectors.find(({ id }) => id === collector)?.yields ?? [], plan),
      };
    }),
  );
}

async function incompleteCollections(app: Composition): Promise<StatementOf<'collection'>[]> {
  const store = await app.openStore({ readOnly: true });
  try {
    return store.latestCollections().flatMap(({ statement }) => (statement.completeness.kind === 'incomplete' ? [statement] : []));
  } finally {
    await store.close();
  }
}
