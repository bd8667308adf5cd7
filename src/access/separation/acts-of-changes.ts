import { z } from 'zod';
import type { DerivedInput } from '../../model/derived.ts';
import type { Act } from './judge-act.ts';
import type { WhoDid } from './who-did.ts';

const changeType = 'github.change';
const hourMs = 3_600_000;

const Account = z.looseObject({ id: z.string().nullable(), kind: z.string(), name: z.string() });
const Review = z.looseObject({
  reviewer: Account,
  state: z.string(),
  at: z.string(),
  commit: z.string().nullable(),
  dismissed: z.looseObject({ from: z.string(), at: z.string() }).nullable(),
});
const Change = z.looseObject({
  repository: z.string(),
  fork: z.boolean(),
  committedAt: z.string(),
  parents: z.number(),
  repositoryCreatedAt: z.string(),
  pullRequest: z.looseObject({ number: z.number(), mergedAt: z.string() }).nullable(),
  authors: z.array(Account).optional(),
  reviews: z.array(Review).optional(),
  head: z.string().nullable().optional(),
  mergedBy: Account.nullable().optional(),
});
type Change = z.output<typeof Change>;

/** A change that reached a production branch, as far as this room reads it. */
export interface ReadChange {
  readonly id: string;
  readonly display: string;
  readonly member: string;
  readonly change: Change;
  /** ISO-8601 UTC: when it reached the branch. */
  readonly at: string;
}

/** Changes of the windows of the last days. A fork's, and the first commit of a new repository, put nothing into production. */
export function readChanges({ events }: Pick<DerivedInput, 'events'>): readonly ReadChange[] {
  return events
    .filter(({ type }) => type === changeType)
    .flatMap(({ member, resources }) =>
      resources.flatMap(({ id, display, fields }): ReadChange[] => {
        const read = Change.safeParse(fields);
        if (!read.success || read.data.fork || isFirst(read.data)) return [];
        return [{ id, display, member, change: read.data, at: iso(read.data.pullRequest?.mergedAt ?? read.data.committedAt) }];
      }),
    );
}
function isFirst({ pullRequest, parents, committedAt, repositoryCreatedAt }: Change): boolean {
  return pullRequest === null && parents === 0 && Math.abs(Date.parse(committedAt) - Date.parse(repositoryCreatedAt)) <= 24 * hourMs;
}

/** Per change who wrote it and whose approval of its last state stood when it was merged. */
export function actsOfChanges(changes: readonly ReadChange[], who: WhoDid): readonly Act[] {
  return changes.map(({ id, display, member, change, at }): Act => {
    const { authors, reviews, head } = change;
    const isUntold = reviews === undefined || head === undefined;
    return {
      kind: 'change',
      object: id,
      display,
      at,
      parts: {
        ...(authors === undefined ? {} : { 'change.author': authors.map((author) => who.ofGithub(member, author)) }),
        ...(isUntold ? {} : { 'change.approver': approvers({ ...change, reviews, head }).map((account) => who.ofGithub(member, account)) }),
      },
      untold: {
        ...(authors === undefined ? { 'change.author': 'who wrote it was not read' } : {}),
        ...(isUntold ? { 'change.approver': 'who approved it was not read' } : {}),
      },
    };
  });
}

/** Each reviewer's last word before the merge, if it was an approval of the last commit and stood. */
function approvers({
  pullRequest,
  reviews,
  head,
}: Change & { readonly reviews: readonly z.output<typeof Review>[] }): z.output<typeof Account>[] {
  if (pullRequest === null) return [];
  const until = Date.parse(pullRequest.mergedAt);
  const last = new Map<string, z.output<typeof Review>>();
  for (const review of reviews.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    if (Date.parse(review.at) <= until && review.state !== 'commented') last.set(review.reviewer.id ?? review.reviewer.name, review);
  }
  return [...last.values()]
    .filter(
      ({ state, dismissed }) =>
        state === 'approved' || (state === 'dismissed' && dismissed?.from === 'approved' && Date.parse(dismissed.at) > until),
    )
    .filter(({ commit }) => commit !== null && commit === head)
    .map(({ reviewer }) => reviewer);
}

/** An instant as this log writes it. */
export function iso(instant: string): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? instant : new Date(ms).toISOString();
}
