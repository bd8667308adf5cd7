import { z } from 'zod';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import type { PeopleSettings } from '../../model/people-settings.ts';
import { parseLineId } from '../reviews/line-id.ts';
import { comparable, matchesGlob } from './compare-names.ts';
import { type DerivedItem, derivedItem } from './derived-item.ts';
import { inOrder, peopleSettings } from './entity-people.ts';
import { formerPeople, type Move } from './former-people.ts';
import { type KnownPerson, readPeople } from './read-people.ts';
import { counts } from './service-accounts.ts';

const Held = z.object({
  entitlement: z.string(),
  system: z.string(),
  login: z.string(),
  permission: z.string(),
  on: z.string().nullable(),
  state: z.enum(['kept', 'gone', 'confirmed']),
  because: z.string().nullable(),
  by: z.string().nullable(),
});
type Held = z.infer<typeof Held>;
const FormerMover = z.object({ person: z.string(), movedAt: z.string(), followed: z.array(Held).nullable() });
const Grant = z.object({ account: z.string(), system: z.string(), permission: z.string(), on: z.string().nullable().default(null) });
const Ticket = z.object({
  ticket: z.string(),
  kind: z.string().nullable().optional(),
  approver: z.string().nullable().optional(),
  approvedAt: z.string().nullable(),
  grantee: z.string(),
  system: z.string().nullable().optional(),
  permission: z.string().nullable().optional(),
});
const Owned = z.object({ account: z.string(), login: z.string(), kind: z.string().optional(), owner: z.string().nullable().optional() });

/** One thing that somebody holds now. */
interface HeldNow extends Pick<Held, 'entitlement' | 'system' | 'login' | 'permission' | 'on'> {
  readonly account: string;
  readonly owner: string;
}

/**
 * Movers with what they held when the move was first seen. A grant of then is settled by its absence from a later reading, or by somebody who
 * said since that it stays: the settings, for what his new department may hold; a review that kept it; a request that was approved. What he
 * was given for the new role before the roster showed the move is among them: a request for it confirms it.
 */
export function moverItems(input: DerivedInput): DerivedItem[] {
  const settings = peopleSettings(input);
  if (settings === null) return [];
  const { persons } = readPeople(input);
  const byId = new Map(persons.map((person) => [person.id, person]));
  const former = input.seen
    .filter(({ type }) => type === 'entity.mover')
    .flatMap(({ resources }) => resources.flatMap(({ fields }) => FormerMover.safeParse(fields).data ?? []));
  const now = Map.groupBy(heldNow(input), ({ owner }) => owner);
  const gap = gapIn(input);
  const asOf =
    input.seen
      .filter(({ type }) => type === 'entity.entitlement')
      .map((one) => one.asOf)
      .sort()
      .at(-1) ?? input.at;
  const movers = formerPeople(input).moves.filter(({ kind, takenBack }) => kind === 'mover' && !takenBack);
  return inOrder(movers, ({ person, at }) => `${person}/${at}`).map((move) => {
    const known = former.find(({ person, movedAt }) => person === move.person && movedAt === move.at);
    const his = now.get(move.person) ?? [];
    const has = new Set(his.map(({ entitlement }) => entitlement));
    // While not all of it was seen nobody knows what he held, and what is missing is not gone.
    const hasBegun = gap === null || (known?.followed ?? null) !== null;
    const begun =
      known?.followed ??
      his.map(({ account: _account, owner: _owner, ...grant }): Held => ({ ...grant, state: 'kept', because: null, by: null }));
    const held = inOrder(
      begun.map((one) => settle(one, move, byId.get(move.person), his, { input, settings, asOf, whole: gap === null })),
      ({ entitlement }) => entitlement,
    );
    return derivedItem(
      'mover',
      `${move.person}/${move.at}`,
      {
        person: move.person,
        name: move.name,
        changed: move.changed.map(({ field, before, after }) => `${field}: ${before ?? 'none'} -> ${after ?? 'none'}`),
        between: move.between,
        movedAt: move.at,
        held,
        followed: hasBegun ? held : null,
      },
      gap !== null && (!hasBegun || held.some(({ state, entitlement }) => state === 'kept' && !has.has(entitlement))) ? { held: gap } : {},
    );
  });
}

function settle(
  one: Held,
  move: Move,
  person: KnownPerson | undefined,
  his: readonly HeldNow[],
  {
    input,
    settings,
    asOf,
    whole,
  }: { readonly input: DerivedInput; readonly settings: PeopleSettings; readonly asOf: string; readonly whole: boolean },
): Held {
  if (one.state !== 'kept') return one;
  const still = his.find(({ entitlement }) => entitlement === one.entitlement);
  if (still === undefined) return whole ? { ...one, state: 'gone', by: asOf } : one;
  const department = person?.department ?? null;
  const may = settings.departments.some(
    ({ name, may: patterns }) =>
      name === department &&
      patterns.some(({ system, permission }) => matchesGlob(one.system, system) && matchesGlob(one.permission, permission)),
  );
  if (may) return { ...one, state: 'confirmed', because: `${department} may hold it by the settings`, by: move.at };
  const confirmed = reviewed(input, still, move) ?? requested(input, still, move, person);
  return confirmed === null ? one : { ...one, state: 'confirmed', ...confirmed };
}

function reviewed({ decisions }: DerivedInput, { account, entitlement }: HeldNow, { at }: Move): Pick<Held, 'because' | 'by'> | null {
  for (const decision of decisions) {
    if (decision.payload.type !== 'decide-review' || decision.at < at || !counts(decision)) continue;
    const { review, lines } = decision.payload;
    const kept = lines.some(({ line, decision: decided }) => {
      const of = parseLineId(line);
      return decided === 'keep' && of?.account === account && of.entitlement === entitlement;
    });
    if (kept) return { because: `the review ${review} kept it (decision ${decision.index})`, by: decision.at };
  }
  return null;
}

/** A request of his, approved by another since the roster last had him where he was, for this permission. */
function requested(
  input: DerivedInput,
  { login, permission, system }: HeldNow,
  { between }: Move,
  person: KnownPerson | undefined,
): Pick<Held, 'because' | 'by'> | null {
  const own = new Set([login, ...(person === undefined ? [] : [person.id, person.number, ...person.emails])].map(comparable));
  const tickets = input.seen
    .filter(({ type }) => type === 'ticket.access-request')
    .flatMap(({ resources }) => resources.flatMap(({ fields }) => Ticket.safeParse(fields).data ?? []));
  for (const ticket of inOrder(tickets, (one) => `${one.approvedAt} ${one.ticket}`)) {
    const { approvedAt, approver, grantee } = ticket;
    if (approvedAt === null || approvedAt < (between.from ?? between.to) || approver === null || approver === undefined) continue;
    if (!own.has(comparable(grantee)) || own.has(comparable(approver)) || ticket.kind === 'revoke') continue;
    if (comparable(ticket.permission ?? '') !== comparable(permission)) continue;
    const where = ticket.system ?? '';
    if (where !== '' && where !== system && !system.startsWith(`${where}:`) && system !== `tabular:${where}`) continue;
    return { because: `${approver} approved it in ${ticket.ticket}`, by: approvedAt };
  }
  return null;
}

function heldNow({ seen }: DerivedInput): HeldNow[] {
  const owners = new Map(
    seen
      .filter(({ type }) => type === 'entity.account')
      .flatMap(({ resources }) => resources.flatMap(({ fields }) => Owned.safeParse(fields).data ?? []))
      .map((account) => [account.account, account]),
  );
  return seen
    .filter(({ type }) => type === 'entity.entitlement')
    .flatMap(({ resources }) =>
      resources.flatMap(({ id, fields }) => {
        const grant = Grant.safeParse(fields).data;
        const account = grant === undefined ? undefined : owners.get(grant.account);
        if (grant === undefined || account?.kind !== 'person' || typeof account.owner !== 'string') return [];
        const entitlement = id.slice(id.indexOf('/entitlement/') + '/entitlement/'.length);
        return [{ ...grant, entitlement, login: account.login, owner: account.owner }];
      }),
    );
}

/** Why not everything that people hold was seen; null: it was. */
function gapIn({ seen, missing, notConnected }: DerivedInput): GapReason | null {
  const needed = ['entity.account', 'entity.entitlement'];
  const gap = seen.find(({ type, incomplete }) => needed.includes(type) && incomplete !== null)?.incomplete;
  const absent = needed.some((type) => notConnected.includes(type) || !seen.some((one) => one.type === type));
  return gap ?? missing.find(({ type }) => needed.includes(type))?.reason ?? (absent ? 'not-collected' : null);
}
