import type { Stretch } from './spans.ts';

/** A reading: when, the how-manieth of its type and source, and the log index of its evaluation. */
export interface ReadingPoint {
  readonly at: number;
  readonly n: number;
  readonly idx: number;
}
/** The month of a reading is opened for its log index only when somebody asks. */
class PointOfMonth implements ReadingPoint {
  readonly at: number;
  readonly n: number;
  readonly #index: () => number;
  constructor(at: number, n: number, index: () => number) {
    this.at = at;
    this.n = n;
    this.#index = index;
  }
  get idx(): number {
    return this.#index();
  }
}
/** The readings of one month (UTC): a summary, and every one of them when it is asked for. */
export interface ReadingMonth {
  /** `2026-01`. */
  readonly month: string;
  readonly firstN: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly maxGap: number;
  /** 8 bytes each, little endian: milliseconds since the month began, log index. */
  times(): Uint8Array;
}

/**
 * When one type was read in one source within a period. What was read before or after it is not in here: state captured outside a period
 * never speaks for it. Months are opened only where single readings matter.
 */
export class ReadingTimes {
  readonly first: ReadingPoint | undefined;
  readonly last: ReadingPoint | undefined;
  readonly #months: readonly ReadingMonth[];
  readonly #opened = new Map<ReadingMonth, OpenMonth>();
  readonly #gaps = new Map<number, readonly Stretch[]>();

  /** `months`: ascending; those that have no reading in the period may be among them. */
  constructor(months: readonly ReadingMonth[], period: Stretch) {
    this.#months = months.filter(({ firstAt, lastAt }) => lastAt >= period.from && firstAt < period.to);
    this.first = this.#pointAtOrAfter(period.from);
    this.last = this.#pointBefore(period.to);
    if (this.first === undefined || this.last === undefined || this.first.at > this.last.at) {
      this.first = undefined;
      this.last = undefined;
      this.#months = [];
    }
  }

  /** Number of readings in the period. */
  get count(): number {
    return this.first === undefined || this.last === undefined ? 0 : this.last.n - this.first.n + 1;
  }

  /** Neighbouring readings of the period that are apart by more than `limit` milliseconds. */
  gapsOver(limit: number): readonly Stretch[] {
    const known = this.#gaps.get(limit);
    if (known !== undefined) return known;
    const gaps: Stretch[] = [];
    const { first, last } = this;
    if (first !== undefined && last !== undefined) {
      let before = first.at;
      const step = (at: number) => {
        if (at - before > limit) gaps.push({ from: before, to: at });
        before = at;
      };
      for (const month of this.#months) {
        const partly = month.firstAt < first.at || month.lastAt > last.at;
        if (partly || month.maxGap > limit) {
          const { view, start } = this.#open(month);
          for (let n = 0; n < month.count; n += 1) {
            const at = start + view.getUint32(n * 8, true);
            if (at >= first.at && at <= last.at) step(at);
          }
        } else {
          step(month.firstAt);
          before = month.lastAt;
        }
      }
    }
    this.#gaps.set(limit, gaps);
    return gaps;
  }

  /** The last reading of the period that is not after `at`. */
  atOrBefore(at: number): ReadingPoint | undefined {
    const point = this.#pointBefore(at + 1);
    return point !== undefined && this.first !== undefined && point.at >= this.first.at ? point : undefined;
  }
  /** The first reading of the period that is not before `at`. */
  atOrAfter(at: number): ReadingPoint | undefined {
    const point = this.#pointAtOrAfter(at);
    return point !== undefined && this.last !== undefined && point.at <= this.last.at ? point : undefined;
  }

  /** Nothing is made of a month's readings but the one that is asked for. */
  #open(month: ReadingMonth): OpenMonth {
    const known = this.#opened.get(month);
    if (known !== undefined) return known;
    const bytes = month.times();
    const open = {
      view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      start: Date.parse(`${month.month}-01T00:00:00.000Z`),
    };
    this.#opened.set(month, open);
    return open;
  }
  #point(month: ReadingMonth, n: number): ReadingPoint | undefined {
    if (n < 0 || n >= month.count) return undefined;
    return new PointOfMonth(this.#timeOf(month, n), month.firstN + n, () => this.#open(month).view.getUint32(n * 8 + 4, true));
  }
  #timeOf(month: ReadingMonth, n: number): number {
    if (n === 0) return month.firstAt;
    if (n === month.count - 1) return month.lastAt;
    const { view, start } = this.#open(month);
    return start + view.getUint32(n * 8, true);
  }
  /** Place of the first reading that is not before `at`. */
  #lowerBound(month: ReadingMonth, at: number): number {
    if (at <= month.firstAt) return 0;
    if (at > month.lastAt) return month.count;
    const { view, start } = this.#open(month);
    let low = 0;
    let high = month.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start + view.getUint32(middle * 8, true) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  #pointAtOrAfter(at: number): ReadingPoint | undefined {
    const month = this.#months.find(({ lastAt }) => lastAt >= at);
    return month === undefined ? undefined : this.#point(month, this.#lowerBound(month, at));
  }
  #pointBefore(at: number): ReadingPoint | undefined {
    const month = this.#months.findLast(({ firstAt }) => firstAt < at);
    return month === undefined ? undefined : this.#point(month, this.#lowerBound(month, at) - 1);
  }
}

interface OpenMonth {
  readonly view: DataView;
  readonly start: number;
}
