import { z } from 'zod';
import type { Owner } from '../../model/notification.ts';
import type { ReadResource } from '../../model/resource.ts';
import type { Awaited } from '../../notify/find-reminders.ts';
import { toldOf } from '../told-of.ts';
import type { PlanInForce } from './plan-in-force.ts';

const dayMs = 86_400_000;

/** Other rooms' resources by the fields that are needed here; what does not fit says nothing of a day. */
const document = z.object({
  request: z.string().min(1),
  title: z.string(),
  from: z.string(),
  controls: z.array(z.string()),
  due: z.iso.date(),
  standing: z.enum(['handed-in', 'unapproved', 'stale', 'missing']),
  document: z.string().nullable(),
  approvedOn: z.iso.date().nullable().optional(),
});
const review = z.object({
  review: z.string(),
  definition: z.string(),
  occasion: z.string(),
  title: z.string(),
  controls: z.array(z.string()),
  due: z.string(),
  state: z.string(),
  decided: z.string().nullable(),
  undecided: z.array(z.object({ reviewer: z.string(), lines: z.number() })),
  metrics: z.object({ lines: z.number(), decided: z.number() }),
});
const settings = z.object({
  documents: z.object({ requests: z.array(z.object({ id: z.string(), remindDays: z.number() })) }).nullish(),
  reviews: z.object({ reviews: z.array(z.object({ id: z.string(), remindDays: z.array(z.number()) })) }).nullish(),
});

export interface AwaitedParts {
  readonly plan: PlanInForce | undefined;
  /** Resources of a type as they were last read of the entity. */
  readonly ofType: (type: string) => Iterable<ReadResource>;
  readonly ownerOf: (controls: readonly string[]) => Owner;
}

/** What people have to do by a day, out of what the entity last showed and of how long before it they are to be reminded. */
export function readAwaited(source: string, { plan, ofType, ownerOf }: AwaitedParts): readonly Awaited[] {
  const sealed = plan === undefined ? undefined : settings.safeParse(toldOf(plan.detail, source)?.settings).data;
  if (plan === undefined || (sealed?.documents ?? sealed?.reviews) == null) return [];
  const before = new Map(sealed?.documents?.requests.map(({ id, remindDays }) => [id, [remindDays]]) ?? []);
  const beforeReview = new Map(sealed?.reviews?.reviews.map(({ id, remindDays }) => [id, remindDays]) ?? []);
  const marks = (due: string, days: readonly number[]) => days.map((one) => new Date(Date.parse(due) - one * dayMs).toISOString()).sort();
  const found: Awaited[] = [];
  for (const { id, display, fields } of ofType('entity.document-request')) {
    const one = document.safeParse(fields).data;
    if (one === undefined) continue;
    // The last day counts: it is late when the next one begins.
    const due = new Date(Date.parse(`${one.due}T00:00:00.000Z`) + dayMs).toISOString();
    found.push({
      subject: { id, display },
      ...plan.speakFor(one.controls),
      done: one.standing === 'handed-in' ? `handed in and approved${one.approvedOn == null ? '' : ` on ${one.approvedOn}`}` : null,
      due,
      remindAt: marks(due, before.get(one.request) ?? []),
      message: describeDocument(one),
      owner: { name: one.from, by: 'registered' },
      saidByCheck: false,
    });
  }
  for (const { id, fields } of ofType('entity.review')) {
    const one = review.safeParse(fields).data;
    if (one === undefined) continue;
    const [first, ...others] = one.undecided;
    found.push({
      subject: { id, display: `${one.title}, ${one.occasion}` },
      ...plan.speakFor(one.controls),
      done: one.decided === null ? null : `every line was decided by ${one.decided}`,
      due: one.due,
      remindAt: marks(one.due, beforeReview.get(one.definition) ?? []),
      message: describeReview(one),
      owner: first !== undefined && others.length === 0 ? { name: first.reviewer, by: 'registered' } : ownerOf(one.controls),
      saidByCheck: true,
    });
  }
  return found;
}

function describeDocument(one: z.output<typeof document>): string {
  const what = {
    'handed-in': 'it is there',
    unapproved: `${one.document ?? 'one'} is there, and no second person has approved it: proofline decisions list; proofline decisions approve ENTRY --because TEXT`,
    stale: 'only one for an earlier stretch is there',
    missing: 'none is there',
  }[one.standing];
  const add =
    one.standing === 'unapproved'
      ? ''
      : `. Hand it in: proofline evidence add FILE --request ${one.request} --effective DAY --provided-by NAME --obtained HOW --because TEXT; then a second person approves it`;
  return `due on ${one.due} from ${one.from}: ${what}${add}`;
}

function describeReview({ review: id, due, state, undecided, metrics }: z.output<typeof review>): string {
  if (state === 'planned') return `due by ${due}, and nobody began it: proofline review start ${id}`;
  const waiting = undecided.map(({ reviewer, lines }) => `${reviewer} (${lines})`).join(', ');
  const rest = waiting === '' ? '' : `; still to decide: ${waiting}`;
  const next =
    state === 'frozen'
      ? `proofline review assign ${id}`
      : `proofline review export ${id} --for REVIEWER --out FILE writes a reviewer’s sheet`;
  return `due by ${due}, and ${metrics.decided} of ${metrics.lines} lines are decided${rest}. ${next}`;
}
