import { type Command, Option } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import type { Composition } from '../run/composition.ts';
import type { ReadinessTarget } from '../run/readiness.ts';
import { appOptions, type Cli, callOf, printJson, type ReadingOptions, reading } from './cli.ts';
import type { ReadinessOutput } from './shapes.ts';

interface ReadinessOptions extends ReadingOptions {
  readonly report?: 'soc1' | 'soc2';
  readonly all?: boolean;
}

export function addReadiness(program: Command, cli: Cli): void {
  reading(program.command('readiness'))
    .description('before a period: what is adopted, missing, failing, gathered by hand or unread, in order of effort')
    .addOption(new Option('--report <report>', 'for a kind of report').choices(['soc1', 'soc2']))
    .option('--all', 'every step, also those that are many')
    .action(async (options: ReadinessOptions) => showReadiness(cli, options));
}

async function showReadiness(cli: Cli, options: ReadinessOptions): Promise<void> {
  const [{ openApp }, { describeReadiness }] = await Promise.all([import('../app.ts'), import('../run/readiness.ts')]);
  const app = await openApp(appOptions(cli, options));
  const output: ReadinessOutput = { v: 1, ...(await describeReadiness(app, targetOf(app, options))) };
  if (options.json === true) printJson(cli, output);
  else {
    const { renderReadiness } = await import('./render-readiness.ts');
    cli.out(renderReadiness(output, { colours: cli.colours, columns: cli.columns, all: options.all === true, call: callOf(options) }));
  }
}

function targetOf(app: Composition, options: ReadinessOptions): ReadinessTarget {
  if (options.report !== undefined) return { report: options.report };
  const [report, another] = app.configuration.reports;
  if (report === undefined || another !== undefined) {
    throw new ProoflineError('usage', `the configuration names ${app.configuration.reports.join(' and ')}: say which with --report`);
  }
  return { report };
}
