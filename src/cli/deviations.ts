import type { Command } from 'commander';
import type { Deviation, PeriodHistory } from '../model/history.ts';
import { appOptions, type Cli, printJson } from './cli.ts';
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
  const history = id === undefined ? await historyFor(cli, options) : await historyWith(cli, options, id);
  const found = history.deviations.filter(
    (one) => (id === undefined || one.id === id) && (id !== undefined || options.check === undefined || one.check === options.check),
  );
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

/** The history of whichever period has the deviation, unless one is named. */
async function historyWith(cli: Cli, options: PeriodReadingOptions, id: string): Promise<PeriodHistory> {
  const [{ openApp }, { findDeviation }] = await Promise.all([import('../app.ts'), import('../run/decisions/find-deviation.ts')]);
  const app = await openApp(appOptions(cli, options));
  const statuses = options.proposed === true ? { statuses: ['adopted', 'proposed'] as const } : {};
  return (await findDeviation(app, id, options.period, statuses)).history;
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
