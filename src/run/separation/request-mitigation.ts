import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { mitigationsOf } from '../../access/separation/mitigations.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import type { Mitigation, RecordedDecision } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { by, type DecidedBy } from '../decisions/open-period.ts';
import { dayAfter, isDay, refuseProblems, startOfDay } from '../decisions/period-bounds.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { openPeople } from '../people/open-people.ts';
import { separationSettings } from './open-separation.ts';

export interface MitigationRequest extends DecidedBy {
  readonly rule: string;
  /** Ids of persons of the roster; none: everybody in whom the rule finds a conflict. */
  readonly persons: readonly string[];
  readonly control: string;
  /** Its own check: while it does not pass, the conflict stands. */
  readonly check: string;
  readonly source?: string | undefined;
  readonly subject?: string | undefined;
  readonly owner: string;
  /** First and last day (UTC); default of `from`: now. */
  readonly from?: string | undefined;
  readonly expires: string;
  readonly reason: string;
}

/**
 * Asks for a mitigation of a conflict of duties. It counts for nothing before another person approved it, whom it is not for, and only while its own
 * check passes.
 * @throws ProoflineError `usage` with everything that is wrong
 */
export async function requestMitigation(app: Composition, store: Store, request: MitigationRequest): Promise<RecordedDecision> {
  const problems: string[] = [];
  const known = (what: string, wanted: string, all: readonly string[]) => {
    if (!all.includes(wanted)) problems.push(`there is no ${what} "${wanted}"${didYouMean(wanted, all)}`);
  };
  const settings = await separationSettings(app);
  const { checks } = await app.registries();
  known(
    'rule of separation',
    request.rule,
    settings.rules.map(({ id }) => id),
  );
  known(
    'control',
    request.control,
    (await app.controls()).map(({ control }) => control.id),
  );
  known(
    'check',
    request.check,
    checks.map(({ id }) => id),
  );
  if (request.check.startsWith('entity/duties-are-kept-apart'))
    problems.push('a mitigation has a check of its own: not the one that finds the conflict');
  if (request.source !== undefined)
    known('source', request.source, [...new Set(store.latestCollections().map(({ statement }) => statement.source))]);
  if (request.subject !== undefined && request.source === undefined) problems.push('--subject is one of a source: say which with --source');
  const roster = await rosterIds(app, store);
  if (roster !== undefined) for (const person of request.persons) known('person on the rosters', person, roster);
  const times = timesOf(request, app.now(), problems);
  refuseProblems(problems, 'the mitigation is not requested');
  return await recordDecision(app, store, {
    ...by(request),
    payload: {
      type: 'mitigate',
      mitigation: {
        id: freshId(app, store),
        rule: request.rule,
        persons: request.persons.length === 0 ? null : [...request.persons],
        control: request.control,
        check: { id: request.check, source: request.source ?? null, subject: request.subject ?? null },
        owner: request.owner,
        reason: request.reason,
        ...times,
      },
    },
    reason: request.reason,
  });
}

/** @throws ProoflineError `usage` when there is no such mitigation, or it has been ended. */
export async function endMitigation(
  app: Composition,
  store: Store,
  request: DecidedBy & { readonly id: string; readonly reason: string },
): Promise<RecordedDecision> {
  const all = mitigationsOf(readDecisions(store));
  const found = all.find(({ mitigation }) => mitigation.id === request.id);
  const ids = all.map(({ mitigation }) => mitigation.id);
  if (found === undefined) refuseProblems([`there is no mitigation "${request.id}"${didYouMean(request.id, ids)}`]);
  if (found !== undefined && (found.endedAt !== null || found.refused))
    refuseProblems([`the mitigation "${request.id}" was ended or refused`]);
  return await recordDecision(app, store, {
    ...by(request),
    payload: { type: 'end-mitigation', mitigation: request.id },
    subjects: [request.id],
    reason: request.reason,
  });
}

/** Everybody of the rosters as last collected; undefined: nobody knows them yet, so that no name can be refused. */
async function rosterIds(app: Composition, store: Store): Promise<readonly string[] | undefined> {
  try {
    return (await openPeople(app, store)).persons.map(({ person }) => person);
  } catch (error) {
    if (error instanceof ProoflineError && error.code === 'usage') return undefined;
    throw error;
  }
}

function timesOf({ from, expires }: MitigationRequest, now: string, problems: string[]): Pick<Mitigation, 'from' | 'expires'> {
  for (const [what, day] of Object.entries({ from, expires })) {
    if (day !== undefined && !isDay(day)) problems.push(`--${what} ${day} is no date: expected a day such as 2026-03-31`);
  }
  if (!isDay(expires) || (from !== undefined && !isDay(from))) return { from: now, expires: now };
  const start = from === undefined ? now : startOfDay(from, 'UTC');
  const end = startOfDay(dayAfter(expires), 'UTC');
  if (end <= now) problems.push(`the expiry ${expires} lies in the past`);
  else if (end <= start) problems.push(`it expires (${expires}) before it begins (${from})`);
  const latest = Temporal.PlainDate.from(start.slice(0, 10)).add({ years: 1 }).toString();
  if (expires > latest) problems.push(`the expiry ${expires} lies beyond a year (${latest}): ask again then`);
  return { from: start, expires: end };
}

function freshId(app: Composition, store: Store): string {
  const taken = new Set(mitigationsOf(readDecisions(store)).map(({ mitigation }) => mitigation.id));
  for (;;) {
    const id = `M-${createHash('sha256').update(app.newId()).digest('hex').slice(0, 8)}`;
    if (!taken.has(id)) return id;
  }
}
