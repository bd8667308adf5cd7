export type Cell = string | number | null;
export interface Column<Row> {
  /** Stable: auditors' tools read these. Small letters with underscores. */
  readonly header: string;
  /** In characters, for a spreadsheet. */
  readonly width: number;
  value(row: Row): Cell;
}
/** One table, before it is CSV or a sheet: both are written from it, so that they cannot differ. */
export interface Table<Row = never> {
  /** Name of the sheet: at most 31 characters. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: Iterable<Row>;
}
/** A table whose rows nobody needs to know the type of. */
export interface AnyTable {
  readonly name: string;
  readonly columns: readonly { readonly header: string; readonly width: number }[];
  /** Walked once per writing. */
  readonly lines: Iterable<readonly Cell[]>;
}

export function asTable<Row>(table: Table<Row>): AnyTable {
  return {
    name: table.name,
    columns: table.columns.map(({ header, width }) => ({ header, width })),
    lines: {
      *[Symbol.iterator]() {
        for (const row of table.rows) yield table.columns.map((column) => column.value(row));
      },
    },
  };
}
export const column = <Row>(header: string, width: number, value: (row: Row) => Cell): Column<Row> => ({ header, width, value });
/** For an auditor to fill in. */
export const emptyColumn = <Row>(header: string, width: number): Column<Row> => ({ header, width, value: () => null });

const separator = '; ';
export const list = (values: Iterable<string | number>): string => [...values].join(separator);
