import { type DescribedRow, euros, fingerprint, type Lasting, rowsAt } from './described-row.ts';
import { clients, type Employee, employeesAt, ghost, ownClient, payOn, selfRaise } from './employees.ts';

/** A run of one client: what it paid, to whom and when. */
interface Run {
  readonly id: string;
  readonly client: string;
  readonly period: string;
  readonly preparer: string;
  readonly approver: string;
  /** An instant of the run, by the day that it has in an ordinary month. */
  readonly day: (day: string, time: string) => string;
  readonly releasers: readonly [string, string];
  readonly valueDate: string;
  readonly payments: readonly Payment[];
}
export interface Payment {
  readonly id: string;
  readonly client: string;
  readonly employee: string;
  readonly cents: number;
  readonly valueDate: string;
  readonly reference: string;
}

const months = Array.from({ length: 13 }, (_, index) => new Date(Date.UTC(2025, 2 + index, 1)).toISOString().slice(0, 7));
const preparers = ['karin.vogt', 'milan.horvat', 'sofie.lund'] as const;
const approvers = ['bettina.krause', 'david.osei'] as const;
const paying = [ownClient, ...clients.map(({ id }) => id)];
const netOf = (gross: number) => Math.round(gross * 0.63);

const at = (month: string) => (day: string, time: string) => `${month}-${day}T${time}:00.000Z`;

function monthlyRun(month: string, client: string, place: number): Run {
  const valueDate = `${month}-28`;
  const employees = employeesAt(`${month}-22T10:00:00.000Z`).filter(
    (employee) =>
      employee.client === client && employee.startsOn <= valueDate && (employee.endsOn === null || employee.endsOn >= `${month}-01`),
  );
  // Whoever went to treasury prepares no more.
  const here = month < '2025-10' ? preparers : preparers.slice(1);
  return {
    id: `R-${month}-${client}`,
    client,
    period: month,
    preparer: here[place % here.length] ?? '',
    approver: approvers[place % approvers.length] ?? '',
    day: at(month),
    releasers: ['noah.dekker', 'sven.aalto'],
    valueDate,
    payments: employees.map((employee) => paymentOf(`P-${month}-${employee.id}`, employee, netOf(payOn(employee, valueDate)), valueDate)),
  };
}
function paymentOf(id: string, { id: employee, client }: Employee, cents: number, valueDate: string): Payment {
  return { id, client, employee, cents, valueDate, reference: `NW ${id}` };
}

/** A correction that paid somebody again what he had been paid eight days before. */
export const duplicate = { payment: 'P-2025-08-C3-005-K', employee: 'C3-005', valueDate: '2025-09-05' } as const;
function correction(): Run {
  const [employee] = employeesAt('2025-09-03T00:00:00.000Z').filter(({ id }) => id === duplicate.employee);
  if (employee === undefined) throw new TypeError(`the described year pays ${duplicate.employee}, who is not there`);
  return {
    id: 'R-2025-08-C3-K',
    client: 'C3',
    period: '2025-08',
    preparer: 'sofie.lund',
    approver: 'bettina.krause',
    day: (day, time) => `2025-09-0${Number(day) - 21}T${time}:00.000Z`,
    releasers: ['noah.dekker', 'sven.aalto'],
    valueDate: duplicate.valueDate,
    payments: [paymentOf(duplicate.payment, employee, netOf(payOn(employee, duplicate.valueDate)), duplicate.valueDate)],
  };
}

const runs: readonly Run[] = [...months.flatMap((month) => paying.map((client, place) => monthlyRun(month, client, place))), correction()];

/** Run, file and payments are seen together, when the file has been released. */
const released = ({ day }: Run) => day('25', '08:30');
const sumOf = (payments: readonly Payment[]) => payments.reduce((sum, { cents }) => sum + cents, 0);

const runRows = runs.map(
  (run): Lasting => ({
    from: released(run),
    row: {
      run: run.id,
      client: run.client,
      period: run.period,
      preparer: run.preparer,
      prepared_at: run.day('22', '10:00'),
      approver: run.approver,
      approved_at: run.day('23', '14:00'),
      committed_at: run.day('24', '09:00'),
      employees: String(run.payments.length),
      net: euros(sumOf(run.payments)),
      currency: 'EUR',
      expected_on: run.day('25', '00:00').slice(0, 10),
    },
  }),
);
const fileRows = runs.map(
  (run): Lasting => ({
    from: released(run),
    row: {
      file: `F-${run.id.slice(2)}`,
      run: run.id,
      counterparty: 'Hansebank',
      hash: fingerprint(`file of ${run.id}`),
      total: euros(sumOf(run.payments)),
      currency: 'EUR',
      count: String(run.payments.length),
      preparer: run.preparer,
      prepared_at: run.day('24', '10:00'),
      // The bank tells the application who released it, by address.
      releaser_1: `${run.releasers[0]}@northwind-payroll.example`,
      releaser_2: `${run.releasers[1]}@northwind-payroll.example`,
      released_at: run.day('25', '08:30'),
    },
  }),
);
const paymentRows = runs.flatMap((run) =>
  run.payments.map(
    (payment): Lasting => ({
      from: released(run),
      row: {
        payment: payment.id,
        run: run.id,
        employee: payment.employee,
        amount: euros(payment.cents),
        currency: 'EUR',
        account: fingerprint(`account of ${payment.employee}`),
        value_date: payment.valueDate,
        reference: payment.reference,
      },
    }),
  ),
);
/** Every payment of the year, with the file that ordered it. */
export const payments: readonly (Payment & { readonly file: string })[] = runs.flatMap((run) =>
  run.payments.map((payment) => ({ ...payment, file: fingerprint(`file of ${run.id}`) })),
);
/** What each client sends so that its people can be paid. */
export const fundings = runs.map(({ id, client, valueDate, payments: own }) => ({ run: id, client, cents: sumOf(own), valueDate }));

interface MasterChange {
  readonly object: string;
  readonly client: string;
  readonly field: 'payRate' | 'bankAccount' | 'created';
  readonly maker: string;
  readonly at: string;
  readonly checker: string;
  readonly minutes: number;
}
/** Two changes a month that went as they should, and two that did not. */
const masterChanges: readonly MasterChange[] = [
  ...months.flatMap((month, index): MasterChange[] => {
    const { id: client } = clients[index % clients.length] ?? clients[0];
    const shared = { client, checker: 'ulrike.brandt' } as const;
    return [
      { ...shared, object: `${client}-002`, field: 'payRate', maker: 'lena.fischer', at: `${month}-09T09:20:00.000Z`, minutes: 95 },
      { ...shared, object: `${client}-004`, field: 'bankAccount', maker: 'paolo.ricci', at: `${month}-14T13:05:00.000Z`, minutes: 180 },
    ];
  }),
  {
    object: ghost,
    client: 'C5',
    field: 'created',
    maker: 'paolo.ricci',
    at: '2025-05-12T08:55:00.000Z',
    checker: 'ulrike.brandt',
    minutes: 30,
  },
  {
    object: selfRaise.employee,
    client: ownClient,
    field: 'payRate',
    maker: 'paolo.ricci',
    at: selfRaise.at,
    checker: 'paolo.ricci',
    minutes: 2,
  },
].sort((a, b) => (a.at < b.at ? -1 : 1)) as readonly MasterChange[];
const changeRows = masterChanges.map(({ object, client, field, maker, at: madeAt, checker, minutes }, index): Lasting => {
  const checkedAt = new Date(Date.parse(madeAt) + minutes * 60_000).toISOString();
  return {
    from: checkedAt,
    row: {
      change: `CH-${String(1_041 + index)}`,
      kind: 'employee',
      object,
      client,
      field,
      maker,
      made_at: madeAt,
      checker,
      checked_at: checkedAt,
      effective_at: new Date(Date.parse(checkedAt) + 30 * 60_000).toISOString(),
      verification: field === 'bankAccount' ? 'Called the client’s personnel office back' : null,
    },
  };
});

export const payrollRuns = (now: string): readonly DescribedRow[] => rowsAt(runRows, now);
export const paymentFiles = (now: string): readonly DescribedRow[] => rowsAt(fileRows, now);
export const payrollPayments = (now: string): readonly DescribedRow[] => rowsAt(paymentRows, now);
export const masterDataChanges = (now: string): readonly DescribedRow[] => rowsAt(changeRows, now);
export function payrollEmployees(now: string): readonly DescribedRow[] {
  return employeesAt(now).map((employee) => ({
    employee: employee.id,
    // Of whom clients employ the number is the client's own.
    person: employee.id,
    name: employee.name,
    client: employee.client,
    status: employee.endsOn !== null && employee.endsOn < now.slice(0, 10) ? 'ended' : 'active',
    starts_on: employee.startsOn,
    ends_on: employee.endsOn,
    pay_rate: euros(payOn(employee, now.slice(0, 10) < employee.startsOn ? employee.startsOn : now.slice(0, 10))),
    currency: 'EUR',
    account: fingerprint(`account of ${employee.id}`),
  }));
}
