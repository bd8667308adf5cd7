import type { Account, linkReasons } from '../../model/access.ts';
import { notAuthenticated, type RecordedDecision } from '../../model/decision.ts';
import type { PeopleSettings } from '../../model/people-settings.ts';
import type { AccountRow } from './account-rows.ts';
import { comparable, domainOf, isGenericName, localPart, mixesScripts } from './compare-names.ts';
import { loginsOf, rulesFor } from './naming-rules.ts';
import { counts, namesAccount, type RegisteredService, registeredServices } from './service-accounts.ts';

type LinkReason = (typeof linkReasons)[number];
type KnownPerson = { readonly id: string; readonly number: string; readonly name: string; readonly emails: readonly string[] };

export interface Resolution extends Pick<Account, 'kind' | 'owner' | 'linkedBy' | 'reason' | 'candidates'> {
  /** Further persons it was linked to by the same rule: a login of several. */
  readonly sharedWith: readonly string[];
  readonly isGeneric: boolean;
  readonly service: RegisteredService | null;
  /** Persons whom a later rule would have named, or among whom a rule left it open. */
  readonly others: readonly string[];
}

/** What one rule says: one person or service decides, several leave it open, `stop` leaves it open whatever later rules say. */
interface Named {
  readonly by: LinkReason;
  readonly persons: readonly string[];
  readonly services: readonly RegisteredService[];
  readonly says: string;
  readonly stop?: boolean;
}

export interface Resolving {
  readonly settings: PeopleSettings;
  readonly services: readonly RegisteredService[];
  readonly persons: ReadonlyMap<string, KnownPerson>;
  readonly byAddress: ReadonlyMap<string, readonly string[]>;
  readonly byNumber: ReadonlyMap<string, readonly string[]>;
  /** The latest link of each account. */
  readonly links: ReadonlyMap<string, RecordedDecision>;
  /** Naming rule -> login -> persons. */
  readonly logins: Map<string, ReadonlyMap<string, readonly string[]>>;
  /** Comparable login or address at the identity provider -> what was found of that account. Null: none is connected. */
  readonly identities: ReadonlyMap<string, readonly { readonly id: string; readonly found: Resolution }[]> | null;
}

export function openResolving(
  settings: PeopleSettings,
  decisions: readonly RecordedDecision[],
  persons: readonly KnownPerson[],
): Omit<Resolving, 'identities'> {
  const links = new Map<string, RecordedDecision>();
  for (const decision of decisions) {
    if (decision.payload.type === 'link-account' && counts(decision)) links.set(decision.payload.link.account, decision);
  }
  return {
    settings,
    services: registeredServices(settings, decisions),
    persons: new Map(persons.map((person) => [person.id, person])),
    byAddress: gather(persons, ({ emails }) => emails.map(comparable)),
    byNumber: gather(persons, ({ number }) => [number]),
    links,
    logins: new Map(),
  };
}

/**
 * Whose an account is: what a person decided, what the settings link or register, an address somebody vouches for, the identity it signs in
 * with, how logins are made of names; the first that says one decides, and several stay several.
 */
export function resolveAccount(row: AccountRow, context: Resolving): Resolution {
  const isGeneric = row.nature === 'machine' || isGenericName(row.login, context.settings.shared);
  const named = [override(row, context), explicitLink(row, context, isGeneric)];
  // What a rule makes of a name that nobody has to himself would be somebody by chance.
  if (!isGeneric && row.nature === 'ordinary')
    named.push(verifiedEmail(row, context), singleSignOn(row, context), namingRule(row, context));
  const [first, ...later] = named.filter((one) => one !== null);
  const base = { sharedWith: [], isGeneric, service: null, others: [] };
  if (first === undefined) return { ...base, ...unresolved(whyNobody(row, context, isGeneric), guesses(row, context)) };
  const [person] = first.persons;
  const [service] = first.services;
  if (first.persons.length + first.services.length !== 1 || first.stop === true) {
    const sharedWith = first.persons.length > 1 && first.by === 'explicit-link' ? first.persons : [];
    return { ...base, ...unresolved(first.says, first.persons), sharedWith, others: first.persons };
  }
  if (service !== undefined) {
    return { ...base, kind: 'service-account', owner: service.id, linkedBy: first.by, reason: first.says, candidates: [], service };
  }
  const contradicting = later.filter(({ persons }) => persons.some((one) => one !== person));
  const others = [...new Set(contradicting.flatMap(({ persons }) => persons))].filter((one) => one !== person).sort();
  const aside = contradicting.map(({ says }) => `; against that, ${says}`).join('');
  return { ...base, kind: 'person', owner: person ?? null, linkedBy: first.by, reason: `${first.says}${aside}`, candidates: [], others };
}

function unresolved(reason: string, candidates: readonly string[]) {
  return { kind: 'unresolved' as const, owner: null, linkedBy: null, reason, candidates: [...candidates] };
}

function override({ id }: AccountRow, { links, persons, services }: Resolving): Named | null {
  const decision = links.get(id);
  if (decision?.payload.type !== 'link-account') return null;
  const { actor, index, reason, payload } = decision;
  const who = `${actor.name}${actor.person === null ? ` (${notAuthenticated})` : ''}`;
  const { to } = payload.link;
  const named = { by: 'override' as const, persons: [], services: [] };
  if (to.kind === 'nobody')
    return { ...named, stop: true, says: `${who} decided that it is nobody's who is known: ${reason} (decision ${index})` };
  if (to.kind === 'person') {
    const says = `${who} decided that it is ${to.person}'s: ${reason} (decision ${index})`;
    return persons.has(to.person)
      ? { ...named, persons: [to.person], says }
      : { ...named, stop: true, says: `${says}, but nobody on a roster is ${to.person}` };
  }
  const service = services.find((one) => one.id === to.serviceAccount);
  const says = `${who} decided that it is the service account ${to.serviceAccount}: ${reason} (decision ${index})`;
  return service === undefined
    ? { ...named, stop: true, says: `${says}, which is not registered` }
    : { ...named, services: [service], says };
}

function explicitLink(row: AccountRow, { settings, services, persons, byNumber }: Resolving, isGeneric: boolean): Named | null {
  const by = 'explicit-link' as const;
  const links = settings.links.filter(({ account }) => namesAccount(account, row));
  const registered = services.filter(({ accounts }) => accounts.some((pattern) => namesAccount(pattern, row)));
  const linked = [...new Set(links.map(({ person }) => person))].sort();
  const says = [
    ...links.map(({ person, because }) => `the settings link it to ${person}: ${because}`),
    ...registered.map(
      ({ id, registered: where }) =>
        `${where === 'settings' ? 'the settings register' : `${where} registers`} it as the service account ${id}`,
    ),
  ].join(', and ');
  if (linked.length + registered.length > 0) {
    const unknown = linked.filter((person) => !persons.has(person));
    if (unknown.length > 0)
      return { by, persons: [], services: [], stop: true, says: `${says}, but nobody on a roster is ${unknown.join(', ')}` };
    if (linked.length > 0 && (isGeneric || row.nature !== 'ordinary')) {
      const name = row.nature === 'root' ? 'the root user' : `"${row.login}"`;
      return { by, persons: linked, services: [], stop: true, says: `${says}, but ${name} is no person: register it as a service account` };
    }
    return { by, persons: linked, services: registered, says };
  }
  const numbered = row.number === null ? [] : (byNumber.get(row.number) ?? []);
  if (numbered.length === 0 || isGeneric || row.nature !== 'ordinary') return null;
  const of = numbered.length === 1 ? `which is ${numbered[0]}'s` : `which could be any of ${numbered.join(', ')}`;
  return { by, persons: numbered, services: [], says: `its source has the number ${row.number} for it, ${of}` };
}

function verifiedEmail({ emails }: AccountRow, { settings, byAddress }: Resolving): Named | null {
  const vouched = emails.flatMap(({ address, verified }) => {
    const persons = byAddress.get(address) ?? [];
    const owned = settings.emailDomains.includes(domainOf(address) ?? '');
    return persons.length > 0 && (verified || owned)
      ? [{ address, persons, how: verified ? 'which its source verified' : 'in a domain of the company' }]
      : [];
  });
  const persons = [...new Set(vouched.flatMap((one) => one.persons))].sort();
  if (persons.length === 0) return null;
  const says = vouched
    .map(({ address, persons: of, how }) => `its address ${address}, ${how}, is that of ${of.join(' and of ')}`)
    .join(', and ');
  return { by: 'verified-email', persons, services: [], says };
}

function singleSignOn({ identity }: AccountRow, { identities, byAddress }: Resolving): Named | null {
  if (identity === null) return null;
  const by = 'sso-identity' as const;
  if (identities === null) {
    const persons = byAddress.get(identity) ?? [];
    if (persons.length === 0) return null;
    return {
      by,
      persons,
      services: [],
      says: `an identity provider made it and signs it in as ${identity}, the address of ${persons.join(' and of ')}`,
    };
  }
  // Whose the identity could be, this could be too.
  const at = identities.get(identity) ?? [];
  const persons = [
    ...new Set(at.flatMap(({ found }) => (found.kind === 'person' && found.owner !== null ? [found.owner] : found.others))),
  ].sort();
  if (persons.length === 0) return null;
  const against = [...new Set(at.flatMap(({ found }) => found.others))].filter((one) => !persons.includes(one)).sort();
  const aside = against.length === 0 ? '' : ` (which could also be that of ${against.join(', ')})`;
  const says = `it signs in as ${identity} at the identity provider, the account of ${persons.join(' or of ')}${aside}`;
  return { by, persons, services: [], says };
}

function namingRule(row: AccountRow, { settings, persons, logins }: Resolving): Named | null {
  const login = comparable(row.login);
  const name = localPart(login);
  const found = rulesFor(settings, row).flatMap((rule) => {
    const made = logins.get(rule) ?? gather([...persons.values()], (person) => loginsOf(rule, person));
    logins.set(rule, made);
    const named = [...new Set([...(made.get(login) ?? []), ...(made.get(name) ?? [])])];
    return named.length === 0 ? [] : [{ rule, named }];
  });
  const named = [...new Set(found.flatMap((one) => one.named))].sort();
  if (named.length === 0) return null;
  const rules = found.map(({ rule, named: of }) => `${rule} makes its login of the name of ${of.join(' and of ')}`).join(', and ');
  return { by: 'naming-rule', persons: named, services: [], says: `the naming rule ${rules}` };
}

function whyNobody(row: AccountRow, context: Resolving, isGeneric: boolean): string {
  if (row.nature === 'root') return 'the root user is no person: register it as a service account with an owner';
  if (row.nature === 'machine') return 'its source says it is a machine: register it as a service account with an owner';
  if (isGeneric) return `"${row.login}" is a name nobody has to himself: register it as a service account with an owner`;
  const strange = mixesScripts(row.login) ? '; its name mixes letters of several scripts and looks like another' : '';
  const [guess] = guesses(row, context);
  const unvouched =
    guess === undefined ? '' : `; its address is that of ${guesses(row, context).join(' and of ')}, and nobody vouches for it`;
  return `no decision, link, verified address, identity or naming rule names anybody${unvouched}${strange}`;
}
/** Persons whose address it has, though nobody vouches for it: a hint, and no more. */
function guesses({ emails, nature }: AccountRow, { byAddress }: Resolving): string[] {
  if (nature !== 'ordinary') return [];
  return [...new Set(emails.flatMap(({ address }) => byAddress.get(address) ?? []))].sort();
}

function gather<T extends { readonly id: string }>(
  list: readonly T[],
  keys: (one: T) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const one of list) {
    for (const key of new Set(keys(one))) {
      const ids = found.get(key);
      if (ids === undefined) found.set(key, [one.id]);
      else ids.push(one.id);
    }
  }
  for (const ids of found.values()) ids.sort();
  return found;
}
