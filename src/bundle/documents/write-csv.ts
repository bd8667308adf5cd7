import { stringify } from 'csv-stringify/sync';
import type { AnyTable, Cell } from './table.ts';

const linesAtATime = 1000;
/** Text that a spreadsheet would run, or that hides a tab or a return before it, gets an apostrophe; a number is a number. */
const options = { escape_formulas: true, record_delimiter: 'windows', quoted_match: /^\s|\s$/ } as const;

/** RFC 4180 in UTF-8 with a byte order mark, without which spreadsheets misread names; formulas are neutralised. */
export function* writeCsv(table: AnyTable): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let lines: (readonly Cell[])[] = [table.columns.map((column) => column.header)];
  let first = true;
  const flush = (): Uint8Array => {
    const text = stringify(lines as Cell[][], options);
    const bytes = encoder.encode(first ? `\uFEFF${text}` : text);
    first = false;
    lines = [];
    return bytes;
  };
  for (const line of table.lines) {
    lines.push(line);
    if (lines.length >= linesAtATime) yield flush();
  }
  if (lines.length > 0) yield flush();
}
