import type { Hop, PermissionPattern, Reached } from '../../model/access.ts';
import { type GapReason, gapReasons } from '../../model/completeness.ts';
import { resourcePoliciesOf } from '../policy/resource-policies.ts';
import { matchesWildcard } from '../policy/wildcard.ts';
import type { AccessView, HeldAccount, HeldPerson, Sight, Unseen } from './access-view.ts';
import { type HeldRights, type Holder, heldRights, heldRightsAgain, type Rights } from './held-rights.ts';
import type { SeparationSettings, SettledDuty, SettledRule } from './settings.ts';

/** Of the ways to one duty that many are kept where there is a conflict, otherwise the shortest; the others are counted. */
const mostPaths = 5;

export interface HeldDuty {
  readonly duty: string;
  readonly title: string;
  /** How many ways there are; the shortest of them follow. */
  readonly count: number;
  readonly paths: readonly {
    readonly account: string;
    readonly system: string;
    readonly permission: string;
    readonly on: string | null;
    readonly path: readonly Hop[];
  }[];
}
/** What one rule comes to for one person, or for an account that is not known to be one person's. */
export interface Separation {
  readonly rule: string;
  /** Id of the person, or of the account. */
  readonly holder: string;
  readonly kind: Holder['kind'];
  readonly name: string;
  readonly holds: readonly HeldDuty[];
  /** Both duties in one scope; a reason: that cannot be told. */
  readonly conflict: boolean | { readonly unknown: GapReason };
  /** What could only narrow what he may do and was not evaluated, and what was not counted. */
  readonly notEvaluated: readonly string[];
  /** Where the duty that he was not found to hold could still be. */
  readonly unseen: readonly string[];
}
/** What one rule came to over everybody. */
export interface RuleOutcome {
  readonly rule: string;
  readonly separations: readonly Separation[];
  /** Duties about nothing that anything reads, in words. */
  readonly notConnected: readonly string[];
  readonly notSeenWhole: readonly string[];
  /** The worst reason of what was not seen whole. */
  readonly gap: GapReason | null;
}

export interface ConflictInput {
  readonly settings: SeparationSettings;
  readonly accounts: readonly HeldAccount[];
  readonly persons: readonly HeldPerson[];
  readonly view: AccessView;
  readonly sight: Sight;
  /** Roles that somebody has in a table of users. Absent: they are not looked at. */
  readonly rolesIn?: (table: string) => readonly string[];
  /** Persons of the roster whom the register of this tool has: who decides in it, and who owns controls. */
  readonly registered: { readonly deciders: readonly string[]; readonly controlOwners: readonly string[] };
}

/** Who holds a duty: ids of persons and of accounts. */
export function holdersOfDuty(input: ConflictInput, duty: string): { readonly holders: ReadonlySet<string>; readonly isWhole: boolean } {
  const wanted = input.settings.duties.find(({ id }) => id === duty);
  if (wanted === undefined) return { holders: new Set(), isWhole: false };
  const held = heldRights(input, [wanted]).filter(({ rights }) => rights.has(duty));
  return {
    holders: new Set(held.flatMap(({ holder: { id, accounts } }) => [id, ...accounts.map((account) => account.id)])),
    isWhole: wanted.anyOf.every((pattern) => input.sight(pattern).length === 0),
  };
}

/**
 * Who can do what no one person may be able to do. A conflict that was found stands whatever else is unknown; that none was found is only
 * said where everything that could hold the missing duty was seen whole. What a rule comes to for somebody is the same object as at the last
 * reading where all that it is made of is.
 */
export function findConflicts(input: ConflictInput): readonly RuleOutcome[] {
  const { settings, sight, rolesIn } = input;
  const duties = new Map(settings.duties.map((duty) => [duty.id, duty]));
  const used = new Set(settings.rules.filter(({ canDo }) => canDo).flatMap(({ allOf }) => allOf));
  const everybody = heldRightsAgain(input, [...settings.duties.filter(({ id }) => used.has(id)), signingInAsOthers]);
  const held = new Map(everybody.map(({ holder, rights }) => [holder.id, rights]));
  const somebody = everybody.filter(({ rights }) => rights.size > 0);
  const near = accountsNear(input.accounts);
  return settings.rules
    .filter(({ canDo }) => canDo)
    .map((rule) => {
      const pair = rule.allOf.map((id) => duties.get(id)).filter((duty) => duty !== undefined);
      const sights = new Map(pair.map((duty) => [duty.id, sightOf(duty, sight, rolesIn)]));
      const seen = JSON.stringify([...sights]);
      const separations = somebody
        .filter(({ rights }) => pair.some(({ id }) => rights.has(id)))
        .map((one) => separationAgain(one, rule, seen, near, () => separationOf(rule, pair, one, { settings, held, sights, near })));
      const all = [...sights.values()];
      const partial = all.flatMap(({ whole }) => whole);
      return {
        rule: rule.id,
        separations,
        notConnected: distinct(all.flatMap(({ blind }) => blind.map(({ what }) => what))),
        notSeenWhole: distinct(partial.map(wordsOf)),
        gap: worstOf(partial),
      };
    });
}

interface DutySight {
  /** Seen, and not whole. */
  readonly whole: readonly Unseen[];
  /** Nothing reads it. */
  readonly blind: readonly Unseen[];
  /** Nothing reads any of what the duty is about. */
  readonly isBlind: boolean;
  /** Policies of what the duty is over, which say for themselves whom they let in and are not evaluated. */
  readonly resourcePolicies: readonly string[];
  /** Systems of it that an identity provider may sign people in to, by a way that is not followed. */
  readonly signedInto: readonly string[];
}
function sightOf({ anyOf, assumed }: SettledDuty, sight: Sight, rolesIn: ConflictInput['rolesIn']): DutySight {
  const seen = anyOf.map((pattern) => ({ pattern, unseen: sight(pattern) }));
  const roles =
    assumed === true && rolesIn !== undefined ? seen.flatMap(({ pattern, unseen }) => absentRoles(pattern, unseen, rolesIn)) : [];
  // Where one table has a role of the duty, others need not.
  const strange = roles.every(({ absent }) => absent)
    ? new Map(roles.map(({ pattern, what }) => [pattern, what]))
    : new Map<unknown, string>();
  const perPattern = seen.map(({ pattern, unseen }): readonly Unseen[] => {
    const what = strange.get(pattern);
    return what === undefined ? unseen : [...unseen, { what, reason: null }];
  });
  const unseen = perPattern.flat();
  return {
    whole: unseen.filter(({ reason }) => reason !== null),
    blind: unseen.filter(({ reason }) => reason === null),
    isBlind: perPattern.every((found) => found.some(({ reason }) => reason === null)),
    resourcePolicies: seen.flatMap(({ pattern, unseen: missing }) =>
      pattern.system === 'aws' && missing.every(({ reason }) => reason !== null) ? resourcePoliciesOf(pattern.actions) : [],
    ),
    signedInto: seen.flatMap(({ pattern, unseen: missing }) => {
      if (missing.some(({ reason }) => reason === null)) return [];
      return pattern.system === 'github' ? 'github' : pattern.system === 'application' ? `table ${pattern.table}` : [];
    }),
  };
}

type HeldBy = ReadonlyMap<string, Rights>;

/**
 * What a rule came to for somebody at an earlier reading, if nothing that it is made of is another. With whom an account of nobody could be, or
 * who answers for a service account, others count too: that is worked out each time.
 * @param seen what was seen of both duties, as text
 */
function separationAgain(held: HeldRights, rule: SettledRule, seen: string, near: Near, make: () => Separation): Separation {
  const { id } = held.holder;
  if (near.couldBe.has(id) || near.answered.has(id)) return make();
  const ofRules = known.get(held) ?? new Map<string, Known>();
  known.set(held, ofRules);
  const before = ofRules.get(rule.id);
  if (before?.rule === rule && before.seen === seen) return before.separation;
  const separation = make();
  ofRules.set(rule.id, { rule, seen, separation });
  return separation;
}
interface Known {
  readonly rule: SettledRule;
  readonly seen: string;
  readonly separation: Separation;
}
const known = new WeakMap<HeldRights, Map<string, Known>>();

/** Of a table that is read, whether anybody has one of the roles. Who has none of a guessed name may have the right under another. */
function absentRoles(pattern: PermissionPattern, unseen: readonly Unseen[], rolesIn: (table: string) => readonly string[]) {
  if (pattern.system !== 'application' || unseen.some(({ reason }) => reason === null)) return [];
  const { table, roles } = pattern;
  const known = distinct(rolesIn(table));
  const absent = !known.some((role) => roles.some((name) => matchesWildcard(name, role)));
  const has = known.length === 0 ? 'no role' : `${known.slice(0, mostRoles).join(', ')}${known.length > mostRoles ? ', ...' : ''}`;
  return [{ pattern, absent, what: `table ${table} with ${roles.join(', ')} as a role (it has ${has})` }];
}
const mostRoles = 12;

/** Of somebody who holds at least one of the duties. */
function separationOf(
  rule: SettledRule,
  pair: readonly SettledDuty[],
  { holder, rights }: HeldRights,
  {
    settings,
    held,
    sights,
    near,
  }: {
    readonly settings: SeparationSettings;
    readonly held: HeldBy;
    readonly sights: ReadonlyMap<string, DutySight>;
    readonly near: Near;
  },
): Separation {
  const found = pair.map((duty) => ({ duty, ways: rights.get(duty.id) ?? [] }));
  const [one, other] = found;
  const overlap = one === undefined || other === undefined ? false : overlaps(rule, one.ways, other.ways, settings);
  // In different scopes each of the two could still be held where the other one is.
  const missing = found.filter(({ ways }) => ways.length === 0);
  const open = missing.length > 0 ? missing : found;
  const reasons = overlap ? [] : open.flatMap(({ duty }) => whyOpen(duty, sights.get(duty.id)));
  const mine = overlap ? [] : borrowed(holder, open, near, held);
  const gap = worstOf([...reasons, ...mine]);
  const ways = found.flatMap((side) => side.ways);
  return {
    rule: rule.id,
    holder: holder.id,
    kind: holder.kind,
    name: holder.name,
    holds: found.filter((side) => side.ways.length > 0).map(({ duty, ways: to }) => heldDuty(duty, to, overlap ? mostPaths : 1)),
    conflict: overlap ? true : gap === null ? false : { unknown: gap },
    notEvaluated: distinct([
      ...ways.flatMap(({ notEvaluated }) => notEvaluated),
      ...services(holder, near),
      ...pair.flatMap((duty) => sights.get(duty.id)?.resourcePolicies ?? []),
      ...(overlap || !rights.has(signingInAsOthers.id) ? [] : signOns(open, sights)),
      ...open.flatMap(({ duty }) => sights.get(duty.id)?.blind ?? []).map(wordsOf),
    ]),
    unseen: distinct([...reasons, ...mine].map(wordsOf)),
  };
}

function whyOpen(duty: SettledDuty, seen: DutySight | undefined): Unseen[] {
  if (seen === undefined) return [];
  // Some of what the duty is about being read nowhere is said; all of it leaves the question open.
  const blind = seen.isBlind ? seen.blind.map(({ what }): Unseen => ({ what: `${what} (${duty.title})`, reason: 'not-collected' })) : [];
  return [...seen.whole, ...blind];
}

/** Open accounts that are nobody's and could be a person's, and service accounts that he answers for, by person. */
interface Near {
  readonly couldBe: ReadonlyMap<string, readonly HeldAccount[]>;
  readonly answered: ReadonlyMap<string, readonly HeldAccount[]>;
}
function accountsNear(accounts: readonly HeldAccount[]): Near {
  const couldBe = new Map<string, HeldAccount[]>();
  const answered = new Map<string, HeldAccount[]>();
  const add = (map: Map<string, HeldAccount[]>, person: string, account: HeldAccount) => {
    const list = map.get(person) ?? [];
    map.set(person, list);
    list.push(account);
  };
  for (const account of accounts.filter(({ closed }) => !closed)) {
    if (account.kind === 'unresolved') for (const person of new Set(account.candidates)) add(couldBe, person, account);
    if (account.kind === 'service-account' && account.answeredBy !== null) add(answered, account.answeredBy, account);
  }
  return { couldBe, answered };
}

/** Accounts that could be his and hold what he was not found to hold; an account of nobody could be anybody's. */
function borrowed(holder: Holder, open: readonly { readonly duty: SettledDuty }[], { couldBe }: Near, held: HeldBy): Unseen[] {
  if (holder.kind === 'service-account') return [];
  if (holder.kind === 'unresolved-account') return [{ what: `whose ${holder.name} is`, reason: 'not-collected' }];
  return (couldBe.get(holder.id) ?? [])
    .filter(({ id }) => open.some(({ duty }) => (held.get(id)?.get(duty.id)?.length ?? 0) > 0))
    .map(({ login, system }) => ({ what: `whether ${login} of ${system} is his`, reason: 'not-collected' as const }));
}

/** A service account is judged by itself; that he who answers for it may be able to use it is said with him. */
function services({ id, kind }: Holder, { answered }: Near): string[] {
  if (kind !== 'person') return [];
  return (answered.get(id) ?? []).map(
    ({ login }) => `what the service account ${login} may do, for which he answers, is counted as its own`,
  );
}

/** Asked of everybody beside the duties of rules; no duty of a file can be called so. */
const signingInAsOthers: SettledDuty = {
  id: '-signs-in-as-others',
  title: 'reset second factors of others',
  anyOf: [{ system: 'idp', permission: 'reset-factor' }],
  acts: [],
};
/**
 * Who can sign in as others at the identity provider can do so wherever it signs people in. Into Identity Center that way is followed; no source
 * tells of other systems whether they let in whom it vouches for.
 */
function signOns(open: readonly { readonly duty: SettledDuty }[], sights: ReadonlyMap<string, DutySight>): string[] {
  return open
    .flatMap(({ duty }) => sights.get(duty.id)?.signedInto ?? [])
    .map((what) => `as whom else he can sign in to ${what}, by the identity provider whose factors he can reset`);
}

/** Whether some way to the one duty and some way to the other lie in one scope. */
function overlaps(
  { scope }: SettledRule,
  one: readonly Reached[],
  other: readonly Reached[],
  { processes, duties }: SeparationSettings,
): boolean {
  if (one.length === 0 || other.length === 0) return false;
  switch (scope) {
    case 'any':
      return true;
    case 'sameSystem': {
      const systems = new Set(one.map(({ system }) => system));
      return other.some(({ system }) => systems.has(system));
    }
    case 'sameProcess': {
      const within = (system: string) => processes.filter(({ systems }) => systems.includes(system)).map(({ name }) => name);
      const mine = one.map(({ system }) => within(system));
      // A system of no process could be of any.
      return other.some(({ system }) => {
        const theirs = within(system);
        return mine.some((names) => names.length === 0 || theirs.length === 0 || names.some((name) => theirs.includes(name)));
      });
    }
    case 'sameClient': {
      // A table is not a client: of which one a role in it is, it does not tell.
      const tables = new Set(
        duties.flatMap(({ anyOf }) => anyOf.flatMap((pattern) => (pattern.system === 'application' ? pattern.table : []))),
      );
      const clientOf = ({ on }: Reached) => (on === null || tables.has(on) ? null : on);
      const clients = new Set(one.map(clientOf));
      return clients.has(null) || other.some((way) => clientOf(way) === null || clients.has(clientOf(way)));
    }
  }
}

function heldDuty({ id, title }: SettledDuty, ways: readonly Reached[], most: number): HeldDuty {
  const [only] = ways;
  if (only !== undefined && ways.length === 1) {
    const { account, system, permission, on, path } = only;
    return { duty: id, title, count: 1, paths: [{ account, system, permission, on, path }] };
  }
  const textOf = ({ account, permission, on, path }: Reached) => JSON.stringify([account, permission, on, path]);
  const sorted = [...new Map(ways.map((way) => [textOf(way), way])).entries()].sort(
    ([a, one], [b, other]) => one.path.length - other.path.length || order(a, b),
  );
  return {
    duty: id,
    title,
    count: sorted.length,
    paths: sorted.slice(0, most).map(([, { account, system, permission, on, path }]) => ({ account, system, permission, on, path })),
  };
}

function worstOf(unseen: readonly Unseen[]): GapReason | null {
  return gapReasons.find((reason) => unseen.some((one) => one.reason === reason)) ?? null;
}
const wordsOf = ({ what, reason }: Unseen): string => (reason === null ? `${what}: nothing reads it` : `${what}: ${reason}`);
const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort(order);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
