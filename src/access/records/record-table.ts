import type { GapReason } from '../../model/completeness.ts';
import type { ColumnType } from './examination.ts';

export type Cell = string | number | boolean | null;
export interface RecordRow {
  /** Names the record for good. */
  readonly key: string;
  /** By column; one that is not there could not be read. */
  readonly values: Readonly<Record<string, Cell>>;
  /** Why it could not, where that is known. */
  readonly unread?: Readonly<Record<string, GapReason>>;
}
export interface RecordColumn {
  readonly type: ColumnType;
  readonly optional: boolean;
}
/** A whole population of records, in the order of their keys, so that the order in which a source gives them changes nothing. */
export interface RecordTable {
  /** As examinations name it: `payroll.payments`. */
  readonly name: string;
  readonly columns: ReadonlyMap<string, RecordColumn>;
  readonly rows: Iterable<RecordRow>;
  /** Why there may be more records than these; null: these are all. */
  readonly gap: GapReason | null;
}

/** Sorts by key; of equal keys by what they say. Costs one comparison per row where the source has them in order. */
export function orderRows(rows: readonly RecordRow[]): readonly RecordRow[] {
  const inOrder = rows.every((row, index) => index === 0 || (rows[index - 1]?.key ?? '') < row.key);
  if (inOrder) return rows;
  return [...rows].sort((left, right) => {
    if (left.key !== right.key) return left.key < right.key ? -1 : 1;
    const [a, b] = [contentOf(left), contentOf(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  });
}
function contentOf({ values }: RecordRow): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
