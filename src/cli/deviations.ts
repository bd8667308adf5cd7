import type { Command } from 'commander';
import type { Deviation } from '../model/history.ts';
import { type Cli, printJson } from './cli.ts';
import type { DeviationRow, DeviationsOutput } from './history-shapes.ts';
import { historyFor, type PeriodReadingOptions, periodHead, periodReading } from './period-options.ts';

/** The reading half of `deviation`: what breaks a control's own statement and tolerance, with what became of it. */
export function addDeviationReading(deviation: Command, cli: Cli): void {
  periodReading(deviation.command('list'))
    .description("what breaks a control's own statement and tolerance, also what was put right or accepted")
    .action(async (options: PeriodReadingOptions) => show(cli, options, undefined));
  periodReading(deviation.command('show'))
    .description('one deviation with everything that was decided about it')
    .argument('<id>', 'D-...')
    .action(async (id: string, options: PeriodReadingOptions) => show(cli, options, id));
}

async function show(cli: Cli, options: PeriodReadingOptions, id: string | undefined): Promise<void> {
  const history = await historyFor(cli, options);
  const found = history.deviations.filter(
    (one) => (id === undefined || one.id === id) && (options.check === undefined || one.check === options.check),
  );
  if (id !== undefined && found.length === 0) {
    const { ProoflineError } = await import('../model/errors.ts');
    throw new ProoflineError('not-found', `there is no deviation "${id}" in ${history.period.id}`);
  }
  const output: DeviationsOutput = { v: 1, period: periodHead(history), total: found.length, deviations: found.map(rowOf) };
  if (options.json === true) {
    printJson(cli, output);
    return;
  }
  const { renderDeviation, renderDeviations } = await import('./render-history.ts');
  const view = { colours: cli.colours, columns: cli.columns };
  const [only] = output.deviations;
  cli.out(id !== undefined && only !== undefined ? renderDeviation(only, output.period, view) : renderDeviations(output, view));
}

function rowOf(deviation: Deviation): DeviationRow {
  const { lifeCycle, markers } = deviation;
  const { remediation, retest, decisions, cause } = lifeCycle;
  return {
    ...deviation,
    markers: [...markers],
    lifeCycle: {
      ...lifeCycle,
      cause: cause as DeviationRow['lifeCycle']['cause'],
      remediation: remediation === null ? null : { ...remediation, evidence: [...remediation.evidence] },
      retest: retest === null ? null : { ...retest, evidence: [...retest.evidence] },
      decisions: decisions.map((decision) => ({ ...decision })),
    },
  };
}
