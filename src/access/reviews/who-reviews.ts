import type { RecordedDecision } from '../../model/decision.ts';
import type { ReviewDefinition, ReviewSettings } from '../../model/review-settings.ts';
import { fits, systemOf } from './line-id.ts';
import { dayIn } from './occasions-of.ts';
import type { RosterPerson } from './read-roster.ts';

/** Who a registered person is in the roster: by the settings and by his registered address, so that neither hides what the other shows. */
interface KnownAs {
  readonly persons: readonly string[];
  /** Why nobody can say who he is; null: it is known, or declared that he is none of the roster. */
  readonly unknown: string | null;
}

/** Id of a registered person to his name and his e-mail address in small letters. */
export type Registered = ReadonlyMap<string, { readonly name: string; readonly email: string | null }>;
/** Whom reviewing is asked of and forbidden to, by settings, register and roster. */
export interface Reviewing {
  readonly settings: ReviewSettings;
  readonly persons: ReadonlyMap<string, RosterPerson>;
  readonly registered: Registered;
  readonly known: ReadonlyMap<string, KnownAs>;
  /** Person of the roster to reviewer. */
  readonly reviewers: ReadonlyMap<string, string>;
  /** The day (ISO date) of an instant in the company's zone. */
  readonly day: (at: string) => string;
}

export function whoReviews(settings: ReviewSettings, persons: Reviewing['persons'], registered: Registered): Reviewing {
  const ids = [...new Set([...settings.reviewers.map(({ id }) => id), ...registered.keys()])];
  const known = new Map(ids.map((id) => [id, knownIn(settings, persons, registered, id)]));
  const reviewers = new Map<string, string>();
  for (const { id } of settings.reviewers) {
    const one = known.get(id);
    for (const person of one?.persons ?? []) if (!reviewers.has(person)) reviewers.set(person, id);
  }
  const days = new Map<string, string>();
  const day = (at: string): string => {
    const found = days.get(at) ?? dayIn(at, settings.zone);
    days.set(at, found);
    return found;
  };
  return { settings, persons, registered, known, reviewers, day };
}
function knownAs({ known }: Reviewing, reviewer: string): KnownAs {
  return known.get(reviewer) ?? { persons: [], unknown: 'he is neither registered nor on the list of reviewers' };
}

/** The persons that decisions registered, as the last registration has them. */
export function registeredIn(decisions: readonly RecordedDecision[]): Registered {
  const found = new Map<string, { name: string; email: string | null }>();
  for (const { payload } of decisions) {
    if (payload.type !== 'register-person') continue;
    found.set(payload.person.id, { name: payload.person.name, email: payload.person.email?.toLowerCase() ?? null });
  }
  return found;
}

/** The system of the settings that a member (`github:9919`) belongs to. */
export function systemFor(settings: ReviewSettings, member: string): ReviewSettings['systems'][number] | undefined {
  return settings.systems.find(({ match }) => match.some((pattern) => fits(member, pattern)));
}
/** Whether a review is about a member. */
export function reviews(definition: ReviewDefinition, settings: ReviewSettings, member: string): boolean {
  const system = systemFor(settings, member);
  return system !== undefined && (definition.systems === 'all' || definition.systems.includes(system.name));
}

/** The person the settings name, and everybody in the roster with the address he registered with. */
function knownIn(settings: ReviewSettings, persons: Reviewing['persons'], registered: Registered, reviewer: string): KnownAs {
  const listed = settings.reviewers.filter(({ id }) => id === reviewer);
  const named = listed.flatMap(({ person }) => person ?? []);
  const email = registered.get(reviewer)?.email ?? null;
  const found =
    email === null ? [] : [...persons.values()].filter(({ emails }) => emails.some((address) => address.toLowerCase() === email));
  const all = [...new Set([...named, ...found.map(({ person }) => person)])].sort();
  if (named.length > 0 || listed.some(({ outside }) => outside !== null)) return { persons: all, unknown: null };
  if (email === null)
    return { persons: all, unknown: 'no e-mail address is registered, and the settings do not say who it is in the roster' };
  if (found.length === 1) return { persons: all, unknown: null };
  return { persons: all, unknown: `${found.length === 0 ? 'nobody' : 'more than one person'} in the roster has his address` };
}

const bars = ['not-approved', 'self-review', 'provisioner', 'unknown-reviewer'] as const;
type Bar = (typeof bars)[number];

/**
 * Why somebody may not decide on a line at a time (ISO-8601 UTC); null: he may. The line is told by its account and the persons it concerns.
 */
export function barFrom(
  who: Reviewing,
  reviewer: string,
  line: { readonly account: string; readonly subjects: readonly string[] },
  at: string,
): { readonly bar: Bar; readonly says: string } | null {
  const known = knownAs(who, reviewer);
  // First of all: whatever else there is to be said, this is what is counted.
  const himself = known.persons.find((person) => line.subjects.includes(person));
  if (himself !== undefined) return { bar: 'self-review', says: `"${reviewer}" is ${himself}, whom the line concerns` };
  const day = who.day(at);
  const system = systemFor(who.settings, systemOf(line.account));
  const approved = who.settings.reviewers.some(
    ({ id, systems, from, until }) =>
      id === reviewer && from <= day && (until === null || day <= until) && (systems === undefined || systems.includes(system?.name ?? '')),
  );
  if (!approved)
    return {
      bar: 'not-approved',
      says: `"${reviewer}" is not on the list of reviewers of ${system?.name ?? systemOf(line.account)} on ${day}`,
    };
  if (system?.provisioners.includes(reviewer) === true)
    return { bar: 'provisioner', says: `"${reviewer}" grants access in ${system.name}` };
  if (known.unknown !== null) return { bar: 'unknown-reviewer', says: `who "${reviewer}" is in the roster is not known: ${known.unknown}` };
  return null;
}

/** Who is asked about a line: along the route, then up from whoever it would have been, then those named for the rest. */
export function findReviewer(
  who: Reviewing,
  definition: ReviewDefinition,
  line: { readonly account: string; readonly subjects: readonly string[]; readonly person: string | null },
  at: string,
): { readonly reviewer: string | null; readonly rerouted: boolean; readonly because: readonly string[] } {
  const because: string[] = [];
  let rerouted = false;
  const tried = new Set<string>();
  const may = (reviewer: string | undefined): reviewer is string => {
    if (reviewer === undefined || tried.has(reviewer)) return false;
    tried.add(reviewer);
    const barred = barFrom(who, reviewer, line, at);
    if (barred === null) return true;
    if (barred.bar === 'self-review') rerouted = true;
    because.push(barred.says);
    return false;
  };
  const system = systemFor(who.settings, systemOf(line.account));
  for (const step of definition.route) {
    if (step === 'owner') {
      const owner = system?.owner ?? undefined;
      if (may(owner)) return { reviewer: owner, rerouted, because };
      // The owner's own access goes to whoever is above him.
      for (const person of owner === undefined ? [] : knownAs(who, owner).persons)
        for (const above of managersOf(who, person)) if (may(above)) return { reviewer: above, rerouted, because };
    } else if (line.person !== null) {
      const [first, ...rest] = managersOf(who, line.person);
      if (may(first)) return { reviewer: first, rerouted, because };
      // Only a manager who may not decide on it for its own sake is passed over upwards; one who is no reviewer leaves it to the owner.
      if (rerouted) for (const above of rest) if (may(above)) return { reviewer: above, rerouted, because };
    }
  }
  for (const reviewer of definition.otherwise) if (may(reviewer)) return { reviewer, rerouted, because };
  return { reviewer: null, rerouted, because: because.length > 0 ? because : ['the route leads to nobody'] };
}

/** Reviewers who are the managers of a person, the nearest first; a manager who is no reviewer is left out. */
function* managersOf(who: Reviewing, person: string): Generator<string> {
  const seen = new Set<string>();
  for (let manager = who.persons.get(person)?.manager ?? null; manager !== null && !seen.has(manager); ) {
    seen.add(manager);
    const reviewer = who.reviewers.get(manager);
    if (reviewer !== undefined) yield reviewer;
    manager = who.persons.get(manager)?.manager ?? null;
  }
}
