import { createHash, type Hash } from 'node:crypto';
import { type JsonObject, SourceError } from '../../../src/authoring.ts';
import type { Total } from '../table.ts';
import { decodeText } from './decode-text.ts';
import { type Read, readCsv } from './read-csv.ts';
import { readJsonLines } from './read-jsonl.ts';
import { type Answer, bytesOf, type ConnectedTable, StreamedRows, type TableReader } from './reader.ts';

/** A file as it lies on a disk or in a bucket. */
export interface OpenedFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** ISO-8601 UTC of its last change, as its keeper says. */
  readonly modified: string | null;
  readonly facts: JsonObject;
  /** Whether it is still what it was when it was opened. */
  unchanged(): Promise<boolean>;
}
export interface FileKeeper {
  readonly host: string;
  principal(): Promise<string | null>;
  /** @throws SourceError */
  open(path: string, operation: string): Promise<OpenedFile>;
  close(): void;
}

/** Reads a table that is one CSV or JSONL file. */
export function fileReader(keeper: FileKeeper, connected: ConnectedTable): TableReader {
  const { table } = connected;
  let read: Read = { missing: [], undeclared: [], closing: undefined };
  let opened: OpenedFile | undefined;
  let hash: Hash = createHash('sha256');
  let size = 0;

  const rows = new StreamedRows(async function* () {
    read = { missing: [], undeclared: [], closing: undefined };
    hash = createHash('sha256');
    size = 0;
    opened = await keeper.open(connected.path ?? '', 'tabular:rows');
    const text = decodeText(digested(opened.bytes), connected.encoding, 'tabular:rows');
    yield* table.kind === 'csv' ? readCsv(text, connected, read) : readJsonLines(text, connected, read);
  });
  async function* digested(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }

  return {
    host: keeper.host,
    principal: () => keeper.principal(),
    async page(after) {
      const page = await rows.page(after);
      return { output: { ...page, missing: read.missing }, bytes: bytesOf(page.rows) };
    },
    async facts() {
      if (opened === undefined || !(await opened.unchanged())) {
        throw new SourceError('truncated', 'tabular:table', { sourceCode: 'changed-while-read' });
      }
      if (table.trailer !== undefined && read.closing === undefined) {
        throw new SourceError('truncated', 'tabular:table', { sourceCode: 'trailer-missing' });
      }
      const output = {
        asOf: opened.modified,
        undeclared: read.undeclared,
        facts: { sha256: hash.digest('hex'), bytes: size, ...opened.facts },
      };
      return { output, bytes: bytesOf(output) };
    },
    total: (total) => totalOf(total),
    close() {
      rows.close();
      keeper.close();
    },
  };

  async function totalOf(total: Total): Promise<Answer<{ readonly value: string | null }>> {
    if (total.trailer !== undefined) {
      const value = read.closing?.[total.trailer - 1]?.trim() ?? null;
      return { output: { value }, bytes: bytesOf(value) };
    }
    const path = connected.totalPaths[table.totals.indexOf(total)] ?? '';
    const field = total.field ?? '';
    const second = await keeper.open(path, 'tabular:total');
    const text = decodeText(second.bytes, connected.encoding, 'tabular:total');
    const shape = { ...table, trailer: undefined, columns: { value: { type: 'text' as const, optional: true, from: field } } };
    const beside: Read = { missing: [], undeclared: [], closing: undefined };
    const found =
      table.kind === 'csv'
        ? readCsv(text, { ...connected, table: shape }, beside, 'tabular:total')
        : readJsonLines(text, { table: shape }, beside, 'tabular:total');
    const values: (string | null)[] = [];
    for await (const { cells } of found) {
      const value = cells?.['value'];
      values.push(typeof value === 'string' ? value.trim() : null);
      if (values.length > 1) break;
    }
    // Of two values nobody could say which is the total.
    const value = values.length === 1 ? (values[0] ?? null) : null;
    return { output: { value }, bytes: bytesOf(value) };
  }
}
