import { bankTransactions, ledgerEntries } from './book-tables.ts';
import type { DescribedRow } from './described-row.ts';
import { masterDataChanges, paymentFiles, payrollEmployees, payrollPayments, payrollRuns } from './payroll-tables.ts';
import { clientPeople, hrPeople } from './people-tables.ts';
import { accessRequests } from './ticket-tables.ts';
import { bankUsers, ledgerUsers, payrollUsers, requestApprovers } from './user-tables.ts';

/** What each table that the demonstration's configuration declares (`hr.people`) has at `now` (ISO-8601 UTC), by the columns declared there. */
export const describedTables: Readonly<Record<string, (now: string) => readonly DescribedRow[]>> = {
  'hr.people': hrPeople,
  'clients.people': clientPeople,
  'payroll.users': payrollUsers,
  'payroll.employees': payrollEmployees,
  'payroll.changes': masterDataChanges,
  'payroll.runs': payrollRuns,
  'payroll.payments': payrollPayments,
  'payroll.files': paymentFiles,
  'ledger.users': ledgerUsers,
  'ledger.entries': ledgerEntries,
  'bank.users': bankUsers,
  'bank.transactions': bankTransactions,
  'ticketing.requests': accessRequests,
  'ticketing.approvers': requestApprovers,
};
