import { accountItems } from '../../../src/access/people/account-items.ts';
import type { DerivedItem } from '../../../src/access/people/derived-item.ts';
import { peopleItems } from '../../../src/access/people/people-items.ts';
import type { DerivedInput, SeenType } from '../../../src/authoring.ts';
import type { GapReason } from '../../../src/model/completeness.ts';
import type { RecordedDecision } from '../../../src/model/decision.ts';
import { derivedInput, seen, type Told } from '../../run/entity/entity-kit.ts';

export interface Reading {
  readonly at: string;
  /** Per member and type what it had, or why it is not whole. */
  readonly seen: readonly SeenType[];
  readonly settings?: Record<string, unknown> | undefined;
  readonly decisions?: readonly RecordedDecision[] | undefined;
  readonly missing?: DerivedInput['missing'];
  readonly notConnected?: readonly string[] | undefined;
}
export interface Read {
  readonly people: readonly DerivedItem[];
  readonly accounts: readonly DerivedItem[];
  /** What the next reading finds of this one. */
  readonly seen: readonly SeenType[];
}

/** One reading after another, as a run makes them: people, then accounts, each of which reads what it made before. */
export function readOneAfterAnother(readings: readonly Reading[]): Read[] {
  const read: Read[] = [];
  for (const reading of readings) {
    const before = read.at(-1)?.seen ?? [];
    const input = (more: readonly SeenType[]) =>
      derivedInput({
        at: reading.at,
        seen: [...reading.seen, ...more],
        missing: reading.missing ?? [],
        notConnected: reading.notConnected ?? [],
        decisions: reading.decisions ?? [],
        settings: { people: { rosters: ['hr.people'], emailDomains: ['example.com'], ...reading.settings } } as never,
      });
    const people = peopleItems(input(before));
    const now = asSeen(people, reading.at);
    const accounts = accountItems(input([...now, ...before.filter(({ type }) => type === 'entity.account' || type === 'entity.leaver')]));
    read.push({ people, accounts, seen: [...now, ...asSeen(accounts, reading.at)] });
  }
  return read;
}

/** Items as the next reading sees them: resources, with what could not be known unread. */
export function asSeen(items: readonly DerivedItem[], asOf: string): SeenType[] {
  return [...Map.groupBy(items, ({ body }) => String(body['of']))].map(([of, own]) => ({
    ...seen(`entity.${of}`, 'entity:toys', []),
    asOf,
    resources: own.map(({ subject, body: { of: _of, unread, ...fields } }) => ({
      type: `entity.${of}`,
      id: `entity:toys/${subject}`,
      display: subject,
      fields,
      unread: unread as Record<string, GapReason>,
    })),
  }));
}

/** `hr('2026-01-15T06:00:00.000Z', person('E-1', 'Ana Example'))`: the roster of people at a time. */
export function hr(asOf: string, people: readonly Told[], incomplete: GapReason | null = null): SeenType {
  return seen('hr.person', 'tabular:hr.people', people, { asOf, incomplete });
}
export function person(number: string, name: string, more: Readonly<Record<string, unknown>> = {}): Told {
  return {
    id: `tabular:hr.people/person/${number}`,
    display: name,
    personId: number,
    name,
    emails: [`${name.toLowerCase().replaceAll(' ', '.')}@example.com`],
    kind: 'employee',
    status: 'active',
    title: 'Engineer',
    department: 'Platform',
    manager: null,
    startsOn: '2024-02-01',
    endsOn: null,
    ...more,
  };
}
export function member(asOf: string, logins: readonly string[], incomplete: GapReason | null = null): SeenType {
  return seen(
    'github.member',
    'github:9919',
    logins.map((login) => ({ id: `github:9919/member/${login}`, login })),
    { asOf, incomplete },
  );
}
export function idpUser(login: string, more: Readonly<Record<string, unknown>> = {}): Told {
  return {
    id: `okta:00o1/user/${login}`,
    login,
    name: login,
    emails: [login],
    emailVerified: true,
    status: 'active',
    live: true,
    lastLogin: null,
    employeeNumber: null,
    ...more,
  };
}
/** Fields of one item, or undefined. */
export function bodyOf(items: readonly DerivedItem[], subject: string): Record<string, unknown> | undefined {
  return items.find((item) => item.subject === subject)?.body as Record<string, unknown> | undefined;
}
