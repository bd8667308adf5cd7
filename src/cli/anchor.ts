import type { Command } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli, type CommonOptions, common } from './cli.ts';
import { exitCodes } from './exit-codes.ts';

export function addAnchor(program: Command, cli: Cli): void {
  const anchor = program.command('anchor').description('let others see the head of the log');
  common(anchor.command('now'))
    .description('sign the head and show it to every configured anchor')
    .action(async (options: CommonOptions) => {
      const [{ openApp }, { anchorNow }] = await Promise.all([import('../app.ts'), import('../anchor/anchor-now.ts')]);
      const app = await openApp(appOptions(cli, options));
      const anchors = await app.anchors();
      if (anchors.length === 0) throw new ProoflineError('configuration', 'no anchor is configured: nobody else would see this log');
      const store = await app.openStore();
      try {
        for (const anchored of await anchorNow(store, anchors, app.now)) {
          if (anchored.kind === 'anchored') {
            cli.out(`${anchored.anchor}: head at ${anchored.size}${anchored.receiptTime === null ? '' : `, ${anchored.receiptTime}`}`);
          } else {
            cli.err(`${cli.colours.red(anchored.anchor)}: ${anchored.message}`);
            cli.exit(exitCodes.error);
          }
        }
      } finally {
        await store.close();
      }
    });
}
