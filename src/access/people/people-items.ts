import type { DerivedInput } from '../../model/derived.ts';
import { type DerivedItem, derivedItem } from './derived-item.ts';
import { peopleSettings } from './entity-people.ts';
import { moveId } from './find-moves.ts';
import { type FoundPerson, toPersons } from './to-persons.ts';

/** Everybody, what happened to them, and the rosters as a whole, as they are sealed. */
export function peopleItems(input: DerivedInput): DerivedItem[] {
  const settings = peopleSettings(input);
  if (settings === null) return [];
  const { persons, moves, rosters, repeated, notPersons, problems, incomplete } = toPersons(input, settings);
  const known = persons.filter(({ unread }) => unread.status === undefined);
  const count = (status: string) => known.filter((person) => person.status === status).length;
  const roster = {
    rosters,
    active: count('active'),
    notStarted: count('not-started'),
    left: count('left'),
    repeated,
    notPersons,
    problems,
  };
  // Of rosters that were not seen whole nothing is summed; what is wrong with them is wrong all the same.
  const unsummed =
    incomplete === null
      ? {}
      : { active: incomplete, notStarted: incomplete, left: incomplete, repeated: incomplete, notPersons: incomplete };
  return [
    ...persons.map(({ id, unread, ...fields }) =>
      derivedItem('person', id, { person: id, ...fields, followed: followedOf({ id, unread, ...fields }) }, unread),
    ),
    ...moves.map((move) => derivedItem('move', moveId(move), move)),
    derivedItem('roster', 'all', roster, unsummed),
  ];
}

/** What the next reading goes on from: what is known now, or was last known of who was not seen. */
function followedOf({ followed, vanished, status, title, department, manager, startsOn, endsOn, unread }: FoundPerson): object {
  if (followed !== null) return vanished === null ? followed : { ...followed, status };
  const known = Object.entries({ status, title, department, manager, startsOn, endsOn });
  return Object.fromEntries(known.filter(([field]) => !Object.hasOwn(unread, field)));
}
