import { Decimal, parseDecimal, zero } from './decimal.ts';
import type { ExaminationOf } from './examination.ts';
import { type Column, columnsOf, dayMs, dayOf, decimalIn, keyIn, shownIn, timeText, Undecided } from './read-cell.ts';
import type { RecordRow } from './record-table.ts';
import type { Findings, Selection } from './select-records.ts';

/** What one side has under one key: mostly one record, which is kept as it is. */
type Rows = RecordRow | RecordRow[];
interface Side {
  /** Its first record. */
  readonly row: RecordRow;
  readonly at: number | null;
  readonly records: number;
  /** null: an amount of it could not be read, so that nothing can be said of it. */
  readonly sums: readonly Decimal[] | null;
}
interface Party {
  readonly selection: Selection;
  readonly by: readonly Column[];
  readonly amounts: readonly Column[];
  readonly says: string;
  readonly byKey: Map<string, Rows>;
}

/** One pass over a table; what is kept of it is its rows by key and nothing beside. */
function gather(selection: Selection, names: readonly string[], amountNames: readonly string[], says: string): Party {
  const by = columnsOf(selection.table, names);
  const amounts = columnsOf(selection.table, amountNames);
  const byKey = new Map<string, Rows>();
  selection.each((row) => {
    const key = keyIn(row, by);
    if (key === null) throw new Undecided(`${names.join(', ')}: empty, so it cannot be told what it belongs to`);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, row);
    else if (Array.isArray(known)) known.push(row);
    else byKey.set(key, [known, row]);
    for (const column of amounts) amountIn(row, column);
  });
  return { selection, by, amounts, says, byKey };
}
function sideOf({ selection, amounts }: Party, rows: Rows): Side {
  const list = Array.isArray(rows) ? rows : [rows];
  const [row = never()] = list;
  const at = selection.timeOf(row);
  try {
    const sums = amounts.map((column) => list.reduce((sum, one) => sum.plus(amountIn(one, column)), zero));
    return { row, at, records: list.length, sums };
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return { row, at, records: list.length, sums: null };
  }
}
function never(): never {
  throw new Error('a group without a record');
}
/** How a group is named: by its first record, and of a month by the month. */
function keyOf({ by }: Party, { row }: Side): string {
  return by.some(({ month }) => month === true) ? shownIn(row, by) : row.key;
}
function amountIn(row: RecordRow, column: Column): Decimal {
  const amount = decimalIn(row, column);
  if (amount === null) throw new Undecided(`${column.name} is empty`);
  return amount;
}

/**
 * Two sources side by side, key by key: missing on either side, other amounts, too far apart in time. Several records under one key are
 * added up. One pass over each side, and one map by key.
 * @param now milliseconds: what the other side has time for is not missing yet.
 */
export function reconcileRecords(
  examination: ExaminationOf<'reconcile'>,
  over: Selection,
  other: Selection,
  findings: Findings,
  now: number,
): void {
  const { by, amounts, says, withSays, withinDays, sides } = examination;
  const mine = gather(over, Object.keys(by), Object.keys(amounts), says ?? `${over.table.name} has`);
  const theirs = gather(other, Object.values(by), Object.values(amounts), withSays ?? `${other.table.name} has`);
  const tolerance = toleranceOf(examination.tolerance);
  const missing = (of: Party, side: Side, without: Party) => {
    const due = withinDays === undefined || side.at === null ? 0 : side.at + (withinDays + 1) * dayMs;
    if (due > now) return findings.wait(due);
    const why = `${saysOf(of, side.sums)}, ${without.says} nothing under ${shownIn(side.row, of.by)}`;
    findings.miss(without.selection, of.selection.table.name, keyOf(of, side), of.selection.shown(side.at), why);
  };
  for (const [key, rows] of mine.byKey) {
    const match = theirs.byKey.get(key);
    const left = sideOf(mine, rows);
    if (match === undefined) {
      if (sides !== 'with') missing(mine, left, theirs);
      continue;
    }
    const right = sideOf(theirs, match);
    if (left.sums === null || right.sums === null) continue;
    const differs = differ(left.sums, right.sums, tolerance, examination.signs === 'ignore');
    const why = differs ? `${saysOf(mine, left.sums)}, ${saysOf(theirs, right.sums)}` : apart(examination, mine, left, theirs, right);
    if (why === null) continue;
    findings.fail(over.table.name, keyOf(mine, left), over.shown(left.at), `${monthsOf(mine, left)}${why}`);
  }
  if (sides === 'over') return;
  for (const [key, rows] of theirs.byKey) if (!mine.byKey.has(key)) missing(theirs, sideOf(theirs, rows), mine);
}
/** Of which month and what else, where the record does not say it. */
function monthsOf(of: Party, side: Side): string {
  return of.by.some(({ month }) => month === true) ? `${shownIn(side.row, of.by)}: ` : '';
}
function apart({ withinDays, zone }: ExaminationOf<'reconcile'>, mine: Party, left: Side, theirs: Party, right: Side): string | null {
  const [one, other] = [mine.selection.at, theirs.selection.at];
  if (withinDays === undefined || one === null || other === null || left.at === null || right.at === null) return null;
  const days = Math.abs(dayOf(left.at, one, zone) - dayOf(right.at, other, zone));
  if (days <= withinDays) return null;
  return `${timeText(left.at, one)} and ${timeText(right.at, other)} are ${days} days apart, allowed ${withinDays}`;
}

/** A control total of the records against its register, group by group: sums, and how many there are. */
export function compareTotals(examination: ExaminationOf<'totals'>, over: Selection, register: Selection, findings: Findings): void {
  const { by, sums, count, says, withSays } = examination;
  const mine = gather(over, Object.keys(by), Object.keys(sums), says ?? `${over.table.name} comes to`);
  const counted = count === undefined ? [] : [count];
  const theirs = gather(register, Object.values(by), [...Object.values(sums), ...counted], withSays ?? `${register.table.name} says`);
  const tolerance = toleranceOf(examination.tolerance);
  for (const [key, rows] of mine.byKey) {
    if (theirs.byKey.has(key)) continue;
    const left = sideOf(mine, rows);
    const why = `${saysOf(mine, left.sums)} in ${many(left.records)}, ${theirs.says} nothing of ${shownIn(left.row, mine.by)}`;
    findings.miss(register, over.table.name, keyOf(mine, left), over.shown(left.at), why);
  }
  for (const [key, rows] of theirs.byKey) {
    const found = mine.byKey.get(key);
    const left = found === undefined ? null : sideOf(mine, found);
    const total = sideOf(theirs, rows);
    const side = left ?? { records: 0, sums: mine.amounts.map(() => zero) };
    if (side.sums === null || total.sums === null) continue;
    const expected = count === undefined ? null : (total.sums.at(-1) ?? zero);
    const miscounted = expected !== null && expected.compare(new Decimal(BigInt(side.records), 0)) !== 0;
    if (!miscounted && !differ(side.sums, total.sums, tolerance)) continue;
    const says = saysOf(theirs, total.sums.slice(0, mine.amounts.length));
    const why = `${saysOf(mine, side.sums)} in ${many(side.records)}, ${says}${expected === null ? '' : ` in ${expected}`}`;
    findings.miss(over, register.table.name, keyOf(theirs, total), register.shown(total.at), why);
  }
}

function differ(mine: readonly Decimal[], theirs: readonly Decimal[], tolerance: Decimal, unsigned = false): boolean {
  return mine.some((sum, index) => {
    const other = theirs[index] ?? zero;
    const difference = unsigned ? sum.absolute().minus(other.absolute()) : sum.minus(other);
    return difference.absolute().compare(tolerance) > 0;
  });
}
function saysOf({ says }: Party, sums: readonly Decimal[] | null): string {
  return `${says} ${sums === null ? 'what could not be read' : sums.join(' and ')}`;
}
function many(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}
/** @throws Error for what the configuration would not have let through. */
export function toleranceOf(text: string): Decimal {
  const tolerance = parseDecimal(text);
  if (tolerance === undefined) throw new Error(`${text} is no amount`);
  return tolerance;
}
