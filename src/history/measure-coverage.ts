import { type Basis, bases, type Metrics } from '../model/history.ts';
import { type Outcome, outcomes } from '../model/outcome.ts';
import type { Span, Stretch } from './spans.ts';
import { boundsOf, type Outage } from './to-episodes.ts';

export interface MeasureOptions {
  /** Milliseconds. */
  readonly gapAfter: number;
  readonly materialAfter: number;
}

const noBasis = Object.fromEntries(bases.map((basis) => [basis, 0])) as Record<Basis, number>;
const noOutcome = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

/** Sums over the timelines of a population, one by one: nothing of them is kept. */
export class CoverageMeter {
  readonly #options: MeasureOptions;
  readonly #basis = { ...noBasis };
  readonly #outcome = { ...noOutcome };
  /** Silences longer than the threshold, by when they began. */
  readonly #gaps = new Map<number, { readonly length: number; readonly material: boolean }>();
  #life = 0;
  /** Passing time; time in which there was something to judge; and what of it was seen. */
  #passing = 0;
  #judged = 0;
  #known = 0;
  #longest = 0;
  #subjects = 0;
  #worst: { subject: string; display: string; ofPeriod: number } | null = null;
  readonly #detect = new Mean();
  readonly #remediate = new Mean();
  #edges: { start: boolean; end: boolean } | undefined;

  constructor(options: MeasureOptions) {
    this.#options = options;
  }

  /** A subject, or `count` of them that are alike. */
  add(subject: string, display: string, spans: readonly Span[], count = 1): void {
    let life = 0;
    let passing = 0;
    let judged = 0;
    let silent: Stretch | undefined;
    for (const span of spans) {
      const length = span.to - span.from;
      life += length;
      this.#basis[span.basis] += length * count;
      this.#outcome[span.outcome] += length * count;
      if (span.outcome === 'pass') passing += length;
      if (!saysNothing(span)) {
        judged += length;
        if (span.basis !== 'none') this.#known += length * count;
      }
      if (span.outcome === 'no-evidence') silent = this.#silence(silent, span);
    }
    if (life === 0) return;
    this.#life += life * count;
    this.#passing += passing * count;
    this.#judged += judged * count;
    this.#subjects += count;
    if (judged === 0) return;
    const ofPeriod = passing / judged;
    const { subject: known, ofPeriod: least } = this.#worst ?? { subject: '', ofPeriod: Number.POSITIVE_INFINITY };
    if (ofPeriod < least || (ofPeriod === least && subject < known)) this.#worst = { subject, display, ofPeriod };
  }

  /** What is said of the population itself, where there is no subject to say it of, or where some were not seen. */
  population(spans: readonly Span[]): void {
    for (const span of spans) {
      const length = span.to - span.from;
      this.#life += length;
      this.#basis[span.basis] += length;
      this.#outcome[span.outcome] += length;
      if (!saysNothing(span)) {
        this.#judged += length;
        if (span.basis !== 'none') this.#known += length;
      }
      if (span.outcome === 'no-evidence') this.#silence(undefined, span);
    }
  }

  /** Silence that goes on in another span is one silence. */
  #silence(before: Stretch | undefined, span: Stretch): Stretch {
    const all = before !== undefined && before.to === span.from ? { from: before.from, to: span.to } : { from: span.from, to: span.to };
    const length = all.to - all.from;
    this.#longest = Math.max(this.#longest, length);
    if (length > this.#options.gapAfter) this.#gap(all.from, { length, material: length > this.#options.materialAfter });
    return all;
  }

  #gap(from: number, gap: { readonly length: number; readonly material: boolean }): void {
    const known = this.#gaps.get(from);
    if (known === undefined || known.length < gap.length) this.#gaps.set(from, gap);
  }

  episode(outage: Outage): void {
    const { from, to } = boundsOf(outage);
    const detected = outage.detectedAt;
    if (detected === null || outage.carriedIn) return;
    this.#detect.add(Math.max(0, detected - from));
    if (!outage.openAtEnd) this.#remediate.add(Math.max(0, to - detected));
  }

  edges(start: boolean, end: boolean): void {
    this.#edges = { start: start && this.#edges?.start !== false, end: end && this.#edges?.end !== false };
  }

  /** Takes in what another one has measured. */
  join(other: CoverageMeter): void {
    for (const basis of bases) this.#basis[basis] += other.#basis[basis];
    for (const outcome of outcomes) this.#outcome[outcome] += other.#outcome[outcome];
    for (const [from, gap] of other.#gaps) this.#gap(from, gap);
    this.#life += other.#life;
    this.#passing += other.#passing;
    this.#known += other.#known;
    this.#judged += other.#judged;
    this.#subjects += other.#subjects;
    this.#longest = Math.max(this.#longest, other.#longest);
    this.#detect.join(other.#detect);
    this.#remediate.join(other.#remediate);
    if (other.#edges !== undefined) this.edges(other.#edges.start, other.#edges.end);
    const [mine, theirs] = [this.#worst, other.#worst];
    if (
      theirs !== null &&
      (mine === null || theirs.ofPeriod < mine.ofPeriod || (theirs.ofPeriod === mine.ofPeriod && theirs.subject < mine.subject))
    )
      this.#worst = theirs;
  }

  metrics(): Metrics {
    const share = (ms: number) => (this.#life === 0 ? 0 : ms / this.#life);
    return {
      lifeMs: this.#life,
      byBasis: { ...this.#basis },
      byOutcome: { ...this.#outcome },
      coverage: {
        corroborated: share(this.#basis.corroborated),
        inferred: share(this.#basis.inferred),
        other: share(this.#basis.event + this.#basis.transition + this.#basis.reconstructed),
        none: this.#life === 0 ? 1 : share(this.#basis.none),
      },
      longestGapMs: this.#longest,
      gaps: this.#gaps.size,
      materialGaps: [...this.#gaps.values()].filter(({ material }) => material).length,
      edges: this.#edges ?? { start: false, end: false },
      passing: {
        ofPeriod: this.#judged === 0 ? 0 : this.#passing / this.#judged,
        ofKnown: this.#known === 0 ? null : this.#passing / this.#known,
        worst: this.#worst,
      },
      subjects: this.#subjects,
      timeToDetectMs: this.#detect.value(),
      timeToRemediateMs: this.#remediate.value(),
    };
  }
}

/** The check does not apply, or there is nothing it could apply to. */
const saysNothing = ({ outcome }: Span): boolean => outcome === 'not-applicable' || outcome === 'empty';

class Mean {
  #sum = 0;
  #count = 0;
  #max = 0;
  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
    this.#max = Math.max(this.#max, value);
  }
  join(other: Mean): void {
    this.#sum += other.#sum;
    this.#count += other.#count;
    this.#max = Math.max(this.#max, other.#max);
  }
  value(): { mean: number; max: number } | null {
    return this.#count === 0 ? null : { mean: Math.round(this.#sum / this.#count), max: this.#max };
  }
}
