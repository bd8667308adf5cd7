import { Decimal, parseDecimal, zero } from './decimal.ts';
import type { ExaminationOf } from './examination.ts';
import { type Column, columnsOf, dayMs, dayOf, decimalIn, keyIn, shownIn, timeText, Undecided } from './read-cell.ts';
import type { RecordRow } from './record-table.ts';
import type { Findings, Selection } from './select-records.ts';

/** What one side has under one key. */
interface Side {
  /** Of its first record. */
  readonly key: string;
  readonly at: number | null;
  readonly shown: string;
  records: number;
  /** null: an amount of it could not be read, so that nothing can be said of it. */
  sums: readonly Decimal[] | null;
}
interface Gathered {
  readonly selection: Selection;
  readonly amounts: readonly Column[];
  readonly byKey: ReadonlyMap<string, Side>;
  readonly says: string;
}

function gather(selection: Selection, by: readonly string[], amountNames: readonly string[], says: string): Gathered {
  const columns = columnsOf(selection.table, by);
  const amounts = columnsOf(selection.table, amountNames);
  const byKey = new Map<string, Side>();
  selection.each((row, at) => {
    const key = keyIn(row, columns);
    if (key === null) throw new Undecided(`${by.join(', ')}: empty, so it cannot be told what it belongs to`);
    const side: Side = byKey.get(key) ?? sideOf(row, at, columns);
    const before = side.records === 0 ? amounts.map(() => zero) : side.sums;
    side.records += 1;
    side.sums = null;
    byKey.set(key, side);
    const here = amounts.map((column) => amountIn(row, column));
    side.sums = before?.map((sum, index) => sum.plus(here[index] ?? zero)) ?? null;
  });
  return { selection, amounts, byKey, says };
}
/** Of a month no record of it is named but the month. */
function sideOf(row: RecordRow, at: number | null, columns: readonly Column[]): Side {
  const shown = shownIn(row, columns);
  const isMonth = columns.some(({ month }) => month === true);
  return { key: isMonth ? shown : row.key, at, shown, records: 0, sums: null };
}
function amountIn(row: RecordRow, column: Column): Decimal {
  const amount = decimalIn(row, column);
  if (amount === null) throw new Undecided(`${column.name} is empty`);
  return amount;
}

/**
 * Two sources side by side, key by key: missing on either side, other amounts, too far apart in time. Several records under one key are
 * added up. One pass over each side, and a map of what each has by key.
 * @param now milliseconds: what the other side has time for is not missing yet.
 */
export function reconcileRecords(
  examination: ExaminationOf<'reconcile'>,
  over: Selection,
  other: Selection,
  findings: Findings,
  now: number,
): void {
  const left = gather(over, Object.keys(examination.by), Object.keys(examination.amounts), examination.says ?? `${over.table.name} has`);
  const right = gather(
    other,
    Object.values(examination.by),
    Object.values(examination.amounts),
    examination.withSays ?? `${other.table.name} has`,
  );
  const tolerance = toleranceOf(examination.tolerance);
  const sides = [
    { mine: left, theirs: right, look: examination.sides !== 'with' },
    { mine: right, theirs: left, look: examination.sides !== 'over' },
  ];
  for (const { mine, theirs, look } of sides) {
    if (!look) continue;
    for (const [key, side] of mine.byKey) {
      if (theirs.byKey.has(key)) continue;
      const time = examination.withinDays === undefined || side.at === null ? 0 : side.at + (examination.withinDays + 1) * dayMs;
      if (time > now) findings.wait(time);
      else {
        const { table } = mine.selection;
        const why = `${saysOf(mine, side.sums)}, ${theirs.says} nothing under ${side.shown}`;
        findings.miss(theirs.selection, table.name, side.key, mine.selection.shown(side.at), why);
      }
    }
  }
  for (const [key, side] of left.byKey) {
    const match = right.byKey.get(key);
    if (match === undefined || side.sums === null || match.sums === null) continue;
    const differs = differ(side.sums, match.sums, tolerance, examination.signs === 'ignore');
    const late = apart(examination, left, side, right, match);
    if (!differs && late === null) continue;
    const why = differs ? `${saysOf(left, side.sums)}, ${saysOf(right, match.sums)}` : late;
    findings.fail(over.table.name, side.key, over.shown(side.at), why ?? '');
  }
}
function apart({ withinDays, zone }: ExaminationOf<'reconcile'>, left: Gathered, side: Side, right: Gathered, match: Side): string | null {
  const [mine, theirs] = [left.selection.at, right.selection.at];
  if (withinDays === undefined || mine === null || theirs === null || side.at === null || match.at === null) return null;
  const days = Math.abs(dayOf(side.at, mine, zone) - dayOf(match.at, theirs, zone));
  if (days <= withinDays) return null;
  return `${timeText(side.at, mine)} and ${timeText(match.at, theirs)} are ${days} days apart, allowed ${withinDays}`;
}

/** A control total of the records against its register, group by group: sums, and how many there are. */
export function compareTotals(examination: ExaminationOf<'totals'>, over: Selection, register: Selection, findings: Findings): void {
  const left = gather(over, Object.keys(examination.by), Object.keys(examination.sums), examination.says ?? `${over.table.name} comes to`);
  const counted = examination.count === undefined ? [] : [examination.count];
  const right = gather(
    register,
    Object.values(examination.by),
    [...Object.values(examination.sums), ...counted],
    examination.withSays ?? `${register.table.name} says`,
  );
  const tolerance = toleranceOf(examination.tolerance);
  for (const [key, side] of left.byKey) {
    if (right.byKey.has(key)) continue;
    const why = `${saysOf(left, side.sums)} in ${many(side.records)}, ${right.says} nothing of ${side.shown}`;
    findings.miss(register, over.table.name, side.key, over.shown(side.at), why);
  }
  for (const [key, total] of right.byKey) {
    const side = left.byKey.get(key) ?? { records: 0, sums: left.amounts.map(() => zero) };
    if (side.sums === null || total.sums === null) continue;
    const count = examination.count === undefined ? null : (total.sums.at(-1) ?? zero);
    const miscounted = count !== null && count.compare(new Decimal(BigInt(side.records), 0)) !== 0;
    if (!miscounted && !differ(side.sums, total.sums, tolerance)) continue;
    const says = total.sums.slice(0, left.amounts.length);
    const why = `${saysOf(left, side.sums)} in ${many(side.records)}, ${saysOf(right, says)}${count === null ? '' : ` in ${count}`}`;
    findings.miss(over, register.table.name, total.key, register.shown(total.at), why);
  }
}

function differ(mine: readonly Decimal[], theirs: readonly Decimal[], tolerance: Decimal, unsigned = false): boolean {
  return mine.some((sum, index) => {
    const other = theirs[index] ?? zero;
    const difference = unsigned ? sum.absolute().minus(other.absolute()) : sum.minus(other);
    return difference.absolute().compare(tolerance) > 0;
  });
}
function saysOf({ says }: Gathered, sums: readonly Decimal[] | null): string {
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
