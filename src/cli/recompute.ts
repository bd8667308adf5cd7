import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Recomputed } from '../run/recompute/recompute-bundle.ts';
import type { Registries } from '../run/registries.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { RecomputeOutput } from './shapes.ts';

export function addRecompute(program: Command, cli: Cli): void {
  reading(program.command('recompute'))
    .description(
      'make every verdict, what was worked out of the log, and the history of a bundle again, from its items and the logic installed here',
    )
    .argument('[place]', 'a bundle or an export: a directory, ZIP or age file; default: the log itself')
    .option('--identity <file>', 'age identities, for an encrypted bundle')
    .action(async (place: string | undefined, options: ReadingOptions & { identity?: string }) => recompute(cli, place, options));
}

async function recompute(cli: Cli, place: string | undefined, options: ReadingOptions & { identity?: string }): Promise<void> {
  const { what, recomputed } = place === undefined ? await ofStore(cli, options) : await ofPlace(cli, place, options);
  const output: RecomputeOutput = { v: 1, what, ...structuredClone(recomputed) } as RecomputeOutput;
  if (options.json === true) printJson(cli, output);
  else cli.out((await import('./render-recompute.ts')).renderRecompute(output, cli.colours));
  if (!recomputed.same) cli.exit(exitCodes.verificationFailed);
}

async function ofStore(cli: Cli, options: ReadingOptions): Promise<{ what: string; recomputed: Recomputed }> {
  const [{ openApp }, { recomputeLog }] = await Promise.all([import('../app.ts'), import('../run/recompute/recompute-bundle.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    return { what: `the log in ${app.configuration.store.data}`, recomputed: await recomputeLog(store, await app.registries()) };
  } finally {
    await store.close();
  }
}

async function ofPlace(
  cli: Cli,
  place: string,
  options: ReadingOptions & { identity?: string },
): Promise<{ what: string; recomputed: Recomputed }> {
  const [{ withBundleFiles }, { recomputeFiles }, registries] = await Promise.all([
    import('../run/bundle/open-bundle.ts'),
    import('../run/recompute/recompute-bundle.ts'),
    registriesFor(cli, options),
  ]);
  const recomputed = await withBundleFiles(place, options, (files) => recomputeFiles(files, place, registries));
  return { what: place, recomputed };
}

/** An auditor has no configuration: then it is what is shipped. With one, the entity's own units count too. */
async function registriesFor(cli: Cli, options: ReadingOptions): Promise<Registries> {
  const { loadRegistries, openApp } = await import('../app.ts');
  const configured = options.config !== undefined || options.demonstration === true || existsSync('proofline.yaml');
  return configured ? await (await openApp(appOptions(cli, options))).registries() : await loadRegistries({ extensions: [] });
}
