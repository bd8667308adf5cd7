import type { Person } from '../../model/access.ts';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import type { PeopleSettings } from '../../model/people-settings.ts';
import { comparable, mixesScripts } from './compare-names.ts';
import { carriedDays, dayIn, daysBefore, inOrder } from './entity-people.ts';
import { findMoves } from './find-moves.ts';
import { type FormerPerson, formerPeople, type Move } from './former-people.ts';
import { type ReadRoster, type RosterRow, readRosters } from './roster-rows.ts';

interface PersonProblem {
  readonly kind:
    | 'same-email'
    | 'two-rows'
    | 'no-such-manager'
    | 'managers-in-a-circle'
    | 'dates-contradict'
    | 'status-contradicts-dates'
    | 'left-without-last-day';
  readonly says: string;
}
/** A person with where he was read, and what of him is not known. */
export interface FoundPerson extends Person {
  /** The first roster that has him, as the settings name it. */
  readonly roster: string;
  /** What the roster calls him by: `E-104`. */
  readonly number: string;
  /** ISO-8601 UTC: when the roster was last seen with him in it. */
  readonly seen: string;
  readonly vanished: { readonly from: string | null; readonly to: string } | null;
  readonly problems: readonly PersonProblem[];
  /** Of somebody who was not seen this time: what was last known of him. */
  readonly followed: FormerPerson['followed'] | null;
  /** Fields whose value means nothing, with why. */
  readonly unread: Readonly<Partial<Record<keyof Person, GapReason>>>;
}
interface FoundPeople {
  /** By id. */
  readonly persons: readonly FoundPerson[];
  readonly moves: readonly Move[];
  readonly rosters: readonly { readonly name: string; readonly rows: number; readonly persons: number; readonly asOf: string }[];
  readonly repeated: number;
  readonly notPersons: number;
  /** What is wrong with the rosters as a whole, in words. */
  readonly problems: readonly string[];
  /** Why there may be people whom nobody has seen; null: every roster was seen whole. */
  readonly incomplete: GapReason | null;
}

/** Fewer people than these may all be gone the next day without anybody wondering. */
const wonderFrom = 5;

/** Everybody the rosters have, as of the reading, and what happened to them. Nobody is merged with anybody: what could be one is named. */
export function toPersons(input: DerivedInput, settings: PeopleSettings): FoundPeople {
  const former = formerPeople(input);
  const rosters = readRosters(input, settings);
  const today = dayIn(input.at, settings.zone);
  const problems: string[] = [];
  const people = new Map<string, FoundPerson>();
  const counted: FoundPeople['rosters'][number][] = [];
  const earlier = new Earlier();
  let repeated = 0;
  for (const roster of rosters) {
    const before = people.size;
    // Of one roster all are taken before it counts as an earlier one: its own rows are never each other's repetition.
    const taken: FoundPerson[] = [];
    for (const [, rows] of Map.groupBy(roster.rows, ({ person }) => person)) {
      const [row] = rows;
      if (row === undefined) continue;
      const same = earlier.of(row);
      if (same.length === 1) repeated += rows.length;
      else if (same.length > 1) {
        repeated += rows.length;
        problems.push(`${roster.name}: ${row.person} could be any of ${same.join(', ')}, and is taken for none of them`);
      } else taken.push(personOf(rows, today));
    }
    for (const person of taken) {
      people.set(person.id, person);
      earlier.add(person);
    }
    counted.push({
      name: roster.name,
      rows: roster.rows.length + roster.notPersons.length,
      persons: people.size - before,
      asOf: roster.asOf ?? input.at,
    });
    problems.push(...untoldBy(roster));
    const gone = goneFrom(roster, rosters, people, former.persons);
    const missing = missingReason(roster, gone, former.persons, settings);
    if (missing.says !== null) problems.push(missing.says);
    for (const person of gone) people.set(person.person, carried(person, roster, missing.reason));
  }
  const oldest = daysBefore(input.at, carriedDays);
  const kept = inOrder(
    [...people.values()].filter(({ vanished }) => vanished === null || vanished.to >= oldest),
    ({ id }) => id,
  );
  const persons = withProblems(withManagers(kept));
  for (const { id, problems: own } of persons) problems.push(...own.map(({ says }) => `${id}: ${says}`));
  const incomplete = rosters.find((roster) => roster.incomplete !== null)?.incomplete ?? null;
  const shrunk = persons.some(({ unread }) => unread.status === 'truncated') ? ('truncated' as const) : null;
  return {
    persons,
    moves: findMoves(input, settings, persons, former),
    rosters: counted,
    repeated,
    notPersons: rosters.reduce((sum, roster) => sum + roster.notPersons.length, 0),
    problems,
    incomplete: incomplete ?? shrunk ?? former.incomplete,
  };
}

/** What a roster has no columns for cannot be seen in it: that nobody left or moved would only mean that nobody was told. */
function untoldBy({ name, rows }: { readonly name: string; readonly rows: readonly RosterRow[] }): string[] {
  const lacks = (...columns: RosterRow['absent'][number][]) =>
    rows.length > 0 && rows.every(({ absent }) => columns.every((column) => absent.includes(column)));
  return [
    ...(lacks('status', 'endsOn') ? [`${name} has neither a status nor a last day: who left is seen only once he is gone from it`] : []),
    ...(lacks('department', 'title') ? [`${name} has neither a department nor a title: nobody is seen to change his role`] : []),
  ];
}

/** Persons of earlier rosters by what a row of a later one can be known by: id, number, or an address. */
class Earlier {
  readonly #known = new Map<string, Set<string>>();

  add({ id, number, emails }: Pick<FoundPerson, 'id' | 'number' | 'emails'>): void {
    for (const key of [id, `#${number}`, ...emails]) this.#known.set(key, (this.#known.get(key) ?? new Set()).add(id));
  }
  of({ person, number, emails }: Pick<RosterRow, 'person' | 'number' | 'emails'>): string[] {
    const found = [person, `#${number}`, ...emails].flatMap((key) => [...(this.#known.get(key) ?? [])]);
    return [...new Set(found)].sort();
  }
}

function personOf(rows: readonly RosterRow[], today: string): FoundPerson {
  const [row] = rows as [RosterRow, ...RosterRow[]];
  const problems: PersonProblem[] = [];
  const unread: Record<string, GapReason> = { ...row.unread };
  const same = (value: unknown) => JSON.stringify(value);
  if (rows.length > 1) {
    const differing = (['name', 'emails', 'status', 'kind', 'title', 'department', 'manager', 'startsOn', 'endsOn'] as const).filter(
      (field) => rows.some((other) => same(other[field]) !== same(row[field])),
    );
    // What two rows say differently nobody can say.
    for (const field of differing) if (field !== 'name' && field !== 'emails' && field !== 'kind') unread[field] = 'malformed-reply';
    const how = differing.length === 0 ? 'and they say the same' : `and they differ in ${differing.join(', ')}`;
    problems.push({ kind: 'two-rows', says: `${rows.length} rows of ${row.roster} are about this person, ${how}` });
  }
  const status = statusOf(row, today, problems);
  if (unread['endsOn'] !== undefined || unread['startsOn'] !== undefined)
    unread['status'] ??= unread['endsOn'] ?? unread['startsOn'] ?? 'malformed-reply';
  if (status === null) unread['status'] ??= 'malformed-reply';
  return {
    id: row.person,
    number: row.number,
    name: row.name,
    emails: [...new Set(rows.flatMap(({ emails }) => emails))].sort(),
    kind: row.kind,
    status: status ?? 'active',
    title: row.title,
    department: row.department,
    manager: row.manager,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    roster: row.roster,
    seen: row.asOf,
    vanished: null,
    problems,
    followed: null,
    unread,
  };
}

/** Dates come before the word; null: they contradict each other. */
function statusOf({ status, startsOn, endsOn }: RosterRow, today: string, problems: PersonProblem[]): Person['status'] | null {
  if (startsOn !== null && endsOn !== null && endsOn < startsOn) {
    problems.push({ kind: 'dates-contradict', says: `the last day ${endsOn} lies before the first day ${startsOn}` });
    return null;
  }
  const contradicts = (says: string) =>
    problems.push({ kind: 'status-contradicts-dates', says: `the roster says "${status}", and ${says}` });
  if (endsOn !== null && endsOn < today) {
    if (status !== null && status !== 'left') contradicts(`the last day was ${endsOn}`);
    return 'left';
  }
  if (startsOn !== null && startsOn > today) {
    if (status === 'left') contradicts(`the first day is ${startsOn}`);
    return 'not-started';
  }
  if (status === 'left') {
    if (endsOn !== null) {
      contradicts(`the last day is ${endsOn}, which has not passed`);
      return 'active';
    }
    problems.push({ kind: 'left-without-last-day', says: 'left, without a last day in the roster' });
    return 'left';
  }
  if (status === 'not-started' && startsOn !== null) {
    contradicts(`the first day was ${startsOn}`);
    return 'active';
  }
  return status ?? 'active';
}

/** People whom a roster had at the reading before, and has no more; nor has an earlier one taken them over. */
function goneFrom(
  roster: ReadRoster,
  rosters: readonly ReadRoster[],
  people: ReadonlyMap<string, FoundPerson>,
  former: ReadonlyMap<string, FormerPerson>,
): FormerPerson[] {
  const found = [...people.values()];
  return [...former.values()].filter((person) => {
    if (person.roster !== roster.name || people.has(person.person)) return false;
    const movedOver = found.some(
      ({ roster: other, emails }) => other !== roster.name && emails.some((address) => person.emails.includes(address)),
    );
    return !movedOver && rosters.includes(roster);
  });
}

/** Whether those who are gone really are: not when the roster was not seen whole, nor when too many are gone at once. */
function missingReason(
  { name, incomplete, rows }: ReadRoster,
  gone: readonly FormerPerson[],
  former: ReadonlyMap<string, FormerPerson>,
  { mayVanish }: PeopleSettings,
): { readonly reason: GapReason | null; readonly says: string | null } {
  const there = [...former.values()].filter(({ roster, status, vanished }) => roster === name && status !== 'left' && vanished === null);
  const missing = gone.filter(({ status, vanished }) => status !== 'left' && vanished === null);
  const most = Math.round(mayVanish * 100);
  if (there.length >= wonderFrom && missing.length / there.length >= mayVanish) {
    return {
      reason: incomplete ?? 'truncated',
      says: `${name}: ${missing.length} of ${there.length} people are missing from one reading to the next, ${most} % or more: taken for incomplete, and for no leaver (${rows.length} rows)`,
    };
  }
  return {
    reason: incomplete,
    says: incomplete === null ? null : `${name}: not seen whole (${incomplete}); who is missing has not left by that`,
  };
}

function carried(person: FormerPerson, roster: ReadRoster, missing: GapReason | null): FoundPerson {
  const hasLeft = person.status === 'left';
  const vanished = person.vanished ?? (missing === null && !hasLeft ? { from: person.seen, to: roster.asOf ?? person.seen } : null);
  const unknown: FoundPerson['unread'] =
    missing === null || hasLeft || vanished !== null
      ? {}
      : { status: missing, title: missing, department: missing, manager: missing, startsOn: missing, endsOn: missing };
  return {
    id: person.person,
    number: person.person.slice(person.person.indexOf(':') + 1),
    name: person.name,
    emails: person.emails,
    kind: person.kind,
    status: hasLeft || vanished !== null ? 'left' : 'active',
    title: person.title ?? null,
    department: person.department ?? null,
    manager: person.manager ?? null,
    startsOn: person.startsOn ?? null,
    endsOn: person.endsOn ?? null,
    roster: person.roster,
    seen: person.seen,
    vanished,
    problems: [],
    followed: person.followed,
    unread: unknown,
  };
}

/** Managers by the id of a person: rosters name them by number, id or address. */
function withManagers(persons: readonly FoundPerson[]): FoundPerson[] {
  const known = new Set(persons.map(({ id }) => id));
  const called = new Map<string, Set<string>>();
  for (const { id, number, emails } of persons) {
    for (const name of [comparable(number), ...emails]) called.set(name, (called.get(name) ?? new Set()).add(id));
  }
  return persons.map((person) => {
    const { manager, id } = person;
    if (manager === null || known.has(manager) || person.unread.manager !== undefined) return person;
    const own = `${id.slice(0, id.indexOf(':'))}:${manager}`;
    if (known.has(own)) return { ...person, manager: own };
    const found = [...(called.get(comparable(manager)) ?? [])].sort();
    if (found.length === 1 && found[0] !== undefined) return { ...person, manager: found[0] };
    const says =
      found.length === 0 ? `its manager "${manager}" is on no roster` : `its manager "${manager}" could be any of ${found.join(', ')}`;
    return { ...person, manager: null, problems: [...person.problems, { kind: 'no-such-manager' as const, says }] };
  });
}

function withProblems(persons: readonly FoundPerson[]): FoundPerson[] {
  const byAddress = new Map<string, string[]>();
  for (const { id, emails } of persons) for (const address of emails) byAddress.set(address, [...(byAddress.get(address) ?? []), id]);
  const circle = managersInCircle(persons);
  return persons.map((person) => {
    const shared = person.emails.flatMap((address) => {
      const others = (byAddress.get(address) ?? []).filter((id) => id !== person.id);
      return others.length === 0
        ? []
        : [{ kind: 'same-email' as const, says: `has the address ${address} together with ${others.join(', ')}` }];
    });
    const strange = person.emails.filter(mixesScripts).map((address) => ({
      kind: 'same-email' as const,
      says: `the address ${address} mixes letters of several scripts: it looks like another and is not the same`,
    }));
    const circling = circle.has(person.id)
      ? [{ kind: 'managers-in-a-circle' as const, says: 'is among its own managers, all the way up' }]
      : [];
    return { ...person, problems: [...person.problems, ...shared, ...strange, ...circling] };
  });
}

/** Everybody who is his own manager by some way. */
function managersInCircle(persons: readonly Pick<Person, 'id' | 'manager'>[]): ReadonlySet<string> {
  const manager = new Map(persons.map((person) => [person.id, person.manager]));
  const circle = new Set<string>();
  const done = new Set<string>();
  for (const { id } of persons) {
    const way: string[] = [];
    let at: string | null | undefined = id;
    while (at !== null && at !== undefined && !done.has(at) && !way.includes(at)) {
      way.push(at);
      at = manager.get(at);
    }
    if (at !== null && at !== undefined && way.includes(at)) for (const one of way.slice(way.indexOf(at))) circle.add(one);
    for (const one of way) done.add(one);
  }
  return circle;
}
