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
  let unreadable = 0;
  const accounts = resourcesOf(input, accountType).flatMap((resource) => {
    const account = toAccount(resource);
    if (account === undefined) unreadable += 1;
    return account ?? [];
  });
  const persons = resourcesOf(input, personType).flatMap(({ fields }) => {
    const read = PersonFields.safeParse(fields);
    if (!read.success) unreadable += 1;
    return read.success ? [{ id: read.data.person, name: read.data.name, emails: read.data.emails }] : [];
  });
  return { accounts: accounts.sort(byId), persons: persons.sort(byId), unreadable };
}

/** Everything that was seen of a type, in no particular order. */
export function resourcesOf({ seen }: Pick<DerivedInput, 'seen'>, type: string): readonly ReadResource[] {
  return seen.filter((one) => one.type === type).flatMap(({ resources }) => resources);
}

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

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
