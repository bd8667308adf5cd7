import type { Command } from 'commander';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';

export function addScope(program: Command, cli: Cli): void {
  const scope = program.command('scope').description('what is out of scope, and why');
  reading(scope.command('preview'))
    .description('what each rule puts out of scope, from what was collected last; what is declared absent; what nobody collects')
    .action(async (options: ReadingOptions) => {
      const [{ openApp }, { previewScope }] = await Promise.all([import('../app.ts'), import('../run/preview-scope.ts')]);
      const app = await openApp(appOptions(cli, options));
      const output = { v: 1 as const, ...(await previewScope(app)) };
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-scope.ts')).renderScope(output, cli.colours));
    });
}
