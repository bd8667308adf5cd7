import type { GapReason } from '../model/completeness.ts';
import type { Basis, ChangeReference } from '../model/history.ts';
import type { Outcome } from '../model/outcome.ts';
import type { ReadingPoint, ReadingTimes } from './reading-times.ts';
import { cutSpans, intersect, joinSpans, joinStretches, type Span, type Stretch } from './spans.ts';

/** A stretch of readings in which a subject was not a pass. Times are milliseconds and those of readings. */
export interface Mark {
  readonly outcome: Exclude<Outcome, 'pass' | 'waived'>;
  readonly reason: GapReason | null;
  readonly messages: readonly string[];
  /** The reading before the first; null: there was none. */
  readonly before: number | null;
  readonly first: ReadingPoint;
  /** The last reading that said so, and the one after it; null: it is still said. */
  readonly last: ReadingPoint | null;
  readonly after: number | null;
  /** When the first was recorded. */
  readonly detectedAt: number;
}
/** From when to when a subject was there. `bornBefore`: the reading before, in which it was not; null: nobody knows of a time without it. */
export interface Life {
  readonly bornBefore: number | null;
  readonly bornAt: number;
  readonly lastAt: number | null;
  readonly diedAt: number | null;
}
/** What happened to a subject at an instant, as the source's own record says. */
export interface SubjectEvent {
  readonly at: number;
  /** After it the claim surely does not hold, or holds; `touch`: something changed, and the next reading will tell. */
  readonly effect: 'break' | 'mend' | 'touch';
  readonly reference: ChangeReference;
}

export interface TimelineInput {
  readonly period: Stretch;
  /** Where somebody was to look: the stretches in which a control uses the check. Sorted and apart. */
  readonly expected: readonly Stretch[];
  readonly readings: ReadingTimes;
  /** Stretches of readings in which the check was run at all. Sorted and apart; `to` is the first reading without it. */
  readonly run: readonly Stretch[];
  /** Of the subject, and what is said of every subject; in any order. */
  readonly marks: readonly Mark[];
  readonly life: Life | null;
  /** Where the change record of everything that can alter the subject is whole. Sorted and apart. */
  readonly recorded: readonly Stretch[];
  /** About the subject and not refused, in order of time. */
  readonly events: readonly SubjectEvent[];
  /** Silence longer than this many milliseconds is no evidence. */
  readonly gapAfter: number;
}

/** One stretch of failure as the timeline has it; episodes are made of these. */
export interface Failure extends Stretch {
  /** First and last failing reading; null: only events saw it. */
  readonly observed: Stretch | null;
  /** From the last reading before that was not a failure to the first one after it. */
  readonly conservative: Stretch;
  readonly exactFrom: number | null;
  readonly exactTo: number | null;
  readonly readings: number;
  readonly unseen: number;
  /** What was said, and when, while it failed. */
  readonly marks: readonly Mark[];
  /** null: only events saw it. */
  readonly detectedAt: number | null;
  readonly first: number | null;
  readonly last: number | null;
  readonly events: readonly SubjectEvent[];
  readonly carriedIn: boolean;
  readonly openAtEnd: boolean;
  /** It failed when it was first seen, and it had not been there before. */
  readonly atBirth: boolean;
}
export interface Timeline {
  /** Sorted, apart, and without a hole over the subject's life within the period and `expected`. */
  readonly spans: readonly Span[];
  readonly failures: readonly Failure[];
}

/** Readings in a row that agree, and conclude something. */
interface Run {
  readonly outcome: Exclude<Outcome, 'waived' | 'no-evidence'>;
  readonly a: number;
  readonly b: number;
  readonly mark: Mark | undefined;
  readonly first: number | null;
  readonly last: number | null;
}
/** Readings that conclude nothing. */
interface Blind {
  readonly from: number;
  /** The next reading that is something else; Infinity: there is none. */
  readonly to: number;
  readonly reason: GapReason;
}
interface Piece extends Span {
  /** Set on a failure that events bound: the readings around it. */
  readonly around?: Stretch;
  readonly exactFrom?: number;
  readonly exactTo?: number;
  readonly by?: readonly SubjectEvent[];
}

/**
 * The timeline of one subject of one check (audit domain, section 8.3), from its readings and the change events about it. A state holds
 * between two equal readings that are not apart by more than the threshold, or for however long if the change record is whole and
 * knows of nothing; between different readings a failure is counted from the last reading that was none, unless an event gives the
 * instant; what lies between two failures is a failure; everything else is no evidence.
 */
export function toIntervals(input: TimelineInput): Timeline {
  const bounds = boundsOf(input);
  if (bounds === undefined) return { spans: [], failures: [] };
  const { runs, blind } = runsOf(input);
  const line = new TimelineBuilder(input, blind);
  const [from, to] = lifeOf(input, bounds, runs);
  if (from >= to) return { spans: [], failures: [] };
  const [first] = runs;
  const last = runs.at(-1);
  if (first === undefined || last === undefined) line.unknown(from, to);
  else {
    line.before(from, first);
    for (const [n, run] of runs.entries()) {
      line.within(run);
      const next = runs[n + 1];
      if (next !== undefined) line.between(run, next);
    }
    line.after(last, to);
  }
  const pieces = cutSpans(line.pieces(from, to), input.expected);
  const spans = joinSpans(pieces).map(strip);
  return { spans, failures: failuresOf(pieces, runs, input, bounds) };
}

/** Only what events bound has more to it than a span. */
function strip(piece: Piece): Span {
  if (piece.around === undefined) return piece;
  const { from, to, outcome, basis, reason, first, last } = piece;
  return { from, to, outcome, basis, ...(reason === undefined ? {} : { reason }), first, last };
}

/** The part of the period in which somebody was to look. */
function boundsOf({ period, expected }: TimelineInput): Stretch | undefined {
  const [first] = expected;
  const last = expected.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const bounds = { from: Math.max(period.from, first.from), to: Math.min(period.to, last.to) };
  return bounds.from < bounds.to ? bounds : undefined;
}

/** A subject that fails when it is first seen may have failed since just after the reading before; gone while failing, until it was missed. */
function lifeOf({ life }: TimelineInput, bounds: Stretch, runs: readonly Run[]): readonly [number, number] {
  if (life === null) return [bounds.from, bounds.to];
  const [first] = runs;
  const last = runs.at(-1);
  const failedAtBirth = first?.outcome === 'fail' && first.a <= life.bornAt;
  const failedAtDeath = last?.outcome === 'fail' && life.lastAt !== null && last.b >= life.lastAt;
  const born = life.bornBefore === null ? bounds.from : failedAtBirth ? life.bornBefore : life.bornAt;
  const died = life.diedAt === null ? bounds.to : failedAtDeath ? life.diedAt : (life.lastAt ?? life.diedAt);
  return [Math.max(bounds.from, born), Math.min(bounds.to, died)];
}

function runsOf({ readings, run: checked, marks, life, period }: TimelineInput): { runs: Run[]; blind: Blind[] } {
  const { first, last } = readings;
  if (first === undefined || last === undefined) return { runs: [], blind: [] };
  const start = Math.max(first.at, life?.bornAt ?? first.at);
  const end = Math.min(last.at, life?.lastAt ?? last.at);
  const rows = inOrder(
    marks.filter((mark) => mark.first.at <= end && (mark.last === null || mark.last.at >= start) && mark.first.at < period.to),
  );
  const runs: Run[] = [];
  const blind: Blind[] = [];
  const put = (run: Run) => {
    if (run.a <= run.b) runs.push(run);
  };
  for (const stretch of checked) {
    let cursor: number | undefined = readings.atOrAfter(Math.max(start, stretch.from))?.at;
    const stop =
      stretch.to === Number.POSITIVE_INFINITY ? end : Math.min(end, readings.atOrBefore(stretch.to - 1)?.at ?? Number.NEGATIVE_INFINITY);
    for (const mark of rows) {
      if (cursor === undefined || cursor > stop) break;
      if (mark.last !== null && mark.last.at < cursor) continue;
      if (mark.first.at > stop) break;
      const a = Math.max(mark.first.at, cursor);
      if (mark.first.at > cursor && mark.before !== null && mark.before >= cursor) put(passing(cursor, mark.before));
      const b = Math.min(mark.last?.at ?? stop, stop);
      if (mark.outcome === 'no-evidence')
        blind.push({ from: a, to: mark.after ?? Number.POSITIVE_INFINITY, reason: mark.reason ?? 'not-collected' });
      else {
        put({
          outcome: mark.outcome,
          a,
          b,
          mark,
          first: mark.first.at >= first.at ? mark.first.idx : first.idx,
          last: mark.last !== null && mark.last.at <= last.at ? mark.last.idx : last.idx,
        });
      }
      cursor = mark.after ?? undefined;
    }
    if (cursor !== undefined && cursor <= stop) put(passing(cursor, stop));
  }
  return { runs, blind };
}
/** As they began; of those that began together, what concludes nothing first. Nearly all come in that order. */
function inOrder(marks: Mark[]): Mark[] {
  const rank = (left: Mark, right: Mark): number =>
    left.first.at - right.first.at || Number(left.outcome !== 'no-evidence') - Number(right.outcome !== 'no-evidence');
  return marks.some((mark, n) => n > 0 && rank(marks[n - 1] as Mark, mark) > 0) ? marks.toSorted(rank) : marks;
}
function passing(a: number, b: number): Run {
  return { outcome: 'pass', a, b, mark: undefined, first: null, last: null };
}
const noRun = { first: null, last: null };
class TimelineBuilder {
  readonly #input: TimelineInput;
  readonly #blind: readonly Blind[];
  readonly #pieces: Piece[] = [];

  constructor(input: TimelineInput, blind: readonly Blind[]) {
    this.#input = input;
    this.#blind = blind;
  }

  pieces(from: number, to: number): readonly Piece[] {
    if (this.#pieces.every((piece) => piece.from >= from && piece.to <= to)) return this.#pieces;
    return this.#pieces.flatMap((piece) => {
      if (piece.from >= from && piece.to <= to) return piece;
      const cut = { ...piece, from: Math.max(piece.from, from), to: Math.min(piece.to, to) };
      return cut.from < cut.to ? [cut] : [];
    });
  }

  #put(piece: Piece): void {
    if (piece.from < piece.to) this.#pieces.push(piece);
  }
  #plain(from: number, to: number, outcome: Outcome, basis: Basis, run?: Run, reason?: GapReason): void {
    if (from >= to) return;
    const { first, last } = run ?? noRun;
    this.#pieces.push(reason === undefined ? { from, to, outcome, basis, first, last } : { from, to, outcome, basis, reason, first, last });
  }

  /** Nothing conclusive was read. */
  unknown(from: number, to: number): void {
    if (from >= to) return;
    let cursor = from;
    for (const { from: start, to: end, reason } of this.#blind) {
      if (end <= cursor || start >= to) continue;
      if (start > cursor) this.#plain(cursor, start, 'no-evidence', 'none', undefined, 'not-collected');
      const stop = Math.min(end, to);
      this.#plain(Math.max(cursor, start), stop, 'no-evidence', 'none', undefined, reason);
      cursor = Math.max(cursor, stop);
    }
    if (cursor < to) this.#plain(cursor, to, 'no-evidence', 'none', undefined, 'not-collected');
  }

  /** From the beginning to the first conclusive reading. */
  before(from: number, run: Run): void {
    const { gapAfter } = this.#input;
    if (from >= run.a) return;
    const blind = this.#blindIn(from, run.a);
    const near = run.a - from <= gapAfter && blind === undefined;
    if (run.outcome === 'fail') {
      const broken = this.#eventsIn(from, run.a, 'break').at(0);
      const mended = this.#eventsIn(from, run.a, 'mend').at(-1);
      // A failure that begins with an event: before it the claim held, as far as somebody was near enough to say so.
      if (broken !== undefined && mended === undefined) {
        if (near) this.#plain(from, broken.at, 'pass', 'event', run);
        else this.unknown(from, broken.at);
        this.#put({
          from: broken.at,
          to: run.a,
          outcome: 'fail',
          basis: 'event',
          first: run.first,
          last: run.last,
          around: { from, to: run.a },
          exactFrom: broken.at,
          by: [broken],
        });
      } else this.#plain(from, run.a, 'fail', near ? 'transition' : 'none', run);
      return;
    }
    const whole = this.#wholeFrom(run.a);
    if (run.outcome === 'pass') {
      const failed = this.#explain('unknown', 'pass', from, run.a);
      if (failed.length > 0) {
        this.#around(failed, from, run.a, (a, b) => (near ? this.#plain(a, b, 'pass', 'event', run) : this.unknown(a, b)));
        return;
      }
    }
    if (near) {
      this.#plain(
        from,
        run.a,
        run.outcome,
        whole !== undefined && whole <= from && !this.#touched(from, run.a) ? 'corroborated' : 'inferred',
        run,
      );
      return;
    }
    // Only what the source's own record says of the time before anybody looked.
    const since = whole === undefined ? run.a : Math.max(whole, this.#lastTouch(from, run.a) ?? from, from);
    const known = blind === undefined ? since : run.a;
    this.unknown(from, known);
    this.#plain(known, run.a, run.outcome, 'reconstructed', run);
  }

  /** Between the first and the last of readings that agree. */
  within(run: Run): void {
    const { readings, gapAfter, events } = this.#input;
    const gaps = readings.gapsOver(gapAfter);
    if (gaps.length === 0 && events.length === 0) {
      this.#known(run.a, run.b, run);
      return;
    }
    const touching = events.filter(({ at }) => at > run.a && at <= run.b);
    const pairs = touching.length === 0 ? [] : this.#pairsAround(touching, run);
    const holes = gaps.filter(({ from, to }) => from >= run.a && to <= run.b);
    const special = joinPairs([...holes, ...pairs]);
    let cursor = run.a;
    for (const pair of special) {
      this.#known(cursor, pair.from, run);
      this.#pair(pair, run);
      cursor = pair.to;
    }
    this.#known(cursor, run.b, run);
  }

  /** Two neighbouring readings that agree, and are far apart or have events between them. */
  #pair({ from, to }: Stretch, run: Run): void {
    const near = to - from <= this.#input.gapAfter;
    if (run.outcome === 'fail') {
      this.#plain(from, to, 'fail', near ? 'inferred' : this.#isRecorded(from, to) ? 'corroborated' : 'none', run);
      return;
    }
    const failed = run.outcome === 'pass' ? this.#explain('pass', 'pass', from, to) : [];
    const fill = (a: number, b: number) => {
      if (near) this.#plain(a, b, run.outcome, 'inferred', run);
      else if (failed.length === 0 && this.#isRecorded(from, to)) this.#plain(a, b, run.outcome, 'corroborated', run);
      else this.unknown(a, b);
    };
    this.#around(failed, from, to, fill);
  }

  /** Between two conclusive readings that say different things, or the same with something inconclusive between them. */
  between(left: Run, right: Run): void {
    const [from, to] = [left.b, right.a];
    if (from >= to) return;
    const near = to - from <= this.#input.gapAfter;
    const blind = this.#blindIn(from, to);
    if (left.outcome === 'fail' || right.outcome === 'fail') {
      if (left.outcome === right.outcome) {
        this.#failing(from, to, near, blind, left);
        return;
      }
      const other = left.outcome === 'fail' ? right.outcome : left.outcome;
      const events = other === 'pass' ? this.#explain(left.outcome, right.outcome, from, to) : [];
      if (events.length === 0) this.#failing(from, to, near, blind, left.outcome === 'fail' ? left : right);
      else this.#around(events, from, to, (a, b) => this.#plain(a, b, 'pass', 'event', left));
      return;
    }
    const failed = left.outcome === 'pass' && right.outcome === 'pass' ? this.#explain('pass', 'pass', from, to) : [];
    const fill = (a: number, b: number) => {
      if (!near) this.unknown(a, b);
      else if (blind === undefined || b <= blind) this.#held(a, b, left, right);
      else {
        this.#held(a, Math.max(a, blind), left, right);
        this.unknown(Math.max(a, blind), b);
      }
    };
    this.#around(failed, from, to, fill);
  }
  #held(from: number, to: number, left: Run, right: Run): void {
    if (left.outcome === right.outcome) this.#plain(from, to, left.outcome, 'inferred', left);
    else this.#plain(from, to, 'not-applicable', 'transition', left);
  }
  #failing(from: number, to: number, near: boolean, blind: number | undefined, run: Run): void {
    const dark = near ? (blind ?? to) : from;
    this.#plain(from, dark, 'fail', 'transition', run);
    this.#plain(dark, to, 'fail', 'none', run);
  }

  /** From the last conclusive reading to the end. */
  after(run: Run, to: number): void {
    const from = run.b;
    if (from >= to) return;
    const near = to - from <= this.#input.gapAfter;
    const blind = this.#blindIn(from, to);
    const lit = near ? Math.min(blind ?? to, to) : blind !== undefined && blind - from <= this.#input.gapAfter ? blind : from;
    if (run.outcome === 'fail') {
      const mended = this.#explain('fail', 'unknown', from, to);
      const [one] = mended;
      if (one !== undefined && one.to < to) {
        this.#around(mended, from, to, (a, b) => (near ? this.#plain(a, b, 'pass', 'event', run) : this.unknown(a, b)));
        return;
      }
      // Gone by the next reading: by when, no reading says.
      const gone = to < this.#input.period.to && this.#input.life?.diedAt === to;
      this.#plain(from, lit, 'fail', gone ? 'transition' : this.#isRecorded(from, to) ? 'corroborated' : 'inferred', run);
      this.#plain(lit, to, 'fail', 'none', run);
      return;
    }
    const failed = run.outcome === 'pass' ? this.#explain('pass', 'unknown', from, to) : [];
    const basis: Basis = failed.length === 0 && this.#isRecorded(from, to) ? 'corroborated' : 'inferred';
    this.#around(failed, from, to, (a, b) => {
      const stop = Math.min(b, Math.max(a, lit));
      this.#plain(a, stop, run.outcome, basis, run);
      this.unknown(stop, b);
    });
  }

  /** Failures that events tell of, and `fill` for what lies beside them. */
  #around(failed: readonly Piece[], from: number, to: number, fill: (from: number, to: number) => void): void {
    let cursor = from;
    for (const piece of failed) {
      if (piece.from > cursor) fill(cursor, piece.from);
      this.#put(piece);
      cursor = Math.max(cursor, piece.to);
    }
    if (cursor < to) fill(cursor, to);
  }

  /**
   * What the events between two readings make of the state: the failures among them. Empty where they do not explain what the
   * readings say; then the conservative bound stands.
   */
  #explain(before: Outcome | 'unknown', after: Outcome | 'unknown', from: number, to: number): Piece[] {
    if (this.#input.events.length === 0) return [];
    const events = this.#input.events.filter(({ at, effect }) => effect !== 'touch' && at > from && at <= to);
    const [one] = events;
    if (one === undefined) return [];
    const around = { from, to };
    const failed: Piece[] = [];
    // Before a first event that mends, it failed; before one that breaks, it held.
    let since = before === 'fail' || (before === 'unknown' && one.effect === 'mend') ? from : undefined;
    let by: SubjectEvent[] = [];
    let mended = from;
    for (const event of events) {
      if (event.effect === 'break' && since === undefined) {
        since = event.at;
        by = [event];
      } else if (event.effect === 'mend' && since !== undefined) {
        failed.push({ ...this.#byEvents(since, event.at, [...by, event], around), exactTo: event.at });
        since = undefined;
        mended = event.at;
      }
    }
    const [last] = events.slice(-1);
    if (after === 'fail' && since === undefined) {
      // Mended, and failing again at the next reading: from when, no event says.
      if (failed.length === 0) return [];
      return [...failed, { from: mended, to, outcome: 'fail', basis: 'transition', first: null, last: null, around: { from: mended, to } }];
    }
    if (since !== undefined && last !== undefined) {
      // Broken, and whole at the next reading: by when, no event says.
      if (before === 'fail' && by.length === 0) return [];
      failed.push(this.#byEvents(since, to, by, around));
    }
    return failed;
  }
  #byEvents(from: number, to: number, by: readonly SubjectEvent[], around: Stretch): Piece {
    const [begun] = by;
    const exact = begun?.effect === 'break' ? { exactFrom: begun.at } : {};
    return { from, to, outcome: 'fail', basis: 'event', first: null, last: null, around, by, ...exact };
  }

  /** A state between readings that agree and are near enough to each other. */
  #known(from: number, to: number, run: Run): void {
    if (from >= to) return;
    let cursor = from;
    for (const stretch of this.#alignedWithin(from, to)) {
      this.#plain(cursor, stretch.from, run.outcome, 'inferred', run);
      this.#plain(stretch.from, stretch.to, run.outcome, 'corroborated', run);
      cursor = stretch.to;
    }
    this.#plain(cursor, to, run.outcome, 'inferred', run);
  }

  /** Where pairs of readings lie wholly within the record: it is widened to no reading, and shortened to the nearest. */
  #alignedWithin(from: number, to: number): Stretch[] {
    const { readings, recorded } = this.#input;
    if (recorded.length === 0) return [];
    return recorded.flatMap((window) => {
      if (window.to <= from || window.from >= to) return [];
      const a = window.from <= from ? from : (readings.atOrAfter(window.from)?.at ?? to);
      const b = window.to >= to ? to : (readings.atOrBefore(window.to)?.at ?? from);
      return a < b ? [{ from: Math.max(a, from), to: Math.min(b, to) }] : [];
    });
  }

  #isRecorded(from: number, to: number): boolean {
    return this.#input.recorded.some((window) => window.from <= from && window.to >= to) && !this.#touched(from, to);
  }
  /** From when on the record is whole up to `to`. */
  #wholeFrom(to: number): number | undefined {
    return this.#input.recorded.find((window) => window.from < to && window.to >= to)?.from;
  }
  #touched(from: number, to: number): boolean {
    return this.#input.events.some(({ at }) => at > from && at <= to);
  }
  #lastTouch(from: number, to: number): number | undefined {
    return this.#input.events.findLast(({ at }) => at > from && at <= to)?.at;
  }
  #eventsIn(from: number, to: number, effect: SubjectEvent['effect']): SubjectEvent[] {
    return this.#input.events.filter((event) => event.effect === effect && event.at > from && event.at <= to);
  }
  /** From when on readings between two times concluded nothing; undefined: none did so. */
  #blindIn(from: number, to: number): number | undefined {
    return this.#blind.find((one) => one.from >= from && one.from < to)?.from;
  }
  /** The readings around each event, within a run. */
  #pairsAround(events: readonly SubjectEvent[], run: Run): Stretch[] {
    const { readings } = this.#input;
    return events.map(({ at }) => ({
      from: Math.max(run.a, readings.atOrBefore(at - 1)?.at ?? run.a),
      to: Math.min(run.b, readings.atOrAfter(at)?.at ?? run.b),
    }));
  }
}

/** Pairs of neighbouring readings, each once, in order. */
function joinPairs(pairs: readonly Stretch[]): Stretch[] {
  const byStart = new Map(pairs.map((pair) => [pair.from, pair]));
  return [...byStart.values()].sort((left, right) => left.from - right.from);
}

type Pieces = [Piece, ...Piece[]];
/** What is contiguous is one failure, whatever it is known by. */
function failuresOf(pieces: readonly Piece[], runs: readonly Run[], input: TimelineInput, bounds: Stretch): Failure[] {
  const groups: Pieces[] = [];
  let end: number | undefined;
  for (const piece of pieces) {
    if (piece.outcome !== 'fail') continue;
    if (end === piece.from) groups.at(-1)?.push(piece);
    else groups.push([piece]);
    end = piece.to;
  }
  const failing = runs.filter(({ outcome }) => outcome === 'fail');
  let next = 0;
  return groups.map((group) => {
    const { from } = group[0];
    const { to } = group.at(-1) ?? group[0];
    // Both are in order of time: who ended before this failure ended before the next one.
    while (next < failing.length && (failing[next] as Run).b < from) next += 1;
    let after = next;
    while (after < failing.length && (failing[after] as Run).a <= to) after += 1;
    return failureOf(group, failing.slice(next, after), input, bounds);
  });
}

function failureOf(group: Pieces, runs: readonly Run[], { readings, life }: TimelineInput, bounds: Stretch): Failure {
  const begin = group[0];
  const end = group.at(-1) ?? begin;
  const { from } = begin;
  const { to } = end;
  const first = runs[0];
  const last = runs.at(-1);
  const carriedIn = from <= bounds.from && (life === null || life.bornBefore === null || life.bornBefore < bounds.from);
  const marks: Mark[] = [];
  let count = 0;
  for (const { a, b, mark } of runs) {
    if (mark !== undefined) marks.push(mark);
    const begun = mark === undefined || mark.first.at < a ? (readings.first?.n ?? 0) : mark.first.n;
    const ended = mark === undefined || mark.last === null || mark.last.at > b ? (readings.last?.n ?? 0) : mark.last.n;
    count += ended - begun + 1;
  }
  const events: SubjectEvent[] = [];
  let unseen = 0;
  for (const { from: since, to: until, basis, by } of group) {
    if (basis === 'none') unseen += until - since;
    if (by !== undefined) events.push(...by);
  }
  return {
    from,
    to,
    observed: first === undefined || last === undefined ? null : { from: first.a, to: last.b },
    conservative: { from: Math.min(from, begin.around?.from ?? from), to: Math.max(to, end.around?.to ?? to) },
    exactFrom: begin.exactFrom ?? null,
    exactTo: end.exactTo ?? null,
    readings: count,
    unseen,
    marks,
    detectedAt: first === undefined ? null : carriedIn ? first.a : (first.mark?.detectedAt ?? first.a),
    first: first?.first ?? null,
    last: last?.last ?? null,
    events,
    carriedIn,
    openAtEnd: to >= bounds.to,
    atBirth: life !== null && life.bornBefore !== null && from <= life.bornAt,
  };
}

/** Where a record is whole for all of several things: the stretches every list of windows has. */
export function recordedBy(windows: readonly (readonly Stretch[])[]): Stretch[] {
  const [first, ...others] = windows.map((list) => joinStretches(list));
  return first === undefined ? [] : others.reduce<Stretch[]>((all, one) => intersect(all, one), first);
}
