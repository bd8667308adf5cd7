import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { appOptions, type Cli, type CommonOptions, common } from './cli.ts';

interface BundleVerbOptions extends CommonOptions {
  readonly period: string;
  readonly out: string;
  readonly plain?: boolean;
  readonly requests?: string;
  readonly generatedAt?: string;
  readonly logSize?: number;
}

export function addBundle(program: Command, cli: Cli): void {
  common(program.command('bundle'))
    .description('make what the auditor receives for a period: documents, evidence, proofs; recorded in the log')
    .requiredOption('--period <id>', 'the observation period (period list)')
    .requiredOption('--out <place>', 'a directory, or FILE.zip; must not be there yet')
    .option('--plain', 'do not encrypt it to the recipients of the engagement')
    .option('--requests <file>', 'the auditor’s request list (CSV or XLSX): says which files answer each request')
    .option('--generated-at <time>', 'time of generation (ISO-8601), to make the same files again', time)
    .option('--log-size <count>', 'stand on this earlier checkpoint, to make the same files again', count)
    .action(async (options: BundleVerbOptions) => bundle(cli, options));
}

function time(text: string): string {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) throw new InvalidArgumentError('expected a time such as 2026-01-31T09:00:00Z');
  return instant.toISOString();
}
function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

async function bundle(cli: Cli, options: BundleVerbOptions): Promise<void> {
  const [{ openApp }, { writeBundle }] = await Promise.all([import('../app.ts'), import('../run/bundle/write-bundle.ts')]);
  const app = await openApp(appOptions(cli, options));
  const { period, out, plain, requests, generatedAt, logSize } = options;
  const written = await writeBundle(app, {
    period,
    out,
    plain,
    requests,
    generatedAt,
    logSize,
    actor: { name: userInfo().username, authentication: 'none' },
    onProgress: (step) => cli.err(cli.colours.dim(step)),
  });
  cli.out(`${written.out}: ${written.files} files, ${(written.bytes / 1e6).toFixed(1)} MB, on a log of ${written.size} entries`);
  if (written.open)
    cli.out(cli.colours.yellow('The period is not closed: this is how it stands today, and a later bundle supplements it.'));
  if (written.supplements !== null) cli.out(`It supplements the bundle with the manifest ${written.supplements}.`);
  if (written.evidence.withheld > 0)
    cli.out(`${written.evidence.withheld} pieces of what was collected are withheld: only their commitments are in it.`);
  cli.out(
    written.encryptedTo.length === 0
      ? 'It is in plain: whoever has it reads what the sources said.'
      : `It is encrypted to ${written.encryptedTo.join(', ')}.`,
  );
  cli.out(`Recorded as entry ${written.recorded} of the log, manifest ${written.manifest}. Verify it with either of:`);
  cli.out(`    proofline verify ${written.out} --vkey '${written.vkey}'`);
  cli.out(`    python3 verify_export.py ${written.out} --vkey '${written.vkey}'`);
}
