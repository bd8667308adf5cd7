import { type LineDecision, notAuthenticated, type RecordedDecision, type ReviewRecord } from '../../model/decision.ts';
import type { ReviewDefinition } from '../../model/review-settings.ts';
import { grantOf, type LineIdentity, parseLineId } from './line-id.ts';
import { barFrom, type Reviewing } from './who-reviews.ts';

/** A decision on a line with who took it. */
export interface Decided {
  readonly decision: LineDecision['decision'];
  readonly reason: string;
  readonly expires: string | null;
  /** Id of the registered person, or the name that was given. */
  readonly by: string;
  /** In words for who reads it: `mia`, or the name with `identity not authenticated`. */
  readonly byText: string;
  readonly authenticated: boolean;
  /** ISO-8601 UTC, and log index. */
  readonly at: string;
  readonly entry: number;
  /** SHA-256 (hex) of the file it came in. */
  readonly file: string | null;
  readonly seconds: number | null;
}
const reviewRules = [
  'not-approved',
  'self-review',
  'provisioner',
  'unknown-reviewer',
  'not-assigned',
  'unknown-line',
  'no-reason',
  'no-expiry',
  'not-started',
  'started-before',
  'closed',
  'undecided',
] as const;
type ReviewRule = (typeof reviewRules)[number];

/** What stands in the log about a review and does not count. */
export interface Void {
  readonly entry: number;
  readonly at: string;
  readonly by: string;
  readonly what: 'start' | 'assignment' | 'decision' | 'close';
  /** Null: all of it. */
  readonly line: string | null;
  readonly rule: ReviewRule;
  readonly says: string;
}
export interface Assigned {
  readonly reviewer: string;
  readonly at: string;
  readonly entry: number;
}
type Stamp = { readonly at: string; readonly entry: number; readonly by: string };

/** A review as its decisions tell it. */
export interface JudgedReview {
  readonly record: ReviewRecord;
  readonly definition: ReviewDefinition | null;
  readonly started: Stamp;
  readonly assigned: ReadonlyMap<string, Assigned>;
  readonly decided: ReadonlyMap<string, Decided>;
  /** Decisions that a later one on the same line took the place of, oldest first. */
  readonly replaced: readonly (Decided & { readonly line: string })[];
  readonly voids: readonly Void[];
  /** When the last line was assigned, the first decided, the last decided; null: not yet. */
  readonly fullyAssigned: Stamp | null;
  readonly begun: Stamp | null;
  readonly fullyDecided: Stamp | null;
  readonly closed: Stamp | null;
}

/** The least that a person has to say: one word is not a reason. */
const leastReason = 8;

/** Why a decision on a line cannot count for what it says, whoever takes it; null: it can. */
function problemOf(
  { decision, reason, expires }: LineDecision,
  { marks }: Pick<LineIdentity, 'marks'>,
  day: string,
): { readonly rule: 'no-reason' | 'no-expiry'; readonly says: string } | null {
  const heavy = marks.filter((mark) => mark !== 'service-account');
  if (reason.trim().length < leastReason && (decision !== 'keep' || heavy.length > 0)) {
    const why = decision === 'keep' ? `a line marked ${heavy.join(' and ')} is not kept without one` : `it is to be ${words[decision]}`;
    return { rule: 'no-reason', says: `a reason of at least ${leastReason} characters is missing: ${why}` };
  }
  if (decision === 'exception' && expires === null) return { rule: 'no-expiry', says: 'an exception has a day on which it ends' };
  if (decision === 'exception' && expires !== null && expires <= day)
    return { rule: 'no-expiry', says: `an exception ends after the day it is made: ${expires} is not` };
  return null;
}
const words = { keep: 'kept', modify: 'modified', revoke: 'revoked', exception: 'excepted' } as const;

type Open = { -readonly [K in keyof JudgedReview]: JudgedReview[K] } & {
  readonly assigned: Map<string, Assigned>;
  readonly decided: Map<string, Decided>;
  readonly replaced: (Decided & { line: string })[];
  readonly voids: Void[];
};

/**
 * Reads every review from the decisions that count (in the order of the log), under the same rules under which they are recorded: what breaks one
 * is listed with its rule and changes nothing.
 * @param frozen the lines of a review where they are at hand; without them a line is known by having been assigned
 */
export function judgeReviews(
  decisions: readonly RecordedDecision[],
  who: Reviewing,
  frozen: (review: string) => ReadonlySet<string> | null = () => null,
): readonly JudgedReview[] {
  const open = new Map<string, Open>();
  for (const decision of decisions) {
    const { payload } = decision;
    switch (payload.type) {
      case 'start-review':
        start(open, who, decision, payload.review);
        break;
      case 'assign-review': {
        const review = open.get(payload.review);
        if (review === undefined) break;
        for (const { reviewer, lines } of payload.assignments)
          for (const line of lines) assign(review, who, decision, reviewer, line, frozen(payload.review));
        break;
      }
      case 'decide-review': {
        const review = open.get(payload.review);
        if (review === undefined) break;
        for (const line of payload.lines) decide(review, who, decision, line, payload.file, payload.secondsPerLine, frozen(payload.review));
        break;
      }
      case 'close-review': {
        const review = open.get(payload.review);
        if (review !== undefined) close(review, decision);
        break;
      }
      default:
    }
  }
  return [...open.values()];
}

function start(open: Map<string, Open>, who: Reviewing, decision: RecordedDecision, record: ReviewRecord): void {
  const former = open.get(record.id);
  if (former !== undefined) {
    const says = `it was frozen before, by entry ${former.started.entry}: a roster is frozen once`;
    former.voids.push({ ...stampOf(decision), what: 'start', line: null, rule: 'started-before', says });
    return;
  }
  open.set(record.id, {
    record,
    definition: who.settings.reviews.find(({ id }) => id === record.definition) ?? null,
    started: stampOf(decision),
    assigned: new Map(),
    decided: new Map(),
    replaced: [],
    voids: [],
    fullyAssigned: null,
    begun: null,
    fullyDecided: null,
    closed: null,
  });
}

function assign(
  review: Open,
  who: Reviewing,
  decision: RecordedDecision,
  reviewer: string,
  line: string,
  frozen: ReadonlySet<string> | null,
): undefined {
  const refuse = (rule: ReviewRule, says: string) => void review.voids.push({ ...stampOf(decision), what: 'assignment', line, rule, says });
  if (review.closed !== null) return refuse('closed', 'the review is closed');
  const identity = parseLineId(line);
  if (identity === undefined || (frozen !== null && !frozen.has(line))) return refuse('unknown-line', 'there is no such line');
  const barred = barFrom(who, reviewer, identity, decision.at);
  if (barred !== null) return refuse(barred.bar, barred.says);
  review.assigned.set(line, { reviewer, at: decision.at, entry: decision.index });
  if (review.assigned.size === review.record.count) review.fullyAssigned ??= stampOf(decision);
}

function decide(
  review: Open,
  who: Reviewing,
  decision: RecordedDecision,
  said: LineDecision,
  file: string | null,
  seconds: number | null,
  frozen: ReadonlySet<string> | null,
): void {
  const by = reviewerOf(who, decision);
  const refusal =
    review.closed !== null
      ? ({ rule: 'closed', says: 'the review is closed' } as const)
      : refusalOf(review, who, by, said, decision.at, frozen);
  if (refusal !== null) {
    review.voids.push({ ...stampOf(decision), what: 'decision', line: said.line, ...refusal });
    return;
  }
  const former = review.decided.get(said.line);
  if (former !== undefined) review.replaced.push({ ...former, line: said.line });
  const { decision: verdict, reason, expires } = said;
  review.decided.set(said.line, {
    decision: verdict,
    reason,
    expires,
    by,
    byText: decision.actor.person ?? `${decision.actor.name} (${notAuthenticated})`,
    authenticated: decision.actor.person !== null,
    at: decision.at,
    entry: decision.index,
    file,
    seconds,
  });
  review.begun ??= stampOf(decision);
  if (review.decided.size === review.record.count) review.fullyDecided ??= stampOf(decision);
}

/** Why a reviewer's decision on a line does not count; null: it does. Told before it is recorded, and again whenever it is read. */
export function refusalOf(
  review: Pick<JudgedReview, 'assigned'>,
  who: Reviewing,
  reviewer: string,
  said: LineDecision,
  at: string,
  frozen: ReadonlySet<string> | null,
): { readonly rule: ReviewRule; readonly says: string } | null {
  const identity = parseLineId(said.line);
  if (identity === undefined || (frozen !== null && !frozen.has(said.line)))
    return { rule: 'unknown-line', says: 'there is no such line in this review' };
  const barred = barFrom(who, reviewer, identity, at);
  if (barred !== null) return { rule: barred.bar, says: barred.says };
  const assigned = review.assigned.get(said.line);
  if (assigned?.reviewer !== reviewer) {
    const whose = assigned === undefined ? 'nobody' : `"${assigned.reviewer}"`;
    return { rule: 'not-assigned', says: `the line is assigned to ${whose}, not to "${reviewer}"` };
  }
  return problemOf(said, identity, who.day(at));
}

function close(review: Open, decision: RecordedDecision): undefined {
  const refuse = (rule: ReviewRule, says: string): undefined =>
    void review.voids.push({ ...stampOf(decision), what: 'close', line: null, rule, says });
  if (review.closed !== null) return refuse('closed', `it was closed before, by entry ${review.closed.entry}`);
  const left = review.record.count - review.decided.size;
  if (left > 0) return refuse('undecided', `${left} of ${review.record.count} lines are undecided`);
  review.closed = stampOf(decision);
}

const stampOf = ({ at, index, actor }: RecordedDecision): Stamp => ({
  at,
  entry: index,
  by: actor.person ?? `${actor.name} (${notAuthenticated})`,
});

/** Who decided, as the list of reviewers calls him: by his key, otherwise by the id or the name that was given. */
function reviewerOf({ registered }: Reviewing, { actor }: Pick<RecordedDecision, 'actor'>): string {
  if (actor.person !== null) return actor.person;
  if (registered.has(actor.name)) return actor.name;
  const named = [...registered].filter(([, { name }]) => name.toLowerCase() === actor.name.trim().toLowerCase());
  return named.length === 1 ? named[0]![0] : actor.name;
}

/** Of every grant the review whose decision on it is the latest, by `grantOf`: a later one takes the place of an earlier. */
export function latestByGrant(judged: readonly JudgedReview[]): ReadonlyMap<string, { readonly review: string; readonly entry: number }> {
  const latest = new Map<string, { review: string; entry: number }>();
  for (const { record, decided } of judged) {
    for (const [line, { entry }] of decided) {
      const identity = parseLineId(line);
      if (identity === undefined) continue;
      const grant = grantOf(identity);
      if ((latest.get(grant)?.entry ?? -1) < entry) latest.set(grant, { review: record.id, entry });
    }
  }
  return latest;
}
