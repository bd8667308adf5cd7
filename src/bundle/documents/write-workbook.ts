import { unzipSync, type Zippable, zipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { colours } from './colours.ts';
import type { AnyTable, Cell } from './table.ts';

/** A sheet ends at 1,048,576 rows. */
const mostRows = 1_048_000;
const mostCharacters = 32_000;
/** ZIP has no zone and takes the local reading: it has to be made in the zone it is read in. */
const fixedTime = (): Date => new Date(1980, 0, 1, 0, 0, 0);
const formula = /^[=+\-@\t\r＝＋－＠]/;
// XML 1.0 has no word for these; the library would drop them without one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** A control character's own picture (U+2400 and on), so that it is seen. */
const picture = (control: string): string => (control < ' ' ? String.fromCharCode(0x2400 + control.charCodeAt(0)) : '\u2426');

type SheetCell = { value?: string | number; type?: StringConstructor | NumberConstructor; wrap?: boolean; alignVertical: 'top' } & Record<
  string,
  unknown
>;

/** The same text as in the CSV, formulas neutralised too: whoever saves the sheet as CSV is as safe. */
function cellOf(value: Cell): SheetCell {
  if (value === null || value === '') return { alignVertical: 'top' };
  if (typeof value === 'number') return { value, type: Number, alignVertical: 'top' };
  const clean = value.replaceAll(unprintable, picture);
  const text =
    clean.length > mostCharacters
      ? `${clean.slice(0, mostCharacters)}… (${clean.length - mostCharacters} more characters: see the CSV)`
      : clean;
  return { value: formula.test(text) ? `'${text}` : text, type: String, wrap: text.length > 40, alignVertical: 'top' };
}

const heading = (header: string): SheetCell => ({
  value: header.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase()),
  type: String,
  fontWeight: 'bold',
  textColor: '#ffffff',
  backgroundColor: colours.accent,
  alignVertical: 'top',
  wrap: true,
});

interface Sheet {
  readonly name: string;
  readonly rows: SheetCell[][];
  readonly widths: number[];
}
function sheetsOf(table: AnyTable): Sheet[] {
  const sheets: Sheet[] = [];
  const begin = (): Sheet => {
    const number = sheets.length + 1;
    const sheet = {
      name: number === 1 ? table.name.slice(0, 31) : `${table.name.slice(0, 27)} ${number}`,
      rows: [table.columns.map((column) => heading(column.header))],
      widths: table.columns.map((column) => column.width),
    };
    sheets.push(sheet);
    return sheet;
  };
  let sheet = begin();
  for (const line of table.lines) {
    if (sheet.rows.length >= mostRows) sheet = begin();
    sheet.rows.push(line.map(cellOf));
  }
  return sheets;
}

/** One workbook of one or more tables: a frozen heading row with a filter on each sheet. The same tables give the same bytes. */
export async function writeWorkbook(tables: readonly AnyTable[]): Promise<Uint8Array> {
  const sheets = tables.flatMap(sheetsOf);
  const buffer = await writeXlsxFile(
    sheets.map((sheet) => ({
      data: sheet.rows as never,
      sheet: sheet.name,
      columns: sheet.widths.map((width) => ({ width })),
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    })),
    { fontFamily: 'Calibri', fontSize: 10 },
  ).toBuffer();
  return settle(buffer, sheets);
}

/** Packs the workbook again with a fixed time, and lets every sheet be filtered. */
function settle(workbook: Uint8Array, sheets: readonly Sheet[]): Uint8Array {
  const packed: Zippable = {};
  const mtime = fixedTime();
  for (const [path, bytes] of Object.entries(unzipSync(workbook)).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const number = /^xl\/worksheets\/sheet(\d+)\.xml$/.exec(path)?.[1];
    const sheet = number === undefined ? undefined : sheets[Number(number) - 1];
    packed[path] = [sheet === undefined ? bytes : withFilter(bytes, sheet), { mtime, level: 6 }];
  }
  return zipSync(packed);
}
function withFilter(bytes: Uint8Array, sheet: Sheet): Uint8Array {
  const xml = new TextDecoder().decode(bytes);
  const filter = `<autoFilter ref="A1:${columnName(sheet.widths.length)}${Math.max(sheet.rows.length, 2)}"/>`;
  return new TextEncoder().encode(xml.replace('</sheetData>', `</sheetData>${filter}`));
}
function columnName(count: number): string {
  let name = '';
  for (let rest = count; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}
