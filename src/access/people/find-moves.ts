import type { DerivedInput } from '../../model/derived.ts';
import type { PeopleSettings } from '../../model/people-settings.ts';
import { beginningOf, carriedDays, dayIn, daysBefore, endOf, inOrder } from './entity-people.ts';
import type { FormerPeople, FormerPerson, Move } from './former-people.ts';
import type { FoundPerson } from './to-persons.ts';

/**
 * Who came, went or changed place: by the days of the roster, and where it has none between the two readings that differ. What was found
 * before is carried on, so that every one of a period is there at its end; a last day that the roster took back is marked, not dropped.
 */
export function findMoves(
  input: Pick<DerivedInput, 'at'>,
  settings: PeopleSettings,
  persons: readonly FoundPerson[],
  former: FormerPeople,
): Move[] {
  const oldest = daysBefore(input.at, carriedDays);
  const before = new Map(former.moves.map((move) => [moveId(move), move]));
  const moves = new Map<string, Move>();
  const byId = new Map(persons.map((person) => [person.id, person]));
  for (const person of persons) {
    const known = former.persons.get(person.id);
    for (const move of [joined(person, known, settings), left(person, known, settings, former.moves), moved(person, known)]) {
      if (move === null || move.at < oldest) continue;
      const same = before.get(moveId(move));
      // When it came to be said stays as it was first seen.
      moves.set(moveId(move), same === undefined ? move : { ...move, between: same.between, at: move.day === null ? same.at : move.at });
    }
  }
  for (const [id, move] of before) {
    if (moves.has(id) || move.at < oldest) continue;
    moves.set(id, { ...move, takenBack: move.takenBack || isTakenBack(move, byId.get(move.person), settings, input.at) });
  }
  return inOrder(moves.values(), moveId);
}

/** Names it for good: `leaver/hr:E-104/2026-03-31`; without a day by the first reading that shows it. */
export function moveId({ kind, person, day, between }: Pick<Move, 'kind' | 'person' | 'day' | 'between'>): string {
  return `${kind}/${person}/${day ?? between.to}`;
}

function joined(person: FoundPerson, known: FormerPerson | undefined, { zone }: PeopleSettings): Move | null {
  const { startsOn, status, unread } = person;
  if (startsOn === null || unread.startsOn !== undefined || unread.status !== undefined || status === 'not-started') return null;
  return moveOf(person, 'joiner', startsOn, beginningOf(startsOn, zone), { from: known?.seen ?? null, to: person.seen });
}

function left(person: FoundPerson, known: FormerPerson | undefined, { zone }: PeopleSettings, former: readonly Move[]): Move | null {
  const { status, endsOn, vanished, unread } = person;
  if (status !== 'left' || unread.status !== undefined) return null;
  if (endsOn !== null) return moveOf(person, 'leaver', endsOn, endOf(endsOn, zone), { from: known?.seen ?? null, to: person.seen });
  const first = former.find((move) => move.kind === 'leaver' && move.person === person.id && move.day === null && !move.takenBack);
  if (first !== undefined) return { ...first, name: person.name };
  const between = vanished ?? { from: known?.status === 'left' ? null : (known?.seen ?? null), to: person.seen };
  return moveOf(person, 'leaver', null, between.to, between);
}

function moved(person: FoundPerson, known: FormerPerson | undefined): Move | null {
  if (known === undefined || person.status === 'left' || person.unread.status !== undefined) return null;
  const changed = (['department', 'title', 'manager'] as const).flatMap((field) => {
    const before = known[field];
    const after = person[field];
    return before === undefined || person.unread[field] !== undefined || before === after ? [] : [{ field, before, after }];
  });
  // Another manager alone is no other place.
  if (!changed.some(({ field }) => field !== 'manager')) return null;
  return { ...moveOf(person, 'mover', null, person.seen, { from: known.seen, to: person.seen }), changed };
}

function moveOf({ id, name }: FoundPerson, kind: Move['kind'], day: string | null, at: string, between: Move['between']): Move {
  return { kind, person: id, name, day, at, between, changed: [], takenBack: false };
}

/** The roster says otherwise by now. Who begins again after he left has left all the same. */
function isTakenBack(move: Move, person: FoundPerson | undefined, { zone }: PeopleSettings, at: string): boolean {
  if (person === undefined || move.kind === 'mover' || person.unread.status !== undefined) return false;
  if (move.kind === 'joiner') return person.startsOn !== move.day && person.startsOn !== null && (move.day ?? '') > dayIn(at, zone);
  if (person.status === 'left') return person.endsOn !== null && person.endsOn !== move.day && !beganAgain(move, person);
  return !beganAgain(move, person);
}
function beganAgain(move: Move, { startsOn }: FoundPerson): boolean {
  return startsOn !== null && startsOn > (move.day ?? move.between.to.slice(0, 10));
}
