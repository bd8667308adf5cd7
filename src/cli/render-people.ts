import type { Cli } from './cli.ts';
import type { PeopleListOutput, PeopleShowOutput, PeopleUnresolvedOutput } from './people-shapes.ts';
import { renderTable } from './render-table.ts';

type Terminal = Pick<Cli, 'colours' | 'columns'>;

export function renderPeople({ people, asOf, incomplete }: PeopleListOutput, { colours, columns }: Terminal): string {
  const rows = people.map(({ id, name, status, department, title, endsOn, accounts, problems }) => [
    id,
    name,
    status === 'unknown' ? colours.yellow(status) : endsOn === null ? status : `${status}, last day ${endsOn}`,
    [department, title].filter((part) => part !== null).join(', '),
    String(accounts),
    colours.red(problems.join('; ')),
  ]);
  const titles = [
    { title: 'PERSON' },
    { title: 'NAME' },
    { title: 'STATUS' },
    { title: 'ROLE' },
    { title: 'ACCOUNTS', align: 'right' as const },
    { title: 'PROBLEMS', flexible: true },
  ];
  return [...(rows.length === 0 ? ['Nobody.'] : [renderTable(titles, rows, columns)]), `As of ${asOf}.`, ...gaps(incomplete, colours)].join(
    '\n',
  );
}

export function renderPerson({ person, accounts, moves, asOf }: PeopleShowOutput, { colours }: Terminal): string {
  const { id, name, emails, kind, status, title, department, manager, startsOn, endsOn, roster, problems } = person;
  const place = [title, department].filter((part) => part !== null).join(', ');
  return [
    `${colours.bold(name)}  ${id}, ${kind}, ${status}${place === '' ? '' : `; ${place}`}${manager === null ? '' : `; manager ${manager}`}`,
    `  ${startsOn ?? '?'} to ${endsOn ?? 'now'} by ${roster}; ${emails.join(', ') || 'no address'}`,
    ...problems.map((says) => colours.red(`  ${says}`)),
    ...moves.map(
      ({ kind: what, day, at, changed, takenBack }) =>
        `  ${what} ${day ?? `seen ${at}`}${changed.length === 0 ? '' : `: ${changed.join(', ')}`}${takenBack ? ' (taken back)' : ''}`,
    ),
    ...(accounts.length === 0 ? ['  no account is known to be his'] : []),
    ...accounts.flatMap((account) => accountLines(account, colours)),
    `As of ${asOf}.`,
  ].join('\n');
}

export function renderUnresolved({ accounts, asOf, incomplete }: PeopleUnresolvedOutput, { colours }: Terminal): string {
  return [
    accounts.length === 0 ? 'Every account is somebody’s.' : `${accounts.length} accounts are nobody’s who is known:`,
    ...accounts.flatMap((account) => accountLines(account, colours)),
    `As of ${asOf}.`,
    ...gaps(incomplete, colours),
  ].join('\n');
}

function accountLines(
  { id, login, type, live, lastUsed, reason, candidates }: PeopleShowOutput['accounts'][number],
  colours: Cli['colours'],
): string[] {
  const state = { yes: 'live', no: 'shut', unknown: 'live or not is unknown' }[live];
  return [
    `  ${colours.bold(login)}  ${type}, ${state}${lastUsed === null ? '' : `, last used ${lastUsed}`}  ${colours.dim(id)}`,
    `    ${reason}${candidates.length === 0 ? '' : `; could be ${candidates.join(' or ')}`}`,
  ];
}
function gaps(incomplete: PeopleListOutput['incomplete'], colours: Cli['colours']): string[] {
  return incomplete.map(({ type, reason }) => colours.yellow(`There may be more of ${type}: ${reason}.`));
}
