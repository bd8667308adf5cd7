import { trustServices } from '../config/configuration.ts';
import { entitySource } from '../config/configured-sources.ts';
import { defaultRuler } from '../config/engagements.ts';
import { trustServiceOf } from '../config/frameworks.ts';
import type { WaiverInForce } from '../history/apply-waivers.ts';
import type { DescribedSeries, DescribedSubject, WaivedOutage } from '../history/describe-series.ts';
import { explainSilence, type UntakenTurn } from '../history/explain-silence.ts';
import { type EpisodeOfControl, findDeviations, type MaterialGap } from '../history/find-deviations.ts';
import { CoverageMeter } from '../history/measure-coverage.ts';
import { missedTurns } from '../history/missed-turns.ts';
import { controlPeriodState, countFound, topicHistory } from '../history/roll-up.ts';
import { intersect, iso, joinStretches, type Span, type Stretch, toInterval } from '../history/spans.ts';
import { toEpisode } from '../history/to-episodes.ts';
import { worstLine } from '../history/worst-line.ts';
import type { Index } from '../index/open-index.ts';
import { openCurrentIndex } from '../index/project.ts';
import type { IndexedSeries } from '../index/read-history.ts';
import { durationMs } from '../model/compare-rulers.ts';
import type { Control, Criterion } from '../model/control.ts';
import type { RecordedDecision } from '../model/decision.ts';
import { Engagement, evidenceClassOf, type Period } from '../model/engagement.ts';
import { ProoflineError } from '../model/errors.ts';
import { weakerGrade } from '../model/grade.ts';
import type {
  ChangeEvent,
  ChangeRecord,
  ControlHistory,
  ControlStretch,
  Occurrence,
  PeriodHistory,
  PeriodState,
  SeriesHistory,
  UntakenTurns,
} from '../model/history.ts';
import type { LogReader } from '../model/log-reader.ts';
import { PlanDetail } from '../model/plan.ts';
import { ChangeLookup } from './change-lookup.ts';
import type { Composition } from './composition.ts';
import { controlVersions, type PlanVersion } from './control-versions.ts';
import { type PeriodRecord, readPeriods } from './decisions/read-periods.ts';
import { type WaiverRecord, waiverCovers, waiversOf } from './decisions/waivers-of.ts';
import { isOfOthers, typeStateOf } from './describe-status.ts';
import { periodDependencies } from './period-dependencies.ts';
import { type ExpectedCheck, type PeriodSeries, periodSeries, type SeenOccurrence, type SeriesContext } from './period-series.ts';
import { kindsReading } from './registries.ts';
import { untakenTurns } from './untaken-turns.ts';

/** What a period's history is made of beside the index: all of it read from the same log. */
export interface PeriodDependencies {
  /** The decisions that count, in the order of the log. */
  readonly decisions: readonly RecordedDecision[];
  readonly changes: { readonly events: readonly ChangeEvent[]; readonly records: readonly ChangeRecord[] };
  /** When an occurrence happened, ISO-8601, by source, type and subject; undefined: nothing says so, and when it was first read counts. */
  readonly occurredAt?: (source: string, type: string, subject: string) => string | undefined;
}
export interface PeriodOptions {
  /** ISO-8601 UTC: what is not known by then is not known. A period that has ended is known to its end. */
  readonly now: string;
  /** Default: adopted controls only; nothing else counts in a report. */
  readonly statuses?: readonly Control['status'][];
  /** Only these; default all. */
  readonly control?: string;
  readonly check?: string;
}

/** A period that nobody opened: so many days to now, measured as periods are unless an engagement says otherwise. */
const recentDays = 90;

/**
 * The history of a period of the app's own log, or of the last 90 days when none is named.
 * @throws ProoflineError `not-found` when there is no such period, `store-missing`, `store-*`
 */
export async function readPeriod(
  app: Composition,
  id: string | undefined,
  options: Omit<PeriodOptions, 'now'> = {},
): Promise<PeriodHistory> {
  const store = await app.openStore({ readOnly: true });
  try {
    const index = await openCurrentIndex(store, app.configuration.store.data);
    try {
      const now = app.now();
      const period = id === undefined ? recentPeriod(now, store.size()) : namedPeriod(readPeriods(store), id);
      return readPeriodOf(store, index, period, periodDependencies(store, index, await app.registries(), period), { ...options, now });
    } finally {
      await index.close();
    }
  } finally {
    await store.close();
  }
}

/** A period under the ruler in force. */
function namedPeriod(periods: readonly PeriodRecord[], id: string): Period {
  const found = periods.find(({ period }) => period.id === id);
  if (found !== undefined) return { ...found.period, ruler: found.ruler };
  const known = periods.map(({ period }) => period.id);
  throw new ProoflineError(
    'not-found',
    `there is no period "${id}"${known.length === 0 ? '; none was opened yet: `proofline period create`' : `; there are ${known.join(', ')}`}`,
  );
}

function recentPeriod(now: string, size: number): Period {
  const from = iso(Date.parse(now) - recentDays * 86_400_000);
  return {
    v: 1,
    id: `last-${recentDays}-days`,
    engagement: Engagement.parse({ id: 'none', report: 'soc2', type: 2, trustServices: [...trustServices] }),
    start: from.slice(0, 10),
    end: now.slice(0, 10),
    zone: 'UTC',
    from,
    to: now,
    cutOff: null,
    ruler: defaultRuler,
    plan: Math.max(0, size - 1),
  };
}

/**
 * The history of a period: every control with its versions, timelines, episodes, deviations and coverage, rolled up to criteria or
 * objectives. Pure but for what it reads: the same log gives the same history. `period.ruler` is the ruler in force.
 * @throws ProoflineError `store-unreadable` when another release recorded a plan of the period, `store-corrupt`
 */
export function readPeriodOf(
  reader: LogReader,
  index: Index,
  period: Period,
  deps: PeriodDependencies,
  options: PeriodOptions,
): PeriodHistory {
  const scene = sceneOf(reader, index, period, deps, options);
  const bySeries: PeriodSeries[] = [];
  for (const one of periodSeries(index, scene.context, scene.filter)) bySeries.push(one);
  const claims = new Map(scene.lastPlan?.checks.map((check) => [`${check.id} ${check.parametersDigest}`, check.claim]));
  const controls = [...scene.versions.values()].map((versions) => controlHistory(versions, bySeries, scene, claims));
  const episodes = controls.flatMap((control) => control.history.episodes);
  return {
    period,
    logSize: reader.size(),
    through: iso(scene.context.period.to),
    controls: controls.map(({ history }) => history),
    topics: topicsOf(scene, controls),
    episodes: [...new Map(episodes.map((episode) => [episode.id, episode])).values()].sort((left, right) =>
      left.conservative.from < right.conservative.from
        ? -1
        : left.conservative.from > right.conservative.from
          ? 1
          : left.id < right.id
            ? -1
            : 1,
    ),
    deviations: controls.flatMap(({ history }) => history.deviations),
    waivers: scene.waivers.map(({ waiver, decision, approved, authenticated, requestedBy, approvedBy }) => ({
      ...waiver,
      decision,
      approved,
      authenticated,
      requestedBy: requestedBy.name,
      approvedBy: approvedBy?.name ?? null,
    })),
    changeRecords: deps.changes.records,
    outages: outagesOf(bySeries, scene),
  };
}

/** What is the same for every series of a period. */
export interface PeriodScene {
  readonly period: Period;
  readonly lastPlan: PlanDetail | undefined;
  readonly versions: ReadonlyMap<string, readonly ControlStretch[]>;
  readonly waivers: readonly WaiverRecord[];
  readonly decisions: readonly RecordedDecision[];
  readonly context: SeriesContext;
  readonly changes: ChangeLookup;
  readonly filter: ((series: IndexedSeries) => boolean) | undefined;
  /** Ids of the accounts and organisations the engagement is about. */
  readonly sources: readonly string[];
  /** What was to be read in the period and nobody read. */
  readonly untaken: readonly UntakenTurn[];
}

export function sceneOf(reader: LogReader, index: Index, period: Period, deps: PeriodDependencies, options: PeriodOptions): PeriodScene {
  const to = options.now < period.to ? options.now : period.to;
  const stretch = { from: Date.parse(period.from), to: Math.max(Date.parse(period.from), Date.parse(to)) };
  const plans = plansOf(reader, index, period.from, to);
  const lastPlan = plans.at(-1)?.detail;
  const all = controlVersions(plans, { from: period.from, to: iso(stretch.to) }, options.statuses);
  const versions = options.control === undefined ? all : new Map([...all].filter(([id]) => id === options.control));
  const changes = new ChangeLookup(
    deps.changes,
    plans.map(({ detail }) => detail),
  );
  const expected = expectedChecks(plans, versions);
  const waivers = waiversOf(deps.decisions).filter(({ waiver }) => waiver.from < to && waiver.expires > period.from);
  const sources = sourcesOf(plans, period);
  const inScope = new Set(sources);
  const inForce = (control: string | null, { check, source }: IndexedSeries, subject: string): WaiverInForce[] =>
    waivers.flatMap(({ waiver, inForce: lying }) =>
      lying !== null && (waiver.control === null || waiver.control === control) && waiverCovers(waiver, { check, source, subject })
        ? [{ id: waiver.id, from: Date.parse(lying.from), to: Date.parse(lying.to) }]
        : [],
    );
  const { occurredAt } = deps;
  return {
    period,
    lastPlan,
    versions,
    waivers,
    decisions: deps.decisions,
    changes,
    sources,
    untaken: untakenTurns(index, plans, period.from, to),
    context: {
      period: stretch,
      ruler: period.ruler,
      changes,
      expectedOf: (check, digest, source) => (inScope.has(source) ? expected.get(`${check} ${digest}`) : undefined),
      waiversOf: waivers.length === 0 ? () => [] : inForce,
      ownWaivers: ({ check, source }, controls) =>
        controls.filter((control) =>
          waivers.some(
            ({ waiver }) =>
              waiver.control === control &&
              waiver.scope.some((scope) => (scope.check ?? check) === check && (scope.source ?? source) === source),
          ),
        ),
      occurredAt: (source, type, subject) => occurredAt?.(source, type, subject),
    },
    filter:
      options.control === undefined && options.check === undefined
        ? undefined
        : (series) => expected.has(`${series.check} ${series.parametersDigest}`) && (options.check ?? series.check) === series.check,
  };
}

/** The plan in force when the period began, and every one since; of a log that began later, from its first. */
function plansOf(reader: LogReader, { database }: Index, from: string, to: string): PlanVersion[] {
  const rows = database
    .prepare('SELECT idx, at, detail FROM plan_version ORDER BY idx')
    .all()
    .map((row) => ({ index: Number(row['idx']), at: String(row['at']), detail: String(row['detail']) }));
  const inForce = Math.max(
    0,
    rows.findLastIndex(({ at }) => at <= from),
  );
  return rows.slice(inForce).flatMap(({ index, at, detail }, n) => {
    if (n > 0 && at >= to) return [];
    const blob = reader.blob(detail);
    if (blob === undefined) throw new ProoflineError('store-corrupt', `the plan of entry ${index} is not there; run proofline verify`);
    // Of a plan that was erased or withheld nothing is known; the one before it goes on.
    if (blob.kind !== 'open') return [];
    const read = PlanDetail.safeParse(JSON.parse(new TextDecoder().decode(blob.bytes)));
    if (read.success) return [{ index, at, detail: read.data }];
    throw new ProoflineError('store-unreadable', `the plan of entry ${index} (${at}) was recorded by a release with another shape`, {
      cause: read.error,
    });
  });
}

/** Accounts and organisations of the systems the engagement names; of all sources when it names none. The entity as a whole is always of it. */
function sourcesOf(plans: readonly PlanVersion[], { engagement }: Period): string[] {
  const named = new Set(engagement.systems.flatMap(({ sources }) => sources));
  const everywhere = engagement.systems.length === 0 || engagement.systems.some(({ sources }) => sources.length === 0);
  const members = plans.flatMap(({ detail }) =>
    detail.sources
      .filter(({ kind, name }) => everywhere || kind === entitySource || named.has(name))
      .flatMap((source) => source.members ?? []),
  );
  return [...new Set(members)].sort();
}

function expectedChecks(
  plans: readonly PlanVersion[],
  versions: ReadonlyMap<string, readonly ControlStretch[]>,
): Map<string, ExpectedCheck> {
  const uses = new Map<string, { controls: Set<string>; stretches: Stretch[] }>();
  for (const [control, stretches] of versions) {
    for (const { from, to, checks } of stretches) {
      for (const { id, parametersDigest } of checks) {
        const key = `${id} ${parametersDigest}`;
        const use = uses.get(key) ?? { controls: new Set(), stretches: [] };
        uses.set(key, use);
        use.controls.add(control);
        use.stretches.push({ from: Date.parse(from), to: Date.parse(to) });
      }
    }
  }
  const found = new Map<string, ExpectedCheck>();
  for (const { detail } of plans) {
    const kinds = new Map(detail.collectors.flatMap(({ kind, yields }) => yields.map((type) => [type, kind] as const)));
    for (const check of detail.checks) {
      const key = `${check.id} ${check.parametersDigest}`;
      const use = uses.get(key);
      if (use === undefined) continue;
      const kind = kinds.get(check.subject) ?? 'state';
      const evidenceClass = evidenceClassOf(kind, check.severity);
      const expected = joinStretches(use.stretches);
      found.set(key, {
        check,
        evidenceClass,
        occurs: kind === 'events',
        controls: [...use.controls].sort(),
        expected,
        alike: [evidenceClass, ...expected.map(({ from, to }) => `${from}-${to}`)].join(' '),
      });
    }
  }
  return found;
}

/** A control as far as documents need it, and its worst line for what lies above. */
interface RolledControl {
  readonly history: ControlHistory;
  readonly control: Control;
  readonly state: PeriodState;
  readonly worst: readonly Span[];
}

function controlHistory(
  versions: readonly ControlStretch[],
  all: readonly PeriodSeries[],
  scene: PeriodScene,
  claims: ReadonlyMap<string, string>,
): RolledControl {
  const latest = versions.at(-1);
  if (latest === undefined) throw new Error('a control without a version has no history');
  const { control } = latest;
  const used = new Set(versions.flatMap(({ checks }) => checks.map(({ id, parametersDigest }) => `${id} ${parametersDigest}`)));
  const own = all.filter(({ series }) => used.has(`${series.check} ${series.parametersDigest}`));
  const seen = own.map((one) => ({ one, described: one.asSeenBy.get(control.id) ?? one.described }));
  const meter = new CoverageMeter({ gapAfter: 0, materialAfter: 0 });
  // Silences are judged by the threshold of each series' own evidence.
  for (const { described } of seen) meter.join(described.meter);
  const metrics = meter.metrics();
  const materialGaps = seen.flatMap(({ one, described }) => materialGapsOf(one, described));
  const episodes = seen.flatMap(({ one, described }) => episodesOf(one, described, scene));
  const occurrences = own.flatMap((one) => (one.occurrences ?? []).map((occurrence) => occurrenceOf(one, occurrence)));
  const occurs = own.some((one) => one.occurrences !== null);
  const { zone } = scene.period;
  const bounds = { from: Date.parse(versions[0]?.from ?? latest.from), to: scene.context.period.to };
  const deviations = findDeviations({
    period: scene.period,
    through: scene.context.period.to,
    versions,
    episodes,
    occurrences: {
      total: occurrences.length,
      failing: occurrences.filter(({ outcome }) => outcome === 'fail'),
    },
    gaps: materialGaps,
    missed: occurs
      ? missedTurns(
          control.frequency,
          bounds,
          zone,
          occurrences.map(({ at }) => Date.parse(at)),
        )
      : [],
    decisions: scene.decisions,
  });
  const uncollected = uncollectedOf(control, scene.lastPlan);
  const { state, reasons } = controlPeriodState({
    ...countFound(
      episodes.map(({ episode }) => episode),
      occurrences,
      deviations,
    ),
    checks: checksOf(versions, own, scene),
    metrics,
    uncollected,
    unknown: unknownOf(control, latest, own, scene),
    gapAfter: Math.max(0, ...seen.map(({ described }) => described.gapAfter)),
  });
  const worst = worstLine(seen.map(({ described }) => described.worst()));
  const joined = joinedLate(versions, scene);
  return {
    control,
    state,
    worst,
    history: {
      control,
      state,
      reasons: [...reasons, ...joined],
      versions,
      series: seen.map(({ one, described }) => seriesHistory(one, described, claims, scene)),
      episodes: episodes
        .map(({ episode }) => episode)
        .sort((left, right) =>
          left.conservative.from < right.conservative.from
            ? -1
            : left.conservative.from > right.conservative.from
              ? 1
              : left.id < right.id
                ? -1
                : 1,
        ),
      deviations,
      occurrences,
      waivers: scene.waivers
        .map(({ waiver }) => waiver)
        .filter((waiver) => waiver.control === control.id || episodes.some(({ episode }) => episode.waivers.includes(waiver.id))),
      uncollected,
      worst: worst.map(toInterval),
      metrics,
      grade: gradeOf(versions, own, scene.lastPlan),
    },
  };
}

function joinedLate(versions: readonly ControlStretch[], { period }: PeriodScene): string[] {
  const [first] = versions;
  return first === undefined || first.from <= period.from ? [] : [`in force from ${first.from}: nothing is said of the time before`];
}

function materialGapsOf({ series, expected }: PeriodSeries, { gaps }: DescribedSeries): MaterialGap[] {
  return gaps
    .filter(({ material }) => material)
    .map(({ from, to, reason }) => ({ from, to, reason, check: series.check, source: series.source, severity: expected.check.severity }));
}

function episodesOf({ series, expected }: PeriodSeries, { listed }: DescribedSeries, { changes }: PeriodScene): EpisodeOfControl[] {
  return listed.flatMap(({ subject, display, outages }: DescribedSubject) =>
    outages.map((outage: WaivedOutage) => ({
      episode: toEpisode(
        {
          series: { source: series.source, check: series.check, parametersDigest: series.parametersDigest },
          subject,
          display,
          severity: expected.check.severity,
          waivers: outage.waivers,
          recordedAt: (collection) => changes.recordedAt(collection),
        },
        outage,
      ),
      atBirth: outage.atBirth,
      waivedMs: outage.waivedMs,
    })),
  );
}

function occurrenceOf(
  { series, expected }: PeriodSeries,
  { subject, display, at, mark }: SeenOccurrence,
): Occurrence & { severity: ExpectedCheck['check']['severity'] } {
  return {
    series: { source: series.source, check: series.check, parametersDigest: series.parametersDigest },
    subject,
    display,
    at: iso(at),
    outcome: mark?.outcome ?? 'pass',
    message: mark?.messages.at(-1) ?? (mark === undefined ? expected.check.claim : ''),
    index: mark?.first.idx ?? 0,
    severity: expected.check.severity,
  };
}

export function uncollectedOf(control: Control, plan: PlanDetail | undefined): ControlHistory['uncollected'] {
  return control.covers.flatMap((type) => {
    const state = plan === undefined ? 'not-collected' : typeStateOf(type, plan);
    return state === 'collected' ? [] : [{ type, state }];
  });
}

/** The checks of every version, and whether each was read; what looks at something of which there is none has nothing to read. */
export function checksOf(
  versions: readonly ControlStretch[],
  own: readonly Pick<PeriodSeries, 'series' | 'readings'>[],
  { lastPlan }: PeriodScene,
): { id: string; read: boolean }[] {
  const ids = [...new Set(versions.flatMap(({ checks }) => checks.map(({ id }) => id)))];
  const subjectOf = new Map(lastPlan?.checks.map(({ id, subject }) => [id, subject]));
  return ids
    .filter((id) => {
      const subject = subjectOf.get(id);
      if (subject === undefined || lastPlan === undefined) return true;
      // What was once read of it is not forgotten because its source is configured no more.
      const wasRead = own.some(({ series, readings }) => series.check === id && readings.count > 0);
      if (!wasRead && versions.every(({ control }) => isOfOthers(subject, control.covers, lastPlan))) return false;
      return !['absent', 'declared-absent'].includes(typeStateOf(subject, lastPlan));
    })
    .map((id) => ({ id, read: own.some(({ series, readings }) => series.check === id && readings.count > 0) }));
}

/** Sources that should have been read and were not. */
function unknownOf(
  control: Control,
  latest: ControlStretch,
  own: readonly PeriodSeries[],
  { lastPlan, sources, context }: PeriodScene,
): string[] {
  if (lastPlan === undefined) return ['no plan is recorded for the period'];
  const kinds = kindsReading(control.covers, lastPlan.collectors);
  const closed = lastPlan.sources.filter(({ kind, members }) => members === null && kinds.has(kind));
  const read = new Set(own.filter(({ readings }) => readings.count > 0).map(({ series }) => `${series.check} ${series.source}`));
  const anywhere = new Set(own.filter(({ readings }) => readings.count > 0).map(({ series }) => series.check));
  const unread = latest.checks.flatMap(({ id, parametersDigest }) => {
    const subject = lastPlan.checks.find((check) => check.id === id)?.subject;
    const judged = kindsReading(subject === undefined ? [] : [subject], lastPlan.collectors);
    return sources
      .filter((source) => judged.has(source.slice(0, source.indexOf(':'))) && anywhere.has(id) && !read.has(`${id} ${source}`))
      .filter((source) => context.expectedOf(id, parametersDigest, source) !== undefined)
      .map((source) => `${id} was not read in ${source}`);
  });
  return [...closed.map(({ kind, name }) => `source ${kind} "${name}" has never been entered`), ...unread];
}

/** The weakest of what its checks rest on. */
function gradeOf(versions: readonly ControlStretch[], own: readonly PeriodSeries[], plan: PlanDetail | undefined): ControlHistory['grade'] {
  const types = new Set(own.map(({ series }) => series.subjectType));
  const grades = (plan?.collectors ?? []).filter(({ yields }) => yields.some((type) => types.has(type))).map(({ grade }) => grade);
  if (versions.length === 0 || grades.length === 0) return 'none';
  return grades.reduce(weakerGrade);
}

function seriesHistory(
  { series, expected, readings, logic, occurrences }: PeriodSeries,
  described: DescribedSeries,
  claims: ReadonlyMap<string, string>,
  { untaken }: PeriodScene,
): SeriesHistory {
  const { period } = described;
  const failing = (occurrences ?? []).filter(({ mark }) => mark?.outcome === 'fail').length;
  const passing = (occurrences ?? []).filter(({ mark }) => mark === undefined).length;
  return {
    key: { source: series.source, check: series.check, parametersDigest: series.parametersDigest },
    claim: claims.get(`${series.check} ${series.parametersDigest}`) ?? expected.check.claim,
    severity: expected.check.severity,
    subjectType: series.subjectType,
    evidenceClass: expected.evidenceClass,
    parameters: series.parameters,
    logic: logic
      .map(({ logic: digest, from, to }) => ({ digest, from: Math.max(from, period.from), to: Math.min(to ?? period.to, period.to) }))
      .filter(({ from, to }) => from < to)
      .map(({ digest, from, to }) => ({ digest, from: iso(from), to: iso(to) })),
    readings: readings.count,
    firstReading: readings.first === undefined ? null : iso(readings.first.at),
    lastReading: readings.last === undefined ? null : iso(readings.last.at),
    worst: described.worst().map(toInterval),
    timelines: described.listed.map(({ subject, display, life, spans }) => ({
      subject,
      display,
      type: series.subjectType,
      bornAt: life === null || life.bornBefore === null ? null : iso(life.bornAt),
      diedAt: life === null || life.diedAt === null ? null : iso(life.diedAt),
      intervals: spans.map(toInterval),
    })),
    quiet: { subjects: described.quiet },
    metrics: described.meter.metrics(),
    gaps: described.gaps.map(({ from, to, reason, material }) => ({
      from: iso(from),
      to: iso(to),
      reason,
      material,
      ...explained(explainSilence({ from, to }, untaken, { source: series.source, type: series.subjectType })),
    })),
    occurrences:
      occurrences === null
        ? null
        : { total: occurrences.length, pass: passing, fail: failing, other: occurrences.length - passing - failing },
  };
}

/** Criteria of the trust services in scope, or the objectives in scope, as the last plan words them. */
export function topicsIn({ period, lastPlan }: Pick<PeriodScene, 'period' | 'lastPlan'>): readonly Criterion[] {
  const { engagement } = period;
  const wanted = engagement.objectives.map(({ id }) => id);
  return engagement.report === 'soc1'
    ? (lastPlan?.objectives ?? []).filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    : (lastPlan?.criteria ?? []).filter(({ id }) => engagement.trustServices.includes(trustServiceOf(id)));
}
function topicsOf(scene: PeriodScene, controls: readonly RolledControl[]): PeriodHistory['topics'] {
  return topicsIn(scene).map((topic) => {
    const { worst, ...rest } = topicHistory(topic, scene.period.engagement.report, controls);
    return { ...rest, worst: worst.map(toInterval) };
  });
}

const explained = (turns: UntakenTurns | undefined): { readonly turns?: UntakenTurns } => (turns === undefined ? {} : { turns });

/**
 * Where nothing at all was read of a source for longer than what is critical may go unseen. Whether a change record speaks for the states
 * of that time is another question: nobody looked.
 */
function outagesOf(all: readonly PeriodSeries[], { sources, period, context, untaken }: PeriodScene): PeriodHistory['outages'] {
  const limit = durationMs(period.ruler.thresholds.critical.gapAfter);
  const bySource = Map.groupBy(all, ({ series }) => series.source);
  return sources.flatMap((source) => {
    const of = bySource.get(source) ?? [];
    const types = new Map(of.map(({ series, readings }) => [series.subjectType, readings]));
    const dark = [...types.values()]
      .map((readings): readonly Stretch[] => {
        const { first, last } = readings;
        if (first === undefined || last === undefined) return [context.period];
        return [{ from: context.period.from, to: first.at }, ...readings.gapsOver(limit), { from: last.at, to: context.period.to }];
      })
      .reduce<Stretch[] | undefined>((common, one) => (common === undefined ? [...one] : intersect(common, one)), undefined);
    return (dark ?? [])
      .filter(({ from, to }) => to - from > limit)
      .map(({ from, to }) => {
        const said = of.flatMap(({ described }) => described.gaps).find((gap) => gap.from < to && gap.to > from);
        const turns = explainSilence({ from, to }, untaken, { source });
        return { source, from: iso(from), to: iso(to), reason: said?.reason ?? 'not-collected', ...explained(turns) };
      });
  });
}
