import type { Scope } from '../../config/scope.ts';
import { countOutcomes, type JudgedCollection } from '../../evaluate/evaluate-source.ts';
import { CheckResultsBlob, EvaluationContext, type PopulationBlob, ReadsBlob, ResultsListBlob } from '../../model/blobs.ts';
import type { Outcome, Severity } from '../../model/outcome.ts';
import { PlanDetail } from '../../model/plan.ts';
import type { CheckResults } from '../../model/result.ts';
import { type OutcomeCounts, Plan } from '../../model/statement.ts';
import type { UpgradeCause } from '../../model/upgrade-causes.ts';
import { digestOf } from '../../seal/digest.ts';
import type { Store } from '../../store/contract.ts';
import { judgeCollections } from '../judge-collections.ts';
import { outOfScope } from '../out-of-scope.ts';
import type { PlannedCheck } from '../plan-checks.ts';
import { compareResults, type Said } from '../recompute/compare-results.ts';
import { openContent } from '../recompute/follow-collections.ts';
import { verdictMemory } from '../recompute/verdict-memory.ts';
import { isOfKind, type Registries } from '../registries.ts';
import { toldOf } from '../told-of.ts';
import { newCollectors, type OtherLogic, otherChecksOf, otherCollectorsOf } from './other-logic.ts';
import { type PairedUse, pairUses } from './pair-uses.ts';
import { readAgain } from './read-again.ts';

/** Words of a pass are not sealed, so its message is null. */
export interface SpokenVerdict {
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly message: string | null;
}
export interface ChangedVerdict {
  readonly source: string;
  readonly check: string;
  /** As it would be judged; as it was, where it would not be any more. */
  readonly parametersDigest: string;
  readonly severity: Severity;
  readonly controls: readonly string[];
  readonly subject: string;
  readonly display: string;
  /** null: there was, or would be, no verdict of this subject. */
  readonly from: SpokenVerdict | null;
  readonly to: SpokenVerdict | null;
  /** Everything that is other and that this verdict rests on. */
  readonly causes: readonly UpgradeCause[];
}
interface UseCounts {
  readonly check: string;
  readonly parametersDigest: string;
  readonly counts: OutcomeCounts;
}
/** What one source came to, and what it would come to. */
export interface SourceComparison {
  readonly source: string;
  readonly evaluation: number | null;
  readonly judgedAt: string | null;
  readonly verdicts: number;
  readonly changes: readonly ChangedVerdict[];
  readonly same: number;
  readonly otherWords: number;
  readonly otherUntil: number;
  /** With how many of the changes may come of it. */
  readonly otherLogic: readonly (OtherLogic & { readonly changes: number })[];
  readonly counts: { readonly sealed: readonly UseCounts[]; readonly judged: readonly UseCounts[] };
  readonly notes: readonly string[];
}

export interface CompareSourceOptions {
  readonly registries: Registries;
  /** As they would be judged from now on. */
  readonly checks: readonly PlannedCheck[];
  readonly scope: Scope;
  readonly staleAfterMs: number;
  /** The plan in force. */
  readonly before: PlanDetail | undefined;
}

/** Judges the newest evidence of one source again and holds it against what was sealed of it, subject by subject. */
export function compareSource(store: Store, source: string, options: CompareSourceOptions): SourceComparison {
  const found = store.judgedSubjects(source);
  if (found === undefined) return nothingOf(source, 'it was never judged: there is nothing to hold against');
  const { index, statement } = found.evaluation;
  const plan = planAt(store, statement.plan);
  const told = plan === undefined ? undefined : toldOf(plan, source);
  if (plan === undefined || told === undefined) {
    return nothingOf(source, 'its last evaluation is of a release that did not record what normalising needs: collect once more first');
  }
  const list = ResultsListBlob.safeParse(openContent(store, statement.results.list)).data;
  const reads = ReadsBlob.safeParse(openContent(store, statement.reads.list)).data;
  if (list === undefined || reads === undefined) return nothingOf(source, 'what its last evaluation came to was erased');
  const context = statement.context === undefined ? undefined : EvaluationContext.safeParse(openContent(store, statement.context)).data;
  const judgedAt = statement.judgedAt ?? statement.asOf;

  const read = reads.map((one) => readAgain(store, options.registries, one, told));
  const collections = read.flatMap(({ collection }) => (collection === undefined ? [] : [collection]));
  const kind = source.slice(0, source.indexOf(':'));
  const checks = options.checks.filter(({ check }) => isOfKind(kind, check.id, check.subject.type));
  const judged = judgeCollections({
    source,
    checks,
    collections,
    missing: context?.missing ?? [],
    scope: options.scope,
    now: judgedAt,
    staleAfterMs: options.staleAfterMs,
    cache: verdictMemory(),
  });
  const inScope = scopeShift(collections, source, plan, options.scope, judgedAt);
  const subjects = subjectsByType(found.subjects);
  const otherCollectors = otherCollectorsOf(read, plan, subjects);
  const results = new Map(judged.checks.map((one) => [keyOf(one.check, digestOf(one.parameters)), one]));
  const tally: Tally = { changes: [], same: 0, otherWords: 0, otherUntil: 0, notes: [] };
  for (const pair of pairUses(list, plan, checks)) {
    compareUse(store, source, pair, {
      next: pair.next === undefined ? undefined : results.get(keyOf(pair.next.check.id, pair.next.parametersDigest)),
      plan,
      subjects,
      collectorsOf: (type) => otherCollectors.filter(({ types }) => types.has(type)),
      hasShifted: (subject) => inScope.has(subject),
      staleAfterOther: context !== undefined && context.staleAfterMs !== options.staleAfterMs,
      tally,
    });
  }
  return {
    source,
    evaluation: index,
    judgedAt,
    verdicts: tally.changes.length + tally.same,
    ...tally,
    otherLogic: [
      ...otherCollectors.map(({ types: _, reaches, ...logic }) => ({
        ...logic,
        changes: tally.changes.filter(({ causes, check }) => causes.includes('collector-logic') && reaches(check, checks)).length,
      })),
      ...otherChecksOf(list, options.registries).map((logic) => ({
        ...logic,
        changes: tally.changes.filter(({ check }) => check === logic.id).length,
      })),
    ],
    counts: {
      sealed: list.map(({ check, parameters, counts }) => ({ check, parametersDigest: digestOf(parameters), counts })),
      judged: judged.checks.map(({ check, parameters, results: own }) => ({
        check,
        parametersDigest: digestOf(parameters),
        counts: countOutcomes(own),
      })),
    },
    notes: [
      ...tally.notes,
      ...read.flatMap(({ note }) => (note === undefined ? [] : [note])),
      ...newCollectors(options, kind, reads),
      ...(context === undefined ? ['it was recorded before the limit of staleness was: the one of today was used'] : []),
    ],
  };
}

interface Compared {
  readonly next: CheckResults | undefined;
  readonly plan: PlanDetail;
  readonly subjects: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly collectorsOf: (type: string) => readonly unknown[];
  readonly hasShifted: (subject: string) => boolean;
  readonly staleAfterOther: boolean;
  readonly tally: Tally;
}
interface Tally {
  readonly changes: ChangedVerdict[];
  readonly notes: string[];
  same: number;
  otherWords: number;
  otherUntil: number;
}

function compareUse(store: Store, source: string, { sealed, next: use }: PairedUse, compared: Compared): void {
  const { next, tally } = compared;
  const before = sealed === undefined ? undefined : CheckResultsBlob.safeParse(openContent(store, sealed.results)).data;
  const check = use?.check.id ?? sealed?.check ?? '';
  if (sealed !== undefined && before === undefined) {
    compared.tally.notes.push(`${check}: what it came to was erased, so it cannot be held against anything`);
    return;
  }
  const type = use?.check.subject.type ?? before?.subjectType ?? '';
  const subjects = compared.subjects.get(before?.subjectType ?? type) ?? new Map();
  const planned = compared.plan.checks.find(({ id }) => id === check);
  const { differences, messages } = compareResults(
    before ?? { ...nothingSealed, check, subjectType: type, excluded: [...subjects.keys()] },
    next ?? { results: [], excluded: [] },
    subjects,
  );
  const words = {
    before: new Map(before?.notPass.map(({ subject, message }) => [subject, message])),
    next: new Map(next?.results.map(({ subject, message }) => [subject, message])),
  };
  const changed = differences.filter((one) => !isSameVerdict(one.sealed, one.recomputed));
  for (const { subject, display, sealed: from, recomputed: to } of changed) {
    tally.changes.push({
      source,
      check,
      parametersDigest: use?.parametersDigest ?? sealed?.parametersDigest ?? '',
      severity: use?.check.severity ?? planned?.severity ?? 'high',
      controls: use?.controls ?? sealed?.controls ?? [],
      subject,
      display,
      from: spoken(from, words.before.get(subject)),
      to: spoken(to, words.next.get(subject)),
      causes: causesOf(subject, from, to),
    });
  }
  tally.otherWords += messages.length;
  tally.otherUntil += differences.length - changed.length;
  tally.same += (next?.results.length ?? 0) - changed.filter(({ recomputed }) => recomputed !== null).length;

  function causesOf(subject: string, from: Said | null, to: Said | null): UpgradeCause[] {
    if (use === undefined) return ['check-gone'];
    if (sealed === undefined) return ['check-new'];
    const causes: UpgradeCause[] = [];
    if (sealed.logic !== use.logic) causes.push('check-logic');
    if (compared.collectorsOf(type).length > 0) causes.push('collector-logic');
    if (sealed.parametersDigest !== use.parametersDigest) causes.push('parameters');
    if (compared.hasShifted(subject)) causes.push('scope');
    if (compared.staleAfterOther && (from?.reason === 'stale' || to?.reason === 'stale')) causes.push('stale-after');
    return causes.length === 0 ? ['program'] : causes;
  }
}

const nothingSealed = {
  parameters: {},
  logic: '',
  counts: { pass: 0, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 },
  until: null,
  exceptions: [],
  notPass: [],
};
const isSameVerdict = (left: Said | null, right: Said | null): boolean =>
  left?.outcome === right?.outcome && left?.reason === right?.reason;
const spoken = (said: Said | null, message: string | undefined): SpokenVerdict | null =>
  said === null ? null : { outcome: said.outcome, reason: said.reason, message: message ?? null };
const keyOf = (check: string, parametersDigest: string): string => `${check} ${parametersDigest}`;

/** Subjects that are out of scope by the rules of one side and not of the other. */
function scopeShift(
  collections: readonly JudgedCollection[],
  source: string,
  plan: PlanDetail,
  scope: Scope,
  judgedAt: string,
): ReadonlySet<string> {
  const resources = collections.flatMap((one) => one.resources);
  const former = { rules: plan.scopeRules, environments: plan.scopeEnvironments ?? [] } as unknown as Pick<Scope, 'rules' | 'environments'>;
  const was = new Set(outOfScope(resources, source, former, judgedAt).keys());
  const is = new Set(outOfScope(resources, source, scope, judgedAt).keys());
  return was.symmetricDifference(is);
}

function subjectsByType(subjects: readonly PopulationBlob[]): Map<string, Map<string, string>> {
  return new Map(
    [...Map.groupBy(subjects, ({ type }) => type)].map(([type, own]) => [type, new Map(own.map(({ id, display }) => [id, display]))]),
  );
}

function planAt(store: Store, index: number | null): PlanDetail | undefined {
  const entry = index === null ? undefined : store.entry(index);
  if (entry === undefined) return undefined;
  return PlanDetail.safeParse(openContent(store, Plan.parse(JSON.parse(new TextDecoder().decode(entry.bytes))).detail)).data;
}

function nothingOf(source: string, note: string): SourceComparison {
  return {
    source,
    evaluation: null,
    judgedAt: null,
    verdicts: 0,
    changes: [],
    same: 0,
    otherWords: 0,
    otherUntil: 0,
    otherLogic: [],
    counts: { sealed: [], judged: [] },
    notes: [note],
  };
}
