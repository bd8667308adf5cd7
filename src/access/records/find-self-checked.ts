import type { ExaminationOf } from './examination.ts';
import { type Column, columnsOf, keyIn, shownIn, textIn, Undecided } from './read-cell.ts';
import type { RecordRow } from './record-table.ts';
import type { Findings, Selection } from './select-records.ts';
import type { Identity, WhoIs } from './who-is.ts';

/**
 * Records that were not checked by another than who made them. Persons are compared, not logins: two logins of one person are one. All
 * checkers have to be there, and where one record needs several, they are several persons.
 * @param joined table whose records name the checkers, found by `by`, or without it all of them; null: the record itself does.
 */
export function findSelfChecked(
  examination: ExaminationOf<'maker-checker'>,
  over: Selection,
  joined: Selection | null,
  findings: Findings,
  who: WhoIs,
): void {
  const makers = columnsOf(over.table, examination.maker);
  const checkers = columnsOf((joined ?? over).table, examination.checker);
  const judge = comparing(examination, who);
  const checkersOf =
    joined === null
      ? ownCheckers(checkers)
      : examination.by === undefined
        ? allCheckers(joined, checkers)
        : joinedCheckers(examination.by, over, joined, checkers);

  over.each((row, at) => {
    const fail = (why: string) => findings.fail(over.table.name, row.key, over.shown(at), why);
    const made = namedIn(row, makers);
    const nobody = made.find(({ login }) => login === null);
    if (nobody !== undefined) return fail(`${nobody.column} is empty: nobody can say who made it`);
    const found = checkersOf(row);
    if (typeof found === 'string') {
      if (joined !== null) findings.miss(joined, over.table.name, row.key, over.shown(at), found);
      return;
    }
    let unknown: string | undefined;
    for (const checked of found.groups) {
      const missing = checked.find(({ login }) => login === null);
      if (missing !== undefined)
        return fail(`${missing.column} is empty: nobody checked what ${made.map(({ login }) => login).join(', ')} made`);
      const verdict = judge(made, checked, found.together);
      if (verdict?.fails === true) return fail(verdict.why);
      unknown ??= verdict?.why;
    }
    if (unknown !== undefined) throw new Undecided(unknown, 'not-collected');
  });
}

interface Named {
  readonly column: string;
  readonly login: string | null;
}
interface Checkers {
  readonly groups: readonly (readonly Named[])[];
  /** Those of one group check one record, and have to be several persons. */
  readonly together: boolean;
}
/** Who checked a record; text: why nobody is named. @throws Undecided */
type CheckersOf = (row: RecordRow) => Checkers | string;

function namedIn(row: RecordRow, columns: readonly Column[]): readonly Named[] {
  return columns.map((column) => ({ column: column.name, login: textIn(row, column) }));
}
function ownCheckers(columns: readonly Column[]): CheckersOf {
  return (row) => ({ groups: [namedIn(row, columns)], together: true });
}
function allCheckers(joined: Selection, columns: readonly Column[]): CheckersOf {
  const distinct = new Map<string, Named>();
  joined.each((row) => {
    for (const named of namedIn(row, columns)) if (named.login !== null) distinct.set(`${named.column}\u0000${named.login}`, named);
  });
  const groups = [...distinct].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, named]) => [named]);
  return () => ({ groups, together: false });
}
function joinedCheckers(
  match: Readonly<Record<string, string>>,
  over: Selection,
  joined: Selection,
  columns: readonly Column[],
): CheckersOf {
  const by = columnsOf(over.table, Object.keys(match));
  const records = recordsByKey(joined, Object.values(match));
  return (row) => {
    const key = keyIn(row, by);
    if (key === null) throw new Undecided(`${by.map(({ name }) => name).join(', ')}: empty, so it cannot be told who checked it`);
    const found = records.get(key);
    if (found === undefined) return `${joined.table.name} has nothing under ${shownIn(row, by)}: nobody is named there`;
    const groups = found.map((record) => namedIn(record, columns));
    const empty = groups.flat().find(({ login }) => login === null);
    if (empty !== undefined) throw new Undecided(`${empty.column} of ${joined.table.name} is empty for ${shownIn(row, by)}`);
    return { groups, together: true };
  };
}

interface Verdict {
  readonly fails: boolean;
  readonly why: string;
}
/** Compares persons, each combination of names once. undefined: they are several persons. */
function comparing(
  { identity, accounts }: ExaminationOf<'maker-checker'>,
  who: WhoIs,
): (made: readonly Named[], checked: readonly Named[], together: boolean) => Verdict | undefined {
  const identify = (login: string): Identity =>
    identity === 'login' ? { kind: 'person', id: login.toLowerCase() } : who.of(login, accounts ?? null);
  const known = new Map<string, Verdict | null>();
  return (made, checked, together) => {
    const place = [...made, ...checked].map(({ column, login }) => `${column}\u0000${login}`).join('\u0001');
    const before = known.get(place);
    if (before !== undefined) return before ?? undefined;
    const verdict = compare(made, checked, together, identify);
    known.set(place, verdict ?? null);
    return verdict;
  };
}
/** What fails is looked for first: a record that surely fails is not unknown. */
function compare(
  made: readonly Named[],
  checked: readonly Named[],
  together: boolean,
  identify: (login: string) => Identity,
): Verdict | undefined {
  const identified = (named: readonly Named[]) =>
    named.map(({ column, login }) => ({ column, login: login ?? '', identity: identify(login ?? '') }));
  const [makers, checkers] = [identified(made), identified(checked)];
  for (const [index, checker] of checkers.entries()) {
    if (checker.identity.kind === 'service-account') {
      return { fails: true, why: `${checker.column} ${checker.login} is the service account ${checker.identity.id}: no person checked it` };
    }
    for (const other of [...makers, ...(together ? checkers.slice(0, index) : [])]) {
      if (!isSame(other, checker)) continue;
      const { id } = { id: checker.login, ...checker.identity };
      const logins = other.login === checker.login ? other.login : `${other.login} and ${checker.login}`;
      const person = id.toLowerCase() === checker.login.toLowerCase() ? '' : ` (${id})`;
      return { fails: true, why: `${other.column} and ${checker.column} are one person: ${logins}${person}` };
    }
  }
  for (const { identity, column, login } of [...makers, ...checkers]) {
    if (identity.kind === 'unknown') return { fails: false, why: `${column} ${login}: ${identity.because}` };
  }
  return undefined;
}
function isSame(one: { login: string; identity: Identity }, other: { login: string; identity: Identity }): boolean {
  if (one.login.toLowerCase() === other.login.toLowerCase()) return true;
  return one.identity.kind === 'person' && other.identity.kind === 'person' && one.identity.id === other.identity.id;
}

function recordsByKey(selection: Selection, by: readonly string[]): ReadonlyMap<string, readonly RecordRow[]> {
  const columns = columnsOf(selection.table, by);
  const found = new Map<string, RecordRow[]>();
  selection.each((row) => {
    const key = keyIn(row, columns);
    if (key === null) return;
    const known = found.get(key);
    if (known === undefined) found.set(key, [row]);
    else known.push(row);
  });
  return found;
}
