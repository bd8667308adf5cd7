import type { Command } from 'commander';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { VerifyOutput } from './shapes.ts';

interface VerifyOptions extends ReadingOptions {
  readonly vkey?: string;
  readonly tsaRoots?: string;
  readonly cloudtrail?: string;
  readonly against?: string;
  readonly identity?: string;
}

export function addVerify(program: Command, cli: Cli): void {
  reading(program.command('verify'))
    .description('recompute every hash, signature, manifest and receipt of the log, of a bundle or of an export')
    .argument('[place]', 'a bundle or an export: a directory, or a bundle as ZIP or age file; default: the log itself')
    .option('--vkey <key>', 'the verifier key to trust, as handed over at the start of the period')
    .option('--tsa-roots <file>', 'root certificates (PEM) that time stamps are checked against')
    .option('--against <file>', 'a checkpoint (signed note) that you were handed before: the log may only have grown since')
    .option('--identity <file>', 'age identities, for an encrypted bundle')
    .option('--cloudtrail <file>', 'CloudTrail records (JSON, gzipped or not) of the same time: compares calls both ways')
    .action(async (place: string | undefined, options: VerifyOptions) => verify(cli, place, options));
}

async function verify(cli: Cli, place: string | undefined, options: VerifyOptions): Promise<void> {
  const { logIn, verifyFiles, verifyStore } = await import('../run/verify-data.ts');
  const trust = { vkey: options.vkey, tsaRoots: options.tsaRoots, against: options.against };
  let what: string;
  let verification: Awaited<ReturnType<typeof verifyStore>>;
  let compared: VerifyOutput['claims'] = [];
  if (place === undefined) {
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
    what = place;
    const { cloudtrail } = options;
    const { withBundleFiles } = await import('../run/bundle/open-bundle.ts');
    verification = await withBundleFiles(place, options, async (files) => {
      const verified = await verifyFiles(files, trust);
      // Of an export that is not what it says, it says nothing who was called.
      if (cloudtrail !== undefined && verified.ok) {
        compared = (await import('../run/compare-cloudtrail.ts')).compareCloudtrail(logIn(files, place), cloudtrail);
      }
      return verified;
    });
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
