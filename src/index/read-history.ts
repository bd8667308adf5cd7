import type { GapReason } from '../model/completeness.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Index } from './open-index.ts';

/** What the index has of histories, as numbers: times are milliseconds since 1970. It is read series by series and never held. */
export interface IndexedSeries {
  readonly id: number;
  readonly source: string;
  readonly check: string;
  readonly parametersDigest: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly subjectType: string;
}
export interface IndexedMonth {
  readonly month: string;
  readonly firstN: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly maxGap: number;
  times(): Uint8Array;
}
export interface IndexedLife {
  readonly subject: string;
  readonly display: string;
  readonly bornBefore: number | null;
  readonly bornAt: number;
  readonly lastAt: number | null;
  readonly diedAt: number | null;
}
export interface IndexedUnseen {
  readonly subject: string;
  readonly reason: string;
  readonly before: number;
  readonly first: number;
  readonly after: number | null;
}
export interface IndexedLogic {
  readonly series: number;
  readonly logic: string;
  readonly from: number;
  readonly index: number;
  readonly to: number | null;
}
interface IndexedPoint {
  readonly at: number;
  readonly n: number;
  readonly idx: number;
}
/** There are half a million of them in a large year, and of most nothing is looked at but when. */
export class IndexedMark {
  readonly series: number;
  readonly subject: string;
  readonly display: string;
  readonly outcome: Exclude<Outcome, 'pass' | 'waived'>;
  readonly reason: GapReason | null;
  readonly excluded: boolean;
  readonly blanket: boolean;
  readonly before: number | null;
  readonly first: IndexedPoint;
  readonly detectedAt: number;
  readonly last: IndexedPoint | null;
  readonly after: number | null;
  readonly #messages: Row[number] | undefined;

  constructor(row: Row) {
    this.series = Number(row[0]);
    this.subject = text(row[1]);
    this.display = text(row[2]);
    this.outcome = text(row[3]) as IndexedMark['outcome'];
    this.reason = row[4] === null ? null : (text(row[4]) as GapReason);
    this.excluded = row[5] === 1;
    this.blanket = row[6] === 1;
    this.#messages = row[7];
    this.before = maybe(row[8]);
    this.first = { at: Number(row[9]), n: Number(row[10]), idx: Number(row[11]) };
    this.detectedAt = Number(row[12]);
    this.last = row[13] === null ? null : { at: Number(row[13]), n: Number(row[14]), idx: Number(row[15]) };
    this.after = maybe(row[16]);
  }

  /** What the check said, distinct, in order. */
  get messages(): readonly string[] {
    return JSON.parse(text(this.#messages)) as string[];
  }
}
export interface HistoryStretch {
  readonly from: number;
  readonly to: number;
}

type Row = readonly (string | number | null | Uint8Array)[];
const text = (value: Row[number] | undefined): string => String(value);
const maybe = (value: Row[number] | undefined): number | null => (value === null || value === undefined ? null : Number(value));

/** Reads what an index has of one period. */
export class HistoryRows {
  readonly #statements;
  readonly #period: HistoryStretch;

  constructor({ database }: Index, period: HistoryStretch) {
    const prepare = (sql: string) => {
      const statement = database.prepare(sql);
      // Rows as lists: half the time of objects, and there are a million of them.
      statement.setReturnArrays(true);
      return {
        all: (...values: (string | number)[]) => statement.all(...values) as unknown as Row[],
        iterate: (...values: (string | number)[]) => statement.iterate(...values) as unknown as IterableIterator<Row>,
      };
    };
    const marks = `SELECT series, subject, display, outcome, reason, excluded, blanket, messages, before_at, first_at, first_n, first_idx,
      detected_at, last_at, last_n, last_idx, after_at FROM mark WHERE first_at < ? AND (after_at IS NULL OR after_at > ?)`;
    this.#period = period;
    this.#statements = {
      series: prepare('SELECT id, source, check_id, parameters_digest, parameters, subject_type FROM series ORDER BY id'),
      months: prepare(
        `SELECT month, first_n, count, first_at, last_at, max_gap FROM reading_month WHERE source = ? AND type = ? AND last_at >= ? AND first_at < ?
         ORDER BY month`,
      ),
      times: prepare('SELECT times FROM reading_month WHERE source = ? AND type = ? AND month = ?'),
      lives: prepare(
        `SELECT subject, display, born_before, born_at, last_at, died_at FROM life
         WHERE source = ? AND type = ? AND born_at < ? AND (died_at IS NULL OR died_at > ?) ORDER BY subject, born_at`,
      ),
      unseen: prepare(
        `SELECT subject, reason, before_at, first_at, after_at FROM unseen
         WHERE source = ? AND type = ? AND first_at < ? AND (after_at IS NULL OR after_at > ?) ORDER BY subject, first_at`,
      ),
      logic: prepare('SELECT series, logic, from_at, from_idx, to_at FROM series_logic ORDER BY series, from_at'),
      logicOf: prepare('SELECT series, logic, from_at, from_idx, to_at FROM series_logic WHERE series = ? ORDER BY from_at'),
      marks: prepare(`${marks} ORDER BY series, subject, first_at`),
      marksOf: prepare(`${marks} AND series = ? ORDER BY subject, first_at`),
    };
  }

  /** In the order in which `marks` has them. */
  *series(): Generator<IndexedSeries> {
    // Most series have the same parameters: none.
    const parsed = new Map<string, Record<string, unknown>>();
    for (const [id, source, check, digest, json, type] of this.#statements.series.iterate()) {
      const parameters = parsed.get(text(json)) ?? (JSON.parse(text(json)) as Record<string, unknown>);
      parsed.set(text(json), parameters);
      yield {
        id: Number(id),
        source: text(source),
        check: text(check),
        parametersDigest: text(digest),
        parameters,
        subjectType: text(type),
      };
    }
  }

  months(source: string, type: string): IndexedMonth[] {
    const { months, times } = this.#statements;
    return months.all(source, type, this.#period.from, this.#period.to).map(([month, firstN, count, firstAt, lastAt, maxGap]) => ({
      month: text(month),
      firstN: Number(firstN),
      count: Number(count),
      firstAt: Number(firstAt),
      lastAt: Number(lastAt),
      maxGap: Number(maxGap),
      times: () => times.all(source, type, text(month))[0]?.[0] as Uint8Array,
    }));
  }

  /** Subjects that were there at some time of the period, sorted. */
  lives(source: string, type: string): IndexedLife[] {
    return this.#statements.lives
      .all(source, type, this.#period.to, this.#period.from)
      .map(([subject, display, bornBefore, bornAt, lastAt, diedAt]) => ({
        subject: text(subject),
        display: text(display),
        bornBefore: maybe(bornBefore),
        bornAt: Number(bornAt),
        lastAt: maybe(lastAt),
        diedAt: maybe(diedAt),
      }));
  }

  unseen(source: string, type: string): IndexedUnseen[] {
    return this.#statements.unseen.all(source, type, this.#period.to, this.#period.from).map(([subject, reason, before, first, after]) => ({
      subject: text(subject),
      reason: text(reason),
      before: Number(before),
      first: Number(first),
      after: maybe(after),
    }));
  }

  /** Of one series, or of all of them in their order. */
  *logic(series?: number): Generator<IndexedLogic> {
    const { logic, logicOf } = this.#statements;
    for (const row of series === undefined ? logic.iterate() : logicOf.iterate(series)) {
      yield { series: Number(row[0]), logic: text(row[1]), from: Number(row[2]), index: Number(row[3]), to: maybe(row[4]) };
    }
  }

  /** Of one series, or of all of them in their order. */
  *marks(series?: number): Generator<IndexedMark> {
    const { marks, marksOf } = this.#statements;
    const { from, to } = this.#period;
    for (const row of series === undefined ? marks.iterate(to, from) : marksOf.iterate(to, from, series)) yield new IndexedMark(row);
  }
}
