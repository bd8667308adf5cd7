import type { WaiverInForce } from '../history/apply-waivers.ts';
import { type DescribedSeries, describeSeries, type QuietSubjects, type SubjectInput } from '../history/describe-series.ts';
import { ReadingTimes } from '../history/reading-times.ts';
import { joinStretches, type Stretch } from '../history/spans.ts';
import type { Life, Mark } from '../history/to-intervals.ts';
import type { Index } from '../index/open-index.ts';
import { HistoryRows, type IndexedLife, type IndexedLogic, type IndexedMark, type IndexedSeries } from '../index/read-history.ts';
import { durationMs } from '../model/compare-rulers.ts';
import type { EvidenceClass, Ruler } from '../model/engagement.ts';
import type { PlanDetail } from '../model/plan.ts';
import { wholePopulation } from '../model/result.ts';
import type { ChangeLookup } from './change-lookup.ts';

/** A check with one set of parameters as a period expects it. */
export interface ExpectedCheck {
  /** As in the last plan of the period that has it. */
  readonly check: PlanDetail['checks'][number];
  readonly evidenceClass: EvidenceClass;
  /** Its subjects are occurrences: points, and no state that lasts. */
  readonly occurs: boolean;
  /** Controls that use it. */
  readonly controls: readonly string[];
  /** The stretches in which they do. Milliseconds; sorted and apart. */
  readonly expected: readonly Stretch[];
  /** The same for all that are expected over the same stretches, with evidence of the same class. */
  readonly alike: string;
}
export interface SeriesContext {
  /** Milliseconds; ends where the log is read to. */
  readonly period: Stretch;
  readonly ruler: Ruler;
  readonly changes: ChangeLookup;
  /** undefined: nobody expects the series, and it is left out. */
  expectedOf(check: string, parametersDigest: string, source: string): ExpectedCheck | undefined;
  /** Waivers over a subject as a control sees them; null: those that are about no control. */
  waiversOf(control: string | null, series: IndexedSeries, subject: string): readonly WaiverInForce[];
  /** Controls with waivers of their own over a series: each sees it with other eyes. */
  ownWaivers(series: IndexedSeries, controls: readonly string[]): readonly string[];
  /** When an occurrence happened, ISO-8601; undefined: nothing says so. */
  occurredAt(source: string, type: string, subject: string): string | undefined;
}
/** One subject of a check over occurrences. */
export interface SeenOccurrence {
  readonly subject: string;
  readonly display: string;
  readonly at: number;
  readonly mark: Mark | undefined;
}
export interface PeriodSeries {
  readonly series: IndexedSeries;
  readonly expected: ExpectedCheck;
  readonly described: DescribedSeries;
  /** As a control sees it that has waivers of its own. */
  readonly asSeenBy: ReadonlyMap<string, DescribedSeries>;
  readonly readings: ReadingTimes;
  readonly logic: readonly IndexedLogic[];
  /** null: its subjects are no occurrences. */
  readonly occurrences: readonly SeenOccurrence[] | null;
}

/**
 * Every expected series of a period, one by one: what the index has of it, made a history. The subjects of a type in a source are read
 * once for all checks over them.
 */
export function* periodSeries(index: Index, context: SeriesContext, only?: (series: IndexedSeries) => boolean): Generator<PeriodSeries> {
  const rows = new HistoryRows(index, context.period);
  // What happened within the period may have been read after its end.
  const later = new HistoryRows(index, { from: context.period.from, to: Number.MAX_SAFE_INTEGER });
  const all = only === undefined ? { marks: new InStep(rows.marks()), logic: new InStep(rows.logic()) } : undefined;
  const types = new Map<string, TypeFacts>();
  let source = '';
  for (const series of rows.series()) {
    if (only !== undefined && !only(series)) continue;
    const expected = context.expectedOf(series.check, series.parametersDigest, series.source);
    const marks = all?.marks.take(series.id);
    const logic = all?.logic.take(series.id);
    if (expected === undefined) continue;
    if (series.source !== source) types.clear();
    source = series.source;
    const facts = types.get(series.subjectType) ?? typeFacts(rows, series.source, series.subjectType, context);
    types.set(series.subjectType, facts);
    const occurred = expected.occurs ? occurrencesOf(series, later, context) : null;
    yield {
      ...describe(series, expected, facts, marks ?? [...rows.marks(series.id)], logic ?? [...rows.logic(series.id)], context),
      occurrences: occurred,
    };
  }
}

/** Rows in the order of series, taken series by series. */
class InStep<R extends { readonly series: number }> {
  readonly #rows: Iterator<R>;
  #next: R | undefined;
  constructor(rows: Iterator<R>) {
    this.#rows = rows;
    this.#next = this.#pull();
  }
  #pull(): R | undefined {
    const { value, done } = this.#rows.next();
    return done === true ? undefined : value;
  }
  take(series: number): R[] {
    const taken: R[] = [];
    while (this.#next !== undefined && this.#next.series <= series) {
      if (this.#next.series === series) taken.push(this.#next);
      this.#next = this.#pull();
    }
    return taken;
  }
}

interface KnownLife {
  readonly life: Life;
  readonly subject: string;
  readonly display: string;
  readonly region: string | null;
}
interface TypeFacts {
  readonly readings: ReadingTimes;
  /** Those that were there throughout and always seen, by region; the others by themselves. */
  readonly steady: ReadonlyMap<string | null, readonly KnownLife[]>;
  readonly unsteady: readonly KnownLife[];
  readonly unseen: ReadonlyMap<string, readonly Mark[]>;
  readonly reachesAll: boolean;
  /** What checks of which nothing was said but that all pass come to: the same for all that were run and expected alike. */
  readonly untold: Map<string, DescribedSeries>;
}

function typeFacts(rows: HistoryRows, source: string, type: string, { period, changes }: SeriesContext): TypeFacts {
  const readings = new ReadingTimes(rows.months(source, type), period);
  const unseen = Map.groupBy(
    rows.unseen(source, type).map((row) => ({ subject: row.subject, mark: unseenMark(row) })),
    ({ subject }) => subject,
  );
  const lives = rows.lives(source, type).flatMap((row): KnownLife[] => {
    const life = lifeOf(row, readings);
    return life === undefined ? [] : [{ life, subject: row.subject, display: row.display, region: changes.regionOf(source, row.subject) }];
  });
  const isSteady = ({ life, subject }: KnownLife) => life.bornBefore === null && life.diedAt === null && !unseen.has(subject);
  return {
    readings,
    steady: Map.groupBy(lives.filter(isSteady), ({ region }) => region),
    unsteady: lives.filter((one) => !isSteady(one)),
    unseen: new Map([...unseen].map(([subject, of]) => [subject, of.map(({ mark }) => mark)])),
    reachesAll: changes.reachesAll(source, type),
    untold: new Map(),
  };
}

/** Who was there at the first reading of the period was there from its beginning, as far as the period can tell. */
function lifeOf({ bornBefore, bornAt, lastAt, diedAt }: IndexedLife, { first, last }: ReadingTimes): Life | undefined {
  if (first === undefined || last === undefined) return { bornBefore: null, bornAt, lastAt: null, diedAt: null };
  if (bornAt > last.at || (lastAt !== null && lastAt < first.at)) return undefined;
  const isThere = bornAt <= first.at;
  const stays = diedAt === null || diedAt > last.at;
  return {
    bornBefore: isThere ? null : bornBefore,
    bornAt: Math.max(bornAt, first.at),
    lastAt: stays ? null : lastAt,
    diedAt: stays ? null : diedAt,
  };
}

function unseenMark(row: { reason: string; before: number; first: number; after: number | null }): Mark {
  return {
    outcome: 'no-evidence',
    reason: row.reason as Mark['reason'],
    messages: [],
    before: row.before,
    first: { at: row.first, n: 0, idx: 0 },
    last: row.after === null ? null : { at: row.after - 1, n: 0, idx: 0 },
    after: row.after,
    detectedAt: row.first,
  };
}

const nobody: ReadonlyMap<string, DescribedSeries> = new Map();
const millis = new Map<string, number>();
function millisOf(duration: string): number {
  const known = millis.get(duration) ?? durationMs(duration);
  millis.set(duration, known);
  return known;
}

function describe(
  series: IndexedSeries,
  expected: ExpectedCheck,
  facts: TypeFacts,
  rows: readonly IndexedMark[],
  logic: readonly IndexedLogic[],
  context: SeriesContext,
): Omit<PeriodSeries, 'occurrences'> {
  const { readings } = facts;
  const { ruler, period } = context;
  const told = expected.occurs || rows.length > 0 || context.changes.hasEvents(series.source);
  const alike = told ? '' : `${expected.alike} ${logic.map(({ from, to }) => `${from}-${to}`).join(' ')}`;
  const untold = told ? undefined : facts.untold.get(alike);
  if (untold !== undefined) return { series, expected, described: untold, asSeenBy: nobody, readings, logic };
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const population = [...bySubject]
    .filter(([subject]) => subject.startsWith(wholePopulation))
    .map(([subject, marks]) => ({ subject, display: marks[0]?.display ?? subject, marks }));
  const { gapAfter, materialAfter } = ruler.thresholds[expected.evidenceClass];
  const common = {
    occurs: expected.occurs,
    period,
    expected: expected.expected,
    readings,
    run: joinStretches(logic.map(({ from, to }) => ({ from, to: to ?? Number.POSITIVE_INFINITY }))),
    population,
    blanket: rows.filter((row) => row.blanket),
    thresholds: { gapAfter: millisOf(gapAfter), materialAfter: millisOf(materialAfter) },
    flappingWithin: millisOf(ruler.flappingWithin),
  };
  const { subjects, quiet } = expected.occurs ? { subjects: [], quiet: [] } : subjectsOf(series, expected, facts, bySubject, context);
  const seenBy = (control: string | null) =>
    describeSeries({ ...common, subjects, quiet, waiversOf: (subject) => context.waiversOf(control, series, subject) });
  const described = seenBy(null);
  if (!told && described.listed.length === 0) facts.untold.set(alike, described);
  return {
    series,
    expected,
    described,
    asSeenBy: new Map(context.ownWaivers(series, expected.controls).map((control) => [control, seenBy(control)])),
    readings,
    logic,
  };
}

function subjectsOf(
  { source, subjectType }: IndexedSeries,
  { check }: ExpectedCheck,
  facts: TypeFacts,
  bySubject: ReadonlyMap<string, readonly IndexedMark[]>,
  { changes }: SeriesContext,
): { subjects: SubjectInput[]; quiet: QuietSubjects[] } {
  const recorded = (region: string | null) => (check.unrecorded === true ? [] : changes.recorded(source, subjectType, region));
  const eventsOf = (one: { subject: string; display: string }) => changes.eventsOf(source, subjectType, one, check.changes);
  const withMarks = (one: KnownLife): SubjectInput => ({
    subject: one.subject,
    display: one.display,
    life: one.life,
    marks: [...(bySubject.get(one.subject) ?? []), ...(facts.unseen.get(one.subject) ?? [])],
    events: eventsOf(one),
    recorded: recorded(one.region),
  });
  const subjects = facts.unsteady.map(withMarks);
  const quiet: QuietSubjects[] = [];
  for (const [region, all] of facts.steady) {
    let count = 0;
    let first: KnownLife | undefined;
    for (const one of all) {
      if (bySubject.has(one.subject) || facts.reachesAll || eventsOf(one).length > 0) subjects.push(withMarks(one));
      else {
        count += 1;
        first ??= one;
      }
    }
    if (first !== undefined) quiet.push({ count, subject: first.subject, display: first.display, recorded: recorded(region) });
  }
  return {
    subjects: subjects.sort((left, right) =>
      left.subject < right.subject ? -1 : left.subject > right.subject ? 1 : left.life.bornAt - right.life.bornAt,
    ),
    quiet,
  };
}

/** Every occurrence that fell in the period, once, with what was said of it last. */
function occurrencesOf(series: IndexedSeries, rows: HistoryRows, { period, occurredAt }: SeriesContext): SeenOccurrence[] {
  const { source, subjectType } = series;
  const said = Map.groupBy(rows.marks(series.id), ({ subject }) => subject);
  const found = new Map<string, SeenOccurrence>();
  for (const { subject, display, bornAt } of rows.lives(source, subjectType)) {
    const at = Date.parse(occurredAt(source, subjectType, subject) ?? '') || bornAt;
    if (found.has(subject) || at < period.from || at >= period.to) continue;
    const mark = said.get(subject)?.at(-1);
    if (mark?.excluded !== true) found.set(subject, { subject, display, at, mark });
  }
  return [...found.values()].sort((left, right) => left.at - right.at || (left.subject < right.subject ? -1 : 1));
}
