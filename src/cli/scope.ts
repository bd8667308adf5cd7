import type { Command } from 'commander';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { type DecidingOptions, deciding, recordedText, recording } from './deciding.ts';

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
  deciding(scope.command('adopt'))
    .description('record the scope file as it stands as a decision: who put what out of scope, and why')
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (options: DecidingOptions & { because: string }) => {
      const { recordScope } = await import('../run/decisions/record-scope.ts');
      const decision = await recording(cli, options, (app, store, by) => recordScope(app, store, { ...by, reason: options.because }));
      cli.out(recordedText(decision));
    });
}
