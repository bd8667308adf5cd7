import type { ExaminationOf } from './examination.ts';
import { columnOf, dayOf, instantIn, textIn, timeText } from './read-cell.ts';
import type { Findings, Selection } from './select-records.ts';

/** Records that took effect before they were approved, or without anybody’s approval. Where one of the two is a date, days are compared. */
export function findUnapproved(examination: ExaminationOf<'approval-before-effect'>, over: Selection, findings: Findings): void {
  const approved = columnOf(over.table, examination.approvedAt);
  const effective = columnOf(over.table, examination.effectiveAt);
  const approver = examination.approvedBy === undefined ? null : columnOf(over.table, examination.approvedBy);
  over.each((row, at) => {
    const fail = (why: string) => findings.fail(over.table.name, row.key, over.shown(at), why);
    const [approvedAt, effectiveAt] = [instantIn(row, approved), instantIn(row, effective)];
    if (approver !== null && textIn(row, approver) === null) return fail(`${approver.name} is empty: nobody approved it`);
    if (approvedAt === null) return fail(`${approved.name} is empty: it was not approved`);
    if (effectiveAt === null) return fail(`${effective.name} is empty: it cannot be told when it took effect`);
    const inDays = approved.type === 'date' || effective.type === 'date';
    const before = inDays
      ? dayOf(approvedAt, approved, examination.zone) <= dayOf(effectiveAt, effective, examination.zone)
      : approvedAt <= effectiveAt;
    if (!before) fail(`in effect ${timeText(effectiveAt, effective)}, approved only ${timeText(approvedAt, approved)}`);
  });
}
