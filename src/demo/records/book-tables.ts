import { type DescribedRow, euros, type Lasting, rowsAt } from './described-row.ts';
import { fundings, payments } from './payroll-tables.ts';

/** What moved on an account that holds a client's funds. */
interface Movement {
  readonly reference: string;
  readonly client: string;
  /** Into the account; negative: out of it. */
  readonly cents: number;
  readonly day: string;
  readonly counterparty: string;
  readonly file: string | null;
}
const early = (day: string) => `${day}T05:00:00.000Z`;

const ordinary: readonly Movement[] = [
  ...fundings.map(
    ({ run, client, cents, valueDate }): Movement => ({
      reference: `NW ${run}`,
      client,
      cents,
      day: `${valueDate.slice(0, 8)}${valueDate.endsWith('28') ? '27' : '04'}`,
      counterparty: 'client',
      file: null,
    }),
  ),
  ...payments.map(
    ({ reference, client, cents, valueDate, file, employee }): Movement => ({
      reference,
      client,
      cents: -cents,
      day: valueDate,
      counterparty: employee,
      file,
    }),
  ),
].sort((a, b) => (a.day === b.day ? (a.reference < b.reference ? -1 : 1) : a.day < b.day ? -1 : 1));

/** What the bank took in September and nobody booked before 5 November; then with a day in September. */
export const unbooked = {
  client: 'C4',
  reference: 'HB FEE 2025-09',
  cents: -184_260,
  day: '2025-09-29',
  bookedOn: '2025-11-05T12:00:00.000Z',
};

const accountOf = (client: string) => `CF-${client.toUpperCase()}`;
const bankRow = ({ reference, client, cents, day, counterparty, file }: Movement, index: number): Lasting => ({
  from: early(day),
  row: {
    transaction: `HB-${String(700_001 + index)}`,
    account: accountOf(client),
    amount: euros(cents),
    currency: 'EUR',
    booked_on: day,
    value_date: day,
    reference,
    counterparty,
    file_hash: file,
  },
});
const ledgerRow = ({ reference, client, cents, day }: Movement, number: number, from = early(day)): Lasting => ({
  from,
  row: {
    entry: `L-${String(number)}`,
    number: String(number),
    account: accountOf(client),
    amount: euros(cents),
    currency: 'EUR',
    booked_at: early(day),
    period: day.slice(0, 7),
    posted_by: 'tomas.novak',
    approved_by: 'eva.richter',
    reference,
  },
});

const fee: Movement = { ...unbooked, counterparty: 'Hansebank', file: null };
const bankRows = [...ordinary.map(bankRow), bankRow(fee, 99_998)];
const ledgerRows = [
  ...ordinary.map((movement, index) => ledgerRow(movement, 30_001 + index)),
  ledgerRow({ ...fee, day: '2025-09-30' }, 39_001, unbooked.bookedOn),
];

export const bankTransactions = (now: string): readonly DescribedRow[] => rowsAt(bankRows, now);
export const ledgerEntries = (now: string): readonly DescribedRow[] => rowsAt(ledgerRows, now);
