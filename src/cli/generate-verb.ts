import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Cli } from './cli.ts';

/** For people who work on Proofline itself: hidden, and of use in a checkout alone. */
export function addGenerate(program: Command, cli: Cli): void {
  program
    .command('generate', { hidden: true })
    .description('make the registries, schemas and catalogues from the sources')
    .option('--check', 'write nothing; fail when something is stale')
    .action(async (options: { check?: boolean }) => {
      const { generate } = await import('./generate.ts');
      const changed = await generate({ root: fileURLToPath(new URL('../..', import.meta.url)), check: options.check === true });
      for (const file of changed) cli.out(file);
    });
}
