import { hash } from 'node:crypto';

/** One row of a described table: our column names, and what a cell has; null: it is empty. */
export type DescribedRow = Readonly<Record<string, string | null>>;

/** A row with the stretch of time in which its source has it. ISO-8601 UTC, half-open. */
export interface Lasting {
  readonly from: string;
  readonly until?: string;
  readonly row: DescribedRow;
}

/** Rows that are there at `now`, in the order in which they are described. */
export function rowsAt(rows: readonly Lasting[], now: string): readonly DescribedRow[] {
  return rows.filter(({ from, until }) => from <= now && (until === undefined || now < until)).map(({ row }) => row);
}

/** Whole cents as decimal text. */
export function euros(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.abs(cents);
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
}

/** Twelve hex digits, the same for the same name for ever. */
export function fingerprint(of: string): string {
  return hash('sha256', `northwind ${of}`, 'hex').slice(0, 12);
}
