import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { VerifyOutput } from './shapes.ts';

interface VerifyOptions extends ReadingOptions {
  readonly vkey?: string;
  readonly tsaRoots?: string;
  readonly cloudtrail?: string;
}

export function addVerify(program: Command, cli: Cli): void {
  reading(program.command('verify'))
    .description('recompute every hash, signature, manifest and receipt of the log, or of an export')
    .argument('[directory]', 'an export (evidence export --out DIR); default: the log itself')
    .option('--vkey <key>', 'the verifier key to trust, as handed over at the start of the period')
    .option('--tsa-roots <file>', 'root certificates (PEM) that time stamps are checked against')
    .option('--cloudtrail <file>', 'CloudTrail records (JSON, gzipped or not) of the same time: compares calls both ways')
    .action(async (directory: string | undefined, options: VerifyOptions) => verify(cli, directory, options));
}

async function verify(cli: Cli, directory: string | undefined, options: VerifyOptions): Promise<void> {
  const { verifyDirectory, verifyStore, withExport } = await import('../run/verify-data.ts');
  if (directory !== undefined && !existsSync(directory)) throw new ProoflineError('usage', `${directory}: there is no such directory`);
  const trust = { vkey: options.vkey, tsaRoots: options.tsaRoots };
  let what: string;
  let verification: Awaited<ReturnType<typeof verifyStore>>;
  let compared: VerifyOutput['claims'] = [];
  if (directory === undefined) {
    const { openApp } = await import('../app.ts');
    const app = await openApp(appOptions(cli, options));
    what = `the log in ${app.configuration.store.data}`;
    verification = await verifyStore(app, trust);
    if (options.cloudtrail !== undefined) {
      const store = await app.openStore({ readOnly: true });
      try {
        compared = (await import('../run/compare-cloudtrail.ts')).compareCloudtrail(store, options.cloudtrail);
      } finally {
        await store.close();
      }
    }
  } else {
    what = directory;
    verification = await verifyDirectory(directory, trust);
    const { cloudtrail } = options;
    // Of an export that is not what it says, it says nothing who was called.
    if (cloudtrail !== undefined && verification.ok) {
      const { compareCloudtrail } = await import('../run/compare-cloudtrail.ts');
      compared = withExport(directory, (log) => compareCloudtrail(log, cloudtrail));
    }
  }
  const output: VerifyOutput = {
    v: 1,
    what,
    ok: verification.ok && compared.every(({ result }) => result !== 'FAIL'),
    claims: [
      ...verification.claims.map((claim) => ({ ...claim, findings: claim.findings.map((finding) => ({ ...finding })) })),
      ...compared,
    ],
    notes: [...verification.notes],
  };
  if (options.json === true) printJson(cli, output);
  else cli.out((await import('./render-verify.ts')).renderVerify(output, cli.colours));
  if (!output.ok) cli.exit(exitCodes.verificationFailed);
}
