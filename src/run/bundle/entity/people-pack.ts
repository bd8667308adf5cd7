import type { BundleAccount, BundleLeaver, BundleMove, BundleMover, BundleRosterPerson, PeoplePack } from '../../../model/entity-pack.ts';
import { type Life, latestLives, livesBefore, mergeLives, unknownOf } from './read-lives.ts';

type PersonFields = Partial<Omit<BundleRosterPerson, 'shown' | 'unknown' | 'problems'>> & {
  readonly problems?: readonly { readonly says: string }[];
};
type AccountFields = Partial<Omit<BundleAccount, 'shown' | 'unknown' | 'latest'>> & {
  readonly ownerPerson?: { readonly name: string; readonly status: string } | null;
};
interface MoveFields extends Partial<Omit<BundleMove, 'changed'>> {
  readonly changed?: readonly { readonly field: string; readonly before: string | null; readonly after: string | null }[];
}
interface LeaverAccount {
  readonly account: string;
  readonly system: string;
  readonly login: string;
  readonly state: 'live' | 'shut' | 'unknown';
  readonly lastLive: string | null;
  readonly shutBy: string | null;
}
interface LeaverUse {
  readonly account: string;
  readonly lastUsed: string | null;
  readonly used: string;
}
interface LeaverFields extends Partial<Pick<BundleLeaver, 'person' | 'name' | 'lastDay' | 'leftAt' | 'takenBack'>> {
  readonly accounts?: readonly LeaverAccount[];
  readonly uses?: readonly LeaverUse[];
  readonly followed?: { readonly accounts: readonly LeaverAccount[]; readonly uses: readonly LeaverUse[] };
}
type Held = Pick<BundleMover, 'system' | 'login' | 'permission' | 'on' | 'state' | 'because' | 'by'> & { readonly entitlement: string };
interface MoverFields extends Partial<Pick<BundleMover, 'person' | 'name' | 'changed' | 'movedAt'>> {
  readonly held?: readonly Held[];
  readonly followed?: readonly Held[] | null;
}
interface AccountsFields {
  readonly systems?: PeoplePack['systems'];
  readonly withoutIdentity?: readonly string[] | null;
  readonly problems?: readonly string[];
}

/** People, accounts and what became of them within a period. Pure. */
export function peoplePack(lives: readonly Life[], period: { readonly from: string; readonly to: string }): PeoplePack {
  const of = (type: string): Life[] =>
    livesBefore(
      lives.filter((life) => life.type === type),
      period.to,
    );
  const roster = of('entity.roster').at(-1)?.fields as { readonly problems?: readonly string[] } | undefined;
  const accounts = of('entity.accounts').at(-1)?.fields as AccountsFields | undefined;
  return {
    people: latestLives(of('entity.person'))
      .map(person)
      .sort(by(({ name, person: id }) => [name, id])),
    accounts: accountsOf(of('entity.account')),
    // A last day may come to be said after it is over.
    moves: latestLives(lives.filter(({ type }) => type === 'entity.move'))
      .flatMap(move)
      .filter(({ at }) => at >= period.from && at < period.to)
      .sort(by(({ at, person: id, kind }) => [at, id, kind])),
    leavers: latestLives(of('entity.leaver'))
      .flatMap((life) => leaver(life, period))
      .sort(by(({ leftAt, person: id, account }) => [leftAt, id, account ?? ''])),
    movers: latestLives(of('entity.mover')).flatMap(mover),
    problems: [...new Set([...(roster?.problems ?? []), ...(accounts?.problems ?? [])])].sort(),
    systems: accounts?.systems ?? [],
    withoutIdentity: accounts?.withoutIdentity ?? null,
  };
}

const by =
  <Row>(keys: (row: Row) => readonly string[]) =>
  (left: Row, right: Row): number => {
    const [a, b] = [JSON.stringify(keys(left)), JSON.stringify(keys(right))];
    return a < b ? -1 : a > b ? 1 : 0;
  };

function person(life: Life): BundleRosterPerson {
  const fields = life.fields as PersonFields;
  return {
    person: fields.person ?? life.id,
    number: fields.number ?? '',
    name: fields.name ?? life.display,
    emails: fields.emails ?? [],
    kind: fields.kind ?? '',
    status: fields.status ?? null,
    title: fields.title ?? null,
    department: fields.department ?? null,
    manager: fields.manager ?? null,
    startsOn: fields.startsOn ?? null,
    endsOn: fields.endsOn ?? null,
    roster: fields.roster ?? '',
    vanished: fields.vanished ?? null,
    problems: (fields.problems ?? []).map(({ says }) => says),
    shown: life.shown,
    unknown: unknownOf(life),
  };
}

/** What is seen of an account at each reading, when it was used last, makes no stretch of its own. */
function accountsOf(lives: readonly Life[]): BundleAccount[] {
  const stretches = mergeLives(lives, ({ fields, unread }) => [
    fields['login'],
    fields['kind'],
    fields['owner'],
    fields['linkedBy'],
    fields['reason'],
    fields['live'],
    fields['nature'],
    fields['sharedWith'],
    fields['candidates'],
    fields['service'],
    unread,
  ]);
  const place = { unresolved: '0', person: '2', 'service-account': '3' } as const;
  return stretches
    .map((life, n) => account(life, stretches[n + 1]?.id !== life.id))
    .sort(by((row) => [row.kind === null ? '1' : place[row.kind], row.system, row.login, row.account, row.shown.from]));
}
function account(life: Life, latest: boolean): BundleAccount {
  const fields = life.fields as AccountFields;
  const { service } = fields;
  return {
    account: fields.account ?? life.id,
    system: fields.system ?? '',
    type: fields.type ?? '',
    login: fields.login ?? life.display,
    kind: fields.kind ?? null,
    nature: fields.nature ?? '',
    owner: fields.owner ?? null,
    ownerName: fields.ownerPerson?.name ?? null,
    ownerStatus: fields.ownerPerson?.status ?? null,
    linkedBy: fields.linkedBy ?? null,
    reason: fields.reason ?? '',
    candidates: fields.candidates ?? [],
    sharedWith: fields.sharedWith ?? [],
    live: fields.live ?? null,
    lastUsed: fields.lastUsed ?? null,
    tellsUse: fields.tellsUse ?? false,
    service:
      service === null || service === undefined
        ? null
        : { id: service.id, purpose: service.purpose, expires: service.expires, reviewed: service.reviewed },
    latest,
    shown: life.shown,
    unknown: unknownOf(life),
  };
}

function move({ fields: read, id, display }: Life): BundleMove[] {
  const fields = read as MoveFields;
  const { kind, at, between } = fields;
  if (kind === undefined || at === undefined || between === undefined) return [];
  return [
    {
      kind,
      person: fields.person ?? id,
      name: fields.name ?? display,
      day: fields.day ?? null,
      at,
      between,
      changed: (fields.changed ?? []).map(({ field, before, after }) => `${field}: ${before ?? 'none'} -> ${after ?? 'none'}`),
      takenBack: fields.takenBack ?? false,
    },
  ];
}

/** Of who left before the period only what was still open in it. */
function leaver(life: Life, period: { readonly from: string; readonly to: string }): BundleLeaver[] {
  const fields = life.fields as LeaverFields;
  const leftAt = fields.leftAt ?? '';
  if (leftAt >= period.to) return [];
  const accounts = fields.accounts ?? fields.followed?.accounts ?? [];
  const uses = fields.uses ?? fields.followed?.uses ?? [];
  const whole = {
    person: fields.person ?? life.id,
    name: fields.name ?? life.display,
    lastDay: fields.lastDay ?? null,
    leftAt,
    takenBack: fields.takenBack ?? false,
    shown: life.shown,
    unknown: unknownOf(life),
  };
  const none = { account: null, system: null, login: null, state: null, lastLive: null, shutBy: null, lastUsed: null, used: null };
  const rows = accounts.map(({ account: id, system, login, state, lastLive, shutBy }) => {
    const use = uses.find((one) => one.account === id);
    return { ...whole, account: id, system, login, state, lastLive, shutBy, lastUsed: use?.lastUsed ?? null, used: use?.used ?? null };
  });
  if (leftAt >= period.from) return rows.length === 0 ? [{ ...whole, ...none }] : rows;
  return rows.filter(({ state, shutBy }) => state !== 'shut' || (shutBy !== null && shutBy >= period.from));
}

function mover(life: Life): BundleMover[] {
  const fields = life.fields as MoverFields;
  return (fields.held ?? fields.followed ?? []).map(({ entitlement: _, ...held }) => ({
    person: fields.person ?? life.id,
    name: fields.name ?? life.display,
    changed: fields.changed ?? [],
    movedAt: fields.movedAt ?? '',
    ...held,
    shown: life.shown,
    unknown: unknownOf(life),
  }));
}
