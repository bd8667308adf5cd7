import { z } from 'zod';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';

const Between = z.object({ from: z.string().nullable(), to: z.string() });
/** A person as the reading before had him. */
const FormerPerson = z
  .object({
    person: z.string(),
    name: z.string(),
    emails: z.array(z.string()),
    kind: z.enum(['employee', 'contractor', 'external']),
    /** What was last known of it, also where that reading could not say; what is not among it was never known. */
    followed: z.object({
      status: z.enum(['active', 'not-started', 'left']).optional(),
      title: z.string().nullable().optional(),
      department: z.string().nullable().optional(),
      manager: z.string().nullable().optional(),
      startsOn: z.string().nullable().optional(),
      endsOn: z.string().nullable().optional(),
    }),
    roster: z.string(),
    seen: z.string(),
    vanished: Between.nullable(),
  })
  .transform(({ followed, ...person }) => ({ ...person, ...followed, followed }));
export type FormerPerson = z.infer<typeof FormerPerson>;

const Move = z.object({
  kind: z.enum(['joiner', 'mover', 'leaver']),
  person: z.string(),
  name: z.string(),
  day: z.string().nullable(),
  at: z.string(),
  between: Between,
  changed: z.array(
    z.object({ field: z.enum(['department', 'title', 'manager']), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  takenBack: z.boolean(),
});
export type Move = z.infer<typeof Move>;

export interface FormerPeople {
  readonly persons: ReadonlyMap<string, FormerPerson>;
  readonly moves: readonly Move[];
  /** Why something of it could not be read. */
  readonly incomplete: GapReason | null;
}

/** People and what happened to them as the reading before had it: each reading is made of the one before and of what is new. */
export function formerPeople(input: Pick<DerivedInput, 'seen'>): FormerPeople {
  const of = (type: string) => input.seen.filter((seen) => seen.type === type).flatMap(({ resources }) => resources);
  const persons = of('entity.person').flatMap(({ fields }) => FormerPerson.safeParse(fields).data ?? []);
  const read = of('entity.move');
  const moves = read.flatMap(({ fields }) => Move.safeParse(fields).data ?? []);
  return {
    persons: new Map(persons.map((person) => [person.person, person])),
    moves,
    incomplete: persons.length < of('entity.person').length || moves.length < read.length ? 'malformed-reply' : null,
  };
}
