import { z } from 'zod';
import { reviewStates } from '../access/reviews/describe-reviews.ts';

/** What `--json` of the verbs about access reviews prints; see shapes.ts. */
const Time = z.iso.datetime({ precision: 3 });
const v = z.literal(1);
const count = z.int().nonnegative();
const Unassigned = z.strictObject({ line: z.string(), because: z.array(z.string()) });
const Lines = z.array(z.strictObject({ reviewer: z.string(), lines: count }));
const Due = {
  id: z.string(),
  title: z.string(),
  controls: z.array(z.string()),
  from: z.iso.date(),
  to: z.iso.date().meta({ description: 'The day after the last' }),
  due: Time,
  lateAfter: Time.meta({ description: 'From then on it counts as not held' }),
  state: z.enum(reviewStates),
  notReviewed: z.array(z.string()).meta({ description: 'Systems with accounts that are in no review and not left out with a reason' }),
};

export const ReviewPlanOutput = z.strictObject({
  v,
  at: Time,
  reviews: z.array(
    z.strictObject({
      ...Due,
      preview: z
        .strictObject({ lines: count, reviewers: Lines, unassigned: z.array(Unassigned) })
        .nullable()
        .meta({ description: 'Who would be asked, were the roster frozen now; null: it is begun' }),
    }),
  ),
});
export type ReviewPlanOutput = z.infer<typeof ReviewPlanOutput>;

export const ReviewStatusOutput = z.strictObject({
  v,
  at: Time,
  reviews: z.array(
    z.strictObject({
      ...Due,
      digest: z.string().nullable(),
      steps: z.array(z.strictObject({ state: z.enum(reviewStates), at: Time, entry: count, by: z.string() })),
      systems: z.array(
        z.strictObject({
          system: z.string(),
          accounts: count,
          lines: count,
          complete: z.boolean(),
          since: z.strictObject({ review: z.string(), added: count, removed: count, unchanged: count }).nullable(),
        }),
      ),
      doubts: z.array(z.string()),
      undecided: Lines,
      metrics: z.record(z.string(), z.number().nullable()),
      followed: z.array(
        z.strictObject({
          line: z.string(),
          decision: z.enum(['modify', 'revoke', 'exception']),
          decidedAt: Time,
          by: z.string(),
          due: Time,
          state: z.enum(['shown', 'open', 'overdue', 'unknown', 'replaced', 'holds', 'past']),
          goneBy: z.string().nullable(),
          usedSince: z.string().nullable(),
        }),
      ),
      notCounted: z.array(
        z.strictObject({
          entry: count,
          at: Time,
          by: z.string(),
          what: z.enum(['start', 'assignment', 'decision', 'close']),
          line: z.string().nullable(),
          rule: z.string(),
          says: z.string(),
        }),
      ),
    }),
  ),
});
export type ReviewStatusOutput = z.infer<typeof ReviewStatusOutput>;

export const ReviewRemindOutput = z.strictObject({
  v,
  at: Time,
  reminders: z.array(
    z.strictObject({
      review: z.string(),
      title: z.string(),
      due: Time,
      overdue: z.boolean(),
      reviewer: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      lines: count,
    }),
  ),
});
export type ReviewRemindOutput = z.infer<typeof ReviewRemindOutput>;
