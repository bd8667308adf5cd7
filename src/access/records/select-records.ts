import { createHash } from 'node:crypto';
import type { GapReason } from '../../model/completeness.ts';
import { compileCondition } from './compile-expression.ts';
import { type Column, columnOf, dayMs, dayOf, instantIn, timeText, Undecided } from './read-cell.ts';
import type { RecordRow, RecordTable } from './record-table.ts';

/** What an examination found against one record. */
export interface Finding {
  readonly table: string;
  /** Key of the record; of what is not there (a gap, a run that did not come) what it would be. */
  readonly key: string;
  /** ISO-8601 UTC, or a date; null: the records have no time. */
  readonly at: string | null;
  /** In figures: "paid 1,200.00, the register says 1,100.00". */
  readonly why: string;
}
/** A record of which it cannot be told whether the claim holds. */
export interface UndecidedRecord extends Finding {
  readonly reason: GapReason;
}
/** What was read of one table: how many records, and which. */
export interface ReadTable {
  readonly table: string;
  readonly records: number;
  /** SHA-256 over the keys, one a line, in their order. */
  readonly keys: string;
}
/** What an examination comes to. */
export interface Examined {
  readonly findings: readonly Finding[];
  readonly undecided: readonly UndecidedRecord[];
  /** What would be missing if all had been seen where it is looked for; it may be among what was not. */
  readonly unseen: number;
  /** Records about which nothing is due yet, and from when on something is (ISO-8601 UTC). */
  readonly pending: number;
  readonly until: string | null;
  readonly read: readonly ReadTable[];
  /** Times of the earliest and latest record that was examined. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Gathers what the passes of one examination find. */
export class Findings {
  readonly #findings: Finding[] = [];
  readonly #undecided: UndecidedRecord[] = [];
  readonly #selections: Selection[] = [];
  #pending = 0;
  #unseen = 0;
  #until = Number.POSITIVE_INFINITY;

  fail(table: string, key: string, at: string | null, why: string): void {
    this.#findings.push({ table, key, at, why });
  }
  /** Something is not in `where`: it fails when all of it was seen, and cannot be told otherwise. */
  miss(where: Selection, table: string, key: string, at: string | null, why: string): void {
    if (where.seesAll) this.fail(table, key, at, why);
    else this.#unseen += 1;
  }
  undecided(table: string, key: string, at: string | null, { message, reason }: Undecided): void {
    this.#undecided.push({ table, key, at, why: message, reason });
  }
  /** Nothing is due about a record before an instant. */
  wait(until: number): void {
    this.#pending += 1;
    this.#until = Math.min(this.#until, until);
  }
  note(selection: Selection): void {
    this.#selections.push(selection);
  }
  /** In the order of tables and keys. */
  examined(over: Selection | undefined): Examined {
    return {
      findings: this.#findings.sort(byRecord),
      undecided: this.#undecided.sort(byRecord),
      unseen: this.#unseen,
      pending: this.#pending,
      until: Number.isFinite(this.#until) ? new Date(this.#until).toISOString() : null,
      read: this.#selections.map((selection) => selection.read()),
      from: over?.from ?? null,
      to: over?.to ?? null,
    };
  }
}
function byRecord(left: Finding, right: Finding): number {
  if (left.table !== right.table) return left.table < right.table ? -1 : 1;
  if (left.key !== right.key) return left.key < right.key ? -1 : 1;
  return left.why < right.why ? -1 : left.why > right.why ? 1 : 0;
}

interface SelectOptions {
  readonly where?: string | undefined;
  readonly at?: string | undefined;
  readonly observe?: { readonly from?: string | undefined; readonly until?: string | undefined } | undefined;
  readonly zone: string;
}

/**
 * The records of a table that an examination speaks of, one at a time and each once. A record of which that cannot be told is undecided:
 * it is named, and never counts as one that holds.
 */
export class Selection {
  readonly table: RecordTable;
  readonly at: Column | null;
  readonly #where: { of(row: RecordRow): boolean } | null;
  readonly #bounds: { readonly first: number; readonly last: number } | null;
  readonly #zone: string;
  readonly #findings: Findings;
  readonly #hash = createHash('sha256');
  #batch: string[] = [];
  #records = 0;
  #unreadable = 0;
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(table: RecordTable, options: SelectOptions, findings: Findings) {
    this.table = table;
    this.at = options.at === undefined ? null : columnOf(table, options.at);
    this.#where = options.where === undefined ? null : compileCondition(options.where, table.columns);
    const { from, until } = options.observe ?? {};
    this.#bounds =
      from === undefined && until === undefined
        ? null
        : {
            first: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from) / dayMs,
            last: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until) / dayMs,
          };
    this.#zone = options.zone;
    this.#findings = findings;
    findings.note(this);
  }

  /** Calls `visit` with every selected record and its time, in the order of keys; what it throws as Undecided is noted of that record. */
  each(visit: (row: RecordRow, at: number | null) => void): void {
    for (const row of this.table.rows) {
      let at: number | null = null;
      try {
        at = this.at === null ? null : instantIn(row, this.at);
        if (this.#where !== null && !this.#where.of(row)) continue;
        if (this.#bounds !== null && !this.#within(at)) continue;
        this.#count(row, at);
        visit(row, at);
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        this.#unreadable += 1;
        this.#findings.undecided(this.table.name, row.key, this.shown(at), error);
      }
    }
  }
  /** Whether what is not here is not there: every record of the table was seen, and could be read. */
  get seesAll(): boolean {
    return this.table.gap === null && this.#unreadable === 0;
  }
  /** Of a record that was visited, and so could be read. */
  timeOf(row: RecordRow): number | null {
    return this.at === null ? null : instantIn(row, this.at);
  }
  /** A time as findings carry it. */
  shown(at: number | null): string | null {
    return at === null || this.at === null ? null : timeText(at, this.at);
  }
  get from(): string | null {
    return this.shown(Number.isFinite(this.#earliest) ? this.#earliest : null);
  }
  get to(): string | null {
    return this.shown(Number.isFinite(this.#latest) ? this.#latest : null);
  }
  read(): ReadTable {
    this.#flush();
    return { table: this.table.name, records: this.#records, keys: `sha256:${this.#hash.copy().digest('hex')}` };
  }

  #within(at: number | null): boolean {
    const { first, last } = this.#bounds ?? { first: 0, last: 0 };
    if (at === null || this.at === null)
      throw new Undecided(`${this.at?.name ?? 'the time'} is empty: it cannot be told whether it is of the time observed`);
    const day = dayOf(at, this.at, this.#zone);
    return day >= first && day <= last;
  }
  #count(row: RecordRow, at: number | null): void {
    this.#records += 1;
    this.#batch.push(row.key);
    if (this.#batch.length >= 4096) this.#flush();
    if (at === null) return;
    if (at < this.#earliest) this.#earliest = at;
    if (at > this.#latest) this.#latest = at;
  }
  #flush(): void {
    if (this.#batch.length === 0) return;
    this.#hash.update(`${this.#batch.map((key) => JSON.stringify(key)).join('\n')}\n`);
    this.#batch = [];
  }
}
