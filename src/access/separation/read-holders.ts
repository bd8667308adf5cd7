import { z } from 'zod';
import type { DerivedInput } from '../../model/derived.ts';
import type { ReadResource } from '../../model/resource.ts';
import type { HeldAccount, HeldPerson } from './access-view.ts';

export const accountType = 'entity.account';
export const personType = 'entity.person';

const AccountFields = z.looseObject({
  account: z.string(),
  system: z.string(),
  login: z.string(),
  kind: z.enum(['person', 'service-account', 'unresolved']),
  owner: z.string().nullable(),
  candidates: z.array(z.string()),
  sharedWith: z.array(z.string()).default([]),
  ownerPerson: z.looseObject({ id: z.string() }).nullable().optional(),
});
const PersonFields = z.looseObject({ person: z.string(), name: z.string(), emails: z.array(z.string()) });

/** Accounts with whose they are, and persons, as they were resolved. What does not read as an account is counted, never left out. */
export function readHolders(input: Pick<DerivedInput, 'seen'>): {
  readonly accounts: readonly HeldAccount[];
  readonly persons: readonly HeldPerson[];
  /** Accounts and persons of which too little could be read to say anything. */
  readonly unreadable: number;
} {
  const accounts = accountsRead.read(input);
  const persons = personsRead.read(input);
  return { accounts: accounts.sorted, persons: persons.sorted, unreadable: accounts.unreadable + persons.unreadable };
}

interface Reading<T> {
  readonly lists: readonly (readonly ReadResource[])[];
  readonly sorted: readonly T[];
  readonly unreadable: number;
}
/** Reads those of one type; the same reading again while the same lists are handed over. */
class TypeReader<T extends { readonly id: string }> {
  readonly #type: string;
  readonly #toHeld: (resource: ReadResource) => T | undefined;
  #last: Reading<T> | undefined;

  constructor(type: string, toHeld: (resource: ReadResource) => T | undefined) {
    this.#type = type;
    this.#toHeld = toHeld;
  }

  read({ seen }: Pick<DerivedInput, 'seen'>): Reading<T> {
    const lists = seen.filter(({ type }) => type === this.#type).map(({ resources }) => resources);
    const last = this.#last;
    if (last !== undefined && last.lists.length === lists.length && last.lists.every((list, index) => list === lists[index])) return last;
    const read = lists.flatMap((list) => list.map(this.#toHeld));
    const sorted = read.filter((one) => one !== undefined).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    this.#last = { lists, sorted, unreadable: read.length - sorted.length };
    return this.#last;
  }
}
const accountsRead = new TypeReader<HeldAccount>(accountType, toAccount);
const personsRead = new TypeReader<HeldPerson>(personType, ({ fields }) => {
  const read = PersonFields.safeParse(fields).data;
  return read === undefined ? undefined : { id: read.person, name: read.name, emails: read.emails };
});

function toAccount({ fields }: ReadResource): HeldAccount | undefined {
  const read = AccountFields.safeParse(fields);
  if (!read.success) return undefined;
  const { account, system, login, kind, owner, candidates, sharedWith, ownerPerson } = read.data;
  return {
    id: account,
    system,
    login,
    kind,
    owner,
    sharedWith,
    answeredBy: kind === 'service-account' ? (ownerPerson?.id ?? null) : null,
    candidates,
    // Whether it lets somebody in and was not read: then it may.
    closed: fields['live'] === false,
  };
}
