import type { Examination, ExaminedTable, Example } from './examination.ts';
import { type Cell, orderRows, type RecordRow } from './record-table.ts';
import { runExamination } from './run-examination.ts';
import { whoIs } from './who-is.ts';

/** What came of one declared example. */
export interface ExampleRun {
  readonly name: string;
  readonly expected: 'holds' | 'fails';
  /** `unknown`: of a record it could not be told. */
  readonly found: 'holds' | 'fails' | 'unknown';
  /** `P-2: amount as in P-1: 12.00`. */
  readonly why: readonly string[];
}

const exampleAt = '2026-01-15T12:00:00.000Z';

/** Runs the examples of an examination: they are its tests, and what a reader learns it from. Pure. */
export function runExamples(examination: Examination, tables: ReadonlyMap<string, ExaminedTable>): readonly ExampleRun[] {
  return (['holds', 'fails'] as const).flatMap((expected) =>
    Object.entries(examination.examples[expected]).map(([name, example]) => {
      const { findings, undecided, unseen } = runExamination(examination, {
        at: example.at ?? exampleAt,
        who: whoIs(
          Object.entries(example.accounts).map(([login, id]) => ({ id, names: [login] })),
          accountsOf(examination, example),
        ),
        table: (table) => ({
          name: table,
          columns: new Map(Object.entries(tables.get(table)?.columns ?? {})),
          rows: orderRows((example.rows[table] ?? []).map(rowOf)),
          gap: null,
        }),
      });
      const found = findings.length > 0 ? 'fails' : undecided.length > 0 || unseen > 0 ? 'unknown' : 'holds';
      return { name, expected, found, why: [...findings, ...undecided].map(({ key, why }) => `${key}: ${why}`) };
    }),
  );
}

/** The first column names a row of an example, so that it is written as short as it can be. */
function rowOf(values: Readonly<Record<string, Cell>>): RecordRow {
  return { key: String(Object.values(values)[0] ?? ''), values };
}
function accountsOf(examination: Examination, { accounts }: Example) {
  const system = examination.kind === 'maker-checker' ? examination.accounts : undefined;
  if (system === undefined) return [];
  return Object.entries(accounts).map(([login, owner]) => ({ system, names: [login], kind: 'person' as const, owner }));
}
