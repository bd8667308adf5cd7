import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { ProoflineError } from '../model/errors.ts';

/** One row of a table as text; `row` is its 1-based line in the file or row in the sheet. */
export interface TableRow {
  readonly row: number;
  readonly cells: readonly string[];
}
/** A sheet of a workbook, or a CSV file (then without a name). */
export interface Table {
  readonly sheet: string | null;
  readonly rows: readonly TableRow[];
}

const mostBytes = 20 * 1024 * 1024;

function readBytes(file: string, most: number): Buffer {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > most)
      throw new ProoflineError('usage', `${file}: is larger than ${Math.round(most / 1024 / 1024)} MB, which no such table is`);
    return bytes;
  } catch (error) {
    if (error instanceof ProoflineError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new ProoflineError(
      'usage',
      `${file}: ${error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(error.code)})`}`,
      {
        cause: error,
      },
    );
  }
}

/** Of comma, semicolon and tab the one that the first line uses most. */
function delimiterOf(text: string): string {
  const first = text.slice(0, text.search(/\r?\n|$/));
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.delimiter ?? ',';
}

async function readCsv(file: string, most: number): Promise<Table[]> {
  const { parse, CsvError } = await import('csv-parse/sync');
  const bytes = readBytes(file, most);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ProoflineError('usage', `${file}: is not UTF-8 text; save it as "CSV UTF-8"`, { cause: error });
  }
  try {
    const options = {
      delimiter: delimiterOf(text),
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
    } as const;
    const records = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[];
    // `lines` is where a record ends; cells may hold line breaks.
    const rows = records.map(({ info, record }) => ({
      row: info.lines - record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0),
      cells: record,
    }));
    return [{ sheet: null, rows }];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ProoflineError('usage', `${file}: ${error.message}`, { cause: error });
  }
}

async function readWorkbook(file: string, most: number): Promise<Table[]> {
  const { default: readSheets } = await import('read-excel-file/node');
  const bytes = readBytes(file, most);
  try {
    // Numbers stay as they are written: an id 1.10 is not the number 1.1.
    const sheets = await readSheets<string>(bytes, { trim: true, parseNumber: (text) => text });
    return sheets.map(({ sheet, data }) => ({
      sheet,
      rows: data.map((cells, index) => ({
        row: index + 1,
        cells: cells.map((cell: unknown) => (cell === null ? '' : cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell))),
      })),
    }));
  } catch (error) {
    throw new ProoflineError('usage', `${file}: is not an XLSX workbook that can be read`, { cause: error });
  }
}

/** Reads a CSV file (comma, semicolon or tab; UTF-8) or every sheet of an XLSX workbook, of at most so many bytes. @throws ProoflineError `usage` */
export async function readTables(file: string, most = mostBytes): Promise<readonly Table[]> {
  const kind = extname(file).toLowerCase();
  if (kind === '.csv' || kind === '.tsv' || kind === '.txt') return readCsv(file, most);
  if (kind === '.xlsx') return readWorkbook(file, most);
  throw new ProoflineError('usage', `${file}: expected a .csv or .xlsx file${kind === '.xls' ? '; save the old .xls as .xlsx' : ''}`);
}
