import type {
  BundleAccount,
  BundleLeaver,
  BundleMove,
  BundleMover,
  BundleRosterPerson,
  PeoplePack,
  Shown,
} from '../../../model/entity-pack.ts';
import { type AnyTable, asTable, type Column, column, list } from '../table.ts';
import { hours, type Local, timeColumns } from './time-columns.ts';

/** From the first reading that showed it to the first that did not, with their log indexes. */
export function shownColumns<Row extends { readonly shown: Shown }>(local: Local): Column<Row>[] {
  return [
    ...timeColumns<Row>('shown_from', local, ({ shown }) => shown.from),
    ...timeColumns<Row>('shown_to', local, ({ shown }) => shown.to),
    column('log_first', 10, ({ shown }) => shown.fromLog),
    column('log_ended', 10, ({ shown }) => shown.toLog),
  ];
}
export const unknownColumn = <Row extends { readonly unknown: readonly string[] }>(): Column<Row> =>
  column('could_not_be_read', 40, ({ unknown }) => list(unknown));
/** `not known` where a column holds yes or no. */
export const yesNo = (value: boolean | null): string => (value === null ? 'not known' : value ? 'yes' : 'no');

/** Registers of people and accounts, by the name of their file. */
export function peopleTables(pack: PeoplePack, local: Local): Readonly<Record<string, AnyTable>> {
  type Row<Of> = Column<Of>[];
  const accountColumns: Row<BundleAccount> = [
    column('system', 30, (one) => one.system),
    column('login', 30, (one) => one.login),
    column('account', 60, (one) => one.account),
    column('type', 24, (one) => one.type),
    column('nature', 12, (one) => one.nature),
    column('belongs_to', 18, (one) => one.kind ?? 'not known'),
    column('owner', 24, (one) => one.owner),
    column('owner_name', 30, (one) => one.ownerName),
    column('owner_status', 14, (one) => one.ownerStatus),
    column('linked_by', 18, (one) => one.linkedBy),
    column('reason', 60, (one) => one.reason),
    column('could_be', 30, (one) => list(one.candidates)),
    column('shared_with', 30, (one) => list(one.sharedWith)),
    column('can_be_used', 12, (one) => yesNo(one.live)),
    ...timeColumns<BundleAccount>('last_used', local, (one) => one.lastUsed),
    column('source_tells_use', 12, (one) => yesNo(one.tellsUse)),
    ...shownColumns<BundleAccount>(local),
    column('at_the_end', 10, (one) => yesNo(one.latest && one.shown.to === null)),
    unknownColumn(),
  ];
  return {
    people: asTable<BundleRosterPerson>({
      name: 'People',
      columns: [
        column('person', 20, (one) => one.person),
        column('number', 14, (one) => one.number),
        column('name', 30, (one) => one.name),
        column('emails', 36, (one) => list(one.emails)),
        column('kind', 14, (one) => one.kind),
        column('status', 14, (one) => one.status ?? 'not known'),
        column('title', 30, (one) => one.title),
        column('department', 24, (one) => one.department),
        column('manager', 20, (one) => one.manager),
        column('first_day', 14, (one) => one.startsOn),
        column('last_day', 14, (one) => one.endsOn),
        column('roster', 20, (one) => one.roster),
        ...timeColumns<BundleRosterPerson>('gone_without_a_last_day_by', local, (one) => one.vanished?.to ?? null),
        column('contradictions', 60, (one) => list(one.problems)),
        ...shownColumns<BundleRosterPerson>(local),
        unknownColumn(),
      ],
      rows: pack.people,
    }),
    accounts: asTable<BundleAccount>({ name: 'Accounts', columns: accountColumns, rows: pack.accounts }),
    moves: asTable<BundleMove>({
      name: 'Joiners, movers, leavers',
      columns: [
        column('kind', 10, (one) => one.kind),
        column('person', 20, (one) => one.person),
        column('name', 30, (one) => one.name),
        column('day', 14, (one) => one.day),
        ...timeColumns<BundleMove>('holds_from', local, (one) => one.at),
        ...timeColumns<BundleMove>('roster_without_it', local, (one) => one.between.from),
        ...timeColumns<BundleMove>('roster_with_it', local, (one) => one.between.to),
        column('changed', 60, (one) => list(one.changed)),
        column('taken_back', 12, (one) => yesNo(one.takenBack)),
      ],
      rows: pack.moves,
    }),
    'leaver-accounts': asTable<BundleLeaver>({
      name: 'Accounts of leavers',
      columns: [
        column('person', 20, (one) => one.person),
        column('name', 30, (one) => one.name),
        column('last_day', 14, (one) => one.lastDay),
        ...timeColumns<BundleLeaver>('left', local, (one) => one.leftAt),
        column('taken_back', 12, (one) => yesNo(one.takenBack)),
        column('system', 30, (one) => one.system),
        column('login', 30, (one) => one.login),
        column('account', 60, (one) => one.account),
        column('state', 12, (one) => one.state),
        ...timeColumns<BundleLeaver>('last_seen_usable', local, (one) => one.lastLive),
        ...timeColumns<BundleLeaver>('shown_shut', local, (one) => one.shutBy),
        column('hours_usable_at_least', 14, (one) => (one.lastLive === null ? null : hours(usableMs(one)))),
        ...timeColumns<BundleLeaver>('last_used', local, (one) => one.lastUsed),
        column('used_after_leaving', 16, (one) => one.used),
        unknownColumn(),
      ],
      rows: pack.leavers,
    }),
    'mover-access': asTable<BundleMover>({
      name: 'What movers held before',
      columns: [
        column('person', 20, (one) => one.person),
        column('name', 30, (one) => one.name),
        column('changed', 60, (one) => list(one.changed)),
        ...timeColumns<BundleMover>('moved', local, (one) => one.movedAt),
        column('system', 30, (one) => one.system),
        column('login', 30, (one) => one.login),
        column('permission', 40, (one) => one.permission),
        column('on', 40, (one) => one.on),
        column('state', 12, (one) => one.state),
        column('because', 60, (one) => one.because),
        ...timeColumns<BundleMover>('gone_or_confirmed', local, (one) => one.by),
        unknownColumn(),
      ],
      rows: pack.movers,
    }),
    'service-accounts': asTable<BundleAccount>({
      name: 'Service accounts',
      columns: [
        column('service_account', 24, (one) => one.service?.id ?? one.owner),
        column('purpose', 60, (one) => one.service?.purpose ?? null),
        column('owner_name', 30, (one) => one.ownerName),
        column('owner_status', 14, (one) => one.ownerStatus),
        column('expires', 14, (one) => one.service?.expires ?? null),
        column('reviewed', 14, (one) => one.service?.reviewed ?? null),
        ...accountColumns.slice(0, 5),
        column('can_be_used', 12, (one) => yesNo(one.live)),
        ...shownColumns<BundleAccount>(local),
        unknownColumn(),
      ],
      rows: pack.accounts.filter(({ kind }) => kind === 'service-account'),
    }),
    'unresolved-accounts': asTable<BundleAccount>({
      name: 'Unresolved accounts',
      columns: [
        ...accountColumns.slice(0, 5),
        column('reason', 60, (one) => one.reason),
        column('could_be', 30, (one) => list(one.candidates)),
        column('can_be_used', 12, (one) => yesNo(one.live)),
        ...timeColumns<BundleAccount>('last_used', local, (one) => one.lastUsed),
        ...shownColumns<BundleAccount>(local),
        column('at_the_end', 10, (one) => yesNo(one.latest && one.shown.to === null)),
        unknownColumn(),
      ],
      rows: pack.accounts.filter(({ kind }) => kind === 'unresolved' || kind === null),
    }),
  };
}

/** How long an account could be used after its owner had left, as far as readings show: to the last one that found it so. Milliseconds. */
export function usableMs({ leftAt, lastLive }: Pick<BundleLeaver, 'leftAt' | 'lastLive'>): number {
  return lastLive === null ? 0 : Math.max(0, Date.parse(lastLive) - Date.parse(leftAt));
}
