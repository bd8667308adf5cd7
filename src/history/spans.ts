import type { GapReason } from '../model/completeness.ts';
import type { Basis, Interval } from '../model/history.ts';
import type { Outcome } from '../model/outcome.ts';

/**
 * Within this room times are milliseconds since 1970: a period of a thousand accounts has more than a million stretches, and only those
 * that are printed are worth a string.
 */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}
/** An interval as it is worked with. `first` and `last`: log indexes of the evaluations that bound it. */
export interface Span extends Stretch {
  readonly outcome: Outcome;
  readonly underneath?: 'fail';
  readonly basis: Basis;
  readonly reason?: GapReason;
  readonly waiver?: string;
  readonly first: number | null;
  readonly last: number | null;
}

export const iso = (at: number): string => new Date(at).toISOString();

export function toInterval({ from, to, outcome, underneath, basis, reason, waiver, first, last }: Span): Interval {
  return {
    from: iso(from),
    to: iso(to),
    outcome,
    ...(underneath === undefined ? {} : { underneath }),
    basis,
    ...(reason === undefined ? {} : { reason }),
    ...(waiver === undefined ? {} : { waiver }),
    evidence: { first, last },
  };
}

/** Neighbours that say the same become one. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    if (span.to <= span.from) continue;
    const before = joined.at(-1);
    if (
      before !== undefined &&
      before.to === span.from &&
      before.outcome === span.outcome &&
      before.basis === span.basis &&
      before.reason === span.reason &&
      before.waiver === span.waiver
    ) {
      joined[joined.length - 1] = { ...before, to: span.to, last: span.last ?? before.last };
    } else joined.push(span);
  }
  return joined;
}

/** What of `spans` lies within `windows` (sorted, apart). */
export function cutSpans<S extends Stretch>(spans: readonly S[], windows: readonly Stretch[]): readonly S[] {
  const [only] = windows;
  if (windows.length === 1 && only !== undefined && spans.every(({ from, to }) => from >= only.from && to <= only.to)) return spans;
  return spans.flatMap((span) =>
    windows.flatMap(({ from, to }) => {
      const cut = { ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) };
      return cut.from < cut.to ? [cut] : [];
    }),
  );
}

/** Sorted, and apart: what touches or overlaps is one. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const before = joined.at(-1);
    if (to <= from) continue;
    if (before !== undefined && from <= before.to) joined[joined.length - 1] = { from: before.from, to: Math.max(before.to, to) };
    else joined.push({ from, to });
  }
  return joined;
}
/** What both have; each is sorted and apart. */
export function intersect(left: readonly Stretch[], right: readonly Stretch[]): Stretch[] {
  const both: Stretch[] = [];
  for (let l = 0, r = 0; l < left.length && r < right.length; ) {
    const [a, b] = [left[l] as Stretch, right[r] as Stretch];
    const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
    if (from < to) both.push({ from, to });
    if (a.to < b.to) l += 1;
    else r += 1;
  }
  return both;
}
