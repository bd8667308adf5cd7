import type { Index } from '../../src/index/open-index.ts';
import { indexTables } from '../../src/index/schema.ts';
import type { PlanDetail } from '../../src/model/plan.ts';
import type { CheckResults, Result } from '../../src/model/result.ts';
import type { StatementOf } from '../../src/model/statement.ts';
import { digestOf } from '../../src/seal/digest.ts';
import type { EvaluationDraft } from '../../src/store/contract.ts';
import type { EmbeddedStore } from '../../src/store/embedded.ts';
import { logic, source } from '../store/fixtures.ts';

export const type = 'house.key';
export const subjectId = (n: number | string) => `${source}/key/k${n}`;
export const subject = (n: number | string) => ({ type, id: subjectId(n), display: `key ${n}` });
export const result = (n: number | string, outcome: Result['outcome'], more: Partial<Result> = {}): Result => ({
  subject: n === '*' ? '*' : subjectId(n),
  display: n === '*' ? 'whole population' : `key ${n}`,
  outcome,
  message: `${outcome} of ${n}`,
  ...(outcome === 'no-evidence' ? { reason: 'access-denied' as const } : {}),
  ...more,
});
export const checkResults = (check: string, results: readonly Result[], more: Partial<CheckResults> = {}): CheckResults => ({
  check,
  parameters: {},
  logic,
  subjectType: type,
  excluded: [],
  results,
  ...more,
});
export const evaluation = (
  subjects: readonly (number | string)[],
  checks: readonly CheckResults[],
  more: Partial<EvaluationDraft> = {},
): EvaluationDraft => ({
  source,
  asOf: '2026-01-15T12:00:00.000Z',
  plan: null,
  reads: [],
  population: subjects.map(subject),
  checks,
  malformed: 0,
  ...more,
});

/** A plan with these checks: id -> severity and the controls that use it. */
export async function appendPlan(
  store: EmbeddedStore,
  checks: Readonly<
    Record<
      string,
      { severity: PlanDetail['checks'][number]['severity']; controls: string[]; parameters?: PlanDetail['checks'][number]['parameters'] }
    >
  >,
): Promise<void> {
  const detail: PlanDetail = {
    v: 1,
    version: '0.0.0',
    configuration: {},
    sources: [{ kind: 'house', name: 'home', members: [source] }],
    collectors: [],
    checks: Object.entries(checks).map(([id, { severity, controls, parameters = {} }]) => ({
      id,
      claim: `claim of ${id}`,
      severity,
      subject: type,
      parameters,
      parametersDigest: digestOf(parameters),
      logic,
      remediation: { console: 'c', cli: 'l', terraform: 't' },
      controls,
    })),
    controls: [],
    criteria: [],
    objectives: [],
    absentTypes: [],
    scopeRules: [],
  };
  await store.append<'plan'>({
    kind: 'plan',
    configuration: logic,
    collectors: [],
    checks: { count: detail.checks.length, digest: logic },
    controls: { count: 0, digest: logic },
    detail: await store.putBlob('plan', detail),
  });
}

export const schedule = 'home/critical';
export const turnAt = (due: string) => ({ schedule, due });
export const miss = (more: Partial<StatementOf<'schedule-miss'>> = {}) => ({
  kind: 'schedule-miss' as const,
  schedule,
  source: 'home',
  from: '2026-01-15T00:00:00.000Z',
  to: '2026-01-15T04:00:00.000Z',
  count: 2,
  reason: 'not-running' as const,
  late: false,
  ...more,
});
export const failedTurn = (due: string, more: Partial<StatementOf<'gap'>> = {}) => ({
  kind: 'gap' as const,
  subject: `turn ${schedule}`,
  reason: 'no role',
  from: due,
  to: null,
  of: { kind: 'turn' as const, name: schedule },
  turn: turnAt(due),
  attempts: 3,
  ...more,
});
export const delivery = (more: Partial<StatementOf<'delivery'>> = {}) => ({
  kind: 'delivery' as const,
  message: 'M-1',
  channel: 'oncall',
  channelKind: 'slack',
  route: 'all',
  notices: { 'check-failing': 2 },
  about: null,
  attempt: 1,
  outcome: 'delivered' as const,
  reason: null,
  fallback: null,
  ...more,
});
export const life = (run: string, event: string, more: Partial<NonNullable<StatementOf<'lifecycle'>['process']>> = {}) => ({
  kind: 'lifecycle' as const,
  event,
  detail: `${event} as asked`,
  process: {
    role: 'serve' as const,
    run,
    host: 'node-1',
    pid: 41,
    version: '0.2.0',
    node: '24.1.0',
    configuration: logic,
    by: 'proofline',
    ...more,
  },
});
/** What a log says of its own making, one statement each. */
export const operationSteps: readonly ((store: EmbeddedStore) => Promise<unknown>)[] = [
  (store) => store.append<'schedule-miss'>(miss()),
  (store) => store.append<'gap'>(failedTurn('2026-01-15T08:00:00.000Z')),
  (store) => store.appendEvaluation(evaluation([1], [], { turn: turnAt('2026-01-15T08:00:00.000Z') })),
  (store) => store.append<'delivery'>(delivery()),
  (store) => store.append<'delivery'>(delivery({ outcome: 'failed', reason: '503' })),
  (store) => store.append<'lifecycle'>(life('r1', 'started')),
  (store) => store.append<'lifecycle'>(life('r1', 'reloaded')),
  (store) => store.append<'lifecycle'>(life('r1', 'stopped')),
];

const tables = [...indexTables.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => String(name));
const bySummary = new Set(['not_pass', 'excluded', 'pass_until']);

/** Every row of every table; the numbers by which rows refer to a summary replaced by what it is of. */
export function dump({ database }: Index): Record<string, unknown[]> {
  return Object.fromEntries(
    tables.map((table) => {
      const sql = bySummary.has(table)
        ? `SELECT c.source AS s, c.check_id AS c, c.parameters_digest AS p, t.* FROM ${table} t JOIN check_summary c ON c.id = t.summary`
        : `SELECT * FROM ${table}`;
      const rows = database
        .prepare(sql)
        .all()
        .map(({ summary: _, ...row }) => ({ ...row, ...(table === 'check_summary' ? { id: 0 } : {}) }));
      return [table, rows.map((row) => JSON.stringify(row)).sort()];
    }),
  );
}
