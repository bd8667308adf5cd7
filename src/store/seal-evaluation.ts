import type { DatabaseSync } from 'node:sqlite';
import type { CheckResultsBlob, PopulationBlob, ReadsBlob, ResultsListBlob } from '../model/blobs.ts';
import { type Outcome, outcomes } from '../model/outcome.ts';
import type { CheckResults, Result } from '../model/result.ts';
import type { OutcomeCounts } from '../model/statement.ts';
import { canonicalBytes } from '../seal/canonical-json.ts';
import { digestOf, fromBase64 } from '../seal/digest.ts';
import type { Blobs, Committed } from './blobs.ts';
import type { EvaluationDraft, Sealed } from './contract.ts';
import { formerIn, type LogSession } from './log.ts';
import { advance, type NextManifest, nextManifest, streams } from './manifests.ts';

/** An evaluation made ready to be sealed: everything that needs no lock. */
export interface PreparedEvaluation {
  readonly draft: EvaluationDraft;
  readonly population: NextManifest;
  readonly contents: ReadonlyMap<string, Committed>;
  readonly checks: readonly Committed[];
  readonly list: ResultsListBlob;
}

/** @throws ProoflineError `not-canonical` when a subject comes twice. */
export function prepareEvaluation(draft: EvaluationDraft, blobs: Blobs): PreparedEvaluation {
  const contents = new Map<string, Committed>();
  const pairs = draft.population.map(({ type, id, display }): [string, string] => {
    const subject: PopulationBlob = { type, id, display };
    const committed = blobs.commit(draft.source, canonicalBytes(subject));
    contents.set(committed.name, committed);
    return [blobs.commit(draft.source, canonicalBytes(id)).name, committed.name];
  });
  const checks = draft.checks
    .map((check) => ({ check, digest: digestOf(check.parameters) }))
    .sort((left, right) => order(left.check.check, right.check.check) || order(left.digest, right.digest))
    .map(({ check }) => resultsOf(check, draft.source, blobs));
  return {
    draft,
    population: nextManifest(distinct(pairs)),
    contents,
    checks: checks.map(({ committed }) => committed),
    list: checks.map(({ blob, committed }) => ({
      check: blob.check,
      parameters: blob.parameters,
      logic: blob.logic,
      counts: blob.counts,
      until: blob.until,
      results: committed.name,
    })),
  };
}

interface SealableResults {
  readonly blob: CheckResultsBlob;
  readonly committed: Committed;
}
/** By the list of results: a process that judges again and again hands over the very same list while nothing changed. */
const made = new WeakMap<readonly Result[], { readonly blobs: Blobs; readonly of: string; readonly results: SealableResults }>();

function resultsOf(check: CheckResults, source: string, blobs: Blobs): SealableResults {
  const of = JSON.stringify([source, check.check, check.parameters, check.logic, check.subjectType, check.excluded]);
  const known = made.get(check.results);
  if (known?.blobs === blobs && known.of === of) return known.results;
  const blob = checkResultsBlob(check);
  const results = { blob, committed: blobs.commit(source, canonicalBytes(blob)) };
  made.set(check.results, { blobs, of, results });
  return results;
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A subject in two lists of the caller is one subject; two subjects with one id are a bug of a collector. */
function distinct(pairs: readonly (readonly [string, string])[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const [id, content] of pairs) {
    if (map.has(id) && map.get(id) !== content) throw new Error('two resources of one source have the same id');
    map.set(id, content);
  }
  return map;
}

export function countOutcomes(results: readonly { readonly outcome: Outcome }[]): OutcomeCounts {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

function earliest(times: Iterable<string | null | undefined>): string | null {
  let found: string | null = null;
  for (const time of times) if (typeof time === 'string' && (found === null || time < found)) found = time;
  return found;
}

/** Every result that is not a pass; of the passes, only what the population and `until` do not say already. */
export function checkResultsBlob(of: CheckResults): CheckResultsBlob {
  const until = earliest(of.results.map((result) => result.until));
  const bySubject = (left: Result, right: Result) => order(left.subject, right.subject);
  const passes = of.results.filter((result) => result.outcome === 'pass').sort(bySubject);
  return {
    check: of.check,
    parameters: of.parameters as CheckResultsBlob['parameters'],
    logic: of.logic,
    counts: countOutcomes(of.results),
    until,
    subjectType: of.subjectType,
    excluded: [...of.excluded].sort(order),
    exceptions: passes
      .filter((result) => (result.until ?? null) !== until)
      .map((result): [string, string | null] => [result.subject, result.until ?? null]),
    notPass: of.results.filter((result) => result.outcome !== 'pass').sort(bySubject),
  };
}

/** Seals a prepared evaluation within a write transaction; an unchanged check's results are a blob that is there already. */
export function sealEvaluation(
  database: DatabaseSync,
  blobs: Blobs,
  session: LogSession,
  prepared: PreparedEvaluation,
): Sealed<'evaluation'> {
  const { draft, list } = prepared;
  const { source } = draft;
  const former = formerIn(database, 'evaluation', source);
  const put = (value: unknown, near?: string) =>
    blobs.put(source, blobs.commit(source, canonicalBytes(value)), near === undefined ? undefined : { commitment: fromBase64(near) });
  const population = advance(database, blobs, source, streams.population(source), prepared.population);
  let first: Uint8Array | undefined;
  for (const [name, before] of population.contents) {
    const committed = prepared.contents.get(name)!;
    const near = before === null ? first : fromBase64(before);
    blobs.put(source, committed, near === undefined ? undefined : { commitment: near, ofAnyMonth: before !== null });
    first ??= committed.commitment;
  }
  for (const committed of prepared.checks) blobs.put(source, committed);
  const reads: ReadsBlob = draft.reads.map(({ collector, scope, index }) => ({ collector, scope, index }));
  return session.append<'evaluation'>({
    kind: 'evaluation',
    after: session.after,
    plan: draft.plan,
    source,
    asOf: draft.asOf,
    reads: { count: reads.length, list: put(reads, former?.reads.list) },
    population: population.change,
    results: {
      checks: list.length,
      list: put(list, former?.results.list),
      counts: countOutcomes(draft.checks.flatMap((check) => check.results)),
      until: earliest(list.map((check) => check.until)),
    },
    malformed: draft.malformed,
    ...(draft.context === undefined ? {} : { context: put(draft.context) }),
    ...(draft.judgedAt === undefined ? {} : { judgedAt: draft.judgedAt }),
    ...(draft.turn === undefined ? {} : { turn: draft.turn }),
  });
}
