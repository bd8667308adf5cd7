import { type Json, type JsonObject, SourceError } from '../../../src/authoring.ts';
import type { RawRow } from '../client.ts';
import { exactJson, pickCells, undeclaredIn } from './json-cells.ts';
import type { Read } from './read-csv.ts';
import type { ConnectedTable } from './reader.ts';

/** Objects may have names without end: so many that are not declared are told. */
const mostUndeclared = 200;
const longestLine = 16_000_000;

/**
 * The rows of a file with one JSON object a line. A line that is none is named, and the others stay.
 * @throws SourceError `malformed-reply`: nothing in it (`empty-file`), unless no rows are declared to be enough.
 */
export async function* readJsonLines(
  text: AsyncIterable<string>,
  { table }: Pick<ConnectedTable, 'table'>,
  read: Pick<Read, 'undeclared'>,
  operation = 'tabular:rows',
): AsyncGenerator<RawRow, void, undefined> {
  let line = 0;
  let rows = 0;
  const undeclared = new Set<string>();
  for await (const written of linesOf(text)) {
    line += 1;
    if (written.trim() === '') continue;
    rows += 1;
    if (written.length > longestLine) {
      yield { line, broken: { code: 'too-long', expected: 'is too long for one record' } };
      continue;
    }
    const value = attempt(written);
    if (value === undefined) yield { line, broken: { code: 'not-json', expected: 'expected one JSON object' } };
    else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      yield { line, broken: { code: 'no-object', expected: 'expected one JSON object' } };
    } else {
      for (const name of undeclaredIn(table, value as JsonObject)) if (undeclared.size < mostUndeclared) undeclared.add(name);
      yield { line, cells: pickCells(table, value as JsonObject) };
    }
  }
  read.undeclared = [...undeclared].sort();
  if (rows === 0 && table.atLeast !== 0) throw new SourceError('malformed-reply', operation, { sourceCode: 'empty-file' });
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const piece of text) {
    rest += piece;
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
    // Enough to be told that it is too long; the end of the line is still looked for.
    if (rest.length > 2 * longestLine) rest = rest.slice(0, longestLine + 1);
  }
  if (rest !== '') yield rest;
}

function attempt(text: string): Json | undefined {
  try {
    return exactJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
