import type { Examination } from './examination.ts';
import { findDuplicates } from './find-duplicates.ts';
import { findLateRecords } from './find-late-records.ts';
import { findMissedRuns } from './find-missed-runs.ts';
import { findSelfChecked } from './find-self-checked.ts';
import { findSequenceBreaks } from './find-sequence-breaks.ts';
import { findUnapproved } from './find-unapproved.ts';
import { findUnlisted } from './find-unlisted.ts';
import { findUnverifiedChanges } from './find-unverified-changes.ts';
import { findUnmet, recalculateRecords } from './recalculate-records.ts';
import { compareTotals, reconcileRecords } from './reconcile-records.ts';
import type { RecordTable } from './record-table.ts';
import { type Examined, Findings, Selection } from './select-records.ts';
import type { WhoIs } from './who-is.ts';

export interface ExaminationInput {
  /** Every table that the examination names (tablesOf). @throws Error for one that is not there: a bug. */
  table(name: string): RecordTable;
  readonly who: WhoIs;
  /** ISO-8601 UTC. */
  readonly at: string;
}

/** Tables that an examination reads, the examined one first. */
export function tablesOf(examination: Examination): readonly string[] {
  const others = otherTables(examination);
  return [...new Set([examination.over, ...others])];
}
function otherTables(examination: Examination): readonly string[] {
  switch (examination.kind) {
    case 'reconcile':
    case 'totals':
      return [examination.with];
    case 'maker-checker':
      return examination.with === undefined ? [] : [examination.with];
    case 'calendar':
      return 'table' in examination.due ? [examination.due.table] : [];
    case 'exists-in':
      return [examination.in];
    case 'changed-before':
      return [examination.changes];
    default:
      return [];
  }
}

/** Examines every record. Pure: the same records in any order give the same findings in the same order. */
export function runExamination(examination: Examination, input: ExaminationInput): Examined {
  const findings = new Findings();
  const { zone } = examination;
  const over = new Selection(input.table(examination.over), { ...examination, at: examination.at }, findings);
  const other = (name: string, options: { where?: string | undefined; at?: string | undefined } = {}) =>
    new Selection(input.table(name), { ...options, zone }, findings);
  const now = Date.parse(input.at);
  switch (examination.kind) {
    case 'unique':
      findDuplicates(examination, over, findings);
      break;
    case 'reconcile':
      reconcileRecords(examination, over, other(examination.with, { where: examination.withWhere, at: examination.withAt }), findings, now);
      break;
    case 'maker-checker':
      findSelfChecked(examination, over, examination.with === undefined ? null : other(examination.with), findings, input.who);
      break;
    case 'approval-before-effect':
      findUnapproved(examination, over, findings);
      break;
    case 'sequence':
      findSequenceBreaks(examination, over, findings);
      break;
    case 'calendar':
      findMissedRuns(examination, over, 'table' in examination.due ? other(examination.due.table) : null, findings, now);
      break;
    case 'timeliness':
      findLateRecords(examination, over, findings, now);
      break;
    case 'totals':
      compareTotals(examination, over, other(examination.with, { where: examination.withWhere }), findings);
      break;
    case 'recalculate':
      recalculateRecords(examination, over, findings);
      break;
    case 'predicate':
      findUnmet(examination, over, findings);
      break;
    case 'exists-in':
      findUnlisted(examination, over, other(examination.in, { where: examination.inWhere }), findings);
      break;
    case 'changed-before':
      findUnverifiedChanges(examination, over, other(examination.changes, { where: examination.changesWhere }), findings);
      break;
  }
  return findings.examined(over);
}
