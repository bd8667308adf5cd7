import type { GapReason } from '../model/completeness.ts';
import { ProoflineError } from '../model/errors.ts';
import { outcomes, type Severity, severities } from '../model/outcome.ts';
import { PlanDetail } from '../model/plan.ts';
import type { OutcomeCounts } from '../model/statement.ts';
import type { Index } from './open-index.ts';

export interface CheckSummary {
  readonly source: string;
  readonly check: string;
  readonly parametersDigest: string;
  /** JSON of the parameters. */
  readonly parameters: string;
  readonly logic: string;
  readonly subjectType: string;
  /** Of the check in the plan in force; null when it is not in it any more. */
  readonly severity: Severity | null;
  readonly counts: OutcomeCounts;
  readonly until: string | null;
  /** As-of time of the evaluation. */
  readonly asOf: string;
}
export interface LatestCollection {
  readonly index: number;
  readonly collector: string;
  readonly scope: string;
  readonly source: string;
  /** When it was sealed. */
  readonly at: string;
  readonly finishedAt: string;
  readonly sourceAsOf: string | null;
  readonly items: number;
  readonly reasons: readonly GapReason[];
  readonly clockSuspect: boolean;
  /** Hosts that are not the provider's own. */
  readonly unofficialHosts: readonly string[];
  /** Counts of another collector that this one did not reach or exceeded. */
  readonly differences: readonly { readonly with: string; readonly field: string; readonly expected: number; readonly seen: number }[];
}
export interface SourceSummary {
  readonly source: string;
  readonly collections: number;
  readonly incomplete: readonly { readonly collector: string; readonly scope: string; readonly reasons: readonly GapReason[] }[];
  /** As-of times of its latest collections; null when there is none. */
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly results: OutcomeCounts;
  /** Of the latest evaluation; null when there is none. */
  readonly evaluation: {
    readonly index: number;
    readonly at: string;
    readonly asOf: string;
    readonly population: number;
    readonly malformed: number;
  } | null;
}
export interface AnchorRow {
  readonly index: number;
  readonly at: string;
  readonly anchor: string;
  readonly method: string;
  readonly size: number;
  readonly receiptTime: string | null;
}
export interface StatusSummary {
  /** Entries of the log that are in the index. */
  readonly entries: number;
  readonly plan: { readonly index: number; readonly at: string; readonly detail: PlanDetail } | null;
  readonly sources: readonly SourceSummary[];
  readonly checks: readonly CheckSummary[];
  readonly collections: readonly LatestCollection[];
  readonly counts: OutcomeCounts;
  /** Failing results by severity of the check. */
  readonly failures: Readonly<Record<Severity, number>>;
  /** The latest of each anchor. */
  readonly anchors: readonly AnchorRow[];
  readonly decisions: number;
  readonly gaps: number;
}

/**
 * Everything `status` needs, from aggregates: it does not look at a single result. Rows are sorted, so that equal logs give equal bytes.
 * @throws ProoflineError `store-unreadable` when another release recorded the plan in force
 */
export async function readStatus({ query }: Index): Promise<StatusSummary> {
  const checks = await readChecks(query);
  const collections = await readLatestCollections(query);
  const evaluations = await query.selectFrom('evaluation').selectAll().orderBy('source').execute();
  const plan = await query.selectFrom('plan').selectAll().executeTakeFirst();
  const size = await query.selectFrom('meta').select('value').where('key', '=', 'size').executeTakeFirst();
  const anchors = await query
    .selectFrom('anchor')
    .select(['idx as index', 'at', 'anchor', 'method', 'size', 'receipt_time as receiptTime'])
    .where('idx', 'in', (inner) =>
      inner
        .selectFrom('anchor')
        .select(({ fn }) => fn.max('idx').as('idx'))
        .groupBy('anchor'),
    )
    .orderBy('anchor')
    .execute();
  const bySource = {
    checks: Map.groupBy(checks, (check) => check.source),
    collections: Map.groupBy(collections, (collection) => collection.source),
    evaluations: new Map(evaluations.map((evaluation) => [evaluation.source, evaluation])),
  };
  const sources = [...new Set([...bySource.collections.keys(), ...bySource.evaluations.keys()])].sort();
  return {
    entries: Number(size?.value ?? 0),
    plan: plan === undefined ? null : { index: plan.idx, at: plan.at, detail: planOf(plan.detail) },
    sources: sources.map((source): SourceSummary => {
      const of = bySource.collections.get(source) ?? [];
      const times = of.map((collection) => collection.sourceAsOf ?? collection.finishedAt).sort();
      const evaluation = bySource.evaluations.get(source);
      return {
        source,
        collections: of.length,
        incomplete: of
          .filter((collection) => collection.reasons.length > 0)
          .map(({ collector, scope, reasons }) => ({ collector, scope, reasons })),
        oldest: times[0] ?? null,
        newest: times.at(-1) ?? null,
        results: sumCounts((bySource.checks.get(source) ?? []).map((check) => check.counts)),
        evaluation:
          evaluation === undefined
            ? null
            : {
                index: evaluation.idx,
                at: evaluation.at,
                asOf: evaluation.as_of,
                population: evaluation.population,
                malformed: evaluation.malformed,
              },
      };
    }),
    checks,
    collections,
    counts: sumCounts(checks.map((check) => check.counts)),
    failures: Object.fromEntries(
      severities.map((severity) => [
        severity,
        checks.filter((check) => check.severity === severity).reduce((sum, check) => sum + check.counts.fail, 0),
      ]),
    ) as Record<Severity, number>,
    anchors,
    decisions: await countOf(query, 'decision'),
    gaps: await countOf(query, 'gap'),
  };
}

function planOf(detail: string): PlanDetail {
  const read = PlanDetail.safeParse(JSON.parse(detail));
  if (read.success) return read.data;
  throw new ProoflineError(
    'store-unreadable',
    'the plan in force was recorded by another release; collect once with this one to record its own',
    {
      cause: read.error,
    },
  );
}

export function sumCounts(all: readonly OutcomeCounts[]): OutcomeCounts {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, all.reduce((sum, counts) => sum + counts[outcome], 0)])) as OutcomeCounts;
}

async function countOf(query: Index['query'], table: 'decision' | 'gap'): Promise<number> {
  const row = await query
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return row?.count ?? 0;
}

async function readChecks(query: Index['query']): Promise<CheckSummary[]> {
  const rows = await query
    .selectFrom('check_summary as c')
    .innerJoin('evaluation as e', 'e.source', 'c.source')
    .leftJoin('plan_check as p', (join) =>
      join.onRef('p.check_id', '=', 'c.check_id').onRef('p.parameters_digest', '=', 'c.parameters_digest'),
    )
    .selectAll('c')
    .select(['p.severity', 'e.as_of'])
    .orderBy('c.check_id')
    .orderBy('c.parameters_digest')
    .orderBy('c.source')
    .execute();
  return rows.map((row) => ({
    source: row.source,
    check: row.check_id,
    parametersDigest: row.parameters_digest,
    parameters: row.parameters,
    logic: row.logic,
    subjectType: row.subject_type,
    severity: row.severity,
    counts: {
      pass: row.pass,
      fail: row.fail,
      'not-applicable': row.not_applicable,
      empty: row.empty,
      'no-evidence': row.no_evidence,
      waived: row.waived,
    },
    until: row.until,
    asOf: row.as_of,
  }));
}

async function readLatestCollections(query: Index['query']): Promise<LatestCollection[]> {
  const rows = await query
    .selectFrom('latest_collection as l')
    .innerJoin('collection as c', 'c.idx', 'l.idx')
    .selectAll('c')
    .orderBy('c.source')
    .orderBy('c.collector')
    .orderBy('c.scope')
    .execute();
  return rows.map((row) => ({
    index: row.idx,
    collector: row.collector,
    scope: row.scope,
    source: row.source,
    at: row.at,
    finishedAt: row.finished_at,
    sourceAsOf: row.source_as_of,
    items: row.items,
    reasons: JSON.parse(row.reasons) as GapReason[],
    clockSuspect: row.clock_suspect === 1,
    unofficialHosts:
      row.unofficial === 0
        ? []
        : (JSON.parse(row.hosts) as { host: string; official: boolean }[]).filter(({ official }) => !official).map(({ host }) => host),
    differences: (JSON.parse(row.reconciliation) as { with: string; field: string; expected: number | null; seen: number }[]).flatMap(
      ({ with: other, field, expected, seen }) => (expected === null || expected === seen ? [] : [{ with: other, field, expected, seen }]),
    ),
  }));
}
