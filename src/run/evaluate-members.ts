import type { Scope } from '../config/scope.ts';
import type { JudgedCollection, VerdictCache } from '../evaluate/evaluate-source.ts';
import { isChangeRecord } from '../model/change.ts';
import type { GapReason } from '../model/completeness.ts';
import type { CheckResults } from '../model/result.ts';
import type { Turn } from '../model/statement.ts';
import { canonicalBytes } from '../seal/canonical-json.ts';
import type { EvaluationDraft, Sealed, Store } from '../store/contract.ts';
import type { CollectedMember } from './collect-member.ts';
import { judgeCollections } from './judge-collections.ts';
import { regionOf } from './normalise-evidence.ts';
import type { PlannedCheck } from './plan-checks.ts';
import { type ReadCollections, readCollections } from './read-collections.ts';
import { isOfKind, type Registries, sourceKindOf } from './registries.ts';
import type { SourceMember } from './source-access.ts';

/** What judging has to know of an account or organisation. */
export interface MemberToJudge extends Pick<CollectedMember, 'regions' | 'unlisted'> {
  readonly member: Pick<SourceMember, 'id' | 'tenant' | 'settings'>;
}
export interface ReadMember<M extends MemberToJudge = MemberToJudge> {
  readonly collected: M;
  readonly collections: readonly (JudgedCollection & { readonly collector: string; readonly index: number; readonly malformed: number })[];
}

/** Reads back what is sealed of a member and makes resources of it: the latest collection of every collector and scope that is still there. */
export function readMember<M extends MemberToJudge>(
  store: Store,
  registries: Registries,
  collected: M,
  collectionsRead: ReadCollections = readCollections(),
): ReadMember<M> {
  const { member, regions } = collected;
  const collectors = new Map(registries.collectors.map((collector) => [collector.id, collector]));
  const collections = store.latestCollections(member.id).flatMap((collection) => {
    const { index, statement } = collection;
    const collector = collectors.get(statement.collector);
    const region = regionOf(statement.scope);
    // A collector that is gone, or a region that was switched off, says nothing about today; a record of changes is not judged at all.
    if (collector === undefined || isChangeRecord(collector) || (region !== null && regions !== undefined && !regions.includes(region)))
      return [];
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
  /** The turn of a schedule that is judged for. */
  readonly turn?: Turn | undefined;
}
export interface EvaluatedMember {
  /** The evaluation that says so: a new one, or the latest when it says the very same. */
  readonly sealed: Sealed<'evaluation'>;
  readonly checks: readonly CheckResults[];
  readonly judged: number;
  readonly checkKeys: ReadonlySet<string>;
}

/**
 * Judges one member by every check of its kind of source and seals what came of it. What would read exactly what the latest evaluation read,
 * under the same plan and with as much of it stale, is not sealed again; a turn that has no evaluation of its own yet always is.
 */
export async function evaluateMember(read: ReadMember, options: EvaluateMemberOptions): Promise<EvaluatedMember> {
  const { member } = read.collected;
  const kind = member.id.slice(0, member.id.indexOf(':'));
  const missing = missingScopes(read, options.registries, kind);
  const { evaluation, checks } = judgeCollections({
    source: member.id,
    checks: options.checks.filter(({ check }) => isOfKind(kind, check.id, check.subject.type)),
    collections: read.collections,
    missing,
    scope: options.scope,
    now: options.now,
    staleAfterMs: options.staleAfterMs,
    cache: options.cache,
  });
  const draft = {
    source: member.id,
    asOf: evaluation.asOf,
    plan: options.plan,
    reads: read.collections.map(({ collector, scope, index }) => ({ collector, scope, index })),
    population: evaluation.population,
    checks,
    malformed: read.collections.reduce((sum, { malformed }) => sum + malformed, 0),
    context: { staleAfterMs: options.staleAfterMs, missing },
    judgedAt: options.now,
    ...(options.turn === undefined ? {} : { turn: options.turn }),
  };
  const sealed = saysTheSame(read, draft, options.store) ?? (await options.store.appendEvaluation(draft));
  return { sealed, checks, judged: evaluation.judged, checkKeys: evaluation.checkKeys };
}

/** The latest evaluation of the member, when this one would say nothing that it does not. */
function saysTheSame(read: ReadMember, draft: EvaluationDraft, store: Store): Sealed<'evaluation'> | undefined {
  const latest = store.latestEvaluation(draft.source);
  if (latest === undefined) return undefined;
  const { plan, turn, reads, context, judgedAt } = latest.statement;
  const ownTurn = draft.turn !== undefined && (draft.turn.schedule !== turn?.schedule || draft.turn.due !== turn.due);
  if (ownTurn || plan !== draft.plan || judgedAt === undefined || context === undefined) return undefined;
  const isSame = (commitment: string, value: unknown) => {
    const blob = store.blob(commitment);
    return blob?.kind === 'open' && Buffer.compare(blob.bytes, canonicalBytes(value)) === 0;
  };
  if (reads.count !== draft.reads.length || !isSame(reads.list, draft.reads) || !isSame(context, draft.context)) return undefined;
  // A verdict ends with the as-of time of what it rests on, which is the same; only the clock makes it stale.
  const staleAt = (now: string | undefined) =>
    read.collections.filter(
      ({ asOf }) => Date.parse(now ?? '') - Date.parse(asOf) > (draft.context?.staleAfterMs ?? Number.POSITIVE_INFINITY),
    ).length;
  return staleAt(judgedAt) === staleAt(draft.judgedAt) ? latest : undefined;
}

/** Where a type should have been looked for and never was: a region that is new, or that could not be listed. */
function missingScopes(read: ReadMember, registries: Registries, kind: string): { type: string; scope: string; reason: GapReason }[] {
  const { member, unlisted, regions } = read.collected;
  const looked = new Set(read.collections.map(({ collector, scope }) => `${collector} ${scope}`));
  return registries.collectors
    .filter((collector) => sourceKindOf(collector) === kind && !isChangeRecord(collector) && (collector.member?.(member.settings) ?? true))
    .flatMap((collector) => {
      const scopes = collector.scope === 'region' ? (regions ?? []).map((region) => `${member.id}/${region}`) : [member.id];
      const never = scopes
        .filter((scope) => !looked.has(`${collector.id} ${scope}`))
        .map((scope) => ({ scope, reason: 'not-collected' as const }));
      const closed = unlisted.filter((one) => one.collector === collector.id);
      return [...never, ...closed].flatMap(({ scope, reason }) => collector.yields.map(({ type }) => ({ type, scope, reason })));
    });
}
