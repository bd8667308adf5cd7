import { compileAmount, compileCondition } from './compile-expression.ts';
import type { ExaminationOf } from './examination.ts';
import { type Column, columnOf, columnsOf, decimalIn, shownIn, Undecided } from './read-cell.ts';
import { toleranceOf } from './reconcile-records.ts';
import type { RecordRow } from './record-table.ts';
import type { Findings, Selection } from './select-records.ts';

/** Records whose amount is not what the declared expression gives, in exact decimals. */
export function recalculateRecords(examination: ExaminationOf<'recalculate'>, over: Selection, findings: Findings): void {
  const column = columnOf(over.table, examination.column);
  const expression = compileAmount(examination.expression, over.table.columns);
  const named = columnsOf(over.table, expression.columns);
  const tolerance = toleranceOf(examination.tolerance);
  over.each((row, at) => {
    const [says, gives] = [decimalIn(row, column), expression.of(row)];
    if (says === null) throw new Undecided(`${column.name} is empty`);
    if (says.minus(gives).absolute().compare(tolerance) <= 0) return;
    findings.fail(
      over.table.name,
      row.key,
      over.shown(at),
      `${column.name} is ${says}, recalculated ${gives} (${examination.expression}${valuesOf(row, named)})`,
    );
  });
}

/** Records of which the declared condition is not true. */
export function findUnmet(examination: ExaminationOf<'predicate'>, over: Selection, findings: Findings): void {
  const condition = compileCondition(examination.condition, over.table.columns);
  const named = columnsOf(over.table, condition.columns);
  over.each((row, at) => {
    if (condition.of(row)) return;
    findings.fail(over.table.name, row.key, over.shown(at), `${examination.condition} is not so${valuesOf(row, named)}`);
  });
}

function valuesOf(row: RecordRow, columns: readonly Column[]): string {
  return columns.length === 0 ? '' : `: ${columns.map((column) => `${column.name} ${shownIn(row, [column])}`).join(', ')}`;
}
