import { type Command, Option } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import type { FrozenPopulation } from '../run/populations/read-populations.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { watching } from './collect.ts';
import { actorText, checkDecider, type DecidingOptions, decidedBy, deciding, recordedText } from './deciding.ts';
import { exitCodes } from './exit-codes.ts';
import type { PopulationListOutput, PopulationRecordRow, PopulationShowOutput } from './shapes.ts';

interface FreezeOptions extends DecidingOptions {
  readonly period: string;
  readonly explain?: string;
  readonly because?: string;
}

export function addPopulation(program: Command, cli: Cli): void {
  const population = program.command('population').description('populations of a period: the exact query and its unedited output, frozen');
  reading(population.command('list'))
    .description('what a period needs, what is frozen of it and what a second source counts')
    .requiredOption('--period <id>', 'the period (proofline period list)')
    .action(async (options: ReadingOptions & { period: string }) => listPopulations(cli, options));
  deciding(population.command('freeze'))
    .description('run the query over exactly the period, judge every row and freeze it; before the period’s end it is not final')
    .argument('[id]', 'such as production-changes (default: all that the period’s controls need)')
    .requiredOption('--period <id>', 'the period (proofline period list)')
    .option('--explain <text>', 'why a second source counts something else')
    .option('--because <reason>', 'why, for the auditor')
    .action(async (id: string | undefined, options: FreezeOptions) => freeze(cli, id, options));
  reading(population.command('show'))
    .description('the rows of a frozen population, made again from what is sealed')
    .argument('<id>', 'such as soc2-2026.production-changes')
    .addOption(new Option('--csv', 'print a table for a spreadsheet; formulas are neutralised').conflicts(['json', 'lines']))
    .addOption(new Option('--lines', 'print the rows as they were hashed: canonical JSON, one a line').conflicts(['json', 'csv']))
    .action(async (id: string, options: ReadingOptions & { csv?: boolean; lines?: boolean }) => show(cli, id, options));
}

async function listPopulations(cli: Cli, options: ReadingOptions & { period: string }): Promise<void> {
  const [{ openApp }, { neededPopulations, periodNamed }, { readPopulations }] = await Promise.all([
    import('../app.ts'),
    import('../run/populations/freeze-population.ts'),
    import('../run/populations/read-populations.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const period = periodNamed(store, options.period);
    const frozen = readPopulations(store, await app.registries()).filter(({ record }) => record.period === period.id);
    const output: PopulationListOutput = {
      v: 1,
      period: period.id,
      needed: (await neededPopulations(app)).map(({ id, title, text, collector, controls }) => ({
        id,
        title,
        text,
        collector,
        controls: [...controls],
        frozen: frozen.filter(({ definition }) => definition?.id === id).map(({ record }) => record.id),
      })),
      frozen: frozen.map(rowOf),
    };
    if (options.json === true) printJson(cli, output);
    else cli.out((await import('./render-populations.ts')).renderPopulations(output, cli.colours));
  } finally {
    await store.close();
  }
}

/** A frozen population as `--json` has it. */
function rowOf({ record, decision, frozenAt, frozenBy, supersededBy, rows, judged }: FrozenPopulation): PopulationRecordRow {
  return {
    ...record,
    supersedes: record.supersedes ?? null,
    decision,
    frozenAt,
    frozenBy: actorText(frozenBy),
    supersededBy,
    readable: rows !== null,
    judged: judged.map(({ check, source, evaluation, counts }) => ({ check, source, evaluation, counts: { ...counts } })),
  };
}

async function freeze(cli: Cli, id: string | undefined, options: FreezeOptions): Promise<void> {
  const [{ openApp }, { openLog }, { freezePopulation, neededPopulations }] = await Promise.all([
    import('../app.ts'),
    import('../run/opened-log.ts'),
    import('../run/populations/freeze-population.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const by = await decidedBy(options);
  await checkDecider(app, by);
  const ids = id === undefined ? (await neededPopulations(app)).map((definition) => definition.id) : [id];
  if (ids.length === 0) throw new ProoflineError('usage', 'no adopted control speaks for a population, and none was named');
  const log = await openLog(app);
  try {
    await watching(cli, app, false, async (watched) => {
      for (const population of ids) {
        const { record, decision } = await freezePopulation(app, log, {
          ...by,
          ...watched,
          period: options.period,
          population,
          explanation: options.explain,
          reason: options.because,
        });
        if (!record.complete) cli.exit(exitCodes.incomplete);
        cli.out((await import('./render-populations.ts')).renderRecord(record, cli.colours));
        cli.out(recordedText(decision));
      }
    });
  } finally {
    await log.close();
  }
}

async function show(cli: Cli, id: string, options: ReadingOptions & { csv?: boolean; lines?: boolean }): Promise<void> {
  const [{ openApp }, { readPopulations }, { rowLines }] = await Promise.all([
    import('../app.ts'),
    import('../run/populations/read-populations.ts'),
    import('../run/populations/population-row.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const registries = await app.registries();
    const populations = readPopulations(store, registries);
    const population = populations.find(({ record }) => record.id === id);
    if (population === undefined) {
      const { didYouMean } = await import('../config/nearest-name.ts');
      throw new ProoflineError(
        'not-found',
        `there is no population "${id}"${didYouMean(
          id,
          populations.map(({ record }) => record.id),
        )}: \`proofline population list\` shows those that are frozen`,
      );
    }
    if (population.rows === null)
      throw new ProoflineError('usage', `the rows of ${id} cannot be made again: some of what was collected is erased`);
    if (options.csv === true) {
      const [{ populationTable }, { writeCsv }] = await Promise.all([
        import('../run/populations/population-table.ts'),
        import('../bundle/documents/write-csv.ts'),
      ]);
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      for (const part of writeCsv(populationTable(population, registries))) cli.out(decoder.decode(part).replace(/\r\n$/, ''));
    } else if (options.lines === true) {
      for (const line of rowLines(population.rows)) cli.out(line.replace(/\n$/, ''));
    } else {
      const output: PopulationShowOutput = { v: 1, population: rowOf(population), rows: [...population.rows] };
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-populations.ts')).renderRows(output, cli.colours, cli.columns));
    }
  } finally {
    await store.close();
  }
}
