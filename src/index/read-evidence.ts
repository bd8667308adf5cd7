import type { GapReason } from '../model/completeness.ts';
import type { EvidenceGrade } from '../model/grade.ts';
import type { Index } from './open-index.ts';

export interface EvidenceFilter {
  readonly collector?: string | undefined;
  readonly source?: string | undefined;
  /** The source, or source/region. */
  readonly scope?: string | undefined;
  /** Only collections that did not see everything. */
  readonly incomplete?: boolean | undefined;
  /** Only the latest of each collector and scope. */
  readonly latest?: boolean | undefined;
  /** Sealed at or after; before. ISO-8601 UTC. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}
export interface IndexedCollection {
  readonly index: number;
  readonly at: string;
  readonly collector: string;
  readonly scope: string;
  readonly source: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly sourceAsOf: string | null;
  readonly session: string;
  readonly principal: string | null;
  readonly items: number;
  readonly requests: number;
  readonly failed: number;
  readonly changed: boolean;
  readonly complete: boolean;
  readonly reasons: readonly GapReason[];
  readonly gapCount: number;
  readonly withheld: number;
  readonly clockSuspect: boolean;
  readonly hosts: readonly { readonly host: string; readonly official: boolean }[];
  readonly reconciliation: readonly {
    readonly with: string;
    readonly field: string;
    readonly expected: number | null;
    readonly seen: number;
  }[];
  readonly grade: EvidenceGrade;
}

/** Collections, the latest first. */
export async function readEvidence(
  { query }: Index,
  filter: EvidenceFilter = {},
): Promise<{ readonly total: number; readonly evidence: readonly IndexedCollection[] }> {
  const matching = query
    .selectFrom('collection as c')
    .$if(filter.collector !== undefined, (q) => q.where('c.collector', '=', filter.collector ?? ''))
    .$if(filter.source !== undefined, (q) => q.where('c.source', '=', filter.source ?? ''))
    .$if(filter.scope !== undefined, (q) => q.where('c.scope', '=', filter.scope ?? ''))
    .$if(filter.incomplete === true, (q) => q.where('c.complete', '=', 0))
    .$if(filter.latest === true, (q) => q.where('c.idx', 'in', (inner) => inner.selectFrom('latest_collection').select('idx')))
    .$if(filter.from !== undefined, (q) => q.where('c.at', '>=', filter.from ?? ''))
    .$if(filter.to !== undefined, (q) => q.where('c.at', '<', filter.to ?? ''));
  const total = await matching.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst();
  const rows = await matching
    .selectAll()
    .orderBy('c.idx', 'desc')
    .limit(filter.limit ?? Number.MAX_SAFE_INTEGER)
    .offset(filter.offset ?? 0)
    .execute();
  return {
    total: total?.count ?? 0,
    evidence: rows.map((row) => ({
      index: row.idx,
      at: row.at,
      collector: row.collector,
      scope: row.scope,
      source: row.source,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      sourceAsOf: row.source_as_of,
      session: row.session,
      principal: row.principal,
      items: row.items,
      requests: row.requests,
      failed: row.failed,
      changed: row.changed === 1,
      complete: row.complete === 1,
      reasons: JSON.parse(row.reasons) as GapReason[],
      gapCount: row.gap_count,
      withheld: row.withheld,
      clockSuspect: row.clock_suspect === 1,
      hosts: JSON.parse(row.hosts) as { host: string; official: boolean }[],
      reconciliation: JSON.parse(row.reconciliation) as { with: string; field: string; expected: number | null; seen: number }[],
      grade: row.grade,
    })),
  };
}
