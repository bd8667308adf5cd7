import type { ColumnType, Examination } from './examination.ts';
import { monthOf } from './read-cell.ts';

/** Where an examination names a column, and what it must be to be used so. */
export interface ColumnUse {
  readonly path: readonly (string | number)[];
  readonly table: string;
  readonly column: string;
  readonly as: 'anything' | 'amount' | 'time';
}
/** Where it has an expression, over which table, and what it must give. */
export interface ExpressionUse {
  readonly path: readonly (string | number)[];
  readonly table: string;
  readonly text: string;
  readonly gives: 'bool' | 'decimal';
}

const typesFor: Readonly<Record<ColumnUse['as'], readonly ColumnType[]>> = {
  anything: ['text', 'integer', 'decimal', 'boolean', 'date', 'time'],
  amount: ['integer', 'decimal'],
  time: ['date', 'time'],
};
export function columnServes(type: ColumnType, as: ColumnUse['as']): boolean {
  return typesFor[as].includes(type);
}

/** Everything an examination asks of the columns of its tables. */
export function columnUses(examination: Examination): {
  readonly columns: readonly ColumnUse[];
  readonly expressions: readonly ExpressionUse[];
} {
  const columns: ColumnUse[] = [];
  const expressions: ExpressionUse[] = [];
  const { over } = examination;
  const use = (table: string, key: string, column: string | readonly string[] | undefined, as: ColumnUse['as'] = 'anything') => {
    if (typeof column === 'string') columns.push({ path: [key], table, column, as });
    else for (const [index, one] of (column ?? []).entries()) columns.push({ path: [key, index], table, column: one, as });
  };
  const match = (key: string, other: string, pairs: Readonly<Record<string, string>>, as: ColumnUse['as'] = 'anything') => {
    for (const [mine, theirs] of Object.entries(pairs)) {
      for (const [table, name] of [
        [over, mine],
        [other, theirs],
      ] as const) {
        const [column, isMonth] = monthOf(name);
        columns.push({ path: [key, mine], table, column, as: isMonth ? 'time' : as });
      }
    }
  };
  const condition = (table: string, key: string, text: string | undefined, gives: ExpressionUse['gives'] = 'bool') => {
    if (text !== undefined) expressions.push({ path: [key], table, text, gives });
  };
  use(over, 'at', examination.at, 'time');
  condition(over, 'where', examination.where);
  switch (examination.kind) {
    case 'unique':
      use(over, 'key', examination.key);
      break;
    case 'reconcile':
      match('by', examination.with, examination.by);
      match('amounts', examination.with, examination.amounts, 'amount');
      use(examination.with, 'withAt', examination.withAt, 'time');
      condition(examination.with, 'withWhere', examination.withWhere);
      break;
    case 'maker-checker':
      use(over, 'maker', examination.maker);
      use(examination.with ?? over, 'checker', examination.checker);
      if (examination.with !== undefined) match('by', examination.with, examination.by ?? {});
      break;
    case 'approval-before-effect':
      use(over, 'approvedAt', examination.approvedAt, 'time');
      use(over, 'effectiveAt', examination.effectiveAt, 'time');
      use(over, 'approvedBy', examination.approvedBy);
      break;
    case 'sequence':
      use(over, 'number', examination.number);
      use(over, 'group', examination.group);
      break;
    case 'calendar':
      if ('table' in examination.due) use(examination.due.table, 'due', examination.due.column, 'time');
      break;
    case 'timeliness':
      use(over, 'from', examination.from, 'time');
      use(over, 'to', examination.to, 'time');
      break;
    case 'totals':
      match('by', examination.with, examination.by);
      match('sums', examination.with, examination.sums, 'amount');
      use(examination.with, 'count', examination.count, 'amount');
      condition(examination.with, 'withWhere', examination.withWhere);
      break;
    case 'recalculate':
      use(over, 'column', examination.column, 'amount');
      condition(over, 'expression', examination.expression, 'decimal');
      break;
    case 'predicate':
      condition(over, 'condition', examination.condition);
      break;
    case 'exists-in':
      match('by', examination.in, examination.by);
      use(examination.in, 'from', examination.from, 'time');
      use(examination.in, 'until', examination.until, 'time');
      condition(examination.in, 'inWhere', examination.inWhere);
      break;
    case 'changed-before':
      match('by', examination.changes, examination.by);
      use(examination.changes, 'changedAt', examination.changedAt, 'time');
      use(examination.changes, 'verifiedBy', examination.verifiedBy);
      use(examination.changes, 'verifiedAt', examination.verifiedAt, 'time');
      condition(examination.changes, 'changesWhere', examination.changesWhere);
      break;
  }
  return { columns, expressions };
}

/** What an examination of its kind cannot do without, by key; undefined: it has all. */
export function missingPart(examination: Examination): { readonly path: readonly string[]; readonly message: string } | undefined {
  const needsTime =
    examination.kind === 'calendar' ||
    examination.kind === 'changed-before' ||
    examination.observe !== undefined ||
    ('withinDays' in examination && examination.withinDays !== undefined) ||
    (examination.kind === 'exists-in' && (examination.from !== undefined || examination.until !== undefined));
  if (needsTime && examination.at === undefined) return { path: [], message: 'needs `at`: the column with the time of a record' };
  if (examination.kind === 'reconcile' && examination.withinDays !== undefined && examination.withAt === undefined) {
    return { path: ['withinDays'], message: 'needs `withAt`: the column with the time of the other record' };
  }
  if (examination.kind === 'maker-checker' && examination.with === undefined && examination.by !== undefined) {
    return { path: ['by'], message: '`by` says how a record of another table is found: name it under `with`' };
  }
  return undefined;
}
