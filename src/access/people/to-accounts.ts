import type { Account } from '../../model/access.ts';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import type { PeopleSettings } from '../../model/people-settings.ts';
import { type AccountRow, accountTypes, readAccountRows } from './account-rows.ts';
import { comparable } from './compare-names.ts';
import type { KnownPeople, KnownPerson } from './read-people.ts';
import { openResolving, type Resolution, type Resolving, resolveAccount } from './resolve-account.ts';
import { namesAccount, type RegisteredService } from './service-accounts.ts';

export interface FoundAccount extends Account {
  readonly tellsUse: boolean;
  readonly nature: 'ordinary' | 'root' | 'generic' | 'machine';
  readonly sharedWith: readonly string[];
  readonly ownerPerson: {
    readonly id: string;
    readonly name: string;
    readonly status: 'active' | 'not-started' | 'left';
    readonly endsOn: string | null;
  } | null;
  readonly service: Pick<RegisteredService, 'id' | 'purpose' | 'expires' | 'reviewed' | 'registered'> | null;
  /** ISO-8601 UTC: when its source was read. */
  readonly asOf: string;
  /** Fields of it that could not be known. */
  readonly unread: Readonly<Record<string, GapReason>>;
}
export interface FoundAccounts {
  /** By id; every account of every source, whoever it belongs to. */
  readonly accounts: readonly FoundAccount[];
  readonly systems: readonly {
    readonly system: string;
    readonly type: string;
    readonly read: number;
    readonly accounts: number;
    readonly joined: number;
  }[];
  /** Settings and decisions that lead nowhere, in words. */
  readonly problems: readonly string[];
  /** Types and members not seen whole; null: all were. */
  readonly incomplete: GapReason | null;
}

/** Whose every account is. As many come out as went in: what nobody can be named for is unresolved, with why. */
export function toAccounts(input: DerivedInput, settings: PeopleSettings, people: KnownPeople): FoundAccounts {
  const rows = readAccountRows(input);
  const byId = new Map(people.persons.map((person) => [person.id, person]));
  const context = openResolving(settings, input.decisions, people.persons);
  const former = formerOwners(input);
  const idp = rows.filter(({ type }) => type === 'idp.user');
  const found = new Map<string, Resolution>(idp.map((row) => [row.id, resolveAccount(row, { ...context, identities: null })]));
  const identities = idp.length === 0 && input.notConnected.includes('idp.user') ? null : identitiesOf(idp, found);
  for (const row of rows) if (!found.has(row.id)) found.set(row.id, resolveAccount(row, { ...context, identities }));
  const accounts = rows.map((row) => accountOf(row, found.get(row.id) as Resolution, byId, former.get(row.id), people.incomplete));
  const seen = input.seen.filter(({ type }) => accountTypes.some((known) => known === type));
  const gap =
    seen.find(({ incomplete }) => incomplete !== null)?.incomplete ??
    input.missing.find(({ type }) => accountTypes.some((known) => known === type))?.reason ??
    null;
  return {
    accounts,
    systems: [...Map.groupBy(seen, ({ type, member }) => `${member} ${type}`).values()].map((of) => {
      const [{ type, member }] = of as [(typeof of)[number]];
      const read = of.reduce((sum, { resources }) => sum + resources.length, 0);
      const own = rows.filter((row) => row.system === member && row.type === type).length;
      return { system: member, type, read, accounts: own, joined: read - own };
    }),
    problems: deadEnds(settings, context, rows, gap === null),
    incomplete: gap ?? people.incomplete,
  };
}

function identitiesOf(idp: readonly AccountRow[], found: ReadonlyMap<string, Resolution>): NonNullable<Resolving['identities']> {
  const identities = new Map<string, { id: string; found: Resolution }[]>();
  for (const row of idp) {
    const resolution = found.get(row.id);
    if (resolution === undefined) continue;
    for (const name of new Set([comparable(row.login), ...row.emails.map(({ address }) => address)])) {
      identities.set(name, [...(identities.get(name) ?? []), { id: row.id, found: resolution }]);
    }
  }
  return identities;
}

function accountOf(
  row: AccountRow,
  { kind, owner, linkedBy, reason, candidates, sharedWith, isGeneric, service }: Resolution,
  persons: ReadonlyMap<string, KnownPerson>,
  former: string | undefined,
  incomplete: GapReason | null,
): FoundAccount {
  const unread: Record<string, GapReason> = {};
  if (typeof row.live === 'object') unread['live'] = row.live.unknown;
  const lastUsed = row.lastUsed !== null && typeof row.lastUsed === 'object' ? null : row.lastUsed;
  if (row.lastUsed !== null && typeof row.lastUsed === 'object') unread['lastUsed'] = row.lastUsed.unknown;
  // Whose it is may stand on what of the rosters nobody has seen.
  if (kind === 'unresolved' && incomplete !== null) {
    unread['kind'] = incomplete;
    unread['owner'] = incomplete;
  }
  const personId = kind === 'person' ? owner : (service?.owner ?? null);
  const person = personId === null ? undefined : persons.get(personId);
  if (typeof person?.status === 'object') unread['ownerPerson'] = person.status.unknown;
  if (personId !== null && person === undefined && incomplete !== null) unread['ownerPerson'] = incomplete;
  const changed = former !== undefined && former !== owner ? `; at the reading before it was known as ${former}'s` : '';
  return {
    id: row.id,
    system: row.system,
    type: row.type,
    login: row.login,
    emails: row.emails.map(({ address }) => address),
    kind,
    owner,
    linkedBy,
    reason: `${reason}${changed}`,
    candidates,
    live: row.live,
    lastUsed,
    tellsUse: row.tellsUse,
    nature: row.nature === 'ordinary' && isGeneric ? 'generic' : row.nature,
    sharedWith,
    ownerPerson:
      person === undefined || typeof person.status === 'object'
        ? null
        : { id: person.id, name: person.name, status: person.status, endsOn: person.endsOn },
    service: service === null ? null : registeredOf(service),
    asOf: row.asOf,
    unread,
  };
}

function registeredOf({ id, purpose, expires, reviewed, registered }: RegisteredService): NonNullable<FoundAccount['service']> {
  return { id, purpose, expires, reviewed, registered };
}

/** Account -> owner, as the reading before had it. */
function formerOwners({ seen }: DerivedInput): ReadonlyMap<string, string> {
  const former = seen.filter(({ type }) => type === 'entity.account').flatMap(({ resources }) => resources);
  return new Map(
    former.flatMap(({ fields: { account, owner } }) =>
      typeof account === 'string' && typeof owner === 'string' ? [[account, owner] as const] : [],
    ),
  );
}

/** Links and registrations that name nothing there is. What no account fits may be in a list that was not seen whole. */
function deadEnds(
  settings: PeopleSettings,
  { services, persons }: Pick<Resolving, 'services' | 'persons'>,
  rows: readonly AccountRow[],
  whole: boolean,
): string[] {
  const fits = (pattern: string) => rows.some((row) => namesAccount(pattern, row));
  // Bots are in no list of accounts: one that is registered is known by what it did.
  const none = (pattern: string) => whole && !pattern.startsWith('github.bot:') && !fits(pattern);
  return [
    ...settings.links.flatMap(({ account, person }) => [
      ...(none(account) ? [`the settings link ${account}, and there is no such account`] : []),
      ...(persons.has(person) ? [] : [`the settings link ${account} to ${person}, who is on no roster`]),
    ]),
    ...services.flatMap(({ id, accounts, owner, registered }) => [
      ...accounts.filter(none).map((pattern) => `the service account ${id} (${registered}) names ${pattern}, and there is no such account`),
      ...(persons.has(owner) ? [] : [`the service account ${id} (${registered}) is owned by ${owner}, who is on no roster`]),
    ]),
    ...settings.operators.flatMap((person) =>
      persons.has(person) ? [] : [`the settings name ${person} an operator, who is on no roster`],
    ),
  ];
}
