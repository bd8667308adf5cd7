import { z } from 'zod';
import type { Person } from '../../model/access.ts';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput, SeenType } from '../../model/derived.ts';
import type { PeopleSettings } from '../../model/people-settings.ts';
import type { ReadResource } from '../../model/resource.ts';
import { comparable, isGenericName, matchesGlob } from './compare-names.ts';
import { inOrder } from './entity-people.ts';

/** Types of resources that are lists of people. */
export const rosterTypes = ['hr.person', 'idp.user'] as const;

/** One row of one roster, before anything is made of it. */
export interface RosterRow {
  readonly roster: string;
  /** Id of the person it is about: `hr:E-104`. */
  readonly person: string;
  /** What the roster calls him by: `E-104`. */
  readonly number: string;
  readonly name: string;
  /** Comparable. */
  readonly emails: readonly string[];
  /** Null: the roster has no word on it. */
  readonly status: Person['status'] | null;
  readonly kind: Person['kind'];
  readonly title: string | null;
  readonly department: string | null;
  /** Number, id or address of a person. */
  readonly manager: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  /** ISO-8601 UTC: when the roster was read. */
  readonly asOf: string;
  /** Fields that were not read. */
  readonly unread: Readonly<Record<string, GapReason>>;
  /** Fields for which its roster has no column. */
  readonly absent: readonly Column[];
}
export interface ReadRoster {
  readonly name: string;
  /** ISO-8601 UTC; null: never read. */
  readonly asOf: string | null;
  readonly rows: readonly RosterRow[];
  /** Rows that are no person's, by what they are called. */
  readonly notPersons: readonly string[];
  /** Why there may be people who are not among them; null: it was seen whole. */
  readonly incomplete: GapReason | null;
}

const Cell = z.union([z.string(), z.number().transform(String), z.null()]);
/** What identity providers call the same thing; a column that is in none of them is left out. */
const columns = {
  'hr.person': {
    number: 'personId',
    name: 'name',
    emails: 'emails',
    status: 'status',
    kind: 'kind',
    title: 'title',
    department: 'department',
    manager: 'manager',
    startsOn: 'startsOn',
    endsOn: 'endsOn',
  },
  'idp.user': {
    number: 'employeeNumber',
    name: 'name',
    emails: 'emails',
    status: 'status',
    kind: 'userType',
    title: 'title',
    department: 'department',
    manager: 'managerId',
    startsOn: null,
    endsOn: null,
  },
} as const;
type Column = keyof (typeof columns)['hr.person'];
/** Who is let in no more for a while still works there. */
const statuses: Readonly<Record<string, Person['status']>> = {
  active: 'active',
  'on-leave': 'active',
  locked: 'active',
  suspended: 'active',
  'not-started': 'not-started',
  staged: 'not-started',
  left: 'left',
  deactivated: 'left',
};

/** Every roster the settings name, in their order. */
export function readRosters(input: DerivedInput, settings: PeopleSettings): ReadRoster[] {
  return settings.rosters.map((name) => {
    const seen = input.seen.filter((one) => isRoster(one, name));
    const gone = input.missing.find(({ type, member }) => isRoster({ type, member }, name));
    const isNobodys = seen[0]?.type === 'idp.user' ? machinesOf(settings) : () => false;
    const rows: RosterRow[] = [];
    const notPersons: string[] = [];
    for (const one of seen) {
      for (const resource of one.resources) {
        const row = rowOf(one, name, resource);
        if (isNobodys(row)) notPersons.push(row.name || row.number);
        else rows.push(row);
      }
    }
    const times = seen.map(({ asOf }) => asOf).sort();
    return {
      name,
      asOf: times[0] ?? null,
      rows: inOrder(rows, (row) => JSON.stringify([row.person, row])),
      notPersons: notPersons.sort(),
      incomplete:
        seen.find(({ incomplete }) => incomplete !== null)?.incomplete ?? gone?.reason ?? (seen.length === 0 ? 'not-collected' : null),
    };
  });
}

/** A table is named by source and table; an identity provider by one word, whichever its organisations are. */
function isRoster({ type, member }: Pick<SeenType, 'type' | 'member'>, name: string): boolean {
  if (member === name) return type === 'hr.person' || type === 'idp.user';
  return type === 'hr.person' ? member === `tabular:${name}` : type === 'idp.user' && !name.includes('.');
}

/** Lists of an identity provider hold machines too: what is named like one, or registered as one, is nobody. */
function machinesOf({ serviceAccounts, shared }: PeopleSettings): (row: RosterRow) => boolean {
  const registered = serviceAccounts.flatMap(({ accounts }) =>
    accounts.flatMap((pattern) => /^idp\.user:(.+)$/.exec(pattern)?.[1] ?? []).map(comparable),
  );
  return ({ emails, name, number }) => {
    const logins = emails.length === 0 ? [comparable(name) || number] : emails;
    return logins.some((login) => isGenericName(login, shared) || registered.some((pattern) => matchesGlob(login, pattern)));
  };
}

function rowOf({ type, member, asOf }: SeenType, roster: string, resource: ReadResource): RosterRow {
  const unread: Record<string, GapReason> = {};
  const absent: Column[] = [];
  const of = type === 'idp.user' ? columns['idp.user'] : columns['hr.person'];
  const cell = (column: Column): unknown => {
    const field = of[column];
    const reason = field === null ? undefined : resource.unread[field];
    // A roster without the column says nothing of it: it is not unknown, it is not kept there.
    if (reason === 'not-collected') absent.push(column);
    else if (reason !== undefined) unread[column] = reason;
    return field === null ? null : (resource.fields[field] ?? null);
  };
  const text = (column: Column): string | null => {
    const read = Cell.safeParse(cell(column));
    if (!read.success) unread[column] = 'malformed-reply';
    const value = read.data?.trim() ?? '';
    return value === '' ? null : value;
  };
  const day = (column: Column): string | null => {
    const value = text(column);
    if (value === null || z.iso.date().safeParse(value).success) return value;
    unread[column] = 'malformed-reply';
    return null;
  };
  const own = resource.id.slice(resource.id.lastIndexOf('/') + 1);
  const number = text('number') ?? own;
  const emails = z.array(z.string()).safeParse(cell('emails') ?? []);
  if (!emails.success) unread['emails'] = 'malformed-reply';
  const word = text('status');
  const status = word === null ? null : (statuses[word] ?? null);
  if (word !== null && status === null) unread['status'] = 'malformed-reply';
  const kind = comparable(text('kind') ?? 'employee');
  return {
    roster,
    // What a provider's profile says of the number may change; its own id does not.
    person: type === 'idp.user' ? `${member.slice(0, member.indexOf(':'))}:${own}` : `${roster.split('.')[0]}:${number}`,
    number,
    name: text('name') ?? resource.display,
    emails: [...new Set((emails.data ?? []).map(comparable).filter((address) => address.includes('@')))].sort(),
    status,
    kind: kind === 'contractor' || kind === 'external' ? kind : 'employee',
    title: text('title'),
    department: text('department'),
    manager: text('manager'),
    startsOn: day('startsOn'),
    endsOn: day('endsOn'),
    asOf,
    unread,
    absent,
  };
}
