import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { GapReason } from '../model/completeness.ts';
import { type Outcome, outcomes, type Severity } from '../model/outcome.ts';
import type { Index } from './open-index.ts';
import type { IndexSchema } from './schema.ts';

export interface ResultFilter {
  readonly check?: string | undefined;
  /** Id of a control of the plan in force. */
  readonly control?: string | undefined;
  readonly outcomes?: readonly Outcome[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  /** `aws:111122223333`. */
  readonly source?: string | undefined;
  /** Part of a subject's id or display name, in any case. */
  readonly subject?: string | undefined;
  /** Default: all. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}
export interface IndexedResult {
  readonly check: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly parametersDigest: string;
  /** Of the check in the plan in force; null when it is not in it any more. */
  readonly severity: Severity | null;
  /** Empty when the check is not in the plan any more. */
  readonly claim: string;
  readonly remediation: { readonly console: string; readonly cli: string; readonly terraform: string } | null;
  /** Controls of the plan in force that use the check with these parameters. */
  readonly controls: readonly string[];
  readonly source: string;
  readonly subject: string;
  readonly display: string;
  readonly outcome: Outcome;
  /** A pass has its check's claim: what it says is that the claim holds. */
  readonly message: string;
  readonly reason: GapReason | null;
  readonly until: string | null;
  /** As-of time of the evaluation. */
  readonly asOf: string;
}
export interface FoundResults {
  /** All that match, also those beyond `limit`. */
  readonly total: number;
  readonly results: readonly IndexedResult[];
}

/** Failures first, then what is unknown, and passes last. */
const outcomeOrder: readonly Outcome[] = ['fail', 'no-evidence', 'waived', 'empty', 'not-applicable', 'pass'];

/** Current results that match: by outcome, severity, check, source and subject in this order. */
export async function readResults(index: Index, filter: ResultFilter = {}): Promise<FoundResults> {
  const wanted = filter.outcomes ?? outcomes;
  const limit = filter.limit ?? Number.MAX_SAFE_INTEGER;
  const offset = filter.offset ?? 0;
  const others = wanted.filter((outcome) => outcome !== 'pass');
  const listed = others.length === 0 ? { total: 0, rows: [] } : await readListed(index, filter, others, limit, offset);
  const passes = wanted.includes('pass')
    ? await readPasses(index, filter, limit - listed.rows.length, Math.max(0, offset - listed.total))
    : { total: 0, rows: [] };
  const rows = [...listed.rows, ...passes.rows];
  const uses = await usesOf(index, rows);
  return {
    total: listed.total + passes.total,
    results: rows.map((row) => ({
      check: row.check_id,
      parameters: JSON.parse(row.parameters) as Record<string, unknown>,
      parametersDigest: row.parameters_digest,
      severity: row.severity,
      claim: row.claim ?? '',
      remediation: row.remediation === null ? null : (JSON.parse(row.remediation) as { console: string; cli: string; terraform: string }),
      controls: uses.get(`${row.check_id} ${row.parameters_digest}`) ?? [],
      source: row.source,
      subject: row.subject,
      display: row.display,
      outcome: row.outcome,
      message: row.message ?? row.claim ?? '',
      reason: row.reason as GapReason | null,
      until: row.until,
      asOf: row.as_of,
    })),
  };
}

interface Row {
  check_id: string;
  parameters: string;
  parameters_digest: string;
  severity: Severity | null;
  claim: string | null;
  remediation: string | null;
  source: string;
  subject: string;
  display: string;
  outcome: Outcome;
  message: string | null;
  reason: string | null;
  until: string | null;
  as_of: string;
}
interface Part {
  readonly total: number;
  readonly rows: readonly Row[];
}

/** The checks over sources that the filter leaves, with what the plan says of them. */
function summaries({ query }: Index, filter: ResultFilter) {
  return query
    .selectFrom('check_summary as c')
    .innerJoin('evaluation as e', 'e.source', 'c.source')
    .leftJoin('plan_check as p', (join) =>
      join.onRef('p.check_id', '=', 'c.check_id').onRef('p.parameters_digest', '=', 'c.parameters_digest'),
    )
    .$if(filter.check !== undefined, (q) => q.where('c.check_id', '=', filter.check ?? ''))
    .$if(filter.source !== undefined, (q) => q.where('c.source', '=', filter.source ?? ''))
    .$if(filter.severities !== undefined, (q) => q.where('p.severity', 'in', [...(filter.severities ?? [])]))
    .$if(filter.control !== undefined, (q) =>
      q.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('plan_use as u')
            .select('u.control_id')
            .where('u.control_id', '=', filter.control ?? '')
            .whereRef('u.check_id', '=', 'c.check_id')
            .whereRef('u.parameters_digest', '=', 'c.parameters_digest'),
        ),
      ),
    );
}
const summaryColumns = [
  'c.check_id',
  'c.parameters',
  'c.parameters_digest',
  'c.source',
  'p.severity',
  'p.claim',
  'p.remediation',
  'e.as_of',
] as const;
const severityRank = sql<number>`coalesce(p.severity_rank, 9)`;

async function readListed(
  index: Index,
  filter: ResultFilter,
  wanted: readonly Exclude<Outcome, 'pass'>[],
  limit: number,
  offset: number,
): Promise<Part> {
  const matching = summaries(index, filter)
    .innerJoin('not_pass as n', 'n.summary', 'c.id')
    .where('n.outcome', 'in', [...wanted])
    .$if(filter.subject !== undefined, (q) => q.where(contains('n.subject', 'n.display', filter.subject ?? '')));
  const total =
    filter.subject === undefined
      ? await countListed(index, filter, wanted)
      : Number((await matching.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst())?.count ?? 0);
  if (total <= offset || limit <= 0) return { total, rows: [] };
  const rank = sql<number>`case n.outcome ${sql.join(
    outcomeOrder.map((outcome, n) => sql`when ${outcome} then ${sql.lit(n)}`),
    sql` `,
  )} end`;
  const rows = await matching
    .select([...summaryColumns, 'n.subject', 'n.display', 'n.outcome', 'n.message', 'n.reason', 'n.until'])
    .orderBy(rank)
    .orderBy(severityRank)
    .orderBy('c.check_id')
    .orderBy('c.parameters_digest')
    .orderBy('c.source')
    .orderBy('n.subject')
    .limit(limit)
    .offset(offset)
    .execute();
  return { total, rows };
}

const countColumn = {
  fail: 'fail',
  'not-applicable': 'not_applicable',
  empty: 'empty',
  'no-evidence': 'no_evidence',
  waived: 'waived',
} as const satisfies Record<Exclude<Outcome, 'pass'>, keyof IndexSchema['check_summary']>;

/** From the aggregates: without a look at single results. */
async function countListed(index: Index, filter: ResultFilter, wanted: readonly Exclude<Outcome, 'pass'>[]): Promise<number> {
  const rows = await summaries(index, filter)
    .select(wanted.map((outcome) => `c.${countColumn[outcome]}` as const))
    .execute();
  return rows.reduce((sum, row) => sum + Object.values(row).reduce((all: number, count) => all + Number(count), 0), 0);
}

/** Passes are the subjects that are neither excluded nor listed; they are read check by check, and only as far as the page reaches. */
async function readPasses(index: Index, filter: ResultFilter, limit: number, offset: number): Promise<Part> {
  const of = await summaries(index, filter)
    .where('c.pass', '>', 0)
    .select([...summaryColumns, 'c.id', 'c.pass', 'c.subject_type', 'c.until'])
    .orderBy(severityRank)
    .orderBy('c.check_id')
    .orderBy('c.parameters_digest')
    .orderBy('c.source')
    .execute();
  let total = 0;
  const rows: Row[] = [];
  for (const summary of of) {
    const passing = index.query
      .selectFrom('subject as s')
      .leftJoin('pass_until as u', (join) => join.onRef('u.subject', '=', 's.id').on('u.summary', '=', summary.id))
      .where('s.source', '=', summary.source)
      .where('s.type', '=', summary.subject_type)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('not_pass as n').select('n.summary').where('n.summary', '=', summary.id).whereRef('n.subject', '=', 's.id'))),
      )
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('excluded as x').select('x.summary').where('x.summary', '=', summary.id).whereRef('x.subject', '=', 's.id'))),
      )
      .$if(filter.subject !== undefined, (q) => q.where(contains('s.id', 's.display', filter.subject ?? '')));
    const count =
      filter.subject === undefined
        ? summary.pass
        : Number((await passing.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst())?.count ?? 0);
    const skip = Math.max(0, offset - total);
    total += count;
    const room = limit - rows.length;
    if (room <= 0 || skip >= count) continue;
    const found = await passing
      .select([
        's.id as subject',
        's.display',
        sql<string | null>`case when u.subject is null then ${summary.until} else u.until end`.as('until'),
      ])
      .orderBy('s.id')
      .limit(room)
      .offset(skip)
      .execute();
    rows.push(...found.map((row) => ({ ...summary, ...row, outcome: 'pass' as const, message: null, reason: null })));
  }
  return { total, rows };
}

/** `%` and `_` are themselves here. SQLite's LIKE takes ASCII letters in any case. */
function contains(id: string, display: string, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`;
  return sql<SqlBool>`(${sql.ref(id)} like ${pattern} escape '\\' or ${sql.ref(display)} like ${pattern} escape '\\')`;
}

async function usesOf({ query }: Index, rows: readonly Row[]): Promise<Map<string, string[]>> {
  const checks = [...new Set(rows.map((row) => row.check_id))];
  if (checks.length === 0) return new Map();
  const uses = await query.selectFrom('plan_use').selectAll().where('check_id', 'in', checks).orderBy('control_id').execute();
  const found = new Map<string, string[]>();
  for (const use of uses) {
    const key = `${use.check_id} ${use.parameters_digest}`;
    found.set(key, [...(found.get(key) ?? []), use.control_id]);
  }
  return found;
}
