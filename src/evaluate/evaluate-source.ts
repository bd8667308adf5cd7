import type { Check } from '../model/check.ts';
import { GapReason } from '../model/completeness.ts';
import { ProoflineError } from '../model/errors.ts';
import { Outcome, outcomes } from '../model/outcome.ts';
import type { ReadResource } from '../model/resource.ts';
import type { CheckResults, Result } from '../model/result.ts';
import type { OutcomeCounts } from '../model/statement.ts';
import { canonicalText } from '../seal/canonical-json.ts';
import { digestOf } from '../seal/digest.ts';
import { appliesTo, judge, notRead, notSeen, wholeResults } from './evaluate-check.ts';
import { guardSubject, NotRead } from './read-only-subject.ts';

/** A check with the parameters one control (or several) gives it. */
export interface CheckUse {
  readonly check: Check;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Digest of the check's logic. */
  readonly logic: string;
}

/** One collection as normalised. */
export interface JudgedCollection {
  /** `aws:111122223333` or `aws:111122223333/us-east-1`. */
  readonly scope: string;
  /** The source's own as-of time, or when the collection began. ISO-8601 UTC. */
  readonly asOf: string;
  /** Resource types that were looked for, found or not. */
  readonly types: readonly string[];
  readonly resources: readonly ReadResource[];
  readonly incomplete: readonly { readonly type: string; readonly reason: GapReason }[];
}

/** Verdicts of former evaluations; `src/store` keeps them in state.db. Losing it costs time and nothing else. */
export interface VerdictCache {
  load(checkKey: string): Map<string, CachedVerdict>;
  update(checkKey: string, changed: Iterable<CachedVerdict>, gone: Iterable<string>): void;
  /** What each check came to last, for a process that judges the same subjects over and over. */
  readonly uses?: Map<string, RememberedUse>;
}
/** Holds while every subject is the very same object, nothing else is missing, and no verdict has ended. */
export interface RememberedUse {
  readonly members: readonly { readonly resource: ReadResource; readonly stale: boolean }[];
  /** As JSON: where there may be more subjects. */
  readonly incomplete: string;
  /** Earliest end of a verdict; null: none ends. */
  readonly until: string | null;
  readonly use: OneUse;
}
export interface CachedVerdict {
  readonly subject: string;
  /** Of everything the check can see of the subject. */
  readonly digest: string;
  /** `pass`, `fail`, `not-applicable`, or `no-evidence:` and the reason. */
  readonly outcome: string;
  readonly message: string;
  readonly until: string | null;
}

export interface EvaluateSourceOptions {
  /** `aws:111122223333`. */
  readonly source: string;
  /** Checks of this kind of source. */
  readonly checks: readonly CheckUse[];
  readonly collections: readonly JudgedCollection[];
  /** Scopes in which a resource type should have been looked for and was not. */
  readonly missing?: readonly { readonly type: string; readonly scope: string; readonly reason: GapReason }[];
  /** ISO-8601 UTC. */
  readonly now: string;
  /** Milliseconds after its as-of time from which a collection says nothing about now. Default: never. */
  readonly staleAfterMs?: number;
  readonly cache?: VerdictCache;
}

export interface SourceEvaluation {
  /** Sorted by check id, then by the canonical text of the parameters. */
  readonly checks: readonly CheckResults[];
  /** Every subject there is, sorted by type and id. */
  readonly population: readonly { readonly type: string; readonly id: string; readonly display: string }[];
  readonly counts: OutcomeCounts;
  /** How many verdicts were given anew; the others were known and still hold. */
  readonly judged: number;
  /** Cache keys in use; what is under any other can be forgotten. */
  readonly checkKeys: ReadonlySet<string>;
  /** As-of time of the oldest collection that was judged; `now` when there was none. */
  readonly asOf: string;
}

interface Member {
  readonly resource: ReadResource;
  readonly asOf: string;
  readonly stale: boolean;
}

/**
 * Judges one source: every check over every subject of its type. A subject that has not changed keeps its verdict until the verdict
 * itself ends. Pure but for the cache it is handed.
 * @throws Error naming check and subject when a check has a bug; ZodError when parameters do not fit theirs.
 */
export function evaluateSource(options: EvaluateSourceOptions): SourceEvaluation {
  const members = membersByType(options);
  const types = new Set(options.collections.flatMap((collection) => collection.types));
  const checkKeys = new Set<string>();
  let judged = 0;
  const checks = options.checks.map((use): CheckResults & { readonly order: string } => {
    const type = use.check.subject.type;
    const one = evaluateUse(use, members.get(type) ?? [], incompleteOf(options, type, types), options);
    judged += one.judged;
    checkKeys.add(one.checkKey);
    return {
      check: use.check.id,
      parameters: one.parameters,
      logic: use.logic,
      subjectType: type,
      excluded: one.excluded,
      results: one.results,
      order: `${use.check.id}\u0000${canonicalText(one.parameters)}`,
    };
  });
  return {
    checks: checks.sort((left, right) => (left.order < right.order ? -1 : 1)).map(({ order: _, ...results }) => results),
    population: [...members.keys()]
      .sort()
      .flatMap((type) =>
        (members.get(type) ?? [])
          .map(({ resource }) => ({ type, id: resource.id, display: resource.display }))
          .sort((left, right) => (left.id < right.id ? -1 : 1)),
      ),
    counts: countOutcomes(checks.flatMap((check) => check.results)),
    judged,
    checkKeys,
    asOf: options.collections.map((collection) => collection.asOf).sort()[0] ?? options.now,
  };
}

export function countOutcomes(results: Iterable<Pick<Result, 'outcome'>>): OutcomeCounts {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as OutcomeCounts;
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

/** Why there may be subjects of a type that nobody has seen, by scope. */
function incompleteOf(options: EvaluateSourceOptions, type: string, looked: ReadonlySet<string>): { scope: string; reason: GapReason }[] {
  const missing = (options.missing ?? []).filter((one) => one.type === type);
  if (!looked.has(type) && missing.length === 0) return [{ scope: options.source, reason: 'not-collected' }];
  return [
    ...missing.map(({ scope, reason }) => ({ scope, reason })),
    ...options.collections.flatMap((collection) => [
      ...collection.incomplete.filter((one) => one.type === type).map(({ reason }) => ({ scope: collection.scope, reason })),
      ...(collection.types.includes(type) && isStale(collection, options) ? [{ scope: collection.scope, reason: 'stale' as const }] : []),
    ]),
  ];
}

function isStale(collection: JudgedCollection, options: EvaluateSourceOptions): boolean {
  return options.staleAfterMs !== undefined && Date.parse(options.now) - Date.parse(collection.asOf) > options.staleAfterMs;
}

function membersByType(options: EvaluateSourceOptions): Map<string, Member[]> {
  const byId = new Map<string, Member>();
  for (const collection of options.collections) {
    const stale = isStale(collection, options);
    for (const resource of collection.resources) {
      const key = `${resource.type}\u0000${resource.id}`;
      const known = byId.get(key);
      // Two collections that name one thing: nobody can say which of them is right.
      byId.set(
        key,
        known === undefined ? { resource, asOf: collection.asOf, stale } : { ...known, resource: contradicted(known.resource, resource) },
      );
    }
  }
  return Map.groupBy(byId.values(), (member) => member.resource.type);
}

function contradicted(left: ReadResource, right: ReadResource): ReadResource {
  const names = new Set([
    ...Object.keys(left.fields),
    ...Object.keys(left.unread),
    ...Object.keys(right.fields),
    ...Object.keys(right.unread),
  ]);
  return { ...left, fields: {}, unread: Object.fromEntries([...names].map((name) => [name, 'malformed-reply' as const])) };
}

export interface OneUse {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly results: readonly Result[];
  readonly excluded: readonly string[];
  readonly judged: number;
  readonly checkKey: string;
}

function evaluateUse(
  use: CheckUse,
  members: readonly Member[],
  incomplete: readonly { readonly scope: string; readonly reason: GapReason }[],
  options: EvaluateSourceOptions,
): OneUse {
  const { check } = use;
  const parameters = check.parameters.parse(use.parameters);
  const checkKey = digestOf({ check: check.id, parameters, logic: use.logic, source: options.source });
  const same = rememberedUse(checkKey, members, incomplete, options);
  if (same !== undefined) return { ...same, judged: 0 };
  const known = options.cache?.load(checkKey) ?? new Map<string, CachedVerdict>();
  const kept = new Set<string>();
  const changed: CachedVerdict[] = [];
  const results: Result[] = [];
  const excluded: string[] = [];
  let judged = 0;
  let looksAtTime = false;
  for (const { resource, asOf, stale } of members) {
    const guarded = guardSubject(resource);
    const applies = appliesTo(check, guarded, asOf, parameters, () => {
      looksAtTime = true;
    });
    if (applies === false) {
      excluded.push(resource.id);
      continue;
    }
    if (stale) {
      results.push(notSeen(resource, 'stale'));
      continue;
    }
    if (applies instanceof NotRead) {
      results.push(notRead(resource, applies));
      continue;
    }
    const former = known.get(resource.id);
    const digest = options.cache === undefined ? undefined : digestOfSubject(resource);
    const holding = former !== undefined && former.digest === digest ? verdictOf(former, resource, asOf) : undefined;
    if (holding) {
      kept.add(resource.id);
      results.push(holding);
      continue;
    }
    const result = judge(check, guarded, asOf, parameters);
    judged += 1;
    results.push(result);
    if (digest === undefined) continue;
    kept.add(resource.id);
    const outcome = result.reason === undefined ? result.outcome : `${result.outcome}:${result.reason}`;
    changed.push({ subject: resource.id, digest, outcome, message: result.message, until: result.until ?? null });
  }
  const gone = [...known.keys()].filter((subject) => !kept.has(subject));
  if (options.cache !== undefined && (changed.length > 0 || gone.length > 0)) options.cache.update(checkKey, changed, gone);
  const one = { parameters, results: wholeResults(results, incomplete), excluded: excluded.sort(), judged, checkKey };
  // Whom a check applies to must not depend on the time; a verdict does not, until it ends.
  if (looksAtTime) options.cache?.uses?.delete(checkKey);
  else {
    options.cache?.uses?.set(checkKey, {
      members: members.map(({ resource, stale }) => ({ resource, stale })),
      incomplete: JSON.stringify(incomplete),
      until: results.reduce<string | null>(
        (least, { until }) => (until !== undefined && (least === null || until < least) ? until : least),
        null,
      ),
      use: one,
    });
  }
  return one;
}

function rememberedUse(
  checkKey: string,
  members: readonly Member[],
  incomplete: readonly object[],
  options: EvaluateSourceOptions,
): OneUse | undefined {
  const former = options.cache?.uses?.get(checkKey);
  if (former === undefined || former.members.length !== members.length) return undefined;
  const { until } = former;
  const holds = members.every(({ resource, asOf, stale }, at) => {
    const before = former.members[at];
    return before?.resource === resource && before.stale === stale && (until === null || asOf < until);
  });
  return holds && former.incomplete === JSON.stringify(incomplete) ? former.use : undefined;
}

/** A cached verdict as a result, while it holds. */
function verdictOf(former: CachedVerdict, resource: ReadResource, asOf: string): Result | undefined {
  const { message, until } = former;
  if (until !== null && asOf >= until) return undefined;
  const [said, why] = former.outcome.split(':', 2);
  const outcome = Outcome.safeParse(said);
  const reason = GapReason.optional().safeParse(why);
  if (!outcome.success || !reason.success) return undefined;
  return {
    subject: resource.id,
    display: resource.display,
    outcome: outcome.data,
    message,
    ...(reason.data === undefined ? {} : { reason: reason.data }),
    ...(until === null ? {} : { until }),
  };
}

const digests = new WeakMap<ReadResource, string>();
/** undefined for a subject with a field that JSON has no word for: it is judged each time. */
function digestOfSubject(resource: ReadResource): string | undefined {
  const known = digests.get(resource);
  if (known !== undefined) return known;
  try {
    const digest = digestOf({ display: resource.display, fields: resource.fields, unread: resource.unread });
    digests.set(resource, digest);
    return digest;
  } catch (error) {
    if (error instanceof ProoflineError && error.code === 'not-canonical') return undefined;
    throw error;
  }
}
