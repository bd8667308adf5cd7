import { type ClientContext, type Json, type JsonObject, type Reply, recordTypes } from '../../src/authoring.ts';
import { DecimalSum } from './decimals.ts';
import { readRow } from './read-row.ts';
import { type Table, type Total, tableOf } from './table.ts';

/** One row as a reader gives it: its declared columns by our names, or why it is none. */
export interface RawRow {
  /** Line of the file, or position in the answers, from 1. */
  readonly line: number;
  readonly cells?: Readonly<Record<string, Json>>;
  /** Short code (`ragged`) and what was expected, in words without any of the content. */
  readonly broken?: { readonly code: string; readonly expected: string };
}
/** Output of `tabular:rows`. */
export interface RowPage {
  readonly rows: readonly RawRow[];
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
  /** Declared columns that the source does not have, by our names. */
  readonly missing: readonly string[];
}
/** Output of `tabular:table`: what is known of the table when its rows have been read. */
export interface TableFacts {
  /** ISO-8601 UTC: as of when the source itself says it is. */
  readonly asOf: string | null;
  /** Columns of the source that are not declared, and so not kept. */
  readonly undeclared: readonly string[];
  /** Digest, size, server, database, user, version: whatever names what was read. */
  readonly facts: JsonObject;
}

/** More pages than any table has; beyond it the source is sending us in circles with ever new tokens. */
const maxPages = 100_000;
/** So many malformed rows and cells are named one by one among the gaps; the rest is counted. All of them are among the items. */
const maxNamed = 100;
/** Per cent by which a list of people may shrink from one complete reading to the next, where nothing else is declared. */
const rosterShrink = 30;

/** What a tabular collector speaks to: reads one table to its end, names what is wrong with it, and holds it against what the source counts. */
export class TabularClient {
  readonly table: Table;
  readonly #context: ClientContext;
  readonly #seen = new Map<string, number>();
  readonly #sums = new Map<string, DecimalSum>();
  readonly #unsummed = new Set<string>();
  readonly #missing = new Set<string>();
  #rows = 0;
  #malformed = 0;
  #formulas = 0;
  #named = 0;

  constructor(context: ClientContext) {
    this.#context = context;
    this.table = tableOf(context.settings);
  }

  /** Every page of rows, then what is known of the table as a whole. What is missing or malformed is recorded as a gap. */
  async *read(): AsyncGenerator<Reply, void, undefined> {
    const asked: JsonObject = { kind: this.table.kind, ...this.table.from };
    const tokens = new Set<string>();
    let input = asked;
    for (let page = 1; ; page += 1) {
      const reply = await this.#ask('tabular:rows', input, { page });
      if (reply?.output == null) return;
      const { rows, next, missing } = reply.output as unknown as RowPage;
      if (page === 1) this.#tellMissing(missing);
      yield { ...reply, output: { rows: rows.map((row) => this.#itemOf(row)) } };
      if (next === null) break;
      if (tokens.has(next) || page >= maxPages) {
        this.#context.miss({ reason: 'truncated', operation: 'tabular:rows', code: 'going-in-circles' });
        return;
      }
      tokens.add(next);
      input = { ...asked, after: next };
    }
    if (this.#named > maxNamed) {
      const more = `${this.table.table}: ${this.#named - maxNamed} more malformed rows and cells`;
      this.#context.miss({ reason: 'malformed-reply', operation: 'tabular:rows', subject: more, code: 'and-more' });
    }
    this.#compareWithFormer();
    const facts = await this.#ask('tabular:table', asked, {});
    const totals: JsonObject[] = [];
    for (const [index, total] of this.table.totals.entries()) totals.push(await this.#reconcile(total, index));
    if (facts?.output == null) {
      // Whether the rows were all of them, and of one moment, is what was asked for.
      this.#context.miss({ reason: 'truncated', operation: 'tabular:rows', code: 'unconfirmed' });
      return;
    }
    const counts = { rows: this.#rows, malformed: this.#malformed, formulas: this.#formulas };
    yield { ...facts, output: { ...facts.output, counts, totals } };
  }

  async #ask(operation: string, input: JsonObject, options: Parameters<ClientContext['exchange']>[2]): Promise<Reply | undefined> {
    return await this.#context.exchange(operation, input, options);
  }

  /** Once, and not again for every row. */
  #tellMissing(columns: readonly string[]): void {
    for (const column of columns) {
      this.#missing.add(column);
      const operation = this.table.key.includes(column) ? 'tabular:rows' : 'tabular:cells';
      this.#miss(operation, `: the column "${this.table.columns[column]?.from ?? column}" is missing`, 'column-missing');
    }
  }

  /** A row as the item that is sealed: by its key, or by its line when it has none. */
  #itemOf({ line, cells, broken }: RawRow): JsonObject {
    this.#rows += 1;
    const where = ` line ${line}`;
    if (cells === undefined || broken !== undefined) {
      const { code, expected } = broken ?? { code: 'no-cells', expected: 'expected cells' };
      this.#malformed += 1;
      this.#miss('tabular:rows', `${where}: ${expected}`, code);
      return { subject: this.#nth(`#${where.trim()}`), body: { line, broken: code, expected, ...(cells === undefined ? {} : { cells }) } };
    }
    const row = readRow(this.table, cells);
    this.#count(row.values);
    this.#formulas += Object.values(cells).filter(isFormula).length;
    if (row.key === undefined) {
      this.#malformed += 1;
      const of = this.table.key.join(', ');
      this.#miss('tabular:rows', `${where}: its key (${of}) cannot be read`, 'key-missing');
      return { subject: this.#nth(`#${where.trim()}`), body: { line, broken: 'key-missing', expected: `expected a key (${of})`, cells } };
    }
    const key = row.key.map((part) => part.replace(/[%/#]/g, encodeURIComponent)).join('/');
    // Both rows of one key are kept: which of them is right is not ours to say.
    const subject = this.#nth(key);
    const isAgain = subject !== key;
    if (isAgain) this.#miss('tabular:rows', `${where}: the key ${key} was there before`, 'duplicate-key');
    const problems = row.problems.filter(({ column }) => !this.#missing.has(column));
    if (isAgain || problems.length > 0) this.#malformed += 1;
    for (const { column, expected } of problems) {
      this.#miss('tabular:cells', `${where} (${key}): column "${column}" ${expected}`, 'cell');
    }
    return { subject, body: !isAgain && problems.length === 0 ? { cells } : { cells, line } };
  }

  /** A name of its own also for the second of one name. No key has the sign in it. */
  #nth(name: string): string {
    const times = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
  }

  #count(values: ReturnType<typeof readRow>['values']): void {
    for (const { sum } of this.table.totals) {
      if (sum === undefined) continue;
      const value = values[sum];
      if (value === undefined) this.#unsummed.add(sum);
      if (typeof value !== 'string' && typeof value !== 'number') continue;
      const total = this.#sums.get(sum) ?? new DecimalSum();
      total.add(String(value));
      this.#sums.set(sum, total);
    }
  }

  /** Holds the rows against a count or sum of the source. Not given, not readable and different are all a gap. */
  async #reconcile(total: Total, index: number): Promise<JsonObject> {
    const of = total.sum === undefined ? 'count' : `sum of ${total.sum}`;
    const where = Object.entries(total).flatMap(([name, value]) => (name === 'sum' || value === undefined ? [] : [[name, value] as const]));
    const from = where.map(([name, value]) => `${name} ${value}`).join(', ');
    const input = { kind: this.table.kind, ...this.table.from, ...Object.fromEntries(where), total: index };
    const reply = await this.#ask('tabular:total', input, {});
    const given = reply?.output?.['value'];
    const expected = typeof given === 'string' && /^-?\d+(?:\.\d+)?$/.test(given) ? given : null;
    const seen = new DecimalSum();
    seen.add(total.sum === undefined ? String(this.#rows) : (this.#sums.get(total.sum)?.toString() ?? '0'));
    const agrees = expected !== null && seen.equals(expected) && !(total.sum !== undefined && this.#unsummed.has(total.sum));
    if (reply !== undefined && expected === null) {
      this.#context.miss({ reason: 'malformed-reply', operation: 'tabular:rows', code: 'total-unreadable' });
    }
    if (expected !== null && !agrees) this.#context.miss({ reason: 'truncated', operation: 'tabular:rows', code: 'reconciliation' });
    this.#context.reconcile?.(inWholeNumbers(from, of, expected, seen));
    return { of, from, expected, seen: seen.toString(), agrees };
  }

  /** A list of people that lost a third of them overnight is more likely half a list than a mass leave. */
  #compareWithFormer(): void {
    const { as, atLeast, maxShrink, confirmedShrinks } = this.table;
    const isRoster = 'roster' in recordTypes[as];
    const seen = this.#rows;
    if (seen < (atLeast ?? (isRoster ? 1 : 0))) {
      this.#context.miss({ reason: 'truncated', operation: 'tabular:rows', code: 'fewer-than-expected' });
    }
    const allowed = maxShrink ?? (isRoster ? rosterShrink : undefined);
    const former = allowed === undefined ? undefined : this.#context.former?.();
    if (allowed === undefined || former === undefined) return;
    // Beside the rows a complete collection has one item: the table as a whole.
    const before = former.items - 1;
    if (seen >= before * (1 - allowed / 100)) return;
    if (confirmedShrinks.some(({ on, rows }) => former.at.slice(0, 10) <= on && seen >= rows)) return;
    const subject = `${this.table.table}: ${seen} rows, ${before} on ${former.at.slice(0, 10)}`;
    this.#context.miss({ reason: 'truncated', operation: 'tabular:rows', subject, code: 'shrunk' });
  }

  #miss(operation: string, what: string, code: string): void {
    this.#named += 1;
    if (this.#named > maxNamed) return;
    const named = this.table.from['path'] ?? this.table.table;
    this.#context.miss({ reason: 'malformed-reply', operation, subject: `${named}${what}`, code });
  }
}

/** Text that a spreadsheet would execute. It stays text; who opens a table of it elsewhere is told how many there are. */
function isFormula(cell: Json): boolean {
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d\s.,()/-]*$/.test(cell);
}

/** Sums as whole numbers of their smallest unit, as far as such a number can be written exactly. */
function inWholeNumbers(
  from: string,
  of: string,
  expected: string | null,
  seen: DecimalSum,
): Parameters<NonNullable<ClientContext['reconcile']>>[0] {
  const other = expected === null ? null : new DecimalSum();
  if (expected !== null) other?.add(expected);
  const places = Math.max(seen.places, other?.places ?? 0);
  const safe = (units: bigint) =>
    units <= BigInt(Number.MAX_SAFE_INTEGER) && units >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(units) : null;
  const field = places === 0 ? of : `${of} in units of 10^-${places}`;
  const whole = safe(seen.inUnits(places));
  return { with: from, field, expected: other === null || whole === null ? null : safe(other.inUnits(places)), seen: whole ?? 0 };
}
