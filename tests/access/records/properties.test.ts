import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, decimalOfNumber, parseDecimal } from '../../../src/access/records/decimal.ts';
import { Examination } from '../../../src/access/records/examination.ts';
import { orderRows, type RecordColumn, type RecordRow, type RecordTable } from '../../../src/access/records/record-table.ts';
import { runExamination } from '../../../src/access/records/run-examination.ts';
import type { Examined } from '../../../src/access/records/select-records.ts';
import { whoIs } from '../../../src/access/records/who-is.ts';

type Types = Readonly<Record<string, RecordColumn['type']>>;
const types: Readonly<Record<string, Types>> = {
  'x.ledger': {
    entry: 'text',
    number: 'integer',
    person: 'text',
    amount: 'decimal',
    fee: 'decimal',
    booked: 'date',
    approvedAt: 'time',
    effectiveAt: 'time',
    maker: 'text',
    checker: 'text',
    reference: 'text',
  },
  'x.bank': { tx: 'text', reference: 'text', amount: 'decimal', booked: 'date' },
  'x.staff': { person: 'text', from: 'date', until: 'date' },
  'x.changes': { change: 'text', person: 'text', at: 'date', by: 'text' },
  'x.totals': { total: 'text', person: 'text', amount: 'decimal' },
};
const about = {
  title: 't',
  severity: 'high',
  rationale: 'r',
  over: 'x.ledger',
  examples: { holds: { a: { rows: {} } }, fails: { a: { rows: {} } } },
};
const declare = (fields: Record<string, unknown> & { kind: Examination['kind'] }) =>
  Examination.parse({ ...about, id: fields.kind, ...fields });
const examinations: readonly Examination[] = [
  declare({ kind: 'unique', at: 'booked', key: ['reference', 'amount'], withinDays: 9 }),
  declare({
    kind: 'reconcile',
    at: 'booked',
    with: 'x.bank',
    withAt: 'booked',
    by: { reference: 'reference' },
    amounts: { amount: 'amount' },
    withinDays: 3,
  }),
  declare({ kind: 'maker-checker', maker: 'maker', checker: 'checker' }),
  declare({ kind: 'approval-before-effect', approvedAt: 'approvedAt', effectiveAt: 'effectiveAt' }),
  declare({ kind: 'sequence', number: 'number' }),
  declare({ kind: 'calendar', at: 'booked', due: { workingDay: 'every' }, observe: { from: '2026-01-01' }, extra: 'fail' }),
  declare({ kind: 'timeliness', from: 'booked', to: 'effectiveAt', within: { businessDays: 2 } }),
  declare({ kind: 'totals', with: 'x.totals', by: { person: 'person' }, sums: { amount: 'amount' } }),
  declare({ kind: 'recalculate', column: 'amount', expression: 'fee * 2' }),
  declare({ kind: 'predicate', condition: 'amount >= fee' }),
  declare({ kind: 'exists-in', at: 'booked', in: 'x.staff', by: { person: 'person' }, from: 'from', until: 'until' }),
  declare({
    kind: 'changed-before',
    at: 'booked',
    changes: 'x.changes',
    by: { person: 'person' },
    days: 5,
    changedAt: 'at',
    verifiedBy: 'by',
  }),
];

const who = whoIs(
  [
    { id: 'hr:1', names: ['a', 'a2'] },
    { id: 'hr:2', names: ['b'] },
  ],
  [],
);
type Rows = Readonly<Record<string, readonly RecordRow[]>>;
function examine(examination: Examination, rows: Rows, gap: RecordTable['gap'] = null): Examined {
  return runExamination(examination, {
    who,
    at: '2026-01-25T12:00:00.000Z',
    table: (name) => ({
      name,
      columns: new Map(Object.entries(types[name] ?? {}).map(([column, type]) => [column, { type, optional: false }])),
      rows: orderRows(rows[name] ?? []),
      gap,
    }),
  });
}

const pick = (...values: (string | null)[]) => fc.constantFrom(...values);
const date = fc.integer({ min: 1, max: 24 }).map((day) => `2026-01-${String(day).padStart(2, '0')}`);
const time = date.map((day) => `${day}T09:30:00.000Z`);
const amount = fc.constantFrom('10', '10.0', '20.00', '0.1', '0.10', '-3');
const rowsOf = (cells: Readonly<Record<string, fc.Arbitrary<RecordRow['values'][string]>>>, prefix: string) =>
  fc
    .array(fc.record(cells), { maxLength: 12 })
    .map((list) => list.map((values, index): RecordRow => ({ key: `${prefix}-${index}`, values: { ...values } })));
const populations = fc.record({
  'x.ledger': rowsOf(
    {
      number: fc.integer({ min: 1, max: 15 }),
      person: pick('p', 'q', 'r'),
      amount,
      fee: amount,
      booked: date,
      approvedAt: fc.option(time),
      effectiveAt: fc.option(time),
      maker: pick('a', 'b', 'zz'),
      checker: pick('a', 'a2', 'b', null),
      reference: pick('R1', 'R2', 'R3', 'R4'),
    },
    'L',
  ),
  'x.bank': rowsOf({ reference: pick('R1', 'R2', 'R3', 'R5'), amount, booked: date }, 'T'),
  'x.staff': rowsOf({ person: pick('p', 'q'), from: date, until: fc.option(date) }, 'S'),
  'x.changes': rowsOf({ person: pick('p', 'q'), at: date, by: pick('call', null) }, 'C'),
  'x.totals': rowsOf({ person: pick('p', 'q'), amount }, 'X'),
});
const keysIn = (list: readonly { key: string }[]) => list.map(({ key }) => key);

describe.each(examinations.map((examination) => [examination.kind, examination] as const))('%s', (_, examination) => {
  it('comes to the same in whatever order the rows are given', () => {
    fc.assert(
      fc.property(populations, fc.infiniteStream(fc.nat()), (rows, order) => {
        const shuffled = Object.fromEntries(
          Object.entries(rows).map(([name, list]) => {
            const ranked = list.map((row) => ({ row, rank: Number(order.next().value) }));
            return [name, ranked.sort((a, b) => a.rank - b.rank).map(({ row }) => row)];
          }),
        );
        expect(examine(examination, shuffled)).toEqual(examine(examination, rows));
      }),
      { numRuns: 60 },
    );
  });
  it('never lets a record hold of which a cell that it looks at could not be read', () => {
    fc.assert(
      fc.property(populations, fc.nat(), (rows, which) => {
        const ledger = rows['x.ledger'];
        const at = ledger.length === 0 ? -1 : which % ledger.length;
        const blinded = ledger.map((row, index) => (index === at ? { ...row, values: {} } : row));
        const { findings, undecided } = examine(examination, { ...rows, 'x.ledger': blinded });
        if (at >= 0) expect([...keysIn(undecided), ...keysIn(findings)]).toContain(`L-${at}`);
      }),
      { numRuns: 60 },
    );
  });
  it('says of no record that it is missing where not all was seen', () => {
    fc.assert(
      fc.property(populations, (rows) => {
        const [whole, part] = [examine(examination, rows), examine(examination, rows, 'truncated')];
        expect(keysIn(part.findings).every((key) => keysIn(whole.findings).includes(key))).toBe(true);
        expect(part.unseen + part.findings.length).toBe(whole.unseen + whole.findings.length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('duplicates', () => {
  it('are found whenever one is added, and named', () => {
    fc.assert(
      fc.property(populations, fc.nat(), (rows, which) => {
        const ledger = rows['x.ledger'];
        fc.pre(ledger.length > 0);
        const twin = { key: 'L-twin', values: ledger[which % ledger.length]?.values ?? {} };
        const once = declare({ kind: 'unique', key: ['reference', 'amount'] });
        const before = examine(once, rows).findings.length;
        const after = examine(once, { ...rows, 'x.ledger': [...ledger, twin] }).findings;
        expect(after.length).toBe(before + 1);
        expect(after.some(({ key, why }) => key === 'L-twin' || why.includes('as in L-twin'))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('reconciliation', () => {
  it('names every key that differs and no other', () => {
    fc.assert(
      fc.property(populations, (rows) => {
        const examination = declare({ kind: 'reconcile', with: 'x.bank', by: { reference: 'reference' }, amounts: { amount: 'amount' } });
        const sums = (table: 'x.ledger' | 'x.bank') => {
          const found = new Map<string, bigint>();
          for (const { values } of rows[table]) {
            const [whole = '0', part = ''] = String(values['amount']).split('.');
            const reference = String(values['reference']);
            found.set(reference, (found.get(reference) ?? 0n) + BigInt(whole + part.padEnd(2, '0')));
          }
          return found;
        };
        const [mine, theirs] = [sums('x.ledger'), sums('x.bank')];
        const expected = [...new Set([...mine.keys(), ...theirs.keys()])].filter((key) => mine.get(key) !== theirs.get(key)).sort();
        const by = new Map([...rows['x.ledger'], ...rows['x.bank']].map(({ key, values }) => [key, String(values['reference'])]));
        const named = examine(examination, rows)
          .findings.map(({ key }) => by.get(key))
          .sort();
        expect(named).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});

describe('amounts', () => {
  it('are added, multiplied and rounded exactly', () => {
    const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(decimals, { minLength: 1, maxLength: 20 }), (list) => {
        const sum = list.reduce((total, [units, scale]) => total.plus(new Decimal(units, scale)), new Decimal(0n, 0));
        const exact = list.reduce((total, [units, scale]) => total + units * 10n ** BigInt(12 - scale), 0n);
        expect(sum.compare(new Decimal(exact, 12))).toBe(0);
        const text = sum.toString().replaceAll(',', '');
        expect(parseDecimal(text)?.compare(sum)).toBe(0);
      }),
    );
    expect(parseDecimal('2.345')?.rounded(2).toString()).toBe('2.35');
    expect(parseDecimal('-2.345')?.rounded(2).toString()).toBe('-2.35');
    expect(parseDecimal('1200')?.toString()).toBe('1,200');
    expect(parseDecimal('1234567.5')?.toString()).toBe('1,234,567.50');
  });
  it('are read from text as it is written and from numbers that say one', () => {
    expect(['', '-', '1.', '.5', '1,000', '1e3', ' 1', '0x1', '1.2.3', 'NaN', '٣'].map((text) => parseDecimal(text))).toEqual(
      Array.from({ length: 11 }, () => undefined),
    );
    expect(decimalOfNumber(0.1)?.toString()).toBe('0.10');
    expect(decimalOfNumber(1100.15)?.toString()).toBe('1,100.15');
    expect(decimalOfNumber(0.1 + 0.2)).toBeUndefined();
    expect(decimalOfNumber(2 ** 53)).toBeUndefined();
  });
});
