import { z } from 'zod';
import type { DerivedInput, SeenType } from '../../model/derived.ts';
import { inOrder } from './entity-people.ts';
import { type FormerPeople, formerPeople, type Move } from './former-people.ts';
import type { FoundAccount } from './to-accounts.ts';

const LeaverAccount = z.object({
  account: z.string(),
  system: z.string(),
  login: z.string(),
  state: z.enum(['live', 'shut', 'unknown']),
  lastLive: z.string().nullable(),
  shutBy: z.string().nullable(),
});
type LeaverAccount = z.infer<typeof LeaverAccount>;
const Use = z.object({
  account: z.string(),
  system: z.string(),
  login: z.string(),
  lastUsed: z.string().nullable(),
  used: z.enum(['after', 'not-after', 'not-told', 'unknown']),
});
type Use = z.infer<typeof Use>;
const FormerLeaver = z.object({
  person: z.string(),
  lastDay: z.string().nullable(),
  leftAt: z.string(),
  followed: z.object({ accounts: z.array(LeaverAccount), uses: z.array(Use) }),
});

export interface Leaver {
  readonly id: string;
  readonly person: string;
  readonly name: string;
  readonly lastDay: string | null;
  /** ISO-8601 UTC: the end of his last day, or the first reading without him. */
  readonly leftAt: string;
  readonly takenBack: boolean;
  readonly accounts: readonly LeaverAccount[];
  readonly uses: readonly Use[];
}

/** Everybody who left, with every account he had when he left or has, and what was seen of each since. */
export function findLeavers(input: DerivedInput, accounts: readonly FoundAccount[]): Leaver[] {
  const { moves }: FormerPeople = formerPeople(input);
  const former = input.seen
    .filter(({ type }) => type === 'entity.leaver')
    .flatMap(({ resources }) => resources.flatMap(({ fields }) => FormerLeaver.safeParse(fields).data ?? []));
  const had = new Map(formerAccounts(input).map((account) => [account.account, account]));
  const hadByOwner = Map.groupBy(had.values(), ({ type }) => type.owner);
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const byOwner = Map.groupBy(accounts, ({ kind, owner }) => (kind === 'person' ? owner : null));
  const leavers = moves
    .filter(({ kind }) => kind === 'leaver')
    .map((move): Leaver => {
      const known = former.find(
        ({ person, leftAt, lastDay }) => person === move.person && lastDay === move.day && (lastDay !== null || leftAt === move.at),
      );
      const names = new Map<string, Pick<LeaverAccount, 'account' | 'system' | 'login'> & { readonly type: string | null }>();
      for (const { account, system, login, type } of hadByOwner.get(move.person) ?? [])
        names.set(account, { account, system, login, type: type.name });
      for (const { account, system, login } of known?.followed.accounts ?? [])
        names.set(account, { account, system, login, type: names.get(account)?.type ?? null });
      for (const { id, system, login, type } of byOwner.get(move.person) ?? []) names.set(id, { account: id, system, login, type });
      const his = inOrder(names.values(), ({ account }) => account).filter(({ account }) => {
        // Given to somebody else by now: what is said of it is said of him.
        const now = byId.get(account);
        return now === undefined || now.owner === move.person || now.owner === null;
      });
      return {
        id: `${move.person}/${move.day ?? move.between.to}`,
        person: move.person,
        name: move.name,
        lastDay: move.day,
        leftAt: move.at,
        takenBack: move.takenBack,
        accounts: his.map((one) =>
          stateOf(
            one,
            move,
            byId.get(one.account),
            known?.followed.accounts.find(({ account }) => account === one.account),
            had,
            input.seen,
          ),
        ),
        uses: his.map((one) =>
          useOf(
            one,
            move,
            byId.get(one.account),
            known?.followed.uses.find(({ account }) => account === one.account),
            had,
          ),
        ),
      };
    });
  return inOrder(leavers, ({ id }) => id);
}

interface FormerAccount {
  readonly account: string;
  readonly system: string;
  readonly login: string;
  readonly type: { readonly name: string; readonly owner: string | null };
  readonly live: boolean | null;
  readonly lastUsed: string | null;
  readonly tellsUse: boolean;
  readonly asOf: string;
}
const AccountFields = z.object({
  account: z.string(),
  system: z.string(),
  login: z.string(),
  type: z.string(),
  kind: z.string().optional(),
  owner: z.string().nullable().optional(),
  live: z.boolean().optional(),
  lastUsed: z.string().nullable().optional(),
  tellsUse: z.boolean(),
  asOf: z.string(),
});
/** Accounts as the reading before had them: those that are gone since are somebody's too. */
function formerAccounts({ seen }: DerivedInput): FormerAccount[] {
  return seen
    .filter(({ type }) => type === 'entity.account')
    .flatMap(({ resources }) =>
      resources.flatMap(({ fields }) => {
        const read = AccountFields.safeParse(fields).data;
        if (read === undefined) return [];
        const { type: name, kind, owner, live, lastUsed, ...rest } = read;
        return [
          { ...rest, type: { name, owner: kind === 'person' ? (owner ?? null) : null }, live: live ?? null, lastUsed: lastUsed ?? null },
        ];
      }),
    );
}

function stateOf(
  { account, system, login, type }: Pick<LeaverAccount, 'account' | 'system' | 'login'> & { readonly type: string | null },
  { at: leftAt }: Move,
  now: FoundAccount | undefined,
  known: LeaverAccount | undefined,
  had: ReadonlyMap<string, FormerAccount>,
  seen: readonly SeenType[],
): LeaverAccount {
  const before = had.get(account);
  const liveBefore = before !== undefined && before.live === true && before.asOf >= leftAt ? before.asOf : null;
  const lastLive = known?.lastLive ?? liveBefore;
  const base = { account, system, login };
  if (now !== undefined) {
    if (typeof now.live === 'object') return { ...base, state: 'unknown', lastLive, shutBy: null };
    if (now.live) return { ...base, state: 'live', lastLive: now.asOf >= leftAt ? now.asOf : lastLive, shutBy: null };
    return { ...base, state: 'shut', lastLive, shutBy: known?.shutBy ?? now.asOf };
  }
  // Not in its list any more: gone, if that list was seen whole.
  const lists = seen.filter((one) => one.member === system && (type === null ? one.type !== 'entity.account' : one.type === type));
  const whole = lists.length > 0 && lists.every(({ incomplete }) => incomplete === null);
  if (known?.state === 'shut') return { ...base, state: 'shut', lastLive, shutBy: known.shutBy };
  return whole
    ? { ...base, state: 'shut', lastLive, shutBy: lists.map(({ asOf }) => asOf).sort()[0] ?? null }
    : { ...base, state: 'unknown', lastLive, shutBy: null };
}

function useOf(
  { account, system, login }: Pick<Use, 'account' | 'system' | 'login'>,
  { at: leftAt }: Move,
  now: FoundAccount | undefined,
  known: Use | undefined,
  had: ReadonlyMap<string, FormerAccount>,
): Use {
  const before = had.get(account);
  const told = [now, before].find((one) => one !== undefined);
  const base = { account, system, login };
  const lastUsed =
    [now?.lastUsed, before?.lastUsed, known?.lastUsed]
      .filter((time): time is string => typeof time === 'string')
      .sort()
      .at(-1) ?? null;
  if (lastUsed !== null && lastUsed > leftAt) return { ...base, lastUsed, used: 'after' };
  if (now?.unread['lastUsed'] !== undefined) return { ...base, lastUsed, used: 'unknown' };
  if (told === undefined) return known ?? { ...base, lastUsed, used: 'unknown' };
  return { ...base, lastUsed, used: told.tellsUse ? 'not-after' : 'not-told' };
}
