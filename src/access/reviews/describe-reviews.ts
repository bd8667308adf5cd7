import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { type ReviewDefinition, ReviewSettings } from '../../model/review-settings.ts';
import { type JudgedReview, judgeReviews, latestByGrant, type Void } from './judge-reviews.ts';
import { fits, grantOf, parseLineId, systemOf } from './line-id.ts';
import { afterBusinessDays, dayIn, endOfDay, type Occasion, occasionsOf } from './occasions-of.ts';
import { type Roster, readRoster } from './read-roster.ts';
import { registeredIn, reviews, systemFor, whoReviews } from './who-reviews.ts';

export const reviewStates = ['planned', 'frozen', 'assigned', 'in-review', 'decided', 'remediating', 'verified', 'closed'] as const;
type ReviewState = (typeof reviewStates)[number];

/** Whether what a line stood for is still there. `unknown`: the rosters that were read since do not show it. */
type Presence = 'present' | 'absent' | 'unknown';

/** A line that was to be changed, taken away or excepted, and what became of it. */
export interface FollowedLine {
  readonly review: string;
  readonly line: string;
  readonly account: string;
  readonly system: string;
  readonly entitlement: string;
  readonly decision: 'modify' | 'revoke' | 'exception';
  readonly decidedAt: string;
  readonly by: string;
  readonly authenticated: boolean;
  readonly privileged: boolean;
  /** ISO-8601 UTC: by when it is to be gone; of an exception: when it ends. */
  readonly due: string;
  readonly presence: Presence;
  /** Why that is not known. */
  readonly unknownBecause: GapReason | null;
  /** ISO-8601 UTC: as of when the rosters first showed that it is gone; null: they do not. */
  readonly goneBy: string | null;
  /** ISO-8601 UTC: the account was used after the decision, while the grant was still there. */
  readonly usedSince: string | null;
  /** Id of a later review that decided on the same grant. */
  readonly replacedBy: string | null;
}

/** One review that was due, or is: also one that was never begun. */
export interface DescribedReview {
  readonly id: string;
  readonly definition: ReviewDefinition;
  readonly occasion: Occasion;
  readonly state: ReviewState;
  /** Null: it was never begun. */
  readonly judged: JudgedReview | null;
  readonly voids: readonly Void[];
  readonly followed: readonly FollowedLine[];
  /** When each state was reached, with log entry and who did it. */
  readonly steps: readonly { readonly state: ReviewState; readonly at: string; readonly entry: number; readonly by: string }[];
  /** Members with accounts today that no system of the settings takes in and none leaves out; of a frozen review: those of its day. */
  readonly notReviewed: readonly string[];
  /** Why the frozen roster is not known to be whole; empty: it is. */
  readonly doubts: readonly string[];
  readonly metrics: ReviewMetrics;
}
interface ReviewMetrics {
  readonly lines: number;
  readonly assigned: number;
  readonly decided: number;
  readonly decidedOnTime: number;
  readonly keep: number;
  readonly modify: number;
  readonly revoke: number;
  readonly exception: number;
  readonly exceptionsPast: number;
  /** Revocations and modifications: shown to be gone, open within their time, open past it, and not known. */
  readonly shown: number;
  readonly open: number;
  readonly overdue: number;
  readonly unknown: number;
  readonly selfReviewsBlocked: number;
  readonly notCounted: number;
  readonly notAuthenticated: number;
  /** Null: nobody measured. */
  readonly medianSeconds: number | null;
  readonly systems: number;
  readonly systemsWhole: number;
}

/** Every review due within the last 400 days and the one that runs, from the log alone; none where the configuration names none. */
export function describeReviews(input: DerivedInput): readonly DescribedReview[] {
  if (input.settings['reviews'] === null || input.settings['reviews'] === undefined) return [];
  const settings = ReviewSettings.parse(input.settings['reviews']);
  const roster = readRoster(input.seen, [
    ...input.missing,
    ...input.notConnected.map((type) => ({ type, reason: 'not-collected' as const })),
  ]);
  const who = whoReviews(settings, roster.persons, registeredIn(input.decisions));
  const judged = judgeReviews(input.decisions, who);
  return describeJudged({ settings, judged, roster, at: input.at, goneBefore: goneBefore(input) });
}

/** What the reading before knew to be gone, and since when, by review and line. */
function goneBefore({ seen }: DerivedInput): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const { type, resources } of seen) {
    if (type !== 'entity.review-line') continue;
    for (const { fields, unread } of resources) {
      const { review, line, goneBy } = fields;
      if (fields['present'] === false && unread['present'] === undefined && typeof goneBy === 'string')
        known.set(`${String(review)} ${String(line)}`, goneBy);
    }
  }
  return known;
}

interface ToDescribe {
  readonly settings: ReviewSettings;
  readonly judged: readonly JudgedReview[];
  /** As of now. */
  readonly roster: Roster;
  readonly at: string;
  /** `<review> <line>` to since when it is known to be gone. */
  readonly goneBefore: ReadonlyMap<string, string>;
}

function describeJudged({ settings, judged, roster, at, goneBefore: gone }: ToDescribe): readonly DescribedReview[] {
  const byId = new Map(judged.map((review) => [review.record.id, review]));
  const latest = latestByGrant(judged);
  const presence = presenceIn(roster);
  const notReviewed = membersLeftOut(settings, roster);
  const described: DescribedReview[] = [];
  for (const definition of settings.reviews) {
    for (const occasion of occasionsOf(definition, at, settings.zone)) {
      const id = `${definition.id}/${occasion.id}`;
      const review = byId.get(id) ?? null;
      const followed = review === null ? [] : followedLines(review, settings, definition, presence, latest, gone);
      const systems = review?.record.systems ?? [];
      // What lies behind is not made incomplete by a system that came later.
      const runs = review === null ? at < occasion.due : review.closed === null;
      described.push({
        id,
        definition,
        occasion,
        ...stateOf(review, followed),
        judged: review,
        voids: review?.voids ?? [],
        followed,
        notReviewed: runs ? [...new Set([...notReviewed, ...unfrozen(settings, definition, roster, review)])].sort() : [],
        doubts: doubtsOf(review),
        metrics: metricsOf(review, followed, occasion, at, systems),
      });
    }
  }
  return described.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Members with accounts that are in no system of the settings, and not left out with a reason. */
function membersLeftOut(settings: ReviewSettings, roster: Roster): string[] {
  const members = new Set(roster.accounts.map(({ system }) => system));
  return [...members].filter(
    (member) =>
      systemFor(settings, member) === undefined && !settings.out.some(({ match }) => match.some((pattern) => fits(member, pattern))),
  );
}
/** Members that this review is about and that were not frozen with it. */
function unfrozen(settings: ReviewSettings, definition: ReviewDefinition, roster: Roster, review: JudgedReview | null): string[] {
  if (review === null) return [];
  const frozen = new Set(review.record.systems.map(({ system }) => system));
  const members = new Set(roster.accounts.map(({ system }) => system));
  return [...members].filter((member) => reviews(definition, settings, member) && !frozen.has(member));
}

function doubtsOf(review: JudgedReview | null): string[] {
  return (review?.record.systems ?? []).flatMap(({ system, complete, reconciliation }) => [
    ...(complete ? [] : [`not all of ${system} was seen`]),
    ...reconciliation.flatMap(({ with: other, difference, explanation }) =>
      difference !== null && difference !== 0 && explanation === null ? [`${system}: ${Math.abs(difference)} apart from ${other}`] : [],
    ),
  ]);
}

type Look = (
  account: string,
  entitlement: string,
) => { presence: Presence; because: GapReason | null; lastUsed: string | null; asOf: string };

/** Looks a grant up in the rosters of now. It is absent only where all of them were seen. */
function presenceIn(roster: Roster): Look {
  const grants = new Set(roster.entitlements.map(({ account, id }) => grantOf({ account, entitlement: id })));
  const accounts = new Map(roster.accounts.map((account) => [account.account, account]));
  const { asOf } = roster;
  const gap = roster.gaps.find(({ type }) => type === 'entity.entitlement' || type === 'entity.account');
  return (account, entitlement) => {
    const known = accounts.get(account);
    const lastUsed = known?.lastUsed ?? null;
    const there =
      grants.has(grantOf({ account, entitlement })) || (entitlement === 'account' && known !== undefined && known.live !== false);
    if (there) return { presence: 'present', because: null, lastUsed, asOf };
    if (gap !== undefined) return { presence: 'unknown', because: gap.reason, lastUsed, asOf };
    return { presence: 'absent', because: null, lastUsed, asOf };
  };
}

function followedLines(
  review: JudgedReview,
  settings: ReviewSettings,
  definition: ReviewDefinition,
  look: Look,
  latest: ReturnType<typeof latestByGrant>,
  gone: ReadonlyMap<string, string>,
): FollowedLine[] {
  const found: FollowedLine[] = [];
  for (const [line, decided] of review.decided) {
    const { decision } = decided;
    const identity = parseLineId(line);
    if (decision === 'keep' || identity === undefined) continue;
    const privileged = identity.marks.includes('privileged');
    const { presence, because, lastUsed, asOf } = look(identity.account, identity.entitlement);
    const later = latest.get(grantOf(identity));
    const days = (privileged ? definition.sla.privileged : definition.sla.revoke).businessDays;
    found.push({
      review: review.record.id,
      line,
      account: identity.account,
      system: systemOf(identity.account),
      entitlement: identity.entitlement,
      decision,
      decidedAt: decided.at,
      by: decided.byText,
      authenticated: decided.authenticated,
      privileged,
      due:
        decision === 'exception'
          ? endOfDay(decided.expires ?? dayIn(decided.at, settings.zone), settings.zone)
          : afterBusinessDays(decided.at, days, settings.calendar, settings.zone),
      presence,
      unknownBecause: because,
      goneBy: presence === 'absent' ? (gone.get(`${review.record.id} ${line}`) ?? asOf) : null,
      usedSince: decision !== 'exception' && lastUsed !== null && lastUsed > decided.at ? lastUsed : null,
      replacedBy: later === undefined || later.review === review.record.id ? null : later.review,
    });
  }
  return found.sort((one, other) => (one.line < other.line ? -1 : 1));
}
function stateOf(review: JudgedReview | null, followed: readonly FollowedLine[]): Pick<DescribedReview, 'state' | 'steps'> {
  if (review === null) return { state: 'planned', steps: [] };
  const steps: { state: ReviewState; at: string; entry: number; by: string }[] = [{ state: 'frozen', ...review.started }];
  if (review.fullyAssigned !== null) steps.push({ state: 'assigned', ...review.fullyAssigned });
  if (review.begun !== null) steps.push({ state: 'in-review', ...review.begun });
  if (review.fullyDecided !== null) steps.push({ state: 'decided', ...review.fullyDecided });
  if (review.closed !== null) steps.push({ state: 'closed', ...review.closed });
  const state = steps.at(-1)?.state ?? 'frozen';
  if (state !== 'decided') return { state, steps };
  const toGo = followed.filter(
    ({ decision, presence, replacedBy }) => decision !== 'exception' && presence !== 'absent' && replacedBy === null,
  );
  return { state: toGo.length > 0 ? 'remediating' : 'verified', steps };
}

/** Whether a followed line is gone, still open, or past its time; of an exception: whether it still holds. */
export function lineState(line: FollowedLine, at: string): 'shown' | 'open' | 'overdue' | 'unknown' | 'replaced' | 'holds' | 'past' {
  if (line.replacedBy !== null) return 'replaced';
  if (line.presence === 'absent') return 'shown';
  if (line.presence === 'unknown') return 'unknown';
  if (line.decision === 'exception') return at < line.due ? 'holds' : 'past';
  return at < line.due ? 'open' : 'overdue';
}

function metricsOf(
  review: JudgedReview | null,
  followed: readonly FollowedLine[],
  { due }: Occasion,
  at: string,
  systems: JudgedReview['record']['systems'],
): ReviewMetrics {
  const decided = [...(review?.decided.values() ?? [])];
  const count = (decision: string) => decided.filter((one) => one.decision === decision).length;
  const states = followed.map((line) => ({ line, state: lineState(line, at) }));
  const inState = (state: string) => states.filter((one) => one.line.decision !== 'exception' && one.state === state).length;
  const voids = review?.voids ?? [];
  return {
    lines: review?.record.count ?? 0,
    assigned: review?.assigned.size ?? 0,
    decided: decided.length,
    decidedOnTime: decided.filter((one) => one.at <= due).length,
    keep: count('keep'),
    modify: count('modify'),
    revoke: count('revoke'),
    exception: count('exception'),
    exceptionsPast: states.filter(({ line, state }) => line.decision === 'exception' && state === 'past').length,
    shown: inState('shown'),
    open: inState('open'),
    overdue: inState('overdue'),
    unknown: inState('unknown'),
    selfReviewsBlocked: voids.filter(({ rule }) => rule === 'self-review').length,
    notCounted: voids.length,
    notAuthenticated: decided.filter(({ authenticated }) => !authenticated).length,
    medianSeconds: medianOf(decided.flatMap(({ seconds }) => seconds ?? [])),
    systems: systems.length,
    systemsWhole: systems.filter(({ complete }) => complete).length,
  };
}
function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Reviewers with lines that they have not decided, and how many: whom to remind. */
export function undecidedBy(review: JudgedReview): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const [line, { reviewer }] of review.assigned) {
    if (!review.decided.has(line)) left.set(reviewer, (left.get(reviewer) ?? 0) + 1);
  }
  return new Map([...left].sort(([one], [other]) => (one < other ? -1 : 1)));
}
/** Whether today is a day on which reviewers are reminded: one of the days before it is due, or any after it. */
export function remindsToday(
  { definition, occasion }: Pick<DescribedReview, 'definition' | 'occasion'>,
  at: string,
  zone: string,
): boolean {
  if (at >= occasion.due) return true;
  const days = Math.ceil((Date.parse(occasion.due) - Date.parse(at)) / 86_400_000);
  return definition.remindDays.includes(days) && dayIn(at, zone) >= occasion.from;
}
