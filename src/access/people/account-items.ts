import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { type DerivedItem, derivedItem } from './derived-item.ts';
import { peopleSettings } from './entity-people.ts';
import { findLeavers, type Leaver } from './find-leavers.ts';
import { type KnownPeople, readPeople } from './read-people.ts';
import { type FoundAccounts, toAccounts } from './to-accounts.ts';

/** Every account with whose it is, everybody who left with what became of his accounts, and all of it together, as they are sealed. */
export function accountItems(input: DerivedInput): DerivedItem[] {
  const settings = peopleSettings(input);
  if (settings === null) return [];
  const people = readPeople(input);
  const found = toAccounts(input, settings, people);
  return [
    ...found.accounts.map(({ id, unread, ...fields }) => derivedItem('account', id, { account: id, ...fields }, unread)),
    ...findLeavers(input, found.accounts).map(({ id, ...fields }) =>
      derivedItem('leaver', id, { ...fields, followed: { accounts: fields.accounts, uses: fields.uses } }, unknownOf(fields)),
    ),
    derivedItem('accounts', 'all', ...together(input, found, people)),
  ];
}

/** What is live is known for what it is; that none is live is known only when every one of them is. */
function unknownOf({ accounts, uses }: Pick<Leaver, 'accounts' | 'uses'>): Record<string, GapReason> {
  const isOpen = accounts.some(({ state }) => state === 'unknown') && !accounts.some(({ state }) => state === 'live');
  const isUntold = uses.some(({ used }) => used === 'unknown') && !uses.some(({ used }) => used === 'after');
  return { ...(isOpen ? { accounts: 'not-collected' as const } : {}), ...(isUntold ? { uses: 'not-collected' as const } : {}) };
}

function together(
  input: DerivedInput,
  { accounts, systems, problems, incomplete }: FoundAccounts,
  people: KnownPeople,
): [object, Record<string, GapReason>] {
  const identities = accounts.filter(({ type }) => type === 'idp.user');
  const withIdentity = new Set(identities.flatMap(({ owner, kind }) => (kind === 'person' && owner !== null ? [owner] : [])));
  const active = people.persons.filter(({ status }) => status === 'active');
  const isConnected = !input.notConnected.includes('idp.user');
  const fields = {
    systems,
    persons: accounts.filter(({ kind }) => kind === 'person').length,
    serviceAccounts: accounts.filter(({ kind }) => kind === 'service-account').length,
    unresolved: accounts.filter(({ kind }) => kind === 'unresolved').map(({ id, login }) => `${login} (${id})`),
    withoutIdentity: isConnected ? active.filter(({ id }) => !withIdentity.has(id)).map(({ id, name }) => `${name} (${id})`) : null,
    identitiesWithoutPerson: identities
      .filter(({ kind, live }) => kind === 'unresolved' && live === true)
      .map(({ login, id }) => `${login} (${id})`),
    problems,
  };
  if (incomplete === null) return [fields, {}];
  // Of lists that were not seen whole nothing is summed.
  return [fields, Object.fromEntries(Object.keys(fields).map((field) => [field, incomplete]))];
}
