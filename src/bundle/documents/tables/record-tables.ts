import type { BundleExamination, BundleFailingRecord, RecordsPack } from '../../../model/entity-pack.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { shownColumns, unknownColumn, yesNo } from './people-tables.ts';
import type { Local } from './time-columns.ts';

/** Registers of examinations of records, by the name of their file. */
export function recordTables(pack: RecordsPack, local: Local): Readonly<Record<string, AnyTable>> {
  return {
    examinations: asTable<BundleExamination>({
      name: 'Examinations',
      columns: [
        column('examination', 20, (one) => one.examination),
        column('title', 60, (one) => one.title),
        column('control', 12, (one) => one.control),
        column('severity', 12, (one) => one.severity),
        column('read', 12, (one) => yesNo(one.population !== null)),
        column('records_examined', 12, (one) => one.population?.examined ?? null),
        column('failing', 10, (one) => one.population?.failing ?? null),
        column('explained', 10, (one) => one.population?.explained ?? null),
        column('nothing_due_yet', 12, (one) => one.population?.waiting ?? null),
        column('earliest_record', 24, (one) => one.population?.from ?? null),
        column('latest_record', 24, (one) => one.population?.to ?? null),
        column('tables', 60, (one) => list(one.tables.map(({ table, records }) => `${table}: ${records}`))),
        column('sha256_over_keys', 74, (one) => list(one.tables.map(({ table, keys }) => `${table} ${keys ?? 'not read'}`))),
        column('cannot_be_carried_out', 50, (one) => one.blocked),
        ...shownColumns<BundleExamination>(local),
        column('at_the_end', 10, (one) => yesNo(one.latest)),
        unknownColumn(),
      ],
      rows: pack.examinations,
    }),
    'failing-records': asTable<BundleFailingRecord>({
      name: 'Failing records',
      columns: [
        column('examination', 20, (one) => one.examination),
        column('title', 60, (one) => one.title),
        column('control', 12, (one) => one.control),
        column('severity', 12, (one) => one.severity),
        column('table', 30, (one) => one.table),
        column('key', 30, (one) => one.key),
        column('record', 30, (one) => one.record),
        column('record_at', 24, (one) => one.at),
        column('fails', 12, (one) => (one.fails ? 'yes' : 'not known')),
        column('why', 80, (one) => one.why),
        column('explanation', 60, (one) => one.explanation?.reason ?? null),
        column('explained_by', 24, (one) => one.explanation?.by ?? null),
        column('explanation_approved_by', 24, (one) => one.explanation?.approvedBy ?? null),
        column('explanation_expires', 14, (one) => one.explanation?.expires ?? null),
        ...shownColumns<BundleFailingRecord>(local),
        unknownColumn(),
      ],
      rows: pack.failing,
    }),
  };
}
