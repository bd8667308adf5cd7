import type { ExaminationOf } from './examination.ts';
import { columnOf, columnsOf, dayOf, dayText, instantIn, keyIn, shownIn, Undecided } from './read-cell.ts';
import type { Findings, Selection } from './select-records.ts';

interface Listed {
  /** Days from 1970; null: without a bound on this side. */
  readonly from: number | null;
  readonly until: number | null;
}

/** Records of somebody or something that the other table does not list, or not for the day of the record: somebody paid who is not employed. */
export function findUnlisted(examination: ExaminationOf<'exists-in'>, over: Selection, roster: Selection, findings: Findings): void {
  const { zone, graceDays } = examination;
  const by = columnsOf(over.table, Object.keys(examination.by));
  const listed = entriesOf(examination, roster);
  over.each((row, at) => {
    const fail = (why: string) => findings.fail(over.table.name, row.key, over.shown(at), why);
    const key = keyIn(row, by);
    if (key === null) return fail(`${by.map(({ name }) => name).join(', ')} is empty: it is nobody’s`);
    const entries = listed.get(key);
    const shown = shownIn(row, by);
    if (entries === undefined)
      return findings.miss(roster, over.table.name, row.key, over.shown(at), `${shown} is not in ${roster.table.name}`);
    if (examination.from === undefined && examination.until === undefined) return;
    if (at === null || over.at === null)
      throw new Undecided(`${examination.at ?? 'the time'} is empty, so it cannot be told for which day`);
    const day = dayOf(at, over.at, zone);
    const holds = entries.some(({ from, until }) => (from === null || from <= day) && (until === null || day <= until + graceDays));
    if (holds) return;
    const spans = entries.map(
      ({ from, until }) => `${from === null ? '' : `from ${dayText(from)} `}${until === null ? 'on' : `until ${dayText(until)}`}`,
    );
    fail(`${shown} on ${dayText(day)}, in ${roster.table.name} ${spans.join(', ')}`);
  });
}

function entriesOf(examination: ExaminationOf<'exists-in'>, roster: Selection): ReadonlyMap<string, readonly Listed[]> {
  const columns = columnsOf(roster.table, Object.values(examination.by));
  const from = examination.from === undefined ? null : columnOf(roster.table, examination.from);
  const until = examination.until === undefined ? null : columnOf(roster.table, examination.until);
  const found = new Map<string, Listed[]>();
  roster.each((row) => {
    const key = keyIn(row, columns);
    if (key === null) return;
    const [begins, ends] = [from === null ? null : instantIn(row, from), until === null ? null : instantIn(row, until)];
    if (from !== null && begins === null) throw new Undecided(`${from.name} is empty, so it cannot be told from when on it holds`);
    const entry: Listed = {
      from: begins === null || from === null ? null : dayOf(begins, from, examination.zone),
      until: ends === null || until === null ? null : dayOf(ends, until, examination.zone),
    };
    const known = found.get(key);
    if (known === undefined) found.set(key, [entry]);
    else known.push(entry);
  });
  return found;
}
