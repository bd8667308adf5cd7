import { type Column, column } from '../table.ts';

export type Local = (time: string) => string;

/** `from_utc` and `from_local`. */
export function timeColumns<Row>(name: string, local: Local, value: (row: Row) => string | null): Column<Row>[] {
  return [
    column(`${name}_utc`, 25, value),
    column(`${name}_local`, 27, (row) => {
      const time = value(row);
      return time === null ? null : local(time);
    }),
  ];
}
/** Hours with three digits: a number that can be summed and sorted. */
export const hours = (ms: number): number => Math.round(ms / 3600) / 1000;
/** A share as a number; never rounded into all or nothing. */
export const share = (value: number | null): number | null => {
  if (value === null) return null;
  const rounded = Math.round(value * 1e6) / 1e6;
  if (rounded === 1 && value < 1) return 0.999999;
  return rounded === 0 && value > 0 ? 0.000001 : rounded;
};
