import type { Basis } from '../model/history.ts';
import type { Outcome } from '../model/outcome.ts';
import { joinSpans, type Span } from './spans.ts';

const outcomeOrder: readonly Outcome[] = ['fail', 'no-evidence', 'waived', 'pass', 'empty', 'not-applicable'];
const basisOrder: readonly Basis[] = ['none', 'transition', 'reconstructed', 'inferred', 'event', 'corroborated'];
const outcomeRank = Object.fromEntries(outcomeOrder.map((outcome, rank) => [outcome, rank])) as Record<Outcome, number>;
const basisRank = Object.fromEntries(basisOrder.map((basis, rank) => [basis, rank])) as Record<Basis, number>;
const rankOf = ({ outcome, basis }: Span) => outcomeRank[outcome] * 8 + basisRank[basis];

/** What the worst of several timelines held at each time: a failure before silence, and of equals the one that is known least well. */
export function worstLine(timelines: Iterable<readonly Span[]>): Span[] {
  const spans = [...timelines].flat().filter(({ from, to }) => from < to);
  const starts = spans.toSorted((left, right) => left.from - right.from || rankOf(left) - rankOf(right));
  const edges = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((left, right) => left - right);
  // Of those that say the same, the one that says it longest.
  const open: (Span | undefined)[] = [];
  const line: Span[] = [];
  let next = 0;
  for (const [n, at] of edges.entries()) {
    const to = edges[n + 1];
    if (to === undefined) break;
    for (; next < starts.length && (starts[next] as Span).from <= at; next += 1) {
      const span = starts[next] as Span;
      const rank = rankOf(span);
      const known = open[rank];
      if (known === undefined || known.to < span.to) open[rank] = span;
    }
    const worst = open.find((span) => span !== undefined && span.to > at);
    if (worst !== undefined) line.push({ ...worst, from: at, to });
  }
  return joinSpans(
    line.map(({ from, to, outcome, underneath, basis, reason, first, last }) => ({
      from,
      to,
      outcome,
      ...(underneath === undefined ? {} : { underneath }),
      basis,
      ...(reason === undefined ? {} : { reason }),
      first,
      last,
    })),
  );
}
