import { z } from 'zod';
import { gapReasons } from '../model/completeness.ts';
import { causeCategories, dispositions } from '../model/decision.ts';
import { evidenceClasses } from '../model/engagement.ts';
import { evidenceGrades } from '../model/grade.ts';
import { bases, periodStates } from '../model/history.ts';
import { Outcome, outcomes, Severity } from '../model/outcome.ts';

/** What `--json` of the verbs about periods prints; see shapes.ts. Stretches are half-open, lengths milliseconds. */
const Time = z.iso.datetime({ precision: 3 });
const Stretch = z.strictObject({ from: Time, to: Time });
const v = z.literal(1);
const Milliseconds = z.number().nonnegative();
const byName = <K extends string, S extends z.ZodType>(names: readonly K[], shape: S) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, shape])) as Record<K, S>);

const UntakenTurns = z
  .strictObject({ missed: z.int(), failed: z.int(), because: z.array(z.string()).readonly(), entries: z.array(z.int()).readonly() })
  .meta({ description: 'Turns of schedules that would have ended the silence; it is as long without them' });
const Interval = z.strictObject({
  ...Stretch.shape,
  outcome: Outcome,
  underneath: z.literal('fail').optional(),
  basis: z.enum(bases).meta({ description: 'Why it is known; the classes never share a number' }),
  reason: z.enum(gapReasons).optional(),
  waiver: z.string().optional(),
  evidence: z.strictObject({ first: z.int().nullable(), last: z.int().nullable() }),
});
const Share = z.number().min(0).max(1);
const Metrics = z.strictObject({
  lifeMs: Milliseconds,
  byBasis: byName(bases, Milliseconds),
  byOutcome: byName(outcomes, Milliseconds),
  coverage: z.strictObject({ corroborated: Share, inferred: Share, other: Share, none: Share }),
  longestGapMs: Milliseconds,
  gaps: z.int(),
  materialGaps: z.int(),
  edges: z.strictObject({ start: z.boolean(), end: z.boolean() }),
  passing: z.strictObject({
    ofPeriod: Share,
    ofKnown: Share.nullable(),
    worst: z.strictObject({ subject: z.string(), display: z.string(), ofPeriod: Share }).nullable(),
  }),
  subjects: z.int(),
  timeToDetectMs: z.strictObject({ mean: Milliseconds, max: Milliseconds }).nullable(),
  timeToRemediateMs: z.strictObject({ mean: Milliseconds, max: Milliseconds }).nullable(),
});
const SeriesKey = z.strictObject({ source: z.string(), check: z.string(), parametersDigest: z.string() });
export const EpisodeRow = z.strictObject({
  id: z.string(),
  series: SeriesKey,
  subject: z.string(),
  display: z.string(),
  severity: Severity,
  observed: Stretch.nullable().meta({ description: 'First and last failing reading; null: only events saw it' }),
  conservative: Stretch.meta({ description: 'From the last reading that was no failure to the first one after it' }),
  exact: z.strictObject({ from: Time.nullable(), to: Time.nullable() }),
  carriedIn: z.boolean(),
  openAtEnd: z.boolean(),
  readings: z.int(),
  flaps: z.int(),
  unseenMs: Milliseconds,
  messages: z.array(z.string()),
  detectedAt: Time,
  evidence: z.strictObject({
    first: z.int().nullable(),
    last: z.int().nullable(),
    events: z.array(z.strictObject({ collection: z.int(), eventId: z.string(), at: Time, name: z.string(), actor: z.string().nullable() })),
  }),
  waivers: z.array(z.string()),
  actors: z.array(z.string()),
});
export type EpisodeRow = z.infer<typeof EpisodeRow>;

export const DeviationRow = z.strictObject({
  id: z.string(),
  control: z.string(),
  version: z.int(),
  kind: z.enum(['episode', 'occurrence', 'missed', 'gap']),
  of: z.string(),
  check: z.string().nullable(),
  subject: z.string(),
  display: z.string(),
  severity: Severity,
  from: Time,
  to: Time,
  openAtEnd: z.boolean(),
  durationMs: Milliseconds,
  allowedMs: Milliseconds.nullable(),
  due: Time,
  late: z.boolean(),
  because: z.string(),
  markers: z.array(z.enum(['recurs', 'concentrated', 'rate-above-5-percent', 'persists', 'design'])),
  waiver: z.string().nullable(),
  lifeCycle: z.strictObject({
    disposition: z.enum(dispositions),
    cause: z.enum(causeCategories).nullable(),
    owner: z.string().nullable(),
    response: z.string().nullable(),
    compensatingControl: z.string().nullable(),
    remediation: z.strictObject({ what: z.string(), evidence: z.array(z.int()) }).nullable(),
    retest: z.strictObject({ result: z.enum(['no-failures-observed', 'failures-observed']), evidence: z.array(z.int()) }).nullable(),
    decisions: z.array(z.strictObject({ index: z.int(), at: Time, actor: z.string(), authenticated: z.boolean() })),
  }),
});
export type DeviationRow = z.infer<typeof DeviationRow>;

const PeriodHead = z.strictObject({
  id: z.string(),
  engagement: z.string().nullable().meta({ description: 'null: nobody opened it' }),
  start: z.iso.date(),
  end: z.iso.date(),
  zone: z.string(),
  from: Time,
  to: Time,
  through: Time.meta({ description: 'What is later was not yet known' }),
});
export type PeriodHead = z.infer<typeof PeriodHead>;

export const HistoryControlRow = z.strictObject({
  id: z.string(),
  statement: z.string(),
  status: z.enum(['proposed', 'adopted', 'retired']),
  state: z.enum(periodStates),
  reasons: z.array(z.string()),
  versions: z.array(z.strictObject({ number: z.int(), ...Stretch.shape, plan: z.int(), changes: z.array(z.string()) })),
  worst: z.array(Interval).meta({ description: 'What the worst subject held at each time' }),
  metrics: Metrics,
  episodes: z.int(),
  deviations: byName(['episode', 'occurrence', 'missed', 'gap'], z.int()).meta({ description: 'By kind' }),
  occurrences: z.strictObject({ total: z.int(), failing: z.int() }).nullable(),
  grade: z.enum([...evidenceGrades, 'none']),
  series: z.array(
    z.strictObject({
      key: SeriesKey,
      claim: z.string(),
      severity: Severity,
      subjectType: z.string(),
      evidenceClass: z.enum(evidenceClasses),
      readings: z.int(),
      firstReading: Time.nullable(),
      lastReading: Time.nullable(),
      worst: z.array(Interval),
      metrics: Metrics,
      gaps: z.array(
        z.strictObject({ ...Stretch.shape, reason: z.enum(gapReasons), material: z.boolean(), turns: UntakenTurns.optional() }),
      ),
      quiet: z.int().meta({ description: 'Subjects that passed whenever they could be seen' }),
      subjects: z.array(
        z.strictObject({
          subject: z.string(),
          display: z.string(),
          bornAt: Time.nullable(),
          diedAt: Time.nullable(),
          intervals: z.array(Interval),
        }),
      ),
    }),
  ),
});
export type HistoryControlRow = z.infer<typeof HistoryControlRow>;
export const HistoryOutput = z.strictObject({
  v,
  period: PeriodHead,
  controls: z.array(HistoryControlRow),
  topics: z.array(
    z.strictObject({
      id: z.string(),
      area: z.string(),
      state: z.enum(periodStates),
      uncovered: z.boolean(),
      controls: z.array(z.string()),
    }),
  ),
  outages: z.array(z.strictObject({ source: z.string(), ...Stretch.shape, reason: z.string(), turns: UntakenTurns.optional() })),
});
export type HistoryOutput = z.infer<typeof HistoryOutput>;
export const EpisodesOutput = z.strictObject({ v, period: PeriodHead, total: z.int(), episodes: z.array(EpisodeRow) });
export type EpisodesOutput = z.infer<typeof EpisodesOutput>;
export const DeviationsOutput = z.strictObject({ v, period: PeriodHead, total: z.int(), deviations: z.array(DeviationRow) });
export type DeviationsOutput = z.infer<typeof DeviationsOutput>;
