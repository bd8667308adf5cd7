import { type DescribedRow, type Lasting, rowsAt } from './described-row.ts';
import { staffAt, userNameOf } from './staff.ts';

const always = '2025-01-01T00:00:00.000Z';
/** Everybody HR knew in the year: who a login belongs to is written down in the application itself. */
const everybody = staffAt('2027-01-01T00:00:00.000Z');

interface Holding {
  readonly login: string;
  /** None: his user is switched off. */
  readonly roles: readonly string[];
  readonly from?: string;
  readonly until?: string;
}
function users(holdings: readonly Holding[]): readonly Lasting[] {
  return holdings.map(({ login, roles, from = always, until }) => {
    const member = everybody.find((one) => one.login === login);
    if (member === undefined) throw new TypeError(`the described year gives a user to ${login}, who is not there`);
    return {
      from,
      ...(until === undefined ? {} : { until }),
      row: { login: userNameOf(login), person: member.number, name: member.name, roles: roles.join(';'), active: String(roles.length > 0) },
    };
  });
}

/** Karin Vogt goes to treasury on 1 October 2025; what she had in payroll is taken away on 11 December. */
const mover = { givenBank: '2025-10-06T08:00:00.000Z', takenPayroll: '2025-12-11T15:00:00.000Z' } as const;
/** Said to be done on 14 July 2025, and done on 28 August. */
const revoked = '2025-08-28T10:00:00.000Z';

const preparer = ['payroll-clerk', 'payment-preparer'];
const payrollRows = users([
  { login: 'karin-vogt', roles: preparer, until: mover.takenPayroll },
  { login: 'karin-vogt', roles: [], from: mover.takenPayroll },
  { login: 'milan-horvat', roles: preparer },
  { login: 'sofie-lund', roles: preparer },
  { login: 'bettina-krause', roles: ['payroll-approver'] },
  { login: 'david-osei', roles: ['payroll-approver'] },
  { login: 'ulrike-brandt', roles: ['master-data-approver'] },
  { login: 'lena-fischer', roles: ['master-data', 'bank-details'] },
  // Until he raised his own pay he could approve what he had entered.
  { login: 'paolo-ricci', roles: ['master-data', 'bank-details', 'master-data-approver'], until: '2025-12-01T09:00:00.000Z' },
  { login: 'paolo-ricci', roles: ['master-data', 'bank-details'], from: '2025-12-01T09:00:00.000Z' },
  { login: 'lukas-maurer', roles: ['user-administrator'] },
]);
const bankRows = users([
  { login: 'noah-dekker', roles: ['first-releaser'] },
  { login: 'sven-aalto', roles: ['second-releaser'] },
  { login: 'gabriela-silva', roles: ['second-releaser'], until: revoked },
  { login: 'gabriela-silva', roles: [], from: revoked },
  { login: 'karin-vogt', roles: ['second-releaser'], from: mover.givenBank },
]);
const ledgerRows = users([
  { login: 'tomas-novak', roles: ['poster'] },
  { login: 'irma-keller', roles: ['bank-reconciler', 'ledger-reconciler'] },
  { login: 'eva-richter', roles: ['approver'] },
  { login: 'gabriela-silva', roles: ['vendor-maintenance'] },
]);
const approverRows = users([
  { login: 'maya-thompson', roles: ['access-approver'] },
  { login: 'bettina-krause', roles: ['access-approver'] },
]);

export const payrollUsers = (now: string): readonly DescribedRow[] => rowsAt(payrollRows, now);
export const bankUsers = (now: string): readonly DescribedRow[] => rowsAt(bankRows, now);
export const ledgerUsers = (now: string): readonly DescribedRow[] => rowsAt(ledgerRows, now);
export const requestApprovers = (now: string): readonly DescribedRow[] => rowsAt(approverRows, now);
