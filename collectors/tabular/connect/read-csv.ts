import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { SourceError } from '../../../src/authoring.ts';
import type { RawRow } from '../client.ts';
import { type ConnectedTable, keptCell } from './reader.ts';

/** What a file says of itself beside its rows. */
export interface Read {
  missing: readonly string[];
  undeclared: readonly string[];
  /** Cells of the closing row; undefined: it did not come. */
  closing: readonly string[] | undefined;
}

/** Bytes of one record: beyond it a quotation was opened that nobody closes. */
const longestRecord = 8_000_000;

/**
 * The rows of a CSV file. Lines end as they like, also mixed. A row that does not fit the header is named with its line, and the others stay.
 * @throws SourceError `malformed-reply`: no header (`empty-file`), a declared column twice (`column-twice`).
 */
export async function* readCsv(
  text: AsyncIterable<string>,
  connected: Pick<ConnectedTable, 'table' | 'delimiter'>,
  read: Read,
  operation = 'tabular:rows',
): AsyncGenerator<RawRow, void, undefined> {
  const skipped: RawRow[] = [];
  const begun = await begin(text);
  const delimiter =
    connected.delimiter === undefined ? delimiterOf(begun.head) : connected.delimiter === 'tab' ? '\t' : connected.delimiter;
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // Otherwise a stray quotation mark takes the rows behind it along; its own row is named all the same.
    relax_quotes: true,
    raw: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: longestRecord,
    skip_records_with_error: true,
    on_skip: (error) => {
      // Where such a record ends nobody knows, and so nobody knows where the next one begins.
      if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE') throw error;
      const line = error instanceof CsvError && 'lines' in error ? Number(error['lines']) : 0;
      skipped.push({ line, broken: { code: codeOf(error), expected: 'expected a record with quotation marks in pairs' } });
      return undefined;
    },
  });
  const flow = pipeline(Readable.from(begun.all), parser);
  // What goes wrong on the way destroys the parser, and is thrown by reading it.
  flow.catch(() => undefined);
  let header: Header | undefined;
  let after = 0;
  const { trailer } = connected.table;
  for await (const { info, record, raw } of recordsOf(parser, operation) as AsyncIterable<{
    info: { lines: number };
    record: string[];
    raw: string;
  }>) {
    const line = info.lines - record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
    if (header === undefined) {
      header = headerOf(record, connected, operation);
      read.missing = header.missing;
      read.undeclared = header.undeclared;
      continue;
    }
    yield* skipped.splice(0);
    if (trailer !== undefined && record[0]?.trim() === trailer) {
      read.closing = record;
      after = line;
    } else if (after > 0) {
      yield { line, broken: { code: 'after-trailer', expected: `expected nothing after the closing row in line ${after}` } };
    } else if (record.length !== header.width) {
      const expected = `has ${record.length} cells, and the header has ${header.width}`;
      yield { line, broken: { code: 'ragged', expected } };
    } else if (raw.includes('"') && !isWellQuoted(raw, delimiter)) {
      yield { line, broken: { code: 'quotes', expected: 'expected quotation marks around whole cells, and doubled inside of them' } };
    } else {
      yield { line, cells: Object.fromEntries(header.places.map(([name, at]) => [name, keptCell(record[at] ?? '')])) };
    }
  }
  await flow;
  yield* skipped.splice(0);
  if (header === undefined) throw new SourceError('malformed-reply', operation, { sourceCode: 'empty-file' });
}

interface Header {
  readonly width: number;
  /** Our name of each declared column, and where it is. */
  readonly places: readonly (readonly [string, number])[];
  readonly missing: readonly string[];
  readonly undeclared: readonly string[];
}

function headerOf(record: readonly string[], { table }: Pick<ConnectedTable, 'table'>, operation: string): Header {
  const found = record.map((cell) => cell.trim());
  const wanted = Object.entries(table.columns).map(([name, { from }]) => [name, from ?? name] as const);
  for (const [, from] of wanted) {
    if (found.filter((name) => name === from).length > 1)
      throw new SourceError('malformed-reply', operation, { sourceCode: 'column-twice' });
  }
  const declared = new Set(wanted.map(([, from]) => from));
  return {
    width: record.length,
    places: wanted.flatMap(([name, from]) => (found.includes(from) ? [[name, found.indexOf(from)] as const] : [])),
    missing: wanted.filter(([, from]) => !found.includes(from)).map(([name]) => name),
    undeclared: found.filter((name) => !declared.has(name)),
  };
}

/** The text with its first line looked at. */
async function begin(text: AsyncIterable<string>): Promise<{ readonly head: string; readonly all: AsyncIterable<string> }> {
  const rest = text[Symbol.asyncIterator]();
  let head = '';
  while (!/[\r\n]/.test(head) && head.length < 100_000) {
    const step = await rest.next();
    if (step.done === true) break;
    head += step.value;
  }
  return {
    head,
    all: (async function* () {
      try {
        yield head;
        for (let step = await rest.next(); step.done !== true; step = await rest.next()) yield step.value;
      } finally {
        // Also when nobody reads on: the file behind it is open until then.
        await rest.return?.();
      }
    })(),
  };
}

/** Of comma, semicolon, bar and tab the one that the first line uses most. */
function delimiterOf(head: string): string {
  const first = head.split(/[\r\n]/, 1)[0] ?? '';
  const counts = [',', ';', '|', '\t'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counts.sort((left, right) => right.count - left.count)[0]?.delimiter ?? ',';
}

/** What the parser cannot go on after is the file's doing. */
async function* recordsOf(parser: AsyncIterable<unknown>, operation: string): AsyncGenerator<unknown, void, undefined> {
  try {
    yield* parser;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new SourceError('malformed-reply', operation, { cause, sourceCode: codeOf(cause) });
  }
}

function isWellQuoted(record: string, delimiter: string): boolean {
  const cell =
    delimiter === '|' ? /(?:"(?:[^"]|"")*"|[^"|]*)(\||\s*$)/y : new RegExp(`(?:"(?:[^"]|"")*"|[^"${delimiter}]*)(${delimiter}|\\s*$)`, 'y');
  for (;;) {
    const read = cell.exec(record);
    if (read === null) return false;
    if (read[1] !== delimiter) return true;
  }
}

function codeOf(error: unknown): string {
  return error instanceof CsvError ? error.code.toLowerCase().replaceAll('_', '-') : 'csv';
}
