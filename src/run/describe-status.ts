import { statSync } from 'node:fs';
import { coverageOf } from '../config/coverage.ts';
import { trustServiceOf } from '../config/frameworks.ts';
import { type CoveredType, controlState } from '../evaluate/control-state.ts';
import { countExpired } from '../index/count-expired.ts';
import { openCurrentIndex } from '../index/project.ts';
import { readSourceGaps } from '../index/read-source-gaps.ts';
import { type CheckSummary, readStatus, type StatusSummary, sumCounts } from '../index/read-status.ts';
import type { Control, ControlState } from '../model/control.ts';
import type { Severity } from '../model/outcome.ts';
import type { PlanDetail } from '../model/plan.ts';
import type { OutcomeCounts } from '../model/statement.ts';
import type { Composition } from './composition.ts';
import { type DescribedOperation, describeOperation } from './describe-operation.ts';
import { failuresOf, type HeldToNow, holdToNow, identityOf } from './hold-to-now.ts';
import { kindsReading } from './registries.ts';

export interface ControlStatus {
  readonly control: Control;
  readonly state: ControlState;
  readonly counts: OutcomeCounts;
  readonly failures: Readonly<Record<Severity, number>>;
  /** Sentences that say why it stands so, worst first. */
  readonly reasons: readonly string[];
  /** As-of time of the oldest collection its results rest on; null when it rests on none. */
  readonly evidenceAsOf: string | null;
}
export interface ReportCoverage {
  readonly report: 'soc1' | 'soc2';
  readonly total: number;
  /** By an adopted control with a primary link. */
  readonly covered: number;
  /** Not covered, and a proposed control would cover it. */
  readonly proposed: number;
  /** Ids that nothing covers or would cover. */
  readonly open: readonly string[];
}
export interface DescribedStatus {
  readonly at: string;
  readonly origin: string;
  readonly demonstration: boolean;
  readonly signedTo: number;
  readonly summary: StatusSummary;
  /** What a source calls itself now, by id. */
  readonly displays: ReadonlyMap<string, string>;
  readonly controls: readonly ControlStatus[];
  readonly coverage: readonly ReportCoverage[];
  /** Configured sources nobody has entered yet, and sources whose evidence, or verdicts, are too old to speak for now. */
  readonly unseen: { readonly unentered: HeldToNow['unentered']; readonly tooOld: readonly string[] };
  /** Turns of schedules, the daemon and the channels. */
  readonly operation: DescribedOperation;
  /** What must be known beside the results. */
  readonly warnings: readonly string[];
  /** What must be said while no third party has seen the log; null once one has. */
  readonly anchorSentence: string | null;
}

/** Printed wherever no third party has seen the log. */
export const nobodyElseSaw = 'Recorded by the entity alone; nobody else saw this log.';

/**
 * Where every control stands now, from aggregates of the index, brought up to the log first. What is older than the configuration
 * allows, or whose verdict has ended, is no evidence, whatever it said.
 * @throws ProoflineError `store-missing`, `store-*`
 */
export async function describeStatus(app: Composition): Promise<DescribedStatus> {
  const store = await app.openStore({ readOnly: true });
  try {
    const index = await openCurrentIndex(store, app.configuration.store.data);
    try {
      const at = app.now();
      const held = holdToNow(await readStatus(index), {
        now: at,
        staleAfterMs: app.configuration.collect.staleAfterHours * 3_600_000,
        expired: await countExpired(index, at),
      });
      const named = await index.query
        .selectFrom('subject')
        .select(['source', 'display'])
        .where('type', 'in', ['aws.account', 'github.organisation'])
        .execute();
      const operation = await describeOperation(index, store.state.values, at);
      const plan = held.summary.plan?.detail;
      const live = plan?.controls.filter(({ status }) => status !== 'retired') ?? [];
      return {
        at,
        origin: store.origin,
        demonstration: store.demonstration,
        signedTo: store.checkpoints().at(-1)?.size ?? 0,
        summary: held.summary,
        displays: new Map(named.map(({ source, display }) => [source, display])),
        controls: plan === undefined ? [] : live.map((control) => controlStatus(control, plan, held)),
        coverage: plan === undefined ? [] : app.configuration.reports.map((report) => reportCoverage(report, plan, app)),
        unseen: {
          unentered: held.unentered,
          tooOld: [...new Set([...held.stale, ...[...held.ended].map((identity) => identity.split(' ')[0] ?? '')])].sort(),
        },
        operation,
        warnings: [
          ...unreadSince(held.summary, await readSourceGaps(index)),
          ...warningsOf(held),
          ...silentChannels(operation),
          ...changedSince(app, held.summary),
        ],
        anchorSentence: held.summary.anchors.length === 0 ? nobodyElseSaw : null,
      };
    } finally {
      await index.close();
    }
  } finally {
    await store.close();
  }
}

/** Whether a covered type is collected, or by what there is none of it. */
export function typeStateOf(type: string, plan: Pick<PlanDetail, 'collectors' | 'absentTypes'>): CoveredType['state'] {
  if (plan.collectors.some(({ yields }) => yields.includes(type))) return 'collected';
  const absent = plan.absentTypes.find((entry) => entry.type === type);
  if (absent === undefined) return 'not-collected';
  return absent.by === 'AWS Config' ? 'absent' : 'declared-absent';
}

/** Whether a type is of a source that the entity does not have: a control that was adopted without it does not speak for it either. */
export function isOfOthers(type: string, covers: readonly string[], plan: Pick<PlanDetail, 'collectors' | 'absentTypes'>): boolean {
  return !covers.includes(type) && typeStateOf(type, plan) === 'not-collected';
}

type CountedCheck = Pick<CheckSummary, 'source' | 'check' | 'parametersDigest' | 'severity' | 'counts'>;
/** Where one control stands by what its checks said and what it speaks for. */
export function controlStatus(
  control: Control,
  plan: PlanDetail,
  {
    summary,
    unentered,
    stale,
    ended,
  }: Omit<HeldToNow, 'summary'> & {
    readonly summary: { readonly checks: readonly CountedCheck[]; readonly collections: StatusSummary['collections'] };
  },
): ControlStatus {
  const gone = (type: string) => ['absent', 'declared-absent'].includes(typeStateOf(type, plan));
  // A check over something of which there is none has nothing to say; what the control covers says why.
  const said = new Set(summary.checks.map(({ check }) => check));
  const used = plan.checks.filter(
    ({ id, controls, subject }) =>
      controls.includes(control.id) && !gone(subject) && (said.has(id) || !isOfOthers(subject, control.covers, plan)),
  );
  const rows = used.map((use) => ({
    use,
    found: summary.checks.filter((row) => row.check === use.id && row.parametersDigest === use.parametersDigest),
  }));
  const reading = controlState(
    rows.map(({ use, found }) => ({
      check: use.id,
      counts: found.length === 0 ? undefined : sumCounts(found.map(({ counts }) => counts)),
    })),
    control.covers.map((type) => ({ type, state: typeStateOf(type, plan) })),
  );
  const all = rows.flatMap(({ found }) => found);
  const sources = new Set(all.map(({ source }) => source));
  const kinds = kindsReading(control.covers, plan.collectors);
  const blind = unentered.filter(({ kind }) => kinds.has(kind));
  const subjects = new Set(used.map(({ subject }) => subject));
  const collectors = new Set(plan.collectors.filter(({ yields }) => yields.some((type) => subjects.has(type))).map(({ id }) => id));
  const times = summary.collections
    .filter(({ collector }) => collectors.has(collector))
    .map(({ sourceAsOf, finishedAt }) => sourceAsOf ?? finishedAt);
  return {
    control,
    // What has never been entered may hold anything; only a failure that was seen outweighs that.
    state: blind.length > 0 && reading.state !== 'failures-observed' ? 'no-evidence' : reading.state,
    counts: reading.counts,
    failures: failuresOf(all),
    reasons: [
      ...reading.reasons,
      ...blind.map(({ kind, name }) => `source ${kind} "${name}" has never been entered`),
      ...[...stale].filter((source) => sources.has(source)).map((source) => `${source} was last judged too long ago`),
      ...all.filter((row) => ended.has(identityOf(row))).map(({ check, source }) => `${check}: verdicts of ${source} have ended`),
    ],
    evidenceAsOf: times.sort()[0] ?? null,
  };
}

function reportCoverage(report: 'soc1' | 'soc2', plan: PlanDetail, app: Composition): ReportCoverage {
  const { trustServices } = app.configuration;
  const frameworks = {
    criteria: plan.criteria.map((criterion) => ({ ...criterion, trustService: trustServiceOf(criterion.id) })),
    objectives: plan.objectives,
  };
  const rows = coverageOf(report, { controls: plan.controls, frameworks, trustServices });
  return {
    report,
    total: rows.length,
    covered: rows.filter(({ covered }) => covered).length,
    proposed: rows.filter(({ covered, proposed }) => !covered && proposed.length > 0).length,
    open: rows.filter(({ covered, proposed }) => !covered && proposed.length === 0).map(({ id }) => id),
  };
}

function warningsOf({ summary, unentered, stale, ended }: HeldToNow): string[] {
  const hosts = [...new Set(summary.collections.flatMap(({ unofficialHosts }) => unofficialHosts))].sort();
  const suspect = summary.collections.filter(({ clockSuspect }) => clockSuspect).length;
  const malformed = summary.sources.reduce((sum, { evaluation }) => sum + (evaluation?.malformed ?? 0), 0);
  return [
    ...unentered.map(({ kind, name }) => `Source ${kind} "${name}" has never been entered: there is no evidence of it at all.`),
    ...[...stale].map((source) => `${source} was last judged too long ago: what it said is no evidence now. Collect again.`),
    ...(ended.size > 0 ? [`Verdicts of ${ended.size} checks have ended and are no evidence now. Collect again.`] : []),
    ...(hosts.length > 0 ? [`Evidence came from ${hosts.join(', ')}: not a host of the source itself.`] : []),
    ...(suspect > 0 ? [`In ${suspect} collections the clocks differed too much to rely on the times.`] : []),
    ...(malformed > 0 ? [`${malformed} resources or fields were not as expected and are no evidence.`] : []),
    ...summary.collections.flatMap(({ collector, scope, differences }) =>
      differences.map(
        ({ with: other, field, expected, seen }) =>
          `${collector} saw ${seen} in ${scope}, ${other} counts ${expected} (${field}): the two do not agree.`,
      ),
    ),
  ];
}

/** Somebody was to be told and was not. */
function silentChannels({ channels }: DescribedOperation): string[] {
  return channels.flatMap(({ channel, failingSince, last }) =>
    failingSince === null
      ? []
      : [`Channel ${channel} has delivered nothing since ${failingSince}: ${last.reason ?? 'no reason is recorded'}.`],
  );
}

/** Sources that could not be entered when last tried: what is shown of them is from before. */
function unreadSince({ plan, sources }: StatusSummary, gaps: Awaited<ReturnType<typeof readSourceGaps>>): string[] {
  return gaps.flatMap(({ subject, at, reason }) => {
    const source = plan?.detail.sources.find(({ name }) => subject.endsWith(` "${name}"`));
    const judged = sources.flatMap((one) => (source?.members?.includes(one.source) && one.evaluation !== null ? [one.evaluation.at] : []));
    if (source === undefined || judged.some((time) => time > at)) return [];
    return [`Source ${source.kind} "${source.name}" could not be read when last tried, at ${at}: ${reason}. What is shown of it is older.`];
  });
}

/** What people wrote since the plan in force: it applies with the next collection, and until then nobody should think it does. */
function changedSince(app: Composition, { plan, sources }: StatusSummary): string[] {
  // The demonstration's clock is not the one its files are dated by.
  if (plan === null || app.demonstration) return [];
  // A plan that says the same is not recorded again; an evaluation shows that the files were read.
  const applied = Math.max(Date.parse(plan.at), ...sources.map(({ evaluation }) => (evaluation === null ? 0 : Date.parse(evaluation.at))));
  const { file, controls, objectives, scope } = app.configuration;
  const files = [file, ...controls, ...(objectives === undefined ? [] : [objectives]), ...(scope === undefined ? [] : [scope])];
  const changed = files.filter((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > applied);
  return changed.length === 0
    ? []
    : [`Changed since they were last recorded: ${changed.join(', ')}. What they say now applies with the next collection.`];
}
