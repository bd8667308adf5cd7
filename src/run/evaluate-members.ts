import { decideScope, type Scope, scopeFactsOf } from '../config/scope.ts';
import { evaluateSource, type JudgedCollection, type VerdictCache } from '../evaluate/evaluate-source.ts';
import type { GapReason } from '../model/completeness.ts';
import type { ReadResource } from '../model/resource.ts';
import type { CheckResults } from '../model/result.ts';
import type { Sealed, Store } from '../store/contract.ts';
import type { CollectedMember } from './collect-member.ts';
import { regionOf } from './normalise-evidence.ts';
import type { PlannedCheck } from './plan-checks.ts';
import { type ReadCollections, readCollections } from './read-collections.ts';
import { type Registries, sourceKindOf } from './registries.ts';

export interface ReadMember {
  readonly collected: CollectedMember;
  readonly collections: readonly (JudgedCollection & { readonly collector: string; readonly index: number; readonly malformed: number })[];
}

/** Reads back what is sealed of a member and makes resources of it: the latest collection of every collector and scope that is still there. */
export function readMember(
  store: Store,
  registries: Registries,
  collected: CollectedMember,
  collectionsRead: ReadCollections = readCollections(),
): ReadMember {
  const { member, regions } = collected;
  const collectors = new Map(registries.collectors.map((collector) => [collector.id, collector]));
  const collections = store.latestCollections(member.id).flatMap((collection) => {
    const { index, statement } = collection;
    const collector = collectors.get(statement.collector);
    const region = regionOf(statement.scope);
    // A collector that is gone, or a region that was switched off, says nothing about today.
    if (collector === undefined || (region !== null && regions !== undefined && !regions.includes(region))) return [];
    const normalised = collectionsRead.read(store, collector, collection, member);
    return [
      {
        collector: statement.collector,
        index,
        scope: statement.scope,
        asOf: statement.sourceAsOf ?? statement.finishedAt,
        types: normalised.types,
        resources: normalised.resources,
        incomplete: normalised.incomplete,
        malformed: normalised.malformedCount,
      },
    ];
  });
  return { collected, collections };
}

export interface EvaluateMemberOptions {
  readonly store: Store;
  readonly registries: Registries;
  readonly checks: readonly PlannedCheck[];
  readonly scope: Scope;
  readonly plan: number;
  readonly now: string;
  readonly staleAfterMs: number;
  readonly cache: VerdictCache;
}
export interface EvaluatedMember {
  readonly sealed: Sealed<'evaluation'>;
  readonly checks: readonly CheckResults[];
  readonly judged: number;
  readonly checkKeys: ReadonlySet<string>;
}

/** Judges one member by every check of its kind of source and seals what came of it. */
export async function evaluateMember(read: ReadMember, options: EvaluateMemberOptions): Promise<EvaluatedMember> {
  const { member } = read.collected;
  const kind = member.id.slice(0, member.id.indexOf(':'));
  const missing = missingScopes(read, options.registries, kind);
  const evaluation = evaluateSource({
    source: member.id,
    checks: options.checks
      .filter(({ check }) => check.subject.type.split('.')[0] === kind || sourceKindOf(check) === kind)
      .map(({ check, parameters, logic }) => ({ check, parameters, logic })),
    collections: read.collections,
    missing,
    now: options.now,
    staleAfterMs: options.staleAfterMs,
    cache: options.cache,
  });
  const out = outOfScope(read, options.scope, options.now);
  const checks = evaluation.checks.map((one) => ({
    ...one,
    results: one.results.map((result) => out.get(result.subject)?.(result) ?? result),
  }));
  const sealed = await options.store.appendEvaluation({
    source: member.id,
    asOf: evaluation.asOf,
    plan: options.plan,
    reads: read.collections.map(({ collector, scope, index }) => ({ collector, scope, index })),
    population: evaluation.population,
    checks,
    malformed: read.collections.reduce((sum, { malformed }) => sum + malformed, 0),
    context: { staleAfterMs: options.staleAfterMs, missing },
    judgedAt: options.now,
  });
  return { sealed, checks, judged: evaluation.judged, checkKeys: evaluation.checkKeys };
}

/** Where a type should have been looked for and never was: a region that is new, or that could not be listed. */
function missingScopes(read: ReadMember, registries: Registries, kind: string): { type: string; scope: string; reason: GapReason }[] {
  const { member, unlisted, regions } = read.collected;
  const looked = new Set(read.collections.map(({ collector, scope }) => `${collector} ${scope}`));
  return registries.collectors
    .filter((collector) => sourceKindOf(collector) === kind)
    .flatMap((collector) => {
      const scopes = collector.scope === 'region' ? (regions ?? []).map((region) => `${member.id}/${region}`) : [member.id];
      const never = scopes
        .filter((scope) => !looked.has(`${collector.id} ${scope}`))
        .map((scope) => ({ scope, reason: 'not-collected' as const }));
      const closed = unlisted.filter((one) => one.collector === collector.id);
      return [...never, ...closed].flatMap(({ scope, reason }) => collector.yields.map(({ type }) => ({ type, scope, reason })));
    });
}

type Outside = (result: CheckResults['results'][number]) => CheckResults['results'][number];

/** Subjects that a scope rule puts out: still judged against nothing, still listed, with the rule and its reason. */
function outOfScope(read: ReadMember, scope: Scope, now: string): ReadonlyMap<string, Outside> {
  const outside = new Map<string, Outside>();
  if (scope.rules.length === 0) return outside;
  for (const resource of read.collections.flatMap(({ resources }) => resources)) {
    const rule = ruleAgainst(resource, read.collected.member.id, scope, now);
    if (rule === undefined) continue;
    outside.set(resource.id, ({ subject, display }) => ({
      subject,
      display,
      outcome: 'not-applicable',
      message: `out of scope by rule "${rule.id}" (${rule.by}, from ${rule.from}): ${rule.because}`,
    }));
  }
  return outside;
}

/** The rule by which a resource is out of scope on the day of `now`; undefined when it is in. */
export function ruleAgainst(resource: ReadResource, source: string, scope: Scope, now: string): Scope['rules'][number] | undefined {
  const decision = decideScope(scope, scopeFactsOf(resource, source), now.slice(0, 10));
  return decision.inScope ? undefined : decision.rule;
}
