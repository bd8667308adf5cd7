import type { DerivedInput } from '../../model/derived.ts';
import type { JsonObject } from '../../model/json.ts';
import { type DescribedReview, describeReviews, type FollowedLine, lineState, undecidedBy } from './describe-reviews.ts';

/** The reviews and the lines that are followed, as items: what `collectors/entity/reviews` seals. */
export function reviewItems(input: DerivedInput): readonly { readonly subject: string; readonly body: JsonObject }[] {
  return describeReviews(input).flatMap((review) => {
    const { id, definition, occasion, state, judged, steps, metrics } = review;
    const step = (name: string): string | null => steps.find((one) => one.state === name)?.at ?? null;
    const body = {
      kind: 'review',
      review: id,
      definition: definition.id,
      title: definition.title,
      occasion: occasion.id,
      controls: [...definition.controls],
      from: occasion.from,
      to: occasion.to,
      due: occasion.due,
      lateAfter: occasion.lateAfter,
      state,
      opened: step('frozen'),
      assigned: step('assigned'),
      decided: step('decided'),
      closed: step('closed'),
      frozen: judged === null ? null : judged.record.digest,
      systems: (judged?.record.systems ?? []).map(({ system }) => system),
      notReviewed: [...review.notReviewed],
      doubts: [...review.doubts],
      undecided: judged === null ? [] : [...undecidedBy(judged)].map(([reviewer, lines]) => ({ reviewer, lines })),
      notCounted: voidsOf(review),
      metrics: { ...metrics },
    };
    return [{ subject: id, body }, ...review.followed.map((line) => ({ subject: `${id} ${line.line}`, body: lineBody(line, input.at) }))];
  });
}
/** What does not count, by entry and rule: of how many lines, and how many of those somebody decided who may. */
function voidsOf({ voids, judged }: DescribedReview): JsonObject[] {
  return [...Map.groupBy(voids, ({ entry, what, rule }) => `${entry} ${what} ${rule}`).values()].map((group) => {
    const { entry, at, by, what, rule, says } = group[0]!;
    const mended = group.filter(({ line }) => line !== null && judged?.decided.has(line) === true).length;
    return { entry, at, by, what, rule, says, lines: group.length, mended };
  });
}

function lineBody(line: FollowedLine, at: string): JsonObject {
  return { kind: 'line', ...line, state: lineState(line, at) };
}
