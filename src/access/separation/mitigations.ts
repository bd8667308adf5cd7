import type { DecisionActor, Mitigation, RecordedDecision } from '../../model/decision.ts';
import type { LatestResult } from '../../model/derived.ts';
import type { HeldPerson } from './access-view.ts';

/** A result older than this says nothing of today. An evaluation is as old as the oldest thing it read, and not everything is read each day. */
const longestAgeHours = 120;
const hourMs = 3_600_000;

export const standings = ['in-force', 'failing', 'unproven', 'expired', 'none'] as const;
export type Standing = (typeof standings)[number];

/** What of a mitigation counts for a conflict, and why not. */
export interface MitigationStanding {
  /** null: nobody has asked for one. */
  readonly id: string | null;
  readonly standing: Standing;
  readonly reason: string;
  readonly control: string | null;
  readonly owner: string | null;
  readonly approvedBy: string | null;
  /** ISO-8601 UTC: from when on it does not hold even if its check passes. */
  readonly expires: string | null;
}
export const unmitigated: MitigationStanding = {
  id: null,
  standing: 'none',
  reason: 'nobody has asked for a mitigation',
  control: null,
  owner: null,
  approvedBy: null,
  expires: null,
};

/** A mitigation that was asked for, with what became of it. */
export interface MitigationRecord {
  readonly mitigation: Mitigation;
  /** Log index of the request. */
  readonly decision: number;
  readonly requestedAt: string;
  readonly requestedBy: DecisionActor;
  readonly approval: RecordedDecision['approval'];
  readonly refused: boolean;
  /** ISO-8601 UTC: when somebody ended it; null: nobody has. */
  readonly endedAt: string | null;
}

/** Every mitigation that was asked for, in the order of the log. */
export function mitigationsOf(decisions: readonly RecordedDecision[]): readonly MitigationRecord[] {
  return decisions.flatMap((decision) => {
    const { payload } = decision;
    if (payload.type !== 'mitigate') return [];
    const { mitigation } = payload;
    const ending = decisions.find((other) => other.payload.type === 'end-mitigation' && other.payload.mitigation === mitigation.id);
    return [
      {
        mitigation,
        decision: decision.index,
        requestedAt: decision.at,
        requestedBy: decision.actor,
        approval: decision.approval,
        refused: decision.ended !== null,
        endedAt: ending?.at ?? null,
      },
    ];
  });
}

/**
 * Who of the roster a registered person is: the one with his e-mail address, otherwise the one whose id ends in his (`hr:E-104` for
 * `e-104`). Undefined when nobody, or more than one, could be meant.
 */
export function rosterPersonOf(
  registered: string,
  decisions: readonly RecordedDecision[],
  persons: readonly HeldPerson[],
): string | undefined {
  const ofDecisions = toldBefore.get(persons) ?? new WeakMap<readonly RecordedDecision[], Map<string, string | undefined>>();
  toldBefore.set(persons, ofDecisions);
  const told = ofDecisions.get(decisions) ?? new Map<string, string | undefined>();
  ofDecisions.set(decisions, told);
  if (!told.has(registered)) told.set(registered, findRosterPerson(registered, decisions, persons));
  return told.get(registered);
}
/** The same few are asked about for each conflict, and the roster is long. */
const toldBefore = new WeakMap<readonly HeldPerson[], WeakMap<readonly RecordedDecision[], Map<string, string | undefined>>>();

function findRosterPerson(registered: string, decisions: readonly RecordedDecision[], persons: readonly HeldPerson[]): string | undefined {
  const registration = decisions.findLast(({ payload }) => payload.type === 'register-person' && payload.person.id === registered);
  const email = registration?.payload.type === 'register-person' ? registration.payload.person.email?.toLowerCase() : undefined;
  const byMail = email === undefined ? [] : persons.filter(({ emails }) => emails.some((one) => one.toLowerCase() === email));
  const byId = persons.filter(({ id }) => id.toLowerCase() === registered || id.toLowerCase().endsWith(`:${registered}`));
  const found = new Set((byMail.length > 0 ? byMail : byId).map(({ id }) => id));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

export interface StandingInput {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly decisions: readonly RecordedDecision[];
  readonly persons: readonly HeldPerson[];
  /** Latest results of the checks that mitigations name; undefined: none were read, so none of them passes. */
  readonly results: readonly LatestResult[] | undefined;
}

/** The mitigation that counts most for a rule's conflict in one holder. `records`: all of them, from `mitigationsOf`. */
export function standingOf(
  conflict: { readonly rule: string; readonly holder: string },
  records: readonly MitigationRecord[],
  input: StandingInput,
): MitigationStanding {
  const speaking = records.filter(
    ({ mitigation: { rule, persons } }) => rule === conflict.rule && (persons === null || persons.includes(conflict.holder)),
  );
  const judged = speaking.map((record) => judge(record, conflict.holder, input));
  const [best] = judged.sort(
    (a, b) => standings.indexOf(a.standing) - standings.indexOf(b.standing) || ((a.expires ?? '') > (b.expires ?? '') ? -1 : 1),
  );
  return best ?? unmitigated;
}

function judge(record: MitigationRecord, holder: string, input: StandingInput): MitigationStanding {
  const { mitigation, approval, endedAt, refused, requestedBy } = record;
  const said = (standing: Standing, reason: string): MitigationStanding => ({
    id: mitigation.id,
    standing,
    reason,
    control: mitigation.control,
    owner: mitigation.owner,
    approvedBy: approval?.actor.person ?? approval?.actor.name ?? null,
    expires: mitigation.expires,
  });
  if (refused) return said('none', 'it was refused or withdrawn');
  if (endedAt !== null && endedAt <= input.at) return said('expired', `it was ended at ${endedAt}`);
  if (mitigation.expires <= input.at) return said('expired', `it expired at ${mitigation.expires}`);
  if (approval === null) return said('unproven', 'no second person has approved it');
  if (mitigation.from > input.at) return said('unproven', `it begins at ${mitigation.from}`);
  const whyNot = whyNotIndependent(requestedBy, approval.actor, holder, input);
  if (whyNot !== undefined) return said('unproven', whyNot);
  return checkStanding(mitigation, input, said);
}

/** Who approves is another than who asked, and none whom it is for; where that cannot be told it does not count. */
function whyNotIndependent(requester: DecisionActor, approver: DecisionActor, holder: string, { decisions, persons }: StandingInput) {
  if (approver.person === null) return `who approved it was not authenticated (${approver.name})`;
  if (requester.person === null) return `who asked for it was not authenticated (${requester.name})`;
  if (approver.person === requester.person) return 'who approved it had asked for it';
  const approving = rosterPersonOf(approver.person, decisions, persons);
  if (approving === undefined) return `who of the roster approved it (${approver.person}) cannot be told: by no e-mail address and no id`;
  if (approving === holder) return 'who approved it is the one it is for';
  if (rosterPersonOf(requester.person, decisions, persons) === approving)
    return 'who approved it and who asked for it are one person of the roster';
  return undefined;
}

function checkStanding(
  { check }: Mitigation,
  { at, results }: StandingInput,
  said: (standing: Standing, reason: string) => MitigationStanding,
): MitigationStanding {
  const about = (results ?? []).filter(
    (result) =>
      result.check === check.id &&
      (check.source === null || result.source === check.source) &&
      (check.subject === null || result.subject === check.subject),
  );
  if (about.length === 0) return said('unproven', `there is no result of its check ${check.id}`);
  const failing = about.find(({ outcome }) => outcome === 'fail');
  if (failing !== undefined) return said('failing', `its check ${check.id} fails for ${failing.subject} as of ${failing.asOf}`);
  const silent = about.find(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable');
  if (silent !== undefined) return said('unproven', `its check ${check.id} says ${silent.outcome} of ${silent.subject}`);
  if (!about.some(({ outcome }) => outcome === 'pass')) return said('unproven', `its check ${check.id} applies to nothing`);
  const old = about.find(({ asOf, until }) => ageHours(asOf, at) > longestAgeHours || (until !== null && until <= at));
  if (old !== undefined) return said('unproven', `the last result of its check ${check.id} is of ${old.asOf}: too old to speak for today`);
  return said('in-force', `its check ${check.id} passes for ${about.length === 1 ? about[0]?.subject : `${about.length} subjects`}`);
}
const ageHours = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / hourMs;
