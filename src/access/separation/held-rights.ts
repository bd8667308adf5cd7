import type { Reached } from '../../model/access.ts';
import type { HeldAccount } from './access-view.ts';
import type { ConflictInput } from './find-conflicts.ts';
import type { Duty, SeparationSettings } from './settings.ts';

/** A person, a service account, or an account of nobody that is known; with all that is his. */
export interface Holder {
  readonly id: string;
  readonly kind: 'person' | 'service-account' | 'unresolved-account';
  readonly name: string;
  readonly accounts: readonly HeldAccount[];
}
/** Duty to the ways there; a duty that is not there he was not found to hold. */
export type Rights = ReadonlyMap<string, readonly Reached[]>;
/** The same object as at the last reading for as long as he is called the same, has the same accounts and reaches the same. */
export interface HeldRights {
  readonly holder: Holder;
  readonly rights: Rights;
}

/** What everybody holds of some duties, by id of the holder. Each pattern is asked once, however many duties name it. */
export function heldRights(input: ConflictInput, duties: readonly Duty[]): readonly HeldRights[] {
  const asked = askedOf(input, duties);
  return holdersOf(input).map((holder) => ({ holder, rights: rightsOf(holder, input, asked) }));
}

/** The same, and only whoever reaches something else than at the last reading under these settings is worked out again. */
export function heldRightsAgain(input: ConflictInput, duties: readonly Duty[]): readonly HeldRights[] {
  const asked = askedOf(input, duties);
  const { duties: keys } = asked;
  const registered = JSON.stringify([input.registered, [...keys]]);
  const last = latest.get(input.settings);
  const before = last?.registered === registered ? last : undefined;
  const changed = before === undefined ? new Set<string>() : changedAccounts(before.asked, asked);
  const held = new Map(
    holdersOf(input).map((holder) => {
      const known = before?.held.get(holder.id);
      const isSame = known !== undefined && isSameHolder(known.holder, holder) && !holder.accounts.some(({ id }) => changed.has(id));
      return [holder.id, isSame ? known : { holder, rights: rightsOf(holder, input, asked) }];
    }),
  );
  latest.set(input.settings, { asked, registered, held });
  return [...held.values()];
}
interface Latest {
  readonly asked: Asked;
  readonly registered: string;
  readonly held: ReadonlyMap<string, HeldRights>;
}
const latest = new WeakMap<SeparationSettings, Latest>();

interface Asked {
  readonly patterns: ReadonlyMap<string, Duty['anyOf'][number]>;
  /** Per duty the patterns that it names. */
  readonly duties: ReadonlyMap<string, readonly string[]>;
  /** Per pattern the accounts that reach it. */
  readonly reaching: ReadonlyMap<string, ReadonlyMap<string, readonly Reached[]>>;
}
function askedOf({ view }: ConflictInput, duties: readonly Duty[]): Asked {
  const patterns = new Map(duties.flatMap(({ anyOf }) => anyOf.map((pattern) => [JSON.stringify(pattern), pattern] as const)));
  return {
    patterns,
    duties: new Map(duties.map(({ id, anyOf }) => [id, anyOf.map((pattern) => JSON.stringify(pattern))])),
    reaching: new Map([...patterns].flatMap(([key, pattern]) => (pattern.system === 'proofline' ? [] : [[key, view.reaching(pattern)]]))),
  };
}

/** Accounts that reach a pattern by other ways than before, or no longer. */
function changedAccounts(before: Asked, now: Asked): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [key, reaching] of now.reaching) {
    const former = before.reaching.get(key);
    if (former === reaching) continue;
    for (const [account, ways] of reaching) if (former?.get(account) !== ways) changed.add(account);
    for (const account of former?.keys() ?? []) if (!reaching.has(account)) changed.add(account);
  }
  return changed;
}

const isSameHolder = (one: Holder, other: Holder) =>
  one.kind === other.kind &&
  one.name === other.name &&
  one.accounts.length === other.accounts.length &&
  one.accounts.every(({ id }, index) => id === other.accounts[index]?.id);

/** Every account is somebody's: of a person, of a service account, or of nobody that is known; then it stands for itself. */
function holdersOf({ accounts, persons, settings, registered }: ConflictInput): Holder[] {
  const names = new Map(persons.map(({ id, name }) => [id, name]));
  const open = accounts.filter(({ closed }) => !closed);
  const mine = new Map<string, HeldAccount[]>();
  for (const account of open.filter(({ kind }) => kind === 'person')) {
    for (const id of [...(account.owner === null ? [] : [account.owner]), ...account.sharedWith]) {
      const list = mine.get(id) ?? [];
      mine.set(id, list);
      list.push(account);
    }
  }
  const { operators = [], deciders: named = [], controlOwners = [] } = settings.tool ?? {};
  const inTool = [...operators, ...named, ...controlOwners.flatMap((owned) => owned.persons)];
  const people = [...new Set([...mine.keys(), ...inTool, ...registered.deciders, ...registered.controlOwners])].map(
    (id): Holder => ({ id, kind: 'person', name: names.get(id) ?? id, accounts: mine.get(id) ?? [] }),
  );
  const alone = open
    .filter(({ kind, owner }) => kind !== 'person' || owner === null)
    .map(
      (account): Holder => ({
        id: account.id,
        kind: account.kind === 'service-account' ? 'service-account' : 'unresolved-account',
        name: account.login,
        accounts: [account],
      }),
    );
  return [...people, ...alone].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function rightsOf(holder: Holder, { settings, registered }: ConflictInput, { patterns, duties, reaching }: Asked): Rights {
  const reached = new Map<string, readonly Reached[]>();
  for (const [key, pattern] of patterns) {
    const ways =
      pattern.system === 'proofline'
        ? toolRights(holder, pattern.permission, settings, registered)
        : holder.accounts.flatMap(({ id }) => reaching.get(key)?.get(id) ?? []);
    if (ways.length > 0) reached.set(key, ways);
  }
  const rights = new Map<string, readonly Reached[]>();
  for (const [duty, keys] of duties) {
    const ways = keys.flatMap((key) => reached.get(key) ?? []);
    if (ways.length > 0) rights.set(duty, ways);
  }
  return rights;
}

/** What somebody is in this tool: no system lists it, the separation file and the register of persons do. */
function toolRights(
  { id, kind }: Holder,
  permission: 'operate' | 'decide' | 'own-control',
  { tool }: SeparationSettings,
  registered: ConflictInput['registered'],
): Reached[] {
  if (kind !== 'person') return [];
  const way = (on: string | null, says: string): Reached => ({
    account: 'proofline',
    system: 'proofline',
    permission,
    on,
    path: [{ kind: 'administrator', id: 'proofline', name: 'Proofline', says }],
    notEvaluated: [],
  });
  if (permission === 'operate') {
    return tool?.operators.includes(id) === true ? [way(null, 'is named in the separation file as who runs this tool')] : [];
  }
  if (permission === 'own-control') {
    const named = (tool?.controlOwners ?? [])
      .filter(({ persons }) => persons.includes(id))
      .map(({ control }) => way(control, `is named in the separation file as owner of control ${control}`));
    return registered.controlOwners.includes(id) ? [...named, way(null, 'is registered here as an owner of controls')] : named;
  }
  if (registered.deciders.includes(id)) return [way(null, 'is registered here and may decide')];
  return tool?.deciders.includes(id) === true ? [way(null, 'is named in the separation file as who decides in this tool')] : [];
}
