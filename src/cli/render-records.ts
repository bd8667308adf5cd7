import type { Cli } from './cli.ts';
import type { RecordsListOutput, RecordsOutput, RecordsTestOutput } from './record-shapes.ts';
import { renderTable } from './render-table.ts';

type Terminal = Pick<Cli, 'colours' | 'columns'>;
type Row = RecordsListOutput['examinations'][number];

const asOfText = (asOf: string | null): string =>
  asOf === null ? 'Not carried out yet: collect first (proofline collect).' : `As of ${asOf}.`;

function stateOf({ blocked, population, unread }: Row, { red, yellow, green }: Cli['colours']): string {
  if (blocked !== null) return yellow('blocked');
  if (population === null) return unread === null ? 'not yet' : yellow(`not seen whole (${unread})`);
  return population.failing > 0 ? red(`${population.failing} fail`) : green('none fails');
}
function countsOf({ population }: Row): string {
  if (population === null) return '';
  const { examined, explained, waiting } = population;
  const rest = [...(explained > 0 ? [`${explained} explained`] : []), ...(waiting > 0 ? [`${waiting} not due yet`] : [])];
  return [`${examined} examined`, ...rest].join(', ');
}

export function renderExaminations({ examinations, leftOut, asOf }: RecordsListOutput, { colours, columns }: Terminal): string {
  const rows = examinations.map((row) => [
    row.examination,
    row.title,
    row.over,
    stateOf(row, colours),
    row.blocked === null ? countsOf(row) : row.blocked,
  ]);
  return [
    renderTable(
      [{ title: 'EXAMINATION' }, { title: 'CLAIM', flexible: true }, { title: 'OVER' }, { title: 'STATE' }, { title: '' }],
      rows,
      columns,
    ),
    ...leftOut.map(({ id, because }) => colours.dim(`${id} is left out: ${because}`)),
    asOfText(asOf),
  ].join('\n');
}

export function renderRecords({ examinations, records, asOf }: RecordsOutput, { colours }: Terminal): string {
  const { bold, dim, red, yellow } = colours;
  const lines = examinations.flatMap((row) => {
    const own = records.filter(({ examination }) => examination === row.examination);
    return [
      `${bold(row.examination)}  ${row.title}`,
      `  ${[stateOf(row, colours), countsOf(row), row.blocked ?? ''].filter((text) => text !== '').join(', ')}`,
      ...row.tables
        .filter(({ keys }) => keys !== null)
        .map(({ table, records, keys }) => dim(`  ${table}: ${records} records, keys ${keys}`)),
      ...own.map(({ name, at, why, state, explanation }) => {
        const what = `  ${name}${at === null ? '' : ` of ${at}`}: ${why}`;
        if (state === 'unknown') return yellow(`${what} (cannot be told)`);
        return explanation === null
          ? red(what)
          : `${what}\n    explained by ${explanation.by}, approved by ${explanation.approvedBy}: ${explanation.reason}`;
      }),
    ];
  });
  return [...lines, asOfText(asOf)].join('\n');
}

export function renderExamples({ examinations }: RecordsTestOutput, { colours }: Terminal): string {
  const { bold, dim, red, green } = colours;
  const runs = examinations.flatMap(({ examples }) => examples);
  const wrong = runs.filter(({ expected, found }) => expected !== found).length;
  const lines = examinations.flatMap(({ examination, examples }) => [
    bold(examination),
    ...examples.flatMap(({ name, expected, found, why }) => [
      `  ${expected === found ? green('as expected') : red(`should ${expected === 'holds' ? 'hold' : 'fail'}, ${found === 'unknown' ? 'cannot be told' : found}`)}  ${name}`,
      ...why.map((text) => dim(`    ${text}`)),
    ]),
  ]);
  const sum =
    runs.length === 0
      ? 'You have no examinations of your own; --all runs the shipped ones.'
      : `${runs.length} examples, ${wrong} not as expected.`;
  return [...lines, sum].join('\n');
}
