/**
 * Every kind of examination over 200,000 ledger rows against 200,000 bank rows, and the same questions as joins in SQLite in the same run.
 * Both begin with the rows in memory as their source gives them; SQLite is given indexes over the keys. Run: node tests/bench/records.ts
 * Exit code 1 when the examinations take more than three times what SQLite takes, or find another number of records.
 */
import { DatabaseSync } from 'node:sqlite';
import { Examination, type ExaminationOf } from '../../src/access/records/examination.ts';
import { orderRows, type RecordColumn, type RecordRow, type RecordTable } from '../../src/access/records/record-table.ts';
import { runExamination } from '../../src/access/records/run-examination.ts';
import { whoIs } from '../../src/access/records/who-is.ts';

const rows = Number(process.argv[2] ?? 200_000);
const dayMs = 86_400_000;
const start = Date.parse('2025-01-01');
const day = (n: number) => new Date(start + (n % 360) * dayMs).toISOString().slice(0, 10);
const time = (n: number, hours = 0) => new Date(start + (n % 360) * dayMs + hours * 3_600_000).toISOString();
const cents = (n: number) => `${1000 + (n % 7919)}.${String(n % 100).padStart(2, '0')}`;
const logins = Array.from({ length: 200 }, (_, n) => `user.${n}`);

/** A ledger of which every 1,000th row is wrong in one of several ways, and the bank's side of it. */
function ledgerRow(n: number): RecordRow['values'] {
  const wrong = n % 1000 === 500 ? (n / 500) % 7 : -1;
  return {
    entry: `L-${String(n).padStart(7, '0')}`,
    number: wrong === 0 ? n + 1 : n,
    account: `A-${n % 50}`,
    employee: wrong === 1 ? `X-${n}` : `E-${n % 5000}`,
    amount: wrong === 2 ? '1.00' : cents(n),
    gross: `${2000 + (n % 7919)}.${String(n % 100).padStart(2, '0')}`,
    deductions: wrong === 3 ? '999.99' : '1000.00',
    booked: day(n),
    approvedAt: time(n, wrong === 4 ? 30 : 1),
    effectiveAt: time(n, 12),
    maker: logins[n % 200] ?? '',
    checker: logins[wrong === 5 ? n % 200 : (n + 1) % 200] ?? '',
    reference: wrong === 6 ? `R-${n - 1000}` : `R-${n}`,
    batch: `B-${n % 2000}`,
  };
}
const ledger = Array.from({ length: rows }, (_, n) => ledgerRow(n));
const bank = Array.from({ length: rows }, (_, n) => ({ tx: `T-${n}`, reference: `R-${n}`, amount: cents(n), booked: day(n + (n % 3)) }));
const staff = Array.from({ length: 5000 }, (_, n) => ({
  employee: `E-${n}`,
  from: '2020-01-01',
  until: n % 500 === 0 ? '2025-06-30' : null,
}));
const changes = Array.from({ length: 5000 }, (_, n) => ({
  change: `C-${n}`,
  employee: `E-${n}`,
  at: day(n * 7),
  by: n % 100 === 0 ? null : 'call',
}));
const batches = Map.groupBy(ledger, ({ batch }) => String(batch));
const registers = [...batches].map(([batch, of], b) => {
  const sum = of.reduce((total, { amount }) => total + BigInt(String(amount).replace('.', '')), b % 500 === 7 ? 1n : 0n);
  return { batch, total: `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`, count: of.length };
});

type Types = Readonly<Record<string, RecordColumn['type'] | `${RecordColumn['type']}?`>>;
const shapes: Readonly<Record<string, { key: string; types: Types; rows: readonly RecordRow['values'][] }>> = {
  'x.ledger': {
    key: 'entry',
    rows: ledger,
    types: {
      entry: 'text',
      number: 'integer',
      account: 'text',
      employee: 'text',
      amount: 'decimal',
      gross: 'decimal',
      deductions: 'decimal',
      booked: 'date',
      approvedAt: 'time',
      effectiveAt: 'time',
      maker: 'text',
      checker: 'text',
      reference: 'text',
      batch: 'text',
    },
  },
  'x.bank': { key: 'tx', rows: bank, types: { tx: 'text', reference: 'text', amount: 'decimal', booked: 'date' } },
  'x.staff': { key: 'employee', rows: staff, types: { employee: 'text', from: 'date', until: 'date?' } },
  'x.changes': { key: 'change', rows: changes, types: { change: 'text', employee: 'text', at: 'date', by: 'text?' } },
  'x.registers': { key: 'batch', rows: registers, types: { batch: 'text', total: 'decimal', count: 'integer' } },
};

const about = {
  title: 't',
  severity: 'high',
  rationale: 'r',
  over: 'x.ledger',
  examples: { holds: { a: { rows: {} } }, fails: { a: { rows: {} } } },
};
const declare = (fields: { kind: Examination['kind'] } & Record<string, unknown>) =>
  Examination.parse({ ...about, id: fields.kind, ...fields });
const day0 = (column: string) => `date(l.${column})`;
const minor = (column: string) => `cast(replace(${column}, '.', '') as integer)`;

/** Each with the same question in SQL: the keys of the records that fail. */
const questions: readonly { examination: Examination; sql: string }[] = [
  {
    examination: declare({ kind: 'unique', key: ['reference'] }),
    sql: 'select entry from (select entry, row_number() over (partition by reference order by entry) as n from ledger) where n > 1',
  },
  {
    examination: declare({
      kind: 'reconcile',
      at: 'booked',
      with: 'x.bank',
      withAt: 'booked',
      by: { reference: 'reference' },
      amounts: { amount: 'amount' },
      withinDays: 5,
    } satisfies Partial<ExaminationOf<'reconcile'>> & { kind: 'reconcile' }),
    sql: `with l as (select reference, min(entry) as entry, sum(${minor('amount')}) as amount, min(booked) as booked from ledger group by reference),
      b as (select reference, min(tx) as tx, sum(${minor('amount')}) as amount, min(booked) as booked from bank group by reference)
      select entry from l left join b using (reference) where b.reference is null or l.amount <> b.amount or abs(julianday(l.booked) - julianday(b.booked)) > 5
      union all select tx from b left join l using (reference) where l.reference is null`,
  },
  {
    examination: declare({ kind: 'maker-checker', maker: 'maker', checker: 'checker' }),
    sql: 'select l.entry from ledger l join person m on m.login = l.maker join person c on c.login = l.checker where m.id = c.id',
  },
  {
    examination: declare({ kind: 'approval-before-effect', approvedAt: 'approvedAt', effectiveAt: 'effectiveAt' }),
    sql: 'select entry from ledger where approvedAt is null or approvedAt > effectiveAt',
  },
  {
    examination: declare({ kind: 'sequence', number: 'number' }),
    sql: 'select entry from (select entry, number, lag(number) over (order by number, entry) as last from ledger) where number = last or number > last + 1',
  },
  {
    examination: declare({
      kind: 'calendar',
      at: 'booked',
      due: { cron: '0 0 * * *' },
      observe: { from: '2025-01-01', until: '2025-12-31' },
    }),
    sql: `with recursive days(d) as (select date('2025-01-01') union all select date(d, '+1 day') from days where d < '2025-12-31')
      select d from days where d not in (select booked from ledger)`,
  },
  {
    examination: declare({ kind: 'timeliness', from: 'booked', to: 'effectiveAt', within: { days: 0 } }),
    sql: `select entry from ledger l where date(effectiveAt) > ${day0('booked')}`,
  },
  {
    examination: declare({ kind: 'totals', with: 'x.registers', by: { batch: 'batch' }, sums: { amount: 'total' }, count: 'count' }),
    sql: `select r.batch from registers r join (select batch, sum(${minor('amount')}) as total, count(*) as n from ledger group by batch) l using (batch)
      where l.total <> ${minor('r.total')} or l.n <> r.count`,
  },
  {
    examination: declare({ kind: 'recalculate', column: 'amount', expression: 'gross - deductions' }),
    sql: `select entry from ledger where ${minor('amount')} <> ${minor('gross')} - ${minor('deductions')}`,
  },
  {
    examination: declare({ kind: 'predicate', condition: "amount > 0 && maker != checker && employee.startsWith('E-')" }),
    sql: `select entry from ledger where not (${minor('amount')} > 0 and maker <> checker and employee like 'E-%')`,
  },
  {
    examination: declare({ kind: 'exists-in', at: 'booked', in: 'x.staff', by: { employee: 'employee' }, from: 'from', until: 'until' }),
    sql: 'select entry from ledger l where not exists (select 1 from staff s where s.employee = l.employee and s."from" <= l.booked and (s.until is null or s.until >= l.booked))',
  },
  {
    examination: declare({
      kind: 'changed-before',
      at: 'booked',
      changes: 'x.changes',
      by: { employee: 'employee' },
      days: 30,
      changedAt: 'at',
      verifiedBy: 'by',
    }),
    sql: `select distinct entry from ledger l join changes c on c.employee = l.employee
      where c."by" is null and julianday(l.booked) - julianday(c.at) between 0 and 30`,
  },
];

function tablesIn(): ReadonlyMap<string, RecordTable> {
  return new Map(
    Object.entries(shapes).map(([name, { key, types, rows: values }]) => {
      const columns = Object.entries(types).map(
        ([column, type]) => [column, { type: type.replace('?', '') as RecordColumn['type'], optional: type.endsWith('?') }] as const,
      );
      return [
        name,
        { name, columns: new Map(columns), rows: orderRows(values.map((one) => ({ key: String(one[key]), values: one }))), gap: null },
      ];
    }),
  );
}
// Two logins each: user.0 and user.100 are one person.
const persons = Array.from({ length: 100 }, (_, n) => ({ id: `hr:E-${n}`, names: [`user.${n}`, `user.${n + 100}`] }));

const db = new DatabaseSync(':memory:');
const keysOf: Readonly<Record<string, readonly string[]>> = {
  ledger: ['reference', 'batch', 'number', 'booked', 'employee'],
  bank: ['reference'],
  staff: ['employee'],
  changes: ['employee'],
  registers: ['batch'],
  person: ['login'],
};
function fill(table: string, values: readonly RecordRow['values'][]): void {
  const columns = Object.keys(values[0] ?? {});
  db.exec(`create table ${table} (${columns.map((column) => `"${column}"`).join(', ')})`);
  const insert = db.prepare(`insert into ${table} values (${columns.map(() => '?').join(', ')})`);
  db.exec('begin');
  for (const one of values) insert.run(...columns.map((column) => one[column] as string | number | null));
  db.exec('commit');
  for (const column of keysOf[table] ?? []) db.exec(`create index ${table}_${column} on ${table} ("${column}")`);
}
for (const [name, { rows: values }] of Object.entries(shapes)) fill(name.slice(2), values);
fill(
  'person',
  persons.flatMap(({ id, names }) => names.map((login) => ({ login, id }))),
);

globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
let most = before;
let [ours, theirs, differing] = [0, 0, 0];
const began = performance.now();
const tables = tablesIn();
const who = whoIs(persons, []);
ours += performance.now() - began;
for (const { examination, sql } of questions) {
  const first = performance.now();
  const { findings, undecided } = runExamination(examination, {
    table: (name) => tables.get(name) ?? never(name),
    who,
    at: '2026-01-15T00:00:00.000Z',
  });
  const second = performance.now();
  most = Math.max(most, process.memoryUsage().heapUsed);
  const found = db.prepare(sql).all().length;
  const third = performance.now();
  ours += second - first;
  theirs += third - second;
  if (found !== findings.length || undecided.length > 0) differing += 1;
  const figures = `${Math.round(second - first)} ms, SQLite ${Math.round(third - second)} ms`;
  console.log(`${examination.kind.padEnd(24)} ${String(findings.length).padStart(7)} found (SQLite ${found}), ${figures}`);
}
const mib = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
console.log(
  `all of them over ${rows} rows against ${rows}: ${Math.round(ours)} ms, SQLite ${Math.round(theirs)} ms: ${(ours / theirs).toFixed(2)} times (3 allowed)`,
);
console.log(`heap: ${mib(before)} of it the rows themselves, at most ${mib(most - before)} more while examining`);
if (differing > 0) console.log(`${differing} of them do not find the same`);
process.exitCode = ours / theirs > 3 || differing > 0 ? 1 : 0;

function never(name: string): never {
  throw new Error(`there is no table ${name}`);
}
