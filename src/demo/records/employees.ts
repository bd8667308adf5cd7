import { staffAt } from './staff.ts';

/** Somebody who is paid through Northwind Payroll. */
export interface Employee {
  /** `C3-004`; of Northwind's own people their number. */
  readonly id: string;
  readonly name: string;
  readonly client: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  /** ISO-8601 UTC: when he was entered. */
  readonly known: string;
  /** Gross of a month in cents, and from when on (day) it is another. */
  readonly pay: readonly { readonly from: string; readonly cents: number }[];
}

/** Northwind pays its own people too. */
export const ownClient = 'northwind';
export const clients = [
  { id: 'C1', name: 'Adler Apotheken', people: 9 },
  { id: 'C2', name: 'Bergmann Bau', people: 11 },
  { id: 'C3', name: 'Deichkind Gastronomie', people: 8 },
  { id: 'C4', name: 'Elbe Werft', people: 10 },
  { id: 'C5', name: 'Brennecke Logistik', people: 11 },
  { id: 'C6', name: 'Förde Kliniken', people: 7 },
  { id: 'C7', name: 'Gründel Mode', people: 6 },
] as const;
/** Is paid from May 2025 on, and nobody at his client has ever seen him. */
export const ghost = 'C5-012';

const firstNames = ['Anke', 'Bernd', 'Carla', 'Detlef', 'Elif', 'Frank', 'Gesa', 'Hakan', 'Ilka', 'Jan', 'Kirsten', 'Levent'] as const;
const lastNames = ['Ahrens', 'Behrens', 'Claussen', 'Demir', 'Ehlers', 'Friedrichs', 'Gerdes', 'Hansen', 'Ihde', 'Jessen'] as const;
const since = '2025-03-01T00:00:00.000Z';

export const clientEmployees: readonly Employee[] = [
  ...clients.flatMap(({ id: client, people }, place) =>
    Array.from({ length: people }, (_, index): Employee => {
      const id = `${client}-${String(index + 1).padStart(3, '0')}`;
      return {
        id,
        name: `${firstNames[(index + place * 5) % firstNames.length]} ${lastNames[(index * 3 + place * 7) % lastNames.length]}`,
        client,
        startsOn: '2024-01-01',
        endsOn: null,
        known: since,
        pay: [{ from: '2024-01-01', cents: 245_000 + ((index * 37 + place * 61) % 23) * 9_317 }],
      };
    }),
  ),
  {
    id: ghost,
    name: 'Rolf Adler',
    client: 'C5',
    startsOn: '2025-05-01',
    endsOn: null,
    known: '2025-05-12T09:40:00.000Z',
    pay: [{ from: '2025-05-01', cents: 318_400 }],
  },
];

/** Who raised his own pay, from when on, and to what. */
export const selfRaise = { employee: 'E-137', at: '2025-11-11T16:42:00.000Z', from: '2025-11-12', cents: 612_000 } as const;

/** Northwind's own people as its payroll has them. */
function ownEmployees(now: string): readonly Employee[] {
  return staffAt(now).flatMap(({ number, name, startsOn, endsOn, pay }) =>
    pay === null
      ? []
      : [
          {
            id: number,
            name,
            client: ownClient,
            startsOn,
            endsOn,
            known: since,
            pay: [
              { from: startsOn, cents: Math.round((pay * 100) / 12) },
              ...(number === selfRaise.employee ? [{ from: selfRaise.from, cents: selfRaise.cents }] : []),
            ],
          },
        ],
  );
}

/** Everybody the payroll application has at `now` (ISO-8601 UTC). */
export function employeesAt(now: string): readonly Employee[] {
  return [...ownEmployees(now), ...clientEmployees.filter(({ known }) => known <= now)];
}

/** Gross of the month on `day`, in cents. */
export function payOn({ pay }: Employee, day: string): number {
  return pay.findLast(({ from }) => from <= day)?.cents ?? 0;
}
