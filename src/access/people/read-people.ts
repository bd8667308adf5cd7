import { z } from 'zod';
import type { Person } from '../../model/access.ts';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { inOrder } from './entity-people.ts';

/** A person as the entity's own dataset has him, for what is worked out after it. */
export interface KnownPerson extends Pick<Person, 'id' | 'name' | 'emails' | 'kind' | 'title' | 'department' | 'manager' | 'endsOn'> {
  readonly number: string;
  readonly status: Person['status'] | { readonly unknown: GapReason };
}
export interface KnownPeople {
  /** By id. */
  readonly persons: readonly KnownPerson[];
  /** Why there may be others; null: these are all. */
  readonly incomplete: GapReason | null;
}

const Text = z.string().nullable().default(null);
const Fields = z.object({
  person: z.string(),
  number: z.string(),
  name: z.string(),
  emails: z.array(z.string()),
  kind: z.enum(['employee', 'contractor', 'external']),
  status: z.enum(['active', 'not-started', 'left']).optional(),
  title: Text,
  department: Text,
  manager: Text,
  endsOn: Text,
});

export function readPeople(input: Pick<DerivedInput, 'seen' | 'missing'>): KnownPeople {
  const seen = input.seen.filter(({ type }) => type === 'entity.person');
  const missing = input.missing.find(({ type }) => type === 'entity.person')?.reason;
  let incomplete = missing ?? seen.find((one) => one.incomplete !== null)?.incomplete ?? (seen.length === 0 ? 'not-collected' : null);
  const persons = seen.flatMap(({ resources }) =>
    resources.flatMap(({ fields, unread }): KnownPerson[] => {
      const read = Fields.safeParse(fields);
      if (!read.success) {
        incomplete ??= 'malformed-reply';
        return [];
      }
      const { person: id, status, ...rest } = read.data;
      if (status === undefined) incomplete ??= unread['status'] ?? null;
      return [{ ...rest, id, status: status ?? { unknown: unread['status'] ?? 'malformed-reply' } }];
    }),
  );
  return { persons: inOrder(persons, ({ id }) => id), incomplete };
}
