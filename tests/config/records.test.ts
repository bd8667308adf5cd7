import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runExamples } from '../../src/access/records/run-examples.ts';
import { loadFrameworks } from '../../src/config/frameworks.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { readYaml } from '../../src/config/read-yaml.ts';
import { loadRecords } from '../../src/config/records-file.ts';
import { TabularSource } from '../../src/config/tabular-settings.ts';
import { ProoflineError } from '../../src/model/errors.ts';
import { directoryWith } from './temporary.ts';

const library = libraryDirectory();
const controls = (readYaml(join(library, 'controls', 'payroll.yaml')).source.value as { controls: { id: string }[] }).controls;
const tabular = [
  TabularSource.parse({
    name: 'erp',
    kind: 'csv',
    tables: [
      {
        name: 'payments',
        as: 'payroll.payment',
        path: 'payments.csv',
        key: ['no'],
        columns: {
          no: {},
          worker: {},
          amount: { type: 'decimal' },
          day: { type: 'date' },
          cur: {},
          ref: {},
          tags: { type: 'list', optional: true },
        },
        map: { paymentId: 'no', employee: 'worker', valueDate: 'day', currency: 'cur', reference: 'ref' },
      },
    ],
  }),
];
const catalog = { tabular, frameworks: loadFrameworks(library), controls };
const problemsOf = (text: string) => {
  try {
    loadRecords([join(directoryWith({ 'records.yaml': text }), 'records.yaml')], library, catalog);
  } catch (error) {
    if (error instanceof ProoflineError) return error.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
    throw error;
  }
  return [];
};

describe('files of examinations', () => {
  it('name everything that is wrong at once, with its line', () => {
    const problems = problemsOf(`version: 1
leaveOut: [{ id: PR-99, because: none }]
examinations:
  - id: A
    title: t
    control: PR-70
    kind: unique
    severity: high
    rationale: r
    objectives: [CO-XX]
    over: erp.payments
    key: [wroker]
    withinDays: 3
    examples: { holds: { a: { rows: {} } }, fails: { a: { rows: {} } } }
  - id: A
    title: t
    kind: recalculate
    severity: high
    rationale: r
    over: erp.payments
    where: amount > 'x'
    column: day
    expression: amount * 1.19
    examples: { holds: { a: { rows: {} } }, fails: { a: { rows: {} } } }
  - id: B
    title: t
    kind: calendar
    severity: high
    rationale: r
    over: erp.paymnets
    at: day
    zone: Europe/Berlln
    due: { cron: '0 25 * * *' }
    examples: { holds: { a: { rows: {} } }, fails: { a: { rows: {} } } }
`);
    expect(problems).toEqual([
      '2 leaveOut[0].id: there is no shipped examination "PR-99" (did you mean "PR-09"?)',
      '4 examinations[0]: needs `at`: the column with the time of a record',
      '6 examinations[0].control: there is no control "PR-70" (did you mean "PR-07"?)',
      '10 examinations[0].objectives[0]: there is no control objective "CO-XX"',
      '12 examinations[0].key[0]: erp.payments has no column "wroker" (did you mean "worker"?)',
      expect.stringContaining('15 examinations[1].id: the id "A" is taken ('),
      expect.stringContaining('21 examinations[1].where: cannot be read over erp.payments: no such overload: Decimal > string'),
      '22 examinations[1].column: erp.payments.day is declared date, expected decimal or integer',
      '23 examinations[1].expression: cannot be read over erp.payments: no such overload: Decimal * double; write an amount as decimal("0.01")',
      '30 examinations[2].over: there is no table and no kind of record "erp.paymnets" (did you mean "erp.payments"?)',
      '32 examinations[2].zone: "Europe/Berlln" is no time zone',
      '33 examinations[2].due.cron: "25" cannot be read as numbers, lists, ranges and steps',
    ]);
  });
  it('block a shipped examination that a table cannot serve, and carry out those that it can', () => {
    const { examinations } = loadRecords([], library, catalog);
    const blocked = (id: string) => examinations.find(({ examination }) => examination.id === id)?.blocked;
    expect(blocked('PR-07-ONCE')).toBeNull();
    expect(blocked('PR-04')).toBe('erp.payments gives no runId: declare the column, or map it');
    expect(blocked('PR-05')).toBe('no table is declared whose rows are app.payroll-run (Payroll run)');
  });
  it('take the place of shipped ones by id, leave others out, and have examples that say what they should', () => {
    const { examinations, leftOut, tables } = loadRecords([join(library, 'records.example.yaml')], library, catalog);
    expect(leftOut.map(({ id }) => id)).toEqual(['PR-06-FILED']);
    expect(examinations.some(({ examination }) => examination.id === 'PR-06-FILED')).toBe(false);
    const own = examinations.filter(({ origin }) => origin === 'own').map(({ examination }) => examination);
    expect(own.map(({ id }) => id)).toEqual(['MONTHLY-CLOSE', 'PR-07-ONCE', 'RUN-NET']);
    const known = new Map(tables.map((table) => [table.name, table]));
    for (const examination of own) for (const { expected, found } of runExamples(examination, known)) expect(found).toBe(expected);
  });
});
