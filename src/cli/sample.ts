import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import type { DrawRequest, Selection } from '../run/populations/record-sample.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { actorText, type DecidingOptions, deciding, recordedText, recording } from './deciding.ts';
import { exitCodes } from './exit-codes.ts';
import type { SampleListOutput, SampleSizeOutput, SampleVerifyOutput } from './shapes.ts';
import { createFile } from './write-file.ts';

interface DrawOptions extends DecidingOptions {
  readonly population: string;
  readonly seed: string;
  readonly size?: number;
  readonly strata?: 'month';
  readonly selfTest?: boolean;
  readonly out: string;
  readonly because?: string;
}
interface VerifyOptions extends ReadingOptions {
  readonly population?: string;
  readonly offline?: boolean;
}

export function addSample(program: Command, cli: Cli): void {
  const sample = program.command('sample').description('samples an auditor draws from a frozen population, which anyone can draw again');
  reading(sample.command('size'))
    .description('how many the period’s tables ask for')
    .requiredOption('--control <id>', 'the control')
    .requiredOption('--period <id>', 'the period')
    .action(async (options: ReadingOptions & { control: string; period: string }) => size(cli, options));
  deciding(sample.command('draw'))
    .description('draw with the auditor’s seed: only he does, with his registered key, after the population was frozen')
    .requiredOption('--population <id>', 'such as soc2-2026.production-changes')
    .requiredOption('--seed <text>', 'chosen by the auditor now, such as a throw of dice')
    .option('--size <count>', 'how many (default: what the period’s tables ask for)', count)
    .addOption(new Option('--strata <by>', 'take from each month in turn').choices(['month']))
    .option('--self-test', 'a rehearsal of management’s: recorded nowhere, and labelled')
    .option('--out <dir>', 'where the selection file goes', 'samples')
    .option('--because <reason>', 'why, for the workpaper')
    .action(async (options: DrawOptions) => draw(cli, options));
  reading(sample.command('list'))
    .description('every sample that was drawn')
    .action(async (options: ReadingOptions) => list(cli, options));
  reading(sample.command('export'))
    .description('write the selection file of a sample that was drawn')
    .argument('<id>', 'S- and a number')
    .option('--out <dir>', 'where it goes', 'samples')
    .action(async (id: string, options: ReadingOptions & { out: string }) => exportSample(cli, id, options));
  reading(sample.command('verify'))
    .description('draw a selection file again and hold it against its population and the log')
    .argument('<file>', 'as `sample draw` or `sample export` wrote it')
    .option('--population <file>', 'the rows (population show --lines)')
    .option('--offline', 'without a log: the file, and the rows where they are given')
    .action(async (file: string, options: VerifyOptions) => verify(cli, file, options));
}

function count(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 on');
  return Number(text);
}

async function size(cli: Cli, options: ReadingOptions & { control: string; period: string }): Promise<void> {
  const [{ openApp }, { periodNamed }, { readPopulations }, { sizesFor }] = await Promise.all([
    import('../app.ts'),
    import('../run/populations/freeze-population.ts'),
    import('../run/populations/read-populations.ts'),
    import('../run/populations/record-sample.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const period = periodNamed(store, options.period);
    const controls = await app.controls();
    const control = controls.find((one) => one.control.id === options.control)?.control;
    if (control === undefined) throw new ProoflineError('not-found', `there is no control "${options.control}"`);
    const latest = readPopulations(store, await app.registries()).filter(
      ({ record, supersededBy }) => record.period === period.id && supersededBy === null,
    );
    const sizes = await Promise.all(
      latest.map(async (population) =>
        (await sizesFor(app, store, population))
          .filter((one) => one.control === control.id)
          .map((one) => ({ ...one, population: population.record.id })),
      ),
    );
    const output: SampleSizeOutput = {
      v: 1,
      control: control.id,
      frequency: control.frequency,
      table: period.ruler.sampleSizes.map((row) => ({ ...row })),
      sizes: sizes.flat().map(({ population, occurrences, size: wanted, row }) => ({ population, occurrences, size: wanted, row })),
    };
    if (options.json === true) printJson(cli, output);
    else if (output.sizes.length === 0)
      cli.out(
        `${control.id} (${control.frequency}): no frozen population of ${period.id} is drawn from for it (proofline population freeze)`,
      );
    else
      for (const one of output.sizes)
        cli.out(`${control.id} (${control.frequency}): ${one.size} of ${one.occurrences} in ${one.population}, by "${one.row}"`);
  } finally {
    await store.close();
  }
}

async function draw(cli: Cli, options: DrawOptions): Promise<void> {
  const { recordSample, rehearseSample } = await import('../run/populations/record-sample.ts');
  await recording(cli, options, async (app, store, by) => {
    const request: DrawRequest = {
      ...by,
      population: options.population,
      seed: options.seed,
      size: options.size,
      strata: options.strata,
      reason: options.because,
    };
    if (options.selfTest === true) {
      const selection = await rehearseSample(app, store, request);
      print(cli, selection);
      cli.out(`A self-test of management’s: recorded nowhere, and no sample of an auditor’s. ${write(selection, options.out)}`);
      return;
    }
    const { decision, selection } = await recordSample(app, store, request);
    print(cli, selection);
    cli.out(recordedText(decision));
    cli.out(write(selection, options.out));
  });
}
function print(cli: Cli, selection: Selection): void {
  cli.out(`${selection.size} of ${selection.population.count} rows of ${selection.population.id}`);
  for (const { position, display, rank } of selection.selection)
    cli.out(`${String(position).padStart(4)}  ${display}  ${cli.colours.dim(rank.slice(0, 16))}`);
}
function write(selection: Selection, directory: string): string {
  const file = join(directory, `${selection.sample ?? `self-test-${selection.population.id}`}-selection.json`);
  createFile(file, `${JSON.stringify(selection, null, 2)}\n`);
  return `${file}: anyone can draw it again (proofline sample verify ${file})`;
}

async function list(cli: Cli, options: ReadingOptions): Promise<void> {
  const [{ openApp }, { readSamples }] = await Promise.all([import('../app.ts'), import('../run/populations/record-sample.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const output: SampleListOutput = {
      v: 1,
      samples: readSamples(store).map(({ id, decision, payload: { population, digest, seed, size: drawn, strata, selection } }) => ({
        id,
        population,
        digest,
        seed,
        size: drawn,
        strata: strata ?? null,
        decision: decision.index,
        drawnAt: decision.at,
        drawnBy: actorText(decision.actor),
        selection,
      })),
    };
    if (options.json === true) printJson(cli, output);
    else cli.out((await import('./render-populations.ts')).renderSamples(output, cli.colours));
  } finally {
    await store.close();
  }
}

async function exportSample(cli: Cli, id: string, options: ReadingOptions & { out: string }): Promise<void> {
  const [{ openApp }, { selectionOfSample }] = await Promise.all([import('../app.ts'), import('../run/populations/record-sample.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const selection = await selectionOfSample(app, store, id);
    if (options.json === true) printJson(cli, selection);
    else cli.out(write(selection, options.out));
  } finally {
    await store.close();
  }
}

async function verify(cli: Cli, file: string, options: VerifyOptions): Promise<void> {
  const [{ Selection: Shape }, { verifySelection }, { PopulationRow }] = await Promise.all([
    import('../run/populations/record-sample.ts'),
    import('../run/populations/verify-selection.ts'),
    import('../run/populations/population-row.ts'),
  ]);
  const selection = parsed(file, (text) => Shape.parse(JSON.parse(text)));
  const rows =
    options.population === undefined
      ? undefined
      : parsed(options.population, (text) =>
          text
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => PopulationRow.parse(JSON.parse(line))),
        );
  const store = options.offline === true ? undefined : await openLogOf(cli, options);
  try {
    const claims = verifySelection(selection, { rows, store });
    const output: SampleVerifyOutput = { v: 1, file, claims: claims.map((claim) => ({ ...claim })) };
    if (claims.some(({ result }) => result === 'FAIL')) cli.exit(exitCodes.verificationFailed);
    if (options.json === true) printJson(cli, output);
    else for (const { claim, result, message } of claims) cli.out(`${result}  ${claim}: ${message}`);
  } finally {
    await store?.close();
  }
}
async function openLogOf(cli: Cli, options: ReadingOptions) {
  const { openApp } = await import('../app.ts');
  return await (await openApp(appOptions(cli, options))).openStore({ readOnly: true });
}
function parsed<T>(file: string, parse: (text: string) => T): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new ProoflineError('not-found', `${file} cannot be read (${String(cause.code)})`, { cause });
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new ProoflineError('usage', `${file} is not a file of the kind that is wanted here`, { cause });
  }
}
