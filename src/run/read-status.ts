import type { ReportKind } from '../config/configuration.ts';
import { coverageOf } from '../config/coverage.ts';
import { type CoveredType, controlState, type EvaluatedUse } from '../evaluate/control-state.ts';
import { countExpired } from '../index/count-expired.ts';
import { openCurrentIndex } from '../index/project.ts';
import { readStatus as readIndex, sumCounts } from '../index/read-status.ts';
import type { GapReason } from '../model/completeness.ts';
import type { Control, ControlState } from '../model/control.ts';
import type { Severity } from '../model/outcome.ts';
import type { PlanDetail } from '../model/plan.ts';
import type { OutcomeCounts } from '../model/statement.ts';
import type { Composition } from './composition.ts';
import { failuresOf, type HeldToNow, holdToNow, identityOf } from './hold-to-now.ts';
import { statusWarnings } from './status-warnings.ts';

export interface ControlReading {
  readonly id: string;
  readonly statement: string;
  readonly status: Control['status'];
  readonly owner: string | null;
  readonly automation: Control['automation'];
  readonly state: ControlState;
  readonly counts: OutcomeCounts;
  readonly failures: Readonly<Record<Severity, number>>;
  readonly checks: readonly string[];
  /** As-of time of the oldest collection its results rest on; null when it rests on none. */
  readonly evidenceAsOf: string | null;
  readonly reasons: readonly string[];
}
export interface StatusReading {
  readonly at: string;
  readonly entity: string;
  readonly demonstration: boolean;
  readonly log: { readonly origin: string; readonly entries: number; readonly signedTo: number; readonly dataDirectory: string };
  readonly anchors: {
    readonly configured: readonly string[];
    readonly latest: {
      readonly anchor: string;
      readonly method: string;
      readonly at: string;
      readonly time: string | null;
      readonly size: number;
    } | null;
    readonly sentence: string | null;
  };
  readonly sources: readonly {
    readonly source: string;
    /** What it calls itself now; empty when it has not said. */
    readonly display: string;
    readonly collections: number;
    readonly incomplete: readonly { readonly collector: string; readonly scope: string; readonly reasons: readonly GapReason[] }[];
    readonly oldest: string | null;
    readonly newest: string | null;
    readonly results: OutcomeCounts;
  }[];
  readonly counts: OutcomeCounts;
  readonly failures: Readonly<Record<Severity, number>>;
  readonly controls: readonly ControlReading[];
  readonly coverage: readonly {
    readonly report: ReportKind;
    readonly total: number;
    readonly covered: number;
    readonly proposed: number;
    readonly open: readonly string[];
  }[];
  readonly warnings: readonly string[];
}

/** Printed wherever no third party has seen the log. */
export const nobodyElseSaw = 'Recorded by the entity alone; nobody else saw this log.';

/**
 * Where every control of the plan in force stands, from aggregates of the index alone, brought up to the log first.
 * @throws ProoflineError `store-missing`, `store-*`
 */
export async function readStatus(app: Composition): Promise<StatusReading> {
  const store = await app.openStore({ readOnly: true });
  try {
    const index = await openCurrentIndex(store, app.configuration.store.data);
    try {
      const at = app.now();
      const held = holdToNow(await readIndex(index), {
        now: at,
        staleAfterMs: app.configuration.collect.staleAfterHours * 3_600_000,
        expired: await countExpired(index, at),
      });
      const { summary } = held;
      const plan = summary.plan?.detail;
      const displays = new Map(
        (
          await index.query
            .selectFrom('subject')
            .select(['source', 'display'])
            .where('type', 'in', ['aws.account', 'github.organisation'])
            .execute()
        ).map(({ source, display }) => [source, display]),
      );
      const latest = [...summary.anchors].sort((a, b) => b.index - a.index)[0];
      return {
        at,
        entity: app.configuration.entity.name,
        demonstration: store.demonstration,
        log: {
          origin: store.origin,
          entries: store.size(),
          signedTo: store.checkpoints().at(-1)?.size ?? 0,
          dataDirectory: app.configuration.store.data,
        },
        anchors: {
          configured: app.configuration.anchors.map(({ name }) => name),
          latest:
            latest === undefined
              ? null
              : { anchor: latest.anchor, method: latest.method, at: latest.at, time: latest.receiptTime, size: latest.size },
          sentence: latest === undefined ? nobodyElseSaw : null,
        },
        sources: summary.sources.map(({ source, collections, incomplete, oldest, newest, results }) => ({
          source,
          display: displays.get(source) ?? '',
          collections,
          incomplete,
          oldest,
          newest,
          results,
        })),
        counts: summary.counts,
        failures: summary.failures,
        controls:
          plan === undefined
            ? []
            : plan.controls.filter(({ status }) => status !== 'retired').map((control) => readControl(control, plan, held)),
        coverage: plan === undefined ? [] : app.configuration.reports.map((report) => readCoverage(report, plan, app)),
        warnings: statusWarnings(app, held),
      };
    } finally {
      await index.close();
    }
  } finally {
    await store.close();
  }
}

function readControl(control: Control, plan: PlanDetail, held: HeldToNow): ControlReading {
  const { checks, collections } = held.summary;
  const used = plan.checks.filter(({ controls }) => controls.includes(control.id));
  const found = used.map((use) => ({
    use,
    rows: checks.filter((row) => row.check === use.id && row.parametersDigest === use.parametersDigest),
  }));
  const uses: EvaluatedUse[] = found.map(({ use, rows }) => ({
    check: use.id,
    counts: rows.length === 0 ? undefined : sumCounts(rows.map(({ counts }) => counts)),
  }));
  const { state, counts, reasons } = controlState(
    uses,
    control.covers.map((type) => coveredType(type, plan)),
  );
  const judged = found.flatMap(({ rows }) => rows);
  const subjects = new Set(used.map(({ subject }) => subject));
  const collectors = new Set(plan.collectors.filter(({ yields }) => yields.some((type) => subjects.has(type))).map(({ id }) => id));
  // A source that was never entered may hold anything: nothing speaks for the control as a whole then.
  const blind = held.unentered.filter(({ kind }) => [...subjects].some((type) => type.startsWith(`${kind}.`)));
  return {
    id: control.id,
    statement: control.statement,
    status: control.status,
    owner: control.owner ?? null,
    automation: control.automation,
    state: blind.length > 0 && state !== 'failures-observed' ? 'no-evidence' : state,
    counts,
    failures: failuresOf(judged),
    checks: used.map(({ id }) => id),
    evidenceAsOf:
      collections
        .filter(({ collector }) => collectors.has(collector))
        .map(({ sourceAsOf, finishedAt }) => sourceAsOf ?? finishedAt)
        .sort()[0] ?? null,
    reasons: [
      ...reasons,
      ...blind.map(({ kind, name }) => `source ${kind} "${name}" has never been entered`),
      ...[...held.stale]
        .filter((source) => judged.some((row) => row.source === source))
        .map((source) => `${source} was last judged too long ago`),
      ...judged.filter((row) => held.ended.has(identityOf(row))).map(({ check, source }) => `${check}: verdicts of ${source} have ended`),
    ],
  };
}

function coveredType(type: string, plan: PlanDetail): CoveredType {
  if (plan.collectors.some(({ yields }) => yields.includes(type))) return { type, state: 'collected' };
  const absent = plan.absentTypes.find((one) => one.type === type);
  if (absent === undefined) return { type, state: 'not-collected' };
  return { type, state: absent.by === 'AWS Config' ? 'absent' : 'declared-absent' };
}

function readCoverage(report: ReportKind, plan: PlanDetail, app: Composition): StatusReading['coverage'][number] {
  const frameworks = { ...app.frameworks(), objectives: plan.objectives };
  const rows = coverageOf(report, { controls: plan.controls, frameworks, trustServices: app.configuration.trustServices });
  return {
    report,
    total: rows.length,
    covered: rows.filter(({ covered }) => covered).length,
    proposed: rows.filter(({ covered, proposed }) => !covered && proposed.length > 0).length,
    open: rows.filter(({ covered, proposed }) => !covered && proposed.length === 0).map(({ id }) => id),
  };
}
