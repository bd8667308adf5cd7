import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Problem, ProoflineError } from '../model/errors.ts';
import type { Composition } from '../run/composition.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { checkDecider, type DecidingOptions, decidedBy, deciding, recordedText } from './deciding.ts';
import type { ControlsListOutput } from './shapes.ts';

interface AdoptOptions extends DecidingOptions {
  readonly because: string;
  readonly from?: string;
  readonly owner?: string;
  readonly statement?: string;
  readonly retire?: boolean;
  readonly file?: string;
}
interface ImportOptions extends DecidingOptions {
  readonly because?: string;
  readonly from?: string;
  readonly proposed?: boolean;
  readonly sheet?: string;
  readonly map?: Record<string, string>;
  readonly out?: string;
  readonly dryRun?: boolean;
}

export function addControls(program: Command, cli: Cli): void {
  const controls = program.command('controls').description('the controls in force, and taking them up');
  reading(controls.command('list'))
    .description('every control with its status and what it satisfies')
    .addOption(new Option('--status <status>', 'only these').choices(['proposed', 'adopted', 'retired']))
    .action(async (options: ReadingOptions & { status?: string }) => {
      const { openApp } = await import('../app.ts');
      const app = await openApp(appOptions(cli, options));
      const output = await listControls(app);
      const chosen = {
        ...output,
        controls: output.controls.filter(({ status }) => options.status === undefined || status === options.status),
      };
      if (options.json === true) printJson(cli, chosen);
      else cli.out((await import('./render-controls.ts')).renderControls(chosen, cli.colours, cli.columns));
    });

  deciding(controls.command('adopt'))
    .description('take up library controls: management performs them and owns their wording')
    .argument('<id...>', 'ids of controls')
    .requiredOption('--because <reason>', 'why, for the auditor: who approved it, where')
    .option('--from <date>', 'the day from which it applies (default: today)', isoDate)
    .option('--owner <name>', 'who answers for it')
    .option('--statement <text>', 'its wording, in your own words (one control only)')
    .option('--retire', 'the opposite: these are no longer performed')
    .option('--file <path>', 'the control file to write to (default: the first one configured)')
    .action(async (ids: string[], options: AdoptOptions) => adopt(cli, ids, options));

  deciding(controls.command('import'))
    .description("take in a company's or an auditor's risk-and-control matrix, ids kept")
    .argument('<file>', '.csv or .xlsx')
    .option('--map <field=header...>', 'which column holds what, where the headers do not say', mapping)
    .option('--sheet <name>', 'the sheet to read (default: the first with control ids and statements)')
    .option('--because <reason>', 'why these apply (default: names the file)')
    .option('--from <date>', 'the day from which they apply (default: today)', isoDate)
    .option('--proposed', 'take them in as proposed, not as adopted')
    .option('--out <path>', 'the control file to write (default: controls-<name>.yaml beside the configuration)')
    .option('--dry-run', 'show the mapping and the controls, write nothing')
    .action(async (file: string, options: ImportOptions) => importMatrix(cli, file, options));
}

function isoDate(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('expected a date such as 2026-01-31');
  return text;
}
function mapping(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [field, ...header] = text.split('=');
  if (!field || header.length === 0) throw new InvalidArgumentError('expected field=header, e.g. id="Control #"');
  return { ...before, [field]: header.join('=') };
}

/** Every control with its versions. */
export async function listControls(app: Pick<Composition, 'controls'>): Promise<ControlsListOutput> {
  const { checksOf, linksOf } = await import('../config/load-controls.ts');
  return {
    v: 1,
    controls: (await app.controls()).map(({ control, origin, versions }) => ({
      id: control.id,
      statement: control.statement,
      status: control.status,
      origin,
      automation: control.automation,
      frequency: control.frequency,
      owner: control.owner ?? null,
      soc2: linksOf(control, 'soc2').map(({ id, as }) => (as === 'supporting' ? `${id} (supporting)` : id)),
      soc1: linksOf(control, 'soc1').map(({ id, as }) => (as === 'supporting' ? `${id} (supporting)` : id)),
      checks: checksOf(control).map(({ check }) => check),
      covers: control.covers,
      versions: versions.map(({ from, to, because }) => ({ from, to, because })),
    })),
  };
}

function refuseDemonstration(app: Composition): void {
  if (app.demonstration)
    throw new ProoflineError('demonstration-refused', 'the controls of the demonstration are described in Proofline itself');
}

/** Checks a control file as it would be, together with all the others, before it takes the place of what is there. */
async function checkAs(app: Composition, file: string, text: string): Promise<void> {
  const [{ loadControls }, { libraryDirectory }, { mkdtempSync, rmSync, writeFileSync }, { tmpdir }] = await Promise.all([
    import('../config/load-controls.ts'),
    import('../config/library-directory.ts'),
    import('node:fs'),
    import('node:os'),
  ]);
  const directory = mkdtempSync(join(tmpdir(), 'proofline-controls-'));
  const trial = join(directory, basename(file));
  try {
    writeFileSync(trial, text);
    const registries = await app.registries();
    loadControls({
      library: libraryDirectory(),
      files: [...app.configuration.controls.filter((other) => other !== file && existsSync(other)), trial],
      catalog: {
        checks: registries.checks,
        collectedTypes: registries.collectors.flatMap(({ yields }) => yields.map(({ type }) => type)),
        uncollectedTypes: app.uncollectedTypes(),
        frameworks: app.frameworks(),
      },
      on: app.now().slice(0, 10),
    });
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    const problems = error.problems.map((problem): Problem => (problem.file === trial ? { ...problem, file } : problem));
    throw new ProoflineError('configuration', `${file}: not changed, because it would not be right`, { cause: error, problems });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Names a control file in the configuration, keeping its comments; true when it had to be added. */
async function nameInConfiguration(app: Composition, file: string): Promise<boolean> {
  if (app.configuration.controls.includes(file)) return false;
  const [{ addToConfiguration }, { replaceFile }] = await Promise.all([import('../config/edit-files.ts'), import('./write-file.ts')]);
  const { file: configFile, directory } = app.configuration;
  replaceFile(configFile, addToConfiguration(readFileSync(configFile, 'utf8'), 'controls', relative(directory, file), configFile));
  return true;
}

/** Records a decision about controls in the log, when there is one; the plan of the first collection has them otherwise. */
async function recordControls(
  cli: Cli,
  options: DecidingOptions,
  app: Composition,
  type: 'adopt-control' | 'retire-control' | 'import-controls',
  ids: readonly string[],
  reason: string,
): Promise<void> {
  if (!app.hasStore() && options.key === undefined) {
    cli.out('There is no log yet: the plan of the first collection will record it.');
    return;
  }
  const [{ openApp }, { recordPlan }, { recordDecision }] = await Promise.all([
    import('../app.ts'),
    import('../run/prepare-plan.ts'),
    import('../run/decisions/record-decision.ts'),
  ]);
  const by = await decidedBy(options);
  const store = await app.openStore({ create: true });
  try {
    for (let at = 0; at < ids.length; at += mostSubjects) {
      const controls = ids.slice(at, at + mostSubjects);
      cli.out(recordedText(await recordDecision(app, store, { ...by, payload: { type, controls }, reason })));
    }
    // Opened anew: this one still knows the controls as they were.
    const name = by.signer?.person ?? by.actor?.name ?? '';
    await recordPlan(await openApp(appOptions(cli, options)), store, { name, authentication: 'none' });
    await store.checkpoint();
  } finally {
    await store.close();
  }
}
/** What one decision statement may speak of. */
const mostSubjects = 500;

async function adopt(cli: Cli, ids: readonly string[], options: AdoptOptions): Promise<void> {
  if (options.statement !== undefined && ids.length > 1) throw new ProoflineError('usage', '--statement words one control: name one id');
  const [{ openApp }, { addControlEntries }, { didYouMean }, { replaceFile }] = await Promise.all([
    import('../app.ts'),
    import('../config/edit-files.ts'),
    import('../config/nearest-name.ts'),
    import('./write-file.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  refuseDemonstration(app);
  await checkDecider(app, await decidedBy(options));
  const status = options.retire === true ? 'retired' : 'adopted';
  const controls = new Map((await app.controls()).map(({ control }) => [control.id, control]));
  const problems = ids.flatMap((id): Problem[] => {
    const control = controls.get(id);
    if (control === undefined) return [{ message: `there is no control "${id}"${didYouMean(id, controls.keys())}` }];
    return control.status === status && options.statement === undefined ? [{ message: `${id} is ${status} already` }] : [];
  });
  if (problems.length > 0) throw new ProoflineError('usage', 'nothing was changed', { problems });

  const from = options.from ?? app.now().slice(0, 10);
  const file = resolve(options.file ?? app.configuration.controls[0] ?? join(app.configuration.directory, 'controls.yaml'));
  const entries = ids.map((id) => ({
    id,
    status,
    from,
    because: options.because,
    ...(options.owner === undefined ? {} : { owner: options.owner }),
    ...(options.statement === undefined ? {} : { statement: options.statement }),
  }));
  const text = addControlEntries(existsSync(file) ? readFileSync(file, 'utf8') : undefined, entries, file);
  await checkAs(app, file, text);
  replaceFile(file, text);
  await nameInConfiguration(app, file);
  cli.out(`${file}: ${ids.join(', ')} ${status} from ${from}`);
  if (status === 'adopted' && options.statement === undefined)
    cli.out('The wording is still the library’s: make it say what you do, in that file.');
  await recordControls(cli, options, app, options.retire === true ? 'retire-control' : 'adopt-control', ids, options.because);
}

async function importMatrix(cli: Cli, matrix: string, options: ImportOptions): Promise<void> {
  const [{ openApp }, { importControls }, { libraryDirectory }, { loadControls }, { createFile }] = await Promise.all([
    import('../app.ts'),
    import('../config/import-controls.ts'),
    import('../config/library-directory.ts'),
    import('../config/load-controls.ts'),
    import('./write-file.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  refuseDemonstration(app);
  await checkDecider(app, await decidedBy(options));
  const registries = await app.registries();
  const frameworks = app.frameworks();
  const on = app.now().slice(0, 10);
  const catalog = {
    checks: registries.checks,
    collectedTypes: registries.collectors.flatMap(({ yields }) => yields.map(({ type }) => type)),
    uncollectedTypes: app.uncollectedTypes(),
    frameworks,
  };
  const libraryIds = loadControls({ library: libraryDirectory(), files: [], catalog, on }).map(({ control }) => control.id);
  const because = options.because ?? `Imported from ${basename(matrix)}`;
  const imported = await importControls({
    file: matrix,
    ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
    ...(options.map === undefined ? {} : { map: options.map }),
    frameworks,
    libraryIds,
    status: options.proposed === true ? 'proposed' : 'adopted',
    from: options.from ?? on,
    because,
  });
  const { bold, dim } = cli.colours;
  cli.out(bold(`${matrix}${imported.sheet === null ? '' : `, sheet "${imported.sheet}"`}: columns in row ${imported.headerRow}`));
  for (const { field, header } of imported.mapping) cli.out(`  ${field.padEnd(14)} ${header}`);
  if (imported.ignored.length > 0) cli.out(dim(`  not taken in    ${imported.ignored.join(', ')}`));
  cli.out(`${imported.controls.length} controls: ${imported.controls.map(({ id }) => id).join(', ')}`);
  const name = basename(matrix)
    .replace(/\.[^.]+$/, '')
    .replaceAll(/[^A-Za-z0-9-]+/g, '-');
  const file = resolve(options.out ?? join(app.configuration.directory, `controls-${name}.yaml`));
  await checkAs(app, file, imported.text);
  if (options.dryRun === true) {
    cli.out('Nothing was written (--dry-run).');
    return;
  }
  createFile(file, imported.text);
  await nameInConfiguration(app, file);
  cli.out(
    `Written to ${relative(process.cwd(), file)} and named in ${basename(app.configuration.file)} under \`controls\`, in ${dirname(app.configuration.file)}.`,
  );
  cli.out('Next: give each its `checks` and `covers` there, so that evidence reaches it (proofline catalog checks).');
  await recordControls(
    cli,
    options,
    app,
    'import-controls',
    imported.controls.map(({ id }) => id),
    because,
  );
}
