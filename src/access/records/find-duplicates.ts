import type { ExaminationOf } from './examination.ts';
import { columnsOf, dayMs, keyIn, shownIn, Undecided } from './read-cell.ts';
import type { RecordRow } from './record-table.ts';
import type { Findings, Selection } from './select-records.ts';

/**
 * Records that say the same in all key columns. The earliest stands; every later one fails and names the one before it.
 * One pass; a map of keys, and lists of those alone that are there more than once.
 */
export function findDuplicates(examination: ExaminationOf<'unique'>, over: Selection, findings: Findings): void {
  const columns = columnsOf(over.table, examination.key);
  const within = examination.withinDays === undefined ? null : examination.withinDays * dayMs;
  const first = new Map<string, RecordRow>();
  const several = new Map<string, RecordRow[]>();
  over.each((row, at) => {
    const key = keyIn(row, columns);
    if (key === null) throw new Undecided(`${examination.key.join(', ')}: one of them is empty, so it cannot be told what it repeats`);
    if (within !== null && at === null)
      throw new Undecided(`${examination.at ?? 'the time'} is empty, so it cannot be told what it repeats`);
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, row);
      return;
    }
    const group = several.get(key);
    if (group === undefined) several.set(key, [known, row]);
    else group.push(row);
  });
  const named = examination.key.join(', ');
  for (const rows of several.values()) {
    const group = rows.map((row) => ({ row, at: over.timeOf(row) }));
    group.sort((left, right) => (left.at ?? 0) - (right.at ?? 0));
    for (const [index, { row, at }] of group.entries()) {
      const before = group[index - 1];
      if (before === undefined) continue;
      if (within !== null && (at ?? 0) - (before.at ?? 0) > within) continue;
      findings.fail(over.table.name, row.key, over.shown(at), `${named} as in ${before.row.key}: ${shownIn(row, columns)}`);
    }
  }
}
