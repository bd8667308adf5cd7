import type { Command } from 'commander';
import { appOptions, type Cli, type CommonOptions, common } from './cli.ts';

export function addReindex(program: Command, cli: Cli): void {
  common(program.command('reindex'))
    .description('drop the index and make it again from the log; no evidence is in it')
    .action(async (options: CommonOptions) => {
      const [{ openApp }, { openIndex }, { reindex }] = await Promise.all([
        import('../app.ts'),
        import('../index/open-index.ts'),
        import('../index/project.ts'),
      ]);
      const app = await openApp(appOptions(cli, options));
      const store = await app.openStore({ readOnly: true });
      try {
        const index = openIndex(app.configuration.store.data);
        try {
          const { to, unknown } = reindex(store, index);
          cli.out(
            `${index.file ?? 'in memory'}: made again from ${to} entries${unknown === 0 ? '' : `, ${unknown} of a kind this release does not know`}`,
          );
        } finally {
          await index.close();
        }
      } finally {
        await store.close();
      }
    });
}
