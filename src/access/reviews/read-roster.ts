import { z } from 'zod';
import type { GapReason } from '../../model/completeness.ts';
import type { SeenType } from '../../model/derived.ts';
import type { ReadResource } from '../../model/resource.ts';

/** What reviews are made of, as other datasets of the entity yield it. What does not fit is counted: the roster is then not whole. */
export const rosterTypes = ['entity.person', 'entity.account', 'entity.accounts', 'entity.entitlement', 'entity.separation'] as const;

const RosterPerson = z.object({
  person: z.string(),
  name: z.string(),
  emails: z.array(z.string()),
  status: z.enum(['active', 'not-started', 'left']),
  manager: z.string().nullable().default(null),
});
export type RosterPerson = z.infer<typeof RosterPerson>;

const RosterAccount = z.object({
  account: z.string(),
  system: z.string(),
  type: z.string(),
  login: z.string(),
  kind: z.enum(['person', 'service-account', 'unresolved']),
  owner: z.string().nullable(),
  candidates: z.array(z.string()).default([]),
  sharedWith: z.array(z.string()).default([]),
  /** Undefined: not read. */
  live: z.boolean().optional(),
  lastUsed: z.string().nullable().optional(),
  tellsUse: z.boolean().optional(),
  ownerPerson: z.object({ id: z.string(), name: z.string(), status: z.string() }).nullable().default(null),
  service: z.object({ id: z.string(), purpose: z.string() }).nullable().default(null),
});
export type RosterAccount = z.infer<typeof RosterAccount>;

const RosterEntitlement = z.object({
  account: z.string(),
  system: z.string(),
  permission: z.string(),
  on: z.string().nullable().default(null),
  path: z.array(z.object({ name: z.string(), says: z.string() })),
  privileged: z.boolean(),
  means: z.string(),
  notEvaluated: z.array(z.string()).default([]),
});
export type RosterEntitlement = z.infer<typeof RosterEntitlement> & { readonly id: string };

/** Of all systems, what one system's roster was and how many of it became accounts, or were joined to one of another list. */
const RosterCounts = z.object({
  systems: z.array(z.object({ system: z.string(), type: z.string(), read: z.int(), accounts: z.int(), joined: z.int().default(0) })),
});
/** What a rule of separation comes to for a person, or for an account that is not known to be one person's. */
const RosterConflict = z.object({ rule: z.string(), holder: z.string(), conflict: z.boolean() });

/** The roster of all systems as of one time. */
export interface Roster {
  readonly persons: ReadonlyMap<string, RosterPerson>;
  readonly accounts: readonly RosterAccount[];
  readonly entitlements: readonly RosterEntitlement[];
  /** Rules of separation whose two sides one holder has: a person, or an account of nobody's. */
  readonly conflicts: ReadonlyMap<string, readonly string[]>;
  readonly counts: readonly z.infer<typeof RosterCounts>['systems'][number][];
  /** ISO-8601 UTC: when entitlements were last read; empty when never. */
  readonly asOf: string;
  /** Types of which not all was read, in words; empty: everything was seen. */
  readonly gaps: readonly { readonly type: string; readonly why: string; readonly reason: GapReason }[];
}

/** Reads what the latest collections saw of `rosterTypes`; what is not `seen` at all has to be among `missing`. */
export function readRoster(
  seen: readonly SeenType[],
  missing: readonly { readonly type: string; readonly reason: GapReason }[] = [],
): Roster {
  const gaps: Roster['gaps'][number][] = [];
  for (const { type, member, incomplete } of seen) {
    if (incomplete !== null && isRosterType(type))
      gaps.push({ type, why: `not all of ${member} was seen: ${incomplete}`, reason: incomplete });
  }
  for (const { type, reason } of missing) if (isRosterType(type)) gaps.push({ type, why: reason, reason });
  for (const type of decisive) {
    if (!seen.some((one) => one.type === type) && !gaps.some((gap) => gap.type === type))
      gaps.push({ type, why: 'nobody looked for them', reason: 'not-collected' });
  }
  const all = <S extends z.ZodType>(type: string, shape: S): { id: string; value: z.output<S> }[] => {
    const found: { id: string; value: z.output<S> }[] = [];
    let odd = 0;
    for (const resource of resourcesOf(seen, type)) {
      const parsed = shape.safeParse(resource.fields);
      if (parsed.success) found.push({ id: resource.id, value: parsed.data });
      else odd += 1;
    }
    if (odd > 0) gaps.push({ type, why: `${odd} of them could not be read`, reason: 'malformed-reply' });
    return found.sort((one, other) => (one.id < other.id ? -1 : 1));
  };
  const conflicts = new Map<string, Set<string>>();
  for (const { fields } of resourcesOf(seen, 'entity.separation')) {
    // One that could not be told is no conflict that a reviewer can be shown.
    const found = RosterConflict.safeParse(fields).data;
    if (found?.conflict === true) conflicts.set(found.holder, (conflicts.get(found.holder) ?? new Set()).add(found.rule));
  }
  return {
    persons: new Map(all('entity.person', RosterPerson).map(({ value }) => [value.person, value])),
    accounts: all('entity.account', RosterAccount).map(({ value }) => value),
    entitlements: all('entity.entitlement', RosterEntitlement).map(({ id, value }) => ({ ...value, id: nativeId(id) })),
    conflicts: new Map([...conflicts].map(([person, rules]) => [person, [...rules].sort()])),
    counts: all('entity.accounts', RosterCounts).flatMap(({ value }) => value.systems),
    asOf:
      seen
        .filter(({ type }) => type === 'entity.entitlement')
        .map(({ asOf }) => asOf)
        .sort()
        .at(-1) ?? '',
    gaps,
  };
}

/** Without these nobody can say who has what. */
const decisive = ['entity.person', 'entity.account', 'entity.entitlement'] as const;
/** The people alone; one who could not be read is nobody, and `readRoster` says so. */
export function personsIn(seen: readonly SeenType[]): Roster['persons'] {
  const persons = [...resourcesOf(seen, 'entity.person')].flatMap(({ fields }) => RosterPerson.safeParse(fields).data ?? []);
  return new Map(persons.sort((one, other) => (one.person < other.person ? -1 : 1)).map((person) => [person.person, person]));
}
const isRosterType = (type: string): boolean => (rosterTypes as readonly string[]).includes(type);
function* resourcesOf(seen: readonly SeenType[], type: string): Generator<ReadResource> {
  for (const one of seen) if (one.type === type) yield* one.resources;
}
/** `entity:acme/entitlement/9f3c…` is the entitlement 9f3c…. */
function nativeId(id: string): string {
  const noun = '/entitlement/';
  const at = id.indexOf(noun);
  return at === -1 ? id : id.slice(at + noun.length);
}
