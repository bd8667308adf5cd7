import { notAuthenticated, type PopulationRecord } from '../model/decision.ts';
import type { Colours } from './cli.ts';
import { renderTable } from './render-table.ts';
import type { PopulationListOutput, PopulationShowOutput, SampleListOutput } from './shapes.ts';

type Said = Pick<PopulationRecord, 'id' | 'title' | 'count' | 'from' | 'to' | 'final' | 'complete' | 'digest' | 'collector'> & {
  readonly reconciliation: PopulationRecord['reconciliation'];
};

/** One frozen population: how many rows, whether it is final and whole, and what a second source counts. */
export function renderRecord(record: Said, { bold, dim, yellow }: Colours): string {
  const rows =
    record.count === 0 ? 'no rows: the query was run and its output is empty; what it is of did not operate' : `${record.count} rows`;
  const state = [record.final ? 'final' : yellow('not final'), ...(record.complete ? [] : [yellow('not complete')])].join(', ');
  return [
    `${bold(record.id)}  ${record.title}: ${rows}, ${state}`,
    dim(`  ${record.collector} from ${record.from} to before ${record.to}`),
    dim(`  ${record.digest}`),
    ...record.reconciliation.map(({ with: other, count, difference, explanation }) => {
      if (count === null) return yellow(`  ${other}: not known`);
      if (difference === 0) return `  ${other}: ${count}, the same`;
      const why = explanation ?? yellow('nobody has said why: freeze again with --explain');
      return `  ${other}: ${count}, a difference of ${difference ?? 0}: ${why}`;
    }),
  ].join('\n');
}

export function renderPopulations({ period, needed, frozen }: PopulationListOutput, colours: Colours): string {
  const { bold, dim, yellow } = colours;
  const lines = [bold(`Populations of ${period}`)];
  if (needed.length === 0) lines.push('  No adopted control speaks for one.');
  for (const one of needed) {
    lines.push(
      `  ${one.id}  ${one.title}, for ${one.controls.join(', ')}  ${one.frozen.length === 0 ? yellow('not frozen yet') : dim(one.frozen.join(', '))}`,
    );
  }
  for (const record of frozen) {
    lines.push('', renderRecord(record, colours));
    lines.push(
      dim(
        `  frozen ${record.frozenAt} by ${record.frozenBy.replace(notAuthenticated, () => yellow(notAuthenticated))}, entry ${record.decision}`,
      ),
    );
    for (const { check, source, counts } of record.judged)
      lines.push(
        `  ${check} over ${source}: ${counts.fail} failed, ${counts.pass} passed, ${counts['no-evidence']} without evidence, ${counts['not-applicable']} not applicable`,
      );
    if (record.supersededBy !== null) lines.push(yellow(`  a later version took its place: ${record.supersededBy}`));
  }
  return lines.join('\n');
}

const shownRows = 50;
export function renderRows({ population, rows }: PopulationShowOutput, colours: Colours, width: number): string {
  const table = renderTable(
    [{ title: 'At' }, { title: 'Row', flexible: true }],
    rows.slice(0, shownRows).map(({ at, display }) => [at ?? '', display]),
    width,
  );
  const more = rows.length > shownRows ? `\nand ${rows.length - shownRows} more: --csv, --json and --lines have all` : '';
  return `${renderRecord(population, colours)}\n\n${table}${more}`;
}

export function renderSamples({ samples }: SampleListOutput, { bold, dim }: Colours): string {
  if (samples.length === 0) return 'No auditor has drawn a sample yet.';
  return samples
    .flatMap(({ id, population, seed, size, drawnAt, drawnBy, selection }) => [
      `${bold(id)}  ${size} of ${population}, seed ${JSON.stringify(seed)}  ${dim(`drawn ${drawnAt} by ${drawnBy}`)}`,
      ...selection.map((row, index) => `  ${String(index + 1).padStart(4)}  ${row.id}  ${dim(row.rank.slice(0, 16))}`),
    ])
    .join('\n');
}
