import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli, type CommonOptions, common, configFileOf } from './cli.ts';

interface NewOptions extends CommonOptions {
  readonly dir?: string;
  readonly dataset?: string;
}

export function addNew(program: Command, cli: Cli): void {
  const make = program.command('new').description('begin a check or collector of your own, in TypeScript, without a build');
  common(make.command('check'))
    .description('write a check with examples that run')
    .argument('<source/name>', 'e.g. aws/bucket-has-owner-tag')
    .requiredOption('--dataset <source/dataset>', 'what it judges, e.g. aws/s3-buckets (proofline catalog collectors)')
    .option('--dir <dir>', 'the directory of your own units (default: the first under `extensions`, else ./extensions)')
    .action(async (name: string, options: NewOptions) => newCheck(cli, name, options));
  common(make.command('collector'))
    .description('write a collector with its resource and a replay that runs')
    .argument('<source/dataset>', 'e.g. aws/maintenance-windows')
    .option('--dir <dir>', 'the directory of your own units (default: the first under `extensions`, else ./extensions)')
    .action(async (name: string, options: NewOptions) => newCollector(cli, name, options));
}

function partsOf(name: string): { source: 'aws' | 'github'; unit: string } {
  const found = /^(aws|github)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(name);
  if (found?.[1] === undefined || found[2] === undefined) {
    throw new ProoflineError('usage', `"${name}": expected aws/NAME or github/NAME, small letters, digits and hyphens`);
  }
  return { source: found[1] === 'aws' ? 'aws' : 'github', unit: found[2] };
}

/** The configured app, when there is a configuration; own units work without one, and are collected only with one. */
async function configured(cli: Cli, options: NewOptions) {
  if (options.config === undefined && !existsSync(configFileOf(options))) return undefined;
  return await (await import('../app.ts')).openApp(appOptions(cli, { ...options, demonstration: false }));
}
type App = Awaited<ReturnType<typeof configured>>;

function directoryOf(app: App, options: NewOptions): string {
  return resolve(options.dir ?? app?.configuration.extensions[0] ?? join(app?.configuration.directory ?? '.', 'extensions'));
}
async function nameDirectory(cli: Cli, app: App, directory: string): Promise<void> {
  if (app === undefined) {
    cli.out(`Name ${directory} under \`extensions\` in proofline.yaml, so that it is loaded.`);
    return;
  }
  if (app.configuration.extensions.includes(directory)) return;
  const [{ addToConfiguration }, { replaceFile }] = await Promise.all([import('../config/edit-files.ts'), import('./write-file.ts')]);
  const { file, directory: base } = app.configuration;
  replaceFile(file, addToConfiguration(readFileSync(file, 'utf8'), 'extensions', relative(base, directory), file));
  cli.out(`Named under \`extensions\` in ${file}. It is code you trust: it runs with everything Proofline may do.`);
}

async function newCheck(cli: Cli, name: string, options: NewOptions): Promise<void> {
  const { source, unit } = partsOf(name);
  const dataset = options.dataset ?? '';
  const app = await configured(cli, options);
  const { isResource, isExample } = await import('./describe-dataset.ts');
  const { default: collectors } = await import('../../collectors/index.generated.ts');
  const shipped = collectors.find(({ id }) => id === dataset);
  if (shipped === undefined) {
    const { didYouMean } = await import('../config/nearest-name.ts');
    throw new ProoflineError(
      'usage',
      `there is no dataset "${dataset}"${didYouMean(
        dataset,
        collectors.map(({ id }) => id),
      )}: proofline catalog collectors lists them`,
    );
  }
  const ending = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  const exported: Record<string, unknown> = await import(new URL(`../../collectors/${dataset}/resource.${ending}`, import.meta.url).href);
  const types = Object.entries(exported).flatMap(([key, value]) => (isResource(value) ? [{ name: key, type: value }] : []));
  const first = types.find(({ type }) => type.type === shipped.yields[0]?.type) ?? types[0];
  if (first === undefined) throw new Error(`${dataset}/resource exports no resource type`);
  const example = Object.entries(exported).find(([, value]) => isExample(value, first.type))?.[0];
  const { checkText } = await import('./unit-templates.ts');
  const { createFile } = await import('./write-file.ts');
  const directory = directoryOf(app, options);
  const file = join(directory, 'checks', source, `${unit}.ts`);
  createFile(file, checkText({ source, name: unit, dataset, type: first.name, example }));
  cli.out(`Written: ${file}`);
  await nameDirectory(cli, app, directory);
  cli.out(`Try it:            proofline test own/${source}/${unit}`);
  cli.out(`Put it to use:     name own/${source}/${unit} under \`checks\` of a control in your control file`);
}

async function newCollector(cli: Cli, name: string, options: NewOptions): Promise<void> {
  const { source, unit } = partsOf(name);
  const app = await configured(cli, options);
  const [{ collectorText, replayText, resourceText }, { createFile }] = await Promise.all([
    import('./unit-templates.ts'),
    import('./write-file.ts'),
  ]);
  const directory = directoryOf(app, options);
  const place = join(directory, 'collectors', source, unit);
  if (existsSync(place)) throw new ProoflineError('usage', `${place} is there already; nothing was changed`);
  createFile(join(place, 'resource.ts'), resourceText(source, unit));
  createFile(join(place, 'collector.ts'), collectorText(source, unit));
  createFile(join(place, 'replay.json'), replayText(source, unit));
  cli.out(`Written: ${place}/{collector,resource}.ts and replay.json`);
  await nameDirectory(cli, app, directory);
  cli.out(`Try it:            proofline test own/${source}/${unit}`);
  cli.out(`Grant what it needs: proofline permissions ${source}`);
}
