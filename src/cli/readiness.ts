import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import type { Readiness } from '../model/readiness.ts';
import type { Composition } from '../run/composition.ts';
import type { ReadinessTarget } from '../run/readiness.ts';
import { appOptions, type Cli, callOf, printJson, type ReadingOptions, reading } from './cli.ts';
import type { ReadinessOutput } from './shapes.ts';

interface ReadinessOptions extends ReadingOptions {
  readonly engagement?: string;
  readonly report?: 'soc1' | 'soc2';
  readonly out?: string;
  readonly all?: boolean;
}

export function addReadiness(program: Command, cli: Cli): void {
  reading(program.command('readiness'))
    .description('before a period: what is adopted, missing, failing, gathered by hand or unread, in order of effort')
    .option('--engagement <id>', 'for an engagement of the configuration (default: the only one)')
    .addOption(
      new Option('--report <report>', 'for a kind of report, without an engagement').choices(['soc1', 'soc2']).conflicts('engagement'),
    )
    .option('--out <dir>', 'also write readiness.html, readiness.pdf and readiness.json there')
    .option('--all', 'every step, also those that are many')
    .action(async (options: ReadinessOptions) => showReadiness(cli, options));
}

async function showReadiness(cli: Cli, options: ReadinessOptions): Promise<void> {
  const [{ openApp }, { describeReadiness }] = await Promise.all([import('../app.ts'), import('../run/readiness.ts')]);
  const app = await openApp(appOptions(cli, options));
  const readiness = await describeReadiness(app, await targetOf(app, options));
  if (options.out !== undefined) await writeDocuments(options.out, readiness);
  const output: ReadinessOutput = { v: 1, ...readiness };
  if (options.json === true) printJson(cli, output);
  else {
    const { renderReadiness } = await import('./render-readiness.ts');
    cli.out(renderReadiness(output, { colours: cli.colours, columns: cli.columns, all: options.all === true, call: callOf(options) }));
    if (options.out !== undefined) cli.out(`Written to ${options.out}: readiness.html, readiness.pdf, readiness.json`);
  }
}

/** What to prepare for: as asked, or the only one there is. */
async function targetOf(app: Composition, options: ReadinessOptions): Promise<ReadinessTarget> {
  if (options.report !== undefined) return { report: options.report };
  const engagements = await app.engagements();
  if (options.engagement !== undefined) {
    const engagement = engagements.find(({ id }) => id === options.engagement);
    if (engagement !== undefined) return { engagement };
    const { didYouMean } = await import('../config/nearest-name.ts');
    const ids = engagements.map(({ id }) => id);
    const known = ids.length === 0 ? 'the configuration names none' : `there are ${ids.join(', ')}`;
    throw new ProoflineError('usage', `there is no engagement "${options.engagement}"${didYouMean(options.engagement, ids)}: ${known}`);
  }
  const [only, ...others] = engagements;
  if (only !== undefined && others.length === 0) return { engagement: only };
  const [report, another] = app.configuration.reports;
  if (only === undefined && report !== undefined && another === undefined) return { report };
  const choice = only === undefined ? '--report soc1 or soc2' : `--engagement ${engagements.map(({ id }) => id).join(' or ')}`;
  throw new ProoflineError('usage', `there are several to prepare for: say which with ${choice}`);
}

/** Each whole or not at all, in the place of what was there. */
async function writeDocuments(directory: string, readiness: Readiness): Promise<void> {
  const [{ readinessDocuments }, { mkdirSync, renameSync }] = await Promise.all([
    import('../bundle/readiness-documents.ts'),
    import('node:fs'),
  ]);
  mkdirSync(directory, { recursive: true });
  for (const { path, bytes } of readinessDocuments(readiness)) {
    const file = join(directory, path);
    const partial = `${file}.partial-${process.pid}`;
    writeFileSync(partial, bytes instanceof Uint8Array ? bytes : Buffer.concat([...bytes]));
    renameSync(partial, file);
  }
}
