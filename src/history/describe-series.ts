import type { GapReason } from '../model/completeness.ts';
import { wholePopulation } from '../model/result.ts';
import { applyWaivers, type WaiverInForce } from './apply-waivers.ts';
import { CoverageMeter } from './measure-coverage.ts';
import type { ReadingTimes } from './reading-times.ts';
import { joinSpans, joinStretches, type Span, type Stretch } from './spans.ts';
import { mergeFlapping, type Outage } from './to-episodes.ts';
import { type Life, type Mark, type SubjectEvent, type Timeline, type TimelineInput, toIntervals } from './to-intervals.ts';
import { worstLine } from './worst-line.ts';

/** A subject that was there for some of the period, with what is said of it. */
export interface SubjectInput {
  readonly subject: string;
  readonly display: string;
  readonly life: Life;
  readonly marks: readonly Mark[];
  readonly events: readonly SubjectEvent[];
  /** Where the record of changes is whole for it. */
  readonly recorded: readonly Stretch[];
}
/** Subjects that were there throughout and of which nothing is said: they pass whenever the type was read. */
export interface QuietSubjects {
  readonly count: number;
  /** The one with the smallest id. */
  readonly subject: string;
  readonly display: string;
  readonly recorded: readonly Stretch[];
}
export interface SeriesInput {
  /** Its subjects are occurrences: what was seen over time is the source's list of them, and no subject holds a state. */
  readonly occurs: boolean;
  /** Ends where the log is read to. */
  readonly period: Stretch;
  readonly expected: readonly Stretch[];
  readonly readings: ReadingTimes;
  readonly run: readonly Stretch[];
  /** Said of every subject at once, since what was said of each is erased. */
  readonly blanket: readonly Mark[];
  /** The waivers that lie over failures of a subject. */
  waiversOf(subject: string): readonly WaiverInForce[];
  /** Of `*` and `*region`: what is said of the population and of no single subject. */
  readonly population: readonly { readonly subject: string; readonly display: string; readonly marks: readonly Mark[] }[];
  readonly subjects: Iterable<SubjectInput>;
  readonly quiet: readonly QuietSubjects[];
  /** Milliseconds. */
  readonly thresholds: { readonly gapAfter: number; readonly materialAfter: number };
  readonly flappingWithin: number;
}

/** A subject whose timeline is not the population's own. */
export interface DescribedSubject {
  readonly subject: string;
  readonly display: string;
  readonly life: Life | null;
  readonly spans: readonly Span[];
  readonly outages: readonly WaivedOutage[];
}
/** An episode with what of it was accepted. */
export interface WaivedOutage extends Outage {
  readonly waivers: readonly string[];
  /** Milliseconds of it under a waiver. */
  readonly waivedMs: number;
}
export interface DescribedSeries {
  readonly period: Stretch;
  readonly gapAfter: number;
  readonly listed: readonly DescribedSubject[];
  /** Subjects that are not listed: they passed whenever they could be seen. */
  readonly quiet: number;
  /** The readings themselves: when the population was seen, and when not. */
  readonly seen: readonly Span[];
  /** Made when it is asked for. */
  worst(): readonly Span[];
  readonly gaps: readonly (Stretch & { readonly reason: GapReason; readonly material: boolean })[];
  readonly meter: CoverageMeter;
}

/** The timelines of one check over one source. Subjects are taken one by one; only those with something to tell are kept. */
export function describeSeries(input: SeriesInput): DescribedSeries {
  const meter = new CoverageMeter(input.thresholds);
  const listed: DescribedSubject[] = [];
  const common = {
    period: input.period,
    expected: input.expected,
    readings: input.readings,
    run: input.run,
    gapAfter: input.thresholds.gapAfter,
  };
  const timeline = (own: Pick<TimelineInput, 'marks' | 'life' | 'recorded' | 'events'>) => toIntervals({ ...common, ...own });

  const recorded = input.quiet[0]?.recorded ?? [];
  const seen = populationLine(input, recorded, timeline);
  const gapsOf = new Set(seen.spans.filter(isSilent).map(({ from, to }) => `${from} ${to}`));
  // A reading of the population says nothing of any subject.
  const read = seen.spans.map(
    (span): Span => (span.outcome === 'pass' ? { ...span, outcome: input.occurs ? 'empty' : 'not-applicable' } : span),
  );
  const plainGaps = new Set(seen.plain.filter(isSilent).map(({ from, to }) => `${from} ${to}`));
  const lines: (readonly Span[])[] = [read];
  let quiet = 0;
  for (const group of input.quiet) {
    const { spans } =
      group.recorded === recorded
        ? { spans: seen.plain }
        : timeline({ marks: input.blanket, life: null, recorded: group.recorded, events: [] });
    meter.add(group.subject, group.display, spans, group.count);
    quiet += group.count;
    lines.push(spans);
  }
  for (const { subject, display, life, marks, events, recorded } of input.subjects) {
    // The root user's check, and a thousand users.
    const [only] = marks;
    if (marks.length === 1 && only?.outcome === 'not-applicable' && only.last === null && only.first.at <= life.bornAt) continue;
    const said = input.blanket.length === 0 ? marks : [...marks, ...input.blanket];
    const { spans: plain, failures } = timeline({ marks: said, life, recorded, events });
    const waivers = failures.length === 0 ? [] : input.waiversOf(subject);
    const spans = applyWaivers(plain, waivers);
    // What the check does not apply to, it does not answer for.
    if (spans.length === 0 || spans.every(({ outcome }) => outcome === 'not-applicable')) continue;
    meter.add(subject, display, spans);
    lines.push(spans);
    const tells = failures.length > 0 || spans.some((span) => isSilent(span) && !gapsOf.has(`${span.from} ${span.to}`));
    if (!tells) {
      quiet += 1;
      continue;
    }
    const outages = mergeFlapping(failures, input.flappingWithin).map((outage) => underWaivers(outage, waivers));
    for (const outage of outages) meter.episode(outage);
    listed.push({ subject, display, life, spans, outages });
  }
  if (quiet + listed.length === 0) meter.population(read);
  else for (const { spans } of seen.listed) meter.population(spans.filter(isSilent));
  // Listed where some of it was not seen; that it was read is in `seen`.
  listed.push(...seen.listed.filter(({ spans }) => spans.some((span) => isSilent(span) && !plainGaps.has(`${span.from} ${span.to}`))));
  const bounds = seen.spans;
  meter.edges(isSeen(bounds[0]), isSeen(bounds.at(-1)));
  return {
    period: input.period,
    gapAfter: input.thresholds.gapAfter,
    listed,
    quiet,
    seen: seen.spans,
    worst: () => worstLine(lines),
    gaps: silences(seen.spans).map(({ from, to, reason }) => ({ from, to, reason, material: to - from > input.thresholds.materialAfter })),
    meter,
  };
}

function underWaivers(outage: Outage, waivers: readonly WaiverInForce[]): WaivedOutage {
  if (waivers.length === 0) return { ...outage, waivers: [], waivedMs: 0 };
  const lying = waivers.filter(({ from, to }) => from < outage.to && to > outage.from);
  const waived = joinStretches(lying.map(({ from, to }) => ({ from: Math.max(from, outage.from), to: Math.min(to, outage.to) })));
  return { ...outage, waivers: lying.map(({ id }) => id).sort(), waivedMs: waived.reduce((sum, { from, to }) => sum + to - from, 0) };
}

const isSilent = ({ outcome }: Span): boolean => outcome === 'no-evidence';
/** The edge has a reading near it; what is reconstructed has none. */
function isSeen(span: Span | undefined): boolean {
  return span !== undefined && !isSilent(span) && span.basis !== 'reconstructed' && span.basis !== 'none';
}

/** When the population was seen whole: readings, and what `*` and `*region` say of them. */
function populationLine(
  input: SeriesInput,
  recorded: readonly Stretch[],
  timeline: (own: Pick<TimelineInput, 'marks' | 'life' | 'recorded' | 'events'>) => Timeline,
): { readonly spans: readonly Span[]; readonly plain: readonly Span[]; readonly listed: readonly DescribedSubject[] } {
  const plain = timeline({ marks: input.blanket, life: null, recorded, events: [] }).spans;
  // In most windows of a record nothing happens.
  const said = (marks: readonly Mark[]) => (input.occurs ? marks.filter(({ outcome }) => outcome !== 'empty') : marks);
  const own = input.population.map(({ subject, display, marks }) => ({
    subject,
    display,
    life: null,
    spans: timeline({ marks: said(marks), life: null, recorded: [], events: [] }).spans,
    outages: [],
  }));
  const whole = own.filter(({ subject }) => subject === wholePopulation);
  return {
    plain,
    spans: own.length === 0 ? plain : worstLine([plain, ...own.map(({ spans }) => spans)]),
    listed: own.length === 0 ? [] : [...whole, ...own.filter((one) => !whole.includes(one))],
  };
}

function silences(spans: readonly Span[]): { from: number; to: number; reason: GapReason }[] {
  const silent = joinSpans(spans.filter(isSilent));
  return silent.map(({ from, to, reason }) => ({ from, to, reason: reason ?? 'not-collected' }));
}
