import { joinSpans, type Span, type Stretch } from './spans.ts';

/** A waiver that two people agreed on, over the stretch in which it is in force. Milliseconds. */
export interface WaiverInForce extends Stretch {
  readonly id: string;
}

/**
 * Lays waivers over the failures of a timeline. What was not seen, and what passes, is what it was: a waiver accepts a failure and
 * raises no coverage. Where one ends the failure stands as before.
 */
export function applyWaivers(spans: readonly Span[], waivers: readonly WaiverInForce[]): readonly Span[] {
  if (waivers.length === 0) return spans;
  const lying = waivers.toSorted((left, right) => left.from - right.from || (left.id < right.id ? -1 : 1));
  return joinSpans(
    spans.flatMap((span) => {
      if (span.outcome !== 'fail') return [span];
      const parts: Span[] = [];
      let { from } = span;
      for (const { id, ...waiver } of lying) {
        if (waiver.to <= from || waiver.from >= span.to) continue;
        const begin = Math.max(waiver.from, from);
        if (begin > from) parts.push({ ...span, from, to: begin });
        const end = Math.min(waiver.to, span.to);
        parts.push({ ...span, from: begin, to: end, outcome: 'waived', underneath: 'fail', waiver: id });
        from = end;
      }
      if (from < span.to) parts.push({ ...span, from });
      return parts;
    }),
  );
}
