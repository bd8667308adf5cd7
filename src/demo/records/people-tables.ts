import { type DescribedRow, type Lasting, rowsAt } from './described-row.ts';
import { clientEmployees, ghost } from './employees.ts';
import { addressOf, staffAt } from './staff.ts';

const domain = 'northwind-payroll.example';

/** HR's roster: who works for Northwind Payroll, who is to come, and who left. */
export function hrPeople(now: string): readonly DescribedRow[] {
  const today = now.slice(0, 10);
  return staffAt(now).map((member) => ({
    number: member.number,
    name: member.name,
    // Code is written under the second of them.
    emails: member.kind === 'external' ? 'jules@studio-verne.example' : `${addressOf(member)};${member.login}@${domain}`,
    kind: member.kind,
    status: member.startsOn > today ? 'not-started' : member.endsOn !== null && member.endsOn < today ? 'left' : 'active',
    title: member.title,
    department: member.department,
    manager: member.manager,
    starts_on: member.startsOn,
    ends_on: member.endsOn,
  }));
}

const rosters: readonly Lasting[] = clientEmployees
  .filter(({ id }) => id !== ghost)
  .map(({ id, name, client, startsOn, endsOn, known }) => ({
    from: known,
    row: { number: id, name, client, status: 'active', starts_on: startsOn, ends_on: endsOn },
  }));

/** What clients say of whom they employ: the list that each of them sends. */
export function clientPeople(now: string): readonly DescribedRow[] {
  return rowsAt(rosters, now);
}
