import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Outcome, outcomes, type Severity, severities } from '../model/outcome.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import type { ResultsOutput } from './shapes.ts';

interface ResultsOptions extends ReadingOptions {
  readonly control?: string;
  readonly check?: string;
  readonly outcome?: Outcome[];
  readonly severity?: Severity[];
  readonly source?: string;
  readonly subject?: string;
  readonly limit: number;
}

export function addResults(program: Command, cli: Cli): void {
  reading(program.command('results'))
    .description('what the checks say, subject by subject, with how to mend what fails; default: what fails or has no evidence')
    .option('--control <id>', 'only of the checks this control uses')
    .option('--check <id>', 'only of this check')
    .addOption(new Option('--outcome <outcome...>', 'only these').choices([...outcomes]))
    .addOption(new Option('--severity <severity...>', 'only of checks of these').choices([...severities]))
    .option('--source <id>', 'only of this source (aws:111122223333)')
    .option('--subject <text>', 'only subjects whose id or name has this text')
    .option('--limit <count>', 'at most so many', count, 100)
    .action(async (options: ResultsOptions) => showResults(cli, options));
}
function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

async function showResults(cli: Cli, options: ResultsOptions): Promise<void> {
  const [{ openApp }, { openCurrentIndex }, { readResults }, { z }] = await Promise.all([
    import('../app.ts'),
    import('../index/project.ts'),
    import('../index/read-results.ts'),
    import('zod'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const index = await openCurrentIndex(store, app.configuration.store.data);
    try {
      await refuseUnknown(index, options);
      const found = await readResults(index, {
        check: options.check,
        control: options.control,
        outcomes: options.outcome ?? ['fail', 'no-evidence'],
        severities: options.severity,
        source: options.source,
        subject: options.subject,
        limit: options.limit,
      });
      const output: ResultsOutput = {
        v: 1,
        total: found.total,
        results: found.results.map(({ parametersDigest: _, parameters, controls, ...result }) => ({
          ...result,
          parameters: z.record(z.string(), z.json()).parse(parameters),
          controls: [...controls],
        })),
      };
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-results.ts')).renderResults(output, cli.colours));
    } finally {
      await index.close();
    }
  } finally {
    await store.close();
  }
}

/** A filter that names what is not there would look like an empty, that is a good, answer. */
async function refuseUnknown(
  index: Awaited<ReturnType<typeof import('../index/project.ts').openCurrentIndex>>,
  options: ResultsOptions,
): Promise<void> {
  const known = async (column: 'control' | 'check' | 'source'): Promise<string[]> => {
    if (column === 'source') return (await index.query.selectFrom('evaluation').select('source').execute()).map(({ source }) => source);
    const plan = await index.query.selectFrom('plan').select('detail').executeTakeFirst();
    if (plan === undefined) return [];
    const { PlanDetail } = await import('../model/plan.ts');
    return PlanDetail.parse(JSON.parse(plan.detail))[column === 'control' ? 'controls' : 'checks'].map(({ id }) => id);
  };
  for (const name of ['control', 'check', 'source'] as const) {
    const wanted = options[name];
    if (wanted === undefined) continue;
    const ids = await known(name);
    if (ids.includes(wanted)) continue;
    const [{ ProoflineError }, { didYouMean }] = await Promise.all([import('../model/errors.ts'), import('../config/nearest-name.ts')]);
    throw new ProoflineError('usage', `there is no ${name} "${wanted}" in what was collected and judged${didYouMean(wanted, ids)}`);
  }
}
