import type { ControlHistory, Interval, SubjectTimeline } from '../../model/history.ts';
import { counted, printCount, printDuration } from './print-figures.ts';
import { printTime } from './print-time.ts';

/**
 * How a stretch looks. Every look differs in shape and lightness as well as in colour, so that a grey print says the same:
 * what is known of a stretch without failure is solid, framed or striped by its basis; failing is dark and tall.
 */
export const looks = [
  'corroborated',
  'event',
  'inferred',
  'reconstructed',
  'failing',
  'transition',
  'waived',
  'no-evidence',
  'not-operating',
] as const;
export type Look = (typeof looks)[number];
export const lookWords: Readonly<Record<Look, string>> = {
  corroborated: 'no failure, corroborated by a complete change record',
  event: 'no failure, known from a change event',
  inferred: 'no failure, inferred between two equal readings',
  reconstructed: 'no failure, reconstructed from events collected later',
  failing: 'failing',
  transition: 'between two different readings: counted as failing',
  waived: 'failing under a waiver',
  'no-evidence': 'no evidence',
  'not-operating': 'not applicable, or an empty population',
};

/** One stretch of a row; `from` and `to` are shares of the period. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly look: Look;
  readonly title: string;
}
export interface TimelineRow {
  readonly label: string;
  readonly level: 'control' | 'check' | 'subject';
  readonly note: string;
  readonly bars: readonly Bar[];
}
/** A drawing without a medium: shares of a width, looks, words. */
export interface TimelineDrawing {
  readonly title: string;
  readonly rows: readonly TimelineRow[];
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Where a new version of the control begins. */
  readonly marks: readonly { readonly at: number; readonly label: string }[];
  readonly edges: { readonly from: string; readonly to: string };
  /** Looks that occur, in the order of `looks`. */
  readonly legend: readonly Look[];
  /** What is not drawn, in sentences. */
  readonly notDrawn: readonly string[];
}

const drawnSubjects = 25;

/** The drawing of one control over the period. */
export function drawTimeline(control: ControlHistory, period: { readonly from: string; readonly to: string }): TimelineDrawing {
  const scale = scaleOf(period);
  const events = occurrenceBars(control, scale);
  const whole = rowOf('The control as a whole (at each time the worst of what is below)', 'control', wholeOf(control), scale);
  const rows: TimelineRow[] = [{ ...whole, bars: [...whole.bars, ...events.flatMap((event) => event.bar)] }];
  const notDrawn: string[] = [];
  let quiet = 0;
  for (const series of control.series) {
    const row = rowOf(`${series.claim} — ${series.key.source}`, 'check', series.worst, scale);
    const own = events.filter((event) => event.check === series.key.check && event.source === series.key.source);
    const judged =
      series.occurrences === null
        ? row.note
        : `${printCount(series.occurrences.fail)} of ${counted(series.occurrences.total, 'occurrence')} failed`;
    rows.push({ ...row, note: judged, bars: [...row.bars, ...own.map((event) => event.bar)] });
    const noted = series.timelines.filter((timeline) => timeline.intervals.some(isNoted)).toSorted(worstFirst);
    const repeats = series.timelines.length === 1 && series.quiet.subjects === 0;
    if (!repeats)
      for (const timeline of noted.slice(0, drawnSubjects)) rows.push(rowOf(timeline.display, 'subject', timeline.intervals, scale));
    const hidden = repeats ? 0 : Math.max(0, noted.length - drawnSubjects);
    if (hidden > 0)
      notDrawn.push(`${counted(hidden, 'more subject')} of “${series.claim}” failed or went unseen for shorter: all are in timeline.csv.`);
    quiet += series.quiet.subjects + series.timelines.length - noted.length;
  }
  if (quiet > 0) notDrawn.push(`Not drawn, because there was nothing to note: ${counted(quiet, 'subject')}, counted once for each check.`);
  const present = new Set(rows.flatMap((row) => row.bars.map((bar) => bar.look)));
  return {
    title: `Timeline of ${control.control.id}, ${printTime(period.from)} to ${printTime(period.to)}`,
    rows,
    ticks: ticksOf(period, scale),
    marks: control.versions.slice(1).map((version) => ({ at: scale(version.from), label: `v${version.number}` })),
    edges: { from: printTime(period.from), to: printTime(period.to) },
    legend: looks.filter((look) => present.has(look)),
    notDrawn,
  };
}

/** Of a control that no check ever spoke for nothing was seen: that is drawn, so that an empty strip is not taken for a quiet year. */
const wholeOf = (control: ControlHistory): readonly Interval[] =>
  control.series.length > 0 || control.state !== 'no-evidence'
    ? control.worst
    : control.versions.map(({ from, to }) => ({ from, to, outcome: 'no-evidence', basis: 'none', evidence: { first: null, last: null } }));
const isNoted = (interval: Interval): boolean =>
  interval.outcome === 'fail' || interval.outcome === 'waived' || interval.outcome === 'no-evidence';
const failingMs = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, one) => (one.outcome === 'fail' || one.outcome === 'waived' ? sum + lengthOf(one) : sum), 0);
const lengthOf = (interval: Interval): number => Date.parse(interval.to) - Date.parse(interval.from);
const worstFirst = (a: SubjectTimeline, b: SubjectTimeline): number =>
  failingMs(b.intervals) - failingMs(a.intervals) || (a.subject < b.subject ? -1 : 1);

/** Occurrences that failed or could not be judged, each at its instant. */
function occurrenceBars(control: ControlHistory, scale: Scale): { readonly check: string; readonly source: string; readonly bar: Bar }[] {
  return control.occurrences.flatMap((one) => {
    if (one.outcome !== 'fail' && one.outcome !== 'waived' && one.outcome !== 'no-evidence') return [];
    const at = scale(one.at);
    const look: Look = one.outcome === 'fail' ? 'failing' : one.outcome;
    return [
      {
        check: one.series.check,
        source: one.series.source,
        bar: { from: at, to: at, look, title: `${one.display}: ${one.message}, ${printTime(one.at)}` },
      },
    ];
  });
}

type Scale = (time: string) => number;
function scaleOf(period: { readonly from: string; readonly to: string }): Scale {
  const start = Date.parse(period.from);
  const length = Math.max(1, Date.parse(period.to) - start);
  return (time) => Math.min(1, Math.max(0, (Date.parse(time) - start) / length));
}

export function lookOf(interval: Interval): Look {
  switch (interval.outcome) {
    case 'fail':
      return interval.basis === 'transition' ? 'transition' : 'failing';
    case 'waived':
      return 'waived';
    case 'no-evidence':
      return 'no-evidence';
    case 'empty':
    case 'not-applicable':
      return 'not-operating';
    case 'pass':
      return interval.basis === 'none' ? 'no-evidence' : interval.basis;
  }
}

function rowOf(label: string, level: TimelineRow['level'], intervals: readonly Interval[], scale: Scale): TimelineRow {
  const bars: Bar[] = [];
  for (const interval of intervals) {
    const look = lookOf(interval);
    const last = bars.at(-1);
    const bar = { from: scale(interval.from), to: scale(interval.to), look };
    if (bar.to <= bar.from && look !== 'failing') continue;
    if (last && last.look === look && last.to === bar.from)
      bars[bars.length - 1] = { ...last, to: bar.to, title: `${last.title.split(' to ')[0]} to ${printTime(interval.to)}` };
    else bars.push({ ...bar, title: `${lookWords[look]}: ${printTime(interval.from)} to ${printTime(interval.to)}` });
  }
  // What failed is drawn last: a failure of minutes must lie over its neighbours, not under them.
  const over = (bar: Bar): number => (bar.look === 'failing' || bar.look === 'transition' || bar.look === 'waived' ? 1 : 0);
  return { label, level, note: noteOf(intervals), bars: bars.toSorted((a, b) => over(a) - over(b)) };
}

function noteOf(intervals: readonly Interval[]): string {
  const failing = intervals.filter((interval) => interval.outcome === 'fail');
  const waived = intervals.filter((interval) => interval.outcome === 'waived');
  const unseen = intervals.filter((interval) => interval.outcome === 'no-evidence');
  const sum = (ones: readonly Interval[]): string => printDuration(ones.reduce((total, one) => total + lengthOf(one), 0));
  return [
    ...(failing.length > 0 ? [`failing ${sum(failing)}`] : []),
    ...(waived.length > 0 ? [`waived ${sum(waived)}`] : []),
    ...(unseen.length > 0 ? [`no evidence ${sum(unseen)}`] : []),
  ].join(' · ');
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Month starts (UTC) within the period; weeks or days where the period is short. */
function ticksOf(period: { readonly from: string; readonly to: string }, scale: Scale): TimelineDrawing['ticks'] {
  const start = new Date(period.from);
  const end = Date.parse(period.to);
  const ticks: { at: number; label: string }[] = [];
  const days = (end - start.getTime()) / 86_400_000;
  const step = days > 62 ? 'month' : days > 14 ? 'week' : 'day';
  const tick = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), step === 'month' ? 1 : start.getUTCDate()));
  while (tick.getTime() < end) {
    if (tick.getTime() >= start.getTime()) {
      const month = monthNames[tick.getUTCMonth()]!;
      const label =
        step === 'month'
          ? tick.getUTCMonth() === 0 || ticks.length === 0
            ? `${month} ${tick.getUTCFullYear()}`
            : month
          : `${tick.getUTCDate()} ${month}`;
      ticks.push({ at: scale(tick.toISOString()), label });
    }
    if (step === 'month') tick.setUTCMonth(tick.getUTCMonth() + 1);
    else tick.setUTCDate(tick.getUTCDate() + (step === 'week' ? 7 : 1));
  }
  return ticks;
}
