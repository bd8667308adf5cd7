import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

const states = ['planned', 'frozen', 'assigned', 'in-review', 'decided', 'remediating', 'verified', 'closed'] as const;
const count = z.int().nonnegative();

/** One review that was due or is, also one that nobody began. */
export const EntityReview = defineResource({
  type: 'entity.review',
  title: 'Access review',
  shape: {
    /** `quarterly-access/2026-q1`. */
    review: z.string(),
    definition: z.string(),
    title: z.string(),
    occasion: z.string(),
    controls: z.array(z.string()),
    /** First day of the occasion, and the day after its last. */
    from: z.string(),
    to: z.string(),
    /** ISO-8601 UTC: by when every line is decided, and from when on it counts as not held. */
    due: z.string(),
    lateAfter: z.string(),
    state: z.enum(states),
    /** When its roster was frozen, its last line assigned, its last line decided, and when it was closed; null: not yet. */
    opened: z.string().nullable(),
    assigned: z.string().nullable(),
    decided: z.string().nullable(),
    closed: z.string().nullable(),
    /** Digest of the frozen lines. */
    frozen: z.string().nullable(),
    systems: z.array(z.string()),
    /** Systems with accounts that it leaves out without a reason. */
    notReviewed: z.array(z.string()),
    /** Why its roster is not known to be whole. */
    doubts: z.array(z.string()),
    /** Reviewers with lines that they have not decided. */
    undecided: z.array(z.strictObject({ reviewer: z.string(), lines: count })),
    /** What stands in the log about it and breaks a rule, so that it changes nothing; `mended`: of how many of the lines somebody decided who may. */
    notCounted: z.array(
      z.strictObject({
        entry: count,
        at: z.string(),
        by: z.string(),
        what: z.string(),
        rule: z.string(),
        says: z.string(),
        lines: count,
        mended: count,
      }),
    ),
    metrics: z.strictObject({
      lines: count,
      assigned: count,
      decided: count,
      decidedOnTime: count,
      keep: count,
      modify: count,
      revoke: count,
      exception: count,
      exceptionsPast: count,
      shown: count,
      open: count,
      overdue: count,
      unknown: count,
      selfReviewsBlocked: count,
      notCounted: count,
      notAuthenticated: count,
      medianSeconds: z.number().nullable(),
      systems: count,
      systemsWhole: count,
    }),
  },
});

/** A line that a review took away, changed or excepted, until it is shown to be gone. */
export const EntityReviewLine = defineResource({
  type: 'entity.review-line',
  title: 'Line of an access review that has to be followed up',
  shape: {
    review: z.string(),
    line: z.string(),
    /** Resource id. */
    account: z.string(),
    system: z.string(),
    entitlement: z.string(),
    decision: z.enum(['modify', 'revoke', 'exception']),
    /** ISO-8601 UTC. */
    decidedAt: z.string(),
    by: z.string(),
    authenticated: z.boolean(),
    privileged: z.boolean(),
    /** ISO-8601 UTC: by when it is to be gone; of an exception: when it ends. */
    due: z.string(),
    /** Whether the rosters of now still have it. */
    present: z.boolean(),
    /** ISO-8601 UTC: as of when the rosters first showed that it is gone; null: they do not. */
    goneBy: z.string().nullable(),
    /** ISO-8601 UTC: the account was used after the decision; null: not that anybody could tell. */
    usedSince: z.string().nullable(),
    /** A later review that decided on the same grant. */
    replacedBy: z.string().nullable(),
  },
});

/** Ordinary ones, for the examples of checks. */
export const exampleReview: ResourceOf<typeof EntityReview> = {
  id: 'entity:acme/review/quarterly-access/2025-q4',
  display: 'quarterly-access/2025-q4',
  review: 'quarterly-access/2025-q4',
  definition: 'quarterly-access',
  title: 'Quarterly review of user access',
  occasion: '2025-q4',
  controls: ['AC-12'],
  from: '2025-10-01',
  to: '2026-01-01',
  due: '2026-01-17T00:00:00.000Z',
  lateAfter: '2026-02-01T00:00:00.000Z',
  state: 'closed',
  opened: '2026-01-02T09:00:00.000Z',
  assigned: '2026-01-02T09:10:00.000Z',
  decided: '2026-01-08T15:00:00.000Z',
  closed: '2026-01-14T10:00:00.000Z',
  frozen: 'sha256:9f3c',
  systems: ['aws:111122223333', 'github:9919'],
  notReviewed: [],
  doubts: [],
  undecided: [],
  notCounted: [],
  metrics: {
    lines: 42,
    assigned: 42,
    decided: 42,
    decidedOnTime: 42,
    keep: 40,
    modify: 0,
    revoke: 2,
    exception: 0,
    exceptionsPast: 0,
    shown: 2,
    open: 0,
    overdue: 0,
    unknown: 0,
    selfReviewsBlocked: 0,
    notCounted: 0,
    notAuthenticated: 0,
    medianSeconds: 21,
    systems: 2,
    systemsWhole: 2,
  },
};
export const exampleReviewLine: ResourceOf<typeof EntityReviewLine> = {
  id: 'entity:acme/review-line/quarterly-access/2025-q4/github:9919/member/U_1|hr:E-104||9f3c',
  display: 'revoke of 9f3c from github:9919/member/U_1',
  review: 'quarterly-access/2025-q4',
  line: 'github:9919/member/U_1|hr:E-104||9f3c',
  account: 'github:9919/member/U_1',
  system: 'github:9919',
  entitlement: '9f3c',
  decision: 'revoke',
  decidedAt: '2026-01-08T15:00:00.000Z',
  by: 'mia',
  authenticated: true,
  privileged: false,
  due: '2026-01-16T00:00:00.000Z',
  present: false,
  goneBy: '2026-01-09T06:00:00.000Z',
  usedSince: null,
  replacedBy: null,
};
