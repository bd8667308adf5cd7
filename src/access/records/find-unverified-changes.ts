import type { ExaminationOf } from './examination.ts';
import { columnOf, columnsOf, dayOf, instantIn, keyIn, textIn, timeText, Undecided } from './read-cell.ts';
import type { Findings, Selection } from './select-records.ts';

interface Change {
  readonly key: string;
  readonly at: number;
  readonly by: string | null;
  readonly verified: number | null;
}

/** Payments to what was changed shortly before and not verified before they were made. */
export function findUnverifiedChanges(
  examination: ExaminationOf<'changed-before'>,
  over: Selection,
  changes: Selection,
  findings: Findings,
): void {
  const { zone, days } = examination;
  const by = columnsOf(over.table, Object.keys(examination.by));
  const changedAt = columnOf(changes.table, examination.changedAt);
  const verifiedAt = examination.verifiedAt === undefined ? null : columnOf(changes.table, examination.verifiedAt);
  const known = changesByKey(examination, changes);
  over.each((row, at) => {
    const key = keyIn(row, by);
    if (key === null || at === null || over.at === null) {
      throw new Undecided(
        `${key === null ? by.map(({ name }) => name).join(', ') : (examination.at ?? 'the time')} is empty, so it cannot be told what changed before`,
      );
    }
    const paid = dayOf(at, over.at, zone);
    for (const change of known.get(key) ?? []) {
      const since = paid - dayOf(change.at, changedAt, zone);
      const before = over.at.type === 'date' || changedAt.type === 'date' ? since >= 0 : change.at <= at;
      if (!before || since > days) continue;
      const changed = `${over.shown(at)}: changed ${timeText(change.at, changedAt)} by ${change.key}, ${since === 1 ? '1 day' : `${since} days`} before`;
      if (change.by === null) findings.fail(over.table.name, row.key, over.shown(at), `${changed}, and verified by nobody`);
      else if (verifiedAt !== null && (change.verified === null || isAfter(change.verified, verifiedAt, at, over.at, zone))) {
        const when = change.verified === null ? 'at no time' : `only ${timeText(change.verified, verifiedAt)}`;
        findings.fail(over.table.name, row.key, over.shown(at), `${changed}, and verified ${when}`);
      } else continue;
      return;
    }
  });
}
function isAfter(verified: number, verifiedAt: { type: string }, paid: number, paidAt: { type: string }, zone: string): boolean {
  if (verifiedAt.type !== 'date' && paidAt.type !== 'date') return verified > paid;
  const day = (at: number, { type }: { type: string }) => dayOf(at, { type: type === 'date' ? 'date' : 'time' }, zone);
  return day(verified, verifiedAt) > day(paid, paidAt);
}

function changesByKey(examination: ExaminationOf<'changed-before'>, changes: Selection): ReadonlyMap<string, readonly Change[]> {
  const columns = columnsOf(changes.table, Object.values(examination.by));
  const changedAt = columnOf(changes.table, examination.changedAt);
  const verifiedBy = columnOf(changes.table, examination.verifiedBy);
  const verifiedAt = examination.verifiedAt === undefined ? null : columnOf(changes.table, examination.verifiedAt);
  const found = new Map<string, Change[]>();
  changes.each((row) => {
    const [key, at] = [keyIn(row, columns), instantIn(row, changedAt)];
    if (key === null || at === null)
      throw new Undecided(
        `${key === null ? columns.map(({ name }) => name).join(', ') : changedAt.name} is empty, so it cannot be told what it changed when`,
      );
    const change = { key: row.key, at, by: textIn(row, verifiedBy), verified: verifiedAt === null ? null : instantIn(row, verifiedAt) };
    const known = found.get(key);
    if (known === undefined) found.set(key, [change]);
    else known.push(change);
  });
  for (const list of found.values()) list.sort((left, right) => left.at - right.at || (left.key < right.key ? -1 : 1));
  return found;
}
