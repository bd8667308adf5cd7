import { createHash } from 'node:crypto';
import { type Json, SourceError } from '../../../src/authoring.ts';
import type { RawRow, RowPage, TableFacts } from '../client.ts';
import type { Table, Total } from '../table.ts';

/** One answer as a reader gives it: what it says, and the bytes it said it with. */
export interface Answer<T> {
  readonly output: T;
  readonly bytes: Uint8Array;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Reads one table once. Everything it throws about its source is a SourceError; nothing is retried here. */
export interface TableReader {
  /** Where it reads, with port; never with credentials. */
  readonly host: string;
  /** Who reads, in the source's words; null: the source does not say. @throws SourceError */
  principal(): Promise<string | null>;
  /** `after`: `next` of the page before; undefined begins anew. @throws SourceError */
  page(after: string | undefined): Promise<Answer<RowPage>>;
  /** After the last page. @throws SourceError when what was read is not one whole of one moment. */
  facts(): Promise<Answer<TableFacts>>;
  /** A count or sum that the source gives itself, as text. @throws SourceError */
  total(total: Total): Promise<Answer<{ readonly value: string | null }>>;
  close(): void;
}

/** What a reader needs to know of its table beside what is sealed of it. */
export interface ConnectedTable {
  readonly table: Table;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';
  readonly delimiter?: ',' | ';' | '|' | 'tab' | undefined;
  /** Absolute path, key in a bucket, or address below the source's. */
  readonly path?: string | undefined;
  readonly query?: string | undefined;
  readonly list?: string | undefined;
  readonly paging?: Paging | undefined;
  /** Of `table.totals`, in their order: the second file as it is opened. */
  readonly totalPaths: readonly (string | undefined)[];
}
export type Paging =
  | { readonly kind: 'link' }
  | { readonly kind: 'next'; readonly field: string }
  | { readonly kind: 'cursor'; readonly field: string; readonly parameter: string }
  | { readonly kind: 'page'; readonly parameter: string; readonly first: number }
  | { readonly kind: 'offset'; readonly parameter: string };

/** Characters: what is longer is no cell of a table, and stays where it is but for its length and digest. */
const longestCell = 100_000;
const pageRows = 5_000;

/** A cell as it may be kept: no text without end, and nothing that was not declared inside of it. */
export function keptCell(cell: Json): Json {
  if (typeof cell === 'string') {
    return cell.length <= longestCell ? cell : { tooLong: cell.length, sha256: createHash('sha256').update(cell).digest('hex') };
  }
  if (Array.isArray(cell)) return cell.every((part) => typeof part !== 'object') ? cell.map(keptCell) : { object: true };
  return typeof cell === 'object' && cell !== null ? { object: true } : cell;
}

/** The pages of what can only be read from its beginning to its end: a file, the cursor of a database. */
export class StreamedRows {
  readonly #begin: () => AsyncGenerator<RawRow, void, undefined>;
  #rows: AsyncGenerator<RawRow, void, undefined> | undefined;
  #at = 0;

  constructor(begin: () => AsyncGenerator<RawRow, void, undefined>) {
    this.#begin = begin;
  }

  /** @throws SourceError `truncated` when reading broke off before: what came after that cannot be asked for alone. */
  async page(after: string | undefined): Promise<{ readonly rows: readonly RawRow[]; readonly next: string | null }> {
    if (after === undefined) {
      await this.#rows?.return();
      this.#rows = this.#begin();
      this.#at = 0;
    }
    const from = this.#rows;
    if (from === undefined || (after !== undefined && after !== String(this.#at))) {
      throw new SourceError('truncated', 'tabular:rows', { sourceCode: 'cursor-lost' });
    }
    const rows: RawRow[] = [];
    try {
      while (rows.length < pageRows) {
        const step = await from.next();
        if (step.done === true) {
          this.#rows = undefined;
          return { rows, next: null };
        }
        rows.push(step.value);
      }
    } catch (error) {
      this.#rows = undefined;
      throw error;
    }
    this.#at += rows.length;
    return { rows, next: String(this.#at) };
  }

  close(): void {
    // A generator that is waiting for its source ends when the source is closed; then this has nothing more to say.
    this.#rows?.return().catch(() => undefined);
  }
}

export function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
