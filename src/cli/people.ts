import { type Command, Option } from 'commander';
import type { linkReasons } from '../model/access.ts';
import type { ListedAccount, ListedPerson, OpenedPeople } from '../run/people/open-people.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import type { PeopleListOutput, PeopleShowOutput, PeopleUnresolvedOutput } from './people-shapes.ts';

interface ListOptions extends ReadingOptions {
  readonly status?: 'active' | 'not-started' | 'left' | 'unknown';
  readonly problems?: boolean;
}

export function addPeople(program: Command, cli: Cli): void {
  const people = program.command('people').description('who works here by the rosters, and whose every account is');
  reading(people.command('list'))
    .description('everybody the rosters have, or had in the last 400 days')
    .addOption(new Option('--status <status>', 'only these').choices(['active', 'not-started', 'left', 'unknown']))
    .option('--problems', 'only whom the rosters contradict themselves in')
    .action(async (options: ListOptions) => list(cli, options));
  reading(people.command('show'))
    .description('one person: accounts with the reason for each, joining, moving and leaving')
    .argument('<person>', 'id (hr:E-104), number, address or name')
    .action(async (name: string, options: ReadingOptions) => show(cli, name, options));
  reading(people.command('unresolved'))
    .description('accounts that are nobody’s who is known, and why')
    .action(async (options: ReadingOptions) => unresolved(cli, options));
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const opened = await opening(cli, options);
  const rows = opened.persons.map((person) => rowOf(person, opened));
  const wanted = rows.filter(
    ({ status, problems }) =>
      (options.status === undefined || status === options.status) && (options.problems !== true || problems.length > 0),
  );
  const output: PeopleListOutput = { v: 1, asOf: opened.asOf, people: wanted, incomplete: [...opened.incomplete] };
  if (options.json === true) return printJson(cli, output);
  const { renderPeople } = await import('./render-people.ts');
  cli.out(renderPeople(output, cli));
}

async function show(cli: Cli, name: string, options: ReadingOptions): Promise<void> {
  const opened = await opening(cli, options);
  const { personNamed } = await import('../run/people/open-people.ts');
  const person = personNamed(opened, name);
  const output: PeopleShowOutput = {
    v: 1,
    asOf: opened.asOf,
    person: rowOf(person, opened),
    accounts: accountsOf(person, opened).map(accountRow),
    moves: opened.moves
      .filter((move) => move.person === person.person)
      .map(({ kind, day, at, changed, takenBack }) => ({
        kind,
        day,
        at,
        changed: changed.map(({ field, before, after }) => `${field}: ${before ?? 'none'} -> ${after ?? 'none'}`),
        takenBack,
      })),
  };
  if (options.json === true) return printJson(cli, output);
  const { renderPerson } = await import('./render-people.ts');
  cli.out(renderPerson(output, cli));
}

async function unresolved(cli: Cli, options: ReadingOptions): Promise<void> {
  const { accounts, asOf, incomplete } = await opening(cli, options);
  const output: PeopleUnresolvedOutput = {
    v: 1,
    asOf,
    accounts: accounts.filter(({ kind }) => kind === 'unresolved').map(accountRow),
    incomplete: [...incomplete],
  };
  if (options.json === true) return printJson(cli, output);
  const { renderUnresolved } = await import('./render-people.ts');
  cli.out(renderUnresolved(output, cli));
}

async function opening(cli: Cli, options: ReadingOptions): Promise<OpenedPeople> {
  const [{ openApp }, { openPeople }] = await Promise.all([import('../app.ts'), import('../run/people/open-people.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    return await openPeople(app, store);
  } finally {
    await store.close();
  }
}

function accountsOf({ person }: ListedPerson, { accounts }: OpenedPeople): ListedAccount[] {
  return accounts.filter(({ kind, owner }) => kind === 'person' && owner === person);
}
function rowOf(person: ListedPerson, opened: OpenedPeople): PeopleListOutput['people'][number] {
  const { person: id, status, problems, unread: _unread, ...fields } = person;
  return {
    id,
    ...fields,
    status: status ?? 'unknown',
    problems: problems.map(({ says }) => says),
    accounts: accountsOf(person, opened).length,
  };
}
function accountRow({
  account,
  live,
  linkedBy,
  tellsUse: _tellsUse,
  unread: _unread,
  ...fields
}: ListedAccount): PeopleShowOutput['accounts'][number] {
  return {
    id: account,
    ...fields,
    linkedBy: linkedBy as (typeof linkReasons)[number] | null,
    live: live === null ? 'unknown' : live ? 'yes' : 'no',
  };
}
