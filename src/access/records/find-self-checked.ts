import type { ExaminationOf } from './examination.ts';
import { type Column, columnsOf, keyIn, shownIn, textIn, Undecided } from './read-cell.ts';
import type { RecordRow } from './record-table.ts';
import type { Findings, Selection } from './select-records.ts';
import type { Identity, WhoIs } from './who-is.ts';

/**
 * Records that were not checked by another than who made them. Persons are compared, not logins: two logins of one person are one. All
 * checkers have to be there, and where one record needs several, they are several persons.
 * @param joined table whose records name the checkers, found by `by`; null: the record itself does.
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
  const by = columnsOf(over.table, Object.keys(examination.by ?? {}));
  const others = joined === null ? null : recordsByKey(joined, Object.values(examination.by ?? {}));
  const identify = (login: string): Identity =>
    examination.identity === 'login'
      ? { kind: 'person', id: login.toLowerCase() }
      : who.of(login, examination.accounts === undefined ? null : examination.accounts);

  over.each((row, at) => {
    const fail = (why: string) => findings.fail(over.table.name, row.key, over.shown(at), why);
    const made = makers.map((column) => ({ column, login: textIn(row, column) }));
    const nobody = made.find(({ login }) => login === null);
    if (nobody !== undefined) return fail(`${nobody.column.name} is empty: nobody can say who made it`);
    const key = others === null ? null : keyIn(row, by);
    if (others !== null && key === null)
      throw new Undecided(`${by.map(({ name }) => name).join(', ')}: empty, so it cannot be told who checked it`);
    const records = others === null ? [row] : (others.get(key ?? '') ?? []);
    if (joined !== null && records.length === 0) {
      return findings.miss(
        joined,
        over.table.name,
        row.key,
        over.shown(at),
        `${joined.table.name} has nothing under ${shownIn(row, by)}: nobody checked it`,
      );
    }
    let unknown: string | undefined;
    for (const record of records) {
      const checked = checkers.map((column) => ({ column, login: textIn(record, column) }));
      const missing = checked.find(({ login }) => login === null);
      if (missing !== undefined) return fail(`${missing.column.name} is empty: nobody checked what ${namesOf(made)} made`);
      const verdict = compare(made, checked, identify);
      if (verdict?.fails === true) return fail(verdict.why);
      unknown ??= verdict?.why;
    }
    if (unknown !== undefined) throw new Undecided(unknown, 'not-collected');
  });
}

interface Named {
  readonly column: Column;
  readonly login: string | null;
}
function namesOf(named: readonly Named[]): string {
  return named.map(({ login }) => login).join(', ');
}

/** undefined: they are several persons. What fails is looked for first: a record that surely fails is not unknown. */
function compare(
  made: readonly Named[],
  checked: readonly Named[],
  identify: (login: string) => Identity,
): { readonly fails: boolean; readonly why: string } | undefined {
  const known = (named: readonly Named[]) =>
    named.map(({ column, login }) => ({ column, login: login ?? '', identity: identify(login ?? '') }));
  const [makers, checkers] = [known(made), known(checked)];
  for (const [index, checker] of checkers.entries()) {
    if (checker.identity.kind === 'service-account') {
      return {
        fails: true,
        why: `${checker.column.name} ${checker.login} is the service account ${checker.identity.id}: no person checked it`,
      };
    }
    for (const other of [...makers, ...checkers.slice(0, index)]) {
      const same =
        other.login.toLowerCase() === checker.login.toLowerCase() ||
        (other.identity.kind === 'person' && checker.identity.kind === 'person' && other.identity.id === checker.identity.id);
      if (!same) continue;
      const person =
        checker.identity.kind === 'person' && checker.identity.id.toLowerCase() !== checker.login.toLowerCase()
          ? ` (${checker.identity.id})`
          : '';
      const logins = other.login === checker.login ? other.login : `${other.login} and ${checker.login}`;
      return { fails: true, why: `${other.column.name} and ${checker.column.name} are one person: ${logins}${person}` };
    }
  }
  for (const { identity, column, login } of [...makers, ...checkers]) {
    if (identity.kind === 'unknown') return { fails: false, why: `${column.name} ${login}: ${identity.because}` };
  }
  return undefined;
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
