import type { Command } from 'commander';
import { type Cli, common } from './cli.ts';

export function addDemo(program: Command, cli: Cli): void {
  common(program.command('demo'))
    .description('run all of it on the built-in company Northwind Payroll: collect, seal, judge, show the controls')
    .action(async (options: { data?: string }) => {
      const { collect, collectOutput } = await import('./collect.ts');

      const { showStatus } = await import('./status.ts');
      const { renderCollect } = await import('./render-collect.ts');
      const run = await collect(cli, { ...options, demonstration: true });
      cli.out(renderCollect(collectOutput(run), cli.colours));
      cli.out('');
      await showStatus(cli, { ...options, demonstration: true });
    });
}
