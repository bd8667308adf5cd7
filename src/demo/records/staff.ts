/** Somebody on the HR roster of Northwind Payroll, as he was at one time. */
export interface StaffMember {
  /** `E-101`. */
  readonly number: string;
  /** As he is called at GitHub and AWS; his addresses and his logins elsewhere are made of it. */
  readonly login: string;
  readonly name: string;
  readonly kind: 'employee' | 'contractor' | 'external';
  readonly department: string;
  readonly title: string;
  /** Number. */
  readonly manager: string | null;
  readonly startsOn: string;
  readonly endsOn: string | null;
  /** Yearly gross pay in whole euros; null: he sends invoices. */
  readonly pay: number | null;
}

type Place = readonly [department: string, title: string, manager: string | null];
const staff = (
  number: string,
  login: string,
  name: string,
  [department, title, manager]: Place,
  startsOn: string,
  pay: number | null,
  rest: Partial<Pick<StaffMember, 'endsOn' | 'kind'>> = {},
): StaffMember => ({ number, login, name, kind: 'employee', department, title, manager, startsOn, endsOn: null, pay, ...rest });

const engineering: Place = ['Engineering', 'Engineer', 'E-114'];
const platform: Place = ['Platform', 'Platform engineer', 'E-101'];
const payroll: Place = ['Payroll operations', 'Payroll specialist', 'E-130'];
const clients: Place = ['Client services', 'Client adviser', 'E-135'];
const treasury: Place = ['Treasury', 'Treasurer', 'E-118'];

/** Everybody HR knew in the described year. */
const roster: readonly StaffMember[] = [
  staff('E-100', 'friederike-sommer', 'Friederike Sommer', ['Management', 'Managing director', null], '2021-01-04', 168_000),
  staff('E-101', 'amara-okafor', 'Amara Okafor', ['Platform', 'Head of platform', 'E-100'], '2021-02-01', 118_000),
  staff('E-102', 'henrik-solberg', 'Henrik Solberg', platform, '2021-03-01', 96_000),
  staff('E-103', 'ines-carvalho', 'Inês Carvalho', ['Security', 'Head of security', 'E-100'], '2021-05-03', 112_000),
  staff('E-104', 'dmitri-volkov', 'Dmitri Volkov', platform, '2021-09-01', 91_000),
  staff('E-105', 'leila-haddad', 'Leila Haddad', engineering, '2021-03-01', 88_000),
  staff('E-106', 'marcus-lindqvist', 'Marcus Lindqvist', engineering, '2021-10-04', 84_000),
  staff('E-107', 'priya-raman', 'Priya Raman', engineering, '2022-01-10', 86_000),
  staff('E-108', 'tobias-brenner', 'Tobias Brenner', engineering, '2022-02-01', 83_000),
  staff('E-109', 'yuki-tanabe', 'Yuki Tanabe', engineering, '2022-04-04', 82_000),
  staff('E-110', 'clara-jensen', 'Clara Jensen', engineering, '2022-06-01', 81_000),
  staff('E-111', 'oluwaseun-ade', 'Oluwaseun Ade', engineering, '2022-08-01', 82_500),
  staff('E-112', 'rosa-jimenez', 'Rosa Jiménez', engineering, '2022-09-05', 80_000),
  staff('E-113', 'piotr-nowak', 'Piotr Nowak', engineering, '2023-01-09', 79_000),
  staff('E-114', 'hannah-weiss', 'Hannah Weiss', ['Engineering', 'Head of engineering', 'E-100'], '2021-04-01', 116_000),
  staff('E-115', 'samir-benali', 'Samir Benali', engineering, '2023-03-01', 78_000),
  staff('E-116', 'grace-obrien', 'Grace O’Brien', engineering, '2023-05-02', 77_500),
  staff('E-117', 'lukas-maurer', 'Lukas Maurer', ['Support', 'Support engineer', 'E-114'], '2023-06-01', 64_000),
  staff('E-118', 'eva-richter', 'Eva Richter', ['Finance', 'Head of finance', 'E-100'], '2021-02-15', 109_000),
  staff('E-119', 'noah-dekker', 'Noah Dekker', treasury, '2022-03-01', 71_000),
  staff('E-120', 'maya-thompson', 'Maya Thompson', ['People', 'Head of people', 'E-100'], '2021-06-01', 92_000),
  staff('E-121', 'nadia-petrov', 'Nadia Petrov', engineering, '2025-04-14', 76_000),
  staff('E-122', 'jonas-weber', 'Jonas Weber', engineering, '2025-06-16', 74_000),
  staff('E-123', 'ines-moreau', 'Inès Moreau', ['Security', 'Security engineer', 'E-103'], '2026-01-12', 89_000),
  staff('E-124', 'tomasz-zielinski', 'Tomasz Zieliński', engineering, '2026-03-12', 75_000),
  staff('E-130', 'bettina-krause', 'Bettina Krause', ['Payroll operations', 'Head of payroll operations', 'E-100'], '2021-04-01', 95_000),
  staff('E-131', 'karin-vogt', 'Karin Vogt', payroll, '2022-05-02', 58_000),
  staff('E-132', 'milan-horvat', 'Milan Horvat', payroll, '2022-11-01', 56_000),
  staff('E-133', 'sofie-lund', 'Sofie Lund', payroll, '2024-02-01', 54_000),
  staff('E-134', 'david-osei', 'David Osei', ['Payroll operations', 'Payroll supervisor', 'E-130'], '2021-08-02', 72_000),
  staff('E-135', 'ulrike-brandt', 'Ulrike Brandt', ['Client services', 'Head of client services', 'E-100'], '2021-07-01', 90_000),
  staff('E-136', 'lena-fischer', 'Lena Fischer', clients, '2023-02-01', 55_000),
  staff('E-137', 'paolo-ricci', 'Paolo Ricci', clients, '2022-10-04', 57_600),
  staff('E-138', 'sven-aalto', 'Sven Aalto', treasury, '2023-09-01', 69_000),
  staff('E-139', 'gabriela-silva', 'Gabriela Silva', ['Finance', 'Accountant', 'E-118'], '2022-01-03', 63_000),
  staff('E-140', 'tomas-novak', 'Tomáš Novák', ['Finance', 'Accountant', 'E-118'], '2023-04-03', 61_000),
  staff('E-141', 'irma-keller', 'Irma Keller', ['Finance', 'Accountant', 'E-118'], '2021-11-01', 65_000),
  staff('E-190', 'studio-verne', 'Jules Verne-Adler', ['Design', 'Designer', 'E-114'], '2023-01-02', null, { kind: 'external' }),
];

interface Moved extends Partial<Pick<StaffMember, 'department' | 'title' | 'manager' | 'endsOn'>> {
  readonly number: string;
  /** ISO-8601 UTC: when HR entered it. */
  readonly at: string;
}
const moves: readonly Moved[] = [
  // HR knew his last day a month ahead; his accounts were there for nine days after it.
  { number: 'E-113', at: '2025-06-13T08:00:00.000Z', endsOn: '2025-07-13' },
  { number: 'E-131', at: '2025-10-01T06:00:00.000Z', department: 'Treasury', title: 'Treasurer', manager: 'E-118' },
];

/** Everybody HR knows at `now` (ISO-8601 UTC), by number: who is to come within a month is among them, who left stays. */
export function staffAt(now: string): readonly StaffMember[] {
  const known = new Date(Date.parse(now) + 30 * 86_400_000).toISOString().slice(0, 10);
  return roster
    .filter(({ startsOn }) => startsOn <= known)
    .map((member) => {
      const entered = moves.filter(({ number, at }) => number === member.number && at <= now);
      return Object.assign({}, member, ...entered.map(({ at: _at, ...changed }) => changed)) as StaffMember;
    });
}

export function addressOf({ login }: Pick<StaffMember, 'login'>): string {
  return `${login.replace('-', '.')}@northwind-payroll.example`;
}
/** His name in the payroll application, the ledger and the bank's portal. */
export function userNameOf(login: string): string {
  return login.replace('-', '.');
}
